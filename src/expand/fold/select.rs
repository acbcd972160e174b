//! What a path takes out of a compile-time value.

use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::expand::errors;
use crate::expand::respan::Move;
use crate::syntax::ast::{Expr, ExprKind, Index, Path, Segment};

enum Step<'p> {
    Member(&'p Spanned<String>),
    At(&'p Expr),
    All(Span),
}

/// The value that the path takes out of `value`, which its first name stands for; it stands at `place`.
pub fn select(value: &Expr, path: &Path, place: Span) -> Result<Expr, Box<Diagnostic>> {
    let first = &path.segments[0];
    let mut steps: Vec<Step<'_>> = first.indices.iter().map(step).collect();
    for segment in &path.segments[1..] {
        steps.push(Step::Member(&segment.name));
        steps.extend(segment.indices.iter().map(step));
    }
    let mut found = pick(value, &steps, &first.name.value)?;
    put(&mut found, place);
    Ok(found)
}

fn step(index: &Index) -> Step<'_> {
    match index {
        Index::All(span) => Step::All(*span),
        Index::At(expr) => Step::At(expr),
    }
}

/// Moves a value to where it is used. Items of lists and records keep their places: there they can be repaired.
fn put(value: &mut Expr, place: Span) {
    if matches!(value.kind, ExprKind::List(_) | ExprKind::Record(_)) {
        value.span = place;
    } else {
        Move::Onto(place).expr(value);
    }
}

fn pick(value: &Expr, steps: &[Step<'_>], name: &str) -> Result<Expr, Box<Diagnostic>> {
    let Some((step, rest)) = steps.split_first() else { return Ok(value.clone()) };
    match (&value.kind, step) {
        (ExprKind::Broken, _) => Ok(value.clone()),
        (ExprKind::Path(path), _) => Ok(longer(path, steps, value.span)),
        (ExprKind::Record(attributes), Step::Member(key)) => {
            let found = attributes.iter().find(|it| it.key.value == key.value);
            let known = || attributes.iter().map(|it| it.key.value.as_str());
            let missing = || {
                let known: Vec<&str> = known().collect();
                errors::no_member(name, key, suggest::nearest(&key.value, known.iter().copied()), &known)
            };
            pick(&found.ok_or_else(missing)?.value, rest, &format!("{name}.{}", key.value))
        }
        (ExprKind::Record(attributes), Step::At(index)) => {
            let ExprKind::String(text) = &index.kind else {
                return Err(errors::wrong_index(index.span, name, "a record", "a text in quotes").into());
            };
            let key = Spanned::new(text.constant().unwrap_or_default().into_owned(), index.span);
            pick(
                &Expr { kind: ExprKind::Record(attributes.clone()), span: value.span },
                &[Step::Member(&key)],
                name,
            )
            .and_then(|it| pick(&it, rest, name))
        }
        (ExprKind::List(items), Step::At(index)) => {
            let at = match &index.kind {
                ExprKind::Number(number) if number.unit.is_empty() => number.digits.parse::<usize>().ok(),
                _ => None,
            };
            let Some(at) = at else {
                return Err(errors::wrong_index(index.span, name, "a list", "a number from 0").into());
            };
            let item = items.get(at).ok_or_else(|| errors::no_item(index.span, name, items.len()))?;
            pick(item, rest, &format!("{name}[{at}]"))
        }
        (ExprKind::List(items), Step::All(_)) => {
            let items = items.iter().map(|it| pick(it, rest, name)).collect::<Result<Vec<_>, _>>()?;
            Ok(Expr { kind: ExprKind::List(items), span: value.span })
        }
        (_, Step::Member(key)) => Err(errors::not_a_record(key.span, name, form(value)).into()),
        (_, Step::At(Expr { span, .. }) | Step::All(span)) => {
            Err(errors::not_a_list(*span, name, form(value)).into())
        }
    }
}

/// The value is a name itself: the path goes on behind it.
fn longer(path: &Path, steps: &[Step<'_>], span: Span) -> Expr {
    let mut path = path.clone();
    for step in steps {
        let index = match step {
            Step::Member(name) => {
                path.segments.push(Segment { name: (*name).clone(), indices: Vec::new() });
                continue;
            }
            Step::At(expr) => Index::At((*expr).clone()),
            Step::All(span) => Index::All(*span),
        };
        if let Some(last) = path.segments.last_mut() {
            last.indices.push(index);
        }
    }
    Expr { kind: ExprKind::Path(path), span }
}

/// What a value is, with an article.
pub fn form(value: &Expr) -> &'static str {
    match &value.kind {
        ExprKind::Bool(_) => "a boolean",
        ExprKind::String(_) => "a text",
        ExprKind::Number(number) if number.unit.is_empty() => "a number",
        ExprKind::Number(_) => "a number with a unit",
        ExprKind::Path(path) if path.segments.len() == 1 => "a name",
        ExprKind::List(_) => "a list",
        ExprKind::Record(_) => "a record",
        ExprKind::Path(_)
        | ExprKind::Call(..)
        | ExprKind::Not(_)
        | ExprKind::Binary(..)
        | ExprKind::If(..) => "an expression",
        ExprKind::Broken => "not readable",
    }
}
