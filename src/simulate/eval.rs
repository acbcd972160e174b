//! Conditions and values of the plan, worked out for a run.

use super::engine::Engine;
use super::run::{Leg, Run, Spot, went_well};
use super::used::Use;
use super::value::{Value, folded};
use crate::model::expr::Outcome;
use crate::plan::term::{Function, Output, Producer, Term};
use crate::plan::{Part, Variable};

/// Where a term stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Stage { run: usize, stage: usize },
    Job { run: usize, stage: usize, job: usize },
    Step(Spot),
}

impl At {
    fn run(self) -> usize {
        match self {
            At::Stage { run, .. } | At::Job { run, .. } => run,
            At::Step(spot) => spot.run,
        }
    }

    fn stage(self) -> usize {
        match self {
            At::Stage { stage, .. } | At::Job { stage, .. } => stage,
            At::Step(spot) => spot.stage,
        }
    }

    fn job(self) -> Option<usize> {
        match self {
            At::Stage { .. } => None,
            At::Job { job, .. } => Some(job),
            At::Step(spot) => Some(spot.job),
        }
    }
}

impl Engine<'_> {
    pub(super) fn eval(&self, term: &Term, at: At) -> Value {
        match term {
            Term::Bool(it) => Value::Bool(*it),
            Term::Number(it) => Value::Number(*it),
            Term::Text(it) => Value::text(it),
            Term::Variable(name) => self.variable(name, at),
            Term::Parameter { name, bool } => self.parameter(name, *bool, at),
            Term::Output(output) => self.output(output, at),
            Term::Result(producer) => self.result(producer, at),
            Term::Call(function, arguments) => self.call(*function, arguments, at),
        }
    }

    fn call(&self, function: Function, arguments: &[Term], at: At) -> Value {
        let value = |index: usize| arguments.get(index).map_or(Value::Nothing, |it| self.eval(it, at));
        let order = |fits: fn(std::cmp::Ordering) -> bool| value(0).compare(&value(1)).is_some_and(fits);
        match function {
            Function::And => Value::Bool(arguments.iter().all(|it| self.eval(it, at).holds())),
            Function::Or => Value::Bool(arguments.iter().any(|it| self.eval(it, at).holds())),
            Function::Not => Value::Bool(!value(0).holds()),
            Function::Equal => Value::Bool(value(0).equals(&value(1))),
            Function::NotEqual => Value::Bool(!value(0).equals(&value(1))),
            Function::Less => Value::Bool(order(std::cmp::Ordering::is_lt)),
            Function::LessOrEqual => Value::Bool(order(std::cmp::Ordering::is_le)),
            Function::Greater => Value::Bool(order(std::cmp::Ordering::is_gt)),
            Function::GreaterOrEqual => Value::Bool(order(std::cmp::Ordering::is_ge)),
            Function::In => {
                let subject = value(0);
                Value::Bool(arguments.iter().skip(1).any(|it| subject.equals(&self.eval(it, at))))
            }
            Function::If => value(if value(0).holds() { 1 } else { 2 }),
            Function::Format => Value::Text(format(&value(0).to_text(), |index| value(index + 1).to_text())),
            Function::Lower => Value::Text(value(0).to_text().to_lowercase()),
            Function::Replace => {
                Value::Text(value(0).to_text().replace(&value(1).to_text(), &value(2).to_text()))
            }
            Function::StartsWith => {
                Value::Bool(folded(&value(0).to_text()).starts_with(&folded(&value(1).to_text())))
            }
            Function::Contains => {
                Value::Bool(folded(&value(0).to_text()).contains(&folded(&value(1).to_text())))
            }
            Function::Succeeded
            | Function::Failed
            | Function::Canceled
            | Function::Always
            | Function::SucceededOrFailed => Value::Bool(self.status(function, at)),
        }
    }

    fn status(&self, function: Function, at: At) -> bool {
        let run = &self.runs[at.run()];
        let late = run.stages[at.stage()].late;
        let stopped = match at {
            At::Stage { .. } => run.canceled,
            At::Job { .. } => run.canceled && !late,
            At::Step(spot) => self.leg(spot).stopped,
        };
        match function {
            Function::Canceled => stopped || run.canceled,
            Function::SucceededOrFailed => !stopped,
            Function::Succeeded => !stopped && self.before(at).all(went_well),
            Function::Failed => self.before(at).any(|it| it == Outcome::Failed),
            _ => true,
        }
    }

    /// How everything ended that this stage, job or step comes after, near or far.
    fn before(&self, at: At) -> Box<dyn Iterator<Item = Outcome> + '_> {
        let run = &self.runs[at.run()];
        let pipeline = &self.system.pipelines[run.pipeline];
        match at {
            At::Stage { stage, .. } => {
                let before = &pipeline.stages[stage].before;
                Box::new(before.iter().filter_map(|it| run.stages[*it].state.result()))
            }
            At::Job { stage, job, .. } => {
                let before = &pipeline.stages[stage].jobs[job].before;
                Box::new(before.iter().filter_map(move |it| run.stages[stage].jobs[*it].state.result()))
            }
            At::Step(spot) => Box::new(std::iter::once(self.leg(spot).status())),
        }
    }

    /// The stages or jobs before it that did not go well: what a condition that asks for success failed at.
    pub(super) fn culprits(&self, at: At) -> Vec<(String, Outcome)> {
        let run = &self.runs[at.run()];
        let stages = &self.system.pipelines[run.pipeline].stages;
        let found: Vec<(String, Option<Outcome>)> = match at {
            At::Stage { stage, .. } => {
                let before = stages[stage].before.iter();
                before.map(|it| (stages[*it].plan.name.clone(), run.stages[*it].state.result())).collect()
            }
            At::Job { stage, job, .. } => {
                let before = stages[stage].jobs[job].before.iter();
                let jobs = &run.stages[stage].jobs;
                before
                    .map(|it| (stages[stage].jobs[*it].plan.name.clone(), jobs[*it].state.result()))
                    .collect()
            }
            At::Step(_) => Vec::new(),
        };
        found.into_iter().filter_map(|(name, it)| Some((name, it.filter(|it| !went_well(*it))?))).collect()
    }

    pub(super) fn leg(&self, spot: Spot) -> &Leg {
        &self.runs[spot.run].stages[spot.stage].jobs[spot.job].legs[spot.leg]
    }

    fn result(&self, producer: &Producer, at: At) -> Value {
        let run = &self.runs[at.run()];
        let Some((stage, job)) = self.find(producer, at) else {
            // A stage of an existing template is taken to go well.
            return Value::text("Succeeded");
        };
        let state = match job {
            Some(job) => run.stages[stage].jobs[job].state,
            None => run.stages[stage].state,
        };
        state.result().map_or(Value::Nothing, |it| Value::text(word(it)))
    }

    fn find(&self, producer: &Producer, at: At) -> Option<(usize, Option<usize>)> {
        let pipeline = &self.system.pipelines[self.runs[at.run()].pipeline];
        let stage = match &producer.stage {
            Some(name) => *pipeline.by_name.get(name.as_str())?,
            None => at.stage(),
        };
        match &producer.job {
            Some(name) => Some((stage, Some(*pipeline.stages[stage].by_name.get(name.as_str())?))),
            None => Some((stage, None)),
        }
    }

    fn output(&self, output: &Output, at: At) -> Value {
        let Some((stage, Some(job))) = self.find(&output.producer, at) else { return Value::Nothing };
        let run = at.run();
        let plan = &self.system.pipelines[self.runs[run].pipeline].stages[stage].jobs[job];
        let legs = plan.plan.settings.matrix.as_ref().map(|it| it.legs.as_slice()).unwrap_or_default();
        let leg = output.leg.as_ref().and_then(|name| legs.iter().position(|it| it.0 == *name)).unwrap_or(0);
        self.set_by(Spot { run, stage, job, leg }, &output.step, &output.variable)
    }

    /// The variable that a step set, if it came so far.
    fn set_by(&self, spot: Spot, step: &str, variable: &str) -> Value {
        let steps =
            &self.system.pipelines[self.runs[spot.run].pipeline].stages[spot.stage].jobs[spot.job].steps;
        let Some(index) = steps.iter().position(|it| it.plan.name.as_deref() == Some(step)) else {
            return Value::Nothing;
        };
        let leg = self.leg(spot);
        if let Some(known) = leg.variables.get(&format!("{step}.{variable}")) {
            self.uses(Use::Output(self.key(spot, index), variable.to_owned()));
            return Value::text(known);
        }
        if !leg.ran.contains(&index) {
            return Value::Nothing;
        }
        self.assume(spot, index, variable)
    }

    fn parameter(&self, name: &str, bool: bool, at: At) -> Value {
        let run = &self.runs[at.run()];
        let text = run.start.params.get(name).cloned().unwrap_or_default();
        if bool { Value::Bool(text == "true") } else { Value::Text(text) }
    }

    pub(super) fn variable(&self, name: &str, at: At) -> Value {
        let run = &self.runs[at.run()];
        if let At::Step(spot) = at
            && let Some(value) = self.of_job(name, spot)
        {
            return value;
        }
        if let Some(value) = predefined(run, name) {
            return value;
        }
        if let Some(rest) = name.strip_prefix("resources.") {
            return self.resource(rest, run);
        }
        let pipeline = &self.system.pipelines[run.pipeline];
        let stage = &pipeline.stages[at.stage()];
        let job = at.job().map(|it| stage.jobs[it].plan.variables.as_slice()).unwrap_or_default();
        let scopes = [job, &stage.plan.variables, &pipeline.plan.variables];
        for variable in scopes.iter().flat_map(|it| it.iter()) {
            match variable {
                Variable::Value(other, value) if folded(other) == folded(name) => return constant(value),
                Variable::Runtime(other, term) if folded(other) == folded(name) => {
                    let at = at.job().map_or(at, |job| At::Job { run: at.run(), stage: at.stage(), job });
                    return self.eval(term, at);
                }
                _ => {}
            }
        }
        self.of_group(name)
    }

    /// What only steps of the job see: its status, its matrix, outputs of steps before.
    fn of_job(&self, name: &str, spot: Spot) -> Option<Value> {
        if name == "Agent.JobStatus" {
            return Some(Value::text(word(self.leg(spot).status())));
        }
        let plan = self.system.pipelines[self.runs[spot.run].pipeline].stages[spot.stage].jobs[spot.job].plan;
        if let Some(matrix) = &plan.settings.matrix
            && let Some((_, values)) = matrix.legs.get(spot.leg)
            && let Some((_, value)) = values.iter().find(|it| it.0 == name)
        {
            return Some(constant(value));
        }
        let (step, variable) = name.split_once('.')?;
        let named = plan.steps.iter().any(|it| it.name.as_deref() == Some(step));
        named.then(|| self.set_by(spot, step, variable))
    }

    /// Values of a step: what reaches its script.
    pub(super) fn text(&self, parts: &[Part], at: At) -> String {
        let part = |it: &Part| match it {
            Part::Literal(text) => text.clone(),
            Part::Variable(name) => self.variable(name, at).to_text(),
            Part::Parameter { name, .. } => self.parameter(name, false, at).to_text(),
        };
        parts.iter().map(part).collect()
    }
}

