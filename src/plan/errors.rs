//! What the platform cannot do with a plan. Each has its page in `pages/`.

use crate::base::span::Span;
use crate::diag::{Diagnostic, Group, Kind};
use crate::model::project::{Connection, ContainerRegistry};

/// What this phase finds.
pub const KINDS: &[Kind] = &[
    Kind::error(
        Group::Triggers,
        "image-trigger-incomplete",
        include_str!("pages/image-trigger-incomplete.md"),
    ),
    Kind::error(Group::Jobs, "missing-checkout", include_str!("pages/missing-checkout.md")),
    Kind::error(Group::References, "output-stays-in-job", include_str!("pages/output-stays-in-job.md")),
    Kind::error(Group::References, "result-out-of-sight", include_str!("pages/result-out-of-sight.md")),
    Kind::error(Group::Jobs, "tolerated-split", include_str!("pages/tolerated-split.md")),
    Kind::error(Group::References, "value-too-early", include_str!("pages/value-too-early.md")),
];

pub fn result_out_of_sight(span: Span, stage: &str, of_job: bool) -> Diagnostic {
    let (message, help) = if of_job {
        let message =
            format!("the condition of a stage sees results of stages, not of the jobs of `{stage}`");
        (message, format!("read `{stage}.result`, or move the condition to the jobs of this stage"))
    } else {
        let message = format!("a job or step sees results of jobs, not of the whole stage `{stage}`");
        (message, format!("name the job, `{stage}.JOB.result`, or move the condition to the stage"))
    };
    Diagnostic::error("result-out-of-sight", span, message).help(help)
}

pub fn status_beside_deployment(span: Span) -> Diagnostic {
    let message = "the output of a deployment job is read by the stage's jobs, and they do not see how other stages ended";
    Diagnostic::error("result-out-of-sight", span, message).help(
        "join the two with `&&`, as in `not_failed() && x.ready`, or set the output in a job without `environment`",
    )
}

pub fn tolerated_split(job: Span, without_agent: Span) -> Diagnostic {
    Diagnostic::error("tolerated-split", job, "a job that is split cannot be allowed to fail as a whole")
        .label(without_agent, "this needs no agent and splits it")
        .help("write `continue_on_error = true` on the steps that may fail, or make jobs of the parts")
}

pub fn worked_out_too_early(span: Span) -> Diagnostic {
    let message = "this is worked out before the job starts, when the job's own steps have set nothing yet";
    Diagnostic::error("value-too-early", span, message)
        .at("reads an output of the same job")
        .help("hand the output over with `env`, and decide in the script")
}

pub fn output_stays(span: Span, output: &str) -> Diagnostic {
    let message = format!("`{output}` is known only to the steps behind it, on the same agent");
    Diagnostic::error("output-stays-in-job", span, message)
        .at("read in another job, or by a condition of a job or stage")
        .help("read it in a step of its own job, and let an `output` of that step carry on what follows from it")
}

pub fn registry_without_group(span: Span, registry: &ContainerRegistry) -> Diagnostic {
    let name = &registry.header.ident.value;
    let message = format!("Azure DevOps finds `{name}` by its resource group, which is not said");
    Diagnostic::error("image-trigger-incomplete", span, message)
        .label(registry.header.head, "declared here")
        .help(format!("add `resource_group = \"…\"` to `container_registry {name}`"))
}

pub fn image_without_connection(span: Span, found: Option<&Connection>) -> Diagnostic {
    let message = match found {
        Some(found) => format!("`{}` is no connection to Azure", found.header.ident.value),
        None => "no connection to Azure is known here".to_owned(),
    };
    let help = "add `connection = NAME` to the trigger, the pipeline or the project, of type `azure_rm`: it watches the registry";
    Diagnostic::error("image-trigger-incomplete", span, message).help(help)
}

pub fn missing_checkout(span: Span, repository: &str, checkout: Option<Span>) -> Diagnostic {
    let message = format!("this reads files of `{repository}`, which the job does not check out");
    let found = Diagnostic::error("missing-checkout", span, message).help(format!(
        "add `checkout {repository}` to the job, or remove its other checkouts: then what its steps read is checked out"
    ));
    match checkout {
        Some(checkout) => found.label(checkout, "the job says what is checked out"),
        None => found,
    }
}
