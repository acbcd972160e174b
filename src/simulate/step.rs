//! Steps of a job: how long they take, how they end, what they say of it.

use super::clock::spoken;
use super::engine::{Due, Engine};
use super::eval::At;
use super::gate::{people, time_left};
use super::run::{Course, Spot};
use super::system::{Role, Step};
use super::timeline::{Answered, Asks, Mark};
use super::used::Use;
use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::{Approval, OnTimeout};
use crate::model::steps::Kind;

impl Engine<'_> {
    pub(super) fn start_step(&mut self, spot: Spot, index: usize, step: &Step<'_>) {
        if let Role::Queue = step.role
            && let Some(Kind::Queue(queue)) = step.source.map(|it| &it.kind)
        {
            self.reaches(spot, step);
            return self.start_queue(spot, index, (step, queue));
        }
        self.uses(Use::Course(self.key(spot, index)));
        self.reaches(spot, step);
        self.announce(spot, index, step);
        let course = self.course(spot, index, step);
        self.leg_mut(spot).running = Some((index, course));
        self.at(course.ends - self.now, Due::Step(spot, index));
    }

    /// What is worth a line before it ends.
    fn announce(&mut self, spot: Spot, index: usize, step: &Step<'_>) {
        match step.role {
            Role::Ask(approval) => {
                let declared = &self.system.project.approvals[approval];
                let text = format!("{} must agree, within {}", people(declared), time_left(declared));
                let name = declared.header.ident.value.clone();
                self.say_in(spot.run, spot.stage, Mark::Waits, text, Some(step.plan.source));
                self.waited(spot.run, spot.stage, format!("approval {name}"));
            }
            Role::Wait(seconds) => {
                let text = format!("waits {}, without an agent", spoken(seconds));
                self.say_in(spot.run, spot.stage, Mark::Waits, text, Some(step.plan.source));
                self.waited(spot.run, spot.stage, "time".to_owned());
            }
            Role::Ml => {
                let name = step.source.and_then(|it| it.ident.as_ref()).map_or("the run", |it| &it.value);
                let takes = self.given.durations.get(&self.key(spot, index)).copied();
                let takes = spoken(takes.unwrap_or(self.given.pace.ml));
                let text = match Self::cut_off(step, self.course(spot, index, step)) {
                    Some(_) => format!("`{name}` runs in Azure ML, {takes}: longer than {}", most(step)),
                    None => format!("`{name}` runs in Azure ML, {takes}"),
                };
                self.say_in(spot.run, spot.stage, Mark::Waits, text, Some(step.plan.source));
            }
            Role::Instant | Role::Work | Role::Queue => {}
        }
    }

    /// When and how a step ends that starts now, timeouts included.
    pub(super) fn course(&self, spot: Spot, index: usize, step: &Step<'_>) -> Course {
        let key = self.key(spot, index);
        let said = self.given.results.get(&key).copied();
        let pace = &self.given.pace;
        let (takes, result) = match step.role {
            Role::Ask(approval) => self.asked(approval),
            Role::Instant => (0, Outcome::Succeeded),
            Role::Wait(seconds) => (seconds, Outcome::Succeeded),
            Role::Ml => (pace.ml, Outcome::Succeeded),
            Role::Work | Role::Queue => (pace.step, Outcome::Succeeded),
        };
        let result = if self.refusal(spot, step).is_some() { Outcome::Failed } else { result };
        let takes = self.given.durations.get(&key).copied().unwrap_or(takes);
        let most =
            step.plan.timeout_minutes.filter(|it| *it > 0).map_or(u64::MAX, |it| it.saturating_mul(60));
        if takes > most {
            Course { ends: self.now.saturating_add(most), result: Outcome::Failed, cut: true }
        } else {
            let result = said.unwrap_or(result);
            Course { ends: self.now.saturating_add(takes), result, cut: false }
        }
    }

    /// Why a step fails that its own timeout ends.
    fn cut_off(step: &Step<'_>, course: Course) -> Option<String> {
        course.cut.then(|| format!("it takes longer than {}", most(step)))
    }

    fn asked(&self, approval: Id<Approval>) -> (u64, Outcome) {
        let (after, answer) = self.answer(approval);
        let resumes = self.system.project.approvals[approval].on_timeout == OnTimeout::Resume;
        let agreed = answer.unwrap_or(resumes);
        (after, if agreed { Outcome::Succeeded } else { Outcome::Failed })
    }

    pub(super) fn step_ends(&mut self, spot: Spot, index: usize) {
        let Some((_, course)) = self.leg(spot).running.filter(|it| it.0 == index) else { return };
        let result = course.result;
        let job = self.job(spot.run, spot.stage, spot.job);
        let step = &job.steps[index];
        // What it would have said at its end it has not said.
        let said = if course.cut { Vec::new() } else { self.said_outputs(spot, index, step) };
        let leg = self.leg_mut(spot);
        leg.running = None;
        leg.next = index + 1;
        leg.variables.extend(said);
        match result {
            Outcome::Succeeded | Outcome::SucceededWithIssues => {
                leg.ran.insert(index);
                leg.issues |= result == Outcome::SucceededWithIssues;
            }
            _ if step.plan.continue_on_error => leg.issues = true,
            _ => leg.failed = true,
        }
        if let Role::Ask(approval) = step.role {
            let key = self.key(spot, index);
            let said = self.given.results.get(&key).map(|it| super::run::went_well(*it));
            let agreed = said.or(self.answer(approval).1).filter(|_| !course.cut);
            self.out.answers.push(Answered { asks: Asks::Step(key), agreed });
        }
        let why = self.refusal(spot, step).or_else(|| Self::cut_off(step, course));
        self.mishap_of_step((spot, index), (step, result), why.as_deref());
        self.report(spot, (step, result), why.as_deref());
        self.next_step(spot);
    }

    fn said_outputs(&self, spot: Spot, index: usize, step: &Step<'_>) -> Vec<(String, String)> {
        let key = self.key(spot, index);
        let Some(name) = &step.plan.name else { return Vec::new() };
        let range = (key, String::new())..;
        let said = self.given.outputs.range(range).take_while(|it| it.0.0 == key);
        said.map(|((_, variable), value)| (format!("{name}.{variable}"), value.clone())).collect()
    }

    /// What a step did, for the timeline; a tag becomes one of the run.
    fn report(&mut self, spot: Spot, (step, result): (&Step<'_>, Outcome), why: Option<&str>) {
        let (run, stage) = (spot.run, spot.stage);
        let place = Some(step.plan.source);
        let silent = matches!(step.role, Role::Ask(_));
        match (result, step.source.map(|it| &it.kind)) {
            (Outcome::Failed, _) if silent => {
                let told = if step.role_answer(self) == Some(false) {
                    "rejected"
                } else {
                    "nobody answered in time"
                };
                self.say_in(run, stage, Mark::Fails, told.to_owned(), place);
            }
            (Outcome::Succeeded, _) if silent => {
                let told = if step.role_answer(self).is_some() {
                    "approved"
                } else {
                    "nobody answered in time, so it goes on"
                };
                self.say_in(run, stage, Mark::Succeeds, told.to_owned(), place);
            }
            (Outcome::Failed, _) => {
                let goes_on = if step.plan.continue_on_error { ", which is forgiven" } else { "" };
                let why = why.map(|it| format!(": {it}")).unwrap_or_default();
                let text = format!("`{}` failed{goes_on}{why}", step.plan.title);
                self.say_in(run, stage, Mark::Fails, text, place);
            }
            (Outcome::SucceededWithIssues, _) => {
                self.say_in(
                    run,
                    stage,
                    Mark::Issues,
                    format!("`{}` ended with issues", step.plan.title),
                    place,
                );
            }
            (_, Some(Kind::TagRun(_))) => {
                let tag =
                    step.plan.env.iter().find(|it| it.0 == "TAG").map(|it| self.text(&it.1, At::Step(spot)));
                let tag = tag.unwrap_or_default();
                self.say_in(run, stage, Mark::Does, format!("tags the run `{tag}`"), None);
                self.runs[run].tags.insert(tag);
            }
            (_, Some(kind)) if is_notable(kind) && (is_each(kind) || step.is_last(self, spot)) => {
                self.say_in(run, stage, Mark::Does, step.plan.title.clone(), None);
            }
            _ => {}
        }
    }
}

