//! What can be found, and what it means: one Markdown page a code, written beside what reports it.
//!
//! A page is either Markdown or a Rust file whose header (`//!`) is Markdown.

use crate::diag::{Group, Kind, Safety};

/// Everything that can be found, by code. Each phase hands in its own.
pub fn kinds() -> Vec<Kind> {
    let mut kinds = vec![
        Kind::error(Group::Syntax, crate::config::CODE, include_str!("explain/config.md"))
            .fixes(Safety::Unsafe),
        Kind::error(Group::Syntax, crate::decode::CODE, include_str!("explain/not_utf8.md")),
    ];
    kinds.extend(crate::allow::KINDS);
    kinds.extend(crate::syntax::KINDS);
    kinds.extend(crate::expand::pages::KINDS);
    kinds.extend(crate::plan::KINDS);
    kinds.extend(crate::model::pages::KINDS);
    kinds.extend(crate::graph::pages::KINDS);
    kinds.extend(crate::check::kinds());
    kinds.extend(crate::simulate::pages::KINDS);
    kinds.sort_unstable_by_key(|it| it.code);
    kinds
}

pub fn kind(code: &str) -> Option<Kind> {
    kinds().into_iter().find(|it| it.code == code)
}

/// The lines of the Markdown in a page.
pub fn lines(page: &str) -> impl Iterator<Item = &str> {
    let header = page.starts_with("//!");
    let mine = page.lines().take_while(move |line| !header || line.starts_with("//!"));
    mine.map(|line| line.strip_prefix("//! ").or_else(|| line.strip_prefix("//!")).unwrap_or(line))
}

/// The page's first heading.
pub fn title(page: &str) -> &str {
    lines(page).find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
}
