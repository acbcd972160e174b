//! The order of an ML pipeline's steps, the decisions each of them depends on, and what its outputs are called.

use super::documents;
use super::project::{MlPipeline, MlPort, MlStep, MlType, MlWork};

/// Indices of the steps, each behind those it waits for; in order of declaration where that is left open, and where
/// they wait in a circle.
pub fn order(steps: &[MlStep]) -> Vec<usize> {
    let mut order = Vec::with_capacity(steps.len());
    let mut placed = vec![false; steps.len()];
    while order.len() < steps.len() {
        let ready =
            (0..steps.len()).find(|&index| !placed[index] && needs(&steps[index]).all(|it| placed[it]));
        let Some(index) = ready else { return (0..steps.len()).collect() };
        placed[index] = true;
        order.push(index);
    }
    order
}

/// The steps that a step waits for.
pub fn needs(step: &MlStep) -> impl Iterator<Item = usize> {
    let decision = step.when.iter().map(|it| it.value.step);
    step.producers().chain(decision).chain(step.after.iter().map(|it| it.value))
}

/// The steps that a step waits for without reading anything of them.
pub fn order_only(step: &MlStep) -> impl Iterator<Item = usize> {
    let mut found: Vec<usize> = Vec::new();
    for after in &step.after {
        let decides = step.when.as_ref().is_some_and(|it| it.value.step == after.value);
        let read = decides || step.producers().any(|it| it == after.value);
        if !read && !found.contains(&after.value) {
            found.push(after.value);
        }
    }
    found.into_iter()
}

/// The decisions of each step, by its index. A step has its own and those of the steps it reads: where they did
/// nothing, there is nothing to read.
pub fn decisions(steps: &[MlStep], order: &[usize]) -> Vec<Vec<MlPort>> {
    let mut decisions: Vec<Vec<MlPort>> = vec![Vec::new(); steps.len()];
    for &index in order {
        let step = &steps[index];
        let own = step.when.iter().map(|it| it.value.clone());
        let inherited = step.producers().flat_map(|it| decisions[it].clone());
        let mut found: Vec<MlPort> = Vec::new();
        for port in own.chain(inherited) {
            if !found.contains(&port) {
                found.push(port);
            }
        }
        decisions[index] = found;
    }
    decisions
}

/// What the output of a step is called as an output of the whole ML pipeline.
pub fn exposed_name(pipeline: &MlPipeline, port: &MlPort) -> String {
    let declared = pipeline.outputs.values().find(|it| it.from.value == *port);
    declared.map_or_else(
        || documents::pipeline_output(&pipeline.steps[port.step].ident.value, &port.output),
        |it| it.ident.value.clone(),
    )
}

/// The output through which those wait that only wait for a step: one that it has, or else a marker that the compiler
/// writes into its command.
#[derive(Debug, PartialEq)]
pub enum Sign {
    Output(String, MlType),
    /// The name of an output that the step gets.
    Marker(&'static str),
    /// Nobody can wait for it: it has no output, and its command is not the compiler's to change.
    None,
}

const MARKER: &str = "done";

pub fn sign(step: &MlStep) -> Sign {
    if let Some((name, output)) = step.outputs.first() {
        return Sign::Output(name.clone(), output.ty);
    }
    match &step.work {
        MlWork::Command => Sign::Marker(MARKER),
        MlWork::Sweep(sweep) if sweep.trial.is_none() => Sign::Marker(MARKER),
        MlWork::Sweep(_)
        | MlWork::Component(_)
        | MlWork::Pipeline(_)
        | MlWork::Parallel(_)
        | MlWork::Spark(_) => Sign::None,
    }
}

/// Whether the step can get an input that its author did not declare.
pub fn takes_inputs(step: &MlStep) -> bool {
    match &step.work {
        MlWork::Command | MlWork::Parallel(_) | MlWork::Spark(_) => true,
        MlWork::Sweep(sweep) => sweep.trial.is_none(),
        MlWork::Component(_) | MlWork::Pipeline(_) => false,
    }
}
