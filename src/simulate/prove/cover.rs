//! Which approval covers a way: the one without which the job cannot run, though all others are granted.

use super::possible::{self, Consent, Possible};
use crate::base::span::Span;
use crate::simulate::Goal;
use crate::simulate::filter::joined;
use crate::simulate::system::{Gate, Role, Stage, System};

/// A way that is agreed to.
#[derive(Debug)]
pub struct Agreed {
    /// `prod.prod deploys to it`
    pub text: String,
    /// `prod.prod`
    pub stage: String,
    /// `deploys`, or the word of the step that changes something.
    pub verb: &'static str,
    pub span: Span,
    pub by: Cover,
}

#[derive(Debug, Default)]
pub struct Cover {
    /// None: the way cannot be gone at all.
    pub asked: Vec<Asked>,
    /// One of them is enough; else all must agree.
    pub any_of: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The identifier of the approval.
    pub approval: String,
    /// `release.qa`
    pub stage: String,
}

impl Cover {
    /// For people: who agrees, and where.
    pub fn spoken(&self) -> String {
        if self.asked.is_empty() {
            return "which no outcome leads to".to_owned();
        }
        let each: Vec<String> =
            self.asked.iter().map(|it| format!("`{}` at `{}`", it.approval, it.stage)).collect();
        let one_of = if self.any_of { "one of " } else { "" };
        format!("agreed to by {one_of}{}", joined(&each))
    }
}

/// The stages of a pipeline that ask, each with what is possible if people refuse there.
pub(super) struct Guards {
    stages: Vec<(usize, Vec<Asked>, Possible)>,
}

impl Guards {
    pub fn of(system: &System<'_>, index: usize) -> Guards {
        let pipeline = &system.pipelines[index];
        let stages = pipeline.stages.iter().enumerate().filter_map(|(number, stage)| {
            let asked = asked(system, system.name(index), stage);
            let refused = || possible::of(system, pipeline, Consent::NotIn(number));
            (!asked.is_empty()).then(|| (number, asked, refused()))
        });
        Guards { stages: stages.collect() }
    }

    /// `reached`: whether the job can run when all agree.
    pub fn cover(&self, place: &Goal, reached: bool) -> Cover {
        if !reached {
            return Cover::default();
        }
        let needed = self.stages.iter().filter(|it| !it.2.runs[place.stage][place.job]);
        let asked: Vec<Asked> = needed.flat_map(|it| it.1.clone()).collect();
        if asked.is_empty() {
            let before = self.stages.iter().filter(|it| it.0 <= place.stage);
            return Cover { asked: before.flat_map(|it| it.1.clone()).collect(), any_of: true };
        }
        Cover { asked, any_of: false }
    }
}

/// Who is asked at a stage or in it.
fn asked(system: &System<'_>, pipeline: &str, stage: &Stage<'_>) -> Vec<Asked> {
    let gates = stage.gates.iter().filter_map(|it| match it {
        Gate::Approval(_, approval) => Some(*approval),
        _ => None,
    });
    let steps = stage.jobs.iter().flat_map(|it| &it.steps).filter_map(|it| match it.role {
        Role::Ask(approval) => Some(approval),
        _ => None,
    });
    let name = format!("{pipeline}.{}", stage.plan.name);
    let mut found: Vec<Asked> = Vec::new();
    for approval in gates.chain(steps) {
        let approval = system.project.approvals[approval].header.ident.value.clone();
        let one = Asked { approval, stage: name.clone() };
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
