//! The resources of Azure ML: workspaces, computes, runtimes, datastores, data, models.

use crate::base::arena::Id;
use crate::base::files::FileKind;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind};
use crate::model::fields::{Cx, Fields};
use crate::model::naming;
use crate::model::project::{
    AssetPath, Compute, Data, Datastore, DatastoreKind, Header, MlType, Model, Runtime, RuntimeBuild,
    Workspace,
};
use crate::model::symbols::SERVERLESS;
use crate::schema::Kind;
use crate::syntax::ast;
use indexmap::IndexMap;

pub fn tags(fields: &mut Fields<'_, '_>) -> IndexMap<String, String> {
    fields.string_map("tags")
}

pub fn workspace(fields: &mut Fields<'_, '_>) -> Workspace {
    let header = fields.header(|ident| naming::outside(Kind::Workspace, ident));
    if !header.existing && !fields.has("region") {
        fields.missing(
            "region",
            "add `region = \"westeurope\"`, or `existing = true` if others own the workspace",
        );
    }
    Workspace {
        resource_group: fields.required_string("resource_group"),
        region: fields.string("region"),
        description: fields.plain("description"),
        key_vault: fields.plain("key_vault"),
        storage_account: fields.plain("storage_account"),
        application_insights: fields.plain("application_insights"),
        container_registry: fields.plain("container_registry"),
        tags: tags(fields),
        header,
    }
}

pub fn compute(fields: &mut Fields<'_, '_>) -> Compute {
    let header = fields.header(|ident| naming::outside(Kind::Compute, ident));
    if !header.existing && !fields.has("size") {
        fields.missing(
            "size",
            "add `size = \"Standard_DS3_v2\"`, or `existing = true` if others own the cluster",
        );
    }
    let nodes = fields.value("nodes").map_or((0, 1), |it| whole_ends(&it.value));
    Compute {
        size: fields.string("size"),
        nodes,
        idle_seconds: fields.seconds("idle").map(|it| it.value),
        low_priority: fields.word("tier") == Some("low_priority"),
        identity: fields.plain("identity"),
        description: fields.plain("description"),
        tags: tags(fields),
        serverless: false,
        extra: super::ml::extra(fields),
        header,
    }
}

/// Both ends of a range of whole numbers that its row has bounded.
pub fn whole_ends(value: &Value) -> (u32, u32) {
    let whole = |it: &Value| match it {
        Value::Int(it) => u32::try_from(*it).unwrap_or(0),
        _ => 0,
    };
    let (low, high) = value.ends();
    (whole(low), whole(high))
}

pub fn serverless() -> Compute {
    let nowhere = Span::default();
    let name = Spanned::new(SERVERLESS.to_owned(), nowhere);
    let header = Header { ident: name.clone(), title: None, name, existing: true, doc: None, head: nowhere };
    Compute {
        header,
        size: None,
        nodes: (0, 0),
        idle_seconds: None,
        low_priority: false,
        identity: None,
        description: None,
        tags: IndexMap::new(),
        serverless: true,
        extra: crate::model::data::Record::new(),
    }
}

pub fn runtime(fields: &mut Fields<'_, '_>) -> Runtime {
    let mut header = fields.header(str::to_owned);
    let registry = fields.reference("registry");
    header.existing |= registry.is_some();
    let build = fields.one("build", |it| RuntimeBuild {
        context: it.required_string("context"),
        dockerfile: it.string("dockerfile"),
    });
    let image = fields.string("image");
    if let (Some(build), Some(image)) = (fields.children("build").first(), &image) {
        let finding = errors::invalid_value(
            build.head,
            "a runtime has an image or builds one",
            "remove `image` or `build`",
        );
        fields.cx.push(finding.label(image.span, "the image"));
    }
    if let (Some(conda), Some(build)) = (fields.span_of("conda"), fields.children("build").first()) {
        let help = "install its packages in the Dockerfile, or write `image` instead of `build`";
        let finding = errors::invalid_value(
            conda,
            "a conda file is installed on top of an image, not of a build",
            help,
        );
        fields.cx.push(finding.label(build.head, "the build"));
    }
    let version = fields.string("version");
    if !header.existing && image.is_none() && build.is_none() {
        fields.missing("image", "add `image = \"…\"`, with `conda = \"…\"` on top of it if needed, or `build { context = \"…\" }`");
    }
    if header.existing && version.is_none() {
        fields.missing("version", "add `version = \"…\"`: an existing runtime is named by its version");
    }
    Runtime {
        image,
        conda: fields.string("conda"),
        build,
        version,
        registry,
        description: fields.plain("description"),
        header,
    }
}

