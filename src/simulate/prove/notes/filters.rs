//! Filters of triggers that let nothing through, and what they let through only to be refused.

use super::Note;
use crate::model::project::{Filter, TriggerKind};
use crate::simulate::filter::{self, joined};
use crate::simulate::system::{Gate, Pipeline, System};
use std::collections::BTreeSet;

/// Completion triggers whose branches no run has that starts by itself.
pub(super) fn dead(system: &System<'_>, index: usize, found: &mut Vec<Note>) {
    let name = system.name(index);
    for trigger in system.pipelines[index].source.active_triggers() {
        let TriggerKind::After { pipeline, branches, .. } = &trigger.kind else { continue };
        if branches.is_empty() {
            continue;
        }
        let before = system.index_of(pipeline.value);
        let Some(own) = branches_of(system, before, &mut BTreeSet::new()) else { continue };
        if own.is_empty() || own.iter().any(|it| lets_in(branches, it)) {
            continue;
        }
        let own: Vec<String> = own.iter().map(|it| format!("`{it}`")).collect();
        let text = format!(
            "no run of `{}` starts `{name}`, unless people start it on another branch: by itself it runs on {}, which this trigger's branches leave out",
            system.name(before),
            joined(&own)
        );
        found.push(Note { text, span: trigger.span });
    }
}

fn lets_in(branches: &Filter, pattern: &str) -> bool {
    pattern.contains(['*', '?'])
        || filter::names(branches, &format!("refs/heads/{pattern}"), "branch").is_ok()
}

/// The branches, or patterns of them, on which it starts by itself; `None`: any. Pipelines that start each other add nothing.
fn branches_of(system: &System<'_>, index: usize, seen: &mut BTreeSet<usize>) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    if !seen.insert(index) {
        return Some(all);
    }
    let home = || system.home_branch().to_owned();
    let is_own = |it: usize| {
        system.project.repositories.values().nth(it).is_some_and(crate::model::project::Repository::is_self)
    };
    for trigger in system.pipelines[index].source.active_triggers() {
        match &trigger.kind {
            TriggerKind::Manual => {}
            TriggerKind::Push { repository, branches, tags, .. } => {
                if repository.as_ref().is_some_and(|it| !is_own(it.value.index())) {
                    all.insert(home());
                } else if branches.include.is_empty() || !tags.is_empty() {
                    return None;
                } else {
                    all.extend(named(branches));
                }
            }
            TriggerKind::Schedule(it) if it.branches.include.is_empty() => {
                all.insert(home());
            }
            TriggerKind::Schedule(it) => all.extend(named(&it.branches)),
            TriggerKind::After { pipeline, branches, .. } => {
                let before = branches_of(system, system.index_of(pipeline.value), seen)?;
                all.extend(before.into_iter().filter(|it| lets_in(branches, it)));
            }
            TriggerKind::Image(_) | TriggerKind::Webhook(_) => {
                all.insert(home());
            }
            TriggerKind::PullRequest(_) => return None,
        }
    }
    Some(all)
}

fn named(branches: &Filter) -> impl Iterator<Item = String> {
    branches.include.iter().map(|it| it.value.trim_start_matches("refs/heads/").to_owned())
}

/// Stages of a pipeline that tags start, on environments whose branches take no tag.
pub(super) fn refused_tags(
    system: &System<'_>,
    pipeline: &Pipeline<'_>,
    index: usize,
    found: &mut Vec<Note>,
) {
    let tags = pipeline.source.active_triggers().find_map(|it| match &it.kind {
        TriggerKind::Push { repository: None, tags, .. } => Some((tags.include.first()?, it.span)),
        _ => None,
    });
    let Some((pattern, span)) = tags else { return };
    let tag = format!("refs/tags/{}", pattern.value.replace(['*', '?'], "x"));
    for stage in &pipeline.stages {
        for gate in &stage.gates {
            let Gate::Branches(environment) = gate else { continue };
            let environment = &system.project.environments[*environment];
            if environment.branches.iter().any(|it| filter::branch_fits(&it.value, &tag)) {
                continue;
            }
            let text = format!(
                "a run that tag `{}` starts is refused at `{}.{}`: the branches of `{}` take no tag; `refs/tags/{}` among them would",
                pattern.value,
                system.name(index),
                stage.plan.name,
                environment.header.ident.value,
                pattern.value
            );
            found.push(Note { text, span });
        }
    }
}
