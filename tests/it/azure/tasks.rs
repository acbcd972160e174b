//! The tasks that are understood: where they run and what they need. From the tasks' own definitions.

use super::document::{Kind, Step};
use super::node::Read;

/// A task, and the inputs without which it does not run.
const AGENT: &[(&str, &[&str])] = &[
    ("AzureCLI@2", &["azureSubscription", "scriptType", "scriptLocation"]),
    ("Cache@2", &["key", "path"]),
    ("DownloadPipelineArtifact@2", &["artifactName", "targetPath"]),
    ("PublishCodeCoverageResults@2", &["summaryFileLocation"]),
    ("PublishTestResults@2", &["testResultsFormat", "testResultsFiles"]),
    ("PythonScript@0", &["scriptSource"]),
    ("UsePythonVersion@0", &["versionSpec"]),
];

const SERVER: &[(&str, &[&str])] = &[
    ("Delay@1", &["delayForMinutes"]),
    ("InvokeRESTAPI@1", &["connectionType", "method"]),
    ("ManualValidation@1", &["notifyUsers"]),
];

/// Whether the step can run at such a place, and says what it needs.
pub fn check(step: &Step, server: bool) -> Read<()> {
    let Kind::Task { name, .. } = &step.kind else {
        return if server { Err("only agentless tasks run on `server`".to_owned()) } else { Ok(()) };
    };
    let (here, there) = if server { (SERVER, AGENT) } else { (AGENT, SERVER) };
    let Some((_, needed)) = here.iter().find(|it| it.0 == name) else {
        let elsewhere = there.iter().any(|it| it.0 == name);
        let why = if elsewhere { "does not run there" } else { "is not understood" };
        return Err(format!("task `{name}` {why}"));
    };
    if let Some(missing) = needed.iter().find(|it| step.input(it).is_none()) {
        return Err(format!("task `{name}` lacks `{missing}`"));
    }
    let script = step.input("inlineScript").is_some() || step.input("scriptPath").is_some();
    if name == "AzureCLI@2" && !script {
        return Err(format!("task `{name}` has no script"));
    }
    if name == "AzureCLI@2" && step.input("scriptType") != Some("bash") {
        return Err("only scripts for bash are run".to_owned());
    }
    Ok(())
}

/// Seconds that a task waits in any case.
pub fn delay(step: &Step) -> Read<u64> {
    if step.task() != "Delay@1" {
        return Ok(0);
    }
    let minutes = step.input("delayForMinutes").unwrap_or_default();
    minutes.parse::<u64>().map(|it| it * 60).map_err(|_| format!("`{minutes}` are no minutes"))
}

/// How long a task of the server may wait: to its own timeout, or the 30 days of a manual validation.
pub fn longest(step: &Step) -> u64 {
    step.minutes.filter(|it| *it > 0).map_or(30 * 24 * 3600, |it| it * 60)
}
