//! The compiler's scripts: what they look like, and what they do when `az`, `docker`, `helm` and `curl` answer this way
//! or that. Stand-ins for those log their calls.

mod created;
mod endpoints;
mod every;
mod facts;
mod ground;
mod incidents;
mod quality;
mod registry;

use crate::standins::{Ran, Scenario};
use crate::support;
use mlopsc::base::arena::Id;
use mlopsc::base::files::{FileKind, Files, Memory};
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::scripts;
use mlopsc::model::expr::{Expr, ExprKind};
use mlopsc::model::lower::Lower;
use mlopsc::model::steps::action::{Action, ActionBody, ScriptSource};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Disk(PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.0.join(path)).map_err(|it| it.to_string())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        let path = self.0.join(path);
        if path.is_dir() { Some(FileKind::Folder) } else { path.is_file().then_some(FileKind::File) }
    }
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn all_kinds() -> Analysis {
    let text = fs::read_to_string(root("tests/cases/scripts/all.mlops")).expect("the case is there");
    analysis_of(&text)
}

fn analysis_of(text: &str) -> Analysis {
    let mut sources = Sources::default();
    sources.add("all.mlops".to_owned(), text.to_owned());
    let files = Memory([("Dockerfile".to_owned(), "FROM scratch\nUSER 1000\n".to_owned())].into());
    driver::analyze(sources, &files)
}

/// All actions of a project, by `pipeline.stage.step`, with what a plan would find for them.
pub(crate) fn actions(analysis: &Analysis) -> Vec<(String, Action)> {
    let project = &analysis.project;
    let mut found = Vec::new();
    for pipeline in project.pipelines.values() {
        for stage in &pipeline.stages {
            for (index, step) in stage.jobs.iter().flat_map(|it| it.steps.iter().enumerate()) {
                let environment = stage.environment.as_ref().or(stage.context.as_ref()).map(|it| it.value);
                let (connection, workspace) = (Some(Id::new(0)), Some(Id::new(0)));
                let out = "generated";
                let cx = Lower { project, step, index, connection, workspace, environment, out };
                let name = step.ident.as_ref().map_or(step.kind.word(), |it| &it.value);
                let path = format!("{}.{}.{name}", pipeline.header.ident.value, stage.ident.value);
                found.extend(step.kind.lower(&cx).into_iter().map(|it| (path.clone(), it)));
            }
        }
    }
    found
}

pub(crate) fn action(text: &str, path: &str, number: usize) -> Action {
    action_of(&analysis_of(text), path, number)
}

fn action_of(analysis: &Analysis, path: &str, number: usize) -> Action {
    let found = actions(analysis).into_iter().filter(|it| it.0 == path).nth(number);
    found.unwrap_or_else(|| panic!("no {path}")).1
}

/// A file of tests/cases/scripts/, with the files it names.
fn case(name: &str, side_files: &[(&str, &str)]) -> Analysis {
    let text = fs::read_to_string(root(&format!("tests/cases/scripts/{name}"))).expect("the case is there");
    let mut sources = Sources::default();
    sources.add(name.to_owned(), text);
    let files = side_files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    driver::analyze(sources, &Memory(files.collect()))
}

fn example(path: &str, number: usize) -> Action {
    action(
        &fs::read_to_string(root("tests/cases/scripts/all.mlops")).expect("the case is there"),
        path,
        number,
    )
}

pub(crate) fn script(action: &Action) -> Option<String> {
    match &action.body {
        ActionBody::Script(it) => match &it.source {
            ScriptSource::Template { name, data } => Some(scripts::render(name, data)),
            ScriptSource::Verbatim(text) => Some(text.clone()),
            ScriptSource::File(_) => None,
        },
        _ => None,
    }
}

/// A value as a run would see it: what is only known then is named.
fn shown(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::String(text) => text.clone(),
        ExprKind::Concat(parts) => parts.iter().map(shown).collect(),
        ExprKind::Predefined(name) => format!("<{name}>"),
        ExprKind::OwnOutput(name) => format!("<own {name}>"),
        ExprKind::Fact(fact) => format!("<run {fact:?}>"),
        ExprKind::Variable { name, .. } => format!("<variable {name}>"),
        ExprKind::Param(name) => format!("<parameter {name}>"),
        ExprKind::Output(output) => format!("<output {}>", output.output),
        ExprKind::RunOf(_, field) => format!("<run of another {field:?}>"),
        ExprKind::Number(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Bool(it) => it.to_string(),
        other => panic!("{other:?} is not expected here"),
    }
}

