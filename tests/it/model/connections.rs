//! Service connections that inputs of tasks name by their names outside.

use crate::texts::findings;
use mlopsc::diag::Diagnostic;

/// A task of the catalogue and one of an extension with this input.
fn found(task: &str, input: &str) -> Vec<Diagnostic> {
    findings(&format!(
        "connection azure {{ type = azure_rm, name = \"sc-azure-prod\" }}
pipeline build {{
  trigger manual
  stage build {{ task \"{task}\" {{ inputs {{ {input} }} }} }}
}}
"
    ))
}

const SITE: &str = "appType = \"webAppLinux\", appName = \"prices\", package = \"site.zip\"";

#[test]
fn a_misspelt_connection_is_told() {
    for name in ["sc-azure-prd", "sc-azure-Prod", "azure"] {
        let all = found("AzureWebApp@1", &format!("azureSubscription = \"{name}\", {SITE}"));
        let told: Vec<_> = all.iter().filter(|it| it.code == "invalid-task-input").collect();
        let [told] = told.as_slice() else { panic!("{name}: {all:#?}") };
        let edit = &told.fix.as_ref().expect("a suggestion").edits[0];
        assert!(!told.is_error(), "{told:#?}");
        assert_eq!(edit.text, "\"sc-azure-prod\"");
    }
}

#[test]
fn a_connection_may_exist_without_being_declared() {
    for name in ["sc-other-team", "$(connection)"] {
        let all = found("AzureWebApp@1", &format!("azureSubscription = \"{name}\", {SITE}"));
        assert!(all.iter().all(|it| it.code == "unused-declaration"), "{name}: {all:#?}");
        assert_eq!(all.len(), 1, "{name}: nothing uses the one that is declared");
    }
}

#[test]
fn a_connection_that_a_task_names_is_used() {
    let known = found("AzureWebApp@1", &format!("azureSubscription = \"sc-azure-prod\", {SITE}"));
    assert!(known.is_empty(), "{known:#?}");
    let of_extension = found("contoso.tools.task.Scan@1", "endpoint = \"sc-azure-prod\"");
    assert!(of_extension.is_empty(), "{of_extension:#?}");
}

#[test]
fn a_text_that_names_no_connection_is_no_use_of_one() {
    let all = found(
        "AzureWebApp@1",
        &format!("azureSubscription = \"$(other)\", {}", SITE.replace("prices", "sc-azure-prod")),
    );
    assert!(all.iter().any(|it| it.code == "unused-declaration"), "{all:#?}");
}
