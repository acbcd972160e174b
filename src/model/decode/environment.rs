//! Environments and approvals.

use super::checks;
use super::declarations::inherited;
use super::resources::whole_ends;
use super::service::settings;
use crate::base::span::{Span, Spanned};
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::naming;
use crate::model::project::{
    Approval, BusinessHours, Environment, Lock, NewCluster, OnTimeout, Overlay, TargetPlace,
};
use crate::model::symbols;
use crate::schema::overlay::OVERLAYS;
use crate::schema::{Head, Kind};
use indexmap::IndexMap;

/// 30 days: what Azure DevOps gives approvers at most, and where nothing is said.
const THIRTY_DAYS: u64 = 30 * 24 * 3600;

/// Hours of the week come again after it.
const SEVEN_DAYS: u64 = 7 * 24 * 3600;
/// In the name of an environment of Azure DevOps.
const FORBIDDEN: &str = ",\"/\\[]:|<>+=;?*.";

pub fn environment(fields: &mut Fields<'_, '_>) -> Environment {
    let header = fields.header(|ident| naming::outside(Kind::Environment, ident));
    let forbidden = header.name.value.chars().find(|it| FORBIDDEN.contains(*it));
    if let Some(forbidden) = forbidden.or((header.name.value.len() > 127).then_some('…')) {
        let help = "at most 127 characters, none of `, \" / \\ [ ] : | < > + = ; ? * .`; a dot would name a resource in it";
        let finding = errors::invalid_value(
            header.name.span,
            format!("an environment of Azure DevOps cannot hold `{forbidden}` in its name"),
            help,
        );
        let better: String =
            header.name.value.chars().map(|it| if FORBIDDEN.contains(it) { '-' } else { it }).collect();
        let fits = better.len() <= 127 && fields.has("name");
        fields.cx.push(if fits {
            finding.suggest(format!("call it `{better}`"), header.name.span, format!("\"{better}\""))
        } else {
            finding
        });
    }
    other_overlays(fields);
    Environment {
        target: fields.one("target", target).flatten(),
        approval: fields.reference("approval"),
        protected: fields.flag("protected"),
        lock: lock(fields),
        lock_at: fields.span_of("lock"),
        description: fields.plain("description"),
        branches: fields.strings("branches"),
        protected_branches: fields
            .span_of("protected_branches")
            .filter(|_| fields.flag("protected_branches")),
        hours: fields.one("hours", hours),
        required_templates: checks::required_templates(fields),
        calls: checks::calls(fields),
        inherited: inherited(fields),
        services: overlays(fields),
        header,
    }
}

fn hours(fields: &mut Fields<'_, '_>) -> BusinessHours {
    let (from, to) = (time(fields, "from"), time(fields, "to"));
    if let (Some(from), Some(to)) = (&from, &to)
        && from.value >= to.value
    {
        let help = "a window cannot pass midnight: end it at `23:59`, or write another one within a day";
        let finding = errors::invalid_value(to.span, "these hours end before they begin", help);
        fields.cx.push(finding.label(from.span, "the begin"));
    }
    let text = |it: Option<Spanned<String>>| it.map_or_else(String::new, |it| it.value);
    BusinessHours {
        days: days(fields),
        from: text(from),
        to: text(to),
        zone: fields.required_string("zone"),
        timeout_seconds: fields.seconds("timeout").map_or(SEVEN_DAYS, |it| it.value),
    }
}

/// `09:00`: such texts sort as the times do.
fn time(fields: &mut Fields<'_, '_>, name: &str) -> Option<Spanned<String>> {
    let written = fields.string(name)?;
    let number = |text: &str, below: u32| {
        text.len() == 2 && text.parse::<u32>().is_ok_and(|it| it < below) && !text.starts_with('+')
    };
    let parts = written.value.split_once(':');
    if parts.is_some_and(|(hour, minute)| number(hour, 24) && number(minute, 60)) {
        return Some(written);
    }
    let help = "write hours and minutes with two digits each, from `00:00` to `23:59`";
    fields.cx.push(errors::invalid_value(
        written.span,
        format!("`{}` is no time of day", written.value),
        help,
    ));
    None
}

fn days(fields: &Fields<'_, '_>) -> Vec<&'static str> {
    let items = fields.value("days").map(crate::model::convert::Value::items).unwrap_or_default();
    items.into_iter().filter_map(|it| it.value.as_word()).collect()
}

pub fn lock(fields: &Fields<'_, '_>) -> Option<Lock> {
    match fields.word("lock") {
        Some("sequential") => Some(Lock::Sequential),
        Some(_) => Some(Lock::Latest),
        None => None,
    }
}

