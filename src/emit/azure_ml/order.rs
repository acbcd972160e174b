//! Order without data: Azure ML knows no other order than that of what is read. A step that only waits for another gets
//! an input that is bound to an output of it and not mounted; where there is no output, one with a marker in it.

use crate::model::ml_flow::{self, Sign};
use crate::model::project::{MlPort, MlStep, MlType};

pub struct Wait {
    /// The name of the input.
    pub input: String,
    pub port: MlPort,
    pub ty: MlType,
}

/// What a step only waits for, under names that none of its inputs has.
pub fn waits(steps: &[MlStep], index: usize) -> Vec<Wait> {
    let step = &steps[index];
    let wait = |after: usize| {
        let mut input = format!("after_{}", steps[after].ident.value);
        while step.inputs.keys().any(|it| it.eq_ignore_ascii_case(&input)) {
            input.push('_');
        }
        let (output, ty) = match ml_flow::sign(&steps[after]) {
            Sign::Output(name, ty) => (name, ty),
            Sign::Marker(name) => (name.to_owned(), MlType::UriFolder),
            Sign::None => return None,
        };
        Some(Wait { input, port: MlPort { step: after, output }, ty })
    };
    ml_flow::order_only(step).filter_map(wait).collect()
}

/// The output that a step gets because somebody only waits for it.
pub fn marker(steps: &[MlStep], index: usize) -> Option<&'static str> {
    let is_awaited = steps.iter().any(|it| ml_flow::order_only(it).any(|after| after == index));
    match ml_flow::sign(&steps[index]) {
        Sign::Marker(name) if is_awaited => Some(name),
        Sign::Marker(_) | Sign::Output(..) | Sign::None => None,
    }
}

/// Something must be in an output that is read. What the command itself ends with does not matter then.
pub fn write_marker(output: &str) -> String {
    let path = format!("${{{{outputs.{output}}}}}");
    format!("mkdir -p \"{path}\" && echo done > \"{path}/done\" || exit 1;\n")
}
