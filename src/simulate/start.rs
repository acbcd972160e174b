//! Which pipelines an event starts, and why the others do not.

use super::engine::Engine;
use super::event::{Event, PullRequest, Reference};
use super::filter::{self, listed};
use super::run::Start;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::{
    self, CronTrigger, Filter, Project, Repository, RepositoryKind, Trigger, TriggerKind,
};
use crate::plan::setup::policy;
use std::collections::BTreeMap;

type Decision = Result<Vec<Start>, String>;

impl Engine<'_> {
    /// Shows an event to all triggers of a pipeline.
    pub(super) fn offer(&mut self, index: usize, event: &Event) {
        let source = self.system.pipelines[index].source;
        if let Event::Manual { pipeline, branch, params } = event {
            if self.system.plan.pipelines[index].id == *pipeline {
                let start = self.by_hand(index, branch.as_deref(), params);
                self.start(index, start, "by hand", None);
            }
            return;
        }
        let mut seen: Vec<Option<Id<Repository>>> = Vec::new();
        for trigger in source.triggers.iter().filter(|it| it.enabled) {
            if let TriggerKind::Push { repository, .. } = &trigger.kind {
                let repository = repository.as_ref().map(|it| it.value);
                // Azure Pipelines knows one trigger for each repository.
                if seen.contains(&repository) {
                    continue;
                }
                seen.push(repository);
            }
            match self.decide(trigger, event) {
                None => {}
                Some(Err(why)) => {
                    self.refused.insert((index, trigger.span), why);
                }
                Some(Ok(starts)) => {
                    for start in starts {
                        let start = Start { params: self.defaults(index), ..start };
                        self.start_or_batch(index, start, event, trigger.span);
                    }
                }
            }
        }
    }

    fn start_or_batch(&mut self, index: usize, start: Start, event: &Event, place: Span) {
        let cause = cause(event);
        let same = |it: &super::run::Run| {
            it.pipeline == index && it.result.is_none() && it.start.reference == start.reference
        };
        if let Event::PullRequest(_) = event {
            self.replace_older(index, &start);
        } else if start.batch && self.runs.iter().any(same) {
            self.batched
                .insert((index, start.reference.clone()), (start, format!("{cause}, in a batch"), place));
            return;
        }
        self.start(index, start, cause, Some(place));
    }

    /// A new push to a pull request cancels the run of the push before it.
    fn replace_older(&mut self, index: usize, start: &Start) {
        let Some(request) = &self.system.plan.pipelines[index].pull_request else { return };
        if request.auto_cancel.as_ref().is_some_and(|it| !it.value) {
            return;
        }
        let older = |it: &super::run::Run| {
            it.pipeline == index && it.result.is_none() && it.start.pull_request == start.pull_request
        };
        let older: Vec<usize> = (0..self.runs.len()).filter(|it| older(&self.runs[*it])).collect();
        for run in older {
            self.cancel(run, "a newer push to the pull request takes its place");
        }
    }

    pub(super) fn defaults(&self, pipeline: usize) -> BTreeMap<String, String> {
        let parameters = self.system.plan.pipelines[pipeline].parameters.iter();
        let value = |it: &crate::plan::Parameter| {
            it.default.as_ref().map(|it| super::eval::constant(it).to_text()).unwrap_or_default()
        };
        parameters.map(|it| (it.name.clone(), value(it))).collect()
    }

    pub(super) fn by_hand(
        &self,
        pipeline: usize,
        branch: Option<&str>,
        given: &BTreeMap<String, String>,
    ) -> Start {
        let branch = branch.unwrap_or(self.system.home_branch());
        let own = Reference::named(branch).whole();
        let mut params = self.defaults(pipeline);
        params.extend(given.iter().map(|(name, value)| (name.clone(), value.clone())));
        Start { reason: "Manual", reference: own.clone(), own, params, ..Start::default() }
    }

    fn home(&self) -> String {
        format!("refs/heads/{}", self.system.home_branch())
    }

    /// `None` where the event is of another kind than the trigger.
    fn decide(&self, trigger: &Trigger, event: &Event) -> Option<Decision> {
        match (&trigger.kind, event) {
            (TriggerKind::Push { .. }, Event::Push { .. }) => Some(self.push(trigger, event)),
            (TriggerKind::PullRequest(wanted), Event::PullRequest(request)) => {
                Some(self.pull_request(wanted, request))
            }
            (TriggerKind::Schedule(wanted), Event::Schedule { at, changed }) => {
                Some(self.schedule(wanted, *at, *changed))
            }
            (TriggerKind::Image(wanted), Event::Image { registry, repository, tag }) => {
                let same = wanted.registry.value == *registry && wanted.repository.value == *repository;
                if !same {
                    return Some(Err(format!("it waits for image `{}`", wanted.repository.value)));
                }
                let image = Some((wanted.alias.value.clone(), tag.clone()));
                let start = Start { image, ..self.of_resource() };
                Some(filter::names(&wanted.tags, tag, "tag").map(|()| vec![start]))
            }
            (TriggerKind::Webhook(wanted), Event::Webhook { name, fields }) => {
                Some(webhook(wanted, name, fields).map(|()| vec![self.of_resource()]))
            }
            _ => None,
        }
    }

    fn of_resource(&self) -> Start {
        Start { reason: "ResourceTrigger", reference: self.home(), own: self.home(), ..Start::default() }
    }

    fn push(&self, trigger: &Trigger, event: &Event) -> Decision {
        let TriggerKind::Push { repository, branches, paths, tags, batch } = &trigger.kind else {
            return Ok(Vec::new());
        };
        let Event::Push { repository: pushed, reference, paths: changed } = event else {
            return Ok(Vec::new());
        };
        let project = self.system.project;
        let other = |it: Option<Id<Repository>>| it.filter(|it| !project.repositories[*it].is_self());
        let (wanted, pushed) = (other(repository.as_ref().map(|it| it.value)), other(*pushed));
        if wanted != pushed {
            return Err(format!("it waits for a push to `{}`", repository_name(project, wanted)));
        }
        if wanted.is_some_and(|it| project.repositories[it].kind != RepositoryKind::AzureRepos) {
            return Err("Azure DevOps watches other repositories in Azure Repos only".to_owned());
        }
        match reference {
            Reference::Branch(branch) => {
                if branches.is_empty() && paths.is_empty() && !tags.is_empty() {
                    return Err(format!("it waits for tags {}", patterns(tags)));
                }
                filter::names(branches, branch, "branch")?;
                if let Some(changed) = changed {
                    filter::paths(paths, changed)?;
                }
            }
            Reference::Tag(tag) => tag_fits(branches, tags, tag)?,
        }
        let whole = reference.whole();
        let own = if wanted.is_some() { self.home() } else { whole.clone() };
        let reason = if *batch { "BatchedCI" } else { "IndividualCI" };
        let changed = changed.clone().filter(|_| wanted.is_none());
        Ok(vec![Start {
            reason,
            reference: whole,
            own,
            changed,
            pushed: wanted,
            batch: *batch,
            ..Start::default()
        }])
    }

    fn pull_request(&self, wanted: &project::PullRequest, request: &PullRequest) -> Decision {
        let policies = policy::paths(&wanted.paths);
        if let Some(changed) = request.paths.as_ref().filter(|_| self.has_policies() && !policies.is_empty())
            && !changed.iter().any(|it| policy::takes(&policies, it))
        {
            let shown = listed(policies.iter().map(String::as_str));
            return Err(format!("the policy of the branch asks for changes of {shown}"));
        }
        pull_request(wanted, request, !self.has_policies())
    }

    /// Azure Repos starts pipelines for pull requests by policies of branches, whose patterns are of another kind.
    fn has_policies(&self) -> bool {
        let own = self.system.project.repositories.values().find(|it| it.is_self());
        own.is_none_or(|it| it.kind == RepositoryKind::AzureRepos)
    }

    fn schedule(&self, wanted: &CronTrigger, at: super::Moment, changed: bool) -> Decision {
        let date = at.date();
        if !wanted.cron.value.fires_at(date.minute, date.hour, (date.day, date.month), date.weekday) {
            return Err(format!("`{}` is at another time", wanted.cron.value.text));
        }
        if !changed && wanted.always != Some(true) {
            return Err("nothing has changed since its last run; `always = true` would start it".to_owned());
        }
        let plain = |it: &&crate::base::span::Spanned<String>| !it.value.contains('*');
        let mut branches: Vec<String> = wanted
            .branches
            .include
            .iter()
            .filter(plain)
            .map(|it| filter::bare(&it.value).to_owned())
            .collect();
        let home = self.system.home_branch();
        if !branches.iter().any(|it| it == home) && filter::names(&wanted.branches, home, "branch").is_ok() {
            branches.insert(0, home.to_owned());
        }
        branches.retain(|it| filter::names(&wanted.branches, it, "branch").is_ok());
        if branches.is_empty() {
            return Err(format!("no branch that is known here fits {}", patterns(&wanted.branches)));
        }
        let start = |branch: String| {
            let own = format!("refs/heads/{branch}");
            Start {
                reason: "Schedule",
                reference: own.clone(),
                own,
                schedule: wanted.title.clone(),
                ..Start::default()
            }
        };
        Ok(branches.into_iter().map(start).collect())
    }
}

