//! `submit ML { wait = agent | server | none }`: a run of an ML pipeline, what it decides and what it registers.

use super::action::{Action, ActionBody, Data, Datum, Files};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::model::decode::ml::data_source;
use crate::model::documents;
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{
    AssetPath, AssetVersion, DataSource, MlDefault, MlInput, MlPipeline, MlPort, MlType, Output, Project,
};
use crate::model::scope::{MlYield, StepOutputs, decision_names, output, registration_prefix};
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, required};
use crate::syntax::ast;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_SUBMIT, outputs, decode };

static BLOCK_SUBMIT: Block = Block {
    word: "submit",
    head: Head::Arguments(&[argument("ml_pipeline", Type::Ref(&[Declared::MlPipeline]))]),
    doc: "Runs an ML pipeline. `timeout` bounds the wait, 6 hours where nothing is said. Outputs: `run_id`, and after a wait \
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

const SIX_HOURS: u64 = 6 * 3600;
/// How long the run's end may take to be written after the callback.
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

#[derive(Clone, Debug)]
pub enum Input {
    Literal(Expr),
    Data(DataSource),
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
    let yields = step.declaration(Declared::MlPipeline).map(MlYield::of).unwrap_or_default();
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
    let inputs = inputs(fields, ml_pipeline);
    Some(Kind::Submit(Submit { ml_pipeline, wait, published: fields.flag("published"), inputs }))
}

fn inputs(fields: &mut Fields<'_, '_>, id: Id<MlPipeline>) -> IndexMap<String, Input> {
    let Some(project) = fields.cx.project else { return IndexMap::new() };
    let ml = &project.ml_pipelines[id];
    let broken = fields.children("inputs").iter().any(|it| it.body.as_ref().is_some_and(|it| it.broken));
    let written = fields.syntax_map("inputs");
    for declared in ml.inputs.values() {
        let given = written.iter().any(|it| it.key.value == declared.ident.value);
        if !given && declared.default.is_none() && !declared.optional && !broken {
            let name = &declared.ident.value;
            let help = format!("add it to `inputs {{ {name} = … }}`, or give it a default in the ML pipeline");
            let finding = errors::missing_attribute(fields.head(), "submit", name, help);
            fields.cx.push(finding.label(declared.ident.span, "an input without a default"));
        }
    }
    let decoded = written.into_iter().filter_map(|it| Some((it.key.value.clone(), input(fields, ml, it)?)));
    decoded.collect()
}

fn input(fields: &mut Fields<'_, '_>, ml: &MlPipeline, written: &ast::Attribute) -> Option<Input> {
    let Some(declared) = ml.inputs.get(&written.key.value) else {
        let known: Vec<&str> = ml.inputs.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&written.key.value, known.iter().copied());
        let what = format!("input of `{}`", ml.header.ident.value);
        fields.cx.push(errors::undefined_name(&written.key, &what, nearest, &known));
        return None;
    };
    if !declared.ty.is_literal() {
        return data_source(fields.cx, &written.value).map(Input::Data);
    }
    let symbols = fields.cx.symbols;
    let value = fields.cx.resolver.expr(&written.value, symbols, &mut fields.cx.findings)?;
    if !fits(value.ty, declared.ty) {
        let message = format!("input `{}` is a {}", declared.ident.value, declared.ty.word());
        let finding = errors::invalid_value(value.span, message, "give it a value of that type");
        fields.cx.push(finding.label(declared.ident.span, "declared here"));
        return None;
    }
    if let Some(message) = outside(&value, declared) {
        let help = "give it a value that its declaration allows";
        let finding = errors::invalid_value(value.span, message, help);
        fields.cx.push(finding.label(declared.ident.span, "declared here"));
    }
    Some(Input::Literal(value))
}

fn fits(value: Ty, declared: MlType) -> bool {
    match declared {
        MlType::String => value == Ty::String,
        MlType::Integer => value == Ty::Int,
        MlType::Number => matches!(value, Ty::Int | Ty::Number),
        MlType::Boolean => value == Ty::Bool,
        _ => false,
    }
}

