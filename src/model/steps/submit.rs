//! `submit ML { wait = agent | server | none }`: a run of an ML pipeline, what it decides and what it registers.

mod callback;
mod inputs;
mod outcome;

use self::callback::RESOURCE;
pub use self::inputs::Input;
use self::outcome::Run;
use super::action::{Action, ActionBody, Datum, Files};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::documents;
use crate::model::expr::Ty;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{MlPipeline, Output};
use crate::model::scope::{MlYield, StepOutputs, output, registration_prefix};
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, required};
use crate::syntax::ast;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_SUBMIT, outputs, decode };

static BLOCK_SUBMIT: Block = Block {
    word: "submit",
    head: Head::Arguments(&[argument("ml_pipeline", Type::Ref(&[Declared::MlPipeline]))]),
    doc: "Runs an ML pipeline. `timeout` bounds the wait, 5 hours where nothing is said. Outputs: `run_id`, and after a wait \
          `status`, every decision, and `registered` and `model_version` of every registration.",
    attributes: &[
        COMMON,
        &[
            required(
                "wait",
                Type::Word(&["agent", "server", "none"]),
                "Who waits for the end: the agent, the server without an agent, or nobody.",
            ),
            default(
                "published",
                Type::Bool,
                "false",
                "Runs what `publish_pipeline` published, instead of what this revision says.",
            ),
        ],
    ],
    blocks: &[at_most_one(&INPUTS), at_most_one(&crate::schema::declarations::ENV)],
    ..BLOCK
};

static INPUTS: Block = Block {
    word: "inputs",
    doc: "Inputs of the ML pipeline, by name: values of any phase, and data.",
    free: Some(Type::Any),
    ..BLOCK
};

const FIVE_HOURS: u64 = 5 * 3600;
/// How long all may take that is not the run itself: signing in, writing its end after the callback, registering.
const SETTLING: u64 = 600;

#[derive(Debug)]
pub struct Submit {
    pub ml_pipeline: Id<MlPipeline>,
    pub wait: Wait,
    pub published: bool,
    pub inputs: IndexMap<String, Input>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Agent,
    Server,
    None,
}

/// The names of a run's outputs. The script sets variables of these names, with `_` for dots.
const RUN_ID: &str = "run_id";
const STATUS: &str = "status";

fn outputs(step: &StepOutputs<'_>) -> IndexMap<String, Output> {
    let mut found = IndexMap::from([(RUN_ID.to_owned(), output(Ty::String))]);
    if waits_for_nothing(step.block) {
        return found;
    }
    found.insert(STATUS.to_owned(), output(Ty::String));
    let yields = step.declaration(Declared::MlPipeline).map(|it| MlYield::of(it, step.symbols)).unwrap_or_default();
    found.extend(yields.decisions.into_iter().map(|it| (it, output(Ty::Bool))));
    for model in &yields.models {
        let prefix = registration_prefix(model, yields.models.len());
        found.insert(format!("{prefix}registered"), output(Ty::Bool));
        found.insert(format!("{prefix}model_version"), output(Ty::String));
    }
    found
}

fn waits_for_nothing(block: &ast::Block) -> bool {
    block.body.iter().flat_map(|body| &body.statements).any(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == "wait" => match &it.value.kind {
            ast::ExprKind::Path(path) => path.as_ident().is_some_and(|it| it.value == "none"),
            _ => false,
        },
        _ => false,
    })
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let ml_pipeline = fields.argument_ref("ml_pipeline")?.value;
    let wait = match fields.word("wait") {
        Some("server") => Wait::Server,
        Some("none") => Wait::None,
        _ => Wait::Agent,
    };
    let inputs = inputs::decode(fields, ml_pipeline);
    Some(Kind::Submit(Submit { ml_pipeline, wait, published: fields.flag("published"), inputs }))
}

impl Submit {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let run = Run::of(cx.project, self);
        let actions = match self.wait {
            Wait::Server => self.on_server(cx, &run),
            Wait::Agent | Wait::None => self.start(cx, &run).map(|it| vec![it]),
        };
        actions.unwrap_or_default()
    }

    fn start(&self, cx: &Lower<'_>, run: &Run<'_>) -> Option<Action> {
        let header = &run.ml.header;
        let name = header.title.as_ref().unwrap_or(&header.ident);
        let waits = self.wait == Wait::Agent;
        let inputs = self.input_rows(cx, run.ml);
        let mut data = vec![
            ("published", Datum::Flag(self.published)),
            ("experiment", Datum::Flag(run.ml.experiment.is_some())),
            ("has_inputs", Datum::Flag(!inputs.is_empty())),
            ("inputs", Datum::Rows(inputs.iter().map(|it| it.row.clone()).collect())),
            ("server", Datum::Flag(self.wait == Wait::Server)),
            ("waits", Datum::Flag(waits)),
        ];
        data.extend(run.data(waits));
        let verb = if waits { "Run" } else { "Start" };
        let mut action = cx.azure_ml(cx.title(format!("{verb} {}", name.value)), "submit", data)?;
        action = if self.published {
            let endpoint = action.env("ENDPOINT_FILE", cx.output(&documents::batch_endpoint(header)));
            endpoint.env_maybe("EXPERIMENT", run.ml.experiment.as_ref().map(|it| cx.text(&it.value)))
        } else {
            action.env("JOB_FILE", cx.output(&documents::ml_pipeline(header)))
        };
        action = action.env("RUN_ID", cx.run_id());
        action.env.extend(inputs.into_iter().map(|it| (it.variable, it.value)));
        action = action.outputs(&[RUN_ID]).reads(Files::Project);
        if !waits {
            return Some(action);
        }
        let timeout = timeout(cx);
        let action = action.env("TIMEOUT_SECONDS", cx.text(timeout.to_string())).longest(timeout + SETTLING);
        Some(run.outcome(cx, kept_alive(action)))
    }

    /// Agent, server, agent: who starts the run, who waits for it, who reads how it ended.
    fn on_server(&self, cx: &Lower<'_>, run: &Run<'_>) -> Option<Vec<Action>> {
        let mut start = self.start(cx, run)?.outputs(&[RESOURCE]);
        start.suffix = Some("submit");
        let wait = Action::server("Wait for the run", callback::task(cx)?, timeout(cx));
        let collect = cx.azure_ml("Read how the run ended".to_owned(), "collect", run.data(true))?;
        let collect = collect
            .env("RUN", cx.own_output(RUN_ID))
            .env("TIMEOUT_SECONDS", cx.text(SETTLING.to_string()))
            .longest(2 * SETTLING);
        Some(vec![start, wait, run.outcome(cx, collect)])
    }
}

fn timeout(cx: &Lower<'_>) -> u64 {
    cx.step.timeout.as_ref().map_or(FIVE_HOURS, |it| it.value)
}

/// The sign-in of a script that may outlive its token.
fn kept_alive(mut action: Action) -> Action {
    if let ActionBody::Script(script) = &mut action.body {
        script.long = true;
    }
    action
}
