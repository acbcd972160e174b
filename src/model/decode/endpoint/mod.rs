//! Endpoints of Azure ML.

mod deployment;
mod traffic;

pub use traffic::{check_mirror, percentages, shares, sum};

use super::resources::tags;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::naming;
use crate::model::project::{Deployment, Endpoint, EndpointAuth, EndpointKind, EndpointSettings, Header};
use crate::schema::Kind;
use crate::syntax::ast;
use indexmap::IndexMap;

/// Deployments by what they are at a moment, in the steps.
pub const ROLES: [&str; 3] = ["new", "old", "idle"];

pub fn endpoint(fields: &mut Fields<'_, '_>) -> Endpoint {
    let header = fields.header(|ident| naming::outside(Kind::Endpoint, ident));
    let kind = match fields.word("type") {
        Some("batch") => EndpointKind::Batch,
        _ => EndpointKind::Online,
    };
    let settings = settings(fields);
    check(fields, &header, kind, &settings);
    Endpoint { header, kind, settings }
}

fn settings(fields: &mut Fields<'_, '_>) -> EndpointSettings {
    let deployments = deployments(fields);
    let traffic = fields.syntax_map("traffic");
    let mirror = fields.syntax_map("mirror_traffic");
    EndpointSettings {
        description: fields.plain("description"),
        auth: auth(fields),
        compute: fields.reference("compute"),
        public: flag(fields, "public"),
        identity: fields.plain("identity"),
        default: default(fields, &deployments),
        tags: tags(fields),
        traffic: percentages(fields.cx, &traffic, &deployments, &[]),
        mirror: percentages(fields.cx, &mirror, &deployments, &[]),
        deployments,
    }
}

pub(super) fn flag(fields: &Fields<'_, '_>, name: &str) -> Option<Spanned<bool>> {
    fields.bool(name).zip(fields.span_of(name)).map(|(it, span)| Spanned::new(it, span))
}

fn auth(fields: &Fields<'_, '_>) -> Option<Spanned<EndpointAuth>> {
    let auth = match fields.word("auth")? {
        "aml_token" => EndpointAuth::AmlToken,
        "aad_token" => EndpointAuth::AadToken,
        _ => EndpointAuth::Key,
    };
    Some(Spanned::new(auth, fields.span_of("auth")?))
}

fn default(
    fields: &mut Fields<'_, '_>,
    deployments: &IndexMap<String, Deployment>,
) -> Option<Spanned<String>> {
    let written = fields.ast("default")?;
    let ast::ExprKind::Path(path) = &written.kind else { return None };
    let name = path.as_ident().cloned().unwrap_or_else(|| Spanned::new(String::new(), written.span));
    if let Some(found) = deployments.get(&name.value) {
        fields.cx.symbols.link(&name, found.ident.span);
        return Some(name);
    }
    let known: Vec<&str> = deployments.keys().map(String::as_str).collect();
    let nearest = suggest::nearest(&name.value, known.iter().copied());
    fields.cx.push(errors::undefined_name(&name, "deployment of this endpoint", nearest, &known));
    None
}

fn deployments(fields: &mut Fields<'_, '_>) -> IndexMap<String, Deployment> {
    let mut found: IndexMap<String, Deployment> = IndexMap::new();
    for decoded in fields.each("deployment", deployment::deployment) {
        if decoded.ident.value.is_empty() {
            continue;
        }
        check_word(fields, &decoded.ident);
        match found.get(&decoded.ident.value) {
            Some(first) => {
                let finding = errors::duplicate_name("deployment", &decoded.ident, first.ident.span);
                fields.cx.push(finding);
            }
            None => {
                found.insert(decoded.ident.value.clone(), decoded);
            }
        }
    }
    found
}

/// What steps write beside deployments cannot be one's name.
fn check_word(fields: &mut Fields<'_, '_>, ident: &Spanned<String>) {
    let of_steps = crate::schema::pipeline::STEP.iter().map(|it| it.name).chain(["env", "mirror_traffic"]);
    if ROLES.into_iter().chain(of_steps).any(|it| it == ident.value) {
        let message =
            format!("`{}` has a meaning of its own in steps and cannot be a deployment's name", ident.value);
        fields.cx.push(errors::invalid_value(
            ident.span,
            message,
            "name it after what it is: `blue` and `green`, or `main`",
        ));
    }
}

fn check(fields: &mut Fields<'_, '_>, header: &Header, kind: EndpointKind, settings: &EndpointSettings) {
    if settings.deployments.is_empty() {
        let help = "add `deployment main { model = …, size = \"Standard_DS3_v2\" }`";
        fields.missing("deployment", help);
    }
    foreign(fields, kind, settings);
    if let Some(auth) =
        settings.auth.as_ref().filter(|it| kind == EndpointKind::Batch && it.value != EndpointAuth::AadToken)
    {
        let help = "remove `auth`, or write `auth = aad_token`";
        fields.cx.push(errors::invalid_value(
            auth.span,
            "a batch endpoint knows callers by their Entra token only",
            help,
        ));
    }
    if let Some(compute) = &settings.compute
        && let Some(public) = &settings.public
    {
        let help = "remove it: the cluster's network decides who reaches it";
        let finding =
            errors::invalid_value(public.span, "`public` belongs to endpoints that Azure ML manages", help);
        fields.cx.push(finding.label(compute.span, "this one runs on a cluster"));
    }
    traffic::check(fields.cx, settings);
    if header.existing && settings.description.is_some() {
        let span = fields.span_of("description").unwrap_or(header.head);
        let help = "remove it, or remove `existing = true`";
        fields.cx.push(errors::invalid_value(span, "an existing endpoint is described by its owners", help));
    }
    for deployment in settings.deployments.values() {
        deployment::check(fields.cx, kind, settings.compute.is_some(), deployment);
    }
}

/// What belongs to the other type of endpoint.
fn foreign(fields: &mut Fields<'_, '_>, kind: EndpointKind, settings: &EndpointSettings) {
    let of_batch = [("default", settings.default.as_ref().map(|it| it.span))];
    let block = |word: &str| fields.children(word).first().map(|it| it.head);
    let of_online = [
        ("compute", settings.compute.as_ref().map(|it| it.span)),
        ("public", settings.public.as_ref().map(|it| it.span)),
        ("traffic", block("traffic")),
        ("mirror_traffic", block("mirror_traffic")),
    ];
    let (foreign, help): (&[(&str, Option<Span>)], _) = match kind {
        EndpointKind::Online => (&of_batch, "remove it, or write `type = batch`"),
        EndpointKind::Batch => (
            &of_online,
            "remove it, or write `type = online`; of a batch endpoint, `default` says which deployment runs",
        ),
    };
    for (word, span) in foreign.iter().copied() {
        if let Some(span) = span {
            let message = format!("`{word}` has no meaning for {} {} endpoint", kind.article(), kind.word());
            fields.cx.push(errors::invalid_value(span, message, help));
        }
    }
}
