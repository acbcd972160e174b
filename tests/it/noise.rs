//! One mistake is told once: each example is broken in 200 ways, and what is found then is counted.
//!
//! `cargo test --test it noise -- --nocapture` prints the table; `NOISE=3` prints the defects with more causes than that.

use crate::mutations::{Chance, tokens};
use crate::support::files_below;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::diag::Diagnostic;
use mlopsc::driver::{self, Analysis};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

/// Of each example.
const DEFECTS: usize = 200;

/// More than so many causes are noise.
const MOST_CAUSES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    TokenMissing,
    LineMissing,
    BraceMissing,
    TokensSwapped,
    LinesSwapped,
    WordMisspelt,
    AttributeMisspelt,
}

const KINDS: [Kind; 7] = [
    Kind::TokenMissing,
    Kind::LineMissing,
    Kind::BraceMissing,
    Kind::TokensSwapped,
    Kind::LinesSwapped,
    Kind::WordMisspelt,
    Kind::AttributeMisspelt,
];

/// What a defect leads to: findings that were not there before.
struct Told {
    kind: Kind,
    findings: usize,
    causes: usize,
    shown: String,
}

/// Each is one mistake, and told as one.
const ONE_MISTAKE: &[(&str, &str)] = &[("port = 80800", "out-of-bounds")];

