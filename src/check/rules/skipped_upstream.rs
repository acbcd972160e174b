//! # A stage is skipped together with one of those that it waits for
//!
//! A stage runs if all that it waits for succeeded, and skipped is not succeeded. Where one of them has a condition, this one is
//! skipped whenever that does not hold, although the others ran; the run is green, and nothing says that it did not happen.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param docs: bool = false
//!   stage make { run "make" }
//!   stage docs {
//!     needs = []
//!     when  = params.docs
//!     run "make docs"
//!   }
//!   stage ship {
//!     needs = [make, docs]
//!     run "make ship"
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param docs: bool = false
//!   stage make { run "make" }
//!   stage docs {
//!     needs = []
//!     when  = params.docs
//!     run "make docs"
//!   }
//!   stage ship {
//!     needs = [make, docs]
//!     when  = not_failed()
//!     run "make ship"
//!   }
//! }
//! ```
//!
//! With `not_failed()` a stage runs behind one that was skipped, too. Where it must not, give it the condition itself:
//! `when = params.docs`. Stages one behind the other, and stages that read something of the one with the condition, are not spoken of:
//! they make no sense without it.
//!
//! Source: Azure DevOps documentation, "Expressions": `succeeded()` is false for a stage behind one that was skipped.

use crate::check::constant::{Domains, constant};
use crate::check::{Cx, Group, Rule, walk};
use crate::diag::Safety;
use crate::graph::PipelineGraph;
use crate::model::expr::Expr;
use crate::model::project::{Pipeline, Stage};
use crate::model::steps::Kind;

pub(super) static RULE: Rule = Rule::warning(Group::Graph, "skipped-upstream", run).fixes(Safety::Unsafe).needs_all();

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for (id, pipeline) in project.pipelines.iter() {
        let graph = &cx.graphs.pipelines[id.index()];
        for (index, stage) in pipeline.stages.iter().enumerate() {
            if !stage.enabled || stage.manual.is_some() || stage.when.as_ref().is_some_and(Expr::has_status) {
                continue;
            }
            let waited = &graph.stages[index];
            let optional = waited.iter().copied().find(|it| is_join(cx, pipeline, graph, (index, *it)));
            if let Some(optional) = optional {
                report(cx, stage, &pipeline.stages[optional]);
            }
        }
    }
}

/// Whether a stage waits for one that may be skipped, takes nothing of it, and waits for another one that runs all the same.
fn is_join(cx: &Cx<'_>, pipeline: &Pipeline, graph: &PipelineGraph, (stage, optional): (usize, usize)) -> bool {
    let of = |it: usize| &pipeline.stages[it];
    let Some(condition) = of(optional).when.as_ref().filter(|_| of(optional).enabled) else { return false };
    if condition.has_status() || constant(&Domains::of(pipeline, cx.sources), &[condition]).is_some() {
        return false;
    }
    let repeats = of(stage).when.as_ref().is_some_and(|own| requires(own, condition));
    let takes = of(stage).reads.iter().any(|it| it.node.stage == optional) || downloads(of(stage), of(optional));
    let before = graph.before(optional);
    let runs_alone = |it: usize| {
        it != optional
            && of(it).enabled
            && !before.contains(&it)
            && !graph.before(it).contains(&optional)
            && !of(it).when.as_ref().is_some_and(|other| requires(other, condition))
    };
    !repeats && !takes && graph.stages[stage].iter().any(|it| runs_alone(*it))
}

/// Whether the one holds only where the other does.
fn requires(expr: &Expr, other: &Expr) -> bool {
    use crate::model::expr::ExprKind::And;
    match &expr.kind {
        _ if walk::same(expr, other) => true,
        And(a, b) => requires(a, other) || requires(b, other),
        _ => match &other.kind {
            And(a, b) => requires(expr, a) && requires(expr, b),
            _ => false,
        },
    }
}

fn downloads(stage: &Stage, of: &Stage) -> bool {
    let published = |name: &str| steps(of).any(|it| matches!(it, Kind::Publish(it) if it.artifact == name));
    steps(stage).any(|it| matches!(it, Kind::Download(it) if it.source.is_none() && published(&it.artifact)))
}

fn steps(stage: &Stage) -> impl Iterator<Item = &Kind> {
    stage.jobs.iter().flat_map(|it| &it.steps).map(|it| &it.kind)
}

fn report(cx: &mut Cx<'_>, stage: &Stage, optional: &Stage) {
    let (name, other) = (&stage.ident.value, &optional.ident.value);
    let condition = optional.when.as_ref().map_or(optional.head, |it| it.span);
    let edit = match &stage.when {
        None => (!cx.is_copy(stage.head)).then(|| cx.insert(stage.head, "when = not_failed()")),
        Some(_) => None,
    };
    let message = format!("stage `{name}` is skipped whenever `{other}` is");
    let finding = cx.report(&RULE, stage.head, message).label(condition, "where this does not hold").help(
        "add `not_failed()` to its `when`, so that it runs behind a skipped stage, too; or repeat the condition there, if that is meant",
    );
    if let Some(edit) = edit {
        finding.edits(Safety::Unsafe, "run it behind a skipped stage, too", vec![edit]);
    }
}
