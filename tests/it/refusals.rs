//! What the scripts refuse, the simulator lets fail: empty versions, and what cannot be the tag of an image.

use crate::texts::analysis;
use mlopsc::driver;
use mlopsc::simulate::event::Reference;
use mlopsc::simulate::names::Misfit;
use mlopsc::simulate::{self, Scenario, System, show};
use std::collections::BTreeMap;

const SYSTEM: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
container_registry acr { name = "acrteam", resource_group = "rg" }
workspace aml { resource_group = "rg", existing = true }
model m { name = "m" }
runtime e { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04" }
compute cpu { size = "Standard_DS3_v2", nodes = 0..2 }
ml_pipeline fit {
  compute = cpu
  step train {
    command = "python train.py --verdict ${{outputs.verdict}} --model ${{outputs.model}}"
    runtime = e
    code = "src"
    output verdict: decision
    output model: custom_model
  }
  register m from train.model { when = train.verdict }
}
service api { image = "team/api", registry = acr, port = 8080, build { context = ".", dockerfile = "Dockerfile" } }
environment dev { target aci { resource_group = "rg-dev" }, connection = azure }
project p { pool = linux, connection = azure, workspace = aml }
pipeline release {
  trigger push { branches = ["main"], tags = ["v*"] }
  stage pack { build_image api { tag = run.tag } }
  stage out { environment = dev, deploy api { tag = run.tag } }
}
pipeline of_branch { trigger manual, stage pack { build_image api { tag = run.branch } } }
pipeline named { trigger push { tags = ["never"] }, stage all { tag_run "${run.tag}" } }
pipeline of_image {
  trigger image acr "team/api"
  stage out { environment = dev, deploy api { tag = image.tag } }
}
pipeline train {
  trigger manual
  stage fit { submit fit as fit { wait = agent } }
  stage promote { promote m { to = "production", version = fit.fit.model_version } }
  stage again { needs = [fit], when = fit.fit.registered, download_model m { version = fit.fit.model_version } }
}
"#;

fn told(scenario: impl Fn(&System<'_>) -> Result<Scenario, Misfit>) -> String {
    let files = [("src/train.py", ""), ("Dockerfile", "FROM scratch\nUSER 1000\n")];
    let analysis = analysis(SYSTEM, &files);
    assert!(!driver::has_holes(&analysis), "{:#?}", analysis.findings);
    let timeline =
        driver::simulated(&analysis, |system| Ok::<_, Misfit>(simulate::run(system, &scenario(system)?)));
    show::text(&timeline.expect("it is said well"), &analysis.sources)
}

fn by_hand(pipeline: &'static str, branch: &'static str, outputs: &'static [&'static str]) -> String {
    told(move |system| {
        let event = system.by_name(pipeline, Some(branch.to_owned()), BTreeMap::new())?;
        let mut scenario = Scenario::of(event);
        outputs.iter().try_for_each(|it| scenario.given.output(system, it))?;
        Ok(scenario)
    })
}

#[track_caller]
fn says(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not said:\n{text}");
}

#[test]
fn a_run_of_a_branch_has_no_tag_to_build_and_deploy() {
    let pushed = |reference: Reference| {
        told(move |it| Ok(Scenario::of(it.push(None, Some(reference.clone()), Vec::new())?)))
    };
    let branch = pushed(Reference::Branch("main".to_owned()));
    says(&branch, "✗   release.pack  `Build team/api` failed: `run.tag` is empty: this run has no tag");
    says(&branch, "○   release.out   `pack` failed");
    let tag = pushed(Reference::Tag("v1.2".to_owned()));
    assert!(!tag.contains("✗"), "{tag}");
    says(&by_hand("named", "main", &[]), "`Tag this run` failed: `run.tag` is empty: this run has no tag");
}

#[test]
fn a_text_that_no_registry_takes_is_refused() {
    let said = by_hand("of_branch", "feature/x", &[]);
    says(&said, "failed: `tag` is `feature/x`, which cannot be the tag of an image");
    assert!(!by_hand("of_branch", "main", &[]).contains("✗"));
}

#[test]
fn a_version_that_nothing_registered_is_refused() {
    let well = by_hand("train", "main", &[]);
    assert!(!well.contains("✗"), "{well}");
    says(&well, "Taken for granted:\n  train.fit.fit.registered = true");
    for outputs in [&["train.fit.fit.verdict=false"][..], &["train.fit.fit.registered=false"]] {
        let said = by_hand("train", "main", outputs);
        says(&said, "failed: `model_version` of `fit` is empty: no model was registered");
        says(&said, "fit.fit.registered is `false`");
    }
    let said = by_hand("train", "main", &["train.fit.fit.model_version="]);
    says(&said, "`model_version` of `fit` is empty");
}

#[test]
fn the_image_that_a_run_by_hand_takes_is_told() {
    let said = by_hand("of_image", "main", &[]);
    says(&said, "Taken for granted:\n  of_image: image.tag = latest");
    let of_image = told(|it| Ok(Scenario::of(it.image("acr/team/api:7")?)));
    assert!(!of_image.contains("Taken for granted"), "{of_image}");
}
