//! What `--version` says.

/// The version; in a release also the commit it was built from and that commit's day.
pub const SHORT: &str = env!("MLOPSC_VERSION");

/// The same, and what the tables of the platforms were made from.
pub const LONG: &str = concat!(
    env!("MLOPSC_VERSION"),
    "\n\n",
    "YAML of Azure Pipelines   service schema 1.261.1, 2026-08-20\n",
    "tasks of Azure Pipelines  microsoft/azure-pipelines-tasks 299572e, 2026-08-21\n",
    "hosted agents             Azure DevOps documentation, January 2026\n",
    "Azure ML                  schemas of azure-ai-ml 1.35.2",
);
