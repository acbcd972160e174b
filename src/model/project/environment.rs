//! Environments with what guards them, and approvals.

use super::{Connection, Header, Inherited, Repository, Service, ServiceSettings, Variables};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::model::expr::Expr;
use indexmap::IndexMap;

#[derive(Debug)]
pub struct Environment {
    pub header: Header,
    pub target: Option<TargetPlace>,
    pub approval: Option<Spanned<Id<Approval>>>,
    /// Reaching it without an approval is an error.
    pub protected: bool,
    pub lock: Option<Lock>,
    /// Where that is said.
    pub lock_at: Option<Span>,
    pub description: Option<String>,
    /// Branches that may deploy to it.
    pub branches: Vec<Spanned<String>>,
    /// Only branches with policies may.
    pub protected_branches: Option<Span>,
    pub hours: Option<BusinessHours>,
    pub required_templates: Vec<RequiredTemplate>,
    pub calls: Vec<CheckCall>,
    pub inherited: Inherited,
    /// Overlays of services, by service.
    pub services: IndexMap<usize, Overlay>,
}

#[derive(Debug)]
pub struct Overlay {
    pub service: Spanned<Id<Service>>,
    pub settings: ServiceSettings,
    /// `name = "…"` of the container group or release in this environment.
    pub name: Option<Spanned<String>>,
}

#[derive(Debug)]
pub enum TargetPlace {
    Aci {
        resource_group: Spanned<String>,
        region: Option<String>,
        span: Span,
    },
    Aks {
        cluster: Spanned<String>,
        resource_group: Spanned<String>,
        namespace: Spanned<String>,
        /// Made where it is missing.
        create: Option<NewCluster>,
        span: Span,
    },
}

#[derive(Debug)]
pub struct NewCluster {
    pub region: Option<String>,
    pub node_size: String,
    /// Fewest and most.
    pub nodes: (u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    Latest,
    Sequential,
}

#[derive(Debug)]
pub struct BusinessHours {
    pub days: Vec<&'static str>,
    pub from: String,
    pub to: String,
    /// A time zone of Windows.
    pub zone: Spanned<String>,
    /// How long a stage waits for them.
    pub timeout_seconds: u64,
}

/// A template that a pipeline must extend.
#[derive(Debug)]
pub struct RequiredTemplate {
    pub path: Spanned<String>,
    /// `None`: `self`.
    pub repository: Option<Spanned<Id<Repository>>>,
    /// A branch, or a whole reference.
    pub reference: Option<Spanned<String>>,
    pub head: Span,
}

/// A request whose answer decides whether a stage may start.
#[derive(Debug)]
pub struct CheckCall {
    pub to: CallTarget,
    pub title: Option<Spanned<String>>,
    pub method: &'static str,
    pub headers: IndexMap<String, String>,
    pub body: Option<Spanned<String>>,
    /// The service calls back, instead of answering.
    pub callback: bool,
    pub success: Option<String>,
    /// Seconds; `None`: it is asked once.
    pub every: Option<Spanned<u64>>,
    pub timeout_seconds: u64,
    pub variables: Option<Spanned<Id<Variables>>>,
    pub head: Span,
}

#[derive(Debug)]
pub enum CallTarget {
    Connection {
        id: Spanned<Id<Connection>>,
        path: Option<String>,
    },
    /// Of Azure Functions.
    Function {
        url: Spanned<String>,
        key: Option<Spanned<String>>,
        query: Option<String>,
    },
}

#[derive(Debug)]
pub struct Approval {
    pub header: Header,
    /// E-mail addresses or group names.
    pub approvers: Vec<Spanned<String>>,
    pub minimum: Option<Spanned<u32>>,
    /// They are asked one after the other.
    pub in_sequence: Option<Span>,
    /// How long the approvers have.
    pub timeout_seconds: u64,
    pub self_approve: bool,
    pub instructions: Option<Expr>,
    pub on_timeout: OnTimeout,
    pub notify: Vec<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnTimeout {
    Reject,
    Resume,
}
