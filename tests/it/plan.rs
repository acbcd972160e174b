//! What pipelines become: small programs for each trap of the platform, and the Azure Pipelines files they give.

use crate::support::render;
use crate::texts::analysis;
use mlopsc::driver;
use mlopsc::emit::Target;
use std::fmt::Write as _;

fn compiled(text: &str) -> String {
    let analysis = analysis(text, &[("scripts/x.sh", "make")]);
    let mut shown = render(&analysis.sources, &analysis.findings);
    if analysis.has_errors() {
        return shown;
    }
    for file in driver::emit(&analysis, "generated", &[Target::AzureDevops]) {
        write!(shown, "--- {}\n{}", file.path, file.text).expect("a string takes all that is written to it");
    }
    shown
}

#[test]
fn a_split_job_runs_as_one_would() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/split_job.mlops")));
}

#[test]
fn outputs_are_read_wherever_they_are_named() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/outputs.mlops")));
}

#[test]
fn jobs_run_where_and_as_often_as_they_say() {
    insta::assert_snapshot!(compiled(include_str!("../cases/model/ok/jobs.mlops")));
}

#[test]
fn what_goes_wrong_is_handled_where_it_is_said() {
    insta::assert_snapshot!(compiled(include_str!("../cases/model/ok/on.mlops")));
}

#[test]
fn keys_of_the_target_are_written_as_they_are() {
    insta::assert_snapshot!(compiled(include_str!("../cases/model/ok/extra.mlops")));
}

#[test]
fn variables_come_from_where_they_are() {
    let analysis = crate::model::analysis(include_str!("../cases/model/ok/variables.mlops"));
    let mut shown = render(&analysis.sources, &analysis.findings);
    for file in driver::emit(&analysis, "generated", &[Target::AzureDevops]) {
        write!(shown, "--- {}\n{}", file.path, file.text).expect("a string takes all that is written to it");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn templates_are_named_from_where_the_pipeline_stands() {
    let text = include_str!("../cases/model/ok/include.mlops");
    let analysis = crate::model::analysis(text);
    let mut shown = render(&analysis.sources, &analysis.findings);
    for file in driver::emit(&analysis, "generated", &[Target::AzureDevops]) {
        write!(shown, "--- {}\n{}", file.path, file.text).expect("a string takes all that is written to it");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn parameters_and_facts_keep_their_meaning() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/facts.mlops")));
}

#[test]
fn what_no_condition_knows_is_looked_up_before() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/looked_up.mlops")));
}

#[test]
fn triggers_stand_where_the_platform_reads_them() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/triggers.mlops")));
}

#[test]
fn pull_requests_of_azure_repos_are_expected_as_policies() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/policies.mlops")));
}

#[test]
fn what_the_platform_cannot_do_is_refused() {
    insta::assert_snapshot!(compiled(include_str!("../cases/plan/refused.mlops")));
}
