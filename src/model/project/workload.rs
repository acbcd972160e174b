//! What a container of a service may say besides the basics, and charts that exist already.

use crate::base::span::{Span, Spanned};
use crate::model::data::{Data, Record};
use crate::model::expr::Expr;

/// An environment variable from a secret that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct Secret {
    pub place: SecretPlace,
    pub key: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SecretPlace {
    /// A secret of the cluster.
    Kubernetes(String),
    KeyVault(String),
}

/// A container that runs to its end before the service starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Init {
    pub name: Spanned<String>,
    /// The service's own where nothing is said.
    pub image: Option<String>,
    pub command: Vec<String>,
    pub args: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    pub path: String,
    pub port: Option<u16>,
    pub monitor: Option<Monitor>,
    /// Seconds.
    pub interval: Option<u64>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitor {
    Prometheus,
    Azure,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkloadIdentity {
    pub client_id: Option<Spanned<String>>,
    pub account: Option<Spanned<String>>,
    pub resource: Option<Spanned<String>>,
}

/// A text file of the project, read when it was compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct MountedFile {
    /// Where the container sees it, with the file's name.
    pub path: Spanned<String>,
    pub content: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Security {
    pub user: Option<Spanned<u32>>,
    pub group: Option<u32>,
    pub volume_group: Option<u32>,
    pub writable_root: Option<bool>,
    pub capabilities: Vec<String>,
}

impl Security {
    pub fn overlaid(below: Option<Security>, over: Option<Security>) -> Option<Security> {
        let (Some(below), Some(over)) = (&below, &over) else { return over.or(below) };
        let capabilities =
            if over.capabilities.is_empty() { &below.capabilities } else { &over.capabilities };
        Some(Security {
            user: over.user.clone().or(below.user.clone()),
            group: over.group.or(below.group),
            volume_group: over.volume_group.or(below.volume_group),
            writable_root: over.writable_root.or(below.writable_root),
            capabilities: capabilities.clone(),
        })
    }
}

/// `spread zone`, `spread node`
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The label of nodes.
    pub over: &'static str,
    pub skew: u32,
    pub required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    IfNotPresent,
    Always,
    Never,
}

/// An Azure file share.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    pub name: String,
    pub account: String,
    pub key: Option<Expr>,
}

/// A chart that exists.
#[derive(Clone, Debug)]
pub struct Chart {
    pub source: ChartSource,
    /// The values that take the image's repository and its tag, key by key; none where the chart has none.
    pub image_repository: Option<Vec<String>>,
    pub image_tag: Option<Vec<String>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ChartSource {
    /// Relative to the project's root.
    Folder(Spanned<String>),
    Remote {
        repo: Spanned<String>,
        name: Spanned<String>,
        version: Spanned<String>,
    },
}

/// What `over` says on top of `below`: records are merged, all else is replaced.
#[must_use]
pub fn merged(mut below: Record, over: Record) -> Record {
    for (key, mut entry) in over {
        if let (Data::Record(inner), Some(Data::Record(first))) =
            (&mut entry.value.value, below.get(&key).map(|it| &it.value.value))
        {
            *inner = merged(first.clone(), std::mem::take(inner));
        }
        below.insert(key, entry);
    }
    below
}
