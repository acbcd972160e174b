//! The targets as the command line and the output folder know them.

use crate::emit::Target;

pub struct Row {
    pub target: Target,
    /// As in `--target NAME`.
    pub name: &'static str,
    /// All files of the target are below it.
    pub folder: &'static str,
}

pub static ALL: &[Row] = &[
    Row { target: Target::AzureDevops, name: "azure-devops", folder: "azure-pipelines" },
    Row { target: Target::AzureMl, name: "azure-ml", folder: "azure-ml" },
    Row { target: Target::Helm, name: "helm", folder: "helm" },
];

pub fn by_name(name: &str) -> Option<Target> {
    ALL.iter().find(|row| row.name == name).map(|row| row.target)
}

/// The target that a path of the output belongs to.
pub fn of_path(path: &str) -> Option<Target> {
    let folder = path.split('/').next()?;
    ALL.iter().find(|row| row.folder == folder).map(|row| row.target)
}
