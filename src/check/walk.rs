//! Ways through the project that several rules go.

pub use crate::model::walk::{Place, steps, steps_of};

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::expr::Expr;
use crate::model::project::{Connection, Inherited, Pool, Project, Step, Timeout, Variables, Workspace};
use crate::model::steps::Kind;
use crate::model::steps::action::ScriptSource;
use crate::target::source_text;
use std::collections::BTreeMap;

/// What is written around a step, the nearest first: job, stage, environment, pipeline, project.
fn around<'a>(project: &'a Project, place: &Place<'a>) -> impl Iterator<Item = &'a Inherited> {
    let environment = place.environment().map(|id| &project.environments[id].inherited);
    let inner = [&place.job.inherited, &place.stage.inherited];
    let outer = [&place.pipeline.inherited, &project.settings.inherited];
    inner.into_iter().chain(environment).chain(outer)
}

/// The groups of variables that reach a step. Those of a job are attached to its stage, so that its neighbours see
/// them too.
pub fn variables<'a>(project: &'a Project, place: &Place<'a>) -> Vec<&'a Variables> {
    let neighbours = place.stage.jobs.iter().map(|it| &it.inherited);
    let inherited = around(project, place).chain(neighbours);
    inherited.flat_map(|it| &it.variables).map(|it| &project.variables[it.value]).collect()
}

/// The environment variables that are written for a step, nearest first.
pub fn environment<'a>(project: &'a Project, place: &Place<'a>) -> BTreeMap<&'a str, &'a Expr> {
    let mut found: BTreeMap<&str, &Expr> =
        place.step.env.iter().map(|(name, it)| (name.as_str(), it)).collect();
    for (name, value) in around(project, place).flat_map(|it| &it.env) {
        found.entry(name).or_insert(value);
    }
    found
}

/// Whether anything around the step satisfies this.
pub fn has(project: &Project, place: &Place<'_>, says: impl Fn(&Inherited) -> bool) -> bool {
    around(project, place).any(says)
}

pub fn connection<'a>(project: &'a Project, place: &Place<'a>) -> Option<&'a Spanned<Id<Connection>>> {
    let own = place.step.connection.as_ref();
    own.or_else(|| around(project, place).find_map(|it| it.connection.as_ref()))
}

/// The workspace that a step works in.
pub fn workspace(project: &Project, place: &Place<'_>) -> Option<Id<Workspace>> {
    around(project, place).find_map(|it| it.workspace.as_ref()).map(|it| it.value)
}

/// Something that a step makes in the workspace that it works in.
pub struct Made<'p, T> {
    pub what: Id<T>,
    pub workspace: Id<Workspace>,
    pub place: Place<'p>,
}

/// The first step that makes it, where all that do work in other workspaces.
pub fn made_elsewhere<'m, 'p, T>(
    made: &'m [Made<'p, T>],
    what: Id<T>,
    workspace: Id<Workspace>,
) -> Option<&'m Place<'p>> {
    let mut all = made.iter().filter(|it| it.what == what);
    let first = all.clone().next()?;
    all.all(|it| it.workspace != workspace).then_some(&first.place)
}

/// Where a step runs; none where nobody says.
pub fn pool(project: &Project, place: &Place<'_>) -> Option<Id<Pool>> {
    around(project, place).find_map(|it| it.pool.as_ref()).map(|it| it.value)
}

/// The nearest timeout that somebody wrote.
pub fn timeout<'a>(project: &'a Project, place: &Place<'a>) -> Option<&'a Spanned<Timeout>> {
    around(project, place).find_map(|it| it.timeout.as_ref())
}

/// Shorter pauses, as between tries, are nobody's concern. Seconds.
const LONG: u64 = 5 * 60;

/// Whether a step does nothing but wait, or waits for long besides.
pub fn waits(step: &Step) -> bool {
    match &step.kind {
        Kind::Wait(_) => step.enabled,
        _ => sleeps_long(step).is_some(),
    }
}

/// Seconds that a script of the user sleeps, where that is long.
pub fn sleeps_long(step: &Step) -> Option<u64> {
    sleeps(step).filter(|it| *it >= LONG)
}

/// Seconds that a script of the user sleeps, in commands of their own.
pub fn sleeps(step: &Step) -> Option<u64> {
    if !step.enabled {
        return None;
    }
    let ScriptSource::Verbatim(text) = step.kind.script()? else { return None };
    let total: u64 =
        source_text::shell_lines(text).filter_map(|(_, line)| source_text::sleep_seconds(line)).sum();
    (total > 0).then_some(total)
}

/// As the language writes it: the largest unit that divides it.
pub fn duration(seconds: u64) -> String {
    let units = [(24 * 3600, "d"), (3600, "h"), (60, "m")];
    let found = units
        .into_iter()
        .find(|(unit, _)| seconds.is_multiple_of(*unit) && (seconds > *unit || *unit == 3600));
    found.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}

/// Whether two expressions say the same, wherever they stand.
pub fn same(a: &Expr, b: &Expr) -> bool {
    let (inner, other) = (a.children(), b.children());
    if inner.len() != other.len() || std::mem::discriminant(&a.kind) != std::mem::discriminant(&b.kind) {
        return false;
    }
    if inner.is_empty() {
        return a.kind == b.kind;
    }
    inner.iter().zip(other).all(|(a, b)| same(a, b))
}
