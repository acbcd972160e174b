//! ML pipelines: inputs, steps with typed ports, bindings between them, registrations.

mod input;
mod schedule;
mod step;
mod work;

use input::any_literal;
pub use input::{asset, data_source, inputs, later_version};
use step::step;
pub use work::{distribution, resources};

use crate::base::arena::Arena;
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::data;
use crate::model::decode::resources::asset_path;
use crate::model::errors;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::naming;
use crate::model::project::{
    AssetPath, AssetVersion, Component, Identity, MlBinding, MlDefault, MlOutput, MlPipeline,
    MlPipelineOutput, MlPort, MlSource, MlStep, MlType, Registration,
};
use crate::model::symbols::{Ref, declared_name};
use crate::schema::Kind;
use crate::schema::ml::{INPUT_TYPES, OUTPUT_TYPES};
use crate::syntax::ast;
use indexmap::IndexMap;

/// What the steps of one ML pipeline see of each other before any of them is decoded.
struct Graph<'p> {
    /// The ML pipeline.
    block: &'p ast::Block,
    components: &'p Arena<Component>,
    inputs: IndexMap<String, MlType>,
    steps: IndexMap<String, Ports>,
}

/// A step as the others see it.
struct Ports {
    name: Span,
    /// The outputs with their types.
    outputs: IndexMap<String, MlType>,
}

pub fn ml_pipeline(fields: &mut Fields<'_, '_>, components: &Arena<Component>) -> MlPipeline {
    let header = fields.header(|ident| naming::outside(Kind::MlPipeline, ident));
    let inputs = inputs(fields);
    let types = inputs.iter().map(|(name, it)| (name.clone(), it.ty)).collect();
    let mut graph = Graph { block: fields.ast, components, inputs: types, steps: IndexMap::new() };
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
        continue_on_step_failure: fields.flag("continue_on_step_failure"),
        identity: identity(fields),
        extra: extra(fields),
        outputs: pipeline_outputs(fields, &graph),
        inputs,
        steps,
        registrations,
        schedules,
        header,
    }
}

/// Whether it became a step of the graph; a nameless one is reported when it is decoded.
fn declare_step(cx: &mut Cx<'_>, graph: &mut Graph<'_>, block: &ast::Block) -> bool {
    let Some(name) = declared_name(block) else { return false };
    check_identifier(cx, name);
    if let Some(first) = graph.steps.get(&name.value) {
        cx.push(errors::duplicate_name("step", name, first.name));
        return false;
    }
    let mut outputs = worked_outputs(cx, graph.components, block);
    outputs.extend(declared(block, "output", OUTPUT_TYPES));
    graph.steps.insert(name.value.clone(), Ports { name: name.span, outputs });
    true
}

/// The inputs or outputs that a block declares, with their types.
fn declared(
    block: &ast::Block,
    word: &'static str,
    types: &'static [&'static str],
) -> impl Iterator<Item = (String, MlType)> {
    block.body.iter().flat_map(|body| &body.statements).filter_map(move |it| match it {
        ast::Statement::Declaration(it) if it.word.value == word => {
            // A type that there is not is told where the step is read: its name is declared all the same.
            let ty = ml_type(&it.ty.name.value, types).unwrap_or(MlType::UriFolder);
            Some((it.name.ident.value.clone(), ty))
        }
        _ => None,
    })
}

/// The outputs of the component or ML pipeline that a step is.
fn worked_outputs(
    cx: &Cx<'_>,
    components: &Arena<Component>,
    block: &ast::Block,
) -> IndexMap<String, MlType> {
    if let Some(found) = named(cx, block, "component", Kind::Component) {
        let outputs = &components[Id::new(found.index)].outputs;
        return outputs.iter().map(|(name, it)| (name.clone(), it.ty)).collect();
    }
    let pipeline = named(cx, block, "pipeline", Kind::MlPipeline);
    let block = pipeline.and_then(|it| cx.symbols.of(it.kind).nth(it.index)).map(|it| it.block);
    block.map(|it| declared(it, "output", OUTPUT_TYPES).collect()).unwrap_or_default()
}

/// The inputs of the component or ML pipeline that a step is.
fn worked_inputs(cx: &Cx<'_>, components: &Arena<Component>, block: &ast::Block) -> IndexMap<String, MlType> {
    if let Some(found) = named(cx, block, "component", Kind::Component) {
        let inputs = &components[Id::new(found.index)].inputs;
        return inputs.iter().map(|(name, it)| (name.clone(), it.ty)).collect();
    }
    let pipeline = named(cx, block, "pipeline", Kind::MlPipeline);
    let block = pipeline.and_then(|it| cx.symbols.of(it.kind).nth(it.index)).map(|it| it.block);
    block.map(|it| declared(it, "input", INPUT_TYPES).collect()).unwrap_or_default()
}

