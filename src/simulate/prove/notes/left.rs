//! What costs money as long as it is there, and stays when something goes wrong between the step that makes it and the one that
//! takes it away, be that in another pipeline.

use super::Note;
use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::{Compute, Environment, Service, TargetPlace, TriggerKind};
use crate::model::steps::Kind;
use crate::model::steps::undeploy::Undeployed;
use crate::schema::Kind as Declared;
use crate::simulate::given::{Answer, Given, StepKey, Verdict};
use crate::simulate::prove::cover::{Cover, Guards};
use crate::simulate::prove::possible::{self, Consent};
use crate::simulate::system::{Role, Step, System};
use crate::simulate::timeline::Timeline;
use crate::simulate::used::Use;
use crate::simulate::{Event, Goal, Scenario, occasions, run};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Running {
    /// By index; its nodes never go away by themselves.
    Compute(usize),
    /// A service in container instances.
    Service(Id<Service>, Id<Environment>),
}

/// Computes and container instances that a pipeline makes and that it or others take away: is there an end in which they stay?
pub(super) fn running(system: &System<'_>, index: usize, found: &mut Vec<Note>) {
    for (what, makes) in uses(system, index, true) {
        let all = (0..system.pipelines.len()).flat_map(|it| uses(system, it, false));
        let deletes: Vec<StepKey> = all.filter(|it| it.0 == what).map(|it| it.1).collect();
        let comes = |it: &StepKey| {
            it.pipeline != index && strikes(system, (it.pipeline, index), true, &mut BTreeSet::new())
        };
        let Some(first) = deletes.iter().find(|it| it.pipeline == index).or(deletes.first()).copied() else {
            continue;
        };
        if deletes.iter().any(|it| comes(it) && consent(system, *it).asked.is_empty()) {
            continue;
        }
        let left = Left { system, makes, deletes, first };
        let Some(how) = left.stays() else { continue };
        let text = format!("{} {how}", spoken(system, what));
        let span = system.pipelines[first.pipeline].stages[first.stage].jobs[first.job].steps[first.step]
            .plan
            .source;
        let note = Note { text, span };
        if !found.contains(&note) {
            found.push(note);
        }
    }
}

/// Whether the clock starts a pipeline, without the other one; `anyway`: though nothing has changed.
fn strikes(
    system: &System<'_>,
    (pipeline, without): (usize, usize),
    anyway: bool,
    seen: &mut BTreeSet<usize>,
) -> bool {
    if pipeline == without || !seen.insert(pipeline) {
        return false;
    }
    system.pipelines[pipeline].source.active_triggers().any(|it| match &it.kind {
        TriggerKind::Schedule(it) => !anyway || it.always == Some(true),
        TriggerKind::After { pipeline, .. } => {
            strikes(system, (system.index_of(pipeline.value), without), anyway, seen)
        }
        _ => false,
    })
}

/// `api` keeps running in `dev`
fn spoken(system: &System<'_>, what: Running) -> String {
    match what {
        Running::Compute(it) => {
            let declared = &system.project.computes[Id::<Compute>::new(it)];
            let name = &declared.header.ident.value;
            let least = declared.nodes.0;
            format!(
                "`{name}` keeps running, with {least} node{} at least,",
                if least == 1 { "" } else { "s" }
            )
        }
        Running::Service(service, environment) => {
            let service = &system.project.services[service].header.ident.value;
            let environment = &system.project.environments[environment].header.ident.value;
            format!("`{service}` keeps running in `{environment}`")
        }
    }
}

/// Who must agree before a step is reached.
fn consent(system: &System<'_>, key: StepKey) -> Cover {
    let StepKey { pipeline, stage, job, .. } = key;
    if possible::of(system, &system.pipelines[pipeline], Consent::Refused).runs[stage][job] {
        return Cover::default();
    }
    Guards::of(system, pipeline).cover(&Goal { pipeline, stage, job }, true)
}

/// `a push starts`: the first trigger of a pipeline, but for the clock.
fn starts(system: &System<'_>, pipeline: usize) -> String {
    let mut triggers = system.pipelines[pipeline].source.active_triggers();
    let others = triggers.find_map(|it| match &it.kind {
        TriggerKind::Push { .. } => Some("a push starts".to_owned()),
        TriggerKind::PullRequest(_) => Some("a pull request starts".to_owned()),
        TriggerKind::Image(_) => Some("an image starts".to_owned()),
        TriggerKind::Webhook(_) => Some("a message starts".to_owned()),
        TriggerKind::After { pipeline, .. } => {
            let before = system.index_of(pipeline.value);
            Some(format!("the end of `{}` starts", system.name(before)))
        }
        TriggerKind::Manual | TriggerKind::Schedule(_) => None,
    });
    others.unwrap_or_else(|| "somebody starts".to_owned())
}

