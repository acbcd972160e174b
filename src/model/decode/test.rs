//! Scenarios.

use crate::base::span::Spanned;
use crate::model::errors;
use crate::model::fields::{Cx, Fields};
use crate::model::project::{DottedPath, Expected, Said, Test, TestEvent, TestEventKind, TestGiven};
use crate::schema::test::TEST;
use crate::syntax::ast;

pub fn all(cx: &mut Cx<'_>) -> Vec<Test> {
    let symbols = cx.symbols;
    symbols.tests.iter().map(|it| test(&mut Fields::new(cx, &TEST, it))).collect()
}

fn test(fields: &mut Fields<'_, '_>) -> Test {
    let title = fields.argument_string("title");
    let events = fields.each("on", event).into_iter().flatten().collect();
    let given = fields.each("given", given).into_iter().flatten().collect();
    let expected = fields.each("expect", expected).into_iter().flatten().collect();
    for (word, help) in [
        ("on", "add what happens: `on push { branch = \"main\" }`"),
        ("expect", "add what must follow: `expect runs [train]`"),
    ] {
        if fields.children(word).is_empty() {
            fields.missing(word, help);
        }
    }
    Test {
        title: title.unwrap_or_else(|| Spanned::new(String::new(), fields.head())),
        head: fields.head(),
        start: fields.string("start"),
        until: fields.seconds("until").map(|it| it.value),
        events,
        given,
        expected,
    }
}

fn event(fields: &mut Fields<'_, '_>) -> Option<TestEvent> {
    let word = fields.argument_word("event")?;
    let kind = match word {
        "push" => push(fields),
        "pull_request" => TestEventKind::PullRequest {
            source: fields.plain("source"),
            target: fields.plain("target"),
            paths: texts(fields.strings("path")),
            draft: fields.flag("draft"),
        },
        "schedule" => TestEventKind::Schedule {
            at: fields.string("at")?,
            changed: fields.bool("changed").unwrap_or(true),
        },
        "manual" => TestEventKind::Manual {
            pipeline: fields.argument_ref("pipeline")?.value,
            branch: fields.plain("branch"),
            params: said(fields, "params"),
        },
        "image" => TestEventKind::Image {
            registry: fields.argument_ref("registry")?.value,
            repository: fields.argument_string("repository")?.value,
            tag: fields.plain("tag")?,
        },
        "completion" => TestEventKind::Completion {
            pipeline: fields.argument_ref("pipeline")?.value,
            branch: fields.plain("branch"),
            tags: texts(fields.strings("tags")),
            result: fields.word("result").unwrap_or("succeeded"),
        },
        _ => TestEventKind::Webhook {
            name: fields.argument_string("name")?.value,
            fields: said(fields, "fields"),
        },
    };
    let after = fields.seconds("after").map_or(0, |it| it.value);
    Some(TestEvent { span: fields.head(), after, kind })
}

fn push(fields: &mut Fields<'_, '_>) -> TestEventKind {
    if let (Some(tag), true) = (fields.span_of("tag"), fields.has("branch")) {
        let help = "write two `on push`: a branch and a tag are pushed one after the other";
        fields.cx.push(errors::invalid_value(tag, "a push is of a branch or of a tag", help));
    }
    TestEventKind::Push {
        repository: fields.reference("repository").map(|it| it.value),
        branch: fields.plain("branch"),
        tag: fields.plain("tag"),
        paths: texts(fields.strings("path")),
    }
}

fn given(fields: &mut Fields<'_, '_>) -> Option<TestGiven> {
    if fields.block.attribute("answer").is_some() {
        return Some(TestGiven::Approval {
            approval: fields.argument_ref("approval")?,
            answer: fields.word("answer").unwrap_or("grant"),
            after: fields.seconds("after").map(|it| it.value),
        });
    }
    if fields.block.attribute("result").is_none() {
        return Some(TestGiven::Variables(free(fields)));
    }
    let path = fields.ast.arguments.first()?;
    let path = dotted(fields, path)?;
    let spanned = |name: &str| Some(Spanned::new(fields.word(name)?, fields.span_of(name)?));
    Some(TestGiven::Path {
        result: spanned("result"),
        duration: fields.seconds("duration"),
        cancel: fields.seconds("cancel"),
        path,
        outputs: free(fields),
    })
}

fn expected(fields: &mut Fields<'_, '_>) -> Option<Expected> {
    let what = Spanned::new(fields.argument_word("what")?, fields.argument("what")?.span);
    let named = fields.ast.arguments.get(1)?;
    let items: Vec<&ast::Expr> = match &named.kind {
        ast::ExprKind::List(items) => items.iter().collect(),
        _ => vec![named],
    };
    if items.is_empty() {
        let help = "name what is expected: `expect runs [train]`";
        fields.cx.push(errors::invalid_value(named.span, "nothing is named", help));
    }
    let names = items.into_iter().filter_map(|it| dotted(fields, it)).collect();
    Some(Expected {
        what,
        names,
        within: fields.seconds("within").map(|it| it.value),
        times: fields.count("times"),
    })
}

/// A path of names, or a finding.
fn dotted(fields: &mut Fields<'_, '_>, expr: &ast::Expr) -> Option<DottedPath> {
    if let ast::ExprKind::Path(path) = &expr.kind
        && !path.open
        && path.segments.iter().all(|it| it.indices.is_empty())
    {
        let names = path.segments.iter().map(|it| it.name.clone()).collect();
        return Some(DottedPath { names, span: expr.span });
    }
    if !matches!(expr.kind, ast::ExprKind::Broken) {
        let help = "write names without quotes: `train`, `train.artifacts`, `train.train.fit`";
        fields.cx.push(errors::wrong_type(expr.span, "this is no name of something", help));
    }
    None
}

fn said(fields: &mut Fields<'_, '_>, word: &str) -> Said {
    fields.one(word, free).unwrap_or_default()
}

/// Free keys whose values are constants, as the texts they are in a run.
fn free(fields: &mut Fields<'_, '_>) -> Said {
    let written = fields.free_ast();
    let mut found = Vec::new();
    for attribute in written {
        let value = match &attribute.value.kind {
            ast::ExprKind::Bool(it) => Some(it.to_string()),
            ast::ExprKind::Number(it) if it.unit.is_empty() => Some(it.digits.clone()),
            ast::ExprKind::String(it) => it.constant().map(std::borrow::Cow::into_owned),
            ast::ExprKind::Broken => continue,
            _ => None,
        };
        match value {
            Some(value) => found.push((attribute.key.clone(), Spanned::new(value, attribute.value.span))),
            None => {
                let help = "write a text, a number, `true` or `false`";
                let message = format!("`{}` is a constant in a test", attribute.key.value);
                fields.cx.push(errors::wrong_type(attribute.value.span, message, help));
            }
        }
    }
    found
}

fn texts(spanned: Vec<Spanned<String>>) -> Vec<String> {
    spanned.into_iter().map(|it| it.value).collect()
}
