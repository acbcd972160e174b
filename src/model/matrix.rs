//! The copies that a `matrix` makes of its job: read from the tree, because their names and values are known before
//! any expression is.

use super::errors;
use super::expr::{Expr, ExprKind, Ty};
use super::project::{Leg, Matrix, Pool};
use super::symbols::{Symbols, declared_name};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::diag::Diagnostic;
use crate::schema::Kind;
use crate::syntax::ast::{self, Statement};
use indexmap::IndexMap;

/// Azure Pipelines makes no more copies of a job.
const MOST: usize = 256;

/// What a copy has of each list.
type Combination = Vec<(String, Choice)>;

#[derive(Clone, PartialEq)]
enum Choice {
    Value(Expr),
    Pool(Id<Pool>, String),
}

impl Choice {
    fn text(&self) -> String {
        match self {
            Choice::Value(it) => text(it),
            Choice::Pool(_, name) => name.clone(),
        }
    }
}

/// The matrix of a job. Values that are no constants have been reported, and are left out.
pub fn read(block: &ast::Block, symbols: &Symbols<'_>, findings: &mut Vec<Diagnostic>) -> Matrix {
    let before = findings.len();
    let mut read = Read { symbols, findings, matrix: Matrix::default(), before };
    let lists = read.lists(block);
    let mut combinations = product(&lists);
    if lists.is_empty() {
        combinations.clear();
    }
    read.exclude(block, &lists, &mut combinations);
    for combination in combinations {
        let name = leg_name(&combination);
        read.leg(name, block.head, combination);
    }
    read.written(block);
    read.check(block);
    read.matrix
}

struct Read<'r, 's> {
    symbols: &'r Symbols<'s>,
    findings: &'r mut Vec<Diagnostic>,
    matrix: Matrix,
    /// Findings there were before.
    before: usize,
}

impl Read<'_, '_> {
    fn lists(&mut self, block: &ast::Block) -> Vec<(String, Vec<Choice>)> {
        let mut lists: Vec<(String, Vec<Choice>)> = Vec::new();
        for attribute in attributes(block).filter(|it| it.quoted || it.key.value != "max_parallel") {
            let ast::ExprKind::List(items) = &attribute.value.kind else { continue };
            let key = &attribute.key.value;
            let of_pools = key == "pool" && !attribute.quoted;
            let choices: Vec<Choice> = if of_pools {
                items.iter().filter_map(|it| self.pool(it)).collect()
            } else {
                items.iter().filter_map(constant).map(Choice::Value).collect()
            };
            self.findings.extend(items.iter().filter_map(shortened));
            if choices.is_empty() && items.is_empty() {
                let help = "write at least one value, or remove the list";
                self.findings.push(errors::invalid_value(attribute.value.span, "the list is empty", help));
            }
            if choices.is_empty() || lists.iter().any(|it| it.0 == *key) {
                continue;
            }
            if let (false, Some(Choice::Value(first))) = (of_pools, choices.first()) {
                self.declare(&attribute.key, first.ty);
            }
            self.check_types(key, &choices);
            lists.push((key.clone(), choices));
        }
        lists
    }

    fn declare(&mut self, name: &Spanned<String>, ty: Ty) {
        self.matrix.variables.entry(name.value.clone()).or_insert(ty);
        let first = *self.matrix.places.entry(name.value.clone()).or_insert(name.span);
        if first != name.span {
            self.symbols.link(name, first);
        }
    }

    /// All values of a name have one type.
    fn check_types(&mut self, name: &str, choices: &[Choice]) {
        let Some(ty) = self.matrix.variables.get(name).copied() else { return };
        for choice in choices {
            if let Choice::Value(it) = choice
                && it.ty != ty
            {
                let help = "give all values of a name one type: versions such as `3.10` are texts in quotes";
                self.findings.push(errors::wrong_type(
                    it.span,
                    format!("the values of `{name}` have different types"),
                    help,
                ));
            }
        }
    }

    fn pool(&mut self, expr: &ast::Expr) -> Option<Choice> {
        let ast::ExprKind::Path(path) = &expr.kind else { return None };
        // A pool that is not there has been reported by the attribute's type.
        let found = self.symbols.find(&[Kind::Pool], path).ok()?;
        let name = path.segments.last()?.name.value.clone();
        Some(Choice::Pool(Id::new(found.index), name))
    }