#[test]
fn a_value_that_is_wrong_is_not_missing_too() {
    for (port, code) in ONE_MISTAKE {
        let text = format!(
            "connection azure {{ type = azure_rm }}
service api {{
  image = \"team/api\"
  {port}
}}
environment dev {{ connection = azure, target aci {{ resource_group = \"rg-dev\" }} }}
pipeline build {{
  trigger manual
  stage dev {{
    environment = dev
    smoke_test api {{ path = \"/ready\" }}
  }}
}}
"
        );
        let findings = crate::texts::analysis(&text, &[]).findings;
        let errors: Vec<_> =
            findings.iter().filter(|it| it.is_error()).map(|it| (it.code, &it.message)).collect();
        assert!(errors.len() == 1 && errors[0].0 == *code, "{port}: {errors:?}");
    }
}

/// A project, the only error that it has, and what does not follow from it.
const ONE_ERROR: &[(&str, &str)] = &[
    (
        "connection azure { type = azure_rm }
approval leads { approvers = [\"leads@contoso.com\"] }
environment prod {
  connection = azure
  approval   = leads
  branches   = [\"main\"]
  lock       = true
  target aci { resource_group = \"rg-prod\" }
}
pipeline release {
  trigger push { branches = [\"main\"] }
  stage prod { environment = prod, run \"make deploy\" }
}
",
        "type-mismatch",
    ),
    (
        "connection azure { type = azure_rm }
project p { connection = azure }
service api {
  image = \"team/api\"
  port  = 8080
  probe readiness { path = \"/\" }
  resources = { cpu = 250m..1, memory = 512Mi }
}
environment dev { target aks { cluster = \"aks\", resource_group = \"rg\", namespace = \"api\" } }
pipeline release {
  trigger manual
  param tag: string
  stage dev { environment = dev, deploy api { tag = params.tag } }
}
",
        "unknown-attribute",
    ),
    (
        "datastore store { existing = true }
runtime python { image = \"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1\" }
model price { type = mlflow_folder }
ml_pipeline training {
  compute = serverless
  step train {
    runtime = python
    command = \"python -m train ${{outputs.model}}\"
    output model: mlflow_model
  }
  // mlopsc: allow(ml-ungated-register) for a test
  register price from train.model
}
",
        "type-mismatch",
    ),
    (
        "datastore store { existing = true }
data prices { type = folder, path = path(store, \"prices\") }
runtime python { image = \"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1\" }
component score { existing = true, version = \"7\", input raw: uri_file }
ml_pipeline training {
  compute = serverless
  step score { component = score, inputs { raw = prices } }
}
",
        "type-mismatch",
    ),
    (
        "pipeline release {
  trigger manual
  stage build {
    run \"make { timeout = 5m }
  }
}
",
        "unterminated-string",
    ),
    (
        "pipeline release {
  trigger manual
  stage dev {
    job \"a { run \"x\" }
    job b { run \"make\" }
  }
}
",
        "unterminated-string",
    ),
];

#[test]
fn nothing_follows_from_one_error() {
    for (text, code) in ONE_ERROR {
        let findings = crate::texts::findings(text);
        let told: Vec<_> = findings.iter().map(|it| (it.code, &it.message)).collect();
        assert!(told.len() == 1 && told[0].0 == *code, "{text}{told:#?}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what a person wants of it")]
fn a_defect_is_told_once() {
    let told: Vec<Told> = examples().iter().flat_map(Example::broken).collect();
    println!("{}", table(&told));
    let limit = std::env::var("NOISE").ok().and_then(|it| it.parse().ok()).unwrap_or(MOST_CAUSES);
    let noisy: Vec<&Told> = told.iter().filter(|it| it.causes > limit).collect();
    for it in &noisy {
        println!("{}", it.shown);
    }
    for kind in KINDS {
        let mut counts: Vec<usize> =
            told.iter().filter(|it| it.kind == kind && it.findings > 0).map(|it| it.findings).collect();
        counts.sort_unstable();
        assert_eq!(counts[counts.len() / 2], 1, "{kind:?}: half of the defects are told more than once");
    }
    assert!(noisy.is_empty(), "{} of {} defects have more than {limit} causes", noisy.len(), told.len());
}

fn table(told: &[Told]) -> String {
    let heads = ["all", "silent", "one", "two", "three", "more"];
    let mut text = row("defect", &heads.map(str::to_owned));
    for kind in KINDS {
        let of = |wanted: &dyn Fn(usize) -> bool| {
            told.iter().filter(|it| it.kind == kind && wanted(it.causes)).count().to_string()
        };
        let counts = [
            of(&|_| true),
            of(&|it| it == 0),
            of(&|it| it == 1),
            of(&|it| it == 2),
            of(&|it| it == 3),
            of(&|it| it > 3),
        ];
        text += &row(&format!("{kind:?}"), &counts);
    }
    text
}

fn row(name: &str, cells: &[String]) -> String {
    let mut text = format!("{name:18}");
    for cell in cells {
        write!(text, "{cell:>8}").expect("a string takes all");
    }
    text + "\n"
}

struct Example {
    name: String,
    sources: Vec<(String, String)>,
    side_files: Memory,
    /// What is found in it as it is.
    known: BTreeMap<(String, String), usize>,
}

fn examples() -> Vec<Example> {
    let mut folders: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (path, text) in files_below("examples", "") {
        let mut parts = path.splitn(3, '/');
        let (Some(_), Some(name), Some(inside)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        folders.entry(name.to_owned()).or_default().push((inside.to_owned(), text));
    }
    folders.into_iter().map(|(name, files)| Example::of(name, files)).collect()
}

impl Example {
    fn of(name: String, files: Vec<(String, String)>) -> Example {
        let (sources, side): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(path, _)| path.rsplit_once('.').is_some_and(|it| it.1 == "mlops"));
        let mut example =
            Example { name, sources, side_files: Memory(side.into_iter().collect()), known: BTreeMap::new() };
        for finding in &example.analyze(&example.sources).findings {
            *example.known.entry(key(finding)).or_default() += 1;
        }
        example
    }

    fn analyze(&self, sources: &[(String, String)]) -> Analysis {
        let mut read = Sources::default();
        for (path, text) in sources {
            read.add(path.clone(), text.clone());
        }
        driver::analyze(read, &self.side_files)
    }

    fn broken(&self) -> Vec<Told> {
        (0..DEFECTS).map(|nth| self.broken_once(nth)).collect()
    }

    fn broken_once(&self, nth: usize) -> Told {
        let kind = KINDS[nth % KINDS.len()];
        let mut chance = Chance::new(nth as u64);
        let mut sources = self.sources.clone();
        let at = chance.below(sources.len());
        sources[at].1 = defect(kind, &sources[at].1, &mut chance);
        let analysis = self.analyze(&sources);
        let mut known = self.known.clone();
        let mut new: Vec<&Diagnostic> = Vec::new();
        for finding in &analysis.findings {
            match known.get_mut(&key(finding)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => new.push(finding),
            }
        }
        let causes: BTreeSet<(String, String)> = new.iter().map(|it| cause(it)).collect();
        let (old, text) = (&self.sources[at], &sources[at].1);
        let mut shown = format!("== {} {kind:?} {nth}\n", self.name);
        shown +=
            &similar::TextDiff::from_lines(&old.1, text).unified_diff().header(&old.0, &old.0).to_string();
        for it in &new {
            let place = analysis.sources.position(it.span());
            let path = &analysis.sources.get(it.span().file).path;
            writeln!(shown, "  {path}:{}: {:?} {}: {}", place.line, it.severity, it.code, it.message)
                .expect("a string takes all");
        }
        Told { kind, findings: new.len(), causes: causes.len(), shown }
    }
}

/// `settings_dev` and `settings_prod` are missing for one reason: `settings[e]` is not declared.
fn cause(finding: &Diagnostic) -> (String, String) {
    let (code, message) = key(finding);
    let is_index = |it: &str| ["dev", "qa", "prod"].contains(&it);
    let of_index = message.strip_suffix('`').and_then(|it| it.rsplit_once('_')).filter(|it| is_index(it.1));
    let message = of_index.map_or(message.clone(), |it| it.0.to_owned());
    (code, message)
}

fn key(finding: &Diagnostic) -> (String, String) {
    (finding.code.to_owned(), finding.message.clone())
}

fn defect(kind: Kind, text: &str, chance: &mut Chance) -> String {
    let found = tokens(text).into_iter().filter(|it| !is_in_comment(text, it.start)).collect::<Vec<_>>();
    match kind {
        Kind::TokenMissing => without(text, chance.of(&found)),
        Kind::LineMissing => {
            let lines = lines(text);
            without(text, chance.of(&lines))
        }
        Kind::BraceMissing => {
            let braces: Vec<_> =
                found.into_iter().filter(|it| matches!(&text[it.clone()], "{" | "}")).collect();
            without(text, chance.of(&braces))
        }
        Kind::TokensSwapped => swapped(text, &found, chance),
        Kind::LinesSwapped => swapped(text, &lines(text), chance),
        Kind::WordMisspelt => misspelt(text, &words(text, |rest| !rest.starts_with('=')), chance),
        Kind::AttributeMisspelt => misspelt(text, &words(text, |rest| rest.starts_with('=')), chance),
    }
}

fn is_in_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    text[line..].trim_start().starts_with("//") || text[line..at].contains(" //")
}

/// The lines that say something.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let says = !line.trim().is_empty() && !line.trim_start().starts_with("//");
        found.extend(says.then_some(at..at + line.len()));
        at += line.len();
    }
    found
}

/// The first word of each line, by what stands behind it.
fn words(text: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let word = |line: Range<usize>| {
        let shown = &text[line.clone()];
        let start = line.start + shown.len() - shown.trim_start().len();
        let length = text[start..line.end].find(|it| !is_part(it))?;
        let rest = text[start + length..line.end].trim_start();
        (length > 2 && is_wanted(rest) && !rest.is_empty()).then_some(start..start + length)
    };
    lines(text).into_iter().filter_map(word).collect()
}

fn without(text: &str, place: Option<&Range<usize>>) -> String {
    let Some(place) = place else { return text.to_owned() };
    format!("{}{}", &text[..place.start], &text[place.end..])
}

/// One of the places and the one behind it change theirs.
fn swapped(text: &str, places: &[Range<usize>], chance: &mut Chance) -> String {
    let pairs: Vec<_> = places.windows(2).filter(|it| text[it[0].clone()] != text[it[1].clone()]).collect();
    let Some([first, second]) = chance.of(&pairs).copied() else { return text.to_owned() };
    let between = &text[first.end..second.start];
    let (before, behind) = (&text[..first.start], &text[second.end..]);
    format!("{before}{}{between}{}{behind}", &text[second.clone()], &text[first.clone()])
}

fn misspelt(text: &str, places: &[Range<usize>], chance: &mut Chance) -> String {
    let Some(place) = chance.of(places).cloned() else { return text.to_owned() };
    let at = place.start + 1 + chance.below(place.len() - 1);
    match chance.below(3) {
        0 => format!("{}{}", &text[..at], &text[at + 1..]),
        1 => format!("{}x{}", &text[..at], &text[at..]),
        _ => format!("{}q{}", &text[..at], &text[at + 1..]),
    }
}

#[test]
fn a_list_named_in_a_script_is_no_error() {
    let text = |script: &str| {
        format!(
            "let zones = [\"a\"]\npipeline build {{\n  trigger manual\n  stage build {{ {script} }}\n}}\n"
        )
    };
    let found = |script: &str| -> Vec<String> {
        let found = crate::texts::findings(&text(script));
        found.iter().map(|it| format!("{}: {}", it.severity.word(), it.code)).collect()
    };
    for splice in ["zones", "zones[0]", "zones[7]"] {
        let script = format!("run \"zones='a b'; for q in ${{{splice}}}; do echo $q; done\"");
        assert_eq!(found(&script), ["warning: splice-in-script"], "{splice}");
        let copies = format!("for e in [\"x\", \"y\"] {{ job at[e] {{ {script} }} }}");
        assert!(!found(&copies).iter().any(|it| it.starts_with("error")), "{:?}", found(&copies));
    }
    for script in ["run \"make\" { title = \"${zones}\" }", "run \"make\" { title = \"${zones[7]}\" }"] {
        assert_eq!(found(script).len(), 1, "{:?}", found(script));
        assert!(found(script)[0].starts_with("error: "), "{:?}", found(script));
    }
}
