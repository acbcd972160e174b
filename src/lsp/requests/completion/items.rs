//! Entries of a list of choices.

use crate::lsp::protocol::{
    CompletionItem, CompletionItemKind, Documentation, InsertTextFormat, MarkupContent, MarkupKind,
};
use crate::schema::{self, Attribute, Head, Need, Type};

/// An entry before it is known what it takes the place of.
#[derive(Clone, Debug)]
pub struct Item {
    pub label: String,
    pub kind: CompletionItemKind,
    pub detail: String,
    pub doc: String,
    /// With places to fill in, for clients that can; the label for others.
    pub snippet: Option<String>,
}

impl Item {
    pub fn new(label: impl Into<String>, kind: CompletionItemKind) -> Item {
        Item { label: label.into(), kind, detail: String::new(), doc: String::new(), snippet: None }
    }

    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Item {
        self.detail = text.into();
        self
    }

    #[must_use]
    pub fn doc(mut self, text: impl Into<String>) -> Item {
        self.doc = text.into();
        self
    }

    #[must_use]
    pub fn snippet(mut self, text: impl Into<String>) -> Item {
        self.snippet = Some(text.into());
        self
    }

    /// `order`: entries are shown in it.
    pub fn finish(self, snippets: bool, order: usize) -> CompletionItem {
        let Item { label, kind, detail, doc, snippet } = self;
        let snippet = snippet.filter(|_| snippets);
        let content = MarkupContent { kind: MarkupKind::Markdown, value: doc };
        CompletionItem {
            kind: Some(kind),
            detail: Some(detail).filter(|it| !it.is_empty()),
            documentation: Some(content).filter(|it| !it.value.is_empty()).map(Documentation::from),
            insert_text_format: snippet.as_ref().map(|_| InsertTextFormat::Snippet),
            insert_text: snippet,
            sort_text: Some(format!("{order:05}")),
            label,
            ..CompletionItem::default()
        }
    }
}

pub fn block(row: &schema::Block) -> Item {
    let mut snippet = row.word.to_owned();
    let mut number = 1;
    let mut hole = |name: &str, quoted: bool| {
        let hole = format!("${{{number}:{name}}}");
        number += 1;
        if quoted { format!(" \"{hole}\"") } else { format!(" {hole}") }
    };
    match row.head {
        Head::None => {}
        Head::Name => snippet.push_str(&hole("name", false)),
        Head::Typed => snippet.extend([hole("name", false), ":".to_owned(), hole("type", false)]),
        Head::Arguments(arguments) => {
            for it in arguments.iter().filter(|it| it.required) {
                let quoted =
                    matches!(it.ty, Type::Name | Type::Text | Type::Script | Type::File | Type::Path);
                snippet.push_str(&hole(it.name, quoted));
            }
        }
    }
    let holds = row.all_attributes().next().is_some() || !row.blocks.is_empty() || row.free.is_some();
    let is_short = matches!(row.head, Head::Arguments(_) | Head::Typed);
    if holds && !is_short {
        snippet.push_str(" {\n\t$0\n}");
    }
    Item::new(row.word, CompletionItemKind::Keyword).doc(row.doc).snippet(snippet)
}

pub fn attribute(row: &Attribute) -> Item {
    let need = match row.need {
        Need::Required => ", required".to_owned(),
        Need::Optional => String::new(),
        Need::Default(value) => format!(", default `{value}`"),
    };
    let value = match row.ty {
        Type::Name | Type::Text | Type::Script | Type::Command | Type::File | Type::Folder | Type::Path => {
            "\"$1\""
        }
        Type::List(_) => "[$1]",
        _ => "$1",
    };
    let kind = CompletionItemKind::Property;
    let item = Item::new(row.name, kind).detail(format!("{}{need}", row.ty.describe())).doc(row.doc);
    item.snippet(format!("{} = {value}", row.name))
}
