//! What a step does: its command, a component, another ML pipeline, mini-batches, Spark.

use super::super::ml_sweep;
use crate::base::span::Span;
use crate::model::decode::resources::whole_ends;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::project::{Cores, Distribution, MlResources, MlWork, Parallel, Spark};
use crate::syntax::ast;

/// The words that each say what a step does, of which a step has one.
const KINDS: &[&str] = &["command", "component", "pipeline", "parallel", "spark"];

pub(super) fn work(fields: &mut Fields<'_, '_>) -> MlWork {
    let said: Vec<(&str, Span)> = KINDS.iter().filter_map(|it| Some((*it, place(fields, it)?))).collect();
    match said.as_slice() {
        [] => {
            let help = "add `command = \"…\"`, `component = NAME`, `pipeline = NAME`, `parallel { … }` or `spark { … }`";
            fields.missing("command", help);
        }
        [_] => {}
        [(first, at), (second, span), ..] => {
            let message = format!("a step is a `{first}` or a `{second}`, not both");
            let finding =
                errors::invalid_value(*span, message, "make two steps of it, or remove one of the two");
            fields.cx.push(finding.label(*at, "the first one"));
        }
    }
    let kind = said.first().map_or("command", |it| it.0);
    unfit(fields, kind);
    let trial = fields.reference("component");
    if let Some(sweep) = fields.one("sweep", |it| ml_sweep::sweep(it, trial.clone())) {
        return MlWork::Sweep(Box::new(sweep));
    }
    if let Some(parallel) = fields.one("parallel", parallel) {
        return MlWork::Parallel(Box::new(parallel));
    }
    if let Some(spark) = fields.one("spark", spark) {
        if let (Some(size), Some(compute)) = (&spark.instance_type, fields.span_of("compute")) {
            let help = "remove `compute`, or `instance_type` and `runtime_version`";
            let finding = errors::invalid_value(compute, "serverless Spark runs on no compute", help);
            fields.cx.push(finding.label(size.span, "serverless Spark of this size"));
        }
        return MlWork::Spark(Box::new(spark));
    }
    match (trial, fields.reference("pipeline")) {
        (Some(component), _) => MlWork::Component(component),
        (None, Some(pipeline)) => MlWork::Pipeline(pipeline),
        (None, None) => MlWork::Command,
    }
}

/// Where a word is written, as attribute or block.
fn place(fields: &Fields<'_, '_>, word: &str) -> Option<Span> {
    let block = fields.children(word).first().map(|it| it.head);
    let attribute =
        || if fields.has(word) { Some(fields.span_of(word).unwrap_or(fields.head())) } else { None };
    block.or_else(attribute)
}

/// What each kind of step has no place for, and why.
const UNFIT: &[(&str, &[&str], &str)] = &[
    ("component", &["code", "runtime", "reuse"], "the component says it"),
    (
        "pipeline",
        &[
            "code",
            "runtime",
            "reuse",
            "env",
            "resources",
            "distribution",
            "timeout",
            "identity",
            "sweep",
            "compute",
        ],
        "the steps of the other ML pipeline say it",
    ),
    ("parallel", &["distribution", "timeout", "sweep"], "mini-batches have their own, in `parallel { … }`"),
    (
        "spark",
        &["distribution", "timeout", "sweep", "env", "resources"],
        "Spark has its own, in `spark { … }`",
    ),
    (
        "sweep",
        &["env", "timeout", "identity"],
        "trials of a sweep have none; `limits { … }` bounds their time",
    ),
];

fn unfit(fields: &mut Fields<'_, '_>, kind: &str) {
    let sweeps = !fields.children("sweep").is_empty();
    let rows = UNFIT.iter().filter(|it| it.0 == kind || (it.0 == "sweep" && sweeps));
    for (kind, words, why) in rows {
        for word in *words {
            if let Some(span) = place(fields, word) {
                let message = format!("`{word}` has no meaning beside `{kind}`: {why}");
                fields.cx.push(errors::invalid_value(span, message, format!("remove `{word}`")));
            }
        }
    }
}

pub fn resources(fields: &mut Fields<'_, '_>) -> MlResources {
    let resources = fields.one("resources", |it| MlResources {
        instances: it.count("instances"),
        instance_type: it.plain("instance_type"),
        shm_size: it.plain("shm_size"),
        docker_args: it.plain("docker_args"),
    });
    resources.unwrap_or_default()
}

