//! ML pipelines: inputs, steps with typed ports, bindings between them, registrations.

mod input;
mod schedule;

pub use input::data_source;
use input::{any_literal, asset, inputs};

use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::decode::resources::asset_path;
use crate::model::errors;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::naming;
use crate::model::project::{
    AssetPath, AssetVersion, MlBinding, MlDefault, MlOutput, MlPipeline, MlPort, MlSource, MlStep, MlType,
    Registration,
};
use crate::model::symbols::declared_name;
use crate::schema::Kind;
use crate::schema::ml::OUTPUT_TYPES;
use crate::syntax::ast;
use indexmap::IndexMap;

/// What the steps of one ML pipeline see of each other before any of them is decoded.
#[derive(Default)]
struct Graph {
    inputs: IndexMap<String, MlType>,
    steps: IndexMap<String, Ports>,
}

/// A step as the others see it.
struct Ports {
    name: Span,
    /// The outputs with their types.
    outputs: IndexMap<String, MlType>,
}

pub fn ml_pipeline(fields: &mut Fields<'_, '_>) -> MlPipeline {
    let header = fields.header(|ident| naming::outside(Kind::MlPipeline, ident));
    let inputs = inputs(fields);
    let mut graph =
        Graph { inputs: inputs.iter().map(|(name, it)| (name.clone(), it.ty)).collect(), ..Graph::default() };
    let blocks = fields.children("step");
    let declared: Vec<bool> = blocks.into_iter().map(|it| declare_step(fields.cx, &mut graph, it)).collect();
    let decoded = fields.each("step", |it| step(it, &graph));
    // Ports name steps by their place in the graph, so exactly its steps stay.
    let kept = decoded.into_iter().zip(declared).filter_map(|(step, kept)| kept.then_some(step));
    let steps: Vec<MlStep> = kept.collect();
    if steps.is_empty() && !fields.is_broken() {
        fields.missing("step", "add at least one `step NAME { command = \"…\" }`");
    }
    let registrations =
        fields.each("register", |it| registration(it, &graph)).into_iter().flatten().collect();
    let schedules = schedule::schedules(fields, &header, &inputs);
    MlPipeline {
        description: fields.plain("description"),
        experiment: fields.string("experiment"),
        compute: fields.reference("compute"),
        datastore: fields.reference("datastore"),
        tags: fields.string_map("tags"),
        reuse: fields.bool("reuse").unwrap_or(true),
        inputs,
        steps,
        registrations,
        schedules,
        header,
    }
}

/// Whether it became a step of the graph; a nameless one is reported when it is decoded.
fn declare_step(cx: &mut Cx<'_>, graph: &mut Graph, block: &ast::Block) -> bool {
    let Some(name) = declared_name(block) else { return false };
    check_identifier(cx, name);
    if let Some(first) = graph.steps.get(&name.value) {
        cx.push(errors::duplicate_name("step", name, first.name));
        return false;
    }
    let mut outputs = IndexMap::new();
    for statement in block.body.iter().flat_map(|body| &body.statements) {
        if let ast::Statement::Declaration(it) = statement
            && it.word.value == "output"
            && let Some(ty) = ml_type(&it.ty.name.value, OUTPUT_TYPES)
        {
            outputs.insert(it.name.ident.value.clone(), ty);
        }
    }
    graph.steps.insert(name.value.clone(), Ports { name: name.span, outputs });
    true
}

fn ml_type(word: &str, allowed: &[&str]) -> Option<MlType> {
    if !allowed.contains(&word) {
        return None;
    }
    Some(match word {
        "uri_file" => MlType::UriFile,
        "uri_folder" => MlType::UriFolder,
        "mltable" => MlType::MlTable,
        "mlflow_model" => MlType::MlflowModel,
        "custom_model" => MlType::CustomModel,
        "triton_model" => MlType::TritonModel,
        "string" => MlType::String,
        "integer" | "int" => MlType::Integer,
        "number" => MlType::Number,
        "boolean" | "bool" => MlType::Boolean,
        _ => MlType::Decision,
    })
}

