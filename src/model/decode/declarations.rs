//! The project itself, connections, repositories, pools, variables and container registries.

use crate::base::files::normalize;
use crate::base::span::{Span, Spanned};
use crate::model::convert::Value;
use crate::model::decode::{job, variables as source};
use crate::model::errors;
use crate::model::expr::{Expr, Phase, Ty};
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::naming;
use crate::model::project::{
    Connection, ConnectionKind, ContainerRegistry, Header, Inherited, Pool, PoolKind, Repository,
    RepositoryKind, Settings, Timeout, Variable, Variables, Vault,
};
use crate::model::scope::{meant_type, value_type, value_type_or_near};
use crate::model::symbols::SERVER;
use crate::schema::Kind;
use crate::schema::declarations::PROJECT;
use crate::syntax::ast;
use indexmap::IndexMap;

pub fn settings(cx: &mut Cx<'_>) -> Settings {
    let Some(block) = cx.symbols.project else { return Settings::default() };
    let mut fields = Fields::new(cx, &PROJECT, block);
    Settings {
        header: Some(fields.header(str::to_owned)),
        organization: organization(&mut fields),
        project: fields.string("project"),
        folder: fields
            .string("folder")
            .map(|it| it.map(|path| path.trim_matches(['/', '\\']).replace('/', "\\"))),
        inherited: inherited(&mut fields),
    }
}

/// One of the cloud, under either of its addresses, or a collection of a server.
fn organization(fields: &mut Fields<'_, '_>) -> Option<Spanned<String>> {
    let written = fields.string("organization")?;
    let wrong = match written.value.split_once("://") {
        Some(("https", address)) => not_an_organization(address),
        Some(("http", _)) => Some("a token is not sent without encryption"),
        _ => Some("an organization is named by its address"),
    };
    if let Some(wrong) = wrong {
        let help =
            "write `https://dev.azure.com/contoso`, or the address of a collection of Azure DevOps Server";
        fields.cx.push(errors::invalid_value(written.span, wrong, help));
    }
    Some(written)
}

fn not_an_organization(address: &str) -> Option<&'static str> {
    let (host, path) = address.trim_end_matches('/').split_once('/').unwrap_or((address, ""));
    let parts = path.split('/').filter(|it| !it.is_empty()).count();
    let in_host = host.ends_with(".visualstudio.com");
    match parts {
        _ if host.is_empty() || address.contains(|it: char| it.is_whitespace() || "?#@".contains(it)) => {
            Some("this is not the address of an organization")
        }
        0 if !in_host => Some("this address names no organization"),
        2.. if host == "dev.azure.com" => Some("this is the address of a project, or of something in it"),
        _ => None,
    }
}

/// The attributes that every level of a pipeline may set.
pub fn inherited(fields: &mut Fields<'_, '_>) -> Inherited {
    let has = |name: &str| fields.block.attribute(name).is_some();
    let (has_pool, has_env) = (has("pool"), fields.block.child("env").is_some());
    let timeout = fields.value("timeout").map(|it| {
        let timeout = match it.value {
            Value::Seconds(seconds) => Timeout::Seconds(seconds),
            _ => Timeout::Max,
        };
        Spanned::new(timeout, it.span)
    });
    Inherited {
        pool: if has_pool { fields.reference("pool") } else { None },
        timeout,
        cancel_timeout: if has("cancel_timeout") { fields.seconds("cancel_timeout") } else { None },
        variables: fields.references("variables"),
        connection: fields.reference("connection"),
        workspace: fields.reference("workspace"),
        env: if has_env { fields.env() } else { IndexMap::new() },
    }
}

pub fn connection(fields: &mut Fields<'_, '_>) -> Connection {
    let kind = match fields.word("type") {
        Some("docker_registry") => ConnectionKind::DockerRegistry,
        Some("github") => ConnectionKind::Github,
        Some("kubernetes") => ConnectionKind::Kubernetes,
        Some("generic") => ConnectionKind::Generic,
        Some("incoming_webhook") => ConnectionKind::IncomingWebhook,
        _ => ConnectionKind::AzureRm,
    };
    Connection { header: fields.header(|ident| naming::outside(Kind::Connection, ident)), kind }
}