pub(crate) fn render(actions: &[(String, Action)]) -> String {
    let mut text = String::new();
    for (path, action) in actions {
        writeln!(text, "=== {path}: {}", action.title).expect("a string takes all");
        write!(text, "{:?}", action.place).expect("a string takes all");
        if !action.outputs.is_empty() {
            write!(text, ", sets {}", action.outputs.join(" ")).expect("a string takes all");
        }
        if let Some(suffix) = action.suffix {
            write!(text, ", as _{suffix}").expect("a string takes all");
        }
        if let Some(longest) = action.longest {
            write!(text, ", at most {longest} s").expect("a string takes all");
        }
        text.push('\n');
        for (name, value) in &action.env {
            writeln!(text, "{name}: {}", shown(value)).expect("a string takes all");
        }
        match (script(action), &action.body) {
            (Some(script), _) => writeln!(text, "---\n{script}"),
            (None, ActionBody::Task { name, inputs }) => {
                let inputs: Vec<String> =
                    inputs.iter().map(|(name, it)| format!("{name}: {}", shown(it))).collect();
                writeln!(text, "--- {name}\n{}\n", inputs.join("\n"))
            }
            (None, ActionBody::Publish { artifact, path }) => {
                writeln!(text, "--- {artifact} from {}\n", shown(path))
            }
            (None, ActionBody::Download { artifact, source, path }) => {
                let path = path.as_ref().map(shown);
                writeln!(text, "--- {artifact:?} of {source:?} to {path:?}\n")
            }
            (None, other) => writeln!(text, "--- {other:?}\n"),
        }
        .expect("a string takes all");
    }
    text
}

#[test]
fn every_kind_as_scripts() {
    let analysis = all_kinds();
    assert!(!analysis.has_errors(), "{}", support::render(&analysis.sources, &analysis.findings));
    snapshot("all", &render(&actions(&analysis)));
}

