//! `notify email | teams | webhook`: tells people or programs.

use super::action::{Action, Script};
use super::{Kind, StepKind};
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_NOTIFY, outputs: |_| IndexMap::new(), decode };

static BLOCK_NOTIFY: Block = Block {
    word: "notify",
    head: Head::Arguments(&[argument("medium", Type::Word(&["email", "teams", "webhook"]))]),
    doc: "Sends an e-mail through SendGrid, a card to a channel of Teams, or a JSON text to a webhook.",
    attributes: &[
        COMMON,
        &[
            optional("to", Type::OneOrMany(&Type::Name), "E-mail: who gets it."),
            optional("from", Type::Name, "E-mail: the sender, verified with SendGrid."),
            optional("subject", Type::Text, "E-mail: the subject."),
            optional("body", Type::Text, "E-mail: the text. Webhook: the JSON text."),
            optional("api_key", Type::Value, "E-mail: SendGrid's key, a secret."),
            optional("url", Type::Value, "Teams and webhook: the address, a secret where it holds one."),
            optional("heading", Type::Text, "Teams: the card's heading."),
            optional("text", Type::Text, "Teams: the card's text."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

struct Medium {
    word: &'static str,
    template: &'static str,
    /// Its attributes, all of them needed, with the variable that carries each.
    attributes: &'static [(&'static str, &'static str)],
}

const MEDIA: &[Medium] = &[
    Medium {
        word: "email",
        template: "notify_email",
        attributes: &[
            ("to", "TO"),
            ("from", "FROM"),
            ("subject", "SUBJECT"),
            ("body", "BODY"),
            ("api_key", "API_KEY"),
        ],
    },
    Medium {
        word: "teams",
        template: "notify_teams",
        attributes: &[("url", "URL"), ("heading", "TITLE"), ("text", "TEXT")],
    },
    Medium {
        word: "webhook",
        template: "notify_webhook",
        attributes: &[("url", "URL"), ("body", "BODY")],
    },
];

#[derive(Debug)]
pub struct Notify {
    pub medium: &'static str,
    template: &'static str,
    /// By the variable that carries each.
    pub values: Vec<(&'static str, Expr)>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let word = fields.argument_word("medium")?;
    let medium = MEDIA.iter().find(|it| it.word == word)?;
    let needed = medium.attributes;
    for (name, _) in needed {
        if !fields.has(name) {
            fields.missing(name, &format!("add `{name} = …`"));
        }
    }
    let foreign = MEDIA.iter().flat_map(|it| it.attributes).map(|it| it.0).filter(|it| needed.iter().all(|own| own.0 != *it));
    for name in foreign.collect::<Vec<_>>() {
        if let Some(span) = fields.span_of(name) {
            let message = format!("`{name}` has no meaning for `notify {word}`");
            fields.cx.push(errors::invalid_value(span, message, "remove it"));
        }
    }
    let values = needed.iter().filter_map(|(name, variable)| Some((*variable, value(fields, name)?)));
    Some(Kind::Notify(Notify { medium: word, template: medium.template, values: values.collect() }))
}

fn value(fields: &Fields<'_, '_>, name: &str) -> Option<Expr> {
    let constant = || {
        let span = fields.span_of(name)?;
        let texts: Vec<String> = fields.strings(name).into_iter().map(|it| it.value).collect();
        (!texts.is_empty()).then(|| Expr::string(texts.join(","), span))
    };
    fields.expr(name).or_else(constant)
}

impl Notify {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let title = cx.title(format!("Notify by {}", self.medium));
        let mut action = Action::script(title, Script::local(self.template, Vec::new()));
        action.env.extend(self.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        vec![action]
    }
}
