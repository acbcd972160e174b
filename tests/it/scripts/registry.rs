//! What steps do with a registry of models, against stand-ins.

use crate::scripts::{Case, action, output};
use crate::standins::Scenario;

const TEXT: &str = include_str!("../../cases/model/ok/registry.mlops");

const NONE: &str = r#"case "$*" in "ml model list"*) echo "(ModelNotFound) NotFound" >&2; exit 1 ;; esac"#;

/// Versions 9 and 10, of which one is live.
fn versions(live: &str) -> String {
    let tags = |version: &str, rmse: &str| {
        let stage = if version == live { r#","lifecycle":"live""# } else { "" };
        format!(r#"{{"version":"{version}","tags":{{"rmse":"{rmse}"{stage}}}}}"#)
    };
    let list = format!("[{},{}]", tags("9", "3.5"), tags("10", "3.0"));
    format!(
        r#"case "$*" in "ml model list"*) echo '{list}' ;; "ml model create"*) cp "${{@: -5:1}}" "$FAKE/model.json"; echo 11 ;; esac"#
    )
}

#[test]
fn a_candidate_is_better_only_by_the_gain() {
    let compare = action(TEXT, "deliver.build.file", 0);
    let yes = output("better", "true");
    let no = output("better", "false");
    let cases: [(&str, &str, String, bool, &[&str]); 7] = [
        ("none yet", r#"{"rmse": 99}"#, NONE.to_owned(), true, &[&yes, "no version of price is live yet"]),
        ("nobody holds it", r#"{"rmse": 99}"#, versions("7"), true, &[&yes]),
        ("better", r#"{"rmse": 2.98}"#, versions("10"), true, &[&yes, "version 10, which is live: 3.0"]),
        ("not enough", r#"{"rmse": 2.995}"#, versions("10"), true, &[&no, &output("version", "10")]),
        ("worse", r#"{"rmse": 3.2}"#, versions("10"), true, &[&no]),
        ("other metric", r#"{"mae": 1}"#, versions("10"), false, &["has no rmse"]),
        ("no number", r#"{"rmse": "NaN"}"#, versions("10"), false, &["has no rmse"]),
    ];
    for (case, metrics, answers, ok, has) in cases {
        let world = Scenario::behaving(&answers);
        std::fs::write(world.path("metrics.json"), metrics).expect("it can be written");
        let file = world.path("metrics.json").to_string_lossy().into_owned();
        world.run(&compare, &[("METRIC_FILE", &file)]).check(case, ok, has, &[]);
    }
    let world = Scenario::behaving("case \"$*\" in \"ml model list\"*) echo Forbidden >&2; exit 1 ;; esac");
    let value = action(TEXT, "deliver.build.value", 0);
    world.run(&value, &[("METRIC_VALUE", "1")]).check("refused", false, &["Forbidden"], &["better"]);
}

#[test]
fn a_run_is_asked_for_what_it_logged() {
    let logged = action(TEXT, "deliver.build.logged", 0);
    let answers = r#"case "$*" in
        *mlflow_tracking_uri*) echo azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s ;;
        *runs/get*) echo '{"run":{"info":{"experiment_id":"7"},"data":{"metrics":[{"key":"auc","value":0.1,"timestamp":1}]}}}' ;;
        *runs/search*) cp "$TMPDIR"/*/search.json "$FAKE/search.json"
          echo '{"runs":[{"data":{"metrics":[{"key":"auc","value":0.93,"timestamp":5},{"key":"loss","value":9,"timestamp":9}]}},{"data":{}}]}' ;;
        "ml model list"*) echo '[]' ;; esac"#;
    let world = Scenario::behaving(answers);
    let url = "--url https://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s/api/2.0/mlflow/runs/get?run_id=calm_1";
    let has = ["auc of the candidate: 0.93", url, &output("better", "true")];
    world.run(&logged, &[("METRIC_RUN", "calm_1")]).check("logged", true, &has, &[]);
    let search = world.json("search.json");
    assert_eq!(search["filter"], "tags.mlflow.rootRunId = 'calm_1'");
    assert_eq!(search["experiment_ids"], serde_json::json!(["7"]));
}

#[test]
fn a_version_is_registered_once_in_a_run() {
    let register = action(TEXT, "deliver.build.new", 0);
    let again = r#"case "$*" in "ml model list"*) echo '[{"version":"42","tags":{"mlopsc_run":"42","mlopsc_origin":"out/model"}}]' ;; esac"#;
    let world = Scenario::behaving(&versions("10"));
    std::fs::write(world.path("metrics.json"), r#"{"rmse": 2.5}"#).expect("it can be written");
    let file = world.path("metrics.json").to_string_lossy().into_owned();
    let env = [
        ("METRIC_FILE", file.as_str()),
        ("RUN_ID", "42"),
        ("VERSION", "42"),
        ("TAG_2", "42"),
        ("TAG_3", "a \"b\""),
        ("PROPERTY_1", "abc"),
    ];
    world.run(&register, &env).check("new", true, &["az ml model create", &output("version", "11")], &[]);
    let made = world.json("model.json");
    let tags = serde_json::json!({
        "system": "prices", "build_id": "42", "author": "a \"b\"", "odd key": "x", "rmse": "2.5",
        "mlopsc_run": "42", "mlopsc_origin": "out/model"
    });
    assert_eq!(made["tags"], tags);
    assert_eq!(made["properties"], serde_json::json!({ "commit": "abc" }));
    assert_eq!(made["path"], "<Build.SourcesDirectory>/out/model");

    let world = Scenario::behaving(again);
    std::fs::write(world.path("metrics.json"), r#"{"rmse": 2.5}"#).expect("it can be written");
    let file = world.path("metrics.json").to_string_lossy().into_owned();
    let env = [("METRIC_FILE", file.as_str()), ("RUN_ID", "42"), ("VERSION", "42")];
    world.run(&register, &env).check("again", true, &[&output("version", "42")], &["model create"]);
}

#[test]
fn an_output_of_a_run_is_registered() {
    let register = action(TEXT, "deliver.build.measured", 0);
    let world = Scenario::behaving(&versions("10"));
    let env = [("RUN", "calm_1"), ("RUN_ID", "42"), ("METRIC_VALUE", "0.9")];
    world.run(&register, &env).check("output", true, &[&output("version", "11")], &[]);
    let made = world.json("model.json");
    assert_eq!(made["path"], "azureml://jobs/calm_1/outputs/train_model");
    assert_eq!(made["tags"]["auc"], "0.9");
}

#[test]
fn a_stage_has_one_version() {
    let promote = action(TEXT, "deliver.build.live", 0);
    let set = "ml model update --name price --version 9 --set tags.lifecycle=live";
    let drop = "ml model update --name price --version 10 --remove tags.lifecycle";
    let world = Scenario::behaving(&versions("10"));
    let has = [set, drop, &output("previous", "10")];
    world.run(&promote, &[("VERSION", "9")]).check("from another", true, &has, &[]);
    let cases: [Case; 3] = [
        ("first", &versions("7"), true, &[set, &output("previous", "")], &["--remove"]),
        ("already", &versions("9"), true, &["is live already"], &["model update"]),
        ("unknown registry", NONE, true, &[set], &["--remove"]),
    ];
    for (case, answers, ok, has, lacks) in cases {
        Scenario::behaving(answers).run(&promote, &[("VERSION", "9")]).check(case, ok, has, lacks);
    }
    Scenario::behaving(NONE).run(&promote, &[("VERSION", "")]).check(
        "none",
        false,
        &["No version of price"],
        &["az ml model"],
    );
}

#[test]
fn the_version_of_a_stage_is_fetched() {
    let download = action(TEXT, "deliver.build.download_model", 0);
    let answers = |live: &str| {
        format!(
            "{}\ncase \"$*\" in \"ml model download\"*) mkdir -p \"${{@: -1}}/price\"; touch \"${{@: -1}}/price/MLmodel\" ;; esac",
            versions(live)
        )
    };
    let world = Scenario::behaving(&answers("10"));
    let has = ["ml model download --name price --version 10", &output("version", "10")];
    let folder = world.path("to").to_string_lossy().into_owned();
    world.run(&download, &[("FOLDER", &folder)]).check("there", true, &has, &[]);
    assert!(world.path("to/MLmodel").exists());
    Scenario::behaving(&answers("7")).run(&download, &[]).check(
        "none",
        false,
        &["promote one first"],
        &["model download"],
    );
}