fn checked_type(cx: &mut Cx<'_>, ty: &ast::Type, allowed: &[&str]) -> MlType {
    if let Some(found) = ml_type(&ty.name.value, allowed).filter(|_| !ty.list) {
        return found;
    }
    if ty.list {
        let help = "an input or output is one thing; a folder holds several files";
        cx.push(errors::wrong_type(ty.span, "a list is no type of data", help));
    } else {
        let nearest = suggest::nearest(&ty.name.value, allowed.iter().copied());
        cx.push(errors::undefined_name(&ty.name, "type of data", nearest, allowed));
    }
    MlType::UriFolder
}

const RESERVED_PORTS: &[&str] = &["path", "ld_library_path", "user", "logname", "home", "pwd", "shell"];

fn check_port_name(cx: &mut Cx<'_>, name: &Spanned<String>) {
    check_identifier(cx, name);
    if RESERVED_PORTS.contains(&name.value.to_ascii_lowercase().as_str()) {
        let message = format!(
            "`{}` is an environment variable of the node and cannot name an input or output",
            name.value
        );
        cx.push(errors::invalid_value(name.span, message, "choose another name, such as `data_path`"));
    }
}

fn step(fields: &mut Fields<'_, '_>, graph: &Graph) -> MlStep {
    let header = fields.header(str::to_owned);
    let resources = fields.one("resources", |it| (it.count("instances"), it.plain("shm_size")));
    let (instance_count, shm_size) = resources.unwrap_or_default();
    if let Some(span) = fields.ast("after").map(|it| it.span) {
        fields.cx.push(errors::not_compiled(span, "`after` of an ML step"));
    }
    let when = fields.ast("when").and_then(|it| decision(fields.cx, graph, it));
    MlStep {
        title: header.title.map(|it| it.value),
        doc: header.doc,
        head: header.head,
        ident: header.ident,
        code: fields.string("code"),
        runtime: fields.reference("runtime"),
        command: fields.string("command"),
        compute: fields.reference("compute"),
        env: fields.string_map("env"),
        inputs: bindings(fields, graph),
        outputs: outputs(fields),
        reuse: fields.bool("reuse").unwrap_or(true),
        when,
        instance_count,
        shm_size,
        timeout_seconds: fields.seconds("timeout").map(|it| it.value),
    }
}

fn outputs(fields: &mut Fields<'_, '_>) -> IndexMap<String, MlOutput> {
    let mut found: IndexMap<String, MlOutput> = IndexMap::new();
    for (row, declaration) in fields.declarations("output") {
        let ident = declaration.name.ident.clone();
        check_port_name(fields.cx, &ident);
        if let Some(first) = found.get(&ident.value) {
            let finding = errors::duplicate_name("output", &ident, first.ident.span);
            fields.cx.push(finding);
            continue;
        }
        let ty = checked_type(fields.cx, &declaration.ty, OUTPUT_TYPES);
        let inner = Fields::of_declaration(fields.cx, row, declaration, fields.ast);
        let mode = inner.word("mode");
        let path = attribute(declaration, "path").and_then(|it| asset_path(fields.cx, it));
        if let Some(AssetPath::Local(_)) = path {
            let help = "write `path(STORE, \"folder\")`";
            fields.cx.push(errors::invalid_value(
                ident.span,
                "an output cannot be written into the project",
                help,
            ));
        }
        found.insert(ident.value.clone(), MlOutput { ident, ty, mode, path });
    }
    found
}

fn attribute<'a>(declaration: &'a ast::Declaration, name: &str) -> Option<&'a ast::Expr> {
    declaration.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == name => Some(&it.value),
        _ => None,
    })
}

fn bindings(fields: &mut Fields<'_, '_>, graph: &Graph) -> IndexMap<String, MlBinding> {
    let mut found = IndexMap::new();
    let written = fields.syntax_map("inputs");
    for attribute in written {
        check_port_name(fields.cx, &attribute.key);
        let (source, mode) = with_mode(&attribute.value);
        if let Some(source) = binding(fields.cx, graph, source) {
            let binding = MlBinding { key: attribute.key.clone(), source, span: attribute.value.span, mode };
            found.insert(attribute.key.value.clone(), binding);
        }
    }
    found
}

