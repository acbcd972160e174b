//! Jobs of a stage and the steps in them.

use super::engine::{Due, Engine, Where};
use super::eval::At;
use super::gate::{people, time_left};
use super::run::{Course, Spot, State, together};
use super::system::{Job, Role, Step};
use super::timeline::{Delivery, Mark};
use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::{Approval, OnTimeout};
use crate::model::steps::Kind;
use crate::plan::Pool;

/// So long a cancelled job may go on where it says nothing.
const CANCEL_MINUTES: u64 = 5;

impl<'a> Engine<'a> {
    fn job(&self, run: usize, stage: usize, job: usize) -> &'a Job<'a> {
        let system: &'a super::System<'a> = self.system;
        &system.pipelines[self.runs[run].pipeline].stages[stage].jobs[job]
    }

    /// Starts or skips every job that nothing holds back, and ends the stage where none is left.
    pub(super) fn next_jobs(&mut self, run: usize, stage: usize) {
        if self.runs[run].stages[stage].state != State::Running {
            return;
        }
        let count = self.runs[run].stages[stage].jobs.len();
        while let Some(job) = (0..count).find(|it| self.is_ready(run, stage, *it)) {
            let condition = &self.job(run, stage, job).plan.condition;
            let at = At::Job { run, stage, job };
            if self.eval(condition, at).holds() {
                self.start_job(run, stage, job);
            } else {
                self.skip_job(at, (run, stage, job));
            }
        }
        let over = self.runs[run].stages[stage].jobs.iter().all(|it| it.state.result().is_some());
        if over && self.runs[run].stages[stage].state == State::Running {
            self.stage_is_through(run, stage);
        }
    }

    fn is_ready(&self, run: usize, stage: usize, job: usize) -> bool {
        let jobs = &self.runs[run].stages[stage].jobs;
        let free = self.job(run, stage, job).depends_on.iter().all(|it| jobs[*it].state.result().is_some());
        jobs[job].state == State::Pending && free
    }

    fn skip_job(&mut self, at: At, (run, stage, job): (usize, usize, usize)) {
        let plan = self.job(run, stage, job).plan;
        let single = self.runs[run].stages[stage].jobs.len() == 1;
        let why = self.why_not(&plan.condition, at);
        let text = if single { why } else { format!("job `{}` is skipped: {why}", plan.name) };
        self.say_in(run, stage, Mark::Skips, text, None);
        self.job_ends((run, stage, job), Outcome::Skipped);
    }

    pub(super) fn say_in(
        &mut self,
        run: usize,
        stage: usize,
        mark: Mark,
        text: String,
        place: Option<crate::base::span::Span>,
    ) {
        let name = &self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.name;
        self.tell(Some(Where { run, stage: Some(name) }), mark, text, place);
    }

    fn job_ends(&mut self, (run, stage, job): (usize, usize, usize), result: Outcome) {
        self.runs[run].stages[stage].jobs[job].state = State::Done(result);
        self.out.runs[run].stages[stage].jobs[job].1 = Some(result);
        let prepared = self.job(run, stage, job);
        if let Some(environment) = prepared.environment.filter(|_| result != Outcome::Skipped) {
            self.deliver(Delivery {
                at: self.now,
                run,
                stage: self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.name.clone(),
                environment: self.system.project.environments[environment].header.ident.value.clone(),
                result: Some(result),
            });
        }
    }

    fn start_job(&mut self, run: usize, stage: usize, job: usize) {
        let state = &mut self.runs[run].stages[stage].jobs[job];
        state.state = State::Running;
        state.started = self.now;
        let minutes = self.job(run, stage, job).plan.timeout_minutes;
        for leg in 0..self.runs[run].stages[stage].jobs[job].legs.len() {
            let spot = Spot { run, stage, job, leg };
            self.next_step(spot);
            if minutes > 0 && self.leg(spot).done.is_none() {
                self.at(minutes.saturating_mul(60), Due::JobTimeout(spot));
            }
        }
    }

    fn next_step(&mut self, spot: Spot) {
        let job = self.job(spot.run, spot.stage, spot.job);
        loop {
            let index = self.leg(spot).next;
            let killed = self.leg(spot).killed.is_some_and(|it| it <= self.now);
            let Some(step) = job.steps.get(index).filter(|_| !killed) else { return self.leg_ends(spot) };
            let at = At::Step(spot);
            let runs = step.plan.enabled
                && match &step.plan.condition {
                    Some(condition) => self.eval(condition, at).holds(),
                    None => super::run::went_well(self.leg(spot).status()),
                };
            if runs {
                return self.start_step(spot, index, step);
            }
            self.leg_mut(spot).next += 1;
        }
    }

    pub(super) fn leg_mut(&mut self, spot: Spot) -> &mut super::run::Leg {
        &mut self.runs[spot.run].stages[spot.stage].jobs[spot.job].legs[spot.leg]
    }