#[test]
fn the_example_as_scripts() {
    let folder = root("examples/digitre");
    let mut sources = Sources::default();
    for file in ["project", "ml", "environments"] {
        add(&mut sources, &folder, &format!("{file}.mlops"));
    }
    let mut names: Vec<_> = fs::read_dir(folder.join("pipelines"))
        .expect("the example is there")
        .map(|it| it.expect("the folder can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    for name in names {
        add(&mut sources, &folder, &format!("pipelines/{name}"));
    }
    let analysis = driver::analyze(sources, &Disk(folder));
    let said = support::render(&analysis.sources, &analysis.findings);
    assert!(!said.contains("pipelines/"), "{said}");
    snapshot("digitre", &render(&actions(&analysis)));
}

fn add(sources: &mut Sources, folder: &Path, path: &str) {
    sources.add(path.to_owned(), fs::read_to_string(folder.join(path)).expect("the example is there"));
}

pub(crate) fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root("tests/cases/scripts"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn mistakes_are_named() {
    let text = fs::read_to_string(root("tests/cases/scripts/mistakes.mlops")).expect("the case is there");
    let mut sources = Sources::default();
    let file = sources.add("all.mlops".to_owned(), text);
    let (tree, _) = mlopsc::syntax::parse(file, &sources.get(file).text);
    let (_, findings) = mlopsc::model::build(&[tree], &Memory::default());
    snapshot("mistakes", &support::render(&sources, &findings));
}

#[test]
fn the_server_waits_for_a_callback() {
    let ActionBody::Task { inputs, .. } = example("demo.things.started", 1).body else {
        panic!("a task waits")
    };
    for name in ["body", "headers"] {
        let (_, value) = inputs.iter().find(|it| it.0 == name).expect("it has one");
        serde_json::from_str::<serde_json::Value>(&shown(value)).expect("it is JSON");
    }
}

#[test]
fn every_script_is_bash() {
    for (path, action) in actions(&all_kinds()) {
        let Some(text) = script(&action) else { continue };
        let ran = Command::new("bash").args(["-n", "-c", &text]).output().expect("bash is there");
        assert!(ran.status.success(), "{path}: {}\n{text}", String::from_utf8_lossy(&ran.stderr));
        assert!(text.starts_with("set -euo pipefail\n# "), "{path}");
        assert!(!text.contains("${{"), "{path}");
        assert!(!text.contains("\n\n\n"), "{path}: {text}");
    }
}

/// What tasks on an agent take out of the environment before the script starts.
const TAKEN: [&str; 5] = ["INPUT_", "SECRET_", "ENDPOINT_AUTH_", "SECUREFILE_TICKET_", "VSTS_TASKVARIABLE_"];

#[test]
fn no_value_travels_under_a_name_that_is_taken_away() {
    let mut seen = 0;
    for (path, text) in support::files_below("tests/cases/scripts", ".mlops") {
        for (step, action) in actions(&analysis_of(&text)) {
            for (name, _) in &action.env {
                assert!(!TAKEN.iter().any(|it| name.starts_with(it)), "{path}, {step}: {name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} variables only");
}

// What scripts do.

impl Scenario {
    /// Runs the action's script; `env` stands for what is only known in a run.
    pub(crate) fn run(&self, action: &Action, env: &[(&str, &str)]) -> Ran {
        let known = action.env.iter().map(|(name, value)| (name.clone(), shown(value)));
        let given = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.run_script(&script(action).expect("the action is a script"), known.chain(given))
    }
}

/// Name, answers, whether the script ends well, what is said or called, what is not.
pub(crate) type Case<'a> = (&'a str, &'a str, bool, &'a [&'a str], &'a [&'a str]);

pub(crate) fn output(name: &str, value: &str) -> String {
    format!("##vso[task.setvariable variable={name};isOutput=true]{value}\n")
}

#[test]
fn a_container_group_is_replaced() {
    const CREATED: &str = r#"
        case "$*" in
          "container create"*) cp "${@: -3:1}" "$FAKE/group.json"; touch "$FAKE/there" ;;
          *currentState*) echo Running ;;
          *ipAddress.ip*) echo 10.0.0.9 ;;"#;
    let missing =
        r#""container show"*) [ -e "$FAKE/there" ] || { echo "(ResourceNotFound)" >&2; exit 3; } ;; esac"#;
    let there = r#""container show"*) [ ! -e "$FAKE/deleted" ] || exit 3 ;; "container delete"*) touch "$FAKE/deleted" ;; esac"#;
    let refused = r#""container show"*) echo "AuthorizationFailed" >&2; exit 1 ;; esac"#;
    let deploy = example("demo.rollout.deploy", 0);
    let url = output("url", "http://10.0.0.9:8080");
    let cases: [Case; 3] = [
        ("missing", missing, true, &["az container create", &url], &["container delete"]),
        ("there", there, true, &["az container delete", "--yes", "az container create", &url], &[]),
        ("refused", refused, false, &["AuthorizationFailed"], &["container create", "container delete"]),
    ];
    for (case, answers, ok, has, lacks) in cases {
        let world = Scenario::behaving(&format!("{CREATED}\n{answers}"));
        world.run(&deploy, &[("TAG", "42"), ("RUN_ID", "42")]).check(case, ok, has, lacks);
    }
    let world = Scenario::behaving(&format!("{CREATED}\n{missing}"));
    world.run(&deploy, &[("TAG", "a b")]).check("a bad tag", false, &["not the tag of an image"], &["az "]);
}

#[test]
fn a_name_points_to_the_new_address() {
    let text = fs::read_to_string(root("tests/cases/scripts/all.mlops")).expect("the case is there");
    let dns =
        "name = \"api-dev\", subnet = \"/subnets/dev\"\n dns { zone = \"demo.internal\", record = \"api\" }";
    let deploy = action(&text.replace("name = \"api-dev\"", dns), "demo.rollout.deploy", 0);
    let cases: [(&str, &str, &[&str], &[&str]); 3] = [
        ("no record", "exit 3", &["add-record"], &["remove-record"]),
        ("the same address", "echo 10.0.0.9", &[], &["add-record", "remove-record"]),
        ("an old address", "echo 10.0.0.8", &["add-record", "--ipv4-address 10.0.0.8 --keep"], &[]),
    ];
    for (case, answer, has, lacks) in cases {
        let answers = format!(
            r#"case "$*" in
              *"record-set a show"*) {answer} ;;
              *currentState*) echo Running ;;
              *ipAddress.ip*) echo 10.0.0.9 ;;
              "container create"*) touch "$FAKE/there" ;;
              "container show"*) [ -e "$FAKE/there" ] || exit 3 ;;
            esac"#
        );
        let ran = Scenario::behaving(&answers).run(&deploy, &[("TAG", "42"), ("RUN_ID", "42")]);
        ran.check(case, true, &[has, &[&output("url", "http://api.demo.internal:8080")]].concat(), lacks);
    }
}

