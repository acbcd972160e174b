//! Paths of files beside the sources, folder by folder.

use super::context::{Context, Writing};
use super::items::Item;
use crate::lsp::feature::Cx;
use crate::lsp::protocol::CompletionItemKind as Kind;
use crate::schema::Type;
use std::ops::Range;
use std::path::{Component, Path};

/// None where no path is awaited.
pub fn choices(cx: &Cx<'_>, context: &Context<'_>) -> Option<(Vec<Item>, Range<usize>)> {
    let Writing::Text { before, .. } = &context.writing else { return None };
    let ty = super::awaited(context.row, &context.writing)?;
    if !matches!(ty, Type::File | Type::Folder | Type::Path) || before.contains('$') {
        return None;
    }
    let (folder, partial) = before.rsplit_once('/').unwrap_or(("", before));
    // A project knows nothing of what lies outside of its folder.
    let stays_inside = !before.starts_with('/')
        && Path::new(folder).components().all(|it| matches!(it, Component::Normal(_) | Component::CurDir));
    let root = context.document.project.as_ref().filter(|_| stays_inside).map(|it| &it.root)?;
    let listed = cx.state.host.list(&root.join(folder)).into_iter();
    let fitting = listed.filter(|it| !it.name.starts_with('.') && (it.is_folder || ty != Type::Folder));
    let items = fitting.map(|it| {
        if it.is_folder { Item::new(it.name + "/", Kind::Folder) } else { Item::new(it.name, Kind::File) }
    });
    Some((items.collect(), context.offset - partial.len()..context.offset))
}