pub fn repository(fields: &mut Fields<'_, '_>) -> Repository {
    let kind = match fields.word("type") {
        Some("github") => RepositoryKind::Github,
        Some("bitbucket") => RepositoryKind::Bitbucket,
        _ => RepositoryKind::AzureRepos,
    };
    let header = fields.header(|ident| naming::outside(Kind::Repository, ident));
    let is_self = header.ident.value == "self";
    let folder = fields.string("folder").map(|it| folder_in_repository(fields, &it));
    let wrong = if is_self { "copy" } else { "folder" };
    if let Some(span) = fields.span_of(wrong) {
        let help = if is_self {
            "`copy` is for other repositories"
        } else {
            "`folder` is for `self`; for another repository, write `copy`"
        };
        fields.cx.push(errors::invalid_value(span, format!("`{wrong}` has no meaning here"), help));
    }
    let connection = fields.reference("connection");
    if kind != RepositoryKind::AzureRepos && connection.is_none() && !is_self {
        fields.missing("connection", "add `connection = NAME`: Azure Pipelines reads GitHub and Bitbucket through a service connection");
    }
    Repository {
        header,
        kind,
        branch: fields.string("branch"),
        connection,
        folder: folder.unwrap_or_else(|| ".".into()),
        copy: fields.string("copy"),
    }
}

fn folder_in_repository(fields: &mut Fields<'_, '_>, path: &Spanned<String>) -> String {
    match normalize(&path.value).filter(|_| !path.value.starts_with('/')) {
        Some(normal) => normal,
        None => {
            let help = "write the way from the repository's root to the project, such as `ops`";
            fields.cx.push(errors::invalid_value(path.span, "the folder leaves the repository", help));
            ".".into()
        }
    }
}

pub fn pool(fields: &mut Fields<'_, '_>) -> Pool {
    let header = fields.header(|ident| naming::outside(Kind::Pool, ident));
    let demands = demands(fields);
    let container = job::container(fields);
    let kind = match fields.plain("image") {
        Some(image) => {
            if let Some(span) = fields.span_of("demands") {
                fields.cx.push(errors::invalid_value(
                    span,
                    "hosted agents know no demands",
                    "remove `demands`, or name a self-hosted pool instead of an image",
                ));
            }
            PoolKind::Hosted { image }
        }
        None => {
            if !fields.has("name") {
                fields.missing("image", "add `image = \"ubuntu-24.04\"` for a hosted agent, or `name = \"…\"` for a self-hosted pool");
            }
            PoolKind::SelfHosted { name: header.name.value.clone(), demands }
        }
    };
    Pool { header, kind, container }
}

/// `name`, or `name -equals value`: Azure Pipelines knows no other comparison.
fn demands(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let written = fields.strings("demands");
    for demand in &written {
        let words: Vec<&str> = demand.value.split_whitespace().collect();
        if !matches!(words.as_slice(), [_] | [_, "-equals", _, ..]) {
            let message = format!("`{}` is no demand", demand.value);
            let help = "write the name of a capability, or `NAME -equals VALUE`";
            fields.cx.push(errors::invalid_value(demand.span, message, help));
        }
    }
    written.into_iter().map(|it| it.value).collect()
}

/// `pool = server`
pub fn server_pool() -> Pool {
    let nowhere = Span::default();
    let name = Spanned::new(SERVER.to_owned(), nowhere);
    let header = Header { ident: name.clone(), title: None, name, existing: true, doc: None, head: nowhere };
    Pool { header, kind: PoolKind::Server, container: None }
}

pub fn variables(fields: &mut Fields<'_, '_>) -> Variables {
    let header = fields.header(str::to_owned);
    let group = fields.string("group");
    let key_vault =
        fields.string("key_vault").map(|name| Vault { name, connection: fields.reference("connection") });
    let template = fields.string("template");
    let mut members = IndexMap::new();
    for block in fields.children("secret") {
        let row = fields.block.child("secret").expect("the row has it").block;
        let inner = Fields::new(fields.cx, row, block);
        let name = inner.plain("name");
        if let Some(ident) = block.arguments.first().and_then(identifier) {
            let secret = Variable {
                // A key vault has no `_` in its names.
                name: name.unwrap_or_else(|| match key_vault {
                    Some(_) => ident.value.replace('_', "-"),
                    None => ident.value.clone(),
                }),
                ident,
                secret: true,
                ty: Ty::String,
                value: None,
                held: None,
            };
            add(fields.cx, &mut members, secret);
        }
    }
    for (row, declaration) in fields.declarations("var") {
        let name = Fields::of_declaration(fields.cx, row, declaration, fields.ast).plain("name");
        let ty = type_of(fields.cx, &declaration.ty);
        let held = declaration.default.as_ref().and_then(|it| held(fields.cx, it, ty));
        let ident = declaration.name.ident.clone();
        let variable = Variable {
            name: name.unwrap_or_else(|| ident.value.clone()),
            ident,
            secret: false,
            ty,
            value: None,
            held,
        };
        add(fields.cx, &mut members, variable);
    }
    if let Some(held) = members.values().find_map(|it| it.held.as_ref()).filter(|_| group.is_none()) {
        let help = "write `values { … }` for values of this file, or add `group = \"…\"` for a group that is to hold them";
        fields.cx.push(errors::invalid_value(
            held.span,
            "only a variable of a group is given a value so",
            help,
        ));
    }
    values(fields, &mut members);
    let place = source::of(fields, &mut members);
    if !place && group.is_none() && members.values().any(|it| it.value.is_none()) {
        fields
            .missing("group", "add `group = \"…\"`: `secret` and `var` describe what a variable group holds");
    }
    Variables { header, group, key_vault, template, members }
}

