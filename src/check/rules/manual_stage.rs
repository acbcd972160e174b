//! # A stage that is started by hand, and waits
//!
//! In Azure DevOps a stage with `trigger manual` has no dependencies: somebody may start it at any time, before all
//! others too. So it cannot wait for a stage, read what one has set or how it ended, or have an approval before it.
//!
//! ```mlops,fails
//! pipeline release {
//!   trigger manual
//!   stage qa { run "make qa" }
//!   stage prod {
//!     trigger manual
//!     needs = [qa]
//!     run "make prod"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! approval leads { approvers = ["leads@contoso.com"] }
//! pipeline release {
//!   trigger manual
//!   stage qa { run "make qa" }
//!   stage prod {
//!     needs    = [qa]
//!     approval = leads
//!     run "make prod"
//!   }
//!   stage clean {
//!     trigger manual
//!     run "make clean"
//!   }
//! }
//! ```
//!
//! Where order matters, use an approval: the stage waits for the others, and then for people.
//!
//! Source: Azure Pipelines refuses it with "Manually triggered stages cannot have dependencies".

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};
use crate::model::project::Stage;

pub(super) static RULE: Rule = Rule::error(Group::Jobs, "manual-stage", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.pipelines() {
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let Some(manual) = stage.manual else { continue };
            for (span, what) in waits(stage, index) {
                cx.report(&RULE, span, format!("a stage that is started by hand cannot {what}"))
                    .label(manual, "started by hand")
                    .help("remove `trigger manual` and write `approval = NAME`: it then waits for the others, and for people");
            }
        }
    }
}

fn waits(stage: &Stage, index: usize) -> Vec<(Span, &'static str)> {
    let needs = stage.needs.iter().flatten().map(|it| (it.span, "wait for another"));
    let read = stage.reads.iter().filter(|it| it.node.stage != index);
    let read = read.map(|it| (it.span, "read another one"));
    let asks = stage.approval.iter().map(|it| (it.span, "have an approval before it"));
    let looks = stage.looks.then_some((stage.head, "read what a stage before all others looks up, as `changed` does"));
    needs.chain(read).chain(asks).chain(looks).collect()
}