/// What an attribute names, before it is decoded.
fn named(cx: &Cx<'_>, block: &ast::Block, attribute: &str, kind: Kind) -> Option<Ref> {
    let value = block.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == attribute => Some(&it.value),
        _ => None,
    })?;
    match &value.kind {
        ast::ExprKind::Path(path) => cx.symbols.get(kind, &path.segments.last()?.name.value),
        _ => None,
    }
}

pub fn ml_type(word: &str, allowed: &[&str]) -> Option<MlType> {
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
        let meant = elsewhere(&ty.name.value).filter(|it| allowed.contains(it));
        let nearest = meant.or_else(|| suggest::nearest(&ty.name.value, allowed.iter().copied()));
        cx.push(errors::undefined_name(&ty.name, "type of data", nearest, allowed));
        return nearest.and_then(|it| ml_type(it, allowed)).unwrap_or(MlType::UriFolder);
    }
    MlType::UriFolder
}

/// The type that other languages and version 1 of the SDK call so.
fn elsewhere(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "float" | "double" | "decimal" => "number",
        "str" | "text" => "string",
        "folder" | "dir" | "directory" | "path" => "uri_folder",
        "file" => "uri_file",
        "table" => "mltable",
        _ => return None,
    })
}

const RESERVED_PORTS: &[&str] = &["path", "ld_library_path", "user", "logname", "home", "pwd", "shell"];

fn check_port_name(cx: &mut Cx<'_>, name: &Spanned<String>) {
    check_identifier(cx, name);
    if RESERVED_PORTS.contains(&name.value.to_ascii_lowercase().as_str()) {
        let message = format!(
            "`{}` is an environment variable of the node and cannot name an input or output",
            name.value
        );
        let better = format!("{}_data", name.value.to_ascii_lowercase());
        let help = format!("choose another name, such as `{better}`, here and where it is read");
        let finding = errors::invalid_value(name.span, message, help);
        cx.push(finding.suggest(format!("rename to `{better}`"), name.span, better));
    }
}

pub fn outputs(fields: &mut Fields<'_, '_>) -> IndexMap<String, MlOutput> {
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
        let path = output_path(fields.cx, declaration);
        found.insert(ident.value.clone(), MlOutput { ident, ty, mode, path });
    }
    found
}

fn pipeline_outputs(fields: &mut Fields<'_, '_>, graph: &Graph<'_>) -> IndexMap<String, MlPipelineOutput> {
    let mut found: IndexMap<String, MlPipelineOutput> = IndexMap::new();
    let mut ports: Vec<Spanned<MlPort>> = Vec::new();
    for (row, declaration) in fields.declarations("output") {
        let ident = declaration.name.ident.clone();
        check_port_name(fields.cx, &ident);
        if let Some(first) = found.get(&ident.value) {
            let finding = errors::duplicate_name("output", &ident, first.ident.span);
            fields.cx.push(finding);
            continue;
        }
        let ty = checked_type(fields.cx, &declaration.ty, OUTPUT_TYPES);
        let mode = Fields::of_declaration(fields.cx, row, declaration, fields.ast).word("mode");
        let path = output_path(fields.cx, declaration);
        let from = attribute(declaration, "from").and_then(|it| match &it.kind {
            ast::ExprKind::Path(path) => port(fields.cx, graph, path),
            _ => None,
        });
        let Some(from) = from else { continue };
        if let Some(first) = ports.iter().find(|it| it.value == from.value) {
            let help = "keep one of them: Azure ML binds an output of a step to one output of the pipeline";
            let finding =
                errors::invalid_value(from.span, "two outputs of the pipeline are the same one", help);
            fields.cx.push(finding.label(first.span, "the other one"));
        }
        ports.push(from.clone());
        found.insert(ident.value.clone(), MlPipelineOutput { ident, ty, from, mode, path });
    }
    found
}

/// Where an output is stored.
fn output_path(cx: &mut Cx<'_>, declaration: &ast::Declaration) -> Option<AssetPath> {
    let path = attribute(declaration, "path").and_then(|it| asset_path(cx, it));
    if let Some(AssetPath::Local(_)) = path {
        let help = "write `path(STORE, \"folder\")`";
        let span = declaration.name.ident.span;
        cx.push(errors::invalid_value(span, "an output cannot be written into the project", help));
    }
    path
}

pub fn identity(fields: &Fields<'_, '_>) -> Option<Identity> {
    Some(match fields.word("identity")? {
        "managed" => Identity::Managed,
        "user" => Identity::User,
        _ => Identity::Token,
    })
}

pub fn extra(fields: &mut Fields<'_, '_>) -> data::Record {
    fields.one("extra", |it| data::block(it.ast, &mut it.cx.findings)).unwrap_or_default()
}

