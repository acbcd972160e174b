//! Inputs that name a service connection: those of the project are known by their names outside.

use super::shown::text;
use crate::base::span::Span;
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::project::{Header, Project};
use crate::schema::Kind;
use crate::schema::tasks::{InputType, Task};
use indexmap::IndexMap;

/// A name of a connection that the project declares is a use of it. One that is near to such a name is a slip; any other
/// may exist without being declared.
pub fn check(fields: &mut Fields<'_, '_>, task: Option<&Task>, written: &IndexMap<String, (Span, Expr)>) {
    let Some(project) = fields.cx.project.filter(|it| !it.connections.is_empty()) else { return };
    for (key, (_, value)) in written {
        let input = task.and_then(|it| it.input(key));
        let names_one = input.is_some_and(|it| it.ty == InputType::Connection);
        let Some(text) = text(value).filter(|_| names_one || task.is_none()) else { continue };
        if let Some(found) = declared(project).find(|it| it.name.value == text) {
            if let Some(found) = fields.cx.symbols.get(Kind::Connection, &found.ident.value) {
                fields.cx.symbols.mark(found);
            }
        } else if names_one && !text.contains("$(") {
            fields.cx.findings.extend(slip(project, &text, value.span));
        }
    }
}

fn declared(project: &Project) -> impl Iterator<Item = &Header> {
    project.connections.values().map(|it| &it.header)
}

/// A name of the language where the one outside is meant, or letters of it that are wrong.
fn slip(project: &Project, written: &str, span: Span) -> Option<Diagnostic> {
    let meant = declared(project)
        .find(|it| it.ident.value == written)
        .or_else(|| declared(project).find(|it| suggest::is_slip(written, &it.name.value)))?;
    let name = &meant.name.value;
    let finding = Diagnostic::warning(
        "invalid-task-input",
        span,
        format!("no service connection `{written}` is declared, but one is called `{name}`"),
    );
    let help = format!("did you mean `{name}`? Declare the other one, if there is such a one: `connection NAME {{ … }}`");
    let finding = finding.label(meant.head, format!("outside, this is `{name}`"));
    Some(finding.help(help).suggest(format!("change to `{name}`"), span, format!("\"{name}\"")))
}
