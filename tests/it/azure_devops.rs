//! Plans as Azure Pipelines files. The plans are put together here: how a project becomes one is tested elsewhere.

use insta::assert_snapshot;
use mlopsc::base::arena::Id;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::base::span::{Span, Spanned};
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::azure_devops;
use mlopsc::model::expr::Ty;
use mlopsc::model::project::{Filter, Lock};
use mlopsc::model::steps::action::{ScriptSource, Shell};
use mlopsc::plan::term::{Function, Output, Producer, Reader, Term};
use mlopsc::plan::{
    Completion, Constant, Job, JobSettings, Parameter, Part, Pipeline, PipelineResource, Plan, Pool, Push,
    RepositoryResource, Stage, Step, StepBody, Taken, Value, Variable,
};

const PROJECT: &str = r#"
connection azure_dev { type = azure_rm, name = "sc-azure-dev" }
connection github { type = github, name = "sc-github" }
repository self { type = azure_repos }
repository engine "DigitRE/engine" { type = azure_repos, name = "DigitRE/engine", branch = "develop" }
repository tools { type = github, name = "drimki/tools", connection = github }
pool linux { image = "ubuntu-24.04" }
pool gpu { name = "gpu-agents", demands = ["CUDA -equals 12"] }

/// Trains a model, registers it if it is good enough,
/// and cleans up when the leads agree.
pipeline train "[ML]-Train-Evaluate-Register" {
  trigger manual
  stage only { run "true" }
}
"#;

fn analysis() -> Analysis {
    let mut sources = Sources::default();
    sources.add("pipelines/train.mlops".to_owned(), PROJECT.to_owned());
    let analysis = driver::analyze(sources, &Memory::default());
    assert!(!analysis.has_errors(), "{}", crate::support::render(&analysis.sources, &analysis.findings));
    analysis
}

fn emitted(pipeline: Pipeline) -> String {
    let Analysis { sources, project, .. } = analysis();
    let mut files = azure_devops::emit(&project, &Plan { pipelines: vec![pipeline] }, &sources);
    let file = files.pop().expect("one pipeline gives one file");
    assert_eq!(file.path, "azure-pipelines/train.yml");
    assert_eq!(file.source, project.pipelines[Id::new(0)].header.head);
    file.text
}

fn pipeline(stages: Vec<Stage>) -> Pipeline {
    Pipeline {
        id: Id::new(0),
        title: "[ML]-Train-Evaluate-Register".to_owned(),
        push: None,
        pull_request: None,
        schedules: Vec::new(),
        images: Vec::new(),
        webhooks: Vec::new(),
        repositories: Vec::new(),
        sources: Vec::new(),
        parameters: Vec::new(),
        variables: Vec::new(),
        includes: Vec::new(),
        extends: None,
        stages,
    }
}

fn stage(name: &str, jobs: Vec<Job>) -> Stage {
    Stage {
        name: name.to_owned(),
        title: format!("Stage {name}"),
        depends_on: Vec::new(),
        condition: Term::succeeded(),
        variables: Vec::new(),
        lock: None,
        manual: false,
        jobs,
        includes: Vec::new(),
        origin: None,
        source: Span::default(),
    }
}

fn job(name: &str, steps: Vec<Step>) -> Job {
    Job {
        name: name.to_owned(),
        title: format!("Job {name}"),
        pool: Pool::Default,
        environment: None,
        depends_on: Vec::new(),
        condition: Term::succeeded(),
        timeout_minutes: 60,
        settings: JobSettings::default(),
        variables: Vec::new(),
        steps,
        source: Span::default(),
    }
}

fn step(title: &str, body: StepBody) -> Step {
    Step {
        name: None,
        title: title.to_owned(),
        body,
        condition: None,
        env: Vec::new(),
        timeout_minutes: None,
        retries: 0,
        continue_on_error: false,
        enabled: true,
        working_directory: None,
        extra: mlopsc::model::data::Record::new(),
        source: Span::default(),
    }
}

fn verbatim(text: &str) -> ScriptSource {
    ScriptSource::Verbatim(text.to_owned())
}

fn file(path: &str) -> ScriptSource {
    ScriptSource::File(path.to_owned())
}

fn script(source: ScriptSource, shell: Shell) -> Step {
    step("Run a script", StepBody::Script { source, shell })
}

