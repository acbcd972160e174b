//! Tasks that run on the server of Azure DevOps, in jobs without an agent. Source: `runsOn` of `microsoft/azure-pipelines-tasks`.

const TASKS: [&str; 7] = [
    "AzureFunction",
    "AzureMonitor",
    "Delay",
    "InvokeRESTAPI",
    "ManualValidation",
    "PublishToAzureServiceBus",
    "queryWorkItems",
];

/// Whether the task, with or without its version, needs no agent and runs on none.
pub fn is_agentless(task: &str) -> bool {
    let name = task.split('@').next().unwrap_or(task);
    // The task of Azure ML's extension that waits for a job.
    TASKS.iter().any(|it| it.eq_ignore_ascii_case(name)) || name == "AzureMLJobWaitTask"
}
