//! What is asked before a stage that deploys: branches, templates, people, hours, services. In this order.

use super::clock::{Moment, spoken};
use super::engine::{Due, Engine, Where};
use super::filter;
use super::given::Verdict;
use super::run::State;
use super::system::Gate;
use super::timeline::{Answered, Asks, Mark};
use super::used::Use;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::expr::Outcome;
use crate::model::project::{Approval, BusinessHours, Environment, RepositoryKind};

impl Engine<'_> {
    /// Goes through the gates that are left, until one has to be waited for.
    pub(super) fn ask(&mut self, run: usize, stage: usize) {
        loop {
            let gate = self.runs[run].stages[stage].gate;
            let gates = &self.system.pipelines[self.runs[run].pipeline].stages[stage].gates;
            let Some(asked) = gates.get(gate).copied() else { return self.want_locks(run, stage) };
            match asked {
                Gate::Branches(environment) => {
                    if let Err(why) = self.branches_allowed(run, environment) {
                        self.mishap(run, stage, why.clone());
                        return self.end_stage(run, stage, Outcome::Failed, &why);
                    }
                }
                Gate::Template(environment) => {
                    if !self.extends_required(run, environment) {
                        let name = self.environment(environment);
                        let why = format!("`{name}` asks for a template that the pipeline does not extend");
                        self.mishap(run, stage, why.clone());
                        return self.end_stage(run, stage, Outcome::Failed, &why);
                    }
                }
                Gate::Approval(environment, approval) => {
                    return self.ask_people((run, stage, gate), environment, approval);
                }
                Gate::Hours(environment) => {
                    if self.wait_for_hours((run, stage, gate), environment) {
                        return;
                    }
                }
                Gate::Call(environment, call) => {
                    let title = self.call_title(environment, call);
                    let place = self.system.project.environments[environment].calls[call].head;
                    self.say(run, stage, Mark::Does, format!("`{title}` is asked, and agrees"), Some(place));
                }
            }
            self.runs[run].stages[stage].gate += 1;
        }
    }

    fn say(&mut self, run: usize, stage: usize, mark: Mark, text: String, place: Option<Span>) {
        let name = &self.system.pipelines[self.runs[run].pipeline].stages[stage].plan.name;
        self.tell(Some(Where { run, stage: Some(name) }), mark, text, place);
    }

    pub(super) fn environment(&self, environment: Id<Environment>) -> &str {
        &self.system.project.environments[environment].header.ident.value
    }

    fn call_title(&self, environment: Id<Environment>, call: usize) -> String {
        let call = &self.system.project.environments[environment].calls[call];
        crate::plan::setup::call_title(self.system.project, call)
    }

    /// The branch of everything the run takes: `self`, other repositories, runs of other pipelines.
    fn branches_allowed(&self, run: usize, environment: Id<Environment>) -> Result<(), String> {
        let declared = &self.system.project.environments[environment];
        let name = &declared.header.ident.value;
        let fits = |branch: &str| {
            let mut patterns = declared.branches.iter();
            patterns.any(|it| filter::branch_fits(&it.value, branch))
        };
        for (what, branch) in self.branches_of(run) {
            if !fits(&branch) {
                let kind = if branch.starts_with("refs/tags/") { "tag" } else { "branch" };
                let branch = filter::bare(&branch);
                return Err(format!("`{name}` refuses it: {what} is of {kind} `{branch}`"));
            }
        }
        Ok(())
    }

    fn branches_of(&self, run: usize) -> Vec<(String, String)> {
        let it = &self.runs[run];
        let plan = self.system.pipelines[it.pipeline].plan;
        let mut found = vec![("`self`".to_owned(), it.start.own.clone())];
        for resource in &plan.repositories {
            let declared = &self.system.project.repositories[resource.id];
            if declared.kind == RepositoryKind::AzureRepos {
                let pushed = it.start.pushed == Some(resource.id);
                let said = declared.branch.as_ref().map_or("main", |it| &it.value).to_owned();
                let branch = if pushed { it.start.reference.clone() } else { said };
                found.push((format!("`{}`", declared.header.ident.value), branch));
            }
        }
        for source in &plan.sources {
            if let Some(taken) = self.source_run(it, &source.alias) {
                found.push((format!("the run of `{}`", source.alias), self.runs[taken].start.own.clone()));
            }
        }
        found
    }

    fn extends_required(&self, run: usize, environment: Id<Environment>) -> bool {
        let required = &self.system.project.environments[environment].required_templates;
        let plan = self.system.pipelines[self.runs[run].pipeline].plan;
        let extended = plan.extends.as_ref().map(|it| it.template.split('@').next().unwrap_or_default());
        extended.is_some_and(|it| {
            let it = it.trim_start_matches("../");
            required.iter().any(|wanted| it.ends_with(wanted.path.value.trim_start_matches('/')))
        })
    }

    fn ask_people(
        &mut self,
        at: (usize, usize, usize),
        environment: Id<Environment>,
        approval: Id<Approval>,
    ) {
        let (run, stage, gate) = at;
        let declared = &self.system.project.approvals[approval];
        let name = self.environment(environment).to_owned();
        let text = format!("{} must agree to `{name}`", people(declared));
        let place = self.system.project.environments[environment].approval.as_ref().map(|it| it.span);
        self.say(run, stage, Mark::Waits, text, place);
        self.waited(run, stage, format!("approval {}", declared.header.ident.value));
        let (after, answered) = self.answer(approval);
        self.at(after, Due::Gate { run, stage, gate, passed: answered });
    }

    /// When people answer, and what; `None`: they do not in time.
    pub(super) fn answer(&self, approval: Id<Approval>) -> (u64, Option<bool>) {
        self.uses(Use::Answer(approval.index()));
        let timeout = self.system.project.approvals[approval].timeout_seconds;
        let answer = self.given.answer(approval);
        let after = answer.after.unwrap_or(self.given.pace.answer);
        match answer.verdict {
            Verdict::Silent => (timeout, None),
            _ if after > timeout => (timeout, None),
            Verdict::Grant => (after, Some(true)),
            Verdict::Reject => (after, Some(false)),
        }
    }

    pub(super) fn waited(&mut self, run: usize, stage: usize, what: String) {
        self.out.runs[run].stages[stage].waited.push(what);
    }

    pub(super) fn gate_answers(&mut self, (run, stage, gate): (usize, usize, usize), passed: Option<bool>) {
        let state = &self.runs[run].stages[stage];
        if state.state != State::Checked || state.gate != gate {
            return;
        }
        let asked = self.system.pipelines[self.runs[run].pipeline].stages[stage].gates[gate];
        let hours = matches!(asked, Gate::Hours(_));
        if let Gate::Approval(..) = asked {
            let asks = Asks::Gate(self.runs[run].pipeline, stage, gate);
            self.out.answers.push(Answered { asks, agreed: passed });
        }
        match passed {
            Some(true) => {
                let text = if hours { "the hours begin" } else { "approved" };
                self.say(run, stage, Mark::Succeeds, text.to_owned(), None);
                self.runs[run].stages[stage].gate += 1;
                self.ask(run, stage);
            }
            Some(false) => self.end_stage(run, stage, Outcome::Failed, "rejected"),
            None => {
                let text = if hours { "the hours did not come in time" } else { "nobody answered in time" };
                let said =
                    matches!(asked, Gate::Approval(_, it) if self.given.answers.contains_key(&it.index()));
                if !said {
                    self.mishap(run, stage, text.to_owned());
                }
                self.end_stage(run, stage, Outcome::Skipped, text);
            }
        }
    }

    /// Whether it has to wait; the clock of the hours is taken for that of the simulation.
    fn wait_for_hours(&mut self, at: (usize, usize, usize), environment: Id<Environment>) -> bool {
        let (run, stage, gate) = at;
        let Some(hours) = &self.system.project.environments[environment].hours else { return false };
        let now = self.out.clock.after(self.now);
        let wait = until_open(hours, now);
        if wait == Some(0) {
            return false;
        }
        let place = hours.zone.span;
        let text = format!(
            "waits for the hours of `{}`: {} to {}",
            self.environment(environment),
            hours.from,
            hours.to
        );
        self.say(run, stage, Mark::Waits, text, Some(place));
        self.waited(run, stage, "hours".to_owned());
        match wait.filter(|it| *it <= hours.timeout_seconds) {
            Some(wait) => self.at(wait, Due::Gate { run, stage, gate, passed: Some(true) }),
            None => self.at(hours.timeout_seconds, Due::Gate { run, stage, gate, passed: None }),
        }
        true
    }
}