fn azure_cli(source: ScriptSource, shell: Shell) -> Step {
    let body =
        StepBody::AzureCli { connection: "sc-azure-dev".to_owned(), source, shell, keep_session: false };
    step("Ask Azure", body)
}

fn bash(text: &str) -> Step {
    script(verbatim(text), Shell::Bash)
}

fn checkout(repository: &str, path: Option<&str>) -> Step {
    let body = StepBody::Checkout {
        repository: repository.to_owned(),
        path: path.map(ToOwned::to_owned),
        depth: 1,
        submodules: false,
        lfs: false,
        clean: false,
    };
    step(&format!("Check out {repository}"), body)
}

fn of_steps(steps: Vec<Step>) -> Pipeline {
    pipeline(vec![stage("only", vec![job("only", steps)])])
}

fn text(text: &str) -> Value {
    vec![Part::Literal(text.to_owned())]
}

fn variable(name: &str) -> Part {
    Part::Variable(name.to_owned())
}

fn list(names: &[&str]) -> Vec<Spanned<String>> {
    names.iter().map(|it| Spanned::new((*it).to_owned(), Span::default())).collect()
}

fn including(names: &[&str]) -> Filter {
    Filter { include: list(names), exclude: Vec::new() }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

fn push(branches: Filter, paths: Filter, tags: Filter) -> Push {
    Push { branches, paths, tags, batch: false }
}

/// From the top-level key on, up to the next blank line.
fn section<'a>(text: &'a str, key: &str) -> &'a str {
    let start = text.find(&format!("\n{key}:")).unwrap_or_else(|| panic!("no {key} in {text}")) + 1;
    text[start..].split("\n\n").next().unwrap_or_default()
}

/// The steps of a pipeline that was made by [`of_steps`].
fn steps_of(text: &str) -> &str {
    text.split("\n        steps:\n").nth(1).expect("the job has steps")
}

#[test]
fn a_whole_pipeline() {
    let mut train = stage("train", vec![fit_job(), wait_job()]);
    train.title = "Train the price model".to_owned();
    let mut release = stage("release", vec![release_job()]);
    release.depends_on = strings(&["train"]);
    release.condition = Term::succeeded().and(promoted(Reader::StageCondition).is_true());
    release.variables = vec![Variable::Group("release-secrets".to_owned())];
    release.lock = Some(Lock::Sequential);
    let mut whole = pipeline(vec![train, release]);
    whole.push = Some(Push {
        batch: true,
        ..push(including(&["main", "release/*"]), including(&["ml"]), Filter::default())
    });
    whole.parameters = parameters();
    whole.repositories = vec![RepositoryResource { alias: "engine".to_owned(), id: Id::new(1), push: None }];
    whole.variables = vec![
        Variable::Group("mlops-dev".to_owned()),
        Variable::Value("IMAGE_TAG".to_owned(), Constant::String("1.10".to_owned())),
    ];
    assert_snapshot!(emitted(whole));
}

fn parameters() -> Vec<Parameter> {
    let choices = ["FR", "NO"].map(|it| Constant::String(it.to_owned())).to_vec();
    let parameter = |name: &str, ty, default| Parameter {
        name: name.to_owned(),
        title: None,
        ty,
        default,
        choices: Vec::new(),
    };
    vec![
        Parameter {
            title: Some("Country of the listings".to_owned()),
            choices,
            ..parameter("country", Ty::String, Some(Constant::String("NO".to_owned())))
        },
        parameter("force", Ty::Bool, Some(Constant::Bool(false))),
        parameter("epochs", Ty::Int, Some(Constant::Int(10))),
        parameter("rate", Ty::Number, Some(Constant::Number(0.0001))),
        parameter("decay", Ty::Number, Some(Constant::Number(1e-7))),
        parameter("share", Ty::Number, Some(Constant::Number(3.0))),
        parameter("tag", Ty::String, None),
    ]
}

