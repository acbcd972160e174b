//! What `mlopsc prove` tells of resources that keep running although another pipeline takes them away.

use crate::texts::analysis;
use mlopsc::driver;

const GROUND: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux, connection = azure }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
"#;

fn notes(text: &str) -> Vec<String> {
    let analysis = analysis(&format!("{GROUND}{text}"), &[]);
    assert!(!driver::has_holes(&analysis), "{:?}", analysis.findings);
    driver::proven(&analysis, None).expect("all are meant").1.into_iter().map(|it| it.text).collect()
}

/// A service in container instances that `a` deploys and `b` takes away.
fn across(after: &str, triggers: &str, before: &str) -> Vec<String> {
    notes(&format!(
        r#"
container_registry acr {{ name = "acrteam" }}
service api {{ image = "team/api", registry = acr, port = 8080 }}
connection az {{ type = azure_rm, name = "az" }}
environment dev {{ target aci {{ resource_group = "rg-dev" }}, connection = az }}
pipeline a {{
  trigger manual
  stage try {{ environment = dev, deploy api {{ tag = run.id }} }}
  {after}
}}
pipeline b {{
  {triggers}
  stage tidy {{ {before} context = dev, undeploy api }}
}}
"#
    ))
}

#[test]
fn what_only_another_pipeline_takes_away_and_stays_is_told() {
    let look = "stage look { run \"a\" }";
    let gone = "after `a.try`: `b`, which takes it away,";
    assert_eq!(
        across(look, "trigger after a", ""),
        [format!("`api` keeps running in `dev` when `a.look` fails {gone} does not start then")]
    );
    let ask = "stage ask { approve leads }";
    assert_eq!(
        across(ask, "trigger after a", ""),
        [format!("`api` keeps running in `dev` when `leads` is rejected {gone} does not start then")]
    );
    assert_eq!(
        across("", "trigger after a, stage first { run \"b\" }", ""),
        [format!("`api` keeps running in `dev` when `b.first` fails {gone} does not come so far then")]
    );
    assert!(across("", "trigger after a", "").is_empty(), "nothing comes between");
    let mails = "wait 24h, run \"mail\" { title = \"Mail\" },";
    assert_eq!(
        across("", "trigger after a", mails),
        [format!(
            "`api` keeps running in `dev` when `b.tidy` fails at `Mail` {gone} does not come so far then"
        )]
    );
    assert!(across("", "trigger after a", "wait 24h, run \"mail\" { continue_on_error = true },").is_empty());
    assert!(across(look, "trigger after a { stages = [try] }", "").is_empty(), "it does not wait for `look`");
    assert!(
        across(look, "trigger after a, stage first { run \"b\" }", "when = always(),")[0]
            .contains("`a.look`")
    );
}

#[test]
fn what_the_clock_takes_away_anyway_is_not_told() {
    let look = "stage look { run \"a\" }";
    let nightly = "trigger schedule \"0 3 * * *\" { always = true }";
    assert!(across(look, &format!("trigger after a, {nightly}"), "").is_empty());
    assert!(across(look, nightly, "").is_empty());
    assert!(across(look, "trigger manual", "").is_empty(), "people do it");
    assert_eq!(
        across(look, "trigger schedule \"0 3 * * *\"", ""),
        [
            "`api` keeps running in `dev` while nothing changes: `b` takes it away, and its schedule starts it only after a change; `always = true` starts it anyway"
        ]
    );
    assert!(
        across(look, "trigger after a, trigger schedule \"0 3 * * *\"", "")[0]
            .contains("when `a.look` fails")
    );
}
