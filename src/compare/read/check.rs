//! What is asked before something runs.

use super::Reader;
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::compare::tree::{Kind, Node, Value, Weight, named, spoken};
use crate::model::project::{Approval, BusinessHours, CallTarget, CheckCall, Environment, Lock, OnTimeout};

impl Reader<'_> {
    pub(super) fn checks(&self, it: &Environment) -> Vec<Node> {
        let mut found = Vec::new();
        found.extend(it.approval.as_ref().map(|used| self.approval("approval", used.value, used.span)));
        found.extend(branches(it));
        found.extend(it.hours.as_ref().map(hours));
        found.extend(self.templates(it));
        found.extend(it.calls.iter().map(|it| self.call(it)));
        found.extend(it.lock.map(|lock| self::lock(lock, it.lock_at.unwrap_or(it.header.head))));
        found
    }

    /// By what it holds: its name is known inside of the project only.
    pub(super) fn approval(&self, name: &str, id: Id<Approval>, span: Span) -> Node {
        let approval = &self.project.approvals[id];
        let mut node = Node::new(Kind::Check, name, span);
        let approvers = || approval.approvers.iter().map(|it| it.value.as_str());
        let who: Vec<String> = approvers().map(|it| format!("`{it}`")).collect();
        node.shown = Some(format!("an approval by {}", who.join(", ")));
        let minimum = approval.minimum.as_ref().map(|it| it.value);
        let people = node.set("approvers", approvers(), Weight::ChangesProtection);
        people.aside(Weight::ChangesProtection);
        // Where all must agree one more is one more hurdle; where some must, one more who may.
        if minimum.is_none() {
            people.up(Weight::RaisesProtection).down(Weight::LowersProtection);
        } else {
            people.up(Weight::LowersProtection).down(Weight::RaisesProtection);
        }
        let (count, shown) =
            minimum.map_or((f64::MAX, "all".to_owned()), |it| (f64::from(it), it.to_string()));
        node.fact("minimum", Value::Number(count, shown), Weight::RaisesProtection)
            .down(Weight::LowersProtection);
        node.flag("in_sequence", approval.in_sequence.is_some(), Weight::ChangesProtection);
        node.time("timeout", Some(approval.timeout_seconds), Weight::ChangesProtection);
        node.flag("self_approve", approval.self_approve, Weight::LowersProtection)
            .down(Weight::RaisesProtection);
        node.flag(
            "silence counts as consent",
            approval.on_timeout == OnTimeout::Resume,
            Weight::LowersProtection,
        )
        .down(Weight::RaisesProtection);
        node.text("instructions", approval.instructions.as_ref().map(|it| self.expr(it)), Weight::Other);
        if !approval.notify.is_empty() {
            node.set("notify", approval.notify.iter().map(|it| it.value.as_str()), Weight::Other);
        }
        node
    }

    fn templates(&self, it: &Environment) -> Option<Node> {
        let first = it.required_templates.first()?;
        let mut node = Node::new(Kind::Check, "required template", first.head);
        let all: Vec<String> = it
            .required_templates
            .iter()
            .map(|it| {
                let from = self.repository(it.repository.as_ref().map(|it| it.value));
                let at = it.reference.as_ref().map(|it| format!("@{}", it.value)).unwrap_or_default();
                format!("{from}/{}{at}", it.path.value)
            })
            .collect();
        node.shown = Some(format!("the template `{}`", all.join("` or `")));
        node.set("templates", all.iter().map(String::as_str), Weight::LowersProtection)
            .down(Weight::ChangesProtection);
        Some(node)
    }

    fn call(&self, it: &CheckCall) -> Node {
        let to = match &it.to {
            CallTarget::Connection { id, path } => {
                format!("{}{}", self.connection(id.value), path.clone().unwrap_or_default())
            }
            CallTarget::Function { url, .. } => url.value.clone(),
        };
        let title = it.title.as_ref().map_or(to.as_str(), |it| it.value.as_str());
        let mut node = Node::new(Kind::Check, format!("call `{title}`"), it.head);
        node.shown = Some(format!("the consent of `{title}`"));
        node.text("address", Some(&to), Weight::ChangesProtection);
        if let CallTarget::Function { key, query, .. } = &it.to {
            node.text("key", key.as_ref().map(|it| &it.value), Weight::ChangesProtection);
            node.text("query", query.as_ref(), Weight::ChangesProtection);
        }
        let group = it.variables.as_ref().map(|it| &self.project.variables[it.value].header.ident.value);
        node.text("variables", group.map(|it| named(&[(Kind::Variables, it)])), Weight::ChangesProtection);
        node.text("method", Some(it.method), Weight::ChangesProtection);
        node.text("success", it.success.as_ref(), Weight::ChangesProtection);
        node.flag("callback", it.callback, Weight::ChangesProtection);
        node.time("every", it.every.as_ref().map(|it| it.value), Weight::ChangesProtection);
        node.time("timeout", Some(it.timeout_seconds), Weight::ChangesProtection);
        node.long("headers", Some(&it.headers), Weight::ChangesProtection);
        node.long("body", it.body.as_ref().map(|it| &it.value), Weight::ChangesProtection);
        node
    }
}

fn branches(it: &Environment) -> Option<Node> {
    let span = it.branches.first().map(|it| it.span).or(it.protected_branches)?;
    let mut node = Node::new(Kind::Check, "branch control", span);
    let mut allowed: Vec<&str> = it.branches.iter().map(|it| it.value.as_str()).collect();
    if allowed.is_empty() {
        allowed.push("*");
    }
    let shown: Vec<String> = allowed.iter().map(|it| format!("`{it}`")).collect();
    node.shown = Some(format!("one of the branches {}", shown.join(", ")));
    node.set("branches", allowed, Weight::LowersProtection).down(Weight::RaisesProtection);
    node.flag("only protected branches", it.protected_branches.is_some(), Weight::RaisesProtection)
        .down(Weight::LowersProtection);
    Some(node)
}

fn hours(it: &BusinessHours) -> Node {
    let mut node = Node::new(Kind::Check, "hours", it.zone.span);
    let text = format!("{} {} to {}, {}", it.days.join(" "), it.from, it.to, it.zone.value);
    node.shown = Some(format!("the hours `{text}`"));
    node.text("hours", Some(text), Weight::ChangesProtection);
    node.time("timeout", Some(it.timeout_seconds), Weight::ChangesProtection);
    node
}

pub(super) fn lock(lock: Lock, span: Span) -> Node {
    let word = match lock {
        Lock::Latest => "latest",
        Lock::Sequential => "sequential",
    };
    let mut node = Node::new(Kind::Check, "lock", span);
    node.shown = Some(format!("a lock (`{word}`)"));
    node.text("lock", Some(word), Weight::ChangesProtection);
    node
}

/// Of a job: nothing, or as long as the pool allows.
pub(super) fn timeout(timeout: crate::model::project::Timeout) -> String {
    match timeout {
        crate::model::project::Timeout::Max => "`max`".to_owned(),
        crate::model::project::Timeout::Seconds(it) => spoken(it),
    }
}
