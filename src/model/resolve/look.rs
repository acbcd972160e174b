//! What only a look at Azure DevOps or the repository tells: changed paths, tags of runs; and what images are called.

use super::{IMAGE_FIELDS, Look, REASONS};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::errors;
use crate::model::expr::{Comparison, Expr, ExprKind, Fact, Look as Looked, Ty};
use crate::syntax::ast;

impl Look<'_, '_, '_> {
    /// `changed("src/**", "lib")`: whether anything that one of these patterns matches has changed.
    pub(super) fn changed(&mut self, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        if arguments.is_empty() {
            let help = "write what may have changed: `changed(\"src/**\")`";
            return self.say(errors::invalid_value(span, "`changed` needs a path", help));
        }
        let mut patterns = Vec::with_capacity(arguments.len());
        for argument in arguments {
            let resolved = self.expr(argument)?;
            let Some(pattern) = resolved.as_str() else {
                let help = "write a path in quotes, with `*` and `**` for what may stand there";
                return self.say(errors::wrong_type(argument.span, "this is no path", help));
            };
            if let Some(wrong) = not_a_pattern(pattern) {
                let help = "write a path from the root of the repository, such as `src/**`";
                return self.say(errors::invalid_value(argument.span, wrong, help));
            }
            patterns.push(pattern.to_owned());
        }
        let index = self.look_up(span, |looks| &mut looks.changed, patterns)?;
        Some(Expr { kind: ExprKind::Looked(Looked::Changed(index)), ty: Ty::Bool, span })
    }

    /// `runs.PIPELINE.tags`
    pub(super) fn tags_of(&mut self, alias: &str, span: Span) -> Option<Expr> {
        let index = self.look_up(span, |looks| &mut looks.tags, alias.to_owned())?;
        Some(Expr { kind: ExprKind::Looked(Looked::Tags(index)), ty: Ty::String, span })
    }

    fn look_up<T: PartialEq>(
        &mut self,
        span: Span,
        list: fn(&mut crate::model::project::Looks) -> &mut Vec<T>,
        wanted: T,
    ) -> Option<usize> {
        if self.resolver.place.stage.is_none() {
            let help = "read it in a stage: in its `when`, or in a step's `env`";
            self.say(errors::invalid_value(
                span,
                "this is looked up before stages, for what stands in them",
                help,
            ));
            return None;
        }
        self.resolver.looked.set(true);
        let mut looks = self.resolver.looks.borrow_mut();
        let known = list(&mut looks);
        if let Some(index) = known.iter().position(|it| *it == wanted) {
            return Some(index);
        }
        known.push(wanted);
        Some(known.len() - 1)
    }

    /// `defined(vars.x)`: a group may lack what it is described to hold; what it lacks is empty.
    pub(super) fn defined(&mut self, arguments: &[ast::Expr], span: Span) -> Option<Expr> {
        let [argument] = arguments else {
            let help = "write `defined(vars.NAME)`";
            return self.say(errors::invalid_value(span, "`defined` takes one variable", help));
        };
        let variable = self.expr(argument)?;
        if !matches!(variable.kind, ExprKind::Variable { .. }) {
            let help = "write `defined(vars.NAME)`; everything else is always there";
            return self.say(errors::invalid_value(argument.span, "this is no variable", help));
        }
        let nothing = Expr::string("", span);
        let kind = ExprKind::Compare(Comparison::NotEqual, Box::new(variable), Box::new(nothing));
        Some(Expr { kind, ty: Ty::Bool, span })
    }

    /// `image.tag`, or `image.NAME.tag` where several images start the pipeline.
    pub(super) fn image(&mut self, rest: &[&Spanned<String>], span: Span) -> Option<Expr> {
        let images = &self.resolver.images;
        let (alias, field) = match (rest, images.as_slice()) {
            (_, []) => {
                let help = "add `trigger image REGISTRY \"repository\"`";
                return self.say(errors::invalid_value(span, "no image starts this pipeline", help));
            }
            ([field], [only]) => (only.clone(), *field),
            ([alias, field], all) if all.contains(&alias.value) => (alias.value.clone(), *field),
            (_, all) => {
                let forms: Vec<String> = all.iter().map(|it| format!("`image.{it}.tag`")).collect();
                let help = format!("write {}", forms.join(" or "));
                return self.say(errors::invalid_value(span, "it must be clear which image is meant", help));
            }
        };
        let found = IMAGE_FIELDS.iter().find(|it| it.0 == field.value);
        let Some((_, found)) = found else {
            let known: Vec<&str> = IMAGE_FIELDS.iter().map(|it| it.0).collect();
            let nearest = suggest::nearest(&field.value, known.iter().copied());
            return self.say(errors::undefined_name(field, "fact of an image", nearest, &known));
        };
        Some(Expr { kind: ExprKind::Image(alias, *found), ty: Ty::String, span })
    }

    /// The word that `run.reason` is compared with.
    pub(super) fn reason(&mut self, expr: &ast::Expr) -> Option<Expr> {
        let written = match &expr.kind {
            ast::ExprKind::Path(path) => path.as_ident().map(|it| it.value.clone()),
            _ => None,
        };
        if let Some((_, reason)) = REASONS.iter().find(|it| written.as_deref() == Some(it.0)) {
            let kind = ExprKind::ReasonWord(*reason);
            return Some(Expr { kind, ty: Ty::String, span: expr.span });
        }
        let known: Vec<&str> = REASONS.iter().map(|it| it.0).collect();
        let help = format!("the reasons are {}, without quotes", errors::quoted_list(&known));
        let finding = errors::wrong_type(expr.span, "this is no reason of a run", help);
        let meant = match &expr.kind {
            ast::ExprKind::String(text) => reason_meant(&text.value),
            _ => written.as_deref().and_then(|it| suggest::nearest(it, known.iter().copied())),
        };
        self.say(match meant {
            Some(word) => finding.replace(format!("write `{word}`"), expr.span, word),
            None => finding,
        })
    }

    /// `"text" in runs.PIPELINE.tags`
    pub(super) fn holds(&mut self, needle: Expr, list: Expr, span: Span) -> Option<Expr> {
        if needle.ty != Ty::String {
            return self.say(errors::wrong_type(needle.span, "a tag is a text", "write it in quotes"));
        }
        let kind = ExprKind::Holds(Box::new(list), Box::new(needle));
        Some(Expr { kind, ty: Ty::Bool, span })
    }
}

pub(super) fn is_reason(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Fact(Fact::Reason))
}

/// The word for what Azure DevOps calls it, or for itself in quotes.
fn reason_meant(text: &str) -> Option<&'static str> {
    let own = REASONS.iter().find(|it| it.0 == text).map(|it| it.0);
    own.or(match text {
        "Manual" => Some("manual"),
        "IndividualCI" | "BatchedCI" => Some("push"),
        "PullRequest" => Some("pull_request"),
        "Schedule" => Some("schedule"),
        "ResourceTrigger" | "BuildCompletion" => Some("resource"),
        _ => None,
    })
}

fn not_a_pattern(text: &str) -> Option<&'static str> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Some("this is no path");
    }
    if text.starts_with(['/', '!', ':']) {
        return Some("a path begins with a name");
    }
    let outside = text.split('/').any(|it| it == "..");
    outside.then_some("the path leaves the repository")
}