fn fit_job() -> Job {
    let mut submit = step(
        "Train",
        StepBody::AzureCli {
            connection: "sc-azure-dev".to_owned(),
            source: verbatim("set -euo pipefail\n\naz ml job create --file job.json\n"),
            shell: Shell::Bash,
            keep_session: true,
        },
    );
    submit.name = Some("fit".to_owned());
    submit.condition = Some(Term::succeeded());
    submit.env = vec![
        ("COUNTRY".to_owned(), vec![Part::Parameter { name: "country".to_owned(), bool: false }]),
        ("FORCE".to_owned(), vec![Part::Parameter { name: "force".to_owned(), bool: true }]),
        ("RUN".to_owned(), vec![Part::Literal("run ".to_owned()), variable("Build.BuildId")]),
    ];
    submit.timeout_minutes = Some(120);
    submit.retries = 2;
    submit.working_directory =
        Some(vec![variable("Build.SourcesDirectory"), Part::Literal("/ml".to_owned())]);
    let mut fit = job("fit", vec![checkout("self", None), submit]);
    fit.pool = Pool::Agents(Id::new(0));
    fit.timeout_minutes = 125;
    fit
}

fn wait_job() -> Job {
    let inputs = vec![("delayForMinutes".to_owned(), text("1440"))];
    let mut wait =
        job("wait", vec![step("Wait a day", StepBody::Task { name: "Delay@1".to_owned(), inputs })]);
    wait.pool = Pool::Server;
    wait.depends_on = strings(&["fit"]);
    wait.timeout_minutes = 1441;
    wait
}

fn release_job() -> Job {
    let steps = vec![
        step("", StepBody::NoDownload),
        step("", StepBody::NoCheckout),
        step(
            "Fetch the model",
            StepBody::Download { source: None, artifact: Some("model".to_owned()), path: None },
        ),
        bash("echo \"$VERSION\"\n"),
    ];
    let mut release = job("release", steps);
    release.environment = Some("prod".to_owned());
    release.pool = Pool::Agents(Id::new(1));
    release.variables = vec![Variable::Runtime("fit_promote".to_owned(), promoted(Reader::Job))];
    release
}

fn promoted(reader: Reader) -> Term {
    let producer = Producer { reader, stage: Some("train".to_owned()), job: Some("fit".to_owned()) };
    output(producer, false)
}

fn output(producer: Producer, deployment: bool) -> Term {
    Term::Output(Output {
        producer,
        deployment,
        step: "fit".to_owned(),
        variable: "promote".to_owned(),
        leg: None,
    })
}

#[test]
fn every_kind_of_script() {
    let shells = [
        script(verbatim("Write-Host hi"), Shell::Pwsh),
        script(verbatim("print(1)"), Shell::Python),
        script(verbatim("echo hi"), Shell::Cmd),
        script(file("scripts/a.sh"), Shell::Bash),
        script(file("scripts/a.ps1"), Shell::Pwsh),
        script(file("scripts/a.py"), Shell::Python),
        script(file("scripts/a.cmd"), Shell::Cmd),
        azure_cli(verbatim("az account show"), Shell::Bash),
        azure_cli(verbatim("az account show"), Shell::Pwsh),
        azure_cli(verbatim("az account show"), Shell::Cmd),
        azure_cli(verbatim("print(1)\nPYTHON\n"), Shell::Python),
        azure_cli(file("scripts/a.sh"), Shell::Bash),
        azure_cli(file("scripts/it's.py"), Shell::Python),
    ];
    let steps = shells.into_iter().map(|mut step| {
        step.working_directory = Some(text("ml"));
        step
    });
    assert_snapshot!(steps_of(&emitted(of_steps(steps.collect()))));
}

#[test]
fn artifacts_and_checkouts() {
    let download = |source: Option<&str>, path: Option<Value>| {
        let body = StepBody::Download {
            source: source.map(ToOwned::to_owned),
            artifact: Some("model".to_owned()),
            path,
        };
        step("Fetch", body)
    };
    let here = || Some(vec![variable("Pipeline.Workspace"), Part::Literal("/model".to_owned())]);
    let mut everything = checkout("engine", Some("s/engine"));
    everything.body = StepBody::Checkout {
        repository: "engine".to_owned(),
        path: Some("s/engine".to_owned()),
        depth: 0,
        submodules: true,
        lfs: true,
        clean: true,
    };
    let mut publish =
        step("Keep the model", StepBody::Publish { artifact: "model".to_owned(), path: text("out") });
    publish.continue_on_error = true;
    publish.enabled = false;
    let steps = vec![
        checkout("self", Some("s/ops")),
        everything,
        script(file("a.sh"), Shell::Bash),
        download(None, None),
        download(Some("trained"), None),
        download(None, here()),
        download(Some("trained"), here()),
        publish,
    ];
    assert_snapshot!(steps_of(&emitted(of_steps(steps))));
}