fn predefined(run: &Run, name: &str) -> Option<Value> {
    let pull_request = |take: fn(&(String, String)) -> &String| {
        run.start
            .pull_request
            .as_ref()
            .map_or(Value::Nothing, |it| Value::Text(format!("refs/heads/{}", take(it))))
    };
    Some(match name {
        "Build.BuildId" => Value::Text(run.number.to_string()),
        "Build.BuildNumber" => Value::Text(format!("run-{}", run.number)),
        "Build.SourceBranch" => Value::text(&run.start.reference),
        "Build.Reason" => Value::text(run.start.reason),
        "Build.SourceVersion" => Value::text("commit"),
        "Build.RequestedForEmail" => Value::text("somebody@example.com"),
        "Build.CronSchedule.DisplayName" => run.start.schedule.as_ref().map_or(Value::Nothing, Value::text),
        "System.PullRequest.PullRequestId" => {
            run.start.pull_request.as_ref().map_or(Value::Nothing, |_| Value::text("1"))
        }
        "System.PullRequest.SourceBranch" => pull_request(|it| &it.0),
        "System.PullRequest.TargetBranch" => pull_request(|it| &it.1),
        _ => return None,
    })
}

/// `{0}` is the first argument, `{{` a brace.
fn format(pattern: &str, argument: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        if behind.starts_with(['{', '}']) {
            text.push_str(&behind[..1]);
            rest = &behind[1..];
            continue;
        }
        let hole = behind.split_once('}').and_then(|(number, after)| Some((number.parse().ok()?, after)));
        match hole {
            Some((number, after)) => {
                text.push_str(&argument(number));
                rest = after;
            }
            None => rest = behind,
        }
    }
    text + rest
}

pub(super) fn constant(value: &crate::plan::Constant) -> Value {
    use crate::plan::Constant;
    match value {
        // Variables are texts.
        Constant::Bool(it) => Value::Text(it.to_string()),
        Constant::Int(it) => Value::Text(it.to_string()),
        Constant::Number(it) => Value::Text(it.to_string()),
        Constant::String(it) => Value::text(it),
    }
}

/// As Azure DevOps writes it.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "Succeeded",
        Outcome::SucceededWithIssues => "SucceededWithIssues",
        Outcome::Failed => "Failed",
        Outcome::Canceled => "Canceled",
        Outcome::Skipped => "Skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn holes_are_filled() {
        let argument = |index: usize| ["a", "b"].get(index).map_or(String::new(), |it| (*it).to_owned());
        assert_eq!(format(",{0},{1}", argument), ",a,b");
        assert_eq!(format("{{0}} {1}{9}", argument), "{0} b");
        assert_eq!(format("{", argument), "");
    }
}
