//! What can happen, and which pipelines it starts.

use super::document::Pipeline;
use super::engine::Start;
use super::node::Read;
use super::system::System;
use super::triggers::{Filter, short};
use std::collections::BTreeMap;

pub enum Event {
    /// Repository, `refs/heads/…` or `refs/tags/…`, changed paths.
    Push { repository: String, branch: String, paths: Vec<String> },
    /// Repository, source and target branch, changed paths.
    PullRequest { repository: String, source: String, target: String, paths: Vec<String> },
    /// Of this pipeline, on this branch; whether something changed since the last run.
    Schedule { pipeline: String, branch: String, changed: bool },
    /// With these parameters.
    Manual { pipeline: String, branch: String, parameters: BTreeMap<String, String> },
    /// A new tag in a container registry.
    Image { registry: String, repository: String, tag: String },
    /// A webhook resource by its alias.
    Webhook(String),
    /// At the same moment: a clock strikes for several pipelines.
    Several(Vec<Event>),
}

impl Event {
    pub fn push(repository: &str, branch: &str, paths: &[&str]) -> Event {
        let paths = paths.iter().map(|it| (*it).to_owned()).collect();
        Event::Push { repository: repository.to_owned(), branch: branch.to_owned(), paths }
    }

    pub fn manual(pipeline: &str, branch: &str, parameters: &[(&str, &str)]) -> Event {
        let parameters = parameters.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect();
        Event::Manual { pipeline: pipeline.to_owned(), branch: branch.to_owned(), parameters }
    }
}

/// Runs, and for the other pipelines why there is none.
pub type Started = (Vec<Start>, Vec<(String, String)>);

impl System {
    /// The runs that the event starts, and why it starts no others.
    pub(super) fn started(&self, event: &Event) -> Read<Started> {
        let (mut starts, mut refused) = (Vec::new(), Vec::new());
        if let Event::Several(events) = event {
            for event in events {
                let (more, why) = self.started(event)?;
                starts.extend(more);
                refused.extend(why);
            }
            return Ok((starts, refused));
        }
        for (index, pipeline) in self.organization.pipelines.iter().enumerate() {
            match self.looks(pipeline, event) {
                Ok(start) => starts.extend(start.into_iter().map(|it| Start { pipeline: index, ..it })),
                Err(why) => refused.push((pipeline.stem().to_owned(), why)),
            }
        }
        let asked = matches!(event, Event::Manual { .. } | Event::Schedule { .. });
        if asked && starts.is_empty() && refused.iter().all(|it| it.1 == "another pipeline") {
            return Err("no such pipeline".to_owned());
        }
        Ok((starts, refused))
    }

    fn looks(&self, pipeline: &Pipeline, event: &Event) -> Result<Vec<Start>, String> {
        match event {
            Event::Push { repository, branch, paths } => pushed(pipeline, repository, branch, paths),
            Event::PullRequest { repository, source, target, paths } => {
                self.asked(pipeline, repository, target, paths).map(|()| vec![reviewed(source, target)])
            }
            Event::Schedule { pipeline: wanted, .. } | Event::Manual { pipeline: wanted, .. }
                if !pipeline.is(wanted) =>
            {
                Err("another pipeline".to_owned())
            }
            Event::Schedule { branch, changed, .. } => scheduled(pipeline, branch, *changed),
            Event::Manual { branch, parameters, .. } => {
                let start = Start::on("Manual", branch);
                Ok(vec![Start { parameters: parameters.clone(), ..start }])
            }
            Event::Image { registry, repository, tag } => image(pipeline, registry, repository, tag),
            Event::Webhook(alias) if pipeline.webhooks.contains(alias) => {
                Ok(vec![Start::on("ResourceTrigger", &pipeline.default_branch)])
            }
            Event::Webhook(_) => Err("no such webhook".to_owned()),
            Event::Several(_) => Err("each is looked at alone".to_owned()),
        }
    }