    fn exclude(&mut self, block: &ast::Block, lists: &[(String, Vec<Choice>)], all: &mut Vec<Combination>) {
        for exclude in blocks(block, "exclude") {
            let mut left_out: Vec<(String, Choice)> = Vec::new();
            for attribute in attributes(exclude) {
                left_out.extend(self.excluded(attribute, lists));
            }
            let matches = |it: &Combination| {
                left_out
                    .iter()
                    .all(|(key, choice)| it.iter().any(|(name, value)| name == key && same(value, choice)))
            };
            if !left_out.is_empty() {
                all.retain(|it| !matches(it));
            }
        }
    }

    fn excluded(
        &mut self,
        attribute: &ast::Attribute,
        lists: &[(String, Vec<Choice>)],
    ) -> Option<(String, Choice)> {
        let key = &attribute.key;
        let Some((_, choices)) = lists.iter().find(|it| it.0 == key.value) else {
            let known: Vec<&str> = lists.iter().map(|it| it.0.as_str()).collect();
            let nearest = suggest::nearest(&key.value, known.iter().copied());
            self.findings.push(errors::undefined_name(key, "list of this matrix", nearest, &known));
            return None;
        };
        self.matrix.places.get(&key.value).iter().for_each(|it| self.symbols.link(key, **it));
        let wanted = match choices.first() {
            Some(Choice::Pool(..)) => self.pool(&attribute.value),
            _ => constant(&attribute.value).map(Choice::Value),
        }?;
        if !choices.iter().any(|it| same(it, &wanted)) {
            let values: Vec<String> = choices.iter().map(Choice::text).collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let message = format!("`{}` is never `{}`", key.value, wanted.text());
            let help = format!("it is one of {}", errors::quoted_list(&values));
            self.findings.push(errors::invalid_value(attribute.value.span, message, help));
        }
        Some((key.value.clone(), wanted))
    }

    fn written(&mut self, block: &ast::Block) {
        for leg in blocks(block, "leg") {
            let Some(name) = declared_name(leg) else { continue };
            let mut combination = Combination::new();
            for attribute in attributes(leg) {
                let key = &attribute.key.value;
                if key == "pool" && !attribute.quoted {
                    combination.extend(self.pool(&attribute.value).map(|it| (key.clone(), it)));
                } else if let Some(value) = constant(&attribute.value) {
                    self.declare(&attribute.key, value.ty);
                    self.check_types(key, &[Choice::Value(value.clone())]);
                    combination.push((key.clone(), Choice::Value(value)));
                }
            }
            if let Some(taken) = self.matrix.legs.iter().find(|it| it.name == name.value) {
                let first = taken.span;
                self.findings.push(errors::duplicate_name("leg", name, first));
            }
            self.leg(name.value.clone(), leg.head, combination);
        }
    }

    fn leg(&mut self, name: String, span: Span, combination: Combination) {
        let mut leg = Leg { name: self.free(name), span, values: IndexMap::new(), pool: None };
        for (key, choice) in combination {
            match choice {
                Choice::Value(it) => {
                    leg.values.insert(key, it);
                }
                Choice::Pool(id, _) => leg.pool = Some(id),
            }
        }
        self.matrix.legs.push(leg);
    }

    /// Names of different values may be spelled alike.
    fn free(&self, wanted: String) -> String {
        let taken = |name: &str| self.matrix.legs.iter().any(|it| it.name == name);
        let mut numbered = (2..).map(|it| format!("{wanted}_{it}"));
        if taken(&wanted) { numbered.find(|it| !taken(it)).unwrap_or(wanted) } else { wanted }
    }