#[test]
fn a_name_goes_with_its_address() {
    let text = fs::read_to_string(root("tests/cases/scripts/all.mlops")).expect("the case is there");
    let dns = "name = \"api-dev\"\n dns { zone = \"demo.internal\", record = \"api\" }";
    let undeploy = action(&text.replace("name = \"api-dev\"", dns), "demo.rollout.undeploy", 0);
    let cases: [(&str, &str, &[&str], &[&str]); 3] = [
        ("its address", "echo 10.0.0.9", &["remove-record", "--ipv4-address 10.0.0.9"], &[]),
        ("that of another", "echo 10.0.0.8", &["container delete"], &["remove-record"]),
        ("no record", "exit 3", &["container delete"], &["remove-record"]),
    ];
    for (case, answer, has, lacks) in cases {
        let answers = format!(
            r#"case "$*" in
              *"record-set a show"*) {answer} ;;
              "container show"*) echo '{{"tags": {{}}, "ipAddress": {{"ip": "10.0.0.9"}}}}' ;;
            esac"#
        );
        Scenario::behaving(&answers).run(&undeploy, &[]).check(case, true, has, lacks);
    }
}

#[test]
fn values_arrive_as_they_are() {
    let nasty = "it's \"quoted\", `x` $(touch pwned) ${HOME}; a=b\n\\ #{ü} 100%";
    let answers = r#"
        case "$*" in
          "container create"*) cp "${@: -3:1}" "$FAKE/group.json"; touch "$FAKE/there" ;;
          *currentState*) echo Running ;;
          *ipAddress.ip*) echo 10.0.0.9 ;;
          "container show"*) [ -e "$FAKE/there" ] || exit 3 ;;
          "ml job create"*) cp "$5" "$FAKE/job.json"; echo run-1 ;;
        esac"#;
    let world = Scenario::behaving(answers);
    let env = [("TAG", "42"), ("RUN_ID", "42"), ("ENV_COUNTRY", nasty), ("ENV_API_KEY", nasty)];
    world.run(&example("demo.rollout.deploy", 0), &env).check(
        "deploy",
        true,
        &[],
        &["touch pwned", "quoted"],
    );
    let container = &world.json("group.json")["properties"]["containers"][0]["properties"];
    assert_eq!(container["environmentVariables"][1]["value"], nasty);
    assert_eq!(container["environmentVariables"][2]["secureValue"], nasty);
    assert_eq!(container["command"], serde_json::json!(["python", "-m", "api", "--quiet"]));

    fs::write(world.path("job.in.json"), r#"{"inputs": {"country": "FR"}}"#)
        .expect("the folder can be written");
    let env = [
        ("JOB_FILE", "job.in.json"),
        ("RUN_ID", "42"),
        ("ML_INPUT_COUNTRY", nasty),
        ("ML_INPUT_RATE", "0.5"),
        ("ML_INPUT_DEEP", "True"),
    ];
    let ran = world.run(&example("demo.things.alone", 0), &env);
    ran.check("submit", true, &[&output("run_id", "run-1")], &["touch pwned"]);
    let job = world.json("job.json");
    assert_eq!(job["inputs"]["country"], nasty);
    assert_eq!((&job["inputs"]["rate"], &job["inputs"]["deep"]), (&0.5.into(), &true.into()));
    assert_eq!(job["tags"]["mlopsc_run"], "42");
    assert!(!world.path("pwned").exists());
}

