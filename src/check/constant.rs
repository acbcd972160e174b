//! Whether a condition can come out both ways: every value that what it reads may have is tried.

use crate::base::sources::Sources;
use crate::model::expr::{Comparison, Expr, ExprKind, Fact, Outcome, Reason, Ty};
use crate::model::project::{Pipeline, Trigger, TriggerKind};
/// No more combinations than this are tried: what has more counts as open.
const MOST: usize = 4096;

/// What things of a pipeline may be.
pub struct Domains<'a> {
    pipeline: &'a Pipeline,
    sources: &'a Sources,
    reasons: Vec<Reason>,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Bool(bool),
    Number(f64),
    Text(String),
    /// A text that nobody wrote down.
    Other,
    Outcome(Outcome),
    Reason(Reason),
}

impl<'a> Domains<'a> {
    pub fn of(pipeline: &'a Pipeline, sources: &'a Sources) -> Domains<'a> {
        Domains { pipeline, sources, reasons: reasons(&pipeline.triggers) }
    }

    /// Put there by reuse: it is constant in this copy only.
    fn is_put(&self, expr: &Expr) -> bool {
        self.sources.origin(expr.span.file).is_some_and(|it| it.replaced)
    }
}

/// Anybody may start a pipeline by hand; a policy may start it for a pull request, which no file says, and `queue` or
/// the interface of the service as a resource does.
fn reasons(triggers: &[Trigger]) -> Vec<Reason> {
    let mut found = vec![Reason::Manual, Reason::PullRequest, Reason::Resource];
    for trigger in triggers.iter().filter(|it| it.enabled) {
        match trigger.kind {
            TriggerKind::Push { .. } => found.push(Reason::Push),
            TriggerKind::Schedule(_) => found.push(Reason::Schedule),
            _ => {}
        }
    }
    found
}

/// The value that all of these together always have, as they are written.
pub fn constant<'a>(domains: &'a Domains<'a>, conditions: &[&'a Expr]) -> Option<bool> {
    let mut atoms = Atoms { domains, known: Vec::new(), is_open: false, is_written: false };
    for condition in conditions {
        atoms.collect(condition);
    }
    let combinations = atoms.known.iter().map(|it| it.1.len()).try_fold(1_usize, usize::checked_mul);
    let is_empty = atoms.known.is_empty() && !atoms.is_written;
    if atoms.is_open || is_empty || combinations.is_none_or(|it| it == 0 || it > MOST) {
        return None;
    }
    let mut at = vec![0; atoms.known.len()];
    let mut found = None;
    loop {
        let given: Given<'_> =
            atoms.known.iter().zip(&at).map(|((read, values), at)| (*read, &values[*at])).collect();
        let mut all = true;
        for condition in conditions {
            all &= truth(condition, &given)?;
        }
        if *found.get_or_insert(all) != all {
            return None;
        }
        let Some(next) = (0..at.len()).find(|it| at[*it] + 1 < atoms.known[*it].1.len()) else {
            return found;
        };
        at[..next].fill(0);
        at[next] += 1;
    }
}

/// What conditions read, each with the value it has.
type Given<'v> = Vec<(&'v Expr, &'v Value)>;

/// What conditions read, each with the values that make a difference.
struct Atoms<'a> {
    domains: &'a Domains<'a>,
    known: Vec<(&'a Expr, Vec<Value>)>,
    is_open: bool,
    /// `true` or `false` stands there.
    is_written: bool,
}

/// Whether both read the same. Places do not count.
fn is_same(a: &Expr, b: &Expr) -> bool {
    let is_same_kind = match (&a.kind, &b.kind) {
        (ExprKind::Compare(how, ..), ExprKind::Compare(other, ..)) => how == other,
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    };
    if !is_same_kind {
        return false;
    }
    let (inner, other) = (a.children(), b.children());
    if inner.is_empty() && other.is_empty() {
        return a.kind == b.kind;
    }
    inner.len() == other.len() && inner.iter().zip(other).all(|(a, b)| is_same(a, b))
}

impl<'a> Atoms<'a> {
    fn collect(&mut self, expr: &'a Expr) {
        if self.domains.is_put(expr) {
            self.is_open = true;
            return;
        }
        match &expr.kind {
            ExprKind::And(a, b) | ExprKind::Or(a, b) => {
                self.collect(a);
                self.collect(b);
            }
            ExprKind::Not(inner) => self.collect(inner),
            ExprKind::Compare(_, subject, with) => self.compared(subject, &[&**with]),
            ExprKind::In(subject, list) => self.compared(subject, &list.iter().collect::<Vec<_>>()),
            // Worked out from names, it is constant in this copy only.
            ExprKind::Bool(value) if self.domains.sources.slice(expr.span) == value.to_string() => {
                self.is_written = true;
            }
            ExprKind::Bool(_) | ExprKind::If(..) => self.is_open = true,
            _ => self.add(expr, vec![Value::Bool(true), Value::Bool(false)]),
        }
    }