/// Something that goes otherwise.
struct End {
    given: Given,
    how: String,
    /// Pipeline and stage in which it does.
    stage: Option<(usize, usize)>,
}

struct Left<'s, 'a> {
    system: &'s System<'a>,
    makes: StepKey,
    deletes: Vec<StepKey>,
    /// The one that people are told of.
    first: StepKey,
}

impl Left<'_, '_> {
    /// Who makes it takes it away too.
    fn is_own(&self) -> bool {
        self.first.pipeline == self.makes.pipeline
    }

    fn stays(&self) -> Option<String> {
        let tried = self.occasions().into_iter().map(|event| {
            let timeline = run(self.system, &Scenario::of(event.clone()));
            (event, timeline)
        });
        let made: Vec<(Event, Timeline)> = tried.filter(|it| self.is_made(&it.1)).collect();
        let Some((event, well)) = made.iter().find(|it| self.is_deleted(&it.1)) else {
            return self.waits_for_another(&made);
        };
        let keeper = self.system.name(self.first.pipeline);
        let (end, timeline) = self.ends(well).into_iter().find_map(|end| {
            let timeline =
                run(self.system, &Scenario { given: end.given.clone(), ..Scenario::of(event.clone()) });
            (self.is_made(&timeline) && !self.is_deleted(&timeline)).then_some((end, timeline))
        })?;
        let how = end.how;
        if self.is_own() {
            return Some(format!("when {how}"));
        }
        let starts = timeline.runs.iter().any(|it| it.index == self.first.pipeline);
        let made = &self.system.pipelines[self.makes.pipeline].stages[self.makes.stage].plan.name;
        let after = if end.stage == Some((self.makes.pipeline, self.makes.stage)) {
            format!("when {how}")
        } else {
            format!("when {how} after `{}.{made}`", self.system.name(self.makes.pipeline))
        };
        let then = if starts { "does not come so far" } else { "does not start" };
        Some(format!("{after}: `{keeper}`, which takes it away, {then} then"))
    }

    /// Nothing that follows from making it takes it away: what else has to happen.
    fn waits_for_another(&self, made: &[(Event, Timeline)]) -> Option<String> {
        let keeper = self.first.pipeline;
        let comes = made.iter().any(|it| it.1.runs.iter().any(|it| it.index == keeper && !it.assumed));
        if made.is_empty() || self.is_own() || comes {
            return None;
        }
        let name = self.system.name(keeper);
        let asked = consent(self.system, self.first);
        let changed =
            |anyway| strikes(self.system, (keeper, self.makes.pipeline), anyway, &mut BTreeSet::new());
        if changed(true) {
            return Some(format!("when nobody agrees: `{name}` takes it away, {}", asked.spoken()));
        }
        if changed(false) {
            return Some(format!(
                "while nothing changes: `{name}` takes it away, and its schedule starts it only after a change; `always = true` starts it anyway"
            ));
        }
        let by_hand = |pipeline: usize| {
            let mut triggers = self.system.pipelines[pipeline].source.active_triggers();
            triggers.all(|it| matches!(it.kind, TriggerKind::Manual))
        };
        // What people make they take away as well.
        if by_hand(self.makes.pipeline) && by_hand(keeper) {
            return None;
        }
        let starts = starts(self.system, keeper);
        let agreed = if asked.asked.is_empty() { String::new() } else { format!(", {}", asked.spoken()) };
        Some(format!("until {starts} `{name}`, which takes it away{agreed}"))
    }

    /// By hand, and then by each trigger.
    fn occasions(&self) -> Vec<Event> {
        let pipeline = &self.system.pipelines[self.makes.pipeline];
        let by_hand = occasions::by_hand(pipeline.plan, occasions::given(pipeline.plan));
        let triggers = pipeline.source.active_triggers().flat_map(|it| occasions::matching(&it.kind));
        std::iter::once(by_hand).chain(triggers).collect()
    }

