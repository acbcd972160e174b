//! What steps say about endpoints as they are while a pipeline runs: which deployment is meant, and what every script
//! for an endpoint is given.

use super::documents;
use super::errors;
use super::fields::Fields;
use super::lower::Lower;
use super::project::{Deployment, Endpoint, EndpointKind};
use super::steps::action::{Action, Data, Datum, Files};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::syntax::ast;

/// A deployment as a step names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its identifier.
    Named(String),
    /// The first one that has no traffic.
    Idle,
    /// What was deployed last.
    New,
    /// What had the traffic before that.
    Old,
}

impl Which {
    /// As scripts take it: a word, or the deployment's name in Azure.
    pub fn word(&self) -> String {
        match self {
            Which::Named(ident) => ident.replace('_', "-"),
            Which::Idle => "idle".to_owned(),
            Which::New => "new".to_owned(),
            Which::Old => "old".to_owned(),
        }
    }
}

/// `deployment = …`: one that is declared, or one of these words.
pub fn which(fields: &mut Fields<'_, '_>, endpoint: Id<Endpoint>, words: &[&str]) -> Option<Which> {
    let written = fields.ast("deployment")?;
    let ast::ExprKind::Path(path) = &written.kind else { return None };
    let name = path.as_ident().cloned().unwrap_or_else(|| Spanned::new(String::new(), written.span));
    named(fields, endpoint, &name, words)
}

pub fn named(
    fields: &mut Fields<'_, '_>,
    endpoint: Id<Endpoint>,
    name: &Spanned<String>,
    words: &[&str],
) -> Option<Which> {
    let project = fields.cx.project?;
    let deployments = &project.endpoints[endpoint].settings.deployments;
    if let Some(found) = deployments.get(&name.value) {
        fields.cx.symbols.link(name, found.ident.span);
        return Some(Which::Named(name.value.clone()));
    }
    match name.value.as_str() {
        "idle" if words.contains(&"idle") => return Some(Which::Idle),
        "new" if words.contains(&"new") => return Some(Which::New),
        "old" if words.contains(&"old") => return Some(Which::Old),
        _ => {}
    }
    let known: Vec<&str> = deployments.keys().map(String::as_str).chain(words.iter().copied()).collect();
    let nearest = suggest::nearest(&name.value, known.iter().copied());
    let of = format!("deployment of `{}`", project.endpoints[endpoint].header.ident.value);
    fields.cx.push(errors::undefined_name(name, &of, nearest, &known));
    None
}

/// An endpoint in a step.
pub struct Live<'a, 'p> {
    cx: &'a Lower<'p>,
    pub endpoint: &'p Endpoint,
}

impl<'a, 'p> Live<'a, 'p> {
    pub fn new(cx: &'a Lower<'p>, endpoint: Id<Endpoint>) -> Self {
        Live { cx, endpoint: &cx.project.endpoints[endpoint] }
    }

    pub fn is_batch(&self) -> bool {
        self.endpoint.kind == EndpointKind::Batch
    }

    pub fn name(&self) -> &'p str {
        &self.endpoint.header.name.value
    }

    /// A script of the compiler for the endpoint, which it finds in `ENDPOINT`.
    pub fn action(&self, title: String, template: &'static str, data: Data) -> Option<Action> {
        let kind = self.endpoint.kind;
        let mut all = vec![
            ("kind", Datum::Word(kind.word().to_owned())),
            ("batch", Datum::Flag(self.is_batch())),
            ("article", Datum::Word(format!("{} {}", kind.article(), kind.word()))),
            ("existing", Datum::Flag(self.endpoint.header.existing)),
        ];
        all.extend(data);
        let action = self.cx.azure_ml(title, template, all)?;
        Some(action.env("ENDPOINT", self.cx.text(self.name())))
    }

    /// The endpoint's own document, where it has one.
    pub fn with_document(&self, action: Action) -> Action {
        if self.endpoint.header.existing {
            return action;
        }
        let document = self.cx.output(&documents::endpoint(&self.endpoint.header));
        action.env("ENDPOINT_FILE", document).reads(Files::Project)
    }

    /// What may be deployed behind it, as rows for a script and as its environment.
    pub fn candidates(&self) -> (Vec<Data>, Vec<(String, &'p Deployment)>) {
        let deployments = self.endpoint.settings.deployments.values();
        let numbered: Vec<(String, &Deployment)> = deployments
            .enumerate()
            .map(|(index, it)| (format!("DEPLOYMENT_FILE_{}", index + 1), it))
            .collect();
        let rows = numbered.iter().map(|(variable, it)| {
            vec![("name", Datum::Word(it.name())), ("variable", Datum::Word(variable.clone()))]
        });
        (rows.collect(), numbered)
    }
}