    /// Build validation is a policy in Azure Repos, and `pr` elsewhere.
    fn asked(
        &self,
        pipeline: &Pipeline,
        repository: &str,
        target: &str,
        paths: &[String],
    ) -> Result<(), String> {
        if pipeline.repository != repository {
            return Err("another repository".to_owned());
        }
        match &pipeline.pull_request {
            Some(trigger) => trigger.refuses(target, paths).map_or(Ok(()), Err),
            None => {
                let mut policies = self.organization.policies.iter();
                let asked = policies.any(|it| {
                    it.pipeline == pipeline.path && it.repository == repository && it.asks(target, paths)
                });
                asked.then_some(()).ok_or_else(|| "no policy asks for it".to_owned())
            }
        }
    }
}

fn reviewed(source: &str, target: &str) -> Start {
    let mut start = Start::on("PullRequest", "refs/pull/1/merge");
    for (name, value) in [
        ("SourceBranch", source),
        ("TargetBranch", target),
        ("PullRequestId", "1"),
        ("PullRequestNumber", "1"),
    ] {
        start.variables.push((format!("System.PullRequest.{name}"), value.to_owned()));
    }
    start
}

/// Its own repository starts a run of that branch; another one starts a run of the default branch.
fn pushed(
    pipeline: &Pipeline,
    repository: &str,
    branch: &str,
    paths: &[String],
) -> Result<Vec<Start>, String> {
    let mut why = Vec::new();
    let mut starts = Vec::new();
    if pipeline.repository == repository {
        match pipeline.push.refuses(branch, paths) {
            None => starts.push(Start::on("IndividualCI", branch)),
            Some(it) => why.push(format!("trigger: {it}")),
        }
    }
    for resource in &pipeline.repositories {
        let name = resource.name.rsplit('/').next().unwrap_or_default();
        if name != repository && resource.name != repository {
            continue;
        }
        match resource.trigger.refuses(branch, paths) {
            None => {
                let start = Start::on("IndividualCI", &pipeline.default_branch);
                let pushed = Some((resource.alias.clone(), branch.to_owned()));
                starts.push(Start { source_branch: branch.to_owned(), pushed, ..start });
            }
            Some(it) => why.push(format!("repository {}: {it}", resource.alias)),
        }
    }
    match (starts.is_empty(), why.is_empty()) {
        (false, _) => Ok(starts),
        (true, true) => Err("another repository".to_owned()),
        (true, false) => Err(why.join("; ")),
    }
}

fn scheduled(pipeline: &Pipeline, branch: &str, changed: bool) -> Result<Vec<Start>, String> {
    let mut why = Vec::new();
    let mut starts = Vec::new();
    for schedule in &pipeline.schedules {
        if !schedule.branches.takes(branch) {
            why.push(format!("schedule {}: not branch {}", schedule.cron, short(branch)));
        } else if !changed && !schedule.always {
            why.push(format!("schedule {}: nothing changed", schedule.cron));
        } else {
            let mut start = Start::on("Schedule", branch);
            let shown = schedule.display_name.clone();
            start.variables.push(("Build.CronSchedule.DisplayName".to_owned(), shown));
            starts.push(start);
        }
    }
    match (starts.is_empty(), why.is_empty()) {
        (false, _) => Ok(starts),
        (true, true) => Err("no schedule".to_owned()),
        (true, false) => Err(why.join("; ")),
    }
}

fn image(pipeline: &Pipeline, registry: &str, repository: &str, tag: &str) -> Result<Vec<Start>, String> {
    let mut why = "no such image".to_owned();
    for container in
        pipeline.containers.iter().filter(|it| it.registry == registry && it.repository == repository)
    {
        if container.tags.as_ref().is_some_and(|it: &Filter| it.takes(tag)) {
            let mut start = Start::on("ResourceTrigger", &pipeline.default_branch);
            let alias = &container.alias;
            start.variables.push((format!("resources.container.{alias}.tag"), tag.to_owned()));
            start.variables.push(("resources.triggeringAlias".to_owned(), alias.clone()));
            return Ok(vec![start]);
        }
        why = format!("image {}: not tag {tag}", container.alias);
    }
    Err(why)
}
