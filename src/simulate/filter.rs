//! Filters of triggers as Azure DevOps reads them. A refusal says which part of a filter refused.

use crate::model::project::Filter;
use crate::target::glob;

/// Branches and tags: includes first, then excludes; without includes everything is in.
pub fn names(filter: &Filter, name: &str, kind: &str) -> Result<(), String> {
    let folder = if kind == "tag" { TAGS } else { HEADS };
    let fits = |pattern: &str| fits(pattern, name, folder);
    if let Some(excluded) = filter.exclude.iter().find(|it| fits(&it.value)) {
        return Err(format!("{kind} `{}` is excluded by `{}`", bare(name), excluded.value));
    }
    if filter.include.is_empty() || filter.include.iter().any(|it| fits(&it.value)) {
        return Ok(());
    }
    Err(format!(
        "{kind} `{}` is not among {}",
        bare(name),
        listed(filter.include.iter().map(|it| it.value.as_str()))
    ))
}

const HEADS: &str = "refs/heads/";
const TAGS: &str = "refs/tags/";

/// Whether a pattern of branches lets a branch in; both stand below `refs/heads/` where they do not say where.
pub fn branch_fits(pattern: &str, branch: &str) -> bool {
    fits(pattern, branch, HEADS)
}

fn fits(pattern: &str, name: &str, folder: &str) -> bool {
    let whole = |it: &str| if it.starts_with("refs/") { it.to_owned() } else { format!("{folder}{it}") };
    pattern == "*" || glob::meets(&whole(pattern), &whole(name))
}

/// Any of the paths must be in; of several patterns that fit a path the longest decides, so that a folder may be
/// excluded and one below it included.
pub fn paths(filter: &Filter, changed: &[String]) -> Result<(), String> {
    if filter.is_empty() || changed.iter().any(|it| path_in(filter, it)) {
        return Ok(());
    }
    let shown = listed(changed.iter().map(String::as_str));
    let patterns = if filter.include.is_empty() {
        format!("left over by the excluded {}", listed(filter.exclude.iter().map(|it| it.value.as_str())))
    } else {
        format!("in {}", listed(filter.include.iter().map(|it| it.value.as_str())))
    };
    Err(format!("nothing changed that is {patterns}: the push holds {shown}"))
}

fn path_in(filter: &Filter, path: &str) -> bool {
    let longest = |patterns: &[crate::base::span::Spanned<String>]| {
        patterns
            .iter()
            .filter(|it| path_fits(&it.value, path))
            .map(|it| it.value.trim_matches('/').len())
            .max()
    };
    let included = if filter.include.is_empty() { Some(0) } else { longest(&filter.include) };
    match (included, longest(&filter.exclude)) {
        (Some(included), Some(excluded)) => included > excluded,
        (included, None) => included.is_some(),
        (None, Some(_)) => false,
    }
}

/// `*` stands for anything within a name, `**` for any folders; what fits a folder fits all in it.
pub fn path_fits(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.trim_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    pattern == [""] || segments_fit(&pattern, &path)
}

fn segments_fit(pattern: &[&str], path: &[&str]) -> bool {
    match pattern {
        [] => true,
        ["**", rest @ ..] => rest.is_empty() || (0..path.len()).any(|at| segments_fit(rest, &path[at..])),
        [first, rest @ ..] => match path {
            [] => false,
            [name, deeper @ ..] => glob::meets(first, name) && segments_fit(rest, deeper),
        },
    }
}

/// Without `refs/heads/` or `refs/tags/`.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/tags/")).unwrap_or(name)
}

/// `a`, `b` and `c`; of many the first.
pub fn listed<'t>(items: impl IntoIterator<Item = &'t str>) -> String {
    joined(&items.into_iter().map(|it| format!("`{it}`")).collect::<Vec<_>>())
}

/// The same of what has its quotes.
pub fn joined(all: &[String]) -> String {
    match all {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] if all.len() <= 4 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", all[..3].join(", "), all.len() - 3),
    }
}

#[cfg(test)]
mod tests {
    use super::{names, path_fits, paths};
    use crate::base::span::{Span, Spanned};
    use crate::model::project::Filter;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let all = |it: &[&str]| it.iter().map(|it| Spanned::new((*it).to_owned(), Span::default())).collect();
        Filter { include: all(include), exclude: all(exclude) }
    }

    #[test]
    fn excludes_are_taken_from_includes() {
        let releases = filter(&["main", "releases/*"], &["releases/old*"]);
        assert!(names(&releases, "refs/heads/main", "branch").is_ok());
        assert!(names(&releases, "releases/2026/01", "branch").is_ok());
        assert_eq!(
            names(&releases, "releases/old1", "branch").unwrap_err(),
            "branch `releases/old1` is excluded by `releases/old*`"
        );
        assert_eq!(
            names(&releases, "x", "branch").unwrap_err(),
            "branch `x` is not among `main` and `releases/*`"
        );
        assert!(names(&filter(&[], &["x"]), "main", "branch").is_ok());
    }

    #[test]
    fn a_tag_is_no_branch_of_the_same_name() {
        assert!(names(&filter(&["refs/tags/v*"], &[]), "v1", "branch").is_err());
        assert!(names(&filter(&["refs/tags/v*"], &[]), "refs/tags/v1", "branch").is_ok());
        assert!(names(&filter(&["v*"], &[]), "refs/tags/v1", "branch").is_err());
        assert!(names(&filter(&["refs/heads/main"], &[]), "main", "branch").is_ok());
        assert!(names(&filter(&["refs/tags/v*"], &[]), "v1", "tag").is_ok());
        assert!(names(&filter(&["*"], &[]), "refs/pull/1/merge", "branch").is_ok());
    }

    #[test]
    fn the_longest_pattern_decides_on_a_path() {
        let changed = |path: &str| vec![path.to_owned()];
        let docs = filter(&["docs"], &["docs/README.md"]);
        assert!(paths(&docs, &changed("docs/a/b.md")).is_ok());
        assert!(paths(&docs, &changed("docs/README.md")).is_err());
        assert!(paths(&docs, &["docs/README.md".to_owned(), "docs/x".to_owned()]).is_ok());
        let tools = filter(&["tools/run"], &["tools"]);
        assert!(
            paths(&tools, &changed("tools/run/x")).is_ok() && paths(&tools, &changed("tools/x")).is_err()
        );
        assert!(paths(&filter(&[], &["docs"]), &changed("src/x")).is_ok());
        assert!(paths(&filter(&[], &[]), &[]).is_ok());
    }

    #[test]
    fn stars_stay_within_a_name() {
        assert!(path_fits("src/*.py", "src/a.py") && !path_fits("src/*.py", "src/a/b.py"));
        assert!(
            path_fits("src/app/**/my*", "src/app/a/b/my.txt") && path_fits("src/app/**/my*", "src/app/my")
        );
        assert!(path_fits("docs/*", "docs/a/b") && !path_fits("docs", "documents/a") && path_fits("/", "a"));
    }
}
