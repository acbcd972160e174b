//! Which deployment gets how much.

use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::Cx;
use crate::model::project::{Deployment, EndpointSettings, Traffic};
use crate::syntax::ast;
use indexmap::IndexMap;

/// `green = 10%, blue = 90%`, where keys are deployments or among `words`.
pub fn percentages(
    cx: &mut Cx<'_>,
    written: &[&ast::Attribute],
    deployments: &IndexMap<String, Deployment>,
    words: &[&str],
) -> Traffic {
    let mut traffic = Traffic::new();
    for attribute in written {
        let name = &attribute.key;
        let value = percentage(cx, &attribute.value);
        let found = deployments.get(&name.value);
        if let Some(found) = found {
            cx.symbols.link(name, found.ident.span);
        }
        if found.is_none() && !words.contains(&name.value.as_str()) {
            let known: Vec<&str> =
                deployments.keys().map(String::as_str).chain(words.iter().copied()).collect();
            let nearest = suggest::nearest(&name.value, known.iter().copied());
            cx.push(errors::undefined_name(name, "deployment of this endpoint", nearest, &known));
        } else if let Some(value) = value {
            traffic.insert(name.value.clone(), Spanned::new(value, attribute.value.span));
        }
    }
    traffic
}

fn percentage(cx: &mut Cx<'_>, written: &ast::Expr) -> Option<u32> {
    if matches!(written.kind, ast::ExprKind::Broken) {
        return None;
    }
    let number = match &written.kind {
        ast::ExprKind::Number(number) if number.unit == "%" => {
            number.digits.parse().ok().filter(|it| *it <= 100)
        }
        _ => None,
    };
    if number.is_none() {
        let help = "write a whole percentage from `0%` to `100%`; a number that is computed becomes one by `share * 1%`";
        cx.push(errors::wrong_type(written.span, "traffic is given in percent", help));
    }
    number
}

/// In percent.
pub fn sum(traffic: &Traffic) -> u32 {
    traffic.values().map(|it| it.value).sum()
}

/// From the first share to the last one.
pub fn shares(traffic: &Traffic) -> Option<Span> {
    let all = || traffic.values().map(|it| it.span);
    let first = all().min_by_key(|it| it.start)?;
    all().filter(|it| it.file == first.file).max_by_key(|it| it.end).map(|last| first.to(last))
}

pub(super) fn check(cx: &mut Cx<'_>, settings: &EndpointSettings) {
    let (traffic, mirror) = (&settings.traffic, &settings.mirror);
    if let Some(all) = shares(traffic).filter(|_| !matches!(sum(traffic), 0 | 100)) {
        cx.push(errors::traffic_sum(all, sum(traffic)));
    }
    check_mirror(cx, traffic, mirror);
}

/// A copy goes to one deployment that has no traffic of its own.
pub fn check_mirror(cx: &mut Cx<'_>, traffic: &Traffic, mirror: &Traffic) {
    let mut copies = mirror.iter().filter(|it| it.1.value > 0);
    let Some((name, share)) = copies.next() else { return };
    if let Some((_, second)) = copies.next() {
        let finding = errors::invalid_value(
            second.span,
            "traffic is mirrored to one deployment only",
            "keep one of them",
        );
        cx.push(finding.label(share.span, "the other one"));
    }
    if share.value > 50 {
        let help = "write `50%` or less";
        cx.push(errors::invalid_value(share.span, "at most half of the traffic can be mirrored", help));
    }
    if let Some(live) = traffic.get(name).filter(|it| it.value > 0) {
        let help = "mirror to a deployment without traffic: a deployment has traffic of its own, or a copy";
        let finding = errors::invalid_value(share.span, format!("`{name}` has traffic of its own"), help);
        cx.push(finding.label(live.span, "given here"));
    }
}