    /// What may go otherwise, in the pipelines that ran: those that are nearest come first.
    fn ends(&self, well: &Timeline) -> Vec<End> {
        let mut ends = Vec::new();
        for (verdict, said) in [(Verdict::Reject, "is rejected"), (Verdict::Silent, "is not answered")] {
            for (id, approval) in self.system.project.approvals.iter() {
                let mut given = Given::default();
                given.answers.insert(id.index(), Answer { verdict, after: None });
                let how = format!("`{}` {said}", approval.header.ident.value);
                ends.push(End { given, how, stage: None });
            }
        }
        let mut seen = BTreeSet::new();
        for pipeline in well.runs.iter().filter(|it| !it.assumed).map(|it| it.index) {
            if seen.insert(pipeline) {
                self.failures(pipeline, &mut ends);
            }
        }
        ends
    }

    /// Each job fails at the last step that may, behind the one that makes it and before the one that deletes it.
    fn failures(&self, pipeline: usize, ends: &mut Vec<End>) {
        for (stage, of) in self.system.pipelines[pipeline].stages.iter().enumerate() {
            for (job, it) in of.jobs.iter().enumerate() {
                let key = |step: usize| StepKey { pipeline, stage, job, step };
                let from = (0..it.steps.len()).position(|it| key(it) == self.makes).map_or(0, |it| it + 1);
                let all = from..it.steps.len();
                let to = all.clone().find(|it| self.deletes.contains(&key(*it))).unwrap_or(all.end);
                let works = |it: &Step<'_>| !matches!(it.role, Role::Instant | Role::Ask(_) | Role::Wait(_));
                let Some(step) = (from..to).rfind(|at| works(&it.steps[*at])) else { continue };
                let mut given = Given::default();
                given.results.insert(key(step), Outcome::Failed);
                let of_stage = &of.plan.name;
                let name = if self.is_own() { "" } else { &format!("{}.", self.system.name(pipeline)) };
                let is_alone = of.jobs.len() == 1 && from == 0 && to == it.steps.len();
                let title = &it.steps[step].plan.title;
                let at = if is_alone { String::new() } else { format!(" at `{title}`") };
                let how = format!("`{name}{of_stage}` fails{at}");
                ends.push(End { given, how, stage: Some((pipeline, stage)) });
            }
        }
    }

    fn is_made(&self, timeline: &Timeline) -> bool {
        ran(timeline, self.makes)
    }

    fn is_deleted(&self, timeline: &Timeline) -> bool {
        self.deletes.iter().any(|it| ran(timeline, *it))
    }
}

fn ran(timeline: &Timeline, key: StepKey) -> bool {
    timeline.used.contains(&Use::Course(key))
}

/// What steps make, or take away.
fn uses(system: &System<'_>, pipeline: usize, makes: bool) -> Vec<(Running, StepKey)> {
    let mut found = Vec::new();
    for (stage, of) in system.pipelines[pipeline].stages.iter().enumerate() {
        for (job, of_job) in of.jobs.iter().enumerate() {
            for (step, it) in of_job.steps.iter().enumerate() {
                let Some(source) = it.source else { continue };
                let key = StepKey { pipeline, stage, job, step };
                let place = of.source.and_then(|it| it.environment.as_ref().or(it.context.as_ref()));
                let all = costing(system, (&source.kind, makes), place.map(|it| it.value));
                found.extend(all.into_iter().map(|it| (it, key)));
            }
        }
    }
    found
}

fn costing(
    system: &System<'_>,
    (kind, makes): (&Kind, bool),
    place: Option<Id<Environment>>,
) -> Vec<Running> {
    let what = match kind {
        Kind::Ensure(it) if makes => &it.what,
        Kind::Delete(it) if !makes => &it.what,
        Kind::Deploy(it) if makes => {
            return it.service().and_then(|it| in_aci(system, it, place)).into_iter().collect();
        }
        Kind::Undeploy(it) if !makes => {
            let Undeployed::Service(service) = it.what else { return Vec::new() };
            return in_aci(system, service, place).into_iter().collect();
        }
        _ => return Vec::new(),
    };
    let computes = what.iter().filter(|it| it.kind == Declared::Compute);
    let always_on = computes.filter(|it| system.project.computes[Id::<Compute>::new(it.index)].nodes.0 > 0);
    always_on.map(|it| Running::Compute(it.index)).collect()
}

fn in_aci(system: &System<'_>, service: Id<Service>, place: Option<Id<Environment>>) -> Option<Running> {
    let target = system.project.environments[place?].target.as_ref();
    matches!(target, Some(TargetPlace::Aci { .. })).then_some(Running::Service(service, place?))
}