pub fn datastore(fields: &mut Fields<'_, '_>) -> Datastore {
    let header = fields.header(str::to_owned);
    let kind = if header.existing { None } else { datastore_kind(fields) };
    let credentials = fields.one("credentials", |it| credentials(it, kind.as_ref())).unwrap_or_default();
    Datastore { kind, credentials, description: fields.plain("description"), header }
}

fn datastore_kind(fields: &mut Fields<'_, '_>) -> Option<DatastoreKind> {
    let Some(word) = fields.word("type") else {
        if !fields.has("type") {
            fields
                .missing("type", "add `type = azure_blob`, or `existing = true` if others own the datastore");
        }
        return None;
    };
    let account = needed(fields, "account");
    Some(match word {
        "azure_file" => DatastoreKind::AzureFile { account, share: needed(fields, "share") },
        "azure_data_lake_gen2" => {
            DatastoreKind::AzureDataLakeGen2 { account, filesystem: needed(fields, "container") }
        }
        _ => DatastoreKind::AzureBlob { account, container: needed(fields, "container") },
    })
}

const PRINCIPAL: [&str; 3] = ["tenant_id", "client_id", "client_secret"];

/// One way in, complete, that the kind of storage takes; its secret part is no constant.
fn credentials(fields: &mut Fields<'_, '_>, kind: Option<&DatastoreKind>) -> IndexMap<&'static str, Expr> {
    let ways: [&[&str]; 3] = [&["account_key"], &["sas_token"], &PRINCIPAL];
    let written: Vec<&[&str]> = ways.into_iter().filter(|way| way.iter().any(|it| fields.has(it))).collect();
    let &[way] = written.as_slice() else {
        let help =
            "write one of `account_key`, `sas_token`, or all of `tenant_id`, `client_id` and `client_secret`";
        fields.cx.push(errors::invalid_value(
            fields.head(),
            "credentials are one key, token or principal",
            help,
        ));
        return IndexMap::new();
    };
    let is_lake = matches!(kind, Some(DatastoreKind::AzureDataLakeGen2 { .. }));
    if kind.is_some() && is_lake != (way.len() > 1) {
        let help = if is_lake {
            "a data lake takes `tenant_id`, `client_id` and `client_secret`"
        } else {
            "blobs and files take `account_key` or `sas_token`"
        };
        fields.cx.push(errors::invalid_value(fields.head(), "this storage has no such credentials", help));
    }
    let mut found = IndexMap::new();
    for name in way {
        if !fields.has(name) {
            fields.missing(name, &format!("add `{name} = vars.…`"));
        }
        let Some(value) = fields.expr(name) else { continue };
        let is_secret = matches!(value.kind, ExprKind::Variable { secret: true, .. });
        if !is_secret && !matches!(*name, "tenant_id" | "client_id") {
            let help = "declare `secret x` in `variables`, and write `vars.x`";
            fields.cx.push(errors::invalid_value(
                value.span,
                format!("`{name}` is a secret and stands in none"),
                help,
            ));
        }
        found.insert(*name, value);
    }
    found
}

fn needed(fields: &mut Fields<'_, '_>, name: &str) -> String {
    if !fields.has(name) {
        fields.missing(name, &format!("add `{name} = \"…\"`"));
    }
    fields.plain(name).unwrap_or_default()
}

pub fn data(fields: &mut Fields<'_, '_>) -> Data {
    let header = fields.header(str::to_owned);
    let ty = match fields.word("type") {
        Some("uri_file") => MlType::UriFile,
        Some("mltable") => MlType::MlTable,
        _ => MlType::UriFolder,
    };
    let path = fields.ast("path").and_then(|it| asset_path(fields.cx, it));
    if path.is_none() && !header.existing && !fields.has("path") {
        fields.missing(
            "path",
            "add `path = path(STORE, \"folder\")`, `file(\"local\")` or a URL, or `existing = true`",
        );
    }
    Data { ty, path, version: fields.string("version"), description: fields.plain("description"), header }
}

