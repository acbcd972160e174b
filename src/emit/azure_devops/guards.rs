//! What guards the environments of a pipeline. No YAML can hold it, so the file says what must be set up by hand.

use crate::base::arena::Id;
use crate::model::project::{Approval, BusinessHours, Environment, Pipeline, Project};

/// Lines for the head of the file; empty where nothing is guarded.
pub(super) fn lines(project: &Project, pipeline: &Pipeline) -> Vec<String> {
    let mut found: Vec<String> =
        environments(pipeline).into_iter().flat_map(|id| of(project, &project.environments[id])).collect();
    if !found.is_empty() {
        found.insert(0, "Set up in Azure DevOps, under Environments, Approvals and checks:".to_owned());
    }
    found
}

/// Those it deploys to, each once.
fn environments(pipeline: &Pipeline) -> Vec<Id<Environment>> {
    let stages = pipeline.stages.iter();
    let all =
        stages.flat_map(|it| it.environment.iter().chain(it.jobs.iter().flat_map(|job| &job.environment)));
    let mut found = Vec::new();
    for environment in all {
        if !found.contains(&environment.value) {
            found.push(environment.value);
        }
    }
    found
}

fn of(project: &Project, environment: &Environment) -> Vec<String> {
    let name = &environment.header.name.value;
    let approval = environment.approval.as_ref().map(|it| approval(&project.approvals[it.value]));
    let branches: Vec<&str> = environment.branches.iter().map(|it| it.value.as_str()).collect();
    let control = (!branches.is_empty()).then(|| format!("branch control: {}", branches.join(", ")));
    let hours = environment.hours.as_ref().map(hours);
    [approval, control, hours].into_iter().flatten().map(|it| format!("- {name}: {it}")).collect()
}

fn approval(approval: &Approval) -> String {
    let people: Vec<&str> = approval.approvers.iter().map(|it| it.value.as_str()).collect();
    let all = people.len();
    let count = approval.minimum.as_ref().map_or(all, |it| it.value as usize);
    let who = match all {
        1 => String::new(),
        _ if count == all => "all of ".to_owned(),
        _ => format!("{count} of "),
    };
    let own = if approval.self_approve { "" } else { ", not by whoever started the run" };
    format!("approval by {who}{} within {}{own}", people.join(", "), time(approval.timeout_seconds))
}

fn hours(hours: &BusinessHours) -> String {
    format!("business hours: {} from {} to {}, {}", hours.days.join(", "), hours.from, hours.to, hours.zone)
}

fn time(seconds: u64) -> String {
    if seconds.is_multiple_of(3600) {
        format!("{} hours", seconds / 3600)
    } else {
        format!("{} minutes", seconds.div_ceil(60))
    }
}
