//! # A compute is deleted that another pipeline uses
//!
//! Pipelines run side by side. When one deletes the compute of another, the other's running job dies, and its next run
//! fails. A cluster belongs to one workspace: one of the same name in another workspace is another one.
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! compute cpu { name = "cpu-cluster", size = "Standard_DS3_v2" }
//! pipeline prepare {
//!   trigger manual
//!   stage prepare { ensure cpu }
//! }
//! pipeline train {
//!   trigger manual
//!   stage train { ensure cpu }
//!   stage clean { delete cpu }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! workspace ml { name = "mlw-team", resource_group = "rg-ml", existing = true }
//! project p { connection = azure, workspace = ml }
//! compute prepare_cpu { size = "Standard_DS3_v2" }
//! compute train_cpu { size = "Standard_DS3_v2" }
//! pipeline prepare {
//!   trigger manual
//!   stage prepare { ensure prepare_cpu }
//! }
//! pipeline train {
//!   trigger manual
//!   stage train { ensure train_cpu }
//!   stage clean { delete train_cpu }
//! }
//! ```
//!
//! Give each pipeline a compute of its own, or do not delete it: with `nodes = 0..N` an idle cluster costs nothing.

use crate::base::arena::Id;
use crate::base::span::Span;
use crate::check::walk::{self, Place};
use crate::check::{Cx, Group, Rule};
use crate::model::project::{Compute, MlPipeline, Project};
use crate::model::steps::Kind;
use crate::schema;

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "ml-shared-compute-deleted", run);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for place in cx.deliveries() {
        let Kind::Delete(delete) = &place.step.kind else { continue };
        for what in delete.what.iter().filter(|it| it.kind == schema::Kind::Compute) {
            let compute = Id::new(what.index);
            let Some((other, used)) = used_elsewhere(cx, compute, place) else { continue };
            let name = &project.computes[compute].header.ident.value;
            cx.report(&RULE, place.step.head, format!("compute `{name}` is deleted while `{other}` may still use it"))
                .label(used, format!("used here by `{other}`"))
                .help("give each pipeline a compute of its own; with `nodes = 0..N` an idle cluster costs nothing");
        }
    }
}

/// Another pipeline that needs the compute, and where.
fn used_elsewhere<'p>(cx: &Cx<'p>, compute: Id<Compute>, at: &Place<'_>) -> Option<(&'p str, Span)> {
    let others = cx.deliveries().iter().filter(|it| it.id != at.id);
    let others = others.filter(|it| is_same(cx.project, compute, at, it));
    let mut using = others.filter(|it| uses(cx.project.seen_in(it.environment()), &it.step.kind, compute));
    using.next().map(|it| (it.pipeline.header.ident.value.as_str(), it.step.head))
}

/// A workspace has clusters of its own, and an environment may call them otherwise. Where nobody says the workspace, it may
/// be the same.
fn is_same(project: &Project, compute: Id<Compute>, one: &Place<'_>, other: &Place<'_>) -> bool {
    let [here, there] = [one, other].map(|it| walk::workspace(project, it));
    let [name, called] = [one, other].map(|it| &project.seen_in(it.environment()).computes[compute].header.name.value);
    name == called && here.zip(there).is_none_or(|(here, there)| here == there)
}

fn uses(project: &Project, kind: &Kind, compute: Id<Compute>) -> bool {
    match kind {
        Kind::Ensure(ensure) => {
            ensure.what.iter().any(|it| it.kind == schema::Kind::Compute && it.index == compute.index())
        }
        Kind::Submit(submit) => runs_on(&project.ml_pipelines[submit.ml_pipeline], compute),
        Kind::PublishPipeline(publish) => runs_on(&project.ml_pipelines[publish.ml_pipeline], compute),
        _ => false,
    }
}

fn runs_on(pipeline: &MlPipeline, compute: Id<Compute>) -> bool {
    let named = pipeline.compute.iter().chain(pipeline.steps.iter().filter_map(|it| it.compute.as_ref()));
    named.into_iter().any(|it| it.value == compute)
}
