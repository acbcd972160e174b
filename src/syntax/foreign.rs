//! Values as other languages write them, and what this one calls them.

/// What Azure Pipelines knows of a run, in small letters, and how it is read here.
const FACTS: &[(&str, &str)] = &[
    ("build.buildid", "run.id"),
    ("build.buildnumber", "run.number"),
    ("build.sourcebranch", "run.branch"),
    ("build.sourcebranchname", "run.branch"),
    ("build.sourceversion", "run.commit"),
    ("build.requestedfor", "run.requested_for"),
    ("build.reason", "run.reason"),
    ("system.pullrequest.pullrequestid", "run.pull_request.id"),
    ("system.pullrequest.sourcebranch", "run.pull_request.source"),
    ("system.pullrequest.targetbranch", "run.pull_request.target"),
];

/// An expression of Azure Pipelines in a text, and how long it is written: `$(…)`, `${{ … }}` or `$[…]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign<'t> {
    pub written: &'t str,
    pub inner: &'t str,
    /// `$(…)`, which may also be a command of a shell.
    pub is_macro: bool,
}

const FRAMES: [(&str, &str); 3] = [("$(", ")"), ("${{", "}}"), ("$[", "]")];

/// The expression that a text begins with.
pub fn at_start(text: &str) -> Option<Foreign<'_>> {
    let (opener, closer) = FRAMES.into_iter().find(|it| text.starts_with(it.0))?;
    let rest = text[opener.len()..].lines().next()?;
    let length = rest.find(closer)?;
    let written = &text[..opener.len() + length + closer.len()];
    Some(Foreign { written, inner: rest[..length].trim(), is_macro: opener == "$(" })
}

/// All expressions in a text, but for those whose dollar is escaped.
pub fn all_in(text: &str) -> impl Iterator<Item = Foreign<'_>> {
    let places = text.match_indices('$').filter(|it| !text[..it.0].ends_with('\\'));
    places.filter_map(|(at, _)| at_start(&text[at..]))
}

/// What the expression is in this language: `params.x`, `run.id`; `None` where it is a variable of its own, or more.
pub fn own_name(inner: &str) -> Option<String> {
    let small = inner.to_ascii_lowercase();
    if let Some((_, own)) = FACTS.iter().find(|it| small == it.0) {
        return Some((*own).to_owned());
    }
    if let Some(name) = inner.strip_prefix("parameters.") {
        return is_name(name).then(|| format!("params.{name}"));
    }
    let member = inner.strip_prefix("variables.").or_else(|| {
        let quoted = inner.strip_prefix("variables[")?.strip_suffix(']')?;
        Some(quoted.trim_matches(['\'', '"']))
    })?;
    own_name(member).or_else(|| variable(member))
}

/// `vars.api_key` of `ApiKey`.
pub fn variable(name: &str) -> Option<String> {
    is_name(name).then(|| format!("vars.{}", name.to_ascii_lowercase()))
}

fn is_name(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') && text.chars().all(is_part)
}

/// The unit of a duration as it is written here, of one that is spelled out.
pub fn duration_unit(unit: &str) -> Option<&'static str> {
    match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => Some("s"),
        "m" | "min" | "mins" | "minute" | "minutes" => Some("m"),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some("h"),
        "d" | "day" | "days" => Some("d"),
        _ => None,
    }
}