/// A tag fits the branches that are written `refs/tags/…`, or the tags.
fn tag_fits(branches: &Filter, tags: &Filter, tag: &str) -> Result<(), String> {
    let among = |it: &crate::base::span::Spanned<String>| {
        it.value.strip_prefix("refs/tags/").is_some_and(|it| crate::target::glob::meets(it, tag))
    };
    if branches.include.iter().any(among) && !branches.exclude.iter().any(among) {
        return Ok(());
    }
    if tags.is_empty() {
        return Err("no tag starts it".to_owned());
    }
    filter::names(tags, tag, "tag")
}

fn pull_request(wanted: &project::PullRequest, request: &PullRequest, by_paths: bool) -> Decision {
    if request.draft && wanted.drafts.as_ref().is_some_and(|it| !it.value) {
        return Err("it does not start for drafts".to_owned());
    }
    filter::names(&wanted.branches, &request.target, "target branch")?;
    if let Some(changed) = request.paths.as_ref().filter(|_| by_paths) {
        filter::paths(&wanted.paths, changed)?;
    }
    let own = "refs/pull/1/merge".to_owned();
    Ok(vec![Start {
        reason: "PullRequest",
        reference: own.clone(),
        own,
        pull_request: Some((request.source.clone(), request.target.clone())),
        changed: request.paths.clone(),
        ..Start::default()
    }])
}

