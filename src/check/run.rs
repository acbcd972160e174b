//! All rules on a project: those that look at pipelines one by one run on all processors, some pipelines at a time, so
//! that what one rule has read is near when the next one comes. What is found does not depend on how it was divided.

use super::cx::{Cx, Whole};
use super::rules::ALL;
use super::{Rule, Run};
use crate::base::files::Files;
use crate::base::parallel;
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::diag::{Code, Diagnostic};
use crate::graph::Graphs;
use crate::model::project::Project;
use crate::plan::Plan;
use std::collections::BTreeSet;
use std::ops::Range;

/// Pipelines of a part. With their plan they fit into a processor's cache; measured from 8 to 256.
const PART: usize = 32;

/// Checking a pipeline costs as much as reading so many bytes of source.
const WORTH: usize = 300;

/// Runs every rule. `texts`: what the project was read from, and the files it names. `complete`: the phases before
/// found no error.
pub fn run(
    project: &Project,
    graphs: &Graphs,
    plan: &Plan,
    texts: (&Sources, &dyn Files),
    complete: bool,
) -> Vec<Diagnostic> {
    run_in_parts(project, graphs, plan, texts, (complete, PART))
}

/// The same with parts of so many pipelines, at least one.
pub fn run_in_parts(
    project: &Project,
    graphs: &Graphs,
    plan: &Plan,
    texts: (&Sources, &dyn Files),
    (complete, part): (bool, usize),
) -> Vec<Diagnostic> {
    let whole = Whole::new(project, graphs, plan, texts);
    let rules = || (0..ALL.len()).filter(|it| complete || !ALL[*it].0.needs_all);
    let many = project.pipelines.len();
    let outside = rules().filter(|it| ALL[*it].0.run.is_some()).map(Task::Rule);
    let parts =
        (0..many).step_by(part.max(1)).map(|it| Task::Pipelines(it..many.min(it.saturating_add(part))));
    let tasks: Vec<Task> = outside.chain(parts).collect();
    let found = parallel::map(&tasks, many * WORTH, |task| match task {
        Task::Rule(rule) => found_by(&mut Cx::new(&whole), *rule, ALL[*rule].0.run),
        Task::Pipelines(range) => {
            let mut cx = Cx::of(&whole, range.clone());
            rules().flat_map(|it| found_by(&mut cx, it, ALL[it].0.part)).collect()
        }
    });
    let mut found: Vec<(usize, Diagnostic)> = found.into_iter().flatten().collect();
    found.sort_by_key(|it| it.0);
    let mut findings: Vec<Diagnostic> = found.into_iter().map(|it| it.1).collect();
    for view in &project.views {
        let seen = Whole::new(&view.project, graphs, plan, texts);
        let known: BTreeSet<(Code, Span)> = findings.iter().map(|it| (it.code, it.span())).collect();
        let seen = rules().filter(|it| ALL[*it].0.views).flat_map(|it| in_view(&seen, ALL[it].0));
        findings.extend(seen.filter(|it| !known.contains(&(it.code, it.span()))));
    }
    findings
}

/// What one processor does at a time.
enum Task {
    /// A rule that looks at all of the project, by its index.
    Rule(usize),
    /// All other rules on these pipelines.
    Pipelines(Range<usize>),
}

/// With the rule's index, by which the findings are put in order.
fn found_by(cx: &mut Cx<'_>, rule: usize, run: Option<Run>) -> Vec<(usize, Diagnostic)> {
    if let Some(run) = run {
        run(cx);
    }
    cx.findings.drain(..).map(|it| (rule, it)).collect()
}

fn in_view<'a>(whole: &'a Whole<'a>, rule: &Rule) -> Vec<Diagnostic> {
    let mut cx = Cx::new(whole);
    for run in rule.run.iter().chain(&rule.part) {
        run(&mut cx);
    }
    cx.findings
}
