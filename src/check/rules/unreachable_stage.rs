//! # A stage that can never run
//!
//! A stage runs only if those it waits for have succeeded: one that is skipped takes the stages behind it along. Where
//! their conditions contradict each other, the last one looks alive and never runs.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   param target: string = "qa" { enum = ["qa", "prod"] }
//!   stage qa { when = params.target == "qa", run "make qa" }
//!   stage prod { when = params.target == "prod", run "make prod" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   param target: string = "qa" { enum = ["qa", "prod"] }
//!   stage qa { when = params.target == "qa", run "make qa" }
//!   stage prod { needs = [], when = params.target == "prod", run "make prod" }
//! }
//! ```
//!
//! Say in `needs` what the stage really waits for, or add `not_failed()` to its condition: it then runs behind a stage that
//! was skipped, too.
//!
//! Source: Azure DevOps documentation, "Specify conditions": a stage depends on the success of those before it, and skipped
//! is not succeeded.

use crate::base::span::Span;
use crate::check::constant::{Domains, constant};
use crate::check::{Cx, Group, Rule};
use crate::model::expr::Expr;
use crate::model::project::Pipeline;

pub(super) static RULE: Rule = Rule::warning(Group::Graph, "unreachable-stage", run).by_pipeline();

/// Conditions of so many stages together are looked at.
const MOST: usize = 12;

fn run(cx: &mut Cx<'_>) {
    for (id, pipeline) in cx.numbered() {
        let edges = &cx.graphs.pipelines[id.index()].stages;
        let domains = Domains::of(pipeline, cx.sources);
        let mut dead = vec![false; pipeline.stages.len()];
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let together = together(pipeline, edges, at);
            let conditions: Vec<&Expr> = together.iter().filter_map(|it| pipeline.stages[*it].when.as_ref()).collect();
            if !stage.enabled || conditions.len() < 2 || conditions.len() > MOST {
                continue;
            }
            dead[at] = constant(&domains, &conditions) == Some(false);
            let alone = conditions.iter().any(|it| constant(&domains, &[it]) == Some(false));
            let follows = together.iter().any(|it| *it != at && dead[*it]);
            if dead[at] && !alone && !follows {
                let place = stage.when.as_ref().map_or(stage.head, |it| it.span);
                let others: Vec<Span> = conditions.iter().map(|it| it.span).filter(|it| *it != place).collect();
                let name = &stage.ident.value;
                let mut finding = cx.report(&RULE, place, format!("stage `{name}` never runs: a stage that it waits for is skipped whenever this holds"));
                for other in others {
                    finding = finding.label(other, "only if this holds too");
                }
                finding.help("say in `needs` what it really waits for, or add `not_failed()` to its condition");
            }
        }
    }
}

/// The stage and all that must have succeeded for it to run.
fn together(pipeline: &Pipeline, edges: &[Vec<usize>], stage: usize) -> Vec<usize> {
    let (mut seen, mut open) = (Vec::new(), vec![stage]);
    while let Some(at) = open.pop() {
        if seen.contains(&at) || seen.len() > MOST {
            continue;
        }
        seen.push(at);
        let decides_itself = pipeline.stages[at].when.as_ref().is_some_and(Expr::has_status);
        if !decides_itself && pipeline.stages[at].manual.is_none() {
            open.extend(edges.get(at).into_iter().flatten());
        }
    }
    seen
}
