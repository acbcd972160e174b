//! When the steps of `on` blocks run.

use super::job::Parted;
use super::parts::Part;
use super::read::{At, Spot};
use super::term::{Function, Producer, Reader, Term};
use crate::model::expr::{Expr, ExprKind, OutputRef, Status, Ty};
use crate::model::handlers::STARTED;
use crate::model::project::{Event, Handler, Step, StepHandler};
use crate::model::steps::action::ActionBody;

impl Parted<'_> {
    /// The condition of a job that is there for when others go wrong. A rejected approval is a decision, no failure: how
    /// its part ended does not count. A job that took too long ends as cancelled although nobody cancelled the run.
    pub(super) fn gone_wrong(&self, handler: &Handler, at: &mut At<'_>) -> Term {
        let stage = &self.reading.pipeline.stages[self.stage];
        let watched =
            handler.of.iter().filter_map(|it| Some((*it, stage.jobs.get(*it)?))).filter(|it| it.1.enabled);
        let mut results = Vec::new();
        for (index, job) in watched {
            let words: &[&str] = match handler.event {
                Event::Failure if job.continue_on_error => &["Failed", "Canceled", "SucceededWithIssues"],
                Event::Failure => &["Failed", "Canceled"],
                Event::Cancel => &["Canceled"],
            };
            for part in self.reading.parts[self.stage][index].iter().filter(|it| !asks(it)) {
                at.reads_jobs.push(part.name.clone());
                results.push(ended(part, words));
            }
        }
        let any = match results.len() {
            0 => Term::Bool(false),
            1 => results.remove(0),
            _ => Term::Call(Function::Or, results),
        };
        let canceled = Term::call(Function::Canceled, []);
        match handler.event {
            Event::Failure => canceled.negated().and(any),
            Event::Cancel => canceled.and(any),
        }
    }
}

fn ended(part: &Part, words: &[&str]) -> Term {
    let job = Some(part.name.clone());
    let mut arguments = vec![Term::Result(Producer { reader: Reader::Job, stage: None, job })];
    arguments.extend(words.iter().map(|it| Term::Text((*it).to_owned())));
    Term::Call(Function::In, arguments)
}

/// The condition of a step in an `on` block of another step.
pub fn of_step(step: &Step, handler: &StepHandler, at: &mut At<'_>) -> Term {
    let event = match (handler.event, handler.tolerated) {
        (Event::Cancel, _) => at.own_status(Status::Canceled),
        (Event::Failure, false) => at.own_status(Status::Failed),
        (Event::Failure, true) => {
            let status = Term::Variable("Agent.JobStatus".to_owned());
            Term::call(Function::Equal, [status, Term::Text("SucceededWithIssues".to_owned())])
        }
    };
    let own = step.when.as_ref().map_or(Term::Bool(true), |it| at.condition(it));
    event.and(started(step, handler, at)).and(own)
}

/// Whether the watched step was reached.
fn started(step: &Step, handler: &StepHandler, at: &mut At<'_>) -> Term {
    let Spot::Step { job, .. } = at.spot else { return Term::Bool(false) };
    let output =
        OutputRef { stage: at.stage, job, step: handler.marker, output: STARTED.to_owned(), leg: None };
    at.condition(&Expr { kind: ExprKind::Output(output), ty: Ty::Bool, span: step.head })
}

/// Whether the part asks people.
pub fn asks(part: &Part) -> bool {
    part.actions.iter().any(|(_, it)| matches!(it.body, ActionBody::Approve { .. }))
}
