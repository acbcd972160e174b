//! # An approval says what its form cannot do
//!
//! On an environment, an approval is a check of Azure DevOps; on a stage or as a step it is a manual validation. A
//! manual validation knows no minimum number of approvers: the first answer counts. A check cannot go on when nobody
//! answers: the stage is then skipped; it asks with a text that is the same for all runs, and it tells the
//! approvers alone: `notify` is for manual validations.
//!
//! ```mlops,fails
//! approval leads { approvers = ["a@contoso.com", "b@contoso.com"], minimum = 2 }
//! pipeline release {
//!   trigger manual
//!   stage clean {
//!     approval = leads
//!     run "make clean"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["a@contoso.com", "b@contoso.com"] }
//! pipeline release {
//!   trigger manual
//!   stage clean {
//!     approval = leads
//!     run "make clean"
//!   }
//! }
//! ```
//!
//! Put an approval with `minimum` on an environment; one with `on_timeout = resume` on a stage or into a step.
//!
//! Source: Azure DevOps documentation, "Define approvals and checks" and the task `ManualValidation@1`.

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Approval, OnTimeout};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::error(Group::Approvals, "approval-form", run).by_pipeline().and_outside(of_environments);

fn run(cx: &mut Cx<'_>) {
    for stage in cx.pipelines().flat_map(|it| &it.stages) {
        if let Some(approval) = &stage.approval {
            validation(cx, approval.value, approval.span);
        }
    }
    for place in cx.steps() {
        if let Kind::Approve(approve) = &place.step.kind {
            validation(cx, approve.approval, place.step.head);
        }
    }
}

/// What an approval before an environment cannot say.
fn of_environments(cx: &mut Cx<'_>) {
    let project = cx.project;
    for environment in project.environments.values() {
        let Some(used) = &environment.approval else { continue };
        let approval = &project.approvals[used.value];
        if approval.on_timeout == OnTimeout::Resume {
            cx.report(&RULE, used.span, "a check cannot go on when nobody answers: the stage is skipped then")
                .label(approval.header.head, "this approval says `on_timeout = resume`")
                .help("put it on the stage instead, or remove `on_timeout`");
        }
        if let Some(told) = approval.notify.first() {
            cx.report(&RULE, told.span, "a check tells its approvers, and nobody else")
                .label(used.span, "a check here")
                .help("remove `notify`, or put the approval on the stage; people can follow pipelines in their own settings");
        }
        if let Some(instructions) = approval.instructions.as_ref().filter(|it| it.as_str().is_none()) {
            cx.report(&RULE, instructions.span, "the instructions of a check are the same for all runs")
                .label(used.span, "a check here")
                .help("leave out what only a run knows, or put the approval on the stage");
        }
    }
}

fn validation(cx: &mut Cx<'_>, approval: Id<Approval>, used: Span) {
    let approval = &cx.project.approvals[approval];
    if let Some(minimum) = approval.minimum.as_ref().filter(|it| it.value > 1) {
        cx.report(&RULE, used, format!("here, one answer decides: {} approvers cannot be asked for", minimum.value))
            .label(minimum.span, "the minimum")
            .help("put the approval on an `environment`, or remove `minimum`");
    }
    if let Some(order) = approval.in_sequence {
        cx.report(&RULE, used, "here, all approvers are asked at once, and one answer decides")
            .label(order, "the order")
            .help("put the approval on an `environment`, or remove `order`");
    }
}
