//! Variables of Azure Pipelines that hold facts of a run, by what the language calls those.

/// Those that hold the fact as it is: branches and reasons are written otherwise.
const FACTS: &[(&str, &str)] = &[
    ("Build.BuildId", "run.id"),
    ("Build.BuildNumber", "run.number"),
    ("Build.SourceVersion", "run.commit"),
    ("Build.RequestedForEmail", "run.requested_for"),
    ("Build.CronSchedule.DisplayName", "run.schedule"),
    ("System.PullRequest.PullRequestId", "run.pull_request.id"),
];

pub fn fact(variable: &str) -> Option<&'static str> {
    FACTS.iter().find(|it| it.0 == variable).map(|it| it.1)
}