/// What a variable of a group is to hold: a constant of its type.
fn held(cx: &mut Cx<'_>, written: &ast::Expr, ty: Ty) -> Option<Expr> {
    let value = cx.resolver.expr(written, cx.symbols, &mut cx.findings)?;
    let fits = value.ty == ty || (ty == Ty::Number && value.ty == Ty::Int);
    if fits && value.phase() == Phase::Compile {
        return Some(value);
    }
    let message = "a group holds what is known before any run, and of the type that is said";
    cx.push(errors::wrong_type(value.span, message, "write a constant of the variable's type"));
    None
}

fn values(fields: &mut Fields<'_, '_>, members: &mut IndexMap<String, Variable>) {
    let written = fields.one("values", |it| {
        let keys: Vec<Spanned<String>> = keys(it.ast).cloned().collect();
        (keys, it.free_exprs())
    });
    let Some((keys, values)) = written else { return };
    for (name, value) in values {
        let ident = keys.iter().find(|it| it.value == name).cloned();
        let mut ident = ident.unwrap_or_else(|| Spanned::new(name.clone(), value.span));
        // Outside it is called as it is written, here as all names are.
        if name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.') {
            ident.value = errors::snake_case(&name);
        }
        if value.phase() != Phase::Compile {
            let help = "write a constant; what only a run knows goes into `env` of the step that needs it";
            fields.cx.push(errors::invalid_value(
                value.span,
                format!("`{name}` is not known before a run"),
                help,
            ));
            continue;
        }
        add(
            fields.cx,
            members,
            Variable { ident, name, secret: false, ty: value.ty, value: Some(value), held: None },
        );
    }
}

fn keys(block: &ast::Block) -> impl Iterator<Item = &Spanned<String>> {
    block.body.iter().flat_map(|body| &body.statements).filter_map(|it| match it {
        ast::Statement::Attribute(it) => Some(&it.key),
        _ => None,
    })
}

pub(super) fn add(cx: &mut Cx<'_>, members: &mut IndexMap<String, Variable>, variable: Variable) {
    check_identifier(cx, &variable.ident);
    if let Some(first) = members.get(&variable.ident.value) {
        cx.push(errors::duplicate_name("variable", &variable.ident, first.ident.span));
        return;
    }
    let lower = variable.name.to_ascii_lowercase();
    if let Some(taken) =
        ["endpoint", "input", "secret", "securefile"].iter().find(|it| lower.starts_with(**it))
    {
        let message = format!("a variable of Azure Pipelines cannot begin with `{taken}`");
        let help =
            "the agent hides such variables from steps; choose another name outside with `name = \"…\"`";
        cx.push(errors::invalid_value(variable.ident.span, message, help));
    }
    members.insert(variable.ident.value.clone(), variable);
}

/// The identifier of an argument such as `secret api_key`.
fn identifier(expr: &ast::Expr) -> Option<Spanned<String>> {
    match &expr.kind {
        ast::ExprKind::Path(path) => path.as_ident().cloned(),
        _ => None,
    }
}

/// A type in pipelines: `string`, `int`, `number`, `bool`.
pub fn type_of(cx: &mut Cx<'_>, ty: &ast::Type) -> Ty {
    let found = value_type(&ty.name.value).filter(|_| !ty.list);
    found.unwrap_or_else(|| {
        let known = ["string", "int", "number", "bool"];
        if ty.list {
            let help = "write a string, and separate its parts in the script";
            cx.push(errors::wrong_type(ty.span, "a value in a pipeline cannot be a list", help));
        } else {
            let nearest = meant_type(&ty.name.value);
            cx.push(errors::undefined_name(&ty.name, "type of a value in a pipeline", nearest, &known));
        }
        value_type_or_near(&ty.name.value)
    })
}

pub fn container_registry(fields: &mut Fields<'_, '_>) -> ContainerRegistry {
    let header = fields.header(|ident| naming::outside(Kind::ContainerRegistry, ident));
    ContainerRegistry {
        resource_group: fields.string("resource_group"),
        connection: fields.reference("connection"),
        pull_identity: fields.string("pull_identity"),
        username: fields.expr("username"),
        password: fields.expr("password"),
        header,
    }
}
