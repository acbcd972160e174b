//! Lines of output files lead back to what they come from.

use crate::examples::{ALL, analyze, complete};
use mlopsc::base::span::Span;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::OutputFile;
use mlopsc::syntax::{self, ast::Statement};
use mlopsc::trace::{Part, Tracer};

/// Every example with its files.
fn examples(mut see: impl FnMut(&str, &Analysis, &Tracer<'_>, &[OutputFile])) {
    for name in complete() {
        let analysis = analyze(&format!("examples/{name}"));
        let files = driver::emit(&analysis, "generated", ALL);
        driver::trace(&analysis, "generated", |tracer| see(&name, &analysis, tracer, &files));
    }
}

/// The innermost part that holds the line.
fn innermost(parts: &[Part], line: usize) -> &Part {
    parts
        .iter()
        .rev()
        .find(|it| it.first <= line && line <= it.last)
        .expect("a file's own part holds all lines")
}

/// From the first to the last byte of the top-level statement that holds the place.
fn declaration(analysis: &Analysis, span: Span) -> Span {
    let file = analysis.sources.real(span.file);
    let (tree, _) = syntax::parse(file, &analysis.sources.get(file).text);
    let spans = tree.statements.iter().map(|it| match it {
        Statement::Block(it) => it.span,
        Statement::Template(it) => it.span,
        Statement::For(it) => it.span,
        Statement::Declaration(it) => it.span,
        Statement::If(it) => it.span,
        Statement::Let(it) => it.span,
        Statement::Use(it) => it.span,
        Statement::Attribute(it) => it.span,
        Statement::Broken(it) => *it,
    });
    let mut holds = spans.filter(|it| it.start <= span.start && span.start < it.end);
    holds.next().expect("every part comes from a statement")
}

#[test]
fn every_line_of_a_pipeline_comes_from_its_declaration() {
    let mut lines = 0;
    examples(|name, analysis, tracer, files| {
        for file in files.iter().filter(|it| it.path.starts_with("azure-pipelines/")) {
            let own = declaration(analysis, file.source);
            let parts = tracer.parts(file);
            for line in 1..=file.text.lines().count() {
                let part = innermost(&parts, line);
                let real = analysis.sources.real(part.span.file);
                let inside = declaration(analysis, part.span);
                // What a template makes stands in the template.
                let is_made = analysis.sources.origin(part.span.file).is_some();
                let of_others = ["variables `", "variable `", "repository `"];
                let is_named = of_others.iter().any(|it| part.what.starts_with(it));
                assert!(
                    real == own.file && inside == own || is_made || is_named,
                    "{name}: {}:{line}: {part:?}",
                    file.path
                );
                lines += 1;
            }
        }
    });
    assert!(lines > 3_000, "{lines}");
}

/// The text of the innermost statement behind a line.
fn written<'a>(analysis: &'a Analysis, tracer: &Tracer<'_>, part: &Part) -> &'a str {
    let (head, _) = tracer.statement(part.span).expect("a statement is there");
    analysis.sources.slice(head).trim()
}

#[test]
fn stages_jobs_and_steps_come_from_their_own_statements() {
    let mut seen = [0; 3];
    examples(|name, analysis, tracer, files| {
        for file in files.iter().filter(|it| it.path.starts_with("azure-pipelines/")) {
            let parts = tracer.parts(file);
            for (number, line) in (1..).zip(file.text.lines()) {
                let part = innermost(&parts, number);
                let head = written(analysis, tracer, part);
                let line_at = |it: &str| line.strip_prefix(it).map(str::to_owned);
                if let Some(stage) = line_at("  - stage: ") {
                    assert_eq!(part.what, format!("stage `{stage}`"), "{name}");
                    // What is looked up for conditions comes from the pipeline itself.
                    let word = head.split_whitespace().next().unwrap_or_default();
                    assert!(["stage", "pipeline"].contains(&word), "{name}: {}:{number}: {head}", file.path);
                    seen[0] += 1;
                } else if let Some(job) = line_at("      - job: ").or_else(|| line_at("      - deployment: "))
                {
                    assert_eq!(part.what, format!("job `{job}`"), "{name}");
                    seen[1] += 1;
                } else if line.trim_start().starts_with("displayName: ") && line.starts_with("            ") {
                    let title = part.what.strip_prefix("step `").and_then(|it| it.strip_suffix('`'));
                    let same = title.is_some_and(|it| line.replace("''", "'").contains(it));
                    assert!(same, "{name}: {}:{number}: {part:?}", file.path);
                    seen[2] += 1;
                }
            }
        }
    });
    assert!(seen.iter().all(|it| *it > 20), "{seen:?}");
}

#[test]
fn every_file_comes_from_a_statement() {
    examples(|name, _, tracer, files| {
        for file in files {
            let parts = tracer.parts(file);
            let count = file.text.lines().count();
            assert!((parts[0].first, parts[0].last) == (1, count.max(1)), "{name}: {}", file.path);
            assert!(
                !parts[0].what.is_empty() && tracer.statement(parts[0].span).is_some(),
                "{name}: {}",
                file.path
            );
            for part in &parts {
                assert!(1 <= part.first && part.first <= part.last && part.last <= count.max(1), "{part:?}");
            }
        }
    });
}

/// What some lines of a file come from: the text of the line, what it is, and how the statement begins.
fn check(example: &str, path: &str, wanted: &[(&str, &str, &str)]) {
    examples(|name, analysis, tracer, files| {
        if name != example {
            return;
        }
        let file = files.iter().find(|it| it.path == path).expect("it is written");
        let parts = tracer.parts(file);
        for (line, what, head) in wanted {
            let number = file.text.lines().position(|it| it.contains(line)).expect("the line is there") + 1;
            let part = innermost(&parts, number);
            assert_eq!(part.what, *what, "{line}");
            let found = written(analysis, tracer, part);
            assert!(found.starts_with(head), "{line}: {found}");
        }
    });
}

#[test]
fn steps_and_inputs_of_ml_pipelines_are_found() {
    let wanted = [
        (
            "\"display_name\": \"Train",
            "ml_pipeline price_model \"Train the price model\"",
            "ml_pipeline price_model",
        ),
        ("\"learning_rate\": 0.1", "input `learning_rate`", "input learning_rate"),
        ("\"path\": \"${{parent.inputs.prepared}}\"", "input `data`", "data = inputs.prepared"),
        ("\"path\": \"${{parent.outputs.train_model}}\"", "output `model`", "output model"),
        ("\"command\": \"python evaluate.py", "`command`", "command"),
        ("\"evaluate\": {", "step `evaluate`", "step evaluate"),
    ];
    check("digitre", "azure-ml/pipelines/price_model.json", &wanted);
}

#[test]
fn values_of_charts_are_found() {
    let wanted = [
        ("fullnameOverride", "service api \"Estimation engine\"", "service api"),
        ("MODEL_PATH", "value `env`", "env"),
        ("readinessProbe:", "value `readinessProbe`", "probe readiness"),
        ("cpu: 500m", "value `resources`", "resources"),
        ("containerPort: 80", "value `containerPort`", "port"),
    ];
    check("digitre", "helm/digitre-engine/values.yaml", &wanted);
    check(
        "digitre",
        "helm/digitre-engine/values-prod.yaml",
        &[("type: LoadBalancer", "value `service`", "expose")],
    );
}

#[test]
fn variables_and_resources_lead_to_what_declares_them() {
    let mut found = std::collections::BTreeSet::new();
    examples(|_, analysis, tracer, files| {
        for file in files.iter().filter(|it| it.path.starts_with("azure-pipelines/")) {
            for part in tracer.parts(file) {
                let line = file.text.lines().nth(part.first - 1).unwrap_or_default().trim();
                let kind = part.what.split('`').next().unwrap_or_default().to_owned();
                let begins = match kind.as_str() {
                    "variables " => line.starts_with("- group:") || line.starts_with("- template:"),
                    "pipeline " => line.starts_with("- pipeline:"),
                    "repository " => line.starts_with("- repository:"),
                    _ => continue,
                };
                assert!(begins, "{}:{}: {line} is {}", file.path, part.first, part.what);
                assert!(!written(analysis, tracer, &part).is_empty());
                found.insert(kind);
            }
        }
    });
    assert!(found.contains("variables ") && found.contains("pipeline "), "{found:?}");
}
