//! What a change of the sources is told as: over copies of the examples, each kind of change is one line, and what is only
//! written otherwise is none.

use crate::examples::Folder;
use crate::support::files_below;
use mlopsc::base::files::Files;
use mlopsc::base::sources::Sources;
use mlopsc::compare::{self, Change, Sides};
use mlopsc::driver::{self, Analysis};
use std::collections::BTreeMap;

type Texts = BTreeMap<String, String>;

fn texts(example: &str) -> Texts {
    let folder = format!("examples/{example}");
    let all = files_below(&folder, ".mlops").into_iter();
    all.map(|(path, text)| (path[folder.len() + 1..].to_owned(), text)).collect()
}

fn analyze(example: &str, texts: &Texts) -> Analysis {
    let mut sources = Sources::default();
    for (path, text) in texts {
        sources.add(path.clone(), text.clone());
    }
    let files: &dyn Files = &Folder::of(&format!("examples/{example}"));
    let analysis = driver::analyze(sources, files);
    let errors: Vec<&str> =
        analysis.findings.iter().filter(|it| it.is_error()).map(|it| it.message.as_str()).collect();
    assert!(!driver::has_holes(&analysis), "{errors:?}");
    analysis
}

/// Replaces a text that stands once in the example.
fn edited(mut texts: Texts, from: &str, to: &str) -> Texts {
    let count: usize = texts.values().map(|it| it.matches(from).count()).sum();
    assert_eq!(count, 1, "`{from}` stands {count} times");
    for it in texts.values_mut() {
        *it = it.replace(from, to);
    }
    texts
}

fn changes(example: &str, old: &Texts, new: &Texts) -> (Vec<Change>, String) {
    let [old, new] = [analyze(example, old), analyze(example, new)];
    let changes = driver::compared(&old, &new);
    let sides = Sides { old: (&old.sources, "old/"), new: (&new.sources, "") };
    let text = compare::text(&changes, &sides, &|it| it.title().to_owned());
    (changes, text)
}

/// What an edit is told as, without the last line; and how many changes that are.
fn told(example: &str, edits: &[(&str, &str)]) -> (usize, String) {
    let old = texts(example);
    let new = edits.iter().fold(old.clone(), |texts, (from, to)| edited(texts, from, to));
    let (changes, text) = changes(example, &old, &new);
    (changes.len(), text.trim_end().rsplit_once("\n\n").map_or("", |it| it.0).to_owned())
}