fn attribute<'a>(declaration: &'a ast::Declaration, name: &str) -> Option<&'a ast::Expr> {
    declaration.body.iter().flat_map(|body| &body.statements).find_map(|it| match it {
        ast::Statement::Attribute(it) if it.key.value == name => Some(&it.value),
        _ => None,
    })
}

fn bindings(fields: &mut Fields<'_, '_>, graph: &Graph<'_>) -> IndexMap<String, MlBinding> {
    let mut found = IndexMap::new();
    let written = fields.syntax_map("inputs");
    // Names of a component are what its author called them.
    let own = !fields.has("component") && !fields.has("pipeline");
    for attribute in written {
        if own {
            check_port_name(fields.cx, &attribute.key);
        }
        let (source, mode) = with_mode(&attribute.value);
        let takes_data = worked_inputs(fields.cx, graph.components, fields.ast)
            .get(&attribute.key.value)
            .is_some_and(|it| !it.is_literal());
        let bound = if takes_data && matches!(source.kind, ast::ExprKind::String(_)) {
            data_source(fields.cx, source).map(|it| MlSource::Literal(MlDefault::Data(it)))
        } else {
            binding(fields.cx, graph, source)
        };
        if let Some(source) = bound {
            let binding = MlBinding { key: attribute.key.clone(), source, span: attribute.value.span, mode };
            found.insert(attribute.key.value.clone(), binding);
        }
    }
    found
}

/// How data may reach the node, with Azure ML's word for it.
const MODES: &[(&str, &str)] = &[
    ("download", "download"),
    ("direct", "direct"),
    ("mount", "ro_mount"),
    ("eval_download", "eval_download"),
    ("eval_mount", "eval_mount"),
];

/// `download(x)` and the like say how data reaches the node.
fn with_mode(expr: &ast::Expr) -> (&ast::Expr, Option<&'static str>) {
    let ast::ExprKind::Call(name, arguments) = &expr.kind else { return (expr, None) };
    let word = name.as_ident().and_then(|name| MODES.iter().find(|it| it.0 == name.value));
    match (word, arguments.as_slice()) {
        (Some((_, mode)), [inner]) => (inner, Some(mode)),
        _ => (expr, None),
    }
}

/// `"${{inputs.raw}}"`, as Azure ML writes it.
fn quoted_binding(expr: &ast::Expr) -> Option<Diagnostic> {
    let ast::ExprKind::String(text) = &expr.kind else { return None };
    let inner = text.value.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let own = inner.strip_prefix("parent.").unwrap_or(inner);
    let own = own.strip_prefix("jobs.").map_or_else(|| own.to_owned(), |it| it.replace(".outputs.", "."));
    let message = "what an input is bound to stands without quotes and braces";
    Some(errors::wrong_type(expr.span, message, format!("write `{own}`")))
}

fn binding(cx: &mut Cx<'_>, graph: &Graph<'_>, expr: &ast::Expr) -> Option<MlSource> {
    let ast::ExprKind::Path(path) = &expr.kind else {
        if let Some(finding) = quoted_binding(expr) {
            cx.push(finding);
            return None;
        }
        return match any_literal(expr) {
            Some(literal) => Some(MlSource::Literal(literal)),
            None => data_source(cx, expr).map(|it| MlSource::Literal(MlDefault::Data(it))),
        };
    };
    let names: Vec<&Spanned<String>> = path.segments.iter().map(|it| &it.name).collect();
    match names.as_slice() {
        [first, name] if first.value == "inputs" => {
            if graph.inputs.contains_key(&name.value) {
                cx.symbols.link_inside(name, graph.block, "input");
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
fn port(cx: &mut Cx<'_>, graph: &Graph<'_>, path: &ast::Path) -> Option<Spanned<MlPort>> {
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
    cx.symbols.link_inside(step, graph.block, "step");
    let named = |it: &&ast::Block| declared_name(it).is_some_and(|it| it.value == step.value);
    let block = crate::model::scope::blocks(graph.block).filter(|it| it.word.value == "step").find(named);
    if let Some(block) = block {
        cx.symbols.link_inside(output, block, "output");
    }
    Some(Spanned::new(MlPort { step: index, output: output.value.clone() }, path.span))
}

fn decision(cx: &mut Cx<'_>, graph: &Graph<'_>, expr: &ast::Expr) -> Option<Spanned<MlPort>> {
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

fn registration(fields: &mut Fields<'_, '_>, graph: &Graph<'_>) -> Option<Registration> {
    let model = fields.argument_ref("model")?;
    let expr: Option<&ast::Expr> = fields.ast.arguments.get(2);
    let from = match expr.map(|it| (&it.kind, it.span)) {
        Some((ast::ExprKind::Path(path), _)) => port(fields.cx, graph, path)?,
        _ => return None,
    };
    let when = fields.ast("when").and_then(|it| decision(fields.cx, graph, it));
    Some(Registration { span: fields.head(), model, from, when })
}
