//! The parts of a job as jobs: agent, server, agent, each after the one before.

use super::context::Context;
use super::copies;
use super::errors;
use super::exclusive;
use super::gate::{self, MARGIN, minutes};
use super::handler;
use super::include;
use super::layout::Layout;
use super::parts::Part as JobPart;
use super::read::{At, Reading, Spot};
use super::term::{Function, Producer, Reader, Term};
use super::vault;
use super::{Job, Part, Pool, Step, StepBody, Value, Variable};
use crate::base::arena::Id;
use crate::model::data::Record;
use crate::model::expr::{Expr, ExprKind, Status};
use crate::model::project::{self, PoolKind, Project, Timeout};
use crate::model::steps::action::{Action, ActionBody, Files, Place, Script};
use indexmap::IndexSet;

/// One job of the source.
pub struct Parted<'a> {
    pub reading: &'a Reading<'a>,
    pub stage: usize,
    pub job: usize,
    pub source: &'a project::Job,
    pub context: Context,
    /// Jobs of the same stage it waits for.
    pub needs: &'a [usize],
    /// What of the stage's condition only jobs can decide.
    pub moved: &'a [&'a Expr],
}

/// Where Azure Pipelines puts a job's only repository.
const SOURCES: &str = "Build.SourcesDirectory";

/// The variable that says whether the parts of a job before this one went well.
const BEFORE: &str = "parts_before_succeeded";

/// What a job runs for where nothing is said, in minutes.
const HOUR: u64 = 60;

pub fn jobs(parted: &Parted<'_>) -> Vec<Job> {
    let server = parted.parts().iter().find(|it| it.place == Place::Server).and_then(|it| it.actions.first());
    if let (true, Some((step, _))) = (parted.source.continue_on_error && parted.parts().len() > 1, server) {
        let finding = errors::tolerated_split(parted.source.head, parted.source.steps[*step].head);
        parted.reading.findings.borrow_mut().push(finding);
    }
    (0..parted.parts().len()).map(|part| parted.part(part)).collect()
}

