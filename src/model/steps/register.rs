//! `register MODEL`: a new version of a model, from files of the agent or from an output of a run.

use super::action::{Action, Data, Datum};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::metric::{self, Metric};
use crate::model::project::Model;
use crate::model::scope::output;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Child, Head, argument, at_most_one, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_REGISTER,
    outputs: |_| IndexMap::from([("version".to_owned(), output(Ty::String))]),
    decode,
};

static BLOCK_REGISTER: Block = Block {
    word: "register",
    head: Head::Arguments(&[argument("model", Type::Ref(&[Declared::Model]))]),
    doc: "Registers a version of a model, once in a run of the pipeline. It has the model's tags and the step's, and `mlopsc_run` and `mlopsc_origin`, by which a second attempt finds it. Outputs: `version`.",
    attributes: &[
        COMMON,
        metric::ROWS,
        &[
            optional("path", Type::Name, "The file or folder on the agent; below the checked-out sources if it is relative."),
            optional("run", Type::Value, "Or the id of the run of Azure ML that made it."),
            optional("output", Type::Name, "And the run's output, `STEP_OUTPUT` of an ML pipeline."),
            optional("version", Type::Value, "The version; the next number where nothing is said."),
            optional("description", Type::Text, "Shown in the studio."),
        ],
    ],
    blocks: &BLOCKS,
    ..BLOCK
};

static TAGS: Block =
    Block { word: "tags", doc: "Tags of this version, of any phase.", free: Some(Type::Value), ..BLOCK };

static PROPERTIES: Block = Block {
    word: "properties",
    doc: "Properties of this version, which never change.",
    free: Some(Type::Value),
    ..BLOCK
};

const BLOCKS: [Child; 3] =
    [at_most_one(&TAGS), at_most_one(&PROPERTIES), at_most_one(&crate::schema::declarations::ENV)];

/// Boxed: it says more than any other step.
#[derive(Debug)]
pub struct Register(Box<NewVersion>);

#[derive(Debug)]
struct NewVersion {
    model: Id<Model>,
    source: Source,
    version: Option<Expr>,
    description: Option<Expr>,
    tags: IndexMap<String, Expr>,
    properties: IndexMap<String, Expr>,
    metric: Option<Metric>,
}

#[derive(Debug)]
enum Source {
    Path(String),
    Output { run: Expr, output: String },
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let model: Spanned<Id<Model>> = fields.argument_ref("model")?;
    let metric = metric::decode(fields);
    if metric.is_some() {
        metric::needs(fields, &model);
    }
    let source = source(fields);
    let step = NewVersion {
        model: model.value,
        version: fields.expr("version"),
        description: fields.expr("description"),
        tags: fields.expr_map("tags"),
        properties: fields.expr_map("properties"),
        metric,
        source: source?,
    };
    Some(Kind::Register(Register(Box::new(step))))
}

fn source(fields: &mut Fields<'_, '_>) -> Option<Source> {
    if let (Some(path), Some(run)) = (fields.span_of("path"), fields.span_of("run").or(fields.span_of("output"))) {
        let finding = errors::invalid_value(run, "a model comes from one place", "keep `path`, or `run` and `output`");
        fields.cx.push(finding.label(path, "files of the agent"));
    }
    if fields.has("path") {
        return fields.run_path("path").map(Source::Path);
    }
    if !fields.has("run") && !fields.has("output") {
        fields.missing("path", "add `path = \"model\"`, or `run = fit.run_id, output = \"train_model\"`");
        return None;
    }
    for name in ["run", "output"] {
        if !fields.has(name) {
            fields.missing(name, "say both: `run = fit.run_id, output = \"train_model\"`");
        }
    }
    Some(Source::Output { run: fields.expr("run")?, output: fields.plain("output")? })
}

impl Register {
    pub fn model(&self) -> Id<Model> {
        self.0.model
    }

    pub fn version(&self) -> Option<&Expr> {
        self.0.version.as_ref()
    }

    /// Whether the step itself says some.
    pub fn has_tags(&self) -> bool {
        !self.0.tags.is_empty()
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.0.lower(cx)
    }
}

impl NewVersion {
    fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let model = &cx.project.models[self.model];
        let constant = model.tags.iter().filter(|it| !self.tags.contains_key(it.0));
        let constant = constant.map(|(key, value)| (key.clone(), cx.text(value)));
        let own = self.tags.iter().map(|(key, value)| (key.clone(), value.clone()));
        let tags: Vec<(String, Expr)> = constant.chain(own).collect();
        let properties: Vec<(String, Expr)> =
            self.properties.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut data = vec![
            ("versioned", Datum::Flag(self.version.is_some())),
            ("described", Datum::Flag(self.description.is_some())),
            ("output", Datum::Flag(matches!(self.source, Source::Output { .. }))),
            ("tags", Datum::Rows(rows("TAG", tags.len()))),
            ("properties", Datum::Rows(rows("PROPERTY", properties.len()))),
        ];
        data.extend(metric::data(self.metric.as_ref()));
        let title = cx.title(format!("Register {}", model.header.name.value));
        let Some(mut action) = cx.azure_ml(title, "register_model", data) else { return Vec::new() };
        action = action
            .env("MODEL", cx.text(&model.header.name.value))
            .env("TYPE", cx.text(model.ty.word()))
            .env("RUN_ID", cx.run_id())
            .env_maybe("VERSION", self.version.clone())
            .env_maybe("DESCRIPTION", self.description.clone());
        action = match &self.source {
            Source::Path(path) => action.env("SOURCE", cx.in_sources(path)).env("ORIGIN", cx.text(path)),
            Source::Output { run, output } => {
                let action = action.env("RUN", run.clone()).env("OUTPUT", cx.text(output));
                action.env("ORIGIN", cx.text(output))
            }
        };
        action = metric::env(cx, action, self.metric.as_ref(), model);
        action = keyed(cx, action, "TAG", tags);
        vec![keyed(cx, action, "PROPERTY", properties).outputs(&["version"])]
    }
}

/// Names and values of free keys, by number: keys may hold anything.
fn rows(prefix: &str, count: usize) -> Vec<Data> {
    let row = |number: usize| vec![("variable", Datum::Word(format!("{prefix}_{number}")))];
    (1..=count).map(row).collect()
}

fn keyed(cx: &Lower<'_>, mut action: Action, prefix: &str, values: Vec<(String, Expr)>) -> Action {
    for (number, (key, value)) in (1..).zip(values) {
        action = action.env(format!("{prefix}_{number}_NAME"), cx.text(key)).env(format!("{prefix}_{number}"), value);
    }
    action
}
