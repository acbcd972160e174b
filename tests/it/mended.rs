//! What can be mended is mended: findings whose remedy is known carry a fix, and where only a person knows the value, the
//! help names the place or the command that does.

use crate::texts::findings;
use mlopsc::explain;
use std::collections::BTreeMap;

/// What a remedy is known for, one way or the other.
const WITH_FIX: &[&str] = &[
    "agent-sleeps",
    "approval-delays-trigger",
    "auto-approve-on-timeout",
    "branch-control-unqualified",
    "check-polls-too-often",
    "debug-enabled",
    "dependency-cycle",
    "deploy-unbuilt-image",
    "double-trigger",
    "duplicate-attribute",
    "expiry-race",
    "expression-in-script",
    "helm-no-probes",
    "helm-no-resources",
    "helm-release-name-missing",
    "helm-set-with-comma",
    "hosted-timeout-limit",
    "image-not-pinned",
    "image-ref-invalid",
    "invalid-cron",
    "invalid-identifier",
    "k8s-name-invalid",
    "macro-in-script",
    "missing-trigger",
    "ml-asset-overwrite",
    "ml-cancel-as-control-flow",
    "ml-compute-always-on",
    "ml-compute-missing",
    "ml-continue-on-error",
    "ml-line-continuation",
    "ml-missing-data-edge",
    "ml-model-version-not-integer",
    "ml-optional-not-bracketed",
    "ml-stale-reuse",
    "ml-undeclared-input",
    "ml-unused-input",
    "ml-unwatched-job",
    "ml-v1-concept",
    "output-never-set",
    "paths-without-branches",
    "persisted-credentials",
    "prod-without-branch-control",
    "prod-without-lock",
    "repo-trigger-batch",
    "resource-name-invalid",
    "run-number-invalid",
    "schedule-batch-ignored",
    "schedule-without-always",
    "script-injection",
    "secret-not-mapped",
    "secret-on-command-line",
    "self-approval",
    "server-job-needs-agentless-task",
    "skipped-upstream",
    "suspicious-unicode",
    "task-deprecated",
    "task-not-versioned",
    "timeout-shorter-than-wait",
    "undefined-artifact",
    "undefined-parameter",
    "undefined-reference",
    "undefined-variable",
    "unknown-attribute",
    "unknown-time-zone",
    "unknown-trigger-stage",
    "unknown-word",
    "unsupported-trigger-event",
    "unused-declaration",
    "unused-suppression",
    "value-looks-like-number",
    "workspace-not-shared",
];

/// The value stands in a registry or a repository that a check does not ask: a text, the code, and the command that its
/// help names.
const ONLY_PEOPLE_KNOW: &[(&str, &str, &str)] = &[
    (
        "runtime r { image = \"mcr.microsoft.com/azureml/base:latest\" }",
        "ml-unpinned-environment",
        "`curl https://mcr.microsoft.com/v2/azureml/base/tags/list`",
    ),
    (
        "runtime r { image = \"docker.io/team/base\" }",
        "ml-unpinned-environment",
        "`docker buildx imagetools inspect docker.io/team/base`",
    ),
    (
        "pool linux { image = \"ubuntu-24.04\", container = \"node:latest\" }",
        "image-not-pinned",
        "`docker buildx imagetools inspect node:latest`",
    ),
    (
        "connection hub { type = github }
repository shared { type = github, name = \"contoso/templates\", connection = hub, branch = \"main\" }
pipeline build { trigger manual, stage build { include \"a.yml\" { from = shared, holds = steps } } }",
        "template-not-pinned",
        "`git ls-remote --tags https://github.com/contoso/templates`",
    ),
    (
        "repository shared { type = azure_repos, name = \"templates\" }
pipeline build { trigger manual, stage build { include \"a.yml\" { from = shared, holds = steps } } }",
        "template-not-pinned",
        "`az repos ref list --repository templates --filter tags`",
    ),
];

#[test]
fn what_has_a_known_remedy_has_a_fix() {
    let kinds: BTreeMap<&str, bool> = explain::kinds().iter().map(|it| (it.code, it.fix.is_some())).collect();
    let without: Vec<&&str> = WITH_FIX.iter().filter(|it| kinds.get(**it) != Some(&true)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn what_only_people_know_says_where_they_find_it() {
    for (text, code, command) in ONLY_PEOPLE_KNOW {
        let found = findings(text).into_iter().find(|it| it.code == *code);
        let help = found.and_then(|it| it.help).unwrap_or_default();
        assert!(help.contains(command), "{code}: {help}");
    }
}
