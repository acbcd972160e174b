//! Sweeps: what is tried, and how much of it.

use crate::base::arena::Id;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::{Cx, Fields, check_identifier};
use crate::model::project::{Choice, Component, EarlyStop, Sampling, Space, SpaceEntry, StopPolicy, Sweep};
use crate::syntax::ast;
use indexmap::IndexMap;

pub fn sweep(fields: &mut Fields<'_, '_>, trial: Option<Spanned<Id<Component>>>) -> Sweep {
    let sampling = match fields.word("sampling") {
        Some("grid") => Sampling::Grid,
        Some("bayesian") => Sampling::Bayesian,
        _ => Sampling::Random,
    };
    let (metric, maximize) = fields
        .one("objective", |it| (it.required_string("metric").value, it.word("goal") == Some("maximize")))
        .unwrap_or_default();
    let space = space(fields);
    for entry in space.values() {
        check_sampling(fields.cx, sampling, entry);
    }
    let limits = fields.one("limits", limits).unwrap_or_default();
    Sweep {
        trial,
        sampling,
        space,
        metric,
        maximize,
        max_total: limits.max_total,
        max_concurrent: limits.max_concurrent,
        timeout: limits.timeout,
        trial_timeout: limits.trial_timeout,
        early_stop: early_stop(fields, sampling),
    }
}

#[derive(Default)]
struct Limits {
    max_total: u32,
    max_concurrent: Option<u32>,
    timeout: Option<u64>,
    trial_timeout: Option<u64>,
}

fn limits(fields: &mut Fields<'_, '_>) -> Limits {
    let seconds = |name: &str| fields.seconds(name).map(|it| it.value);
    let limits = Limits {
        max_total: fields.count("max_total").unwrap_or(1),
        max_concurrent: fields.count("max_concurrent"),
        timeout: seconds("timeout"),
        trial_timeout: seconds("trial_timeout"),
    };
    let above = |one: Option<u64>, other: Option<u64>| one.zip(other).is_some_and(|(one, other)| one > other);
    let too_much = [
        (
            "max_concurrent",
            above(limits.max_concurrent.map(u64::from), Some(limits.max_total.into())),
            "more trials at a time than there are at all",
            "`max_total`",
        ),
        (
            "trial_timeout",
            above(limits.trial_timeout, limits.timeout),
            "one trial may take longer than all of them",
            "`timeout`",
        ),
    ];
    for (name, wrong, message, bound) in too_much {
        if let Some(span) = fields.span_of(name).filter(|_| wrong && fields.has("max_total")) {
            fields.cx.push(errors::invalid_value(span, message, format!("write at most what {bound} says")));
        }
    }
    limits
}

fn space(fields: &mut Fields<'_, '_>) -> IndexMap<String, SpaceEntry> {
    let written = fields.syntax_map("space");
    if let (true, Some(block)) = (written.is_empty(), fields.children("space").first())
        && !block.body.as_ref().is_some_and(|it| it.broken)
    {
        let help = "write at least one value to try: `rate = loguniform(1e-4, 1e-1)`";
        fields.cx.push(errors::invalid_value(block.head, "there is nothing to try", help));
    }
    let mut found = IndexMap::new();
    for attribute in written {
        check_identifier(fields.cx, &attribute.key);
        if let Some(values) = values(fields.cx, &attribute.value) {
            let values = Spanned::new(values, attribute.value.span);
            found.insert(attribute.key.value.clone(), SpaceEntry { key: attribute.key.clone(), values });
        }
    }
    found
}

/// The functions with the names of their arguments.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("choice", &["A", "B", "…"]),
    ("randint", &["UPPER"]),
    ("uniform", &["MIN", "MAX"]),
    ("quniform", &["MIN", "MAX", "STEP"]),
    ("loguniform", &["MIN", "MAX"]),
    ("qloguniform", &["MIN", "MAX", "STEP"]),
    ("normal", &["MEAN", "DEVIATION"]),
    ("qnormal", &["MEAN", "DEVIATION", "STEP"]),
    ("lognormal", &["MEAN", "DEVIATION"]),
    ("qlognormal", &["MEAN", "DEVIATION", "STEP"]),
];

