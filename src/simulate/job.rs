//! Jobs of a stage and the steps in them.

use super::engine::{Due, Engine, Where};
use super::eval::At;
use super::run::{Spot, State, together};
use super::system::Job;
use super::timeline::{Delivery, Mark};
use crate::model::expr::Outcome;
use crate::plan::Pool;

impl<'a> Engine<'a> {
    pub(super) fn job(&self, run: usize, stage: usize, job: usize) -> &'a Job<'a> {
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

    pub(super) fn next_step(&mut self, spot: Spot) {
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
        let of_job = self.key(spot, 0)..=self.key(spot, usize::MAX);
        if self.given.durations.range(of_job).next().is_none() {
            self.mishap(spot.run, spot.stage, text.clone());
        }
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
            let minutes = job.plan.settings.cancel_minutes();
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
        let minutes = job.plan.settings.cancel_minutes();
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