/// What is wrong with a constant that its input does not allow.
#[expect(clippy::cast_precision_loss, reason = "bounds of ML inputs are written by people")]
fn outside(value: &Expr, declared: &MlInput) -> Option<String> {
    let name = &declared.ident.value;
    let (text, number) = match &value.kind {
        ExprKind::String(text) => (text.clone(), None),
        ExprKind::Int(it) => (it.to_string(), Some(*it as f64)),
        ExprKind::Number(it) => (it.to_string(), Some(*it)),
        _ => return None,
    };
    if !declared.choices.is_empty() && !declared.choices.contains(&text) {
        let known: Vec<&str> = declared.choices.iter().map(String::as_str).collect();
        return Some(format!("`{name}` is one of {}", errors::quoted_list(&known)));
    }
    if let (Some(number), Some(min)) = (number, declared.min)
        && number < min
    {
        return Some(format!("`{name}` is at least {min}"));
    }
    if let (Some(number), Some(max)) = (number, declared.max)
        && number > max
    {
        return Some(format!("`{name}` is at most {max}"));
    }
    None
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
        let action = action.env("TIMEOUT_SECONDS", cx.text(timeout.to_string())).longest(timeout);
        Some(run.outcome(cx, kept_alive(action)))
    }

    /// Agent, server, agent: who starts the run, who waits for it, who reads how it ended.
    fn on_server(&self, cx: &Lower<'_>, run: &Run<'_>) -> Option<Vec<Action>> {
        let mut start = self.start(cx, run)?.outputs(&[RESOURCE]);
        start.suffix = Some("submit");
        let wait = Action::server("Wait for the run", callback(cx)?, timeout(cx));
        let collect = cx.azure_ml("Read how the run ended".to_owned(), "collect", run.data(true))?;
        let collect = collect
            .env("RUN", cx.own_output(RUN_ID))
            .env("TIMEOUT_SECONDS", cx.text(SETTLING.to_string()))
            .longest(2 * SETTLING);
        Some(vec![start, wait, run.outcome(cx, collect)])
    }

    fn input_rows(&self, cx: &Lower<'_>, ml: &MlPipeline) -> Vec<InputRow> {
        let rows = ml.inputs.values().filter_map(|declared| {
            let name = &declared.ident.value;
            let variable = format!("INPUT_{}", name.to_uppercase());
            let value = match (self.inputs.get(name), &declared.default) {
                (Some(Input::Literal(value)), _) => value.clone(),
                (Some(Input::Data(source)), _) => cx.text(data_uri(cx.project, source)),
                // A component has no default for data: whoever starts a published pipeline gives it.
                (None, Some(MlDefault::Data(source))) if self.published => {
                    cx.text(data_uri(cx.project, source))
                }
                (None, _) => return None,
            };
            let row = vec![
                ("name", Datum::Word(name.clone())),
                ("type", Datum::Word(declared.ty.word().to_owned())),
                ("data", Datum::Flag(!declared.ty.is_literal())),
                (
                    "field",
                    Datum::Word(if declared.ty.is_literal() { "default" } else { "path" }.to_owned()),
                ),
                ("value", Datum::Word(typed(declared.ty, &variable))),
            ];
            Some(InputRow { row, variable, value })
        });
        rows.collect()
    }
}

struct InputRow {
    row: Data,
    variable: String,
    value: Expr,
}

/// How jq reads a variable of the environment as a value of that type.
fn typed(ty: MlType, variable: &str) -> String {
    match ty {
        MlType::Integer | MlType::Number => format!("(env.{variable} | tonumber)"),
        MlType::Boolean => format!("(env.{variable} | ascii_downcase == \"true\")"),
        _ => format!("env.{variable}"),
    }
}

fn timeout(cx: &Lower<'_>) -> u64 {
    cx.step.timeout.as_ref().map_or(SIX_HOURS, |it| it.value)
}