fn values(cx: &mut Cx<'_>, expr: &ast::Expr) -> Option<Space> {
    let ast::ExprKind::Call(path, arguments) = &expr.kind else {
        if !matches!(expr.kind, ast::ExprKind::Broken) {
            let help = "write `choice(16, 32)`, `uniform(0.1, 0.9)`, `loguniform(1e-4, 1e-1)` or `randint(10)`; a fixed value stands in `inputs`";
            cx.push(errors::invalid_value(expr.span, "this says no values to try", help));
        }
        return None;
    };
    let known: Vec<&str> = FUNCTIONS.iter().map(|it| it.0).collect();
    let name = path.segments.last().map(|it| &it.name)?;
    let Some((word, parameters)) =
        FUNCTIONS.iter().find(|it| path.as_ident().is_some_and(|name| name.value == it.0))
    else {
        let nearest = suggest::nearest(&name.value, known.iter().copied());
        cx.push(errors::undefined_name(name, "function of a search space", nearest, &known));
        return None;
    };
    if *word == "choice" {
        return choice(cx, expr, arguments);
    }
    let numbers: Option<Vec<f64>> = arguments.iter().map(number).collect();
    let Some(numbers) = numbers.filter(|it| it.len() == parameters.len()) else {
        let help = format!("write `{word}({})` with numbers", parameters.join(", "));
        cx.push(errors::invalid_value(
            expr.span,
            format!("`{word}` takes {} numbers", parameters.len()),
            help,
        ));
        return None;
    };
    let space = function(word, &numbers);
    let wrong = wrong(&space);
    if let Some((message, help)) = wrong {
        cx.push(errors::invalid_value(expr.span, message, help));
    }
    Some(space)
}

#[expect(clippy::cast_possible_truncation, reason = "a fraction is refused by `wrong`")]
fn function(word: &str, numbers: &[f64]) -> Space {
    match (word, numbers) {
        ("randint", [upper]) if upper.fract() == 0.0 => Space::Randint(*upper as i64),
        ("uniform", [low, high]) => Space::Uniform(*low, *high),
        ("quniform", [low, high, step]) => Space::QUniform(*low, *high, *step),
        ("loguniform", [low, high]) => Space::LogUniform(*low, *high),
        ("qloguniform", [low, high, step]) => Space::QLogUniform(*low, *high, *step),
        ("normal", [mean, deviation]) => Space::Normal(*mean, *deviation),
        ("qnormal", [mean, deviation, step]) => Space::QNormal(*mean, *deviation, *step),
        ("lognormal", [mean, deviation]) => Space::LogNormal(*mean, *deviation),
        ("qlognormal", [mean, deviation, step]) => Space::QLogNormal(*mean, *deviation, *step),
        _ => Space::Randint(0),
    }
}

/// What no such distribution can be, with what to write.
fn wrong(space: &Space) -> Option<(&'static str, &'static str)> {
    let ascending = |low: f64, high: f64| {
        (low >= high)
            .then_some(("the bounds are in the wrong order, or equal", "write the smaller one first"))
    };
    let positive = |low: f64| {
        (low <= 0.0).then_some(("the logarithm needs bounds above 0", "write the real bounds of the value, such as `loguniform(1e-4, 1e-1)`; Azure ML's exponents are worked out for you"))
    };
    let deviation = |it: f64| {
        (it <= 0.0).then_some(("a deviation is above 0", "write the mean first, then the deviation"))
    };
    let step = |it: f64| {
        (it <= 0.0)
            .then_some(("a step is above 0", "write the distance between two values as the last number"))
    };
    match *space {
        Space::Choice(_) => None,
        Space::Randint(upper) => {
            (upper < 1).then_some(("`randint` takes a whole number above 0", "values go from 0 to below it"))
        }
        Space::Uniform(low, high) => ascending(low, high),
        Space::QUniform(low, high, q) => ascending(low, high).or_else(|| step(q)),
        Space::LogUniform(low, high) => positive(low).or_else(|| ascending(low, high)),
        Space::QLogUniform(low, high, q) => {
            positive(low).or_else(|| ascending(low, high)).or_else(|| step(q))
        }
        Space::Normal(_, sigma) | Space::LogNormal(_, sigma) => deviation(sigma),
        Space::QNormal(_, sigma, q) | Space::QLogNormal(_, sigma, q) => deviation(sigma).or_else(|| step(q)),
    }
}

fn number(expr: &ast::Expr) -> Option<f64> {
    match &expr.kind {
        ast::ExprKind::Number(number) if number.unit.is_empty() => {
            number.digits.parse().ok().filter(|it: &f64| it.is_finite())
        }
        _ => None,
    }
}

