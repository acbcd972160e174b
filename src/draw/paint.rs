//! What all pictures are made from.

use super::around::around;
use super::picture::{Picture, What};
use super::{approvals, ml, pipeline, system};
use crate::base::sources::Sources;
use crate::base::span::Span;
use crate::graph::Graphs;
use crate::model::project::{Header, Project};
use crate::plan::Plan;
use crate::simulate::System;
use crate::simulate::names::{self, Misfit};

#[derive(Clone, Copy)]
pub struct Painter<'a> {
    pub sources: &'a Sources,
    pub project: &'a Project,
    pub graphs: &'a Graphs,
    pub plan: &'a Plan,
    pub system: &'a System<'a>,
}

impl Painter<'_> {
    /// The picture of all, or of what has the name. Where nothing says what is drawn, the name does: a pipeline, an ML pipeline or
    /// an environment.
    pub fn paint(&self, what: Option<What>, name: Option<&str>) -> Result<Picture, Misfit> {
        let Some(name) = name else { return Ok(self.whole(what.unwrap_or(What::System))) };
        let what = what.or_else(|| self.kind_of(name));
        let Some(what) = what else {
            let all: Vec<&str> = [What::Pipeline, What::Ml, What::Approvals]
                .into_iter()
                .flat_map(|it| self.names(it))
                .collect();
            return Err(names::unknown(0, name, "pipeline, ML pipeline or environment", &all));
        };
        let known = self.names(what);
        if !known.contains(&name) {
            let kind = match what {
                What::System | What::Pipeline => "pipeline",
                What::Ml => "ML pipeline",
                What::Approvals => "environment",
            };
            return Err(names::unknown(0, name, kind, &known));
        }
        Ok(match what {
            What::System => around(self.whole(what), &format!("pipeline:{name}")),
            What::Pipeline => pipeline::paint(self, Some(name)),
            What::Ml => ml::paint(self, Some(name)),
            What::Approvals => approvals::paint(self, Some(name)),
        })
    }

    /// The picture of all.
    pub fn whole(&self, what: What) -> Picture {
        match what {
            What::System => system::paint(self),
            What::Pipeline => pipeline::paint(self, None),
            What::Ml => ml::paint(self, None),
            What::Approvals => approvals::paint(self, None),
        }
    }

    fn kind_of(&self, name: &str) -> Option<What> {
        [What::Pipeline, What::Ml, What::Approvals].into_iter().find(|it| self.names(*it).contains(&name))
    }

    fn names(&self, what: What) -> Vec<&str> {
        let project = self.project;
        match what {
            What::System | What::Pipeline => project.pipelines.values().map(|it| name(&it.header)).collect(),
            What::Ml => project.ml_pipelines.values().map(|it| name(&it.header)).collect(),
            What::Approvals => project.environments.values().map(|it| name(&it.header)).collect(),
        }
    }

    /// The project's.
    pub fn name(&self) -> Option<&str> {
        self.project.settings.header.as_ref().map(|it| it.ident.value.as_str())
    }

    /// What the picture is called.
    pub(super) fn title(&self, rest: &str) -> String {
        self.name().map_or_else(|| rest.to_owned(), |it| format!("{it}: {rest}"))
    }

    /// The text of an expression on one line.
    pub(super) fn written(&self, span: Span) -> String {
        self.sources.slice(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn name(header: &Header) -> &str {
    &header.ident.value
}