    fn compared(&mut self, subject: &'a Expr, with: &[&Expr]) {
        let values: Option<Vec<Value>> = with.iter().map(|it| written(it)).collect();
        let is_put = with.iter().any(|it| self.domains.is_put(it)) || self.domains.is_put(subject);
        let Some(values) = values.filter(|_| !is_put && written(subject).is_none()) else {
            self.is_open = true;
            return;
        };
        if let Some(domain) = self.domain(subject) {
            // A value that it never has is told of elsewhere.
            let stranger = values.iter().any(|it| !domain.contains(it) && !matches!(it, Value::Reason(_)));
            self.is_open |= stranger;
            self.add(subject, domain);
            return;
        }
        let mut all: Vec<Value> = Vec::new();
        for value in values {
            match value {
                Value::Number(it) => all.extend([it - 0.5, it, it + 0.5].map(Value::Number)),
                other => all.extend([other, Value::Other]),
            }
        }
        self.add(subject, all);
    }

    fn domain(&self, subject: &Expr) -> Option<Vec<Value>> {
        match &subject.kind {
            ExprKind::Param(name) => {
                let choices = &self.domains.pipeline.params.get(name)?.choices;
                let values: Option<Vec<Value>> = choices.iter().map(written).collect();
                values.filter(|it| !it.is_empty()).or_else(|| bools(subject))
            }
            ExprKind::ResultOf(_) => Some(OUTCOMES.map(Value::Outcome).to_vec()),
            ExprKind::Fact(Fact::Reason) => {
                Some(self.domains.reasons.iter().copied().map(Value::Reason).collect())
            }
            _ => bools(subject),
        }
    }

    fn add(&mut self, expr: &'a Expr, values: Vec<Value>) {
        let found = self.known.iter().position(|it| is_same(it.0, expr));
        let at = found.unwrap_or_else(|| {
            self.known.push((expr, Vec::new()));
            self.known.len() - 1
        });
        let known = &mut self.known[at].1;
        for value in values {
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }
}

const OUTCOMES: [Outcome; 5] =
    [Outcome::Succeeded, Outcome::SucceededWithIssues, Outcome::Failed, Outcome::Canceled, Outcome::Skipped];

fn bools(subject: &Expr) -> Option<Vec<Value>> {
    (subject.ty == Ty::Bool).then(|| vec![Value::Bool(true), Value::Bool(false)])
}

/// A value as it is written.
fn written(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Bool(it) => Some(Value::Bool(*it)),
        #[expect(clippy::cast_precision_loss, reason = "numbers in conditions are small")]
        ExprKind::Int(it) => Some(Value::Number(*it as f64)),
        ExprKind::Number(it) => Some(Value::Number(*it)),
        // Azure Pipelines compares texts without regard to case.
        ExprKind::String(it) => Some(Value::Text(it.to_lowercase())),
        ExprKind::ResultWord(it) => Some(Value::Outcome(*it)),
        ExprKind::ReasonWord(it) => Some(Value::Reason(*it)),
        _ => None,
    }
}

fn truth(expr: &Expr, given: &Given<'_>) -> Option<bool> {
    let of = |it: &Expr| given.iter().find(|known| is_same(known.0, it)).map(|it| it.1);
    match &expr.kind {
        ExprKind::Bool(value) => Some(*value),
        ExprKind::And(a, b) => Some(truth(a, given)? && truth(b, given)?),
        ExprKind::Or(a, b) => Some(truth(a, given)? || truth(b, given)?),
        ExprKind::Not(inner) => Some(!truth(inner, given)?),
        ExprKind::Compare(how, subject, with) => compare(*how, of(subject)?, &written(with)?),
        ExprKind::In(subject, list) => {
            let value = of(subject)?;
            Some(list.iter().filter_map(written).any(|it| it == *value))
        }
        _ => match of(expr)? {
            Value::Bool(it) => Some(*it),
            _ => None,
        },
    }
}

fn compare(how: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let numbers = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        _ => None,
    };
    match how {
        Comparison::Equal => Some(left == right),
        Comparison::NotEqual => Some(left != right),
        Comparison::Less => numbers.map(std::cmp::Ordering::is_lt),
        Comparison::LessOrEqual => numbers.map(std::cmp::Ordering::is_le),
        Comparison::Greater => numbers.map(std::cmp::Ordering::is_gt),
        Comparison::GreaterOrEqual => numbers.map(std::cmp::Ordering::is_ge),
    }
}