#[test]
fn a_newer_deployment_is_left_alone() {
    const GUARDED: &str = "only_if_tag = run.id";
    let text = fs::read_to_string(root("tests/cases/scripts/all.mlops")).expect("the case is there");
    let text = text.replace("    undeploy api\n", &format!("    undeploy api {{ {GUARDED} }}\n"));
    let undeploy = action(&text, "demo.rollout.undeploy", 0);
    let cases: [Case; 4] = [
        (
            "same run",
            "[ \"$2\" != show ] || echo '{\"tags\": {\"mlopsc-run\": \"42\"}}'",
            true,
            &["az container delete"],
            &[],
        ),
        (
            "other run",
            "[ \"$2\" != show ] || echo '{\"tags\": {\"mlopsc-run\": \"43\"}}'",
            true,
            &["left alone"],
            &["container delete"],
        ),
        ("missing", "[ \"$2\" != show ] || exit 3", true, &["gone already"], &["container delete"]),
        ("refused", "[ \"$2\" != show ] || exit 1", false, &[], &["container delete"]),
    ];
    for (case, answers, ok, has, lacks) in cases {
        Scenario::behaving(answers).run(&undeploy, &[("EXPECTED", "42")]).check(case, ok, has, lacks);
    }

    let release = example("demo.release.undeploy", 0);
    let cases = [
        ("same run", "api", "mlopsc-run=42", "helm uninstall", "left alone"),
        ("other run", "api", "mlopsc-run=43", "left alone", "helm uninstall"),
        ("missing", "other", "", "gone already", "helm uninstall"),
    ];
    for (case, name, description, has, lacks) in cases {
        let answers = format!(
            r#"case "$1" in
              list) echo '[{{"name": "{name}"}}]' ;;
              status) echo '{{"info": {{"description": "{description}"}}}}' ;;
            esac"#
        );
        Scenario::behaving(&answers).run(&release, &[("EXPECTED", "42")]).check(case, true, &[has], &[lacks]);
    }
}

/// Answers of `az` for a submitted run whose status goes through `$STATES`, one a look; `!` is a failed look.
const RUNS: &str = r#"
    case "$*" in
      "ml job create"*) echo run-1 ;;
      *"--query status"*)
        looks=$(cat "$FAKE/looks" 2>/dev/null || echo 0)
        echo $((looks + 1)) >"$FAKE/looks"
        read -ra states <<<"$STATES"
        state=${states[$looks]:-${states[-1]}}
        [ "$state" != '!' ] || exit 1
        echo "$state" ;;
      "ml job download"*)
        [ -n "${VERDICT+x}" ] || exit 0
        mkdir -p "$9/named-outputs" && printf "$VERDICT" >"$9/named-outputs/decision" ;;
      "ml model list"*) echo "${REGISTERED:-}" ;;
      "ml model create"*) echo 7 ;;
    esac"#;

fn submitted(env: &[(&str, &str)]) -> Ran {
    let world = Scenario::behaving(RUNS);
    fs::write(world.path("job.json"), "{}").expect("the folder can be written");
    let waited = example("demo.things.waited", 0);
    world.run(&waited, &[&[("JOB_FILE", "job.json"), ("RUN_ID", "42")], env].concat())
}

#[test]
fn a_wait_ends_with_the_run() {
    let promoted = ("VERDICT", "promote");
    let done = output("status", "Completed");
    let cases: [(&str, &str, bool, &[&str]); 7] = [
        ("completed", "NotStarted Running Completed", true, &[&done]),
        ("two failed looks", "Running ! ! Completed", true, &[&done]),
        ("failed", "Running Failed", false, &["ended as Failed"]),
        ("canceled", "Canceled", false, &["ended as Canceled"]),
        ("not responding", "NotResponding", false, &["ended as NotResponding"]),
        ("paused", "Paused", false, &["ended as Paused"]),
        ("six failed looks", "! ! ! ! ! ! Completed", false, &["does not tell the status"]),
    ];
    for (case, states, ok, has) in cases {
        submitted(&[("STATES", states), promoted]).check(case, ok, has, &[]);
    }
    let ran = submitted(&[("STATES", "Running"), ("TIMEOUT_SECONDS", "0"), promoted]);
    ran.check("too long", false, &["has not ended within 0 seconds"], &["ml model create"]);
}