impl<'a> Parted<'a> {
    pub(super) fn parts(&self) -> &'a [JobPart] {
        &self.reading.parts[self.stage][self.job]
    }

    fn part(&self, number: usize) -> Job {
        let part = &self.parts()[number];
        let mut at = At::new(*self.reading, self.stage, Spot::JobCondition { job: self.job, part: number });
        let (condition, in_any_case) = self.condition(number, &mut at);
        if in_any_case {
            self.look_before(number, &mut at);
        }
        let preparation = self.preparation(part);
        let prepared = preparation.len();
        let mut steps = Vec::with_capacity(prepared + part.actions.len());
        steps.extend(preparation);
        let layout = Layout::of(self, part);
        for (index, (step, action)) in part.actions.iter().enumerate() {
            self.check_checkout(part, *step, action, &layout);
            at.spot = Spot::Step { job: self.job, part: number, step: *step };
            let name = part.names[index].clone();
            steps.push(self.step(*step, action, name, &layout, &mut at));
        }
        if part.place == Place::Agent {
            let fetched = vault::steps(self.reading.project, &at, self.source.head);
            steps.splice(prepared..prepared, fetched);
        }
        let depends_on = self.depends_on(number, &at);
        let environment = self.context.environment.filter(|_| part.deployment);
        Job {
            name: part.name.clone(),
            title: self.title(part),
            pool: self.pool(part),
            environment: environment
                .map(|id| self.reading.project.environments[id].header.name.value.clone()),
            depends_on,
            condition,
            timeout_minutes: self.timeout(part),
            settings: copies::settings(self.reading.project, &self.context, self.source, part),
            variables: at.carried,
            steps,
            source: self.source.head,
        }
    }

    /// A step finds only what its job checks out.
    fn check_checkout(&self, part: &JobPart, step: usize, action: &Action, layout: &Layout) {
        for files in &action.reads {
            if !layout.holds(*files) {
                let project = self.reading.project;
                let name = match files {
                    Files::Repository(id) => project.repositories[*id].header.ident.value.as_str(),
                    Files::Project => "self",
                };
                let checkout = part.actions.iter().find(|(_, it)| is_checkout(&it.body));
                let checkout = checkout.map(|(index, _)| self.source.steps[*index].head);
                let span = self.source.steps[step].head;
                self.reading.findings.borrow_mut().push(errors::missing_checkout(span, name, checkout));
            }
        }
    }

    fn title(&self, part: &JobPart) -> String {
        if part.place == Place::Server
            && let [(_, only)] = part.actions.as_slice()
        {
            return only.title.clone();
        }
        let stage = &self.reading.pipeline.stages[self.stage];
        let own = self.source.title.clone().or_else(|| stage.title.clone().filter(|_| self.source.implicit));
        own.unwrap_or_else(|| self.source.ident.value.clone())
    }

    fn pool(&self, part: &JobPart) -> Pool {
        match (part.place, self.context.pool) {
            (Place::Server, _) => Pool::Server,
            (Place::Agent, Some(pool)) if is_server(self.reading.project, pool) => Pool::Server,
            (Place::Agent, Some(pool)) => Pool::Agents(copies::pool(self.source).unwrap_or(pool)),
            (Place::Agent, None) => copies::pool(self.source).map_or(Pool::Default, Pool::Agents),
        }
    }

    fn depends_on(&self, number: usize, at: &At<'_>) -> Vec<String> {
        let mut names: IndexSet<String> = IndexSet::new();
        match number.checked_sub(1) {
            Some(before) => {
                names.insert(self.parts()[before].name.clone());
                // Its success would hide that a part before it failed.
                if (1..number).any(|it| self.runs_in_any_case(it)) {
                    names.extend(self.parts()[..before].iter().map(|it| it.name.clone()));
                }
            }
            None => {
                let parts = self.needs.iter().flat_map(|job| &self.reading.parts[self.stage][*job]);
                names.extend(parts.map(|it| it.name.clone()));
            }
        }
        names.extend(at.reads_jobs.iter().cloned());
        names.shift_remove(&self.parts()[number].name);
        names.into_iter().collect()
    }

    /// The part's condition, and whether its steps must look at the parts before themselves: then some of them want to
    /// run although one of those failed. None does if the job was never to run.
    fn condition(&self, number: usize, at: &mut At<'_>) -> (Term, bool) {
        if !self.source.enabled {
            return (Term::Bool(false), false);
        }
        if let (0, Some(handler)) = (number, &self.source.handler) {
            return (self.gone_wrong(handler, at), false);
        }
        if number == 0 {
            let own = self.source.when.as_ref();
            let mut condition = match own {
                Some(when) if when.has_status() => at.condition(when),
                Some(when) => Term::succeeded().and(at.condition(when)),
                None => Term::succeeded(),
            };
            for moved in self.moved {
                condition = condition.and(at.condition(moved));
            }
            return (condition, false);
        }
        if !self.runs_in_any_case(number) {
            return (Term::succeeded(), false);
        }
        let skipped = [self.result(0), Term::Text("Skipped".into())];
        (Term::call(Function::Always, []).and(Term::call(Function::NotEqual, skipped)), true)
    }

    /// One of its steps wants to run whatever happened before; but never without the consent that was asked for.
    fn runs_in_any_case(&self, number: usize) -> bool {
        let asks = self.parts()[..number].iter().any(handler::asks);
        let mut steps = self.parts()[number].actions.iter().map(|(step, _)| &self.source.steps[*step]);
        number > 0 && !asks && steps.any(insists)
    }

    /// Lets the steps of a part see whether the parts before it went well.
    fn look_before(&self, number: usize, at: &mut At<'_>) {
        let well = (0..number).map(|before| {
            let words = ["Succeeded", "SucceededWithIssues"].map(|it| Term::Text(it.into()));
            let [succeeded, with_issues] = words;
            Term::call(Function::In, [self.result(before), succeeded, with_issues])
        });
        let all = well.fold(Term::Bool(true), Term::and);
        at.carried.push(Variable::Runtime(BEFORE.into(), all));
        at.before = Some(Term::Variable(BEFORE.into()).is_true());
        at.reads_jobs.extend(self.parts()[..number].iter().map(|it| it.name.clone()));
    }

    fn result(&self, part: usize) -> Term {
        let job = Some(self.parts()[part].name.clone());
        Term::Result(Producer { reader: Reader::Job, stage: None, job })
    }

    /// Minutes: what is said, else an hour or what the steps need, whichever is longer.
    fn timeout(&self, part: &JobPart) -> u64 {
        let longest = exclusive::longest(
            part.actions
                .iter()
                .map(|(step, action)| (self.source.steps[*step].when.as_ref(), self.longest(*step, action))),
        );
        if part.place == Place::Server && longest > 0 {
            return minutes(longest) + MARGIN;
        }
        match self.context.timeout {
            Some(Timeout::Max) => 0,
            Some(Timeout::Seconds(seconds)) => minutes(seconds).max(bounded(longest)),
            None => HOUR.max(bounded(longest)),
        }
    }

    fn longest(&self, step: usize, action: &Action) -> u64 {
        let said = self.said(step, action);
        match &action.body {
            ActionBody::Wait { seconds } => *seconds,
            ActionBody::Approve { approval } => self.reading.project.approvals[*approval].timeout_seconds,
            _ => action.longest.or(said).unwrap_or(0),
        }
    }

    /// In seconds.
    fn step_timeout(&self, step: usize, action: &Action) -> Option<u64> {
        match (&action.body, action.place) {
            // A task that may take no longer than it waits could end in either way; its job has more time.
            (ActionBody::Wait { .. }, _) => None,
            (_, Place::Server) => Some(self.longest(step, action)).filter(|it| *it > 0),
            // A script that ends itself in time says more than the task that would be ended above it.
            (_, Place::Agent) => self.said(step, action).filter(|_| action.longest.is_none()),
        }
    }

    /// The step's own timeout, in seconds. Where a part of the step waits without an agent, it is that part's.
    fn said(&self, step: usize, action: &Action) -> Option<u64> {
        let waits =
            |part: &JobPart| part.place == Place::Server && part.actions.iter().any(|it| it.0 == step);
        let elsewhere = action.place == Place::Agent && self.parts().iter().any(waits);
        self.source.steps[step].timeout.as_ref().map(|it| it.value).filter(|_| !elsewhere)
    }

    /// What comes before the steps: no silent download, and the checkouts that nobody wrote.
    fn preparation(&self, part: &JobPart) -> Vec<Step> {
        let mut steps = Vec::new();
        if part.place == Place::Server {
            return steps;
        }
        if part.deployment {
            steps.push(self.bare("Download nothing", StepBody::NoDownload));
        }
        if part.actions.iter().any(|(_, it)| is_checkout(&it.body)) {
            return steps;
        }
        let layout = Layout::of(self, part);
        for place in &layout.repositories {
            let title = format!("Check out {}", place.alias);
            let body = StepBody::Checkout {
                repository: place.alias.clone(),
                path: layout.checkout_path(place),
                depth: 1,
                submodules: false,
                lfs: false,
                clean: false,
            };
            steps.push(self.bare(&title, body));
        }
        if layout.repositories.is_empty() {
            steps.push(self.bare("Check out nothing", StepBody::NoCheckout));
        }
        steps
    }

    fn bare(&self, title: &str, body: StepBody) -> Step {
        Step {
            name: None,
            title: title.to_owned(),
            body,
            condition: None,
            env: Vec::new(),
            timeout_minutes: None,
            retries: 0,
            continue_on_error: false,
            enabled: true,
            working_directory: None,
            extra: Record::new(),
            source: self.source.head,
        }
    }

    fn step(
        &self,
        index: usize,
        action: &Action,
        name: Option<String>,
        layout: &Layout,
        at: &mut At<'_>,
    ) -> Step {
        let source = &self.source.steps[index];
        let body = self.body(action, layout, at);
        let script =
            matches!(body, StepBody::Script { .. } | StepBody::AzureCli { .. } | StepBody::Task { .. });
        Step {
            name,
            title: action.title.clone(),
            condition: step_condition(source, action, at),
            env: if script && action.place == Place::Agent {
                self.env(source, action, at)
            } else {
                Vec::new()
            },
            timeout_minutes: self.step_timeout(index, action).map(minutes),
            // A task without an agent is never tried again.
            retries: if action.place == Place::Agent { source.retries } else { 0 },
            continue_on_error: source.continue_on_error,
            enabled: source.enabled,
            working_directory: Self::working_directory(source, action, layout, at),
            extra: source.extra.clone(),
            source: source.head,
            body,
        }
    }

    /// Inherited variables, then the step's own, then what the compiler's script needs.
    fn env(&self, source: &project::Step, action: &Action, at: &mut At<'_>) -> Vec<(String, Value)> {
        let mut env = self.context.env.clone();
        env.extend(source.env.iter().map(|(name, value)| (name.clone(), value.clone())));
        env.extend(action.env.iter().cloned());
        env.iter().map(|(name, value)| (name.clone(), at.value(value))).collect()
    }

    fn working_directory(
        source: &project::Step,
        action: &Action,
        layout: &Layout,
        at: &mut At<'_>,
    ) -> Option<Value> {
        if let Some(written) = &source.working_directory {
            return Some(at.value(written));
        }
        let first = action.reads.first()?;
        layout
            .folder(*first)
            .map(|below| vec![Part::Variable(SOURCES.into()), Part::Literal(format!("/{below}"))])
    }

    fn body(&self, action: &Action, layout: &Layout, at: &mut At<'_>) -> StepBody {
        match &action.body {
            ActionBody::Script(script) => self.script(script),
            ActionBody::Task { name, inputs } => StepBody::Task {
                name: name.clone(),
                inputs: inputs.iter().map(|(name, value)| (name.clone(), at.value(value))).collect(),
            },
            ActionBody::Checkout { repository, depth, submodules, lfs, clean } => {
                let place = Layout::place(self.reading.project, *repository);
                StepBody::Checkout {
                    path: layout.checkout_path(&place),
                    repository: place.alias,
                    depth: *depth,
                    submodules: *submodules,
                    lfs: *lfs,
                    clean: *clean,
                }
            }
            ActionBody::NoCheckout => StepBody::NoCheckout,
            ActionBody::Include(include) => StepBody::Include(include::inside(include, at)),
            ActionBody::Publish { artifact, path } => {
                StepBody::Publish { artifact: artifact.clone(), path: at.value(path) }
            }
            ActionBody::Download { artifact, source, path } => StepBody::Download {
                source: source.clone(),
                artifact: artifact.clone(),
                path: path.as_ref().map(|it| at.value(it)),
            },
            ActionBody::Approve { approval } => {
                let approval = &self.reading.project.approvals[*approval];
                StepBody::Task { name: "ManualValidation@1".into(), inputs: gate::inputs(approval, at) }
            }
            ActionBody::Wait { seconds } => {
                StepBody::Task { name: "Delay@1".into(), inputs: gate::delay(*seconds) }
            }
        }
    }

    fn script(&self, script: &Script) -> StepBody {
        let source = script.source.clone();
        match script.connection {
            None => StepBody::Script { source, shell: script.shell },
            Some(id) => StepBody::AzureCli {
                connection: self.reading.project.connections[id].header.name.value.clone(),
                source,
                shell: script.shell,
                keep_session: script.long,
            },
        }
    }
}

