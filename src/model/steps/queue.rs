//! `queue PIPELINE { params { … } }`: starts runs of another pipeline of the project.

mod params;

use self::params::{Given, Param};
use super::action::{Action, Datum, Script};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::model::convert::{Value, convert};
use crate::model::data::{self, Data};
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{Output, Pipeline};
use crate::model::scope::{StepOutputs, output};
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, optional};
use crate::syntax::ast;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_QUEUE, outputs, decode };

static BLOCK_QUEUE: Block = Block {
    word: "queue",
    head: Head::Arguments(&[argument("pipeline", Type::Ref(&[Declared::Pipeline]))]),
    doc: "Starts a run of another pipeline, in the name of the project's build service, which needs the permission \"Queue builds\" on \
          it. Output: `run_id`; with `each` instead `run_ids`, a JSON list.",
    attributes: &[
        COMMON,
        &[
            optional("branch", Type::Text, "The branch whose pipeline is run; that of this run where nothing is said."),
            optional(
                "each",
                Type::Any,
                "A list, or an output that holds a JSON list: one run for each item, which `params` read as `item`.",
            ),
            default(
                "wait",
                Type::Bool,
                "false",
                "The agent waits until the runs have ended, and the step fails if one did not succeed. `timeout` bounds it, 5 hours \
                 where nothing is said.",
            ),
        ],
    ],
    blocks: &[at_most_one(&PARAMS), at_most_one(&crate::schema::declarations::ENV)],
    ..BLOCK
};

static PARAMS: Block = Block {
    word: "params",
    doc: "Parameters of the pipeline, by name. With `each`, `item` is the item, `item.name` a field of it.",
    free: Some(Type::Any),
    ..BLOCK
};

const FIVE_HOURS: u64 = 5 * 3600;
/// Finding the pipeline, starting its runs.
const STARTING: u64 = 600;

#[derive(Debug)]
pub struct Queue {
    pub pipeline: Id<Pipeline>,
    pub params: Vec<Param>,
    pub branch: Option<Expr>,
    pub each: Option<Each>,
    pub wait: bool,
}

#[derive(Debug)]
pub enum Each {
    Items(Vec<Expr>),
    /// A JSON list: known in a run, or written as records.
    Json(Expr),
}

/// What `params` may read of an item.
#[derive(Debug)]
pub enum Item {
    /// There is no `each`.
    None,
    Any,
    /// The item itself, or one of these fields, which all items have.
    Fields(Vec<String>),
}

fn outputs(step: &StepOutputs<'_>) -> IndexMap<String, Output> {
    let name = if attribute(step.block, "each").is_some() { "run_ids" } else { "run_id" };
    [(name.to_owned(), output(Ty::String))].into()
}

fn attribute<'a>(block: &'a ast::Block, name: &str) -> Option<&'a ast::Expr> {
    block.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == name && !it.quoted => Some(&it.value),
        _ => None,
    })
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let pipeline = fields.argument_ref("pipeline");
    let (each, item) = match fields.ast("each") {
        Some(written) => each(fields, written).unzip(),
        None if fields.has("each") => (None, Some(Item::Any)),
        None => (None, Some(Item::None)),
    };
    let written = fields.syntax_map("params");
    let pipeline = pipeline?;
    let declared = fields.cx.symbols.of(Declared::Pipeline).nth(pipeline.value.index())?.block;
    let params = params::decode(fields, &Given { written, declared, item: item.unwrap_or(Item::Any) });
    Some(Kind::Queue(Queue {
        pipeline: pipeline.value,
        params,
        branch: fields.expr("branch"),
        each,
        wait: fields.flag("wait"),
    }))
}

fn each(fields: &mut Fields<'_, '_>, written: &ast::Expr) -> Option<(Each, Item)> {
    let value = |fields: &mut Fields<'_, '_>, it: &ast::Expr| match convert(fields.cx, it, Type::Value, "each")? {
        Value::Expr(expr) => Some(expr),
        _ => None,
    };
    if let ast::ExprKind::List(items) = &written.kind {
        if items.iter().any(|it| matches!(it.kind, ast::ExprKind::Record(_))) {
            return records(fields, written);
        }
        let items = items.iter().filter_map(|it| value(fields, it)).collect();
        return Some((Each::Items(items), Item::Fields(Vec::new())));
    }
    let found = value(fields, written)?;
    if found.ty != Ty::String || found.as_str().is_some() {
        let help = "write a list, `each = [\"a\", \"b\"]`, or an output that holds a JSON list, `each = plan.silos`";
        fields.cx.push(errors::invalid_value(found.span, "this is no list", help));
    }
    Some((Each::Json(found), Item::Any))
}

