//! The compiler's own scripts: `templates/NAME.sh.hbs` with the data that decides which lines there are. Values are
//! not among the data: they reach a script through its environment.

use crate::model::steps::action::Datum;
use handlebars::{Handlebars, no_escape};
use serde_json::Value;
use std::fmt::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name, ".sh.hbs"))),)*]
    };
}

static TEMPLATES: &[(&str, &str)] = templates![
    "build_image",
    "collect",
    "compare",
    "delete",
    "deploy_aci",
    "deploy_aks",
    "deploy_endpoint",
    "deploy_infra",
    "download_model",
    "ensure_cluster",
    "ensure_compute",
    "ensure_datastore",
    "ensure_endpoint",
    "ensure_existing",
    "ensure_group",
    "ensure_schedule",
    "ensure_version",
    "ensure_workspace",
    "facts_changed",
    "facts_tags",
    "lint",
    "lint_notebooks",
    "mark_start",
    "notify_email",
    "notify_teams",
    "notify_webhook",
    "promote",
    "publish_pipeline",
    "register_model",
    "pytest",
    "rollback_aks",
    "rollback_endpoint",
    "set_traffic",
    "queue",
    "shared/absent",
    "shared/ask",
    "shared/cluster",
    "shared/endpoint",
    "shared/ensure_endpoint",
    "shared/fail",
    "shared/holder",
    "shared/image_tag",
    "shared/metric",
    "shared/ml",
    "shared/model_version",
    "shared/outcome",
    "shared/pip",
    "shared/poll",
    "shared/post",
    "shared/role",
    "shared/shares",
    "shared/vault",
    "shared/work",
    "smoke_test",
    "submit",
    "tag_run",
    "undeploy_aci",
    "undeploy_aks",
    "undeploy_endpoint",
];

/// Filled as scripts are asked for: parsing all templates takes longer than compiling a small project.
static SCRIPTS: LazyLock<Mutex<Scripts>> = LazyLock::new(|| Mutex::new(Scripts::new()));

/// The templates parsed so far. Words without holes are most of a script, and the engine reads its templates a
/// hundred times slower than a copy takes, the slower the longer they are, since it counts lines and columns from the start at
/// every hole: such words are kept aside and put back behind it.
struct Scripts {
    registry: Handlebars<'static>,
    /// What stands aside, by the number in its mark.
    aside: Vec<&'static str>,
}

/// So many bytes are not worth a mark.
const SHORTEST: usize = 6;

/// Around the number of what stands aside; no script holds it.
const MARK: char = '\u{1}';

/// The script's text, with a final line break.
pub fn render(name: &str, data: &[(&'static str, Datum)]) -> String {
    let mut scripts = SCRIPTS.lock().unwrap_or_else(PoisonError::into_inner);
    scripts.register(name);
    let text = scripts
        .registry
        .render(name, &object(data))
        .expect("steps give their template all the data it reads");
    scripts.put_back(&text)
}

impl Scripts {
    fn new() -> Scripts {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_escape_fn(no_escape);
        Scripts { registry, aside: Vec::new() }
    }

    fn register(&mut self, name: &str) {
        if self.registry.has_template(name) {
            return;
        }
        let found = TEMPLATES.iter().find(|it| it.0 == name);
        let (name, text) = found.expect("steps name templates that exist");
        let short = self.set_aside(text);
        self.registry.register_template_string(name, short).expect("templates are well formed");
        for partial in partials(text) {
            self.register(partial);
        }
    }

    /// The template with a mark for each run of lines that hold no expression. Blank lines at the ends of a run stay,
    /// because the engine trims them beside its blocks.
    fn set_aside(&mut self, text: &'static str) -> String {
        let mut short = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let plain: usize =
                rest.split_inclusive('\n').take_while(|line| !line.contains("{{")).map(str::len).sum();
            let (run, behind) = rest.split_at(plain);
            let kept = run.trim_matches('\n');
            if kept.is_empty() {
                short.push_str(run);
            } else {
                self.replace(run, kept, &mut short);
            }
            let line = behind.split_inclusive('\n').next().unwrap_or_default();
            self.set_words_aside(line, &mut short);
            rest = &behind[line.len()..];
        }
        short
    }

    /// Appends `run` with a mark in place of `kept`, which it holds between blanks or line breaks.
    fn replace(&mut self, run: &'static str, kept: &'static str, short: &mut String) {
        let start = run.find(kept).expect("it is a part of the run");
        let number = self.aside.len();
        self.aside.push(kept);
        short.push_str(&run[..start]);
        write!(short, "{MARK}{number}{MARK}").expect("a string takes all that is written to it");
        short.push_str(&run[start + kept.len()..]);
    }

    /// Appends a line with marks for what stands between its expressions. Blanks stay: the engine trims them beside
    /// blocks. A line whose braces are not all expressions stays as it is.
    fn set_words_aside(&mut self, line: &'static str, short: &mut String) {
        if line.contains("\\{{") || line.contains("{{{") {
            return short.push_str(line);
        }
        let mut rest = line;
        while !rest.is_empty() {
            let (words, behind) = rest.split_at(rest.find("{{").unwrap_or(rest.len()));
            let kept = words.trim();
            if kept.len() > SHORTEST {
                self.replace(words, kept, short);
            } else {
                short.push_str(words);
            }
            let end = behind.find("}}").map_or(behind.len(), |it| it + 2);
            short.push_str(&behind[..end]);
            rest = &behind[end..];
        }
    }

    fn put_back(&self, text: &str) -> String {
        let aside = |number: &str| number.parse::<usize>().map_or("", |it| self.aside[it]);
        // Every second piece stands between two marks.
        text.split(MARK)
            .enumerate()
            .map(|(at, piece)| if at % 2 == 1 { aside(piece) } else { piece })
            .collect()
    }
}

/// The templates that `{{> name}}` puts in.
fn partials(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{> ").skip(1).filter_map(|rest| rest.split("}}").next())
}

fn object(data: &[(&'static str, Datum)]) -> Value {
    data.iter().map(|(key, datum)| ((*key).to_owned(), value(datum))).collect()
}

fn value(datum: &Datum) -> Value {
    match datum {
        Datum::Flag(flag) => Value::Bool(*flag),
        Datum::Word(word) => Value::String(word.clone()),
        Datum::Rows(rows) => rows.iter().map(|row| object(row)).collect(),
    }
}
