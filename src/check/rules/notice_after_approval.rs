//! # The notice that an approval waits is sent after the approval
//!
//! Everything in a stage, also its first step, runs after the approval of its environment, or of the stage itself. A message that
//! somebody is waited for then reaches them when nobody waits any more, and the gate stays closed until someone happens to look.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! repository self { type = azure_repos }
//! approval leads { approvers = ["leads@contoso.example"] }
//! environment prod { approval = leads }
//! variables team { group = "team", secret hook }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage prod {
//!     environment = prod
//!     variables   = [team]
//!     notify teams { url = vars.hook, heading = "Release", text = "Run ${run.id} waits for your approval." }
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! repository self { type = azure_repos }
//! approval leads { approvers = ["leads@contoso.example"] }
//! environment prod { approval = leads }
//! variables team { group = "team", secret hook }
//! pipeline release {
//!   trigger push { branches = ["main"] }
//!   stage announce {
//!     variables = [team]
//!     notify teams { url = vars.hook, heading = "Release", text = "Run ${run.id} waits for your approval." }
//!   }
//!   stage prod {
//!     environment = prod
//!     run "make deploy"
//!   }
//! }
//! ```
//!
//! Send it in a stage before the one that is guarded. Azure DevOps also writes to the approvers by itself, and to those whom
//! `notify` of an `approval` on a stage names.
//!
//! Source: "Define approvals and checks", Azure Pipelines: checks are evaluated before a stage starts.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::expr::{Expr, ExprKind};
use crate::model::project::Stage;
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Approvals, "notice-after-approval", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let Kind::Notify(notify) = &place.step.kind else { continue };
        if !notify.values.iter().any(|(_, value)| says_it_waits(value)) {
            continue;
        }
        let Some(gate) = gate(cx, place.stage) else { continue };
        let stage = &place.stage.ident.value;
        cx.report(&RULE, place.step.head, "this is sent when the approval it speaks of has been given")
            .label(gate, format!("asked before anything in `{stage}` runs"))
            .help(format!("move it into a stage before `{stage}`"));
    }
}

/// Where the approval of a stage is written.
fn gate(cx: &Cx<'_>, stage: &Stage) -> Option<Span> {
    if let Some(approval) = &stage.approval {
        return Some(approval.span);
    }
    let environment = stage.environment.as_ref()?;
    cx.project.environments[environment.value].approval.as_ref().map(|_| environment.span)
}

fn says_it_waits(value: &Expr) -> bool {
    let mut text = String::new();
    value.walk(&mut |it| {
        if let ExprKind::String(literal) = &it.kind {
            text.push_str(&literal.to_lowercase());
        }
    });
    text.contains("wait") && ["approv", "gate", "agree", "confirm"].iter().any(|it| text.contains(it))
}