/// `download(x)` and `direct(x)` say how data reaches the node.
fn with_mode(expr: &ast::Expr) -> (&ast::Expr, Option<&'static str>) {
    if let ast::ExprKind::Call(name, arguments) = &expr.kind
        && let [inner] = arguments.as_slice()
    {
        match name.as_ident().map(|it| it.value.as_str()) {
            Some("download") => return (inner, Some("download")),
            Some("direct") => return (inner, Some("direct")),
            _ => {}
        }
    }
    (expr, None)
}

fn binding(cx: &mut Cx<'_>, graph: &Graph, expr: &ast::Expr) -> Option<MlSource> {
    let ast::ExprKind::Path(path) = &expr.kind else {
        return match any_literal(expr) {
            Some(literal) => Some(MlSource::Literal(literal)),
            None => data_source(cx, expr).map(|it| MlSource::Literal(MlDefault::Data(it))),
        };
    };
    let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
    match names.as_slice() {
        [first, name] if first.value == "inputs" => {
            if graph.inputs.contains_key(&name.value) {
                return Some(MlSource::Input(name.value.clone()));
            }
            let known: Vec<&str> = graph.inputs.keys().map(String::as_str).collect();
            let nearest = suggest::nearest(&name.value, known.iter().copied());
            cx.push(errors::undefined_name(name, "input of this ML pipeline", nearest, &known));
            None
        }
        [only] if !graph.steps.contains_key(&only.value) => {
            asset(cx, path, AssetVersion::Declared).map(|it| MlSource::Literal(MlDefault::Data(it)))
        }
        _ => port(cx, graph, path).map(|it| MlSource::Output(it.value)),
    }
}

/// `step.output`
fn port(cx: &mut Cx<'_>, graph: &Graph, path: &ast::Path) -> Option<Spanned<MlPort>> {
    let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
    let [step, output] = names.as_slice() else {
        cx.push(errors::invalid_value(
            path.span,
            "this names no output of a step",
            "write `STEP.OUTPUT`, or `inputs.NAME`",
        ));
        return None;
    };
    let Some((index, _, Ports { outputs, .. })) = graph.steps.get_full(&step.value) else {
        let known: Vec<&str> = graph.steps.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&step.value, known.iter().copied());
        cx.push(errors::undefined_name(step, "step of this ML pipeline", nearest, &known));
        return None;
    };
    if !outputs.contains_key(&output.value) {
        let known: Vec<&str> = outputs.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&output.value, known.iter().copied());
        cx.push(errors::undefined_name(output, &format!("output of step `{}`", step.value), nearest, &known));
        return None;
    }
    Some(Spanned::new(MlPort { step: index, output: output.value.clone() }, path.span))
}

fn decision(cx: &mut Cx<'_>, graph: &Graph, expr: &ast::Expr) -> Option<Spanned<MlPort>> {
    let ast::ExprKind::Path(path) = &expr.kind else { return None };
    let found = port(cx, graph, path)?;
    let ty = graph.steps[found.value.step].outputs[&found.value.output];
    if ty != MlType::Decision {
        let message = format!("`{}` is a {}, not a decision", found.value.output, ty.word());
        let help = format!(
            "declare it as `output {}: decision` and let the script write `promote` or `reject` into it",
            found.value.output
        );
        cx.push(errors::invalid_value(found.span, message, help));
        return None;
    }
    Some(found)
}

fn registration(fields: &mut Fields<'_, '_>, graph: &Graph) -> Option<Registration> {
    let model = fields.argument_ref("model")?;
    let expr: Option<&ast::Expr> = fields.ast.arguments.get(2);
    let from = match expr.map(|it| (&it.kind, it.span)) {
        Some((ast::ExprKind::Path(path), _)) => port(fields.cx, graph, path)?,
        _ => return None,
    };
    let when = fields.ast("when").and_then(|it| decision(fields.cx, graph, it));
    Some(Registration { span: fields.head(), model, from, when })
}
