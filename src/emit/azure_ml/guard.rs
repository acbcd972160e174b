//! Azure ML has no step that may be skipped. A step with decisions gets a command that does nothing and succeeds
//! where one of them says `reject`; it leaves something in each output, because an output without anything in it
//! cannot be mounted by those who read it.

use crate::model::project::{MlOutput, MlPort, MlStep, MlType};
use std::fmt::Write as _;

pub struct Guard {
    /// The name of the input that carries the decision.
    pub input: String,
    pub port: MlPort,
}

/// Names that none of the step's own inputs has.
pub fn of(step: &MlStep, decisions: &[MlPort], steps: &[MlStep]) -> Vec<Guard> {
    let guard = |port: &MlPort| {
        let mut input = format!("when_{}_{}", steps[port.step].ident.value, port.output);
        while step.inputs.keys().any(|it| it.eq_ignore_ascii_case(&input)) {
            input.push('_');
        }
        Guard { input, port: port.clone() }
    };
    decisions.iter().map(guard).collect()
}

/// The command behind its guards. Each line ends where a blank could stand too.
pub fn wrap(step: &MlStep, command: &str, guards: &[Guard], steps: &[MlStep]) -> String {
    let markers: Vec<String> = step.outputs.values().map(marker).collect();
    let mut text = String::new();
    for guard in guards {
        let decision = format!("{}.{}", steps[guard.port.step].ident.value, guard.port.output);
        write_guard(&mut text, &guard.input, &decision, &markers)
            .expect("a string takes all that is written to it");
    }
    text + command
}

fn write_guard(text: &mut String, input: &str, decision: &str, markers: &[String]) -> std::fmt::Result {
    let mut nothing = vec![format!("echo \"{decision} says reject: nothing to do\"")];
    nothing.extend_from_slice(markers);
    nothing.push("exit 0".to_owned());
    writeln!(text, "case \"$(tr -d '[:space:]' < \"${{{{inputs.{input}}}}}\")\" in")?;
    writeln!(text, "promote) ;;")?;
    writeln!(text, "reject) {}; exit 1;;", nothing.join(" && "))?;
    writeln!(text, "*) echo \"{decision} says neither promote nor reject\" >&2; exit 1;;")?;
    writeln!(text, "esac;")
}

/// A rejected step rejects what depends on its own decisions.
fn marker(output: &MlOutput) -> String {
    let path = format!("${{{{outputs.{}}}}}", output.ident.value);
    let in_folder = format!("mkdir -p \"{path}\" && echo reject > \"{path}/rejected\"");
    match output.ty {
        MlType::UriFile | MlType::Decision => format!("echo reject > \"{path}\""),
        MlType::MlTable => {
            format!("{in_folder} && echo \"paths: [{{file: ./rejected}}]\" > \"{path}/MLTable\"")
        }
        MlType::UriFolder
        | MlType::MlflowModel
        | MlType::CustomModel
        | MlType::TritonModel
        | MlType::String
        | MlType::Integer
        | MlType::Number
        | MlType::Boolean => in_folder,
    }
}
