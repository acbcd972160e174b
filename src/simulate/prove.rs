//! Whether everything that happens to a protected environment was agreed to, over all events, parameters and outcomes.
//!
//! Anyone may start any pipeline by hand, so each is looked at by itself, in any of its starts: with nobody ever agreeing, can the
//! job run? That is decided over sets of possible results, in time linear in the number of stages, jobs and conditions. Only where it
//! can, scenarios are tried, at most [`MOST`] for each way, to show the shortest that gets there.

mod cover;
mod notes;
mod possible;
mod search;

use self::possible::Consent;
use super::Goal;
use super::system::{System, changes};
use super::timeline::Timeline;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::Environment;

pub use cover::{Agreed, Asked, Cover};
pub use search::MOST;

#[derive(Debug)]
pub struct Proof {
    pub environment: String,
    pub span: Span,
    /// Jobs that deploy there or change something, all of them.
    pub effects: usize,
    /// None: it holds.
    pub ways: Vec<Way>,
    /// The others, with who agrees.
    pub agreed: Vec<Agreed>,
}

/// A way that nobody agreed to.
#[derive(Debug)]
pub struct Way {
    /// `prod.prod deploys to it`
    pub text: String,
    /// `prod.prod`
    pub stage: String,
    /// `deploys`, or the word of the step that changes something.
    pub verb: &'static str,
    pub span: Span,
    pub why: &'static str,
    /// A scenario that gets there; `None`: none was found, though nothing excludes one.
    pub example: Option<Timeline>,
}

/// Something beside the proof that people want to know.
#[derive(Debug, PartialEq)]
pub struct Note {
    pub text: String,
    pub span: Span,
}

/// The protected environments, or the one that is named.
pub fn prove(system: &System<'_>, environment: Option<Id<Environment>>) -> Vec<Proof> {
    let all = system.project.environments.iter();
    let wanted = all.filter(|(id, it)| environment.map_or(it.protected, |wanted| wanted == *id));
    wanted.map(|(id, _)| one(system, id, &|place, agreed| search::find(system, place, agreed))).collect()
}

/// The same of one environment, without scenarios that show how to get there: linear in the number of stages and jobs.
pub fn covers(system: &System<'_>, environment: Id<Environment>) -> Proof {
    one(system, environment, &|_, _| None)
}

pub fn notes(system: &System<'_>) -> Vec<Note> {
    notes::all(system)
}

const NOBODY: &str = "nobody is asked";
const SILENCE: &str = "silence is enough";
const NO_BRANCH: &str = "its branches are not looked at";

type Search<'s> = &'s dyn Fn(&Goal, bool) -> Option<Timeline>;

fn one(system: &System<'_>, id: Id<Environment>, search: Search<'_>) -> Proof {
    let environment = &system.project.environments[id];
    let mut proof = Proof {
        environment: environment.header.ident.value.clone(),
        span: environment.header.head,
        effects: 0,
        ways: Vec::new(),
        agreed: Vec::new(),
    };
    for (index, pipeline) in system.pipelines.iter().enumerate() {
        let touches = pipeline.stages.iter().any(|stage| {
            stage.jobs.iter().any(|it| it.environment == Some(id)) || changes(stage, id).is_some()
        });
        if !touches {
            continue;
        }
        let silent = possible::of(system, pipeline, Consent::Never);
        let refused = possible::of(system, pipeline, Consent::Refused);
        let asked = possible::of(system, pipeline, Consent::Given);
        let guards = cover::Guards::of(system, index);
        for (number, stage) in pipeline.stages.iter().enumerate() {
            let deploys = stage.jobs.iter().position(|it| it.environment == Some(id));
            let changed = changes(stage, id);
            let Some((job, verb)) = deploys.map(|it| (it, "deploys")).or(changed) else { continue };
            proof.effects += 1;
            let name = format!("{}.{}", system.name(index), stage.plan.name);
            let to =
                if deploys.is_some() { "deploys to it".to_owned() } else { format!("changes it: `{verb}`") };
            let place = Goal { pipeline: index, stage: number, job };
            let (text, span) = (format!("`{name}` {to}"), stage.plan.source);
            let way =
                |why, example| Way { text: text.clone(), stage: name.clone(), verb, span, why, example };
            if silent.runs[number][job] {
                let why = if refused.runs[number][job] { NOBODY } else { SILENCE };
                proof.ways.push(way(why, search(&place, false)));
            } else if deploys.is_none() && !environment.branches.is_empty() && asked.runs[number][job] {
                proof.ways.push(way(NO_BRANCH, search(&place, true)));
            } else {
                let by = guards.cover(&place, asked.runs[number][job]);
                proof.agreed.push(Agreed { text, stage: name, verb, span, by });
            }
        }
    }
    proof
}
