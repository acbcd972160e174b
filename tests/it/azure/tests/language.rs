//! The interpreter itself: what it makes of small files, as the documentation of Azure Pipelines says.

use crate::azure::{Decision, Ended, Event, Files, Outcome, Scripted, System, Timeline};
use serde_json::json;

/// A definition with this text, in a project with one environment `prod` that asks for approval and has a lock.
fn organization(pipelines: &[(&str, &str)]) -> Files {
    let mut files = Files::new();
    let mut things = Vec::new();
    let mut add = |kind: &str, file: &str, body: serde_json::Value| {
        files.insert(format!("azure-pipelines/setup/{file}"), body.to_string());
        things.push(json!({ "kind": kind, "name": file, "file": file }));
    };
    add("environment", "prod.json", json!({ "name": "prod" }));
    let resource = json!({ "type": "environment", "id": "${environment:prod}", "name": "prod" });
    let approval = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
    let lock = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
    add(
        "check",
        "ask.json",
        json!({ "type": { "id": approval }, "settings": {}, "resource": resource, "timeout": 60 }),
    );
    add(
        "check",
        "lock.json",
        json!({ "type": { "id": lock }, "settings": {}, "resource": resource, "timeout": 60 }),
    );
    let authorized: Vec<_> = pipelines
        .iter()
        .map(|(name, _)| json!({ "id": format!("${{pipeline:{name}}}"), "authorized": true }))
        .collect();
    add("permission", "may.json", json!({ "resource": resource, "pipelines": authorized }));
    for (name, _) in pipelines {
        let body = json!({
            "name": name, "path": "\\", "process": { "yamlFilename": format!("generated/azure-pipelines/{name}.yml") },
            "repository": { "name": "code", "type": "TfsGit", "defaultBranch": "refs/heads/main" },
        });
        add("pipeline", &format!("{name}.json"), body);
    }
    let list = json!({ "out": "generated", "things": things });
    files.insert("azure-pipelines/setup/things.json".to_owned(), list.to_string());
    files.extend(
        pipelines.iter().map(|(name, text)| (format!("azure-pipelines/{name}.yml"), (*text).to_owned())),
    );
    files
}

fn pushed(text: &str, world: &mut Scripted) -> Result<Timeline, String> {
    System::of(&organization(&[("demo", text)]))?
        .event(&Event::push("code", "refs/heads/main", &["a"]), world)
}

fn summary(text: &str, mut world: Scripted) -> String {
    pushed(text, &mut world).unwrap_or_else(|it| panic!("{it}")).summary()
}

const STAGES: &str = "\
stages:
- stage: a
  jobs: [{job: j, steps: [{bash: one}]}]
- stage: b
  condition: CONDITION
  jobs: [{job: j, condition: always(), steps: [{bash: two}]}]
";

/// Condition, world, how stage `b` ends.
type Case = (&'static str, fn() -> Scripted, &'static str);

#[test]
fn azure_conditions_of_stages() {
    let fails = || Scripted::new().rule(|it| (it.stage == "a").then(|| Outcome::ended(Ended::Failed)));
    let cancels = || {
        Scripted::new().rule(|it| {
            (it.stage == "a").then(|| Outcome { cancels_run: true, ..Outcome::ended(Ended::Canceled) })
        })
    };
    let cases: [Case; 9] = [
        ("succeeded()", Scripted::new, "b=Succeeded"),
        ("succeeded()", fails, "b=Skipped"),
        ("failed()", fails, "b=Succeeded"),
        ("failed()", Scripted::new, "b=Skipped"),
        ("succeededOrFailed()", fails, "b=Succeeded"),
        ("succeededOrFailed()", cancels, "b=Skipped"),
        ("always()", cancels, "b=Succeeded"),
        ("canceled()", cancels, "b=Succeeded"),
        ("eq(dependencies.a.result, 'failed')", fails, "b=Succeeded"),
    ];
    for (condition, world, wanted) in cases {
        let found = summary(&STAGES.replace("CONDITION", condition), world());
        assert!(found.ends_with(wanted), "{condition}: {found}");
    }
}

#[test]
fn azure_a_skipped_stage_is_no_success() {
    let text = format!(
        "{}- stage: c\n  dependsOn: b\n  jobs: [{{job: j, steps: [{{bash: x}}]}}]\n",
        STAGES.replace("CONDITION", "false")
    );
    assert_eq!(summary(&text, Scripted::new()), "demo: Succeeded: a=Succeeded b=Skipped c=Skipped");
    let text = text.replace("dependsOn: b", "dependsOn: b\n  condition: not(or(failed(), canceled()))");
    assert_eq!(summary(&text, Scripted::new()), "demo: Succeeded: a=Succeeded b=Skipped c=Succeeded");
}