#[test]
fn each_kind_of_change_of_digitre_is_one_line() {
    let edits: &[&[(&str, &str)]] = &[
        // Protection.
        &[("  approval   = release_managers\n", "")],
        &[("  minimum      = 1\n", "  minimum      = 1\n  self_approve = true\n")],
        &[(
            "[\"release-managers@drimki.example\"]",
            "[\"release-managers@drimki.example\", \"interns@drimki.example\"]",
        )],
        &[("  timeout      = 2d\n", "  timeout      = 4d\n")],
        &[("  protected  = true\n", "")],
        &[("  branches   = [\"master\"]\n", "")],
        &[("  branches   = [\"master\"]\n", "  branches   = [\"master\", \"hotfix/*\"]\n")],
        &[("  lock       = sequential\n", "")],
        &[("  lock       = sequential\n", "  lock       = latest\n")],
        &[("    approval = ml_leads\n", "")],
        &[("    environment = prod\n", "    context = prod\n")],
        // What starts.
        &[(
            "  trigger push { repository = engine, branches = [\"develop\"] }",
            "  trigger push { repository = engine, branches = [\"develop\", \"main\"] }",
        )],
        &[("  trigger push { repository = engine, branches = [\"develop\"] }", "  trigger manual")],
        &[(
            "  trigger manual\n  param version: string { title = \"Version of the image that passed QA\" }",
            "  trigger after qa\n  param version: string { title = \"Version of the image that passed QA\" }",
        )],
        &[(
            "  trigger after extract_prepare\n",
            "  trigger after extract_prepare\n  trigger schedule \"0 3 * * 1\" { branches = [\"master\"] }\n",
        )],
        &[("{ tags = [\"model\"] }", "{ branches = [\"master\"], tags = [\"model\"] }")],
        // Stages, conditions, steps.
        &[(
            "    when = train.fit.registered\n",
            "    when = train.fit.registered && run.branch == \"master\"\n",
        )],
        &[("    needs    = [artifacts]\n", "    needs    = [train]\n")],
        &[("    tag_run \"model\"\n", "")],
        &[("    wait 24h\n", "    wait 48h\n")],
        &[(
            "    publish model { path = \"model\" }\n",
            "    publish model { path = \"model\" }\n    run \"echo done\"\n",
        )],
        &[(
            "  stage qa \"Deploy to QA\" {",
            "  stage look { run \"echo look\" }\n\n  stage qa \"Deploy to QA\" {",
        )],
        &[(
            "deploy api { tag = params.version, timeout = 20m }",
            "deploy api { tag = params.version, timeout = 30m }",
        )],
        // Images, sizes, secrets.
        &[(":20250601.v1\"", ":latest\"")],
        &[(":20250601.v1\"", ":20250901.v1\"")],
        &[("train_cpu { size = \"Standard_F8s_v2\"", "train_cpu { size = \"Standard_F16s_v2\"")],
        &[(
            "compute prepare_cpu { size = \"Standard_F8s_v2\", nodes = 0..2, idle = 10m }",
            "compute prepare_cpu { size = \"Standard_F8s_v2\", nodes = 1..2, idle = 10m }",
        )],
        &[("replicas = 3..100", "replicas = 5..100")],
        &[("memory = 512Mi..1Gi", "memory = 512Mi..2Gi")],
        &[(
            "  env { MODEL_PATH = \"/models/current\" }",
            "  env { MODEL_PATH = \"/models/current\", KEY = vars.sendgrid_api_key }",
        )],
        &[("  pool       = linux\n", "  pool       = linux\n  timeout    = 3h\n")],
        &[("pool linux { image = \"ubuntu-24.04\" }", "pool linux { image = \"ubuntu-22.04\" }")],
        // Azure ML.
        &[(
            "    inputs { listings = extract.listings }\n",
            "    inputs { listings = extract.listings }\n    reuse = false\n",
        )],
        &[("learning_rate: number = 0.1 {", "learning_rate: number = 0.2 {")],
        &[("register price from train.model { when = evaluate.promote }", "register price from train.model")],
        // Names that are known outside.
        &[
            (
                "pipeline custom_qa \"[Manual]-[Custom-QA]-Deploy\"",
                "pipeline testers \"[Manual]-[Custom-QA]-Deploy\"",
            ),
            ("  on manual custom_qa {", "  on manual testers {"),
            ("expect skips [prod, custom_qa]", "expect skips [prod, testers]"),
        ],
        &[
            ("stage artifacts \"Generate artifacts\"", "stage files \"Generate artifacts\""),
            ("needs    = [artifacts]", "needs    = [files]"),
            (
                "expect skips [train.artifacts, build_and_deploy, qa",
                "expect skips [train.files, build_and_deploy, qa",
            ),
            ("expect skips [train.artifacts, train.release", "expect skips [train.files, train.release"),
        ],
    ];
    let all: Vec<(usize, String)> = edits.iter().map(|it| told("digitre", it)).collect();
    let wrong: Vec<&str> = all.iter().filter(|it| it.0 != 1).map(|it| it.1.as_str()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n----\n"));
    insta::assert_snapshot!(all.into_iter().map(|it| it.1).collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn what_is_only_written_otherwise_is_no_change() {
    for example in crate::examples::complete() {
        let old = texts(&example);
        let spaced = |it: &String| format!("// First.\n\n{}\n\n", it.replace('\n', "  \n"));
        let mut moved: Texts = old.iter().map(|(path, text)| (format!("z/{path}"), spaced(text))).collect();
        let whole: String = moved.values().cloned().collect();
        let (changes, text) = changes(&example, &old, &moved);
        assert!(changes.is_empty(), "{example}: moved\n{text}");
        moved = BTreeMap::from([("all.mlops".to_owned(), whole)]);
        let (changes, text) = self::changes(&example, &old, &moved);
        assert!(changes.is_empty(), "{example}: in one file\n{text}");
    }
}

/// With another word wherever it stands by itself.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let words = text.split_inclusive(|it| !is_word(it));
    let changed = words.map(|it| match it.strip_prefix(from) {
        Some(rest) if !rest.starts_with(is_word) => format!("{to}{rest}"),
        _ => it.to_owned(),
    });
    changed.collect()
}

#[test]
fn names_of_the_project_alone_are_no_change() {
    let old = texts("digitre");
    let rename = |from: &str, to: &str| -> Texts {
        old.iter().map(|(path, text)| (path.clone(), renamed(text, from, to))).collect()
    };
    for (from, to) in
        [("linux", "agents"), ("release_managers", "managers"), ("azure_prod", "az"), ("ml_leads", "leads")]
    {
        let (changes, text) = changes("digitre", &old, &rename(from, to));
        assert!(changes.is_empty(), "{from}\n{text}");
    }
}

#[test]
fn a_project_is_like_itself_and_unlike_nothing() {
    for example in crate::examples::complete() {
        let all = texts(&example);
        let (changes, text) = changes(&example, &all, &all);
        assert!(changes.is_empty(), "{example}\n{text}");
        let (changes, _) = self::changes(&example, &Texts::new(), &all);
        assert!(!changes.is_empty(), "{example}");
    }
}

#[test]
fn comments_of_pull_requests_have_links_to_lines() {
    let old = texts("digitre");
    let new = edited(old.clone(), "  approval   = release_managers\n", "");
    let [old, new] = [analyze("digitre", &old), analyze("digitre", &new)];
    let changes = driver::compared(&old, &new);
    let sides = Sides { old: (&old.sources, "main:"), new: (&new.sources, "") };
    insta::assert_snapshot!(compare::markdown(&changes, &sides));
    let json: serde_json::Value = serde_json::from_str(&compare::json(&changes, &sides)).expect("it is JSON");
    assert_eq!(json["changes"][0]["weight"], "lowers-protection");
    assert_eq!(json["changes"][0]["new"], serde_json::Value::Null);
    assert_eq!(json["changes"][0]["old"]["path"], "main:environments.mlops");
}

/// What one text and another one are told as, without the last line.
pub fn between(old: &str, new: &str) -> (usize, String) {
    let [old, new] = [old, new].map(|it| crate::texts::analysis(it, &[]));
    for it in [&old, &new] {
        let errors: Vec<_> = it.findings.iter().filter(|it| it.is_error()).map(|it| &it.message).collect();
        assert!(!driver::has_holes(it), "{errors:?}");
    }
    let changes = driver::compared(&old, &new);
    let sides = Sides { old: (&old.sources, "old/"), new: (&new.sources, "") };
    let text = compare::text(&changes, &sides, &|it| it.title().to_owned());
    (changes.len(), text.trim_end().rsplit_once("\n\n").map_or("", |it| it.0).to_owned())
}

/// Pairs that mean different things, and what is told of the change.
const CONDITIONS: &[(&str, &str, &str)] = &[
    (
        "!(params.a && params.b)",
        "!params.a && params.b",
        "`!(params.a && params.b)` → `!params.a && params.b`",
    ),
    (
        "!(params.a || params.b)",
        "!params.a || params.b",
        "`!(params.a || params.b)` → `!params.a || params.b`",
    ),
    ("!(params.n == \"x\")", "params.n == \"x\"", "`!(params.n == \"x\")` → `params.n == \"x\"`"),
    ("!(params.n in [\"x\"])", "params.n in [\"x\"]", "`!(params.n in [\"x\"])` → `params.n in [\"x\"]`"),
    (
        "params.a && (params.b || params.c)",
        "params.a && params.b || params.c",
        "`params.a && (params.b || params.c)` → `params.a && params.b || params.c`",
    ),
];

#[test]
fn conditions_that_mean_something_else_are_written_otherwise() {
    let text = |when: &str| {
        format!(
            "pipeline p {{\n  trigger manual\n  param a: bool = true\n  param b: bool = true\n  param c: bool = true\n  \
             param n: string = \"x\"\n  stage s {{ when = {when}, run \"make\" }}\n}}\n"
        )
    };
    for (old, new, said) in CONDITIONS {
        let (count, told) = between(&text(old), &text(new));
        assert!(count == 1 && told.contains(said), "{old} to {new}:\n{told}");
    }
}

#[test]
fn what_no_longer_waits_for_people_lowers_protection() {
    let trigger = "trigger after train { tags = [\"model\"] }";
    let without = "trigger after train { tags = [\"model\"], stages = [artifacts] }";
    let (count, text) = told("digitre", &[(trigger, without)]);
    assert_eq!(count, 1, "{text}");
    assert!(text.starts_with("Lowers protection\n") && text.contains("stages: `*` → `artifacts`"), "{text}");
    let trigger = "  trigger pull_request { branches = [\"master\"] }\n";
    let (_, text) = told("workspaces", &[(trigger, "  trigger manual\n")]);
    assert!(text.starts_with("Lowers protection\n") && text.contains("a pull request"), "{text}");
}

/// A system with these steps in one stage.
fn steps(all: &str) -> String {
    format!(
        "connection azure {{ type = azure_rm }}\napproval leads {{ approvers = [\"leads@contoso.com\"] }}\n\
         pipeline p {{\n  trigger manual\n  stage s {{ connection = azure\n{all}\n}} }}\n"
    )
}

#[test]
fn the_order_of_steps_is_told() {
    let (count, text) = between(
        &steps("run \"make\" as make\nrun \"./test.sh\"\nrun \"./pack.sh\""),
        &steps("run \"./test.sh\"\nrun \"./pack.sh\"\nrun \"make\" as make"),
    );
    assert_eq!(count, 1, "{text}");
    assert!(text.contains("another order of steps: `make` now comes after `./pack.sh`"), "{text}");
    let (count, text) = between(
        &steps("run \"make\"\napprove leads\nazure \"az webapp up\""),
        &steps("run \"make\"\nazure \"az webapp up\"\napprove leads"),
    );
    assert_eq!(count, 1, "{text}");
    assert!(text.starts_with("Lowers protection\n  ") && text.contains("`az webapp up`"), "{text}");
}

#[test]
fn a_step_that_no_longer_asks_lowers_protection() {
    let [old, new] =
        ["", " { enabled = false }"].map(|it| steps(&format!("approve leads{it}\nazure \"az webapp up\"")));
    let (count, text) = between(&old, &new);
    assert!(count == 1 && text.starts_with("Lowers protection\n  "), "{text}");
}

#[test]
fn checks_that_no_longer_stand_on_a_connection_lower_protection() {
    let (_, text) = told(
        "template",
        &[
            ("  connection = azure_prod\n", "  connection = azure\n"),
            ("connection azure_prod { type = azure_rm, name = \"azure-wine-prod\" }\n", ""),
        ],
    );
    assert!(
        text.starts_with("Lowers protection\n  environment `prod`: connection: `azure_prod` → `azure`"),
        "{text}"
    );
    assert!(
        text.contains("`qa` may use too: its checks (approval, branches) stand on no connection"),
        "{text}"
    );
    let (_, text) = told(
        "template",
        &[(
            "  target aci { resource_group = \"rg-wine-qa\"",
            "  connection = azure_prod\n  target aci { resource_group = \"rg-wine-qa\"",
        )],
    );
    assert!(text.starts_with("Lowers protection\n  environment `qa`: connection: "), "{text}");
}

#[test]
fn patterns_that_let_less_in_reach_less() {
    let text = |tags: &str| {
        format!("pipeline p {{\n  trigger push {{ tags = [\"{tags}\"] }}\n  stage s {{ run \"make\" }}\n}}\n")
    };
    let (_, narrowed) = between(&text("v*"), &text("v1.*"));
    assert!(narrowed.starts_with("Runs otherwise\n"), "{narrowed}");
    let (_, widened) = between(&text("v1.*"), &text("v*"));
    assert!(widened.starts_with("Starts or reaches more\n"), "{widened}");
    let guarded = |branch: &str| {
        format!(
            "environment prod {{ branches = [\"{branch}\"] }}\npipeline p {{\n  trigger manual\n  stage s {{ environment = prod, run \"make\" }}\n}}\n"
        )
    };
    let (_, narrowed) = between(&guarded("refs/tags/*"), &guarded("refs/tags/hotfix-*"));
    assert!(narrowed.starts_with("Raises protection\n"), "{narrowed}");
    let (_, widened) = between(&guarded("refs/tags/hotfix-*"), &guarded("refs/tags/*"));
    assert!(widened.starts_with("Lowers protection\n"), "{widened}");
}

#[test]
fn a_model_that_is_registered_without_a_decision_lowers_protection() {
    let gate = "  register quality from train.model { when = evaluate.promote }\n";
    let (_, text) = told("template", &[(gate, "  register quality from train.model\n")]);
    assert!(
        text.starts_with("Lowers protection\n  ml_pipeline `wine_quality`, register `quality`: when: "),
        "{text}"
    );
}

#[test]
fn a_tag_that_moves_is_no_longer_pinned() {
    let old = texts("template");
    let new: Texts = old
        .iter()
        .map(|(path, it)| (path.clone(), it.replace("tag = runs.model.id", "tag = \"latest\"")))
        .collect();
    let (_, text) = changes("template", &old, &new);
    let said =
        "step `deploy`: tag: `runs.model.id` → `\"latest\"` (not pinned: it can be another image tomorrow)";
    assert!(text.starts_with("Lowers protection\n") && text.contains(said), "{text}");
}

#[test]
fn the_order_of_what_is_ensured_is_one_line() {
    let text = |all: &str| {
        format!(
            "connection azure {{ type = azure_rm }}\nworkspace ml {{ name = \"mlw\", resource_group = \"rg\", existing = true }}\n\
             compute cpu_a {{ size = \"Standard_DS3_v2\", nodes = 0..2 }}\ncompute cpu_b {{ size = \"Standard_DS3_v2\", nodes = 0..4 }}\n\
             pipeline p {{\n  trigger manual\n  connection = azure\n  workspace = ml\n  stage s {{ ensure [{all}] }}\n}}\n"
        )
    };
    let (count, told) = between(&text("cpu_a, cpu_b"), &text("cpu_b, cpu_a"));
    assert!(count == 1 && told.contains("things: `cpu_a`, `cpu_b` → `cpu_b`, `cpu_a`"), "{told}");
    let (count, told) = between(&text("cpu_a, cpu_b"), &text("cpu_a"));
    assert!(count == 1 && told.contains("things: `cpu_a`, `cpu_b` → `cpu_a`"), "{told}");
}

/// Stages that deploy to environments, and a job beside them.
fn delivering(environments: &str, image: &str) -> String {
    format!(
        "pool agents {{ image = \"{image}\" }}\nenvironment dev {{}}\nenvironment prod {{}}\npipeline p {{\n  trigger push {{ branches = [\"main\"] }}\n  \
         pool = agents\n  stage build {{ job one {{ run \"make\" }} }}\n  for e in [{environments}] {{\n    \
         stage to[e] {{ environment = e, needs = [build], run \"deploy\" }}\n  }}\n}}\n"
    )
}

#[test]
fn environments_that_nothing_deploys_to_any_more_are_told() {
    let (count, text) =
        between(&delivering("dev, prod", "ubuntu-24.04"), &delivering("prod", "ubuntu-24.04"));
    assert!(count == 1 && text.contains("\n    nothing deploys to `dev` any more"), "{text}");
}

#[test]
fn another_pool_of_stages_and_jobs_is_one_line() {
    let (count, text) = between(&delivering("dev", "ubuntu-24.04"), &delivering("dev", "ubuntu-22.04"));
    assert!(count == 1 && text.contains("pool: `ubuntu-24.04` → `ubuntu-22.04`"), "{text}");
}
