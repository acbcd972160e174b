//! The resources of Azure ML: workspaces, computes, runtimes, datastores, data, models.

use super::{Header, MlRegistry, MlType};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::data::Record;
use crate::model::expr::Expr;
use indexmap::IndexMap;

#[derive(Debug)]
pub struct Workspace {
    pub header: Header,
    pub resource_group: Spanned<String>,
    pub region: Option<Spanned<String>>,
    pub description: Option<String>,
    /// Resource ids.
    pub key_vault: Option<String>,
    pub storage_account: Option<String>,
    pub application_insights: Option<String>,
    pub container_registry: Option<String>,
    pub tags: IndexMap<String, String>,
}

#[derive(Debug)]
pub struct Compute {
    pub header: Header,
    pub size: Option<Spanned<String>>,
    pub nodes: (u32, u32),
    pub idle_seconds: Option<u64>,
    pub low_priority: bool,
    /// Resource id of a user-assigned identity, or `system`.
    pub identity: Option<String>,
    pub description: Option<String>,
    pub tags: IndexMap<String, String>,
    /// The built-in `serverless`.
    pub serverless: bool,
    pub extra: Record,
}

/// An Azure ML environment.
#[derive(Debug)]
pub struct Runtime {
    pub header: Header,
    pub image: Option<Spanned<String>>,
    /// A conda file, relative to the project's root.
    pub conda: Option<Spanned<String>>,
    /// A Docker build context (folder) and the Dockerfile in it.
    pub build: Option<RuntimeBuild>,
    /// Registered under this version; without one it is inlined, addressed by content.
    pub version: Option<Spanned<String>>,
    /// The registry that an existing one is taken from.
    pub registry: Option<Spanned<Id<MlRegistry>>>,
    pub description: Option<String>,
}

#[derive(Debug)]
pub struct RuntimeBuild {
    pub context: Spanned<String>,
    pub dockerfile: Option<Spanned<String>>,
}

#[derive(Debug)]
pub struct Datastore {
    pub header: Header,
    pub kind: Option<DatastoreKind>,
    /// By the names of Azure ML; empty where access is by identity.
    pub credentials: IndexMap<&'static str, Expr>,
    pub description: Option<String>,
}

#[derive(Debug)]
pub enum DatastoreKind {
    AzureBlob { account: String, container: String },
    AzureFile { account: String, share: String },
    AzureDataLakeGen2 { account: String, filesystem: String },
}

#[derive(Debug)]
pub struct Data {
    pub header: Header,
    pub ty: MlType,
    /// `None` for an existing asset.
    pub path: Option<AssetPath>,
    pub version: Option<Spanned<String>>,
    pub description: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum AssetPath {
    /// `path(store, "a/b")`
    Datastore(Id<Datastore>, String),
    /// `file("local")`, relative to the project's root.
    Local(String),
    /// `https://…`, `wasbs://…`, `abfss://…`
    Url(String),
}

#[derive(Debug)]
pub struct Model {
    pub header: Header,
    pub ty: MlType,
    /// What versions are compared by; they carry it as a tag of this name.
    pub metric: Option<Spanned<String>>,
    /// Less is better.
    pub minimize: bool,
    /// In the metric's own unit, from 0.
    pub minimum_gain: f64,
    /// What the version bears that a candidate must beat.
    pub stage: String,
    /// The tag that holds a version's stage.
    pub stage_tag: String,
    pub description: Option<String>,
    pub tags: IndexMap<String, String>,
}