fn is_server(project: &Project, pool: Id<project::Pool>) -> bool {
    matches!(project.pools[pool].kind, PoolKind::Server)
}

/// A quarter of an hour more than the steps may take; nothing where they are not bounded.
fn bounded(seconds: u64) -> u64 {
    if seconds == 0 { 0 } else { minutes(seconds) + 15 }
}

fn is_checkout(body: &ActionBody) -> bool {
    matches!(body, ActionBody::Checkout { .. } | ActionBody::NoCheckout)
}

/// Whether the step wants to run although something before it failed.
fn insists(step: &project::Step) -> bool {
    let mut found = step.handler.is_some();
    if let Some(when) = &step.when {
        when.walk(&mut |it| {
            found |= matches!(it.kind, ExprKind::Status(status, _) if status != Status::Succeeded);
        });
    }
    found
}

fn step_condition(source: &project::Step, action: &Action, at: &mut At<'_>) -> Option<Term> {
    if let Some(handler) = &source.handler {
        return Some(handler::of_step(source, handler, at));
    }
    if action.after_failures {
        return Some(after_failures(source.when.as_ref(), at));
    }
    match &source.when {
        Some(when) if when.has_status() => Some(at.condition(when)),
        Some(when) => Some(at.all_well().and(at.condition(when))),
        None => at.before.is_some().then(|| at.all_well()),
    }
}

/// Of an action that a failure before it does not stop: what the step says of going well holds for how it ended too.
fn after_failures(when: Option<&Expr>, at: &mut At<'_>) -> Term {
    let ended = Term::call(Function::SucceededOrFailed, []);
    match when {
        Some(when) if when.has_status() => at.condition(&when.with_failures()),
        Some(when) => ended.and(at.condition(when)),
        None => ended,
    }
}
