//! What is wrong with a system that is well written: one rule a file, its page as the file's header. In: the project,
//! its graphs and its plan. Out: findings. Rules know nothing of each other.

mod attached;
mod charts;
mod constant;
mod cx;
mod deployed;
mod edit;
mod helm_tasks;
mod images;
mod ml;
mod production;
mod pulls;
mod repairs;
mod rules;
mod scripts;
mod walk;

use crate::base::files::Files;
use crate::base::sources::Sources;
use crate::base::span::Span;
pub use crate::diag::Group;
use crate::diag::{Code, Diagnostic, Kind, Safety, Severity};
use crate::graph::Graphs;
use crate::model::project::Project;
use crate::plan::Plan;
pub use cx::Cx;
pub use repairs::add as add_repairs;
use std::collections::BTreeSet;

/// One rule: what it is called and what it looks at.
pub struct Rule {
    /// Reads after "allow".
    pub code: Code,
    pub severity: Severity,
    pub group: Group,
    /// How safe its fix is, where it has one; the fix of a single finding may be less safe.
    pub fix: Option<Safety>,
    /// Speaks of what is absent, so it must not look at a project that could not be read completely.
    pub needs_all: bool,
    /// Looks at the declarations of Azure ML as each environment sees them, too.
    pub views: bool,
    pub run: fn(&mut Cx<'_>),
}

impl Rule {
    const fn error(group: Group, code: Code, run: fn(&mut Cx<'_>)) -> Rule {
        Rule { code, severity: Severity::Error, group, fix: None, needs_all: false, views: false, run }
    }

    const fn warning(group: Group, code: Code, run: fn(&mut Cx<'_>)) -> Rule {
        Rule { code, severity: Severity::Warning, group, fix: None, needs_all: false, views: false, run }
    }

    const fn fixes(self, safety: Safety) -> Rule {
        Rule { fix: Some(safety), ..self }
    }

    const fn info(group: Group, code: Code, run: fn(&mut Cx<'_>)) -> Rule {
        Rule { code, severity: Severity::Info, group, fix: None, needs_all: false, views: false, run }
    }

    const fn needs_all(self) -> Rule {
        Rule { needs_all: true, ..self }
    }

    const fn in_views(self) -> Rule {
        Rule { views: true, ..self }
    }
}

/// Runs every rule. `texts`: what the project was read from, and the files it names. `complete`: the phases before found no error.
pub fn run(
    project: &Project,
    graphs: &Graphs,
    plan: &Plan,
    texts: (&Sources, &dyn Files),
    complete: bool,
) -> Vec<Diagnostic> {
    let mut cx = Cx::new(project, graphs, plan, texts);
    for (rule, _) in rules::ALL {
        if complete || !rule.needs_all {
            (rule.run)(&mut cx);
        }
    }
    let mut findings = cx.findings;
    for view in &project.views {
        let mut cx = Cx::new(&view.project, graphs, plan, texts);
        for (rule, _) in rules::ALL.iter().filter(|it| it.0.views && (complete || !it.0.needs_all)) {
            (rule.run)(&mut cx);
        }
        let known: BTreeSet<(Code, Span)> = findings.iter().map(|it| (it.code, it.span())).collect();
        findings.extend(cx.findings.into_iter().filter(|it| !known.contains(&(it.code, it.span()))));
    }
    findings
}

/// What each rule finds.
pub fn kinds() -> impl Iterator<Item = Kind> {
    rules::ALL.iter().map(|(Rule { code, group, severity, fix, .. }, page)| Kind {
        code,
        group: *group,
        severity: *severity,
        fix: *fix,
        page,
    })
}
