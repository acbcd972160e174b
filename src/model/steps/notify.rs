//! `notify email | teams | webhook`: tells people or programs.

use super::action::{Action, Script};
use super::{Kind, StepKind};
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, required};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_NOTIFY, outputs: |_| IndexMap::new(), decode };

const HEAD: Head = Head::Arguments(&[argument("medium", Type::Word(&["email", "teams", "webhook"]))]);

static BLOCK_NOTIFY: Block = Block {
    word: "notify",
    head: HEAD,
    doc: "Tells people or programs: an e-mail through SendGrid, a card in a channel of Teams, or a JSON text to a webhook.",
    attributes: &[COMMON],
    blocks: &COMPILED_STEP_BLOCKS,
    variants: &[("email", &EMAIL), ("teams", &TEAMS), ("webhook", &WEBHOOK)],
    ..BLOCK
};

static EMAIL: Block = Block {
    word: "notify",
    head: HEAD,
    doc: "Sends an e-mail through SendGrid.",
    attributes: &[
        COMMON,
        &[
            required("to", Type::OneOrMany(&Type::Name), "Who gets it."),
            required("from", Type::Name, "The sender, verified with SendGrid."),
            required("subject", Type::Text, "The subject."),
            required("body", Type::Text, "The text."),
            required("api_key", Type::Value, "The key of SendGrid, a secret."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

static TEAMS: Block = Block {
    word: "notify",
    head: HEAD,
    doc: "Posts a card to a channel of Teams.",
    attributes: &[
        COMMON,
        &[
            required("url", Type::Value, "The address of the channel's workflow, a secret."),
            required("heading", Type::Text, "The card's heading."),
            required("text", Type::Text, "The card's text."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

static WEBHOOK: Block = Block {
    word: "notify",
    head: HEAD,
    doc: "Posts a JSON text.",
    attributes: &[
        COMMON,
        &[
            required("url", Type::Value, "The address, a secret where it holds one."),
            required("body", Type::Text, "The JSON text."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

/// By attribute.
type Variables = &'static [(&'static str, &'static str)];

/// The template of each medium, and the variables that carry its attributes.
const MEDIA: &[(&str, &str, Variables)] = &[
    (
        "email",
        "notify_email",
        &[("to", "TO"), ("from", "FROM"), ("subject", "SUBJECT"), ("body", "BODY"), ("api_key", "API_KEY")],
    ),
    ("teams", "notify_teams", &[("url", "URL"), ("heading", "TITLE"), ("text", "TEXT")]),
    ("webhook", "notify_webhook", &[("url", "URL"), ("body", "BODY")]),
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
    let (medium, template, attributes) = MEDIA.iter().find(|it| it.0 == word)?;
    let values = attributes.iter().filter_map(|(name, variable)| Some((*variable, value(fields, name)?)));
    Some(Kind::Notify(Notify { medium, template, values: values.collect() }))
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