    fn start_step(&mut self, spot: Spot, index: usize, step: &Step<'_>) {
        if let Role::Queue = step.role
            && let Some(Kind::Queue(queue)) = step.source.map(|it| &it.kind)
        {
            return self.start_queue(spot, index, (step, queue));
        }
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
                let text = format!("waits {}, without an agent", super::clock::spoken(seconds));
                self.say_in(spot.run, spot.stage, Mark::Waits, text, Some(step.plan.source));
                self.waited(spot.run, spot.stage, "time".to_owned());
            }
            Role::Ml => {
                let takes = self.course(spot, index, step).ends - self.now;
                let name = step.source.and_then(|it| it.ident.as_ref()).map_or("the run", |it| &it.value);
                let text = format!("`{name}` runs in Azure ML, {}", super::clock::spoken(takes));
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
        self.report(spot, step, result);
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
    fn report(&mut self, spot: Spot, step: &Step<'_>, result: Outcome) {
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
                self.say_in(run, stage, Mark::Fails, format!("`{}` failed{goes_on}", step.plan.title), place);
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

    fn leg_ends(&mut self, spot: Spot) {
        let forgives = self.job(spot.run, spot.stage, spot.job).plan.settings.continue_on_error;
        let leg = self.leg_mut(spot);
        if leg.done.is_some() {
            return;
        }
        let status = leg.status();
        leg.done =
            Some(if forgives && status == Outcome::Failed { Outcome::SucceededWithIssues } else { status });
        let legs = &self.runs[spot.run].stages[spot.stage].jobs[spot.job].legs;
        if legs.iter().all(|it| it.done.is_some()) {
            let result = together(legs.iter().filter_map(|it| it.done));
            self.job_ends((spot.run, spot.stage, spot.job), result);
            self.next_jobs(spot.run, spot.stage);
        }
    }

    pub(super) fn job_takes_too_long(&mut self, spot: Spot) {
        if self.leg(spot).done.is_some() || self.leg(spot).stopped {
            return;
        }
        let plan = self.job(spot.run, spot.stage, spot.job).plan;
        let text =
            format!("job `{}` is cancelled: it takes longer than {}m", plan.name, plan.timeout_minutes);
        self.say_in(spot.run, spot.stage, Mark::Cancels, text, Some(plan.source));
        self.stop(spot);
    }

    /// An agent asks the condition of the step that runs again, and lets it go on where that holds; until the job's
    /// `cancel_timeout` is over.
    fn stop(&mut self, spot: Spot) {
        let job = self.job(spot.run, spot.stage, spot.job);
        let running = self.leg(spot).running;
        self.leg_mut(spot).stopped = true;
        if !matches!(job.plan.pool, Pool::Server) {
            let minutes = job.plan.settings.cancel_timeout_minutes.unwrap_or(CANCEL_MINUTES);
            let after = minutes.saturating_mul(60);
            self.leg_mut(spot).killed = Some(self.now.saturating_add(after));
            self.at(after, Due::Kill(spot));
            let condition = running.and_then(|it| job.steps[it.0].plan.condition.as_ref());
            if condition.is_some_and(|it| self.eval(it, At::Step(spot)).holds()) {
                return;
            }
        }
        self.leave_step(spot);
        self.next_step(spot);
    }

    /// The step that runs does not come to its end.
    fn leave_step(&mut self, spot: Spot) {
        let leg = self.leg_mut(spot);
        leg.waits.clear();
        if let Some((index, _)) = leg.running.take() {
            leg.next = index + 1;
        }
    }

    pub(super) fn kill(&mut self, spot: Spot) {
        let Some((index, course)) = self.leg(spot).running.filter(|_| self.leg(spot).done.is_none()) else {
            return;
        };
        // What ends in this second has ended.
        if course.ends == self.now {
            return;
        }
        let job = self.job(spot.run, spot.stage, spot.job);
        let minutes = job.plan.settings.cancel_timeout_minutes.unwrap_or(CANCEL_MINUTES);
        let title = &job.steps[index].plan.title;
        let text = format!("`{title}` is cut off: {minutes}m after a cancellation its agent is stopped");
        self.say_in(spot.run, spot.stage, Mark::Cancels, text, Some(job.plan.source));
        self.leave_step(spot);
        self.next_step(spot);
    }

    /// The run is cancelled: what runs ends, what asks for that still comes.
    pub(super) fn stop_jobs(&mut self, run: usize, stage: usize) {
        let jobs = self.runs[run].stages[stage].jobs.iter().enumerate();
        // Those that start because of it go on.
        let running: Vec<usize> = jobs.filter(|it| it.1.state == State::Running).map(|it| it.0).collect();
        for job in running {
            for leg in 0..self.runs[run].stages[stage].jobs[job].legs.len() {
                let spot = Spot { run, stage, job, leg };
                if self.leg(spot).done.is_none() {
                    self.stop(spot);
                }
            }
        }
        self.next_jobs(run, stage);
    }
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