pub fn distribution(fields: &mut Fields<'_, '_>) -> Option<Distribution> {
    fields.one("distribution", |it| {
        let framework = it.argument_word("framework")?;
        let foreign: &[&str] =
            if framework == "tensorflow" { &["processes"] } else { &["workers", "parameter_servers"] };
        for word in foreign {
            if let Some(span) = it.span_of(word) {
                let message = format!("`{framework}` knows no `{word}`");
                let help = format!(
                    "remove it; `{framework}` takes `{}`",
                    if framework == "tensorflow" { "workers` and `parameter_servers" } else { "processes" }
                );
                it.cx.push(errors::invalid_value(span, message, help));
            }
        }
        let processes = it.count("processes");
        Some(match framework {
            "mpi" => Distribution::Mpi { processes },
            "tensorflow" => Distribution::Tensorflow {
                workers: it.count("workers"),
                parameter_servers: it.count("parameter_servers"),
            },
            _ => Distribution::Pytorch { processes },
        })
    })?
}

fn parallel(fields: &mut Fields<'_, '_>) -> Parallel {
    Parallel {
        entry: fields.required_string("entry"),
        arguments: fields.string("arguments"),
        input_data: port(fields, "input_data").unwrap_or_else(|| nameless(fields)),
        mini_batch_size: mini_batch_size(fields),
        append_row_to: port(fields, "append_row_to"),
        mini_batch_error_threshold: fields.int("mini_batch_error_threshold").map_or(-1, |it| it.value),
        error_threshold: fields.int("error_threshold").map_or(-1, |it| it.value),
        retries: fields.count("retries"),
        timeout: fields.seconds("timeout").map(|it| it.value),
        max_concurrency_per_instance: fields.count("max_concurrency_per_instance").unwrap_or(1),
        logging_level: fields.word("logging_level").unwrap_or("INFO"),
    }
}

fn nameless(fields: &Fields<'_, '_>) -> crate::base::span::Spanned<String> {
    crate::base::span::Spanned::new(String::new(), fields.head())
}

/// The name of one of the step's own inputs or outputs; a rule looks whether it has it.
fn port(fields: &mut Fields<'_, '_>, name: &str) -> Option<crate::base::span::Spanned<String>> {
    let expr = fields.ast(name)?;
    let ast::ExprKind::Path(path) = &expr.kind else { return None };
    let ident = path.as_ident().cloned();
    if ident.is_none() {
        let help = "write the name of one of the step's own inputs or outputs";
        fields.cx.push(errors::invalid_value(expr.span, format!("`{name}` is one name"), help));
    }
    ident
}

fn mini_batch_size(fields: &mut Fields<'_, '_>) -> Option<String> {
    let expr = fields.ast("mini_batch_size")?;
    let written = match &expr.kind {
        ast::ExprKind::Number(number) => format!("{}{}", number.digits, number.unit),
        ast::ExprKind::String(text) => text.constant().unwrap_or_default().into_owned(),
        _ => String::new(),
    };
    let digits = written.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let unit = &written[digits.len()..];
    let fits = !digits.is_empty()
        && digits.bytes().all(|it| it.is_ascii_digit())
        && digits.bytes().any(|it| it != b'0')
        && ["", "kb", "mb", "gb"].contains(&unit.to_ascii_lowercase().as_str());
    if !fits && !matches!(expr.kind, ast::ExprKind::Broken) {
        let help =
            "write a number of files, `mini_batch_size = 10`, or a size, `\"10kb\"`, `\"1mb\"`, `\"1gb\"`";
        fields.cx.push(errors::invalid_value(expr.span, "this is no size of a mini-batch", help));
    }
    fits.then_some(written)
}

fn spark(fields: &mut Fields<'_, '_>) -> Spark {
    let strings = |name: &str| fields.strings(name).into_iter().map(|it| it.value).collect::<Vec<_>>();
    let (py_files, jars, files, archives) =
        (strings("py_files"), strings("jars"), strings("files"), strings("archives"));
    let instance_type = fields.string("instance_type");
    let runtime_version = fields.string("runtime_version");
    if let (Some(size), None) = (&instance_type, &runtime_version)
        && !fields.has("runtime_version")
    {
        let finding = errors::missing_attribute(
            size.span,
            "spark",
            "runtime_version",
            "add `runtime_version = \"3.4\"`: serverless Spark needs both",
        );
        fields.cx.push(finding);
    }
    Spark {
        entry: fields.required_string("entry"),
        arguments: fields.string("arguments"),
        instance_type,
        runtime_version,
        py_files,
        jars,
        files,
        archives,
        driver: fields.one("driver", |it| cores(it)).unwrap_or_default(),
        executors: fields.one("executor", executors).unwrap_or((1, 1)),
        executor: fields.one("executor", |it| cores(it)).unwrap_or_default(),
        conf: fields.string_map("conf"),
    }
}

fn executors(fields: &mut Fields<'_, '_>) -> (u32, u32) {
    fields.value("instances").map_or((1, 1), |it| whole_ends(&it.value))
}

fn cores(fields: &Fields<'_, '_>) -> Cores {
    Cores { cores: fields.count("cores").unwrap_or(1), memory: fields.plain("memory").unwrap_or_default() }
}