#[test]
fn a_run_without_a_name_fails() {
    let world = Scenario::behaving("");
    fs::write(world.path("job.json"), "{}").expect("the folder can be written");
    let ran = world.run(&example("demo.things.waited", 0), &[("JOB_FILE", "job.json"), ("RUN_ID", "42")]);
    ran.check("empty name", false, &["did not name the run"], &["job show"]);
}

#[test]
fn a_decision_decides() {
    let done = ("STATES", "Completed");
    let registered = [
        output("promote", "true"),
        output("price_registered", "true"),
        output("price_model_version", "7"),
        output("quality_registered", "true"),
    ];
    let registered: Vec<&str> = registered.iter().map(String::as_str).collect();
    let create =
        "az ml model create --name price --type mlflow_model --path azureml://jobs/run-1/outputs/fit_model";
    submitted(&[done, ("VERDICT", "promote")]).check("promote", true, &registered, &[]);
    submitted(&[done, ("VERDICT", " promote\\n")]).check(
        "promote and a line break",
        true,
        &[create, "team=data science"],
        &[],
    );
    let rejected =
        [output("promote", "false"), output("price_registered", "false"), output("price_model_version", "")];
    let rejected: Vec<&str> = rejected.iter().map(String::as_str).collect();
    submitted(&[done, ("VERDICT", "reject")]).check("reject", true, &rejected, &["create --name price"]);
    submitted(&[done]).check("no file", false, &["holds 0 files"], &["ml model create"]);
    submitted(&[done, ("VERDICT", "maybe")]).check("neither", false, &["is neither"], &["ml model create"]);
    submitted(&[done, ("VERDICT", "pro mote")]).check("torn", false, &["is neither"], &["ml model create"]);
    let again = submitted(&[done, ("VERDICT", "promote"), ("REGISTERED", "5")]);
    again.check("a second attempt", true, &[&output("price_model_version", "5")], &["ml model create"]);
}

#[test]
fn a_compute_is_made_or_updated() {
    let ensure = example("demo.things.all", 2);
    let cases: [Case; 6] = [
        (
            "there",
            "echo Succeeded STANDARD_DS3_V2",
            true,
            &["ml compute update", "--max-instances 4"],
            &["compute create"],
        ),
        (
            "missing",
            "exit 3",
            true,
            &["az ml compute create --file generated/azure-ml/computes/cpu.json"],
            &["compute update"],
        ),
        (
            "missing, older az",
            "echo '(ResourceNotFound) it was not found' >&2; exit 1",
            true,
            &["ml compute create"],
            &[],
        ),
        (
            "refused",
            "echo AuthorizationFailed >&2; exit 1",
            false,
            &["AuthorizationFailed"],
            &["compute create"],
        ),
        ("another size", "echo Succeeded Standard_F8s_v2", false, &["machines of size"], &["compute update"]),
        (
            "being deleted",
            "[ -e \"$FAKE/gone\" ] && exit 3; touch \"$FAKE/gone\"; echo Deleting Standard_DS3_v2",
            true,
            &["still being changed: Deleting", "ml compute create"],
            &[],
        ),
    ];
    for (case, answer, ok, has, lacks) in cases {
        let world = Scenario::behaving(&format!("case \"$*\" in *\"compute show\"*) {answer} ;; esac"));
        world.run(&ensure, &[]).check(case, ok, has, lacks);
    }
}

#[test]
fn secrets_stay_off_command_lines() {
    let world = Scenario::behaving(r#"[ "${0##*/}" != curl ] || cat >"$FAKE/curl.in""#);
    let ran = world.run(&example("demo.things.notify", 0), &[("URL", "https://x/\"s3cret\"")]);
    ran.check("teams", true, &["curl --fail-with-body"], &["s3cret"]);
    let sent = fs::read_to_string(world.path("curl.in")).expect("curl was called");
    assert_eq!(sent, "url = \"https://x/\\\"s3cret\\\"\"\n");
}