#[test]
fn resources_and_their_triggers() {
    let repository =
        |alias: &str, index, push| RepositoryResource { alias: alias.to_owned(), id: Id::new(index), push };
    let source = |alias: &str, trigger| PipelineResource {
        alias: alias.to_owned(),
        id: Id::new(0),
        source: format!("\\ml\\[ML]-{alias}"),
        taken: Taken::default(),
        trigger,
    };
    let completion = |branches, stages: &[&str], tags: &[&str]| {
        Some(Completion { branches, stages: strings(stages), tags: strings(tags) })
    };
    let mut it = of_steps(vec![bash("true")]);
    it.repositories = vec![
        repository("engine", 1, Some(push(including(&["develop"]), Filter::default(), Filter::default()))),
        repository("tools", 2, None),
    ];
    it.sources = vec![
        source("prepare", completion(Filter::default(), &[], &[])),
        PipelineResource {
            taken: Taken { version: None, branch: Some("main".to_owned()), tags: strings(&["model"]) },
            ..source("train", completion(including(&["main"]), &["fit"], &["model"]))
        },
        source("other", None),
    ];
    assert_snapshot!(section(&emitted(it), "resources"));
}

fn trigger(push: Push) -> String {
    let mut it = of_steps(vec![bash("true")]);
    it.push = Some(push);
    section(&emitted(it), "trigger").to_owned()
}

