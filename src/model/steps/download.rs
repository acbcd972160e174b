//! `download NAME` and `download PIPELINE.NAME`: artifacts of this run, or of the run that started it.

use super::action::{Action, ActionBody};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::lower::Lower;
use crate::model::project::Pipeline;
use crate::model::scope;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, optional};
use crate::syntax::ast;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_DOWNLOAD, outputs: |_| IndexMap::new(), decode };

static BLOCK_DOWNLOAD: Block = Block {
    word: "download",
    head: Head::Arguments(&[argument("artifact", Type::Dotted)]),
    doc: "Fetches an artifact of this run, or with `PIPELINE.NAME` of the run that started this one or that a `resource` names.",
    attributes: &[
        COMMON,
        &[optional(
            "to",
            Type::Name,
            "The folder; below the checked-out sources if it is relative. The artifact's name where nothing is said.",
        )],
    ],
    ..BLOCK
};

#[derive(Debug)]
pub struct Download {
    pub artifact: String,
    /// What the pipeline is called here; `None`: of this run.
    pub source: Option<String>,
    pub to: String,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let to = fields.run_path("to");
    let argument = fields.ast.arguments.first()?;
    let ast::ExprKind::Path(path) = &argument.kind else { return None };
    let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
    let (source, pipeline, name) = match names.as_slice() {
        [name] => (None, None, *name),
        [of, name] => (Some(of.value.clone()), Some(source(fields.cx, of)?), *name),
        _ => {
            let help = "write `download NAME`, or `download PIPELINE.NAME`";
            fields.cx.push(errors::invalid_value(path.span, "this names no artifact", help));
            return None;
        }
    };
    check_artifact(fields.cx, pipeline, name);
    let to = to.unwrap_or_else(|| name.value.clone());
    Some(Kind::Download(Download { artifact: name.value.clone(), source, to }))
}

/// A pipeline of which a run is known here.
fn source(cx: &mut Cx<'_>, name: &Spanned<String>) -> Option<Id<Pipeline>> {
    match cx.resolver.source(name, cx.symbols) {
        Ok(index) => Some(Id::new(index)),
        Err(finding) => {
            cx.push(*finding);
            None
        }
    }
}

fn check_artifact(cx: &mut Cx<'_>, pipeline: Option<Id<Pipeline>>, name: &Spanned<String>) {
    let of_other = |id: Id<Pipeline>| {
        cx.symbols.of(Declared::Pipeline).nth(id.index()).map(|it| scope::artifacts(it.block))
    };
    let of_this = || cx.resolver.scope.as_ref().map(|it| it.artifacts.clone());
    let published = pipeline.map_or_else(of_this, of_other).unwrap_or_default();
    if let Some(found) = published.iter().find(|it| it.value == name.value) {
        return cx.symbols.link(name, found.span);
    }
    let known: Vec<&str> = published.iter().map(|it| it.value.as_str()).collect();
    let nearest = suggest::nearest(&name.value, known.iter().copied());
    let whose = if pipeline.is_some() { "artifact of that pipeline" } else { "artifact of this pipeline" };
    let finding = errors::undefined_name(name, whose, nearest, &known);
    cx.push(Diagnostic { code: "undefined-artifact", ..finding });
}

impl Download {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let body = ActionBody::Download {
            artifact: Some(self.artifact.clone()),
            source: self.source.clone(),
            path: Some(cx.in_sources(&self.to)),
        };
        vec![Action::agent(cx.title(format!("Download {}", self.artifact)), body)]
    }
}
