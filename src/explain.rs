//! What every code means: one Markdown page a code, written beside what reports it.
//!
//! A page is either Markdown or a Rust file whose header (`//!`) is Markdown.

/// All pages by code. Each phase hands in its own.
pub fn pages() -> Vec<(&'static str, &'static str)> {
    let mut pages = vec![
        (crate::config::CODE, include_str!("explain/config.md")),
        (crate::decode::CODE, include_str!("explain/not_utf8.md")),
    ];
    pages.extend(crate::syntax::CODES);
    pages.extend(crate::expand::pages::PAGES);
    pages.extend(crate::plan::PAGES);
    pages.extend(crate::model::pages::PAGES);
    pages.extend(crate::graph::pages::PAGES);
    pages.extend(crate::check::pages());
    pages.sort_unstable();
    pages
}

pub fn page(code: &str) -> Option<&'static str> {
    pages().into_iter().find(|(known, _)| *known == code).map(|(_, page)| page)
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