    fn check(&mut self, block: &ast::Block) {
        let legs = &self.matrix.legs;
        if legs.is_empty() && self.findings.len() == self.before {
            let help = "write a list such as `python = [\"3.11\", \"3.12\"]`, or a `leg NAME { … }`";
            self.findings.push(errors::invalid_value(
                block.head,
                "the matrix makes no copy of its job",
                help,
            ));
        }
        if legs.len() > MOST {
            let message = format!(
                "the matrix makes {} copies of its job, and Azure Pipelines at most {MOST}",
                legs.len()
            );
            self.findings.push(errors::invalid_value(
                block.head,
                message,
                "leave some out with `exclude { … }`",
            ));
        }
        let some_pool = legs.iter().any(|it| it.pool.is_some());
        for leg in legs {
            let lacks =
                self.matrix.variables.keys().find(|it| !leg.values.contains_key(*it)).map(String::as_str);
            let lacks = lacks.or_else(|| (some_pool && leg.pool.is_none()).then_some("pool"));
            if let Some(lacks) = lacks {
                let message = format!("the leg `{}` has no `{lacks}`", leg.name);
                let help = format!("add `{lacks} = …`: every copy has a value for every name");
                self.findings.push(errors::invalid_value(leg.span, message, help));
            }
        }
    }
}

/// Every way to take one of each list, the last one changing fastest.
fn product(lists: &[(String, Vec<Choice>)]) -> Vec<Combination> {
    lists.iter().fold(vec![Combination::new()], |all, (name, choices)| {
        let longer = all.iter().flat_map(|it| {
            choices.iter().map(move |choice| [it.as_slice(), &[(name.clone(), choice.clone())]].concat())
        });
        // What is refused anyway need not be worked out.
        longer.take(2 * MOST).collect()
    })
}

fn same(left: &Choice, right: &Choice) -> bool {
    left.text() == right.text()
}

/// Of the values alone: `3.11` and `ubuntu` give `py_3_11_ubuntu` where the list is called `py`.
fn leg_name(combination: &Combination) -> String {
    let legal = |text: &str| -> String {
        text.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
    };
    let values: Vec<String> = combination.iter().map(|it| legal(&it.1.text())).collect();
    let mut name = values.join("_");
    if !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
        name = format!("{}_{name}", combination.first().map_or("leg", |it| it.0.as_str()));
    }
    name.truncate(90);
    name
}

fn constant(expr: &ast::Expr) -> Option<Expr> {
    let (kind, ty) = match &expr.kind {
        ast::ExprKind::Bool(it) => (ExprKind::Bool(*it), Ty::Bool),
        ast::ExprKind::Number(it) if it.unit.is_empty() => match (it.digits.parse(), it.digits.parse()) {
            (Ok(whole), _) => (ExprKind::Int(whole), Ty::Int),
            (Err(_), Ok(value)) => (ExprKind::Number(value), Ty::Number),
            (Err(_), Err(_)) => return None,
        },
        ast::ExprKind::String(it) if let Some(constant) = it.constant() => {
            (ExprKind::String(constant.into_owned()), Ty::String)
        }
        _ => return None,
    };
    Some(Expr { kind, ty, span: expr.span })
}

/// `3.10` is the number 3.1, and surely no number.
fn shortened(expr: &ast::Expr) -> Option<Diagnostic> {
    let ast::ExprKind::Number(number) = &expr.kind else { return None };
    let digits = &number.digits;
    let lost = number.unit.is_empty() && digits.contains('.') && digits.ends_with('0');
    let finding = errors::invalid_value(
        expr.span,
        format!("`{digits}` is a number and loses its last digit"),
        format!("write `\"{digits}\"`"),
    );
    lost.then(|| finding.replace("add quotes", expr.span, format!("\"{digits}\"")))
}

fn text(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Number(it) => it.to_string(),
        ExprKind::String(it) => it.clone(),
        _ => String::new(),
    }
}

fn attributes(block: &ast::Block) -> impl Iterator<Item = &ast::Attribute> {
    block.body.iter().flat_map(|body| &body.statements).filter_map(|it| match it {
        Statement::Attribute(it) => Some(it),
        _ => None,
    })
}

fn blocks<'b>(block: &'b ast::Block, word: &str) -> impl Iterator<Item = &'b ast::Block> {
    let statements = block.body.iter().flat_map(|body| &body.statements);
    statements.filter_map(move |it| match it {
        Statement::Block(it) if it.word.value == word && !it.quoted => Some(it),
        _ => None,
    })
}
