//! The targets as the command line and the output folder know them.

use crate::emit::Target;

pub struct Row {
    pub target: Target,
    /// As in `--target NAME`.
    pub name: &'static str,
    /// All files of the target are below it, and not below a longer one.
    pub folder: &'static str,
}

pub static ALL: &[Row] = &[
    Row { target: Target::AzureDevops, name: "azure-devops", folder: "azure-pipelines" },
    Row { target: Target::AzureMl, name: "azure-ml", folder: "azure-ml" },
    Row { target: Target::Helm, name: "helm", folder: "helm" },
    Row { target: Target::Setup, name: "setup", folder: "azure-pipelines/setup" },
];

pub fn by_name(name: &str) -> Option<Target> {
    ALL.iter().find(|row| row.name == name).map(|row| row.target)
}

/// The target that a path of the output belongs to.
pub fn of_path(path: &str) -> Option<Target> {
    let below = |row: &&Row| path.strip_prefix(row.folder).is_some_and(|rest| rest.starts_with('/'));
    ALL.iter().filter(below).max_by_key(|row| row.folder.len()).map(|row| row.target)
}
