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
mod run;
mod scripts;
mod walk;

pub use crate::diag::Group;
use crate::diag::{Code, Kind, Safety, Severity};
pub use cx::Cx;
use cx::Finding;
pub use repairs::add as add_repairs;
pub use run::{run, run_in_parts};

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
    /// Looks at the project as a whole, once.
    pub run: Option<Run>,
    /// Looks at some pipelines at a time, those that [`Cx::pipelines`] gives.
    pub part: Option<Run>,
}

pub type Run = fn(&mut Cx<'_>);

impl Rule {
    const fn of(severity: Severity, group: Group, code: Code, run: Run) -> Rule {
        Rule { code, severity, group, fix: None, needs_all: false, views: false, run: Some(run), part: None }
    }

    const fn error(group: Group, code: Code, run: Run) -> Rule {
        Rule::of(Severity::Error, group, code, run)
    }

    const fn warning(group: Group, code: Code, run: Run) -> Rule {
        Rule::of(Severity::Warning, group, code, run)
    }

    const fn fixes(self, safety: Safety) -> Rule {
        Rule { fix: Some(safety), ..self }
    }

    const fn info(group: Group, code: Code, run: Run) -> Rule {
        Rule::of(Severity::Info, group, code, run)
    }

    /// What it says of a pipeline depends on no other: it is run for some pipelines at a time, on all processors. It
    /// must go through them by [`Cx::pipelines`] and its like, and say nothing of anything else.
    const fn by_pipeline(self) -> Rule {
        Rule { run: None, part: self.run, ..self }
    }

    /// Looks besides at what stands outside of pipelines.
    const fn and_outside(self, run: Run) -> Rule {
        Rule { run: Some(run), ..self }
    }

    const fn needs_all(self) -> Rule {
        Rule { needs_all: true, ..self }
    }

    const fn in_views(self) -> Rule {
        Rule { views: true, ..self }
    }
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
