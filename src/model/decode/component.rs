//! Components and the registries that share them.

use super::ml::{distribution, inputs, ml_type, outputs, resources};
use crate::base::span::Spanned;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::project::{
    Component, ComponentKind, ComponentSource, MlDefault, MlInput, MlOutput, MlRegistry, MlType,
    WrittenComponent,
};
use crate::schema::ml::{INPUT_TYPES, OUTPUT_TYPES};
use crate::target::ml_component::{self, Port};
use indexmap::IndexMap;

pub fn ml_registry(fields: &mut Fields<'_, '_>) -> MlRegistry {
    let mut header = fields.header(str::to_owned);
    header.existing = true;
    MlRegistry { header }
}

pub fn component(fields: &mut Fields<'_, '_>) -> Component {
    let header = fields.header(str::to_owned);
    let source = source(fields, header.existing);
    let mut component = Component {
        description: fields.plain("description"),
        tags: fields.string_map("tags"),
        kind: fields.word("type").and_then(ComponentKind::from_word).unwrap_or(ComponentKind::Command),
        version: fields.string("version"),
        inputs: inputs(fields),
        outputs: outputs(fields),
        source,
        header,
    };
    match &component.source {
        ComponentSource::File(file) => {
            let file = file.clone();
            read_file(fields.cx, &file, &mut component);
        }
        ComponentSource::Registry(_) | ComponentSource::Workspace => named_by_version(fields, &component),
        ComponentSource::Written(_) => ports(fields.cx, &component),
    }
    component
}

const PARTS: &[&str] = &["code", "runtime", "command", "reuse"];

/// Where it comes from, which only one of several attributes may say.
fn source(fields: &mut Fields<'_, '_>, existing: bool) -> ComponentSource {
    let file = fields.string("file");
    let registry = fields.reference("registry");
    let said = [("file", fields.has("file")), ("registry", fields.has("registry")), ("existing", existing)];
    let said: Vec<&str> = said.into_iter().filter(|it| it.1).map(|it| it.0).collect();
    if let [first, second, ..] = said.as_slice() {
        conflict(fields, second, &format!("it comes from `{first}` already"));
    }
    let Some(first) = said.first() else { return ComponentSource::Written(Box::new(written(fields))) };
    let mut elsewhere = PARTS.to_vec();
    if *first == "file" {
        elsewhere.extend(["type", "version"]);
    }
    for name in elsewhere {
        conflict(fields, name, "what a component does is said where it is made");
    }
    let mut blocks = vec!["resources", "distribution"];
    if *first == "file" {
        blocks.push("tags");
    }
    for word in blocks {
        conflict(fields, word, "what a component does is said where it is made");
    }
    match (file, registry) {
        (Some(file), _) => ComponentSource::File(file),
        (None, Some(registry)) => ComponentSource::Registry(registry),
        (None, None) => ComponentSource::Workspace,
    }
}

fn conflict(fields: &mut Fields<'_, '_>, word: &str, why: &str) {
    let block = fields.children(word).first().map(|it| it.head);
    let attribute = || fields.block.attribute(word).and_then(|_| fields.span_of(word));
    if let Some(span) = block.or_else(attribute) {
        let finding = errors::invalid_value(
            span,
            format!("`{word}` has no meaning here: {why}"),
            format!("remove `{word}`"),
        );
        fields.cx.push(finding);
    }
}

fn written(fields: &mut Fields<'_, '_>) -> WrittenComponent {
    if !fields.has("command") {
        fields.missing(
            "command",
            "add `command = \"…\"`; or say where it comes from: `file = \"x.yml\"`, `registry = NAME` or `existing = true`",
        );
    }
    WrittenComponent {
        code: fields.string("code"),
        runtime: fields.reference("runtime"),
        command: fields.string("command"),
        reuse: fields.bool("reuse").unwrap_or(true),
        resources: resources(fields),
        distribution: distribution(fields),
    }
}

