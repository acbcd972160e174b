//! Values of charts: each key comes from one word of the service, or of what an environment says about it.

use super::Cx;
use super::outline::ROOT;
use super::trees::{with_name, with_word};
use crate::base::span::Span;
use crate::syntax::ast::Statement;

/// The keys of the charts that are written here, with the words behind them.
const WORDS: [(&str, &[&str]); 34] = [
    ("replicaCount", &["scale"]),
    ("image", &["image", "pull"]),
    ("imagePullSecrets", &["pull_secret"]),
    ("serviceAccount", &["identity"]),
    ("podAnnotations", &["annotations"]),
    ("podLabels", &["labels"]),
    ("podSecurityContext", &["security", "run_as_root"]),
    ("securityContext", &["security", "run_as_root"]),
    ("command", &["command"]),
    ("args", &["args"]),
    ("env", &["env"]),
    ("envFromSecret", &["env"]),
    ("secretEnv", &["secret"]),
    ("containerPort", &["port", "expose"]),
    ("service", &["expose"]),
    ("metrics", &["metrics"]),
    ("ingress", &["expose"]),
    ("resources", &["resources", "gpu"]),
    ("startupProbe", &["probe"]),
    ("readinessProbe", &["probe"]),
    ("livenessProbe", &["probe"]),
    ("autoscaling", &["scale"]),
    ("strategy", &["rollout"]),
    ("podDisruptionBudget", &["disruption"]),
    ("volumes", &["volume", "file"]),
    ("volumeMounts", &["volume", "file"]),
    ("files", &["file"]),
    ("initContainers", &["init"]),
    ("nodeSelector", &["place"]),
    ("tolerations", &["place"]),
    ("affinity", &["place"]),
    ("topologySpreadConstraints", &["place"]),
    ("priorityClassName", &["priority"]),
    ("terminationGracePeriodSeconds", &["grace"]),
];

pub fn trace(cx: &mut Cx<'_, '_>) {
    let name = cx.file.path.rsplit('/').next().unwrap_or_default();
    let values = cx.file.path.starts_with("helm/")
        && name.strip_prefix("values").and_then(|it| it.strip_suffix(".yaml")).is_some();
    if !values {
        return;
    }
    let source = cx.file.source;
    let around = cx.tracer.trees.around(cx.tracer.sources.real(source.file), source.start);
    let Some(statement) = around.last().copied() else { return };
    // A chart that exists has keys of its own.
    let existing = with_word(statement, "values");
    for (key, node) in cx.keys(ROOT) {
        let words = WORDS.iter().find(|it| it.0 == key).map_or(&[][..], |it| it.1);
        let own = existing.and_then(|it| with_name(it, &key));
        let found = own
            .or_else(|| probe(statement, &key))
            .or_else(|| words.iter().find_map(|word| with_word(statement, word)));
        if let Some(found) = found {
            let span = Span { file: source.file, ..found.span() };
            cx.push(node, span, format!("value `{key}`"));
        }
    }
}

/// `probe readiness { … }` for `readinessProbe`.
fn probe<'t>(statement: &'t Statement, key: &str) -> Option<&'t Statement> {
    with_name(statement, key.strip_suffix("Probe")?)
}