pub(super) fn people(approval: &Approval) -> String {
    let names: Vec<&str> = approval.approvers.iter().map(|it| it.value.as_str()).collect();
    let all = filter::listed(names);
    match approval.minimum.as_ref().filter(|it| names_more(approval, it.value)) {
        Some(minimum) => format!("{} of {all}", minimum.value),
        None => all,
    }
}

fn names_more(approval: &Approval, minimum: u32) -> bool {
    u32::try_from(approval.approvers.len()).is_ok_and(|it| it > minimum)
}

/// Seconds until the hours begin; 0 within them, none where they never do.
fn until_open(hours: &BusinessHours, now: Moment) -> Option<u64> {
    let minute = |text: &str| -> i64 {
        let (hour, minute) = text.split_once(':').unwrap_or(("0", "0"));
        hour.parse::<i64>().unwrap_or(0) * 60 + minute.parse::<i64>().unwrap_or(0)
    };
    let (from, to) = (minute(&hours.from), minute(&hours.to));
    let today = now.0 - now.0.rem_euclid(24 * 60);
    (0..8).find_map(|day| {
        let midnight = today + day * 24 * 60;
        let open = hours.days.contains(&Moment(midnight).date().day_word());
        let begin = (midnight + from).max(now.0);
        let left = open && begin <= midnight + to;
        left.then(|| u64::try_from((begin - now.0) * 60).unwrap_or(0))
    })
}

/// `2d`: how long people have.
pub(super) fn time_left(approval: &Approval) -> String {
    spoken(approval.timeout_seconds)
}