/// How long a step may take.
fn most(step: &Step<'_>) -> String {
    spoken(step.plan.timeout_minutes.unwrap_or(0).saturating_mul(60))
}

impl Step<'_> {
    fn role_answer(&self, engine: &Engine<'_>) -> Option<bool> {
        match self.role {
            Role::Ask(approval) => engine.answer(approval).1,
            _ => None,
        }
    }

    /// Whether no other action of the same step follows in its job.
    fn is_last(&self, engine: &Engine<'_>, spot: Spot) -> bool {
        let steps = &engine.job(spot.run, spot.stage, spot.job).steps;
        steps
            .iter()
            .rfind(|it| it.plan.source == self.plan.source)
            .is_some_and(|it| std::ptr::eq(it.plan, self.plan))
    }
}

/// Whether each of its planned steps does something of its own.
fn is_each(kind: &Kind) -> bool {
    matches!(kind, Kind::Ensure(_) | Kind::Delete(_))
}

/// What people want to read about.
fn is_notable(kind: &Kind) -> bool {
    let words = [
        "build_image",
        "delete",
        "deploy",
        "deploy_infra",
        "ensure",
        "notify",
        "promote",
        "publish_pipeline",
        "register",
        "rollback",
        "set_traffic",
        "smoke_test",
        "undeploy",
    ];
    words.contains(&kind.word())
}