fn target(fields: &mut Fields<'_, '_>) -> Option<TargetPlace> {
    let resource_group = fields.required_string("resource_group");
    let span = fields.head();
    let wrong: &[&str] = match fields.argument_word("kind")? {
        "aks" if fields.flag("create") => &[],
        "aks" => &["region", "node_size", "nodes"],
        _ => &["cluster", "namespace", "create", "node_size", "nodes"],
    };
    for name in wrong {
        if let Some(span) = fields.span_of(name) {
            fields.cx.push(errors::invalid_value(
                span,
                format!("`{name}` has no meaning for this target"),
                if *name == "node_size" || *name == "nodes" {
                    "remove it, or add `create = true`: a cluster of others is as it is"
                } else {
                    "remove it"
                },
            ));
        }
    }
    if fields.argument_word("kind") == Some("aci") {
        return Some(TargetPlace::Aci { resource_group, region: fields.plain("region"), span });
    }
    for name in ["cluster", "namespace"] {
        if !fields.has(name) {
            fields.missing(name, &format!("add `{name} = \"…\"`"));
        }
    }
    let (cluster, namespace) = (fields.required_string("cluster"), fields.required_string("namespace"));
    let create = fields.flag("create").then(|| NewCluster {
        region: fields.plain("region"),
        node_size: fields.plain("node_size").unwrap_or_else(|| "Standard_DS2_v2".to_owned()),
        nodes: fields.value("nodes").map_or((3, 3), |it| whole_ends(&it.value)),
    });
    Some(TargetPlace::Aks { cluster, resource_group, namespace, create, span })
}

fn overlays(fields: &mut Fields<'_, '_>) -> IndexMap<usize, Overlay> {
    let decoded = fields.each("service", |it| {
        let service = it.argument_ref("service")?;
        let of = service.value.index();
        let overlay = Overlay { service, settings: settings(it), name: it.string("name") };
        Some(Once { head: it.head(), name: symbols::declared_name(it.ast).cloned(), of, overlay })
    });
    once(fields, "service", decoded)
}

/// Overlays of other declarations are decoded with the declarations; here they are read for what is wrong with them.
fn other_overlays(fields: &mut Fields<'_, '_>) {
    for row in &OVERLAYS {
        let found = fields.each(row.block.word, |it| {
            below(it);
            let named = it.argument("declaration")?;
            let (of, span) = (named.value.as_ref_to()?.index, named.span);
            if it.cx.symbols.of(Kind::Compute).nth(of).is_none() && row.block.word == Kind::Compute.word() {
                let help = "remove it; a cluster is declared with `compute NAME { size = …, nodes = 0..2 }`";
                it.cx.push(errors::invalid_value(span, "serverless compute is the same everywhere", help));
            }
            Some(Once { head: it.head(), name: symbols::declared_name(it.ast).cloned(), of, overlay: () })
        });
        once(fields, row.block.word, found);
    }
}

/// Reads what stands in a block, for what is wrong with it.
fn below(fields: &mut Fields<'_, '_>) {
    for child in fields.block.blocks {
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        if child.block.head == Head::Name {
            let named = fields.children(child.block.word).into_iter().filter_map(symbols::declared_name);
            for name in named {
                if let Some(first) = seen.insert(&name.value, name.span) {
                    fields.cx.push(errors::duplicate_name(child.block.word, name, first));
                }
            }
        }
        fields.each(child.block.word, |it| below(it));
    }
}

/// An overlay of the declaration with this index.
struct Once<T> {
    head: Span,
    name: Option<Spanned<String>>,
    of: usize,
    overlay: T,
}

/// By declaration; a second overlay of one is reported.
fn once<T>(fields: &mut Fields<'_, '_>, word: &str, decoded: Vec<Option<Once<T>>>) -> IndexMap<usize, T> {
    let mut found: IndexMap<usize, (Span, T)> = IndexMap::new();
    for it in decoded.into_iter().flatten() {
        if let Some((first, _)) = found.get(&it.of) {
            let name = it.name.map_or_else(String::new, |it| it.value);
            let finding = errors::duplicate_block(it.head, &format!("{word} {name}"), *first);
            fields.cx.push(finding);
            continue;
        }
        found.insert(it.of, (it.head, it.overlay));
    }
    found.into_iter().map(|(index, (_, overlay))| (index, overlay)).collect()
}

pub fn approval(fields: &mut Fields<'_, '_>) -> Approval {
    let header = fields.header(|ident| naming::outside(Kind::Approval, ident));
    let approvers = fields.strings("approvers");
    if let Some(span) = fields.span_of("approvers").filter(|_| approvers.is_empty()) {
        let help = "name at least one person or group: without approvers, everyone who may queue a run may approve it";
        fields.cx.push(errors::invalid_value(span, "nobody can approve", help));
    }
    let minimum =
        fields.int("minimum").and_then(|it| Some(Spanned::new(u32::try_from(it.value).ok()?, it.span)));
    Approval {
        approvers,
        minimum,
        in_sequence: fields.span_of("order").filter(|_| fields.word("order") == Some("sequence")),
        timeout_seconds: fields.seconds("timeout").map_or(THIRTY_DAYS, |it| it.value),
        self_approve: fields.flag("self_approve"),
        instructions: fields.expr("instructions"),
        on_timeout: if fields.word("on_timeout") == Some("resume") {
            OnTimeout::Resume
        } else {
            OnTimeout::Reject
        },
        notify: fields.strings("notify"),
        header,
    }
}
