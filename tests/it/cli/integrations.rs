//! The template of Azure Pipelines that is offered for copying is one that the compiler itself reads and takes.

use super::support::{Failing, Run, Sandbox};
use crate::support::repository;

fn pipeline(parameters: &str) -> Run {
    let template = std::fs::read_to_string(repository("integrations/azure-pipelines/mlopsc.yml")).unwrap();
    let source = format!(
        "pool linux {{ image = \"ubuntu-24.04\" }}\n\
         pipeline check {{\n  \
           pool = linux\n  \
           trigger push {{ branches = [\"main\"] }}\n  \
           stage check {{\n    include \"ci/mlopsc.yml\" {{ parameters {{ {parameters} }} }}\n  }}\n}}\n"
    );
    let sandbox = Sandbox::new(&[("main.mlops", &source), ("ci/mlopsc.yml", &template)]);
    sandbox.run_real(".", &Failing::never(), &["check", "--format", "concise"])
}

#[test]
fn the_template_of_azure_pipelines_can_be_included() {
    let clean = (0, "", "no findings in 1 file\n");
    for parameters in ["", "path = \"ml\", denyWarnings = true, drift = false, artifact = \"\""] {
        let run = pipeline(parameters);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), clean, "{parameters}");
    }
    let run = pipeline("drift = \"often\", folder = \"ml\"");
    assert_eq!(run.code, 1, "what it does not take is found");
    assert!(run.out.contains("drift") && run.out.contains("folder"), "{}", run.out);
}
