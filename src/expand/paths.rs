//! Names that are known only when everything is produced: those of uses of templates (`x.a`), and `[*]`.

use super::errors;
use super::names::{Alias, Around, Member, Names, block_name, name_at};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::syntax::ast::{self, Block, Expr, ExprKind, Index, Part, Path, Statement};
use std::rc::Rc;

pub fn resolve(files: &mut [ast::File], names: &Names, findings: &mut Vec<Diagnostic>) {
    if names.aliases.is_empty() && names.broken.is_empty() && !names.has_all {
        return;
    }
    let mut cx = Resolve { names, findings, around: vec![Around { body: None, names: Rc::new([]) }] };
    for file in files {
        cx.statements(&mut file.statements);
    }
}

struct Resolve<'n> {
    names: &'n Names,
    findings: &'n mut Vec<Diagnostic>,
    /// The blocks around, outermost first.
    around: Vec<Around>,
}

impl Resolve<'_> {
    fn statements(&mut self, statements: &mut [Statement]) {
        for statement in statements {
            match statement {
                Statement::Attribute(it) => self.expr(&mut it.value),
                Statement::Declaration(it) => {
                    it.default.iter_mut().for_each(|it| self.expr(it));
                    it.body.iter_mut().for_each(|it| self.statements(&mut it.statements));
                }
                Statement::Block(it) => self.block(it),
                Statement::For(_)
                | Statement::If(_)
                | Statement::Let(_)
                | Statement::Template(_)
                | Statement::Use(_)
                | Statement::Broken(_) => {}
            }
        }
    }

    fn block(&mut self, block: &mut Block) {
        block.arguments.iter_mut().for_each(|it| self.expr(it));
        let Some(body) = &mut block.body else { return };
        let name = block_name(&block.word, &block.arguments);
        let names = self.here().names.iter().cloned().chain([name]).collect();
        self.around.push(Around { body: Some(body.span), names });
        self.statements(&mut body.statements);
        self.around.pop();
    }

    fn here(&self) -> &Around {
        self.around.last().expect("the top of files is around everything")
    }

    fn expr(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Broken => {}
            ExprKind::String(text) => {
                for part in &mut text.parts {
                    if let Part::Splice(inner) = part {
                        self.expr(inner);
                    }
                }
            }
            ExprKind::Path(path) => {
                if !self.join(path) {
                    expr.kind = ExprKind::Broken;
                } else if let Some(items) = self.all(path) {
                    expr.kind = ExprKind::List(items);
                }
            }
            ExprKind::Call(_, items) | ExprKind::List(items) => self.items(items),
            ExprKind::Record(attributes) => attributes.iter_mut().for_each(|it| self.expr(&mut it.value)),
            ExprKind::Not(inner) => self.expr(inner),
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
        }
    }

    /// `[*]` in a list adds its items to it.
    fn items(&mut self, items: &mut Vec<Expr>) {
        let mut all = Vec::with_capacity(items.len());
        for mut item in std::mem::take(items) {
            let was_path = matches!(item.kind, ExprKind::Path(_));
            self.expr(&mut item);
            match item.kind {
                ExprKind::List(inner) if was_path => all.extend(inner),
                kind => all.push(Expr { kind, span: item.span }),
            }
        }
        *items = all;
    }

    /// `x.a` becomes `x_a`; false where it names nothing of `x`, which is then reported.
    fn join(&mut self, path: &mut Path) -> bool {
        let is_broken = path.segments.first().is_some_and(|it| self.names.broken.contains(&it.name.value));
        if is_broken && path.segments.len() > 1 {
            return false;
        }
        let start = self.start(path);
        let mut at = start;
        while at + 1 < path.segments.len() {
            let joined = match self.aliases(path, at, start) {
                Some(aliases) => {
                    let next = &path.segments[at + 1].name;
                    if aliases.iter().any(|it| declares(it, &next.value)) {
                        true
                    } else {
                        if at == start && self.is_visible(&aliases) {
                            let known: Vec<&str> =
                                aliases.iter().flat_map(|it| it.names.iter()).map(String::as_str).collect();
                            let nearest = suggest::nearest(&next.value, known.iter().copied());
                            let (alias, template) = (&path.segments[at].name.value, &aliases[0].template);
                            self.findings.push(errors::not_in_use(next, alias, template, nearest, &known));
                            return false;
                        }
                        false
                    }
                }
                None => false,
            };
            if !joined {
                at += 1;
                continue;
            }
            let next = path.segments.remove(at + 1);
            let first = &mut path.segments[at];
            first.name.value = format!("{}_{}", first.name.value, next.name.value);
            if first.name.span.file == next.name.span.file {
                first.name.span = first.name.span.to(next.name.span);
            }
            first.indices = next.indices;
        }
        true
    }

    /// Where the first name stands that may be one of a use.
    fn start(&self, path: &Path) -> usize {
        let is_alias =
            path.segments.first().is_some_and(|it| self.names.aliases.contains_key(&it.name.value));
        if is_alias { 0 } else { name_at(path) }
    }

    /// The uses that the name at `at` of the path may mean.
    fn aliases(&self, path: &Path, at: usize, start: usize) -> Option<Vec<&Alias>> {
        let segment = &path.segments[at];
        if !segment.indices.is_empty() {
            return None;
        }
        let all = self.names.aliases.get(&segment.name.value)?;
        let owner = (at > start).then(|| &path.segments[at - 1].name.value);
        let found: Vec<&Alias> = match owner {
            Some(owner) => all.iter().filter(|it| it.around.names.last() == Some(owner)).collect(),
            None => {
                let visible: Vec<&Alias> = all.iter().filter(|it| self.around.contains(&it.around)).collect();
                if visible.is_empty() { all.iter().collect() } else { visible }
            }
        };
        (!found.is_empty()).then_some(found)
    }

    fn is_visible(&self, aliases: &[&Alias]) -> bool {
        aliases.iter().any(|it| self.around.contains(&it.around))
    }

    /// The paths that `fit[*].model` stands for, in the order in which they are declared.
    fn all(&mut self, path: &Path) -> Option<Vec<Expr>> {
        let is_all = |it: &ast::Segment| it.indices.iter().any(|it| matches!(it, Index::All(_)));
        let at = path.segments.iter().position(is_all)?;
        let members = self.members(path, at);
        if members.is_empty() {
            let name = &path.segments[at].name;
            let known: Vec<&str> = self.names.families.keys().map(String::as_str).collect();
            let nearest = suggest::nearest(&name.value, known.iter().copied());
            self.findings.push(errors::undefined(name, "declaration with an index", nearest, &known));
            return Some(Vec::new());
        }
        let mut items = Vec::new();
        for emitted in members {
            let mut path = path.clone();
            path.segments[at].name.value = emitted;
            path.segments[at].indices.clear();
            match self.all(&path) {
                Some(inner) => items.extend(inner),
                None => {
                    let span = path.span;
                    items.push(Expr { kind: ExprKind::Path(path), span });
                }
            }
        }
        Some(items)
    }

    /// Those of the nearest block that declares some, or of the block that stands before them in the path.
    fn members(&self, path: &Path, at: usize) -> Vec<String> {
        let Some(family) = self.names.families.get(&path.segments[at].name.value) else { return Vec::new() };
        let of = |around: &Around| {
            let found = family.iter().filter(|it| it.around == *around).map(|it| it.emitted.clone());
            found.collect::<Vec<_>>()
        };
        if let Some(owner) = at.checked_sub(1).map(|it| &path.segments[it].name.value) {
            let here = &self.here().names;
            let owned = |it: &&Member| it.around.names.last() == Some(owner);
            let near = family.iter().filter(owned).find(|it| it.around.names.first() == here.first());
            let found = near.or_else(|| family.iter().find(owned));
            return found.map(|it| of(&it.around)).unwrap_or_default();
        }
        self.around.iter().rev().map(of).find(|it| !it.is_empty()).unwrap_or_default()
    }
}

/// With an index too: `s["qa"]` is `s_qa` already.
fn declares(alias: &Alias, name: &str) -> bool {
    let is_member = |own: &String| name.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('_'));
    alias.names.contains(name) || alias.names.iter().any(is_member)
}