const OUTPUTS: &str = "\
stages:
- stage: a
  jobs:
  - KIND
    OF
  - job: other
    dependsOn: make
    variables: [{name: got, value: \"$[ dependencies.make.outputs['PATH'] ]\"}]
    steps: [{bash: two, condition: \"eq(variables['got'], 'good')\"}]
";

#[test]
fn azure_paths_of_outputs() {
    let set = "{bash: \"echo '##vso[task.setvariable variable=v;isOutput=true]x'\", name: s}";
    let job = ("job: make", format!("steps: [{set}]"));
    let deploy = format!("strategy: {{runOnce: {{deploy: {{steps: [{set}]}}}}}}");
    let deployment = ("deployment: make", format!("environment: prod\n    {deploy}"));
    let machine = ("deployment: make", format!("environment: prod.vm1\n    {deploy}"));
    let leg = ("job: make", format!("strategy: {{matrix: {{l1: {{m: \"1\"}}}}}}\n    steps: [{set}]"));
    let cases = [
        (&job, "s.v", true),
        (&job, "make.s.v", false),
        (&deployment, "make.s.v", true),
        (&deployment, "s.v", false),
        (&machine, "Deploy_vm1.s.v", true),
        (&machine, "make.s.v", false),
        (&leg, "l1.s.v", true),
        (&leg, "s.v", false),
    ];
    for ((kind, of), path, seen) in cases {
        let text = OUTPUTS.replace("KIND", kind).replace("OF", of).replace("PATH", path);
        let timeline =
            pushed(&text, &mut Scripted::new().sets("v", "good")).unwrap_or_else(|it| panic!("{it}"));
        let other = &timeline.run("demo").stage("a").jobs[1];
        let wanted = if seen { Ended::Succeeded } else { Ended::Skipped };
        let last = other.steps.last().expect("it has steps");
        assert_eq!(last.result, wanted, "{kind} {path}\n{timeline}");
        assert_eq!(timeline.run("demo").notes.is_empty(), seen, "{kind} {path}\n{timeline}");
    }
}

#[test]
fn azure_time_runs_out() {
    let text = "\
stages:
- stage: a
  jobs:
  - job: wait
    pool: server
    LIMIT
    steps: [{task: Delay@1, inputs: {delayForMinutes: \"90\"}}]
";
    assert_eq!(
        summary(&text.replace("LIMIT", "timeoutInMinutes: 91"), Scripted::new()),
        "demo: Succeeded: a=Succeeded"
    );
    assert_eq!(summary(&text.replace("    LIMIT\n", ""), Scripted::new()), "demo: Canceled: a=Canceled");
}

const DEPLOYS: &str = "\
stages:
- stage: a
  lockBehavior: sequential
  jobs: [{deployment: d, environment: prod, strategy: {runOnce: {deploy: {steps: [{bash: x}]}}}}]
";

#[test]
fn azure_locks_let_one_in_after_the_other() {
    let both = organization(&[("one", DEPLOYS), ("two", DEPLOYS)]);
    let system = System::of(&both).unwrap_or_else(|it| panic!("{it}"));
    let event = Event::push("code", "refs/heads/main", &["a"]);
    let timeline = system.event(&event, &mut Scripted::new()).unwrap_or_else(|it| panic!("{it}"));
    let [one, two] = ["one", "two"].map(|it| timeline.run(it).stage("a"));
    assert_eq!(one.ended, two.started, "{timeline}");
    assert!(two.waits.iter().any(|it| it.what == "lock"), "{timeline}");
    let mut late = Scripted::new().answer("one/a", Decision::Approve(7200));
    let timeline = system.event(&event, &mut late).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(timeline.summary(), "one: Succeeded: a=Skipped\ntwo: Succeeded: a=Succeeded");
}

#[test]
fn azure_what_is_not_understood_is_an_error() {
    let cases = [
        (
            "stages: [{stage: a, jobs: [{job: j, steps: [{bash: x}], strange: 1}]}]",
            "`strange` is not understood",
        ),
        (
            "stages: [{stage: a, jobs: [{job: j, steps: [{task: Strange@1}]}]}]",
            "task `Strange@1` is not understood",
        ),
        (
            "stages: [{stage: a, jobs: [{job: j, steps: [{task: Delay@1, inputs: {delayForMinutes: 1}}]}]}]",
            "does not run there",
        ),
        (
            "stages: [{stage: a, condition: 'strange()', jobs: [{job: j, steps: [{bash: x}]}]}]",
            "`strange` with 0 values",
        ),
        (
            "stages: [{stage: a, dependsOn: b, jobs: [{job: j, steps: [{bash: x}]}]}]",
            "depends on `b`, which is not there",
        ),
        (
            "stages: [{stage: a, jobs: [{deployment: j, environment: qa, strategy: {runOnce: {deploy: {steps: []}}}}]}]",
            "no environment `qa`",
        ),
        (
            "variables: [{group: g}]\nstages: [{stage: a, jobs: [{job: j, steps: [{bash: x}]}]}]",
            "no variable group `g`",
        ),
        ("stages: [{stage: a, jobs: [{job: j, steps: [{bash: x, env: {A: true}}]}]}]", "this is no string"),
    ];
    for (text, wanted) in cases {
        let error = pushed(text, &mut Scripted::new()).err().unwrap_or_default();
        assert!(error.contains(wanted), "{text}: {error}");
    }
}

fn starts(head: &str, event: &Event) -> bool {
    let text = format!("{head}\nstages: [{{stage: a, jobs: [{{job: j, steps: [{{bash: x}}]}}]}}]");
    let system = System::of(&organization(&[("demo", &text)])).unwrap_or_else(|it| panic!("{head}: {it}"));
    let timeline = system.event(event, &mut Scripted::new()).unwrap_or_else(|it| panic!("{head}: {it}"));
    assert_eq!(timeline.runs.is_empty(), timeline.why_not("demo") != "it started", "{head}");
    !timeline.runs.is_empty()
}

#[test]
fn azure_filters_of_triggers() {
    let push = |branch: &str, path: &str| Event::push("code", &format!("refs/{branch}"), &[path]);
    let releases = "trigger: {branches: {include: [main, releases/*], exclude: [releases/old*]}}";
    let paths = "trigger: {branches: {include: ['*']}, paths: {include: [src], exclude: [src/docs]}}";
    let tags = "trigger: {tags: {include: [v*]}}";
    let cases = [
        ("", "heads/any", "a", true),
        ("trigger: none", "heads/main", "a", false),
        ("trigger: [main]", "heads/main", "a", true),
        ("trigger: [main]", "heads/mainly", "a", false),
        (releases, "heads/releases/2", "a", true),
        (releases, "heads/releases/old2", "a", false),
        (releases, "heads/develop", "a", false),
        (paths, "heads/x", "src/a.py", true),
        (paths, "heads/x", "src/docs/a.md", false),
        (paths, "heads/x", "srcs/a.py", false),
        (tags, "tags/v1", "", true),
        (tags, "tags/w1", "", false),
        (tags, "heads/v1", "a", false),
    ];
    for (head, branch, path, wanted) in cases {
        assert_eq!(starts(head, &push(branch, path)), wanted, "{head} {branch} {path}");
    }
    let hook = "trigger: none\nresources: {webhooks: [{webhook: hook, connection: c}]}";
    assert!(starts(hook, &Event::Webhook("hook".to_owned())));
    assert!(!starts(hook, &Event::Webhook("other".to_owned())));
}

#[test]
fn azure_pipelines_that_wait_for_others() {
    let first = "\
trigger: [main, develop]
stages:
- stage: a
  jobs: [{job: j, steps: [{bash: 'echo \"##vso[build.addbuildtag]$TAG\"', env: {TAG: good}}]}]
- stage: b
  jobs: [{job: j, steps: [{bash: x, continueOnError: true}]}]
";
    let body = "stages: [{stage: a, jobs: [{job: j, steps: [{bash: x}]}]}]";
    let started = |trigger: &str, branch: &str, world: Scripted| {
        let source =
            format!("resources: {{pipelines: [{{pipeline: p, source: first, trigger: {trigger}}}]}}");
        let second = format!("trigger: none\n{source}\n{body}");
        let files = organization(&[("first", first), ("second", &second)]);
        let system = System::of(&files).unwrap_or_else(|it| panic!("{it}"));
        let event = Event::push("code", &format!("refs/heads/{branch}"), &["a"]);
        let mut world = world;
        let timeline = system.event(&event, &mut world).unwrap_or_else(|it| panic!("{it}"));
        timeline.of("second").iter().map(|it| it.branch.clone()).collect::<Vec<_>>()
    };
    let bad = || Scripted::new().rule(|it| (it.stage == "b").then(|| Outcome::ended(Ended::Failed)));
    assert_eq!(started("true", "develop", Scripted::new()), ["refs/heads/develop"]);
    assert_eq!(started("none", "main", Scripted::new()), [""; 0]);
    assert_eq!(started("true", "main", bad()), [""; 0], "a run with issues starts nothing");
    assert_eq!(started("{stages: [a]}", "main", bad()), ["refs/heads/main"], "its first stage was good");
    assert_eq!(started("{stages: [a, b]}", "main", bad()), [""; 0]);
    assert_eq!(started("{branches: {include: [main]}}", "develop", Scripted::new()), [""; 0]);
    assert_eq!(started("{tags: [good]}", "main", Scripted::new()), ["refs/heads/main"]);
    assert_eq!(started("{tags: [good, other]}", "main", Scripted::new()), [""; 0]);
}

#[test]
fn azure_a_folder_is_read_like_its_files() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (path, text) in organization(&[("demo", DEPLOYS)]) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("the folder takes it");
        std::fs::write(path, text).expect("the folder takes it");
    }
    let system = System::read(folder.path()).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(system.pipelines(), ["demo"]);
}
