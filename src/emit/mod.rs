//! From plan to files. Pure: what is written where is the edge's business.

pub mod azure_devops;
pub mod azure_ml;
pub mod data;
pub mod helm;
pub mod scripts;
pub mod setup;
pub mod yaml;

use crate::base::span::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    AzureDevops,
    AzureMl,
    Helm,
    /// Everything in Azure DevOps that is no YAML.
    Setup,
}

/// One file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Relative to the output folder, with `/`.
    pub path: String,
    pub text: String,
    /// The declaration it comes from.
    pub source: Span,
}