/// The sign-in of a script that may outlive its token.
fn kept_alive(mut action: Action) -> Action {
    if let ActionBody::Script(script) = &mut action.body {
        script.long = true;
    }
    action
}

/// The run's resource in Azure, without the leading `/`.
const RESOURCE: &str = "resource";
const API_VERSION: &str = "2023-04-01-preview";

/// Asks Azure ML to call back at the end of the run: how-to-devops-machine-learning of Microsoft's documentation.
fn callback(cx: &Lower<'_>) -> Option<ActionBody> {
    let connection = &cx.project.connections[cx.connection?].header.name.value;
    let suffix = cx.concat(vec![cx.own_output(RESOURCE), cx.text(format!("?api-version={API_VERSION}"))]);
    let inputs = [
        ("connectionType", cx.text("connectedServiceNameARM")),
        ("azureServiceConnection", cx.text(connection)),
        ("method", cx.text("PATCH")),
        ("headers", cx.text(r#"{"Content-Type": "application/json"}"#)),
        ("body", callback_body(cx)),
        ("urlSuffix", suffix),
        ("waitForCompletion", cx.text("true")),
    ];
    let inputs = inputs.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
    Some(ActionBody::Task { name: "InvokeRESTAPI@1".to_owned(), inputs })
}

/// What Azure ML needs to know about this task, by the names of its notification.
const CALLBACK: &[(&str, &str)] = &[
    ("PlanUri", "system.CollectionUri"),
    ("ProjectId", "system.teamProjectId"),
    ("HubName", "system.HostType"),
    ("PlanId", "system.planId"),
    ("JobId", "system.jobId"),
    ("TimelineId", "system.TimelineId"),
    ("TaskInstanceId", "system.TaskInstanceId"),
    ("AuthToken", "system.AccessToken"),
];

fn callback_body(cx: &Lower<'_>) -> Expr {
    let mut parts = vec![
        cx.text(r#"{"Properties": {"NotificationSetting": {"Webhooks": {"ADO_Webhook_"#),
        cx.predefined("system.TimelineId"),
        cx.text(r#"": {"WebhookType": "AzureDevOps", "EventType": "RunTerminated""#),
    ];
    for (key, variable) in CALLBACK {
        parts.extend([cx.text(format!(r#", "{key}": ""#)), cx.predefined(variable), cx.text("\"")]);
    }
    parts.push(cx.text("}}}}}"));
    cx.concat(parts)
}

/// Data as Azure ML names it.
fn data_uri(project: &Project, source: &DataSource) -> String {
    let (id, version) = match source {
        DataSource::Path(path) => return path_uri(project, path),
        DataSource::Asset(id, version) => (*id, version),
    };
    let data = &project.data[id];
    let name = &data.header.name.value;
    match (version, &data.version, &data.path) {
        (AssetVersion::At(version), _, _) => format!("azureml:{name}:{version}"),
        (AssetVersion::Declared, Some(version), _) => format!("azureml:{name}:{}", version.value),
        (AssetVersion::Declared, None, Some(path)) if !data.header.existing => path_uri(project, path),
        (AssetVersion::Declared | AssetVersion::Latest, _, _) => format!("azureml:{name}@latest"),
    }
}

fn path_uri(project: &Project, path: &AssetPath) -> String {
    match path {
        AssetPath::Datastore(store, path) => {
            let store = &project.datastores[*store].header.name.value;
            format!("azureml://datastores/{store}/paths/{path}")
        }
        AssetPath::Local(path) | AssetPath::Url(path) => path.clone(),
    }
}

/// What a run decides and registers.
struct Run<'a> {
    project: &'a Project,
    ml: &'a MlPipeline,
    /// Each with the name it is read by.
    decisions: Vec<(MlPort, String)>,
}

impl<'a> Run<'a> {
    fn of(project: &'a Project, submit: &Submit) -> Run<'a> {
        let ml = &project.ml_pipelines[submit.ml_pipeline];
        let outputs = ml.steps.iter().enumerate().flat_map(|(index, step)| {
            let decided = step.outputs.values().filter(|it| it.ty == MlType::Decision);
            decided.map(move |it| MlPort { step: index, output: it.ident.value.clone() })
        });
        let ports: Vec<MlPort> = outputs.collect();
        let pairs: Vec<(&str, &str)> =
            ports.iter().map(|it| (ml.steps[it.step].ident.value.as_str(), it.output.as_str())).collect();
        let names = decision_names(&pairs);
        let decisions = ports.iter().cloned().zip(names).collect();
        Run { project, ml, decisions }
    }

    /// What the template needs of it, where something `waits` for the end.
    fn data(&self, waits: bool) -> Data {
        let registrations = self.registration_rows();
        vec![
            ("decides", Datum::Flag(waits && !self.decisions.is_empty())),
            ("decisions", Datum::Rows(self.decision_rows())),
            ("registers", Datum::Flag(waits && !registrations.is_empty())),
            ("registrations", Datum::Rows(registrations)),
        ]
    }

    fn decision_rows(&self) -> Vec<Data> {
        let rows = self.decisions.iter().map(|(port, name)| {
            vec![("output", Datum::Word(self.output(port))), ("variable", Datum::Word(variable(name)))]
        });
        rows.collect()
    }

    fn registration_rows(&self) -> Vec<Data> {
        let rows = self.ml.registrations.iter().enumerate().map(|(index, it)| {
            let model = &self.project.models[it.model.value];
            let condition = it.when.as_ref().and_then(|when| self.decision(when));
            let tags = (1..=model.tags.len()).map(|tag| vec![("variable", Datum::Word(self.tag(index, tag)))]);
            let prefix = self.prefix(index);
            vec![
                ("model", Datum::Word(self.model_variable(index))),
                ("type", Datum::Word(model.ty.word().to_owned())),
                ("output", Datum::Word(self.output(&it.from.value))),
                ("conditional", Datum::Flag(condition.is_some())),
                ("condition", Datum::Word(condition.map(variable).unwrap_or_default())),
                ("tags", Datum::Rows(tags.collect())),
                ("prefix", Datum::Word(variable(&prefix))),
            ]
        });
        rows.collect()
    }

    fn output(&self, port: &MlPort) -> String {
        documents::pipeline_output(&self.ml.steps[port.step].ident.value, &port.output)
    }

    fn decision(&self, when: &Spanned<MlPort>) -> Option<&str> {
        self.decisions.iter().find(|it| it.0 == when.value).map(|it| it.1.as_str())
    }

    fn prefix(&self, index: usize) -> String {
        let model = &self.project.models[self.ml.registrations[index].model.value].header.ident.value;
        registration_prefix(model, self.ml.registrations.len())
    }

    fn model_variable(&self, index: usize) -> String {
        if self.ml.registrations.len() > 1 { format!("MODEL_{}", index + 1) } else { "MODEL".to_owned() }
    }

    fn tag(&self, index: usize, tag: usize) -> String {
        format!("{}_TAG_{tag}", self.model_variable(index))
    }

    /// The outputs that the end of a run sets, and the names of models with their tags.
    fn outcome(&self, cx: &Lower<'_>, mut action: Action) -> Action {
        action.outputs.push(STATUS.to_owned());
        action.outputs.extend(self.decisions.iter().map(|it| it.1.clone()));
        for (index, registration) in self.ml.registrations.iter().enumerate() {
            let model = &self.project.models[registration.model.value];
            action = action.env(self.model_variable(index), cx.text(&model.header.name.value));
            for (number, (key, value)) in model.tags.iter().enumerate() {
                action = action.env(self.tag(index, number + 1), cx.text(format!("{key}={value}")));
            }
            let prefix = self.prefix(index);
            action.outputs.extend([format!("{prefix}registered"), format!("{prefix}model_version")]);
        }
        action
    }
}

/// An output's name as a variable of Azure Pipelines.
fn variable(output: &str) -> String {
    output.replace('.', "_")
}
