//! What a word means, what a name stands for, and what becomes of it.

use crate::base::span::Span;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::names::Named;
use crate::lsp::place::{Place, Spot};
use crate::lsp::protocol::{Hover, HoverParams, MarkupContent, MarkupKind};
use crate::lsp::worker::Checked;
use crate::schema::{self, Head, Need, Type};
use std::fmt::Write as _;
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| capabilities.hover_provider = Some(true.into()),
    methods: &[Method {
        name: "textDocument/hover",
        needs: Needs::Written,
        run: |cx, params| answer(cx, params, hover),
    }],
};

/// So many places in generated files are told.
const MOST_PLACES: usize = 5;

fn hover(cx: &Cx<'_>, params: &HoverParams) -> Result<Option<Hover>, Failure> {
    let params = &params.text_document_position_params;
    let document = cx.document(&params.text_document.uri)?;
    let offset = cx.offset(document, params.position)?;
    let Some(place) = Place::at(document, offset) else { return Ok(None) };
    let of_word = match place.spot {
        Spot::Word(word, Some(row)) => Some((place.bytes(word.span), of_block(row))),
        Spot::Key(attribute, Some(row)) => Some((place.bytes(attribute.key.span), of_attribute(row))),
        _ => None,
    };
    let shown = |text: String, bytes: Range<usize>| {
        let contents = MarkupContent { kind: MarkupKind::Markdown, value: text }.into();
        Hover { contents, range: Some(cx.range(document, bytes)) }
    };
    if let Some((bytes, text)) = of_word {
        let checked = cx.checked(document).and_then(|it| Some((it, Cx::file(it, document)?)));
        let emitted = checked.map(|(it, file)| emitted(it, Span::new(file, bytes.start, bytes.end)));
        return Ok(Some(shown(text + &emitted.unwrap_or_default(), bytes)));
    }
    if let Some(named) = cx.named(params)? {
        return Ok(Some(shown(of_name(&named), named.at.range())));
    }
    Ok(match place.spot {
        Spot::Value(value, Some(ty)) => {
            Some(shown(format!("Here stands {}.", ty.describe()), place.bytes(value.span)))
        }
        _ => None,
    })
}

/// How it is written, what it is for, and what it takes.
fn of_block(row: &schema::Block) -> String {
    let mut text = format!("```mlops\n{}\n```\n{}\n", written(row), row.doc);
    let needed = row.all_attributes().filter(|it| it.need == Need::Required);
    for it in needed {
        let _ = write!(text, "\n- `{}` (required): {}", it.name, it.doc);
    }
    text
}

/// The head as it is written: `pipeline NAME "title"`.
pub fn written(row: &schema::Block) -> String {
    let mut text = row.word.to_owned();
    match row.head {
        Head::None => {}
        Head::Name => text.push_str(" NAME"),
        Head::Typed => text.push_str(" NAME: TYPE"),
        Head::Arguments(arguments) => {
            for it in arguments {
                let name = match it.ty {
                    Type::Name | Type::Text | Type::Script | Type::File => format!("\"{}\"", it.name),
                    _ => it.name.to_uppercase(),
                };
                let _ = if it.required { write!(text, " {name}") } else { write!(text, " [{name}]") };
            }
        }
    }
    text
}

fn of_attribute(row: &schema::Attribute) -> String {
    let need = match row.need {
        Need::Required => "required".to_owned(),
        Need::Optional => "optional".to_owned(),
        Need::Default(value) => format!("default `{value}`"),
    };
    format!("```mlops\n{} = …\n```\n{}\n\nTakes {}; {need}.", row.name, row.doc, row.ty.describe())
}

/// The declaration with its comment, and what becomes of it.
fn of_name(named: &Named<'_>) -> String {
    let source = named.analysis.sources.get(named.declared.file);
    let line = source.line_of(named.declared.start as usize);
    let lines: Vec<&str> = source.text.lines().collect();
    let head = lines.get(line).map_or("", |it| it.trim()).trim_end_matches('{').trim_end();
    let above = lines[..line.min(lines.len())].iter().rev().map(|it| it.trim());
    let mut comment: Vec<&str> = above.map_while(|it| it.strip_prefix("///")).map(str::trim).collect();
    comment.reverse();
    let mut text = format!("```mlops\n{head}\n```\n");
    let value = named.analysis.values.iter().find(|it| it.0 == named.declared).map(|it| it.1.as_str());
    // What is written is not said again.
    if let Some(value) = value.filter(|it| !head.ends_with(it)) {
        let _ = writeln!(text, "Here `{value}`.\n");
    }
    if !comment.is_empty() {
        let _ = writeln!(text, "{}\n", comment.join("\n"));
    }
    let position = named.analysis.sources.position(named.declared);
    let _ = write!(text, "{}:{}", source.path, position.line);
    text + &emitted(named.checked, named.declared)
}

/// Where it stands in generated files.
fn emitted(checked: &Checked, place: Span) -> String {
    let stretches = checked.stretches(place);
    if stretches.is_empty() {
        return String::new();
    }
    let mut text = "\n\nGenerated:\n".to_owned();
    for it in stretches.iter().take(MOST_PLACES) {
        let path = format!("{}/{}", checked.loaded.texts.config.output, it.written.file.path);
        let _ = write!(text, "\n- `{path}` {}–{}", it.part.first, it.part.last);
    }
    if stretches.len() > MOST_PLACES {
        let _ = write!(text, "\n- and {} more", stretches.len() - MOST_PLACES);
    }
    text
}