/// `choice(a, b)` and `choice([a, b])`.
fn choice(cx: &mut Cx<'_>, expr: &ast::Expr, arguments: &[ast::Expr]) -> Option<Space> {
    let items = match arguments {
        [ast::Expr { kind: ast::ExprKind::List(items), .. }] => items.as_slice(),
        items => items,
    };
    let values: Option<Vec<Choice>> = items.iter().map(one_choice).collect();
    let texts = |values: &[Choice]| values.iter().filter(|it| matches!(it, Choice::Text(_))).count();
    match values {
        Some(values) if !values.is_empty() && [0, values.len()].contains(&texts(&values)) => {
            Some(Space::Choice(values))
        }
        _ => {
            let help = "write `choice(16, 32)` or `choice(\"linear\", \"rbf\")`: numbers only, or texts only; truth is `\"true\"`";
            cx.push(errors::invalid_value(expr.span, "these are no values of one type", help));
            None
        }
    }
}

fn one_choice(expr: &ast::Expr) -> Option<Choice> {
    match &expr.kind {
        ast::ExprKind::String(text) => Some(Choice::Text(text.constant()?.into_owned())),
        ast::ExprKind::Number(it) if it.unit.is_empty() => match it.digits.parse() {
            Ok(whole) => Some(Choice::Integer(whole)),
            Err(_) => number(expr).map(Choice::Number),
        },
        _ => None,
    }
}

/// Azure ML's validation lets through what its sampling cannot do.
fn check_sampling(cx: &mut Cx<'_>, sampling: Sampling, entry: &SpaceEntry) {
    let word = entry.values.value.word();
    let (fits, takes) = match sampling {
        Sampling::Random => (true, ""),
        Sampling::Grid => (word == "choice", "`choice` only"),
        Sampling::Bayesian => {
            (["choice", "uniform", "quniform"].contains(&word), "`choice`, `uniform` and `quniform` only")
        }
    };
    if !fits {
        let sampling = sampling.word();
        let message = format!("`{sampling}` sampling cannot take `{word}`");
        let help = format!("it takes {takes}; or write `sampling = random`");
        cx.push(errors::invalid_value(entry.values.span, message, help));
    }
}

fn early_stop(fields: &mut Fields<'_, '_>, sampling: Sampling) -> Option<EarlyStop> {
    let stop = fields.one("early_stop", |it| {
        let policy = policy(it)?;
        Some(EarlyStop {
            policy,
            interval: it.count("interval").unwrap_or(1),
            delay: it.count("delay").unwrap_or(0),
        })
    })?;
    if let (Sampling::Bayesian, Some(block)) = (sampling, fields.children("early_stop").first()) {
        let help = "remove `early_stop`, or write `sampling = random`";
        fields.cx.push(errors::invalid_value(
            block.head,
            "`bayesian` sampling cannot stop trials early",
            help,
        ));
    }
    stop
}

fn policy(fields: &mut Fields<'_, '_>) -> Option<StopPolicy> {
    let policy = fields.argument_word("policy")?;
    let takes: &[&str] = match policy {
        "bandit" => &["slack_factor", "slack_amount"],
        "truncation" => &["percentage"],
        _ => &[],
    };
    for name in ["slack_factor", "slack_amount", "percentage"] {
        if let (false, Some(span)) = (takes.contains(&name), fields.span_of(name)) {
            fields.cx.push(errors::invalid_value(
                span,
                format!("`{policy}` knows no `{name}`"),
                format!("remove `{name}`"),
            ));
        }
    }
    match policy {
        "bandit" => bandit(fields),
        "truncation" => {
            if !fields.has("percentage") {
                fields.missing("percentage", "add `percentage = 20`: so many percent of the trials end");
            }
            Some(StopPolicy::Truncation(fields.count("percentage")?))
        }
        _ => Some(StopPolicy::Median),
    }
}

fn bandit(fields: &mut Fields<'_, '_>) -> Option<StopPolicy> {
    let (factor, amount) = (fields.number("slack_factor"), fields.number("slack_amount"));
    if let (Some(_), Some(span)) = (factor, fields.span_of("slack_amount")) {
        let finding = errors::invalid_value(
            span,
            "the slack is a ratio or a distance, not both",
            "remove one of the two",
        );
        fields.cx.push(finding);
    }
    if !fields.has("slack_factor") && !fields.has("slack_amount") {
        fields.missing("slack_factor", "add `slack_factor = 0.1`, or `slack_amount = 0.05`");
    }
    if let Some(span) = fields.span_of("slack_factor").or_else(|| fields.span_of("slack_amount"))
        && factor.or(amount).is_some_and(|it| it <= 0.0)
    {
        fields.cx.push(errors::invalid_value(
            span,
            "the slack is above 0",
            "write how far behind the best a trial may be",
        ));
    }
    factor.map(StopPolicy::BanditFactor).or(amount.map(StopPolicy::BanditAmount))
}