fn webhook(wanted: &project::Webhook, name: &str, fields: &BTreeMap<String, String>) -> Result<(), String> {
    if wanted.name.value != name {
        return Err(format!("it waits for webhook `{}`", wanted.name.value));
    }
    match wanted.filters.iter().find(|(path, text)| fields.get(path) != Some(text)) {
        Some((path, text)) => Err(format!("the message does not say `{text}` at `{path}`")),
        None => Ok(()),
    }
}

fn cause(event: &Event) -> &'static str {
    match event {
        Event::Push { .. } => "by the push",
        Event::PullRequest(_) => "by the pull request",
        Event::Schedule { .. } => "by the clock",
        Event::Manual { .. } => "by hand",
        Event::Image { .. } => "by the image",
        Event::Completion { .. } => "by its end",
        Event::Webhook { .. } => "by the message",
    }
}

fn repository_name(project: &Project, repository: Option<Id<Repository>>) -> &str {
    repository.map_or("self", |it| &project.repositories[it].header.ident.value)
}

fn patterns(filter: &Filter) -> String {
    listed(filter.patterns().map(|it| it.value.as_str()))
}

/// What a trigger waits for that no event was about.
pub(super) fn waits_for(project: &Project, trigger: &Trigger) -> String {
    if !trigger.enabled {
        return "it is switched off".to_owned();
    }
    match &trigger.kind {
        TriggerKind::Manual => "only people start it".to_owned(),
        TriggerKind::Push { repository, .. } => {
            format!(
                "it waits for a push to `{}`",
                repository_name(project, repository.as_ref().map(|it| it.value))
            )
        }
        TriggerKind::PullRequest(_) => "it waits for a pull request".to_owned(),
        TriggerKind::Schedule(it) => format!("it waits for the clock, `{}`", it.cron.value.text),
        TriggerKind::After { pipeline, .. } => {
            format!("`{}` did not run", project.pipelines[pipeline.value].header.ident.value)
        }
        TriggerKind::Image(it) => format!("it waits for image `{}`", it.repository.value),
        TriggerKind::Webhook(it) => format!("it waits for webhook `{}`", it.name.value),
    }
}
