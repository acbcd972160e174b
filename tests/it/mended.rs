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

/// What other checkers find and mend, and what stands under another name here: the topic, a text, the code.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "undefined-pipeline-source",
        "pipeline build { trigger manual, stage a { run \"x\" } }
pipeline release { trigger after buildd, stage a { run \"x\" } }",
        "undefined-reference",
    ),
    (
        "undeclared-environment",
        "environment prod { target aci { resource_group = \"rg\" } }
pipeline p { trigger manual, stage a { environment = prdo, run \"x\" } }",
        "undefined-reference",
    ),
    (
        "undefined-service-connection",
        "connection azure { type = azure_rm }
environment prod { connection = azuer, target aci { resource_group = \"rg\" } }",
        "undefined-reference",
    ),
    (
        "self-dependency",
        "pipeline p { trigger manual, stage a { needs = a, run \"x\" } }",
        "dependency-cycle",
    ),
    ("implicit-ci-trigger", "pipeline p { stage a { run \"x\" } }", "missing-trigger"),
    (
        "cron-day-of-week-7",
        "pipeline p { trigger schedule \"0 3 * * 7\" { branches = [\"main\"] }, stage a { run \"x\" } }",
        "invalid-cron",
    ),
    ("identifier-invalid", "pipeline p { trigger manual, stage Dev { run \"x\" } }", "invalid-identifier"),
    ("naming-convention", "pool BuildAgents { image = \"ubuntu-24.04\" }", "invalid-identifier"),
    (
        "ml-name-invalid",
        "runtime r { image = \"mcr.microsoft.com/a/b:20250601.v1\" }
ml_pipeline training { compute = serverless, step Train { runtime = r, command = \"x\" } }",
        "invalid-identifier",
    ),
    (
        "ml-io-name-invalid",
        "runtime r { image = \"mcr.microsoft.com/a/b:20250601.v1\" }
ml_pipeline training {
  compute = serverless
  input Raw: string = \"a\"
  step train { runtime = r, command = \"x ${{inputs.Raw}}\", inputs { Raw = inputs.Raw } }
}",
        "invalid-identifier",
    ),
    (
        "aml-timezone-not-windows",
        "environment prod { hours { days = [mon], from = \"09:00\", to = \"16:00\", zone = \"Europe/Paris\" } }",
        "unknown-time-zone",
    ),
    (
        "reserved-deployment-name",
        "pipeline p { trigger manual, stage deploy { run \"x\" } }",
        "invalid-value",
    ),
    (
        "ml-io-name-reserved",
        "runtime r { image = \"mcr.microsoft.com/a/b:20250601.v1\" }
ml_pipeline training {
  compute = serverless
  input home: string = \"a\"
  step train { runtime = r, command = \"x ${{inputs.home}}\", inputs { home = inputs.home } }
}",
        "invalid-value",
    ),
    ("environment-name-invalid", "environment prod { name = \"a,b\" }", "invalid-value"),
    ("endpoint-name-invalid", "endpoint price { name = \"price--api\" }", "resource-name-invalid"),
];

/// As above, but no fix is given: why not.
const TOLD_ONLY: &[(&str, &str, &str, &str)] = &[
    (
        "stringly-boolean",
        "pipeline p { trigger manual, param flag: string = \"false\", stage a { run \"x\" { when = params.flag } } }",
        "type-mismatch",
        "whether the parameter becomes a boolean or is compared with a text is for its callers to say",
    ),
    (
        "empty-block",
        "pipeline p { trigger manual, stage dev { } }",
        "missing-attribute",
        "what should run there is not known",
    ),
    (
        "ml-unpinned-environment",
        "runtime r { image = \"mcr.microsoft.com/azureml/base:latest\" }",
        "ml-unpinned-environment",
        "the versions stand in the registry; the help names the command",
    ),
    (
        "template-not-pinned",
        "repository shared { type = azure_repos, name = \"templates\" }
pipeline build { trigger manual, stage build { include \"a.yml\" { from = shared, holds = steps } } }",
        "template-not-pinned",
        "the tags stand in the repository; the help names the command",
    ),
];

/// What other checkers mend and no text of the language can hold, or what is no mistake in it.
const NEVER: &[(&str, &str)] = &[
    ("aci-plain-secret", "secrets of a service are written as secure values"),
    (
        "aci-update-needs-delete",
        "an `undeploy` in front of the `deploy` takes the old group away; which change needs it, only Azure knows",
    ),
    ("ambiguous-pipeline-source", "`after` names a declaration, and two of one name are `duplicate-name`"),
    ("approval-without-gate", "an approval on a stage becomes a stage of its own that asks"),
    (
        "batch-endpoint-no-default",
        "the first deployment becomes the default, and later `set_traffic` says which",
    ),
    ("batch-pipeline-without-type", "the type of the deployment is written from what it holds"),
    ("condition-drops-success", "`succeeded()` is added to a condition that reads no status"),
    ("deployment-downloads-everything", "jobs that deploy download what their steps read, and nothing else"),
    ("deployment-without-checkout", "jobs that deploy check out what their steps read"),
    ("deprecated-syntax", "no word of the language has an older spelling"),
    ("endpoint-traffic-on-create", "traffic is set by a step of its own, behind the deployments"),
    ("helm-numeric-string", "texts are written in quotes wherever a reader takes them for numbers"),
    ("helm-release-name-invalid", "a release is called as its service, whose name is checked"),
    ("helm-runs-as-root", "the security of pods is restricted unless a service says otherwise"),
    (
        "helm-unknown-value",
        "settings are words; of a chart of one's own, `chart-value-unread` tells them, and not what was meant",
    ),
    ("implicit-order", "what a stage waits for is written, whatever the order of the text"),
    ("implicit-pr-trigger", "what starts a pipeline is said, and the rest is switched off"),
    ("indirect-output-reference", "who reads an output of a stage or a job waits for it"),
    ("manual-validation-needs-server", "an `approve` gets a job without an agent"),
    ("matrix-name-invalid", "the names of copies are made by the compiler"),
    ("ml-continue-on-step-failure", "it is always written"),
    (
        "ml-if-else-preview",
        "decisions are stages around ML pipelines; a `when` inside is `ml-when-unsupported`",
    ),
    ("ml-literal-input-shape", "inputs of a job are written as values"),
    ("ml-mode-invalid", "the ways in and out are functions, and there are only those that fit"),
    ("pr-trigger-azure-repos", "it becomes a build validation of the branch, in the set-up script"),
    ("redundant-default", "a default that is said is said on purpose, and changes nothing"),
    ("redundant-dependency", "what is implied may be said, and changes nothing"),
    ("run-latest-cancels", "a lock says `latest` or `sequential`; there is no default"),
    ("schedule-all-branches", "a schedule without branches runs on the branch of the repository only"),
    ("variable-not-readonly", "constants are written as read-only"),
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

#[test]
fn what_goes_by_another_name_has_a_fix() {
    for (topic, text, code) in ELSEWHERE {
        let found: Vec<_> = findings(text).into_iter().filter(|it| it.code == *code).collect();
        assert!(found.iter().any(|it| it.fix.is_some()), "{topic}: {found:#?}");
    }
}

#[test]
fn what_is_told_only_has_no_fix_yet() {
    for (topic, text, code, why) in TOLD_ONLY {
        let found: Vec<_> = findings(text).into_iter().filter(|it| it.code == *code).collect();
        assert!(!found.is_empty(), "{topic} is not told");
        assert!(found.iter().all(|it| it.fix.is_none()), "{topic} has a fix, so that this is wrong: {why}");
    }
}

#[test]
fn a_topic_stands_in_one_table() {
    let never = NEVER.iter().map(|it| it.0);
    let topics = WITH_FIX.iter().copied().chain(ELSEWHERE.iter().map(|it| it.0)).chain(never);
    let mut topics: Vec<&str> = topics.chain(TOLD_ONLY.iter().map(|it| it.0)).collect();
    topics.sort_unstable();
    let twice: Vec<_> = topics.windows(2).filter(|it| it[0] == it[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
    let rules: BTreeMap<&str, bool> = explain::kinds().iter().map(|it| (it.code, it.fix.is_some())).collect();
    let there: Vec<_> = NEVER.iter().filter(|it| rules.contains_key(it.0)).collect();
    assert!(there.is_empty(), "there are rules of these names: {there:?}");
}
