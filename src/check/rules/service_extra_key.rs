//! # An extra key that the target does not have
//!
//! `extra { … }` of a service goes to the target as it is: into the specification of the pods, or, said in an
//! environment with container instances, into the properties of the container group. A key that is not known there is
//! refused by Azure, or ignored by Kubernetes, which is worse.
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   extra { hostAlias = [{ ip = "10.0.0.1", hostnames = ["db"] }] }
//! }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   port  = 8080
//!   extra { hostAliases = [{ ip = "10.0.0.1", hostnames = ["db"] }] }
//! }
//! ```
//!
//! Correct the key, or use the word of the language where there is one.
//!
//! Source: Kubernetes API, `PodSpec` of core/v1; schema of `Microsoft.ContainerInstance/containerGroups`, 2023-05-01.

use crate::base::suggest;
use crate::check::{Cx, Group, Rule};
use crate::model::data::Record;
use crate::model::project::TargetPlace;
use crate::target::workload;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "service-extra-key", run);

struct Known {
    place: &'static str,
    keys: &'static [&'static str],
    by_word: &'static [(&'static str, &'static str)],
}

static POD: Known =
    Known { place: "a pod's specification", keys: workload::POD, by_word: workload::POD_BY_WORD };

static CONTAINER_GROUP: Known = Known {
    place: "a container group",
    keys: workload::CONTAINER_GROUP,
    by_word: workload::CONTAINER_GROUP_BY_WORD,
};

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for service in project.services.values() {
        check(cx, &service.settings.extra, &POD);
    }
    for environment in project.environments.values() {
        let known = match &environment.target {
            Some(TargetPlace::Aci { .. }) => &CONTAINER_GROUP,
            Some(TargetPlace::Aks { .. }) => &POD,
            None => continue,
        };
        for overlay in environment.services.values() {
            check(cx, &overlay.settings.extra, known);
        }
    }
}

fn check(cx: &mut Cx<'_>, extra: &Record, known: &Known) {
    for (key, entry) in extra.iter().filter(|it| !known.keys.contains(&it.0.as_str())) {
        let message = format!("`{key}` is no extra key of {}", known.place);
        let finding = cx.report(&RULE, entry.key, message);
        match known.by_word.iter().find(|it| it.0 == key) {
            Some((_, word)) => finding.at("written by the compiler").help(format!("say it with `{word}`")),
            None => match suggest::nearest(key, known.keys.iter().copied()) {
                Some(nearest) => finding.help(format!("did you mean `{nearest}`?")),
                None => finding.help(format!("known are {}", known.keys.join(", "))),
            },
        };
    }
}
