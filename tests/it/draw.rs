//! Pictures of systems: what they show, in each format.

mod drawing;

use crate::examples::{analyze, complete};
use crate::texts::analysis;
use mlopsc::draw::picture::{Kind, Link};
use mlopsc::draw::{self, Picture, What};
use mlopsc::driver::{self, Analysis};

fn picture(analysis: &Analysis, what: What, name: Option<&str>) -> Picture {
    driver::drawn(analysis, |it| it.paint(Some(what), name)).expect("the name is known")
}

fn snapshot(name: &str, format: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/draw", omit_expression => true }, {
        insta::assert_snapshot!(format!("{name}.{format}"), text);
    });
}

#[test]
fn examples_are_drawn_as_text() {
    for name in complete() {
        let analysis = analyze(&format!("examples/{name}"));
        let texts = What::ALL.map(|it| draw::text::text(&picture(&analysis, it, None), &analysis.sources));
        snapshot(&name, "txt", &texts.join("\n\n"));
    }
}

#[test]
fn examples_are_drawn_for_other_programs() {
    for name in complete() {
        let analysis = analyze(&format!("examples/{name}"));
        let system = picture(&analysis, What::System, None);
        snapshot(&name, "mmd", &draw::mermaid::mermaid(&system));
        snapshot(&name, "dot", &draw::dot::dot(&system));
        let json = draw::json::json(&system, &analysis.sources);
        snapshot(&name, "json", &serde_json::to_string_pretty(&json).expect("its keys are strings"));
    }
}

const SYSTEM: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
repository engine { type = azure_repos, name = "engine", branch = "develop" }
connection azure { type = azure_rm }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux, connection = azure }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
environment prod { approval = leads, branches = ["main"], lock = sequential, protected = true }
environment qa { }
pipeline build {
  trigger push { repository = engine, branches = ["develop"] }
  trigger schedule "0 3 * * *"
  stage make { run "make" }
  stage out { environment = qa, run "deploy" }
}
pipeline release {
  trigger after build { stages = [make], tags = ["good"] }
  trigger push { enabled = false }
  stage ready { when = run.branch == "main", run "look" }
  stage live { environment = prod, run "deploy" }
}
pipeline alone { trigger manual, stage it { wait 3h } }
"#;

fn edges(picture: &Picture, kind: Link) -> Vec<String> {
    let of = picture.edges.iter().filter(|it| it.kind == kind);
    let told = of.map(|it| {
        let label = if it.label.is_empty() { String::new() } else { format!(": {}", it.label) };
        format!("{} > {}{label}", picture.nodes[it.from].title, picture.nodes[it.to].title)
    });
    told.collect()
}

#[test]
fn triggers_lead_to_pipelines_and_those_to_environments() {
    let system = picture(&analysis(SYSTEM, &[]), What::System, None);
    assert_eq!(
        edges(&system, Link::Starts),
        ["push to engine > build", "schedule > build", "build > release: stage make; tagged good"]
    );
    assert_eq!(edges(&system, Link::Deploys), ["build > qa: deploys", "release > prod: deploys"]);
    assert_eq!(edges(&system, Link::Then), ["make > out", "ready > live"]);
}

#[test]
fn a_stage_says_what_it_waits_for() {
    let system = picture(&analysis(SYSTEM, &[]), What::System, None);
    let notes = |id: &str| {
        let node = system.nodes.iter().find(|it| it.id == id).expect("it is drawn");
        node.notes.iter().map(draw::picture::Note::shown).collect::<Vec<_>>()
    };
    assert_eq!(notes("stage:release.live"), ["◆ leads must agree, within 2d", "→ prod"]);
    assert_eq!(notes("stage:release.ready"), ["? run.branch == \"main\""]);
    assert_eq!(notes("stage:alone.it"), ["◷ waits 3h"]);
    assert_eq!(notes("pipeline:alone"), ["◆ only people start it"]);
}

#[test]
fn approvals_stand_between_what_deploys_and_the_environment() {
    let all = picture(&analysis(SYSTEM, &[]), What::Approvals, None);
    assert_eq!(edges(&all, Link::Then), ["leads > release.live: if they agree"]);
    assert_eq!(edges(&all, Link::Deploys), ["release.live > prod", "build.out > qa"]);
}

