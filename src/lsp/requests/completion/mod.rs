//! What may be written here: words by what the body takes, values by their types, names by what is declared.

mod context;
mod items;
mod paths;
mod side_files;
mod texts;

use crate::driver::Analysis;
use crate::lsp::feature::{Cx, Failure, Feature, Method, Needs, answer};
use crate::lsp::protocol::{
    CompletionItem, CompletionItemKind as Kind, CompletionItemTextEdit, CompletionList, CompletionOptions,
    CompletionParams, TextEdit,
};
use crate::lsp::rows::{self, Row};
use crate::model;
use crate::schema::Type;
use crate::syntax::ast::Statement;
use context::{Context, Writing};
use items::Item;
use std::ops::Range;

pub static FEATURE: Feature = Feature {
    announce: |capabilities, _| {
        let characters = [".", "\"", "$", "{", "(", "@", "/"].map(str::to_owned).to_vec();
        let options =
            CompletionOptions { trigger_characters: Some(characters), ..CompletionOptions::default() };
        capabilities.completion_provider = Some(options);
    },
    methods: &[Method {
        name: "textDocument/completion",
        needs: Needs::Project,
        run: |cx, params| answer(cx, params, complete),
    }],
};

fn complete(cx: &Cx<'_>, params: &CompletionParams) -> Result<CompletionList, Failure> {
    let params = &params.text_document_position_params;
    let document = cx.document(&params.text_document.uri)?;
    let offset = cx.offset(document, params.position)?;
    let Some(context) = Context::at(document, offset) else { return Ok(CompletionList::default()) };
    let analysis = cx.whole(document).and_then(|it| it.analysis.as_ref());
    let files = side_files::choices(cx, &context);
    let (items, range) = files.unwrap_or_else(|| choices(&context, analysis));
    let range = cx.range(document, range);
    let snippets = cx.state.client.snippets;
    let items = items.into_iter().enumerate().map(|(order, it)| {
        let item = it.finish(snippets, order);
        let new_text = item.insert_text.clone().unwrap_or_else(|| item.label.clone());
        let edit = CompletionItemTextEdit::TextEdit(TextEdit { range, new_text });
        CompletionItem { text_edit: Some(edit), insert_text: None, ..item }
    });
    Ok(CompletionList { is_incomplete: false, items: items.collect(), ..CompletionList::default() })
}

fn choices(cx: &Context<'_>, analysis: Option<&Analysis>) -> (Vec<Item>, Range<usize>) {
    let items = match &cx.writing {
        Writing::Nothing => Vec::new(),
        Writing::Word => words(cx),
        Writing::Value { key } => return value(cx, analysis, cx.row.type_of(key).map(rows::item), key),
        Writing::Argument { word, before } => {
            return match argument(cx.row, word, before) {
                Some(ty) => value(cx, analysis, Some(rows::item(ty)), ""),
                None => (Vec::new(), cx.partial.clone()),
            };
        }
        Writing::Text { inside, before } => return texts::choices(cx, analysis, inside, before),
    };
    (items, cx.partial.clone())
}

/// What may begin a statement.
fn words(cx: &Context<'_>) -> Vec<Item> {
    let mut found = texts::task_inputs(cx);
    let said = said(cx);
    found.extend(cx.row.attributes().filter(|it| !said.contains(&it.name)).map(items::attribute));
    found.extend(cx.row.children().into_iter().map(items::block));
    let reuse = [
        ("let", "let ${1:name} = $0", "A name for a value."),
        ("for", "for ${1:item} in ${2:list} {\n\t$0\n}", "The same for each item of a list."),
        ("if", "if ${1:condition} {\n\t$0\n}", "Only where the condition holds at compile time."),
        ("use", "use ${1:template}", "What a template holds."),
    ];
    let top = [
        ("template", "template ${1:name}($2) {\n\t$0\n}", "Statements for use in several places."),
        ("option", "option ${1:name}: ${2:string} = $0", "A value that `mlopsc.toml` or `-D` may set."),
    ];
    let is_top = matches!(cx.row, Row::Top);
    let offered = reuse.iter().chain(top.iter().filter(|_| is_top));
    found.extend(
        offered.map(|(word, snippet, doc)| Item::new(*word, Kind::Keyword).doc(*doc).snippet(*snippet)),
    );
    found
}

/// Attributes that the body has already.
fn said<'d>(cx: &Context<'d>) -> Vec<&'d str> {
    let body = cx.place.around.iter().rev().find_map(|(it, _)| {
        it.bodies().find(|it| it.span.start < cx.place.offset && cx.place.offset <= it.span.end)
    });
    let statements = body.into_iter().flat_map(|it| &it.statements);
    let keys = statements.filter_map(|it| match it {
        Statement::Attribute(it) if it.span.end < cx.place.offset || it.span.start > cx.place.offset => {
            Some(it.key.value.as_str())
        }
        _ => None,
    });
    keys.collect()
}

/// The type of what is written as a value or an argument.
fn awaited(row: Row, writing: &Writing) -> Option<Type> {
    let ty = match writing {
        Writing::Value { key } => row.type_of(key),
        Writing::Argument { word, before } => argument(row, word, before),
        Writing::Text { inside, .. } => awaited(row, inside),
        Writing::Word | Writing::Nothing => None,
    };
    ty.map(rows::item)
}

/// The type of the argument that is being written.
fn argument(row: Row, word: &str, before: &[String]) -> Option<Type> {
    let block = row.child(word)?;
    let is_trigger = word == "trigger" && matches!(row, Row::Block(it) if it.word == "pipeline");
    match before.split_first() {
        Some((event, rest)) if is_trigger => {
            let event = crate::schema::trigger::EVENTS.iter().find(|it| it.word == event)?;
            rows::argument(event, rest.len())
        }
        Some((first, _)) => rows::argument(block.variant(first), before.len()),
        None => rows::argument(block, 0),
    }
}

/// What a value of the type may be.
fn value(
    cx: &Context<'_>,
    analysis: Option<&Analysis>,
    ty: Option<Type>,
    key: &str,
) -> (Vec<Item>, Range<usize>) {
    let name = context::trailing_name(cx.written());
    let constants = |words: &[&'static str]| paths::plain(words.to_vec(), Kind::EnumMember, "");
    let whole = match ty {
        Some(Type::Bool) => constants(&["true", "false"]),
        Some(Type::Word(words)) => constants(words),
        Some(Type::Timeout) => constants(&["max"]),
        Some(Type::Ref(kinds)) => paths::declared(analysis, kinds),
        Some(Type::Dotted) if key == "needs" => paths::nodes(cx),
        _ => {
            let compared = compared(cx);
            if !compared.is_empty() {
                return (compared, cx.partial.clone());
            }
            let (items, partial) = texts::in_path(cx, analysis, name);
            return (items, cx.offset - partial..cx.offset);
        }
    };
    (whole, cx.partial.clone())
}

/// Behind `run.reason ==` and `x.result ==`: the words it is compared with.
fn compared(cx: &Context<'_>) -> Vec<Item> {
    let line = &cx.document.text[..cx.partial.start];
    let line = line.rsplit('\n').next().unwrap_or_default().trim_end();
    let Some(left) = line.strip_suffix("==").or_else(|| line.strip_suffix("!=")) else { return Vec::new() };
    let left = left.trim_end();
    let words: Vec<&str> = if left.ends_with("run.reason") {
        model::reasons().collect()
    } else if left.ends_with(".result") {
        model::outcomes().collect()
    } else {
        Vec::new()
    };
    paths::plain(words, Kind::EnumMember, "")
}
