//! What a template takes while its arguments are written, and what a word takes behind it.

use crate::lsp::document::Document;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::place::Place;
use crate::lsp::protocol::{
    ActiveParameter, ParameterInformation, SignatureHelp, SignatureHelpOptions, SignatureHelpParams,
    SignatureInformation,
};
use crate::lsp::tree::Tree;
use crate::schema::{self, Head};
use crate::syntax::ast::{Block, Statement, Template, Use};

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        let characters = |all: &[&str]| Some(all.iter().map(|it| (*it).to_owned()).collect());
        capabilities.signature_help_provider = Some(SignatureHelpOptions {
            trigger_characters: characters(&["{", ",", " "]),
            retrigger_characters: characters(&["="]),
            ..SignatureHelpOptions::default()
        });
    },
    methods: &[Method {
        name: "textDocument/signatureHelp",
        needs: Needs::Tree,
        run: |cx, params| answer(cx, params, signature_help),
    }],
};

fn signature_help(cx: &Cx<'_>, params: &SignatureHelpParams) -> Result<Option<SignatureHelp>, Failure> {
    let params = &params.text_document_position_params;
    let document = cx.document(&params.text_document.uri)?;
    let offset = cx.offset(document, params.position)?;
    let Some(place) = Place::at(document, offset) else { return Ok(None) };
    let around = place.around.iter().rev().find(|it| !matches!(it.0, Statement::Attribute(_)));
    Ok(match around {
        Some((Statement::Use(it), _)) => of_use(cx, document, &place, it),
        Some((Statement::Block(it), row)) => row.of_block(it).and_then(|row| of_block(row, it, place.offset)),
        _ => None,
    })
}

/// A call as it could be written, with its parts.
struct Signature {
    label: String,
    parameters: Vec<String>,
    doc: Option<String>,
}

impl Signature {
    fn help(self, active: Option<usize>) -> SignatureHelp {
        let parameters = self
            .parameters
            .into_iter()
            .map(|it| ParameterInformation { label: it.into(), documentation: None });
        // A number behind the last one is that of none.
        let active = active.map_or(parameters.len(), |it| it);
        let active = ActiveParameter::Int(crate::lsp::convert::narrow(active));
        let signature = SignatureInformation {
            label: self.label,
            documentation: self.doc.map(Into::into),
            parameters: Some(parameters.collect()),
            active_parameter: Some(active),
        };
        SignatureHelp {
            signatures: vec![signature],
            active_signature: Some(0),
            active_parameter: Some(active),
        }
    }
}

/// The argument at the place, else the first one that is not written yet.
fn of_use(cx: &Cx<'_>, document: &Document, place: &Place<'_>, it: &Use) -> Option<SignatureHelp> {
    let (offset, bytes) = (place.offset, place.piece.range.start + place.offset as usize);
    let (signature, names) = template(cx, document, &it.template.value)?;
    let statements = it.body.iter().flat_map(|it| &it.statements);
    let attributes = statements.filter_map(|it| match it {
        Statement::Attribute(it) => Some(it),
        _ => None,
    });
    let given: Vec<_> = attributes.collect();
    let here = given.iter().find(|it| it.span.start <= offset && offset <= it.span.end);
    let started = || key_before(&document.text, bytes);
    let active = match here.map(|it| it.key.value.as_str()).or_else(started) {
        Some(key) => names.iter().position(|it| it == key),
        None => names.iter().position(|name| !given.iter().any(|it| it.key.value == *name)),
    };
    Some(signature.help(active))
}

/// What stands before `=` where the value is not written yet.
fn key_before(text: &str, offset: usize) -> Option<&str> {
    let entry = text.get(..offset)?.rsplit(['{', ',', '\n']).next()?;
    Some(entry.split_once('=')?.0.trim())
}

/// A template of the project by its name, with the names of its parameters: in open texts as they are, else in what
/// was read last.
fn template(cx: &Cx<'_>, document: &Document, name: &str) -> Option<(Signature, Vec<String>)> {
    let open = cx.state.documents.values().filter(|it| it.project == document.project);
    let own = std::iter::once(document).chain(open);
    if let Some(found) = own.into_iter().find_map(|it| in_text(&it.text, &it.tree, name)) {
        return Some(found);
    }
    let sources = &cx.checked(document)?.analysis.as_ref()?.sources;
    let mut texts = sources.iter().map(|it| it.1.text.as_str()).filter(|it| it.contains("template"));
    texts.find_map(|it| in_text(it, &Tree::of(it), name))
}

fn in_text(text: &str, tree: &Tree, name: &str) -> Option<(Signature, Vec<String>)> {
    tree.pieces().iter().find_map(|piece| {
        let template = piece.parsed.file.statements.iter().find_map(|it| match it {
            Statement::Template(it) if it.name.value == name => Some(it),
            _ => None,
        })?;
        let names = template.parameters.iter().map(|it| it.name.value.clone()).collect();
        Some((of_template(text.get(piece.range.clone())?, template), names))
    })
}

fn of_template(piece: &str, template: &Template) -> Signature {
    let parameters = template.parameters.iter().map(|it| {
        let ty = if it.ty.list { format!("[{}]", it.ty.name.value) } else { it.ty.name.value.clone() };
        let default = it.default.as_ref().and_then(|it| piece.get(it.span.range()));
        let default = default.map(|it| format!(" = {it}")).unwrap_or_default();
        format!("{}: {ty}{default}", it.name.value)
    });
    let parameters: Vec<String> = parameters.collect();
    let label = format!("{}({})", template.name.value, parameters.join(", "));
    Signature { label, parameters, doc: template.doc.clone() }
}

/// Before its body.
fn of_block(row: &schema::Block, block: &Block, offset: u32) -> Option<SignatureHelp> {
    let Head::Arguments(arguments) = row.head else { return None };
    let is_in_body = block.body.as_ref().is_some_and(|it| it.span.start < offset);
    if is_in_body || offset <= block.word.span.end || arguments.is_empty() {
        return None;
    }
    let parameters: Vec<String> = arguments
        .iter()
        .map(|it| if it.required { it.name.to_owned() } else { format!("[{}]", it.name) })
        .collect();
    let label = format!("{} {}", row.word, parameters.join(" "));
    let active = block.arguments.iter().filter(|it| it.span.end < offset).count();
    let active = Some(active).filter(|it| *it < arguments.len());
    Some(Signature { label, parameters, doc: Some(row.doc.to_owned()) }.help(active))
}
