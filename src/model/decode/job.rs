//! What jobs run in, and copies of a job.

use crate::base::span::Spanned;
use crate::model::errors;
use crate::model::expr::Phase;
use crate::model::fields::Fields;
use crate::model::matrix;
use crate::model::project::{Clean, Container, Matrix};
use crate::model::symbols::is_identifier;
use indexmap::IndexMap;

/// `container = "image"` or `container { … }`, of a job or a pool.
pub fn container(fields: &mut Fields<'_, '_>) -> Option<Container> {
    let short = fields.string("container");
    let long = fields.one("container", |it| Container {
        span: it.head(),
        image: it.required_string("image").value,
        registry: it.reference("registry"),
        connection: it.reference("connection"),
        options: it.plain("options"),
        ports: plain(it.strings("ports")),
        volumes: plain(it.strings("volumes")),
        env: it.string_map("env"),
    });
    if let (Some(short), Some(long)) = (&short, &long) {
        let finding =
            errors::invalid_value(short.span, "the container is described twice", "keep one of the two");
        fields.cx.push(finding.label(long.span, "the other one"));
    }
    let written = short.map(|it| Container {
        span: it.span,
        image: it.value,
        registry: None,
        connection: None,
        options: None,
        ports: Vec::new(),
        volumes: Vec::new(),
        env: IndexMap::new(),
    });
    long.or(written)
}

fn plain(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|it| it.value).collect()
}

pub fn clean(fields: &Fields<'_, '_>) -> Option<Clean> {
    match fields.word("clean")? {
        "outputs" => Some(Clean::Outputs),
        "resources" => Some(Clean::Resources),
        _ => Some(Clean::All),
    }
}

/// The copies were read with the names of the pipeline; here what is wrong with them is said.
#[expect(clippy::redundant_closure_for_method_calls, reason = "the method's path has one lifetime only")]
pub fn matrix(fields: &mut Fields<'_, '_>) -> Option<Matrix> {
    let block = fields.children("matrix").first().copied()?;
    let max_parallel = fields.one("matrix", |it| {
        it.check_free(|name| {
            let help = "use lower-case letters, digits and `_`, beginning with a letter";
            let message = format!("`{}` cannot name a value of a matrix", name.value);
            (!is_identifier(&name.value)).then(|| errors::invalid_value(name.span, message, help))
        });
        let mut values = it.free_lists();
        for block in ["exclude", "leg"] {
            let inner = it.each(block, |it| it.free_exprs());
            values.extend(inner.into_iter().flat_map(IndexMap::into_values));
        }
        for value in values.iter().filter(|it| it.phase() != Phase::Compile) {
            it.cx.push(errors::not_a_constant(value.span));
        }
        it.count("max_parallel")
    });
    let symbols = fields.cx.symbols;
    let read = matrix::read(block, symbols, &mut fields.cx.findings);
    Some(Matrix { max_parallel: max_parallel.flatten(), ..read })
}