fn named_by_version(fields: &mut Fields<'_, '_>, component: &Component) {
    if component.version.is_none() && !fields.has("version") {
        fields.missing("version", "add `version = \"…\"`: a component of others is named by its version");
    }
    ports(fields.cx, component);
}

/// What a component may not say of its inputs and outputs, although a pipeline may.
fn ports(cx: &mut Cx<'_>, component: &Component) {
    for input in component.inputs.values() {
        if matches!(input.default, Some(MlDefault::Data(_))) {
            let help = "remove the default; each step that uses the component gives the data";
            cx.push(errors::invalid_value(input.ident.span, "data of a component have no default", help));
        }
    }
    for output in component.outputs.values().filter(|it| it.path.is_some()) {
        let help = "remove `path`; a step that uses the component may say it: `output x: type { path = … }`";
        cx.push(errors::invalid_value(
            output.ident.span,
            "an output of a component has no place of its own",
            help,
        ));
    }
}

fn read_file(cx: &mut Cx<'_>, file: &Spanned<String>, component: &mut Component) {
    for ident in
        component.inputs.values().map(|it| &it.ident).chain(component.outputs.values().map(|it| &it.ident))
    {
        let help = "remove it: the file says its inputs and outputs itself";
        cx.push(errors::invalid_value(
            ident.span,
            format!("`{}` is declared beside the component's file", ident.value),
            help,
        ));
    }
    let text = cx.files.read(&file.value).ok().and_then(|it| String::from_utf8(it).ok());
    let read = text.ok_or_else(|| "is no text".to_owned()).and_then(|it| ml_component::read(&it));
    match read {
        Ok(description) => {
            component.inputs = described(cx, file, &description.inputs, input);
            component.outputs = described(cx, file, &description.outputs, output);
            match ComponentKind::from_word(&description.kind) {
                Some(kind) => component.kind = kind,
                None => refuse(
                    cx,
                    file,
                    &format!("is a component of type `{}`, which no step can be", description.kind),
                ),
            }
        }
        Err(reason) => refuse(cx, file, &reason),
    }
}

fn refuse(cx: &mut Cx<'_>, file: &Spanned<String>, reason: &str) {
    let help = "name a component file of Azure ML, with `type: command`, `parallel`, `spark` or `pipeline`";
    cx.push(errors::invalid_value(file.span, format!("`{}` {reason}", file.value), help));
}

type Described<T> = fn(&Spanned<String>, &Port) -> Option<T>;

fn described<T>(
    cx: &mut Cx<'_>,
    file: &Spanned<String>,
    ports: &[Port],
    make: Described<T>,
) -> IndexMap<String, T> {
    let mut found = IndexMap::new();
    for port in ports {
        match make(file, port) {
            Some(it) => drop(found.insert(port.name.clone(), it)),
            None => refuse(
                cx,
                file,
                &format!("gives `{}` the type `{}`, which Azure ML does not know", port.name, port.ty),
            ),
        }
    }
    found
}

/// `path` is the older name of a folder.
fn port_type(port: &Port, allowed: &[&str]) -> Option<MlType> {
    if port.ty == "path" { Some(MlType::UriFolder) } else { ml_type(&port.ty, allowed) }
}

fn input(file: &Spanned<String>, port: &Port) -> Option<MlInput> {
    let ty = port_type(port, INPUT_TYPES)?;
    Some(MlInput {
        ident: Spanned::new(port.name.clone(), file.span),
        ty,
        doc: port.description.clone(),
        // Of what type it is does not matter: the file's own default is never written again.
        default: port.default.clone().map(MlDefault::String),
        min: port.min,
        max: port.max,
        choices: port.choices.clone(),
        optional: port.optional,
    })
}

fn output(file: &Spanned<String>, port: &Port) -> Option<MlOutput> {
    let types: Vec<&str> = OUTPUT_TYPES.iter().copied().filter(|it| *it != "decision").collect();
    let ty = port_type(port, &types).or_else(|| ml_type(&port.ty, INPUT_TYPES))?;
    Some(MlOutput { ident: Spanned::new(port.name.clone(), file.span), ty, mode: None, path: None })
}
