//! Connections, repositories, pools, variables and container registries.

use super::{Container, Header};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::expr::{Expr, Ty};
use indexmap::IndexMap;

#[derive(Debug)]
pub struct Connection {
    pub header: Header,
    pub kind: ConnectionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionKind {
    AzureRm,
    DockerRegistry,
    Github,
    Kubernetes,
    Generic,
    IncomingWebhook,
}

#[derive(Debug)]
pub struct Repository {
    pub header: Header,
    pub kind: RepositoryKind,
    pub branch: Option<Spanned<String>>,
    /// The service connection of a GitHub or Bitbucket repository.
    pub connection: Option<Spanned<Id<Connection>>>,
    /// Of `self`: the project's folder in the repository, normalized, `.` for its root.
    pub folder: String,
    /// Of others: a copy of the repository below the project's root, read to check paths.
    pub copy: Option<Spanned<String>>,
}

impl Repository {
    pub fn is_self(&self) -> bool {
        self.header.ident.value == "self"
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepositoryKind {
    AzureRepos,
    Github,
    Bitbucket,
}

#[derive(Debug)]
pub struct Pool {
    pub header: Header,
    pub kind: PoolKind,
    /// What its jobs run in, where they say nothing themselves.
    pub container: Option<Container>,
}

#[derive(Debug)]
pub enum PoolKind {
    /// Hosted: `vmImage`.
    Hosted {
        image: String,
    },
    SelfHosted {
        name: String,
        demands: Vec<String>,
    },
    /// The built-in `server`: no agent.
    Server,
}

/// Secrets of a key vault.
#[derive(Debug)]
pub struct Vault {
    pub name: Spanned<String>,
    /// What may read it, if not the connection around.
    pub connection: Option<Spanned<Id<Connection>>>,
}

#[derive(Debug)]
pub struct Variables {
    pub header: Header,
    /// The variable group in Azure DevOps; none where the values are written here.
    pub group: Option<Spanned<String>>,
    /// Or the key vault.
    pub key_vault: Option<Vault>,
    /// Or a template of variables, relative to the project's root.
    pub template: Option<Spanned<String>>,
    pub members: IndexMap<String, Variable>,
}

#[derive(Debug)]
pub struct Variable {
    pub ident: Spanned<String>,
    /// The name in Azure DevOps.
    pub name: String,
    pub secret: bool,
    pub ty: Ty,
    /// Written in `values { … }`.
    pub value: Option<Expr>,
    /// Of a group: what it is to hold.
    pub held: Option<Expr>,
}

/// An Azure Container Registry.
#[derive(Debug)]
pub struct ContainerRegistry {
    pub header: Header,
    /// With which jobs in containers pull.
    pub connection: Option<Spanned<Id<Connection>>>,
    pub resource_group: Option<Spanned<String>>,
    /// Resource id of the user-assigned identity that pulls for container instances.
    pub pull_identity: Option<Spanned<String>>,
    /// Or a user name and password (a secret) for pulling.
    pub username: Option<Expr>,
    pub password: Option<Expr>,
}

impl ContainerRegistry {
    pub fn login_server(&self) -> String {
        format!("{}.azurecr.io", self.header.name.value.to_lowercase())
    }
}