/// A list that is known now reaches the script as JSON.
fn records(fields: &mut Fields<'_, '_>, written: &ast::Expr) -> Option<(Each, Item)> {
    let before = fields.cx.findings.len();
    let list = data::expr(written, &mut fields.cx.findings)?;
    if fields.cx.findings.len() > before {
        return None;
    }
    let Data::List(items) = &list.value else { return None };
    let keys = |it: &Spanned<Data>| match &it.value {
        Data::Record(record) => record.keys().cloned().collect(),
        Data::Bool(_) | Data::Int(_) | Data::Number(_) | Data::String(_) | Data::List(_) => Vec::new(),
    };
    let mut shared: Vec<String> = items.first().map(keys).unwrap_or_default();
    shared.retain(|key| items.iter().all(|it| keys(it).contains(key)));
    Some((Each::Json(Expr::string(data::json_of(&list.value), written.span)), Item::Fields(shared)))
}

impl Queue {
    /// How many runs it starts; one where only a run knows.
    pub fn runs(&self) -> usize {
        match &self.each {
            Some(Each::Items(items)) => items.len(),
            Some(Each::Json(list)) => {
                let known = list.as_str().and_then(|it| serde_json::from_str::<Vec<serde_json::Value>>(it).ok());
                known.map_or(1, |it| it.len())
            }
            None => 1,
        }
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let header = &cx.project.pipelines[self.pipeline].header;
        let name = header.title.as_ref().map_or(&header.name.value, |it| &it.value);
        let items = match &self.each {
            Some(Each::Items(items)) => items.as_slice(),
            Some(Each::Json(_)) | None => &[],
        };
        let variables: Vec<String> = (1..=items.len()).map(|it| format!("ITEM_{it}")).collect();
        let rows = variables.iter().map(|it| vec![("variable", Datum::Word(it.clone()))]);
        let data = vec![
            ("each", Datum::Flag(self.each.is_some())),
            ("listed", Datum::Flag(matches!(self.each, Some(Each::Items(_))))),
            ("items", Datum::Rows(rows.collect())),
            ("waits", Datum::Flag(self.wait)),
            ("has_params", Datum::Flag(!self.params.is_empty())),
            ("params", Datum::Rows(self.params.iter().map(Param::row).collect())),
        ];
        let title = cx.title(format!("{} {name}", if self.wait { "Run" } else { "Start" }));
        let folder = cx.project.settings.folder.as_ref().map_or("", |it| it.value.as_str());
        let folder = format!("\\{}", folder.trim_matches(['/', '\\']).replace('/', "\\"));
        let mut action = Action::script(title, Script::local("queue", data))
            .env("ACCESS_TOKEN", cx.predefined("System.AccessToken"))
            .env("COLLECTION", cx.predefined("System.CollectionUri"))
            .env("PROJECT_ID", cx.predefined("System.TeamProjectId"))
            .env("PIPELINE_NAME", cx.text(name))
            .env("FOLDER", cx.text(folder))
            .env("BRANCH", self.branch.clone().unwrap_or_else(|| cx.predefined("Build.SourceBranch")));
        if let Some(Each::Json(list)) = &self.each {
            action = action.env("ITEMS", list.clone());
        }
        action.env.extend(variables.into_iter().zip(items.iter().cloned()));
        action.env.extend(self.params.iter().filter_map(Param::variable));
        if self.wait {
            let timeout = cx.step.timeout.as_ref().map_or(FIVE_HOURS, |it| it.value);
            action = action.env("TIMEOUT_SECONDS", cx.text(timeout.to_string())).longest(timeout + STARTING);
        }
        vec![action.outputs(&[if self.each.is_some() { "run_ids" } else { "run_id" }])]
    }
}
