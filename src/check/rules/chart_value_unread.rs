//! # A value that the chart never reads
//!
//! Helm takes any value, and says nothing of those that no template reads: `replicas = 3` deploys one replica where the
//! chart calls it `replicaCount`.
//!
//! ```file:charts/api/Chart.yaml
//! apiVersion: v2
//! name: api
//! version: 1.2.3
//! ```
//!
//! ```file:charts/api/templates/deployment.yaml
//! replicas: {{ .Values.replicaCount }}
//! image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
//! ```
//!
//! ```mlops,fails
//! service api {
//!   image = "team/api"
//!   chart "charts/api"
//!   values { replicas = 3 }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! ```mlops,passes
//! service api {
//!   image = "team/api"
//!   chart "charts/api"
//!   values { replicaCount = 3 }
//! }
//! environment prod { target aks { cluster = "aks", resource_group = "rg", namespace = "api" } }
//! ```
//!
//! Take the name that the templates read, or remove the value. Where a template hands values on in a way that cannot be
//! followed, all of them count as read; so do those of a chart inside that is packed. The image's repository and tag are
//! values too: where the chart takes them elsewhere, say `chart "…" { image_repository = "…", image_tag = "…" }`, or
//! `none`.

use crate::base::span::Span;
use crate::base::suggest;
use crate::check::charts::{existing, values};
use crate::check::{Cx, Group, Rule};
use crate::model::data::{Data, Record};
use crate::target::chart::Reads;

pub(super) static RULE: Rule = Rule::warning(Group::Helm, "chart-value-unread", run);

struct Unread {
    path: String,
    span: Span,
    nearest: Option<String>,
}

fn run(cx: &mut Cx<'_>) {
    for found in existing(cx) {
        let (Ok(chart), Some(own)) = (&found.chart, &found.service.chart) else { continue };
        let mut unread: Vec<Unread> = Vec::new();
        for written in values(cx, found.service) {
            collect(&written, &chart.reads, "", &mut unread);
        }
        let repository = own.image_repository.as_ref().filter(|_| !found.service.image.value.is_empty());
        for (keys, word) in [(repository, "image_repository"), (own.image_tag.as_ref(), "image_tag")] {
            if let Some(keys) = keys.filter(|it| !reads(&chart.reads, it)) {
                cx.report(&RULE, own.span, format!("no template of this chart reads `{}`", keys.join(".")))
                    .help(format!("say where the chart takes it: `{word} = \"…\"`, or `{word} = \"none\"`"));
            }
        }
        let mut told: Vec<Span> = Vec::new();
        for it in unread {
            if told.contains(&it.span) {
                continue;
            }
            told.push(it.span);
            let finding = cx
                .report(&RULE, it.span, format!("no template of the chart reads `{}`", it.path))
                .label(own.span, "the chart");
            match it.nearest {
                Some(nearest) => finding.help(format!("did you mean `{nearest}`?")),
                None => finding.help("take the name that the templates read, or remove it"),
            };
        }
    }
}

fn reads(at: &Reads, path: &[String]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    at.whole || at.get(first).is_some_and(|it| reads(it, rest))
}

fn collect(written: &Record, at: &Reads, prefix: &str, found: &mut Vec<Unread>) {
    if at.whole {
        return;
    }
    for (key, entry) in written {
        let path = format!("{prefix}{key}");
        match (at.get(key), &entry.value.value) {
            (None, _) => {
                let nearest = suggest::nearest(key, at.inner.keys().map(String::as_str));
                let nearest = nearest.map(str::to_owned);
                found.push(Unread { path, span: entry.key, nearest });
            }
            (Some(inner), Data::Record(record)) => collect(record, inner, &format!("{path}."), found),
            (Some(_), _) => {}
        }
    }
}