pub fn model(fields: &mut Fields<'_, '_>) -> Model {
    let header = fields.header(str::to_owned);
    let ty = match fields.word("type") {
        Some("mlflow_model") => MlType::MlflowModel,
        Some("triton_model") => MlType::TritonModel,
        _ => MlType::CustomModel,
    };
    let minimum_gain = fields.number("minimum_gain").unwrap_or(0.0);
    if let Some(span) = fields.span_of("minimum_gain").filter(|_| minimum_gain < 0.0) {
        let help = "write how much better it must be, from 0; `direction` says which way is better";
        fields.cx.push(errors::invalid_value(span, "a gain is not negative", help));
    }
    for name in ["direction", "minimum_gain"] {
        if let Some(span) = fields.span_of(name).filter(|_| !fields.has("metric")) {
            let help = "add `metric = \"…\"`, or remove it";
            fields.cx.push(errors::invalid_value(
                span,
                format!("without a metric, `{name}` has no meaning"),
                help,
            ));
        }
    }
    Model {
        ty,
        metric: fields.string("metric"),
        minimize: fields.word("direction") == Some("minimize"),
        minimum_gain,
        stage: fields.plain("stage").unwrap_or_else(|| "production".to_owned()),
        stage_tag: fields.plain("stage_tag").unwrap_or_else(|| "stage".to_owned()),
        description: fields.plain("description"),
        tags: tags(fields),
        header,
    }
}

/// `path(store, "a/b")`, `file("local")` or a URL.
pub fn asset_path(cx: &mut Cx<'_>, expr: &ast::Expr) -> Option<AssetPath> {
    match &expr.kind {
        ast::ExprKind::Call(name, arguments) => {
            match (name.as_ident().map(|it| it.value.as_str()), arguments.as_slice()) {
                (Some("path"), [store, inner]) => datastore_path(cx, store, inner),
                (Some("file"), [local]) => {
                    let local = text(local)?;
                    cx.existing_path(&local, None::<FileKind>).map(|it| AssetPath::Local(it.value))
                }
                (Some(known), _) if FUNCTIONS.contains(&known) => not_a_path(cx, expr.span),
                (Some(other), _) => unknown_function(cx, other, name.span),
                (None, _) => not_a_path(cx, expr.span),
            }
        }
        ast::ExprKind::String(written) => url(cx, &written.constant()?, expr.span),
        ast::ExprKind::Broken => None,
        _ => not_a_path(cx, expr.span),
    }
}

/// What data may be called by.
const FUNCTIONS: [&str; 4] = ["path", "file", "latest", "at"];

fn unknown_function(cx: &mut Cx<'_>, name: &str, span: Span) -> Option<AssetPath> {
    let help = match suggest::nearest(name, FUNCTIONS) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "there is `latest(DATA)`, `at(DATA, \"3\")`, `path(STORE, \"folder/file\")` and `file(\"local/path\")`".to_owned(),
    };
    cx.push(errors::invalid_value(span, format!("there is no function `{name}` for data"), help));
    None
}

fn not_a_path(cx: &mut Cx<'_>, span: Span) -> Option<AssetPath> {
    let help = "write `path(STORE, \"folder/file\")`, `file(\"local/path\")`, or a URL in quotes";
    cx.push(errors::invalid_value(span, "this is no place for data", help));
    None
}

fn text(expr: &ast::Expr) -> Option<Spanned<String>> {
    match &expr.kind {
        ast::ExprKind::String(text) => Some(Spanned::new(text.constant()?.into_owned(), expr.span)),
        _ => None,
    }
}

fn datastore_path(cx: &mut Cx<'_>, store: &ast::Expr, inner: &ast::Expr) -> Option<AssetPath> {
    let (ast::ExprKind::Path(path), Some(inner)) = (&store.kind, text(inner)) else {
        return not_a_path(cx, store.span);
    };
    match cx.symbols.find(&[Kind::Datastore], path) {
        Ok(found) => {
            // What means the folder itself says nothing: `.` is the root of the datastore.
            let parts = inner.value.trim_start_matches('/').split('/').filter(|it| *it != ".");
            Some(AssetPath::Datastore(Id::new(found.index), parts.collect::<Vec<_>>().join("/")))
        }
        Err(finding) => {
            cx.push(finding);
            None
        }
    }
}

fn url(cx: &mut Cx<'_>, written: &str, span: Span) -> Option<AssetPath> {
    if written.starts_with("azureml:") {
        let help = "declare the asset (`data x { … }`) or the datastore, and name it here";
        cx.push(errors::invalid_value(span, "a reference into Azure ML is not written as a string", help));
        return None;
    }
    if ["https://", "http://", "wasbs://", "abfss://"].iter().any(|it| written.starts_with(it)) {
        return Some(AssetPath::Url(written.to_owned()));
    }
    not_a_path(cx, span)
}