#[test]
fn approvals_as_text_stand_below_what_they_are_asked_for() {
    let text = SYSTEM.replace("stage ready { ", "stage ready { approval = leads, ");
    let analysis = analysis(&text, &[]);
    let told = draw::text::text(&picture(&analysis, What::Approvals, None), &analysis.sources);
    let ways = told.split_once("\n\n").map(|it| it.1);
    assert_eq!(
        ways,
        Some(
            "environment prod  (main.mlops:8)\n    ■ protected\n    ■ from branch main only\n    ■ one run at a time, in order\n  \
             stage release.live, deploys there  (main.mlops:20)\n      \
             ◆ leads, asked at release.ready_approval: leads@contoso.example, within 2d\n      \
             ◆ leads, asked at release.live: leads@contoso.example, within 2d\n\n\
             environment qa  (main.mlops:9)\n  stage build.out, deploys there  (main.mlops:14)\n      ! nobody is asked\n"
        )
    );
}

#[test]
fn the_part_around_a_pipeline_leaves_out_what_does_not_touch_it() {
    let part = picture(&analysis(SYSTEM, &[]), What::System, Some("release"));
    let pipelines: Vec<&str> =
        part.nodes.iter().filter(|it| it.kind == Kind::Pipeline).map(|it| it.title.as_str()).collect();
    assert_eq!(pipelines, ["build", "release"]);
    assert!(!part.nodes.iter().any(|it| it.title == "qa" || it.title == "alone"), "{part:?}");
    let held = part.nodes.iter().find(|it| it.id == "stage:release.live").and_then(|it| it.parent);
    assert_eq!(held.map(|it| part.nodes[it].title.as_str()), Some("release"));
}

#[test]
fn a_name_says_what_is_drawn_and_a_wrong_one_is_helped() {
    let analysis = analysis(SYSTEM, &[]);
    let drawn = |what, name| driver::drawn(&analysis, |it| it.paint(what, Some(name)));
    assert_eq!(drawn(None, "prod").expect("it is known").what, What::Approvals);
    assert_eq!(drawn(None, "build").expect("it is known").what, What::Pipeline);
    let wrong = drawn(None, "relase").expect_err("there is none");
    assert_eq!(wrong.help, "did you mean `release`?");
    let wrong = drawn(Some(What::Approvals), "build").expect_err("it is a pipeline");
    assert_eq!(
        (wrong.message.as_str(), wrong.help.as_str()),
        ("there is no environment `build`", "known: `prod` and `qa`")
    );
    let wrong = drawn(Some(What::Ml), "build").expect_err("there are none");
    assert_eq!(wrong.help, "there is no ML pipeline here");
}

/// A system whose words try to break out of every format.
pub const HOSTILE: &str = r#"
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
pipeline odd "</script><b onload='x'>&amp; \"quoted\" \\ ]]> end --> `tick` #34; |a| {b}" {
  trigger push { branches = ["x\"y", "<!--", "*`_$%;:#"] }
  stage end "end" { run "echo </script> & \"<\"" { title = "a</title></svg>\"b\" %% @{c}" } }
}
"#;

#[test]
fn hostile_names_stay_inside_their_texts() {
    let analysis = analysis(HOSTILE, &[]);
    for what in [What::System, What::Pipeline] {
        let drawn = picture(&analysis, what, None);
        let dot = draw::dot::dot(&drawn);
        let bare: String = dot.replace("\\\\", "").replace("\\\"", "");
        assert!(bare.lines().all(|it| it.matches('"').count().is_multiple_of(2)), "{dot}");
        let mermaid = draw::mermaid::mermaid(&drawn);
        let chart = mermaid.split("flowchart TB\n").nth(1).expect("it is a chart");
        for line in chart.lines() {
            let inside: Vec<&str> = line.split('"').collect();
            assert!(matches!(inside.len(), 1 | 3), "{line}");
            let text =
                inside.get(1).unwrap_or(&"").replace("<br/>", "").replace("<b>", "").replace("</b>", "");
            assert!(!text.contains(['<', '>', '`', '{', '&']), "{line}");
        }
    }
}
