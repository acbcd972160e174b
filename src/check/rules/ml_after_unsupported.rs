//! # An order that Azure ML cannot keep
//!
//! Azure ML orders steps by the data they read, and by nothing else. For `after`, the compiler binds an output of the
//! first step to an input of the second, which is never mounted. That needs an output that is there, and a step that can
//! get another input: a component or another ML pipeline cannot, and one without outputs cannot be waited for. Mini-batches
//! and Spark without outputs cannot be waited for either.
//!
//! ```mlops,fails
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! component report { runtime = python, command = "python -m report" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python -m train" }
//!   step report { component = report, after = train }
//! }
//! ```
//!
//! ```mlops,passes
//! runtime python { image = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1" }
//! ml_pipeline training {
//!   compute = serverless
//!   step train { runtime = python, command = "python -m train" }
//!   step report { runtime = python, command = "python -m report", after = train }
//! }
//! ```
//!
//! Let the second step read an output of the first; or put the two into ML pipelines that are submitted one after the
//! other, in stages of Azure DevOps.
//!
//! Source: Azure ML documentation, "Core yaml syntax"; an output that nobody wrote fails where it is mounted
//! (azure-sdk-for-python#25020).

use crate::check::{Cx, Group, Rule};
use crate::model::ml_flow::{self, Sign};

pub(super) static RULE: Rule = Rule::error(Group::Ml, "ml-after-unsupported", run);

fn run(cx: &mut Cx<'_>) {
    for pipeline in cx.project.ml_pipelines.values() {
        for step in &pipeline.steps {
            let order_only: Vec<usize> = ml_flow::order_only(step).collect();
            for after in step.after.iter().filter(|it| order_only.contains(&it.value)) {
                let first = &pipeline.steps[after.value];
                let (name, other) = (&step.ident.value, &first.ident.value);
                if !ml_flow::takes_inputs(step) {
                    let kind = step.work.describe();
                    cx.report(&RULE, after.span, format!("step `{name}` is {kind}, which cannot wait for `{other}` without reading anything of it"))
                        .help("let it read an output of that step; or submit two ML pipelines, one after the other, in stages of Azure DevOps");
                } else if ml_flow::sign(first) == Sign::None {
                    let kind = first.work.describe();
                    cx.report(&RULE, after.span, format!("nothing can wait for step `{other}`: it is {kind} without an output"))
                        .label(first.head, "declared here")
                        .help("give it an output; or submit two ML pipelines, one after the other, in stages of Azure DevOps");
                }
            }
        }
    }
}
