//! The compiler's own scripts: `templates/NAME.sh.hbs` with the data that decides which lines there are. Values are
//! not among the data: they reach a script through its environment.

use crate::model::steps::action::Datum;
use handlebars::{Handlebars, no_escape};
use serde_json::Value;
use std::sync::{LazyLock, Mutex, PoisonError};

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name, ".sh.hbs"))),)*]
    };
}

static TEMPLATES: &[(&str, &str)] = templates![
    "build_image",
    "collect",
    "delete",
    "deploy_aci",
    "deploy_aks",
    "download_model",
    "ensure_compute",
    "ensure_datastore",
    "ensure_existing",
    "ensure_version",
    "ensure_workspace",
    "notify_email",
    "notify_teams",
    "notify_webhook",
    "publish_pipeline",
    "shared/absent",
    "shared/cluster",
    "shared/fail",
    "shared/image_tag",
    "shared/ml",
    "shared/outcome",
    "shared/poll",
    "shared/post",
    "shared/work",
    "submit",
    "tag_run",
    "undeploy_aci",
    "undeploy_aks",
];

/// Filled as scripts are asked for: parsing all templates takes longer than compiling a small project.
static REGISTRY: LazyLock<Mutex<Handlebars<'static>>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(no_escape);
    Mutex::new(registry)
});

/// The script's text, with a final line break.
pub fn render(name: &str, data: &[(&'static str, Datum)]) -> String {
    let mut registry = REGISTRY.lock().unwrap_or_else(PoisonError::into_inner);
    register(&mut registry, name);
    registry.render(name, &object(data)).expect("steps give their template all the data it reads")
}

fn register(registry: &mut Handlebars<'static>, name: &str) {
    if registry.has_template(name) {
        return;
    }
    let found = TEMPLATES.iter().find(|it| it.0 == name);
    let (name, text) = found.expect("steps name templates that exist");
    registry.register_template_string(name, text).expect("templates are well formed");
    for partial in partials(text) {
        register(registry, partial);
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
