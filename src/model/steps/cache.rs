//! `cache { key, files, path }`: keeps a folder between runs.

use super::action::Action;
use super::{Kind, StepKind};
use crate::base::span::Spanned;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, optional, required};

pub static STEP: StepKind = StepKind {
    block: &BLOCK_CACHE,
    outputs: |_| [(HIT.to_owned(), output(Ty::Bool))].into(),
    decode,
};

/// The key was found as it is; not only the beginning of it.
const HIT: &str = "hit";

static BLOCK_CACHE: Block = Block {
    word: "cache",
    doc: "Keeps a folder between runs, by a key. The job's end fills it, if nothing failed and its key was not there. Output: `hit`, \
          known in the same job.",
    attributes: &[
        COMMON,
        &[
            required(
                "key",
                Type::OneOrMany(&Type::Text),
                "What it is found by, part by part. The agent's operating system is a part of every key.",
            ),
            optional(
                "files",
                Type::OneOrMany(&Type::Name),
                "Patterns of files below the checked-out sources: what they hold is a part of the key too.",
            ),
            required("path", Type::Name, "The folder; below the checked-out sources if it is relative."),
            optional(
                "restore_keys",
                Type::List(&Type::OneOrMany(&Type::Text)),
                "Beginnings of the key, each with its parts: the newest cache that begins so is taken where the key is not found.",
            ),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Cache {
    pub key: Vec<Expr>,
    pub files: Vec<String>,
    pub path: String,
    pub restore: Vec<Vec<Expr>>,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let key = fields.value("key").cloned().map(|it| parts(fields, &it));
    let files = fields.strings("files");
    for file in &files {
        if file.value.starts_with('/') || file.value.contains(['|', '"', '\n']) {
            let help = "write a path or pattern below the checked-out sources, such as `\"**/requirements*.txt\"`";
            fields.cx.push(errors::invalid_value(file.span, "this cannot be a part of a key", help));
        }
    }
    let restored = fields.value("restore_keys").cloned();
    let restored: Vec<Spanned<Value>> = restored.iter().flat_map(Value::items).cloned().collect();
    let mut restore = Vec::new();
    for one in &restored {
        let found = parts(fields, one);
        check_begins(fields, &found, key.as_deref().unwrap_or_default(), one);
        restore.push(found);
    }
    let path = fields.run_path("path");
    let files = files.into_iter().map(|it| it.value).collect();
    Some(Kind::Cache(Cache { key: key?, files, path: path?, restore }))
}

fn parts(fields: &mut Fields<'_, '_>, value: &Spanned<Value>) -> Vec<Expr> {
    let parts = Value::items(value).into_iter().filter_map(|it| match &it.value {
        Value::Expr(expr) => Some(expr.clone()),
        _ => None,
    });
    let parts: Vec<Expr> = parts.collect();
    for part in &parts {
        if part.as_str().is_some_and(|it| it.is_empty() || it.contains(['|', '"', '\n'])) {
            let help = "write a text without `|` and quotes; the parts of a key are the items of a list";
            fields.cx.push(errors::invalid_value(part.span, "this cannot be a part of a key", help));
        }
    }
    parts
}

/// A beginning that the key does not have would never find anything that the step itself has kept.
fn check_begins(fields: &mut Fields<'_, '_>, beginning: &[Expr], key: &[Expr], written: &Spanned<Value>) {
    let same = |(one, other): (&Expr, &Expr)| match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    if beginning.len() > key.len() || !beginning.iter().zip(key).all(same) {
        let span = beginning.first().map_or(written.span, |it| it.span);
        let help = "write the first parts of `key`: `key = [\"pip\", params.python]`, `restore_keys = [\"pip\"]`";
        fields.cx.push(errors::invalid_value(span, "the key does not begin like this", help));
    }
}

impl Cache {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let mut restored = Vec::new();
        for beginning in &self.restore {
            if !restored.is_empty() {
                restored.push(cx.text("\n"));
            }
            restored.extend(Self::joined(cx, beginning, &[]));
        }
        let mut inputs = vec![
            ("key", cx.concat(Self::joined(cx, &self.key, &self.files))),
            ("path", cx.in_sources(&self.path)),
        ];
        if !restored.is_empty() {
            inputs.push(("restoreKeys", cx.concat(restored)));
        }
        inputs.push(("cacheHitVar", cx.text(format!("{}.{HIT}", cx.step_name()))));
        let mut action = Action::task(cx.title(format!("Cache {}", self.path)), "Cache@2", inputs);
        action.outputs_stay = true;
        vec![action.outputs(&[HIT]).prepares()]
    }

    /// In quotes what is a text, so that a dot makes no path of it; without what is a path.
    fn joined(cx: &Lower<'_>, key: &[Expr], files: &[String]) -> Vec<Expr> {
        let mut parts = vec![cx.text("\""), cx.predefined("Agent.OS"), cx.text("\"")];
        for part in key {
            parts.extend([cx.text(" | \""), part.clone(), cx.text("\"")]);
        }
        parts.extend(files.iter().map(|it| cx.text(format!(" | {it}"))));
        parts
    }
}