#[test]
fn a_filter_of_paths_needs_branches() {
    let paths = Filter { include: list(&["ml/*"]), exclude: list(&["ml/docs"]) };
    let yaml = trigger(push(Filter::default(), paths, Filter::default()));
    assert_snapshot!(yaml, @r#"
    trigger:
      branches:
        include:
          - "*"
      paths:
        include:
          - ml/*
        exclude:
          - ml/docs
    pr: none
    "#);
}

#[test]
fn a_filter_of_tags_does_not_start_runs_for_branches() {
    let yaml = trigger(push(Filter::default(), Filter::default(), including(&["v1.*"])));
    assert_snapshot!(yaml, @r"
    trigger:
      tags:
        include:
          - v1.*
    pr: none
    ");
}

#[test]
fn excluded_branches_are_excluded_from_all() {
    let branches = Filter { include: Vec::new(), exclude: list(&["wip/*"]) };
    let yaml = trigger(push(branches, Filter::default(), Filter::default()));
    assert_snapshot!(yaml, @r#"
    trigger:
      branches:
        include:
          - "*"
        exclude:
          - wip/*
    pr: none
    "#);
}

fn script_of(text: &str) -> String {
    let yaml = emitted(of_steps(vec![bash(text)]));
    let read: serde_json::Value = serde_yaml::from_str(&yaml).expect("the file is YAML");
    read.pointer("/stages/0/jobs/0/steps/0/bash").and_then(|it| it.as_str()).expect("a bash step").to_owned()
}

#[test]
fn scripts_stop_at_the_first_failure_unless_they_say_otherwise() {
    assert_eq!(script_of("echo a"), "set -euo pipefail\necho a\n");
    assert_eq!(script_of("set -x\necho a\n"), "set -x\necho a\n");
    assert_eq!(script_of("#!/bin/bash\n# why\n\nset +e\necho a\n"), "#!/bin/bash\n# why\n\nset +e\necho a\n");
    assert_eq!(script_of("echo a\nset -e"), "set -euo pipefail\necho a\nset -e\n");
}

#[test]
fn scripts_are_verbatim() {
    for text in
        ["cat <<EOF \n  x\t\n\nEOF\n", "a\r\nb\n", "  indented\nnot\n", "\tx\n", "echo ä 🚀\n", "a \\\n  b\n"]
    {
        let text = format!("set -e\n{text}");
        assert_eq!(script_of(&text), text);
    }
    assert_eq!(script_of("  set -e\nx\n"), "  set -e\nx\n");
}

#[test]
fn template_markers_of_the_user_are_no_expressions() {
    assert_eq!(script_of("echo '${{ x }}'"), "set -euo pipefail\necho '${{ '${{' }} x }}'\n");
    let mut it = bash("true");
    it.title = "Look at ${{ x }}".to_owned();
    let halves = vec![Part::Literal("$".to_owned()), Part::Literal("{{ y".to_owned()), variable("Z")];
    it.env = vec![("X".to_owned(), halves)];
    let mut it = of_steps(vec![it]);
    it.variables = vec![Variable::Value("RAW".to_owned(), Constant::String("$[ it's ]".to_owned()))];
    let yaml = emitted(it);
    assert!(yaml.contains("displayName: Look at ${{ '${{' }} x }}\n"), "{yaml}");
    assert!(yaml.contains("X: ${{ '${{' }} y$(Z)\n"), "{yaml}");
    assert!(yaml.contains("value: $[ '$[ it''s ]' ]\n"), "{yaml}");
}

#[test]
fn the_introduction_is_comments_only() {
    let mut it = of_steps(vec![bash("true")]);
    it.title = "a\nstages: []\r\u{2028}b".to_owned();
    let yaml = emitted(it);
    let introduction: Vec<&str> = yaml.lines().take_while(|it| !it.is_empty()).collect();
    assert!(introduction.iter().all(|line| line.starts_with('#')), "{yaml}");
    assert_eq!(
        introduction[0],
        "# Generated by mlopsc from pipelines/train.mlops. Do not edit: change the source and run \"mlopsc compile\"."
    );
    assert_eq!(introduction.last(), Some(&"# stages: []  b"));
}

#[test]
fn an_environment_with_a_dot_is_no_resource() {
    let mut deploy = job("deploy_it", vec![bash("true")]);
    deploy.environment = Some("prod.eu".to_owned());
    let yaml = emitted(pipeline(vec![stage("only", vec![deploy])]));
    assert!(yaml.contains("        environment:\n          name: prod.eu\n"), "{yaml}");
}

#[test]
fn a_job_without_a_pool_names_the_default_image() {
    let yaml = emitted(of_steps(vec![bash("true")]));
    assert!(yaml.contains("        pool:\n          vmImage: ubuntu-latest\n"), "{yaml}");
}

#[test]
fn a_lock_is_the_stages_own() {
    for (lock, word) in [(Lock::Latest, "runLatest"), (Lock::Sequential, "sequential")] {
        let mut only = stage("only", vec![job("only", vec![bash("true")])]);
        only.lock = Some(lock);
        let yaml = emitted(pipeline(vec![only]));
        assert!(yaml.contains(&format!("    lockBehavior: {word}\n")), "{yaml}");
    }
}

fn condition(term: Term) -> String {
    let mut only = stage("only", vec![job("only", vec![bash("true")])]);
    only.condition = term;
    let mut it = pipeline(vec![only]);
    it.parameters = parameters();
    let read: serde_json::Value = serde_yaml::from_str(&emitted(it)).expect("the file is YAML");
    read.pointer("/stages/0/condition").and_then(|it| it.as_str()).expect("a condition is text").to_owned()
}

fn call(function: Function, arguments: &[Term]) -> Term {
    Term::call(function, arguments)
}

fn word(text: &str) -> Term {
    Term::Text(text.to_owned())
}

fn param(name: &str, bool: bool) -> Term {
    Term::Parameter { name: name.to_owned(), bool }
}

fn branch() -> Term {
    Term::Variable("Build.SourceBranch".to_owned())
}

#[test]
fn conditions_in_the_functions_of_azure_pipelines() {
    use Function::{Always, Canceled, Failed, If, In, Not, NotEqual, Or, Succeeded, SucceededOrFailed};
    let table = [
        (Term::Bool(false), "false"),
        (Term::succeeded(), "succeeded()"),
        (call(Succeeded, &[word("a"), word("b")]), "succeeded('a', 'b')"),
        (call(Or, &[call(Failed, &[]), call(Canceled, &[])]).negated(), "not(or(failed(), canceled()))"),
        (call(Always, &[]), "always()"),
        (call(Or, &[call(SucceededOrFailed, &[])]), "succeededOrFailed()"),
        (
            call(NotEqual, &[branch(), word("it's ${{")]),
            "ne(variables['Build.SourceBranch'], 'it''s ${{ '${{' }}')",
        ),
        (call(In, &[branch(), word("a"), word("b")]), "in(variables['Build.SourceBranch'], 'a', 'b')"),
        (
            call(If, &[branch().is_true(), word("a"), Term::Number(0.5)]),
            "iif(eq(variables['Build.SourceBranch'], 'true'), 'a', 0.5)",
        ),
        (call(Not, &[branch().is_true()]), "not(eq(variables['Build.SourceBranch'], 'true'))"),
    ];
    for (term, expected) in table {
        assert_eq!(condition(term), expected);
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    let nine = Term::Number(9.0);
    assert_eq!(
        condition(call(Function::Greater, &[branch(), nine.clone()])),
        "lt(9, variables['Build.SourceBranch'])"
    );
    assert_eq!(
        condition(call(Function::LessOrEqual, &[nine, branch()])),
        "le(9, variables['Build.SourceBranch'])"
    );
    let epochs = param("epochs", false);
    assert_eq!(
        condition(call(Function::Less, &[branch(), epochs])),
        "gt(${{ parameters.epochs }}, variables['Build.SourceBranch'])"
    );
}

#[test]
fn what_parameters_decide_is_decided_when_the_run_is_queued() {
    use Function::{Equal, In, NotEqual, Or};
    let force = || param("force", true);
    let country = || param("country", false);
    let table = [
        (force(), "${{ parameters.force }}"),
        (force().negated(), "${{ not(parameters.force) }}"),
        (force().is_true(), "${{ eq(parameters.force, true) }}"),
        (call(NotEqual, &[force(), word("false")]), "${{ ne(parameters.force, false) }}"),
        (call(Equal, &[country(), word("it's")]), "${{ eq(parameters.country, 'it''s') }}"),
        (
            call(In, &[country(), word("FR"), force()]),
            "${{ in(parameters.country, 'FR', lower(parameters.force)) }}",
        ),
        (Term::succeeded().and(force()), "and(succeeded(), ${{ parameters.force }})"),
        (
            Term::succeeded().and(call(Or, &[force(), call(Equal, &[country(), word("FR")])])),
            "and(succeeded(), ${{ or(parameters.force, eq(parameters.country, 'FR')) }})",
        ),
    ];
    for (term, expected) in table {
        assert_eq!(condition(term), expected);
    }
}

#[test]
fn parameters_among_values_of_the_run_are_literals() {
    let with = |it| condition(call(Function::Equal, &[branch(), it]));
    let source = "variables['Build.SourceBranch']";
    assert_eq!(with(param("country", false)), format!("eq({source}, '${{{{ parameters.country }}}}')"));
    assert_eq!(with(param("force", true)), format!("eq({source}, '${{{{ lower(parameters.force) }}}}')"));
    assert_eq!(
        with(param("tag", false)),
        format!("eq({source}, '${{{{ replace(parameters.tag, '''', '''''') }}}}')"),
        "no text that somebody types may end the quoted text"
    );
}

#[test]
fn outputs_and_results_by_where_they_are_read() {
    let at = |reader, stage: Option<&str>, job: Option<&str>| Producer {
        reader,
        stage: stage.map(ToOwned::to_owned),
        job: job.map(ToOwned::to_owned),
    };
    let (in_condition, in_job) = (Reader::StageCondition, Reader::Job);
    let table = [
        (output(at(in_condition, Some("S"), Some("J")), false), "dependencies.S.outputs['J.fit.promote']"),
        (output(at(in_job, Some("S"), Some("J")), false), "stageDependencies.S.J.outputs['fit.promote']"),
        (output(at(in_job, Some("S"), Some("J")), true), "stageDependencies.S.J.outputs['J.fit.promote']"),
        (output(at(in_job, None, Some("J")), false), "dependencies.J.outputs['fit.promote']"),
        (output(at(in_job, None, Some("J")), true), "dependencies.J.outputs['J.fit.promote']"),
        (Term::Result(at(in_condition, Some("S"), None)), "dependencies.S.result"),
        (Term::Result(at(in_job, Some("S"), Some("J"))), "stageDependencies.S.J.result"),
        (Term::Result(at(in_job, None, Some("J"))), "dependencies.J.result"),
    ];
    for (term, expected) in table {
        assert_eq!(condition(term), expected);
    }
}

#[test]
fn booleans_among_inputs_are_booleans_and_choices_are_texts() {
    let task = |name: &str, input: &str| {
        let inputs = vec![(input.to_owned(), text("true"))];
        step("Do", StepBody::Task { name: name.to_owned(), inputs })
    };
    let steps = vec![task("InvokeRESTAPI@1", "waitForCompletion"), task("UsePythonVersion@0", "addToPath")];
    let yaml = emitted(of_steps(steps));
    assert!(yaml.contains("              waitForCompletion: \"true\"\n"), "{yaml}");
    assert!(yaml.contains("              addToPath: true\n"), "{yaml}");
}
