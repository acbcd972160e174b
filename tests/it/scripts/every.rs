//! Every script of the compiler, run where all goes well, with values that a shell could take for commands.

use super::{actions, shown};
use crate::standins::{Ran, Scenario};
use crate::support;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::Target;
use mlopsc::model::steps::action::{Action, ActionBody, ScriptSource};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const CASES: [&str; 7] = [
    "scripts/all",
    "scripts/endpoints",
    "scripts/ground",
    "scripts/quality",
    "scripts/rest",
    "model/ok/created",
    "model/ok/registry",
];

/// What the steps of the cases find beside them.
const FILES: [(&str, &str); 4] = [
    ("Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("request.json", "{}"),
    ("api/tests/unit.py", ""),
    ("research/notebooks/a.ipynb", r#"{"cells": []}"#),
];

/// The facts' scripts are no actions: `facts.rs` runs them.
const RUN_ELSEWHERE: [&str; 2] = ["facts_changed", "facts_tags"];

/// Variables that must have a certain form, with a value that has it.
const FORMED: [(&str, &str); 14] = [
    ("TAG", "1.0"),
    ("VERSION", "7"),
    ("WITHIN", "0"),
    ("METRIC_VALUE", "0.5"),
    ("METRIC_FILE", "metrics.json"),
    ("ML_INPUT_RATE", "0.5"),
    ("ML_INPUT_DEEP", "True"),
    ("ITEMS", r#"[{"name": "a"}]"#),
    ("PARAM_SIZE", "1"),
    ("PARAM_RATE", "1"),
    ("PARAM_DEEP", "true"),
    ("RESULTS", "out/results.xml"),
    ("COVERAGE", "out/coverage.xml"),
    ("SIZE", "Standard_DS3_v2"),
];

/// The call of that number is refused.
const REFUSAL: &str = r#"
if [ -e "$FAKE/refused" ] && [ "$(<"$FAKE/refused")" = "$number" ]; then
  echo "ERROR: (AuthorizationFailed) The client does not have authorization to perform action." >&2
  exit 1
fi
"#;

struct Case {
    analysis: Analysis,
    files: Vec<(String, String)>,
}

impl Case {
    fn read(name: &str) -> Case {
        let path = format!("tests/cases/{name}.mlops");
        let mut sources = Sources::default();
        sources.add(
            path.clone(),
            std::fs::read_to_string(support::repository(&path)).expect("the case is there"),
        );
        let side = FILES.iter().chain(super::ground::SIDE_FILES);
        let side: Vec<(String, String)> =
            side.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let analysis = driver::analyze(sources, &Memory(side.iter().cloned().collect()));
        let said = support::render(&analysis.sources, &analysis.findings);
        assert!(!analysis.has_errors(), "{said}");
        let emitted = driver::emit(&analysis, "generated", &[Target::AzureMl, Target::Helm]);
        let emitted = emitted.into_iter().map(|it| (format!("generated/{}", it.path), it.text));
        Case { files: side.into_iter().chain(emitted).collect(), analysis }
    }

    /// Where all goes well; `run` has deployed what can be undone.
    fn scenario(&self, template: &str, run: &str) -> Scenario {
        let read = |name: &str| {
            let path = support::repository(&format!("tests/cases/scripts/{name}.sh"));
            std::fs::read_to_string(path).expect("it is there")
        };
        let (good, endpoints) = (read("good"), read("azure_ml_endpoints"));
        let scenario =
            Scenario::behaving(&format!("{REFUSAL}{good}\n[ -n \"${{unknown:-}}\" ] || exit 0\n{endpoints}"));
        for (path, text) in &self.files {
            scenario.write(path, text);
        }
        for (kind, old, new) in [("online", "blue", "green"), ("batch", "even-day", "odd-day")] {
            let live = if template == "undeploy_endpoint" { "third" } else { old };
            let endpoint = json!({
                "name": "prices", "traffic": {live: 100}, "mirror_traffic": {}, "defaults": {"deployment_name": live},
                "scoring_uri": "https://prices.example.com/score"
            });
            let tags = json!({
                "mlopsc_run": run, "mlopsc_at": "2026-01-01T00:00:00Z", "mlopsc_old": old, "mlopsc_before": format!("{old}=100")
            });
            let deployments = json!([
                {"name": old, "provisioning_state": "Succeeded", "tags": {}},
                {"name": new, "provisioning_state": "Succeeded", "tags": tags},
            ]);
            scenario.write(&format!("{kind}.endpoint.json"), &endpoint.to_string());
            scenario.write(&format!("{kind}.deployments.json"), &deployments.to_string());
        }
        scenario
    }
}

fn template(action: &Action) -> Option<&str> {
    let ActionBody::Script(script) = &action.body else { return None };
    match &script.source {
        ScriptSource::Template { name, .. } => Some(name),
        ScriptSource::Verbatim(_) | ScriptSource::File(_) => None,
    }
}

/// Whether a value cannot be any text: a number, a document or the path of a file that is there.
fn formed(name: &str, value: &str) -> bool {
    FORMED.iter().any(|it| it.0 == name)
        || matches!(name, "FOLDER" | "DEPLOYMENT" | "CHART")
        || name.starts_with("EXPECT_")
        || value.parse::<f64>().is_ok()
        || serde_json::from_str::<Value>(value).is_ok()
        || ["FILE", "PATH"].iter().any(|it| name.contains(it))
}

/// What a shell, JSON or the agent could take for something else. The name tells where it came from.
fn awkward(name: &str) -> String {
    format!(
        "it's \"{name}\" $(touch pwned) `touch pwned` ${{HOME}} $HOME; touch pwned\n&& touch pwned #\\ * ? [a] ä"
    )
}

/// What the agent would obey if it were told in a line. Who writes a description may write that; who starts a run may not.
const ORDER: &str = "##vso[task.complete result=Failed]";

/// Values of the action's variables, `awkward` where any text may stand.
fn env(action: &Action) -> Vec<(&str, String)> {
    let values = action.env.iter().map(|(name, value)| {
        let value = shown(value);
        let known = FORMED.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
        // The number of a run is one that Azure DevOps gives.
        let said_in_the_run = value.contains('<') && name != "RUN_ID";
        let text = match formed(name, &value) {
            true => known.unwrap_or(value),
            false if said_in_the_run => awkward(name) + ORDER,
            false => awkward(name),
        };
        (name.as_str(), text)
    });
    values.collect()
}

/// The run that is to have deployed what stands.
fn deployed_by<'a>(env: &'a [(&str, String)]) -> &'a str {
    let value = |name: &str| env.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    value("EXPECTED").or(value("RUN_ID")).unwrap_or("42")
}

/// Whether a call was given this text, as it is or in a document.
fn arrived(ran: &Ran, text: &str) -> bool {
    let quoted = Value::from(text).to_string();
    ran.calls.iter().any(|call| {
        let documents = call.stdin.iter().chain(call.files());
        call.arguments.iter().any(|it| it.contains(text))
            || documents.into_iter().any(|it| it.contains(text) || it.contains(&quoted[1..quoted.len() - 1]))
    })
}

/// `TEMPLATE VARIABLE` of values that reach no call: compared with what is there, a name in an address, what is used only
/// where something is missing, or not used by every script of the template.
const STAY: [&str; 23] = [
    "compare METRIC_NAME",
    "compare STAGE",
    "compare STAGE_TAG",
    "deploy_aci RUN_ID",
    "deploy_infra PARAM_3",
    "download_model STAGE",
    "download_model STAGE_TAG",
    "ensure_cluster LOCATION",
    "ensure_cluster NODE_SIZE",
    "ensure_datastore NAME",
    "ensure_group LOCATION",
    "queue PIPELINE_NAME",
    "rollback_aks RUN_ID",
    "rollback_endpoint RUN_ID",
    "set_traffic RUN_ID",
    "smoke_test CLUSTER",
    "smoke_test NAMESPACE",
    "smoke_test RELEASE",
    "smoke_test RESOURCE_GROUP",
    "smoke_test RUN_ID",
    "undeploy_aks EXPECTED",
    "undeploy_endpoint EXPECTED",
    "undeploy_endpoint RUN_ID",
];

struct Seen {
    template: String,
    /// `TEMPLATE VARIABLE` of values that reached nobody.
    kept: Vec<String>,
    wrong: Vec<String>,
}

fn seen(case: &Case, path: &str, action: &Action) -> Option<Seen> {
    let template = template(action)?.to_owned();
    let env = env(action);
    let run = deployed_by(&env);
    let scenario = case.scenario(&template, run);
    if let Some((_, name)) = env.iter().find(|it| it.0 == "METRIC_NAME") {
        scenario.write("metrics.json", &json!({name: 0.5}).to_string());
    }
    let given: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ran = scenario.run(action, &given);
    let mut wrong = Vec::new();
    if !ran.ok {
        wrong.push(format!("{path} ({template}) ended with {:?}\n{}", ran.code, ran.all()));
    }
    if scenario.path("pwned").exists() {
        wrong.push(format!("{path} ({template}) executed a value"));
    }
    if ran.stdout.contains(ORDER) {
        wrong.push(format!("{path} ({template}) tells the agent what a value says:\n{}", ran.stdout));
    }
    let awkward =
        given.iter().filter(|(name, value)| value.starts_with(&awkward(name)) && !arrived(&ran, value));
    let kept = awkward.map(|(name, _)| format!("{template} {name}")).collect();
    Some(Seen { template, kept, wrong })
}

#[test]
fn every_script_hands_values_over_as_they_are() {
    let cases: Vec<Case> = CASES.iter().map(|it| Case::read(it)).collect();
    let steps = cases
        .iter()
        .flat_map(|case| actions(&case.analysis).into_iter().map(move |(path, action)| (case, path, action)));
    // The same lines for another step show nothing new.
    let mut texts = BTreeSet::new();
    let all: Vec<(&Case, String, Action)> =
        steps.filter(|it| super::script(&it.2).is_some_and(|text| texts.insert(text))).collect();
    let seen: Vec<Seen> =
        all.par_iter().filter_map(|(case, path, action)| seen(case, path, action)).collect();
    let wrong: Vec<&str> = seen.iter().flat_map(|it| &it.wrong).map(String::as_str).collect();
    let kept: BTreeSet<&str> = seen.iter().flat_map(|it| &it.kept).map(String::as_str).collect();
    let run: BTreeSet<&str> = seen.iter().map(|it| it.template.as_str()).chain(RUN_ELSEWHERE).collect();
    let templates = support::files_below("templates", ".sh.hbs");
    let names =
        templates.iter().filter_map(|(path, _)| path.strip_prefix("templates/")?.strip_suffix(".sh.hbs"));
    let missing: Vec<&str> = names.filter(|it| !it.starts_with("shared/") && !run.contains(it)).collect();
    assert!(missing.is_empty(), "no case has a step with these: {missing:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), STAY);
}

/// `TEMPLATE: CALL` of each call that a script may do without, once.
const MAY_FAIL: [&str; 4] =
    ["collect: az ml job show", "deploy_aci: az container show", "queue: curl", "submit: az ml job show"];

/// The longest script of each template, so that every part of it is run.
fn longest<'a>(cases: &'a [Case]) -> Vec<(&'a Case, Action)> {
    let mut longest: BTreeMap<String, (usize, &Case, Action)> = BTreeMap::new();
    for case in cases {
        for (_, action) in actions(&case.analysis) {
            let Some(name) = template(&action) else { continue };
            let length = super::script(&action).map_or(0, |it| it.len());
            if longest.get(name).is_none_or(|it| it.0 < length) {
                longest.insert(name.to_owned(), (length, case, action));
            }
        }
    }
    longest.into_values().map(|(_, case, action)| (case, action)).collect()
}

/// The calls that may fail without the script noticing.
fn passed_over(case: &Case, action: &Action) -> Vec<String> {
    let name = template(action).expect("it has one");
    let env: Vec<(&str, String)> = env(action);
    let given: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let run = deployed_by(&env);
    let metric = env.iter().find(|it| it.0 == "METRIC_NAME").map_or("rmse", |it| &it.1);
    let scenario = || {
        let scenario = case.scenario(name, run);
        scenario.write("metrics.json", &json!({metric: 0.5}).to_string());
        scenario
    };
    let prepares = ["az extension add", "az configure"];
    let calls = scenario().run(action, &given).calls;
    let numbers =
        calls.iter().zip(1..).filter(|(it, _)| it.program != "sleep" && !prepares.contains(&&*it.name()));
    let refused = numbers.filter_map(|(_, number)| {
        let scenario = scenario();
        scenario.write("refused", &number.to_string());
        let ran = scenario.run(action, &given);
        let call = ran.calls.get(number - 1).filter(|_| ran.ok)?;
        let words = call.name();
        Some(format!(
            "{name}: {}",
            words.split(' ').filter(|it| it.is_ascii()).take(4).collect::<Vec<_>>().join(" ")
        ))
    });
    refused.collect()
}

#[test]
fn no_script_passes_over_a_call_that_fails() {
    let cases: Vec<Case> = CASES.iter().map(|it| Case::read(it)).collect();
    let found: BTreeSet<String> =
        longest(&cases).par_iter().flat_map(|(case, action)| passed_over(case, action)).collect();
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, MAY_FAIL);
}
