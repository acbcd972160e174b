//! The files that are written of a system, without what is only for those who read them.

use mlopsc::driver::{self, Analysis};
use mlopsc::emit::{OutputFile, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ALL: &[Target] = &[Target::AzureDevops, Target::AzureMl, Target::Helm, Target::Setup];

#[derive(PartialEq, Eq)]
pub struct Written(BTreeMap<String, String>);

pub struct Difference {
    pub path: String,
    shown: String,
}

impl Written {
    /// None where there are errors: nothing is written then.
    pub fn of(analysis: &Analysis) -> Option<Written> {
        if analysis.has_errors() {
            return None;
        }
        let files = driver::emit(analysis, "generated", ALL);
        Some(Written(files.into_iter().map(|it| (it.path.clone(), meaning(&it))).collect()))
    }

    pub fn differs(&self, other: &Written) -> Vec<Difference> {
        let paths: BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let different = paths.into_iter().filter(|it| self.0.get(*it) != other.0.get(*it));
        let shown = |path: &String| {
            let [old, new] = [self, other].map(|it| it.0.get(path).map_or("", String::as_str));
            let diff = similar::TextDiff::from_lines(old, new);
            let shown = diff.unified_diff().context_radius(1).header(path, path).to_string();
            Difference { path: path.clone(), shown: shown.split_inclusive('\n').take(25).collect() }
        };
        different.map(shown).collect()
    }
}

pub fn shown(different: &[Difference]) -> String {
    different.iter().take(3).map(|it| it.shown.as_str()).collect()
}

fn meaning(file: &OutputFile) -> String {
    let ending = file.path.rsplit('.').next().unwrap_or_default();
    let data = match ending {
        "json" | "yml" | "yaml" if !file.path.contains("/templates/") => {
            serde_yaml::from_str(&file.text).ok()
        }
        _ => None,
    };
    match data {
        Some(mut data) => {
            without_places(&mut data);
            serde_json::to_string_pretty(&data).expect("its keys are strings")
        }
        None => file.text.clone(),
    }
}

/// Lists whose order says nothing, and why.
const WITHOUT_ORDER: &[(&str, &str)] = &[
    ("stages", "each says what it waits for"),
    ("jobs", "each says what it waits for"),
    ("dependsOn", "all of them are waited for"),
    ("things", "each is looked for by its name"),
    ("containers", "each is known by its name"),
    ("pipelines", "each is known by its name"),
    ("volumes", "each is known by its name"),
    ("volumeMounts", "each names its volume"),
];

/// Without the lines of the sources behind something, and orders that say nothing.
fn without_places(value: &mut Value) {
    match value {
        Value::Object(all) => {
            all.remove("source");
            all.sort_keys();
            for (key, value) in all.iter_mut() {
                without_places(value);
                if let Value::Array(list) = value
                    && WITHOUT_ORDER.iter().any(|it| it.0 == key)
                {
                    list.sort_by_key(Value::to_string);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(without_places),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
