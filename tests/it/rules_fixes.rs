//! Fixes of rules: what a source is before, and what it is when they are applied.

use crate::support::apply;
use crate::texts::analysis;
use mlopsc::diag::Safety;

/// Code, whether it may be applied without asking, the text before, and behind.
const FIXED: &[(&str, Safety, &str, &str)] = &[
    (
        "schedule-without-always",
        Safety::Safe,
        "pipeline a {\n  trigger schedule \"0 3 * * *\"\n  stage x { run \"make\" }\n}\n",
        "pipeline a {\n  trigger schedule \"0 3 * * *\" { always = true }\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "paths-without-branches",
        Safety::Safe,
        "repository self { type = azure_repos }\npipeline a {\n  trigger push { paths = [\"src\"] }\n  stage x { run \"make\" }\n}\n",
        "repository self { type = azure_repos }\npipeline a {\n  trigger push { paths = [\"src\"], branches = [\"*\"] }\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "schedule-batch-ignored",
        Safety::Safe,
        "pipeline a {\n  trigger schedule \"0 3 * * *\" {\n    always = true\n    batch = true\n  }\n  stage x { run \"make\" }\n}\n",
        "pipeline a {\n  trigger schedule \"0 3 * * *\" {\n    always = true\n  }\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "agent-sleeps",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage x { run \"sleep 20m\" { title = \"Wait\" } }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x { wait 20m }\n}\n",
    ),
    (
        "missing-trigger",
        Safety::Unsafe,
        "pipeline a {\n  stage x { run \"make\" }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "duplicate-attribute",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage x {\n    timeout = 2h\n    timeout = 2h\n    run \"make\"\n  }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x {\n    timeout = 2h\n    run \"make\"\n  }\n}\n",
    ),
    (
        "dependency-cycle",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage w { run \"make\" }\n  stage x { needs = [w, x], run \"make\" }\n}\n",
        "pipeline a {\n  trigger manual\n  stage w { run \"make\" }\n  stage x { needs = [w], run \"make\" }\n}\n",
    ),
    (
        "unsupported-trigger-event",
        Safety::Unsafe,
        "pipeline b { trigger manual, stage x { run \"make\" } }\npipeline a {\n  trigger after b { on = started }\n  stage x { run \"make\" }\n}\n",
        "pipeline b { trigger manual, stage x { run \"make\" } }\npipeline a {\n  trigger after b {}\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "task-not-versioned",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage x { task \"UsePythonVersion\" }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x { task \"UsePythonVersion@0\" }\n}\n",
    ),
    (
        "persisted-credentials",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage x {\n    checkout self { extra { persistCredentials = true } }\n    run \"make\"\n  }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x {\n    checkout self { extra {} }\n    run \"make\"\n  }\n}\n",
    ),
    (
        "server-job-needs-agentless-task",
        Safety::Safe,
        "pipeline a {\n  trigger manual\n  stage x {\n    pool = server\n    run \"make\"\n  }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x {\n    run \"make\"\n  }\n}\n",
    ),
    (
        "batch-with-approval",
        Safety::Unsafe,
        "approval l { approvers = [\"l@contoso.example\"] }\npipeline a {\n  trigger push { branches = [\"main\"], batch = true }\n  stage x { approval = l, run \"make\" }\n}\n",
        "approval l { approvers = [\"l@contoso.example\"] }\npipeline a {\n  trigger push { branches = [\"main\"] }\n  stage x { approval = l, run \"make\" }\n}\n",
    ),
    (
        "helm-set-with-comma",
        Safety::Unsafe,
        "pipeline a {\n  trigger manual\n  stage x { task \"HelmDeploy@0\" { inputs { connectionType = \"None\", command = \"upgrade\", chartName = \"a\", releaseName = \"a\", overrideValues = \"a=1,b=x,y,c=d e\" } } }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x { task \"HelmDeploy@0\" { inputs { connectionType = \"None\", command = \"upgrade\", chartName = \"a\", releaseName = \"a\", overrideValues = \"a=1,b=x\\\\,y,c=\\\"d e\\\"\" } } }\n}\n",
    ),
    (
        "hosted-timeout-limit",
        Safety::Unsafe,
        "pool l { image = \"ubuntu-24.04\" }\nproject p { pool = l }\npipeline a {\n  trigger manual\n  timeout = 10h\n  stage x { run \"make\" }\n}\n",
        "pool l { image = \"ubuntu-24.04\" }\nproject p { pool = l }\npipeline a {\n  trigger manual\n  timeout = 6h\n  stage x { run \"make\" }\n}\n",
    ),
    (
        "ml-cancel-as-control-flow",
        Safety::Unsafe,
        "connection c { type = azure_rm }\npipeline a {\n  trigger manual\n  stage x {\n    connection = c\n    azure \"\"\"\n      if [ -n \"$BAD\" ]; then\n        az ml job cancel --name \"$RUN\"\n      fi\n    \"\"\"\n  }\n}\n",
        "connection c { type = azure_rm }\npipeline a {\n  trigger manual\n  stage x {\n    connection = c\n    azure \"\"\"\n      if [ -n \"$BAD\" ]; then\n        az ml job cancel --name \"$RUN\"\n        exit 1\n      fi\n    \"\"\"\n  }\n}\n",
    ),
    (
        "invalid-value",
        Safety::Unsafe,
        "pipeline a {\n  trigger manual\n  stage deploy { run \"make\" }\n}\n",
        "pipeline a {\n  trigger manual\n  stage rollout { run \"make\" }\n}\n",
    ),
    // With all that names it, here and in another pipeline.
    (
        "invalid-value",
        Safety::Unsafe,
        "pipeline a {\n  trigger manual\n  stage deploy { run \"make\" }\n  stage x { needs = [deploy], when = succeeded(deploy), run \"deploy\" }\n}\npipeline b { trigger after a { stages = [deploy] }, stage x { run \"make\" } }\n",
        "pipeline a {\n  trigger manual\n  stage rollout { run \"make\" }\n  stage x { needs = [rollout], when = succeeded(rollout), run \"deploy\" }\n}\npipeline b { trigger after a { stages = [rollout] }, stage x { run \"make\" } }\n",
    ),
    (
        "invalid-value",
        Safety::Unsafe,
        "pipeline a {\n  trigger manual\n  stage x { job deployment { run \"make\" }, job y { needs = [deployment], run \"make\" } }\n}\n",
        "pipeline a {\n  trigger manual\n  stage x { job rollout { run \"make\" }, job y { needs = [rollout], run \"make\" } }\n}\n",
    ),
];

#[test]
fn a_fix_removes_its_finding_and_keeps_the_layout() {
    for (code, safety, before, after) in FIXED {
        let findings = analysis(before, &[]).findings;
        let found = findings.iter().find(|it| it.code == *code).unwrap_or_else(|| panic!("{code} is found"));
        let fix = found.fix.as_ref().unwrap_or_else(|| panic!("{code} has a fix"));
        assert_eq!(fix.safety, *safety, "{code}");
        let fixed = apply(before, fix);
        assert_eq!(&fixed, after, "{code}");
        let left = analysis(&fixed, &[]).findings;
        assert!(!left.iter().any(|it| it.code == *code || it.is_error()), "{code}: {left:#?}");
    }
}
