//! The order of an ML pipeline's steps, and the decisions each of them depends on.

use crate::model::project::{MlPort, MlSource, MlStep};

/// Indices of the steps, each behind those it reads; in order of declaration where data leave it open, and where
/// they run in a circle.
pub fn order(steps: &[MlStep]) -> Vec<usize> {
    let mut order = Vec::with_capacity(steps.len());
    let mut placed = vec![false; steps.len()];
    while order.len() < steps.len() {
        let ready =
            (0..steps.len()).find(|&index| !placed[index] && sources(&steps[index]).all(|it| placed[it]));
        let Some(index) = ready else { return (0..steps.len()).collect() };
        placed[index] = true;
        order.push(index);
    }
    order
}

fn sources(step: &MlStep) -> impl Iterator<Item = usize> {
    let decision = step.when.iter().map(|it| it.value.step);
    producers(step).chain(decision)
}

/// The steps whose data the step reads.
fn producers(step: &MlStep) -> impl Iterator<Item = usize> {
    step.inputs.values().filter_map(|it| match &it.source {
        MlSource::Output(port) => Some(port.step),
        MlSource::Input(_) | MlSource::Literal(_) => None,
    })
}

/// The decisions of each step, by its index. A step has its own and those of the steps it reads: where they did
/// nothing, there is nothing to read.
pub fn decisions(steps: &[MlStep], order: &[usize]) -> Vec<Vec<MlPort>> {
    let mut decisions: Vec<Vec<MlPort>> = vec![Vec::new(); steps.len()];
    for &index in order {
        let step = &steps[index];
        let own = step.when.iter().map(|it| it.value.clone());
        let inherited = producers(step).flat_map(|it| decisions[it].clone());
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
