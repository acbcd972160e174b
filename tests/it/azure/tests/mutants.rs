//! Twenty ways in which what is written could be wrong without looking wrong, each as an edit of the text.

use super::{Expected, chain, compiled, digitre, files};
use crate::azure::{Ended, Event, Files, Scripted, System};

/// Whether files do what they must.
pub type Look = fn(&Files) -> Result<(), String>;

pub struct Mutant {
    pub what: &'static str,
    pub file: &'static str,
    /// What is written without the mistake.
    pub files: fn() -> Files,
    /// What these files must do.
    pub holds: Look,
    /// The same with the scripts run.
    pub scripts: Option<Look>,
    /// Text, and what stands in its place; only the first time it is found.
    old: &'static str,
    new: &'static str,
    /// Only behind this text.
    behind: &'static str,
}

impl Mutant {
    pub fn applied(&self, mut files: Files) -> Files {
        let text = files.get_mut(self.file).unwrap_or_else(|| panic!("{} is not written", self.file));
        let from = text.find(self.behind).unwrap_or_else(|| panic!("{}: no `{}`", self.what, self.behind));
        let at = text[from..].find(self.old).unwrap_or_else(|| panic!("{}: no `{}`", self.what, self.old));
        text.replace_range(from + at..from + at + self.old.len(), self.new);
        files
    }
}

const TRAIN: &str = "azure-pipelines/train.yml";
const BUILD: &str = "azure-pipelines/build_and_deploy.yml";
const EXPIRE: &str = "azure-pipelines/delete_after_24_hours.yml";
const PROD: &str = "azure-pipelines/prod.yml";
const ML: &str = "azure-ml/pipelines/price_model.json";

fn example() -> Files {
    files("digitre")
}

/// A mistake in the files of `DigitRE`.
fn of(what: &'static str, file: &'static str, [behind, old, new]: [&'static str; 3]) -> Mutant {
    Mutant {
        what,
        file,
        files: example,
        holds: digitre::holds,
        scripts: Some(chain::holds),
        old,
        new,
        behind,
    }
}

#[rustfmt::skip]
pub fn all() -> Vec<Mutant> {
    vec![
        of("trigger line dropped", "azure-pipelines/qa.yml", ["trigger: none", "trigger: none\n", ""]),
        of("completion trigger's source renamed", "azure-pipelines/qa.yml", ["", "Build_and_Deploy\n", "Build-and-Deploy\n"]),
        of("`dependsOn` dropped", EXPIRE, ["job: expire_3", "        dependsOn:\n          - expire_2\n", ""]),
        of("`dependsOn` to a stage that may be skipped, under a plain `succeeded()`", TRAIN, [
            "stage: release_compute_approval", "condition: not(or(failed(), canceled()))", "condition: succeeded()",
        ]),
        of("`succeeded()` dropped from a condition", TRAIN, [
            "stage: artifacts",
            "and(succeeded(), eq(dependencies.train.outputs['train_3.fit.registered'], 'true'))",
            "eq(dependencies.train.outputs['train_3.fit.registered'], 'true')",
        ]),
        Mutant {
            what: "output path without the deployment job's name",
            file: "azure-pipelines/deliver.yml",
            files: deployment,
            holds: deployment_holds,
            scripts: None,
            behind: "",
            old: "outputs['release_1.first.ok']",
            new: "outputs['first.ok']",
        },
        of("`isOutput` dropped", TRAIN, ["name: fit\n", "variable=registered;isOutput=true]", "variable=registered]"]),
        of("timeout of a server job left at its default", EXPIRE, ["", "        timeoutInMinutes: 1450\n", ""]),
        of("checkout dropped from a deployment job", PROD, ["", "checkout: self\n                  displayName: Check out self\n                  fetchDepth: 1\n", "checkout: none\n"]),
        of("environment dropped", PROD, ["deployment: prod", "        environment: prod\n", ""]),
        of("secret put into the text of a script", EXPIRE, ["", "\"$API_KEY\" |", "\"$(sendgrid_api_key)\" |"]),
        Mutant {
            what: "a value unquoted that YAML 1.1 reads as a boolean",
            file: "azure-pipelines/extract_prepare.yml",
            files: norway,
            holds: digitre::holds,
            scripts: None,
            behind: "",
            old: "- \"NO\"\n",
            new: "- NO\n",
        },
        of("`set -euo pipefail` dropped", BUILD, ["name: build_image", "set -euo pipefail\n", ":\n"]),
        of("`az` exit code 3 taken for failure", TRAIN, ["", "3) return 0 ;;", "3) return 1 ;;"]),
        of("`--yes` dropped", TRAIN, ["stage: release_compute", "--name \"$NAME\" --yes --output none", "--name \"$NAME\" --output none"]),
        of("Canceled taken for success", TRAIN, ["name: fit\n", "[ \"$status\" != Completed ]", "[ \"$status\" = Failed ]"]),
        of("ML binding without `parent.`", ML, ["", "${{parent.jobs.train.outputs.model}}", "${{jobs.train.outputs.model}}"]),
        of("ML output of another type", ML, ["\"train\":", "\"model\": {\n          \"type\": \"mlflow_model\"", "\"model\": {\n          \"type\": \"uri_file\""]),
        of("Helm value with a key that the chart does not read", "helm/digitre-engine/values-prod.yaml", ["", "replicaCount", "replicaCuont"]),
        of("selector and labels of pods that differ", "helm/digitre-engine/templates/deployment.yaml", [
            "matchLabels:", "{{- include \"mlopsc.selectorLabels\" . | nindent 6 }}", "app: digitre-engine",
        ]),
    ]
}

/// `DigitRE` with a country that some readers of YAML take for no.
fn norway() -> Files {
    let mut files = example();
    let text = files.get_mut("azure-pipelines/extract_prepare.yml").expect("it is written");
    *text = text.replace("      - FR\n", "      - FR\n      - \"NO\"\n");
    files
}

const DEPLOYMENT: &str = r#"
project demo { organization = "https://dev.azure.com/demo", project = "Demo" }
repository self { type = azure_repos, name = "demo", branch = "main" }
connection azure { type = azure_rm, name = "sc-azure" }
environment prod { connection = azure }
pipeline deliver {
  trigger manual
  stage release {
    environment = prod
    run "first" as first { output ok: bool }
    wait 10m
    run "second" { when = first.ok }
  }
}
"#;

/// A deployment job that reads an output of another one.
fn deployment() -> Files {
    compiled(DEPLOYMENT)
}

fn deployment_holds(files: &Files) -> Result<(), String> {
    let mut expected = Expected::default();
    let system = System::of(files)?;
    for ok in ["true", "false"] {
        let mut world = Scripted::new()
            .rule(move |it| (it.name() == "first").then(|| crate::azure::Outcome::good().output("ok", ok)));
        let timeline = system.event(&Event::manual("deliver", "refs/heads/main", &[]), &mut world)?;
        let stage = timeline.run("deliver").stage("release");
        let last = stage.jobs.iter().flat_map(|it| &it.steps).next_back();
        let ran = last.is_some_and(|it| it.result != Ended::Skipped);
        expected.that(
            &format!("the second step runs if the first said true, not {ok}: {ran}"),
            ran == (ok == "true"),
        );
    }
    expected.all()
}
