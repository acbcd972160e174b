//! Environments with what guards them, and approvals.

use super::{Header, Inherited, Service, ServiceSettings};
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
    /// Branches that may deploy to it.
    pub branches: Vec<Spanned<String>>,
    pub hours: Option<BusinessHours>,
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
}

#[derive(Debug)]
pub struct Approval {
    pub header: Header,
    /// E-mail addresses or group names.
    pub approvers: Vec<Spanned<String>>,
    pub minimum: Option<Spanned<u32>>,
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
