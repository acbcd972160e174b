//! Which answers of approvals tests have seen, at each place that asks.

use crate::texts::analysis;
use mlopsc::driver;

const SYSTEM: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
approval leads { approvers = ["leads@contoso.example"], timeout = 2d }
approval soft { approvers = ["leads@contoso.example"], on_timeout = resume }
environment prod { approval = leads, lock = sequential }
pipeline release {
  trigger manual
  stage check { environment = prod, run "a" }
  stage asked { approval = soft, run "b" }
  stage step { job one { approve leads }, job two { run "b" } }
  stage off { enabled = false, approve leads }
}
"#;

fn missed(tests: &[&str]) -> (usize, Vec<String>) {
    let test = |(index, body): (usize, &&str)| {
        format!("test \"{index}\" {{ on manual release, {body}, expect starts [release] }}\n")
    };
    let tests: String = tests.iter().enumerate().map(test).collect();
    let analysis = analysis(&format!("{SYSTEM}{tests}"), &[]);
    assert!(!driver::has_holes(&analysis), "{:?}", analysis.findings);
    let (verdicts, coverage) = driver::tested(&analysis, "");
    assert!(verdicts.iter().all(|it| it.failures.is_empty()), "{:?}", verdicts[0].failures);
    (coverage.approvals.reached, coverage.approvals.missed.into_iter().map(|it| it.0).collect())
}

const GRANTED: &str = "given approval leads { answer = grant }";
const REJECTED: &str = "given approval leads { answer = reject }";

#[test]
fn answers_are_counted_at_each_place_that_asks() {
    assert_eq!(
        missed(&[]),
        (
            0,
            vec![
                "release.check by `leads` never granted, never rejected, never unanswered".to_owned(),
                "release.asked by `soft` never granted, never rejected, never unanswered".to_owned(),
                "release.step by `leads` never granted, never rejected".to_owned(),
            ]
        )
    );
    let late = "given approval leads { answer = grant, after = 3d }";
    assert_eq!(
        missed(&[GRANTED, REJECTED, late]),
        (
            1,
            vec![
                "release.asked by `soft` never rejected, never unanswered".to_owned(),
                "release.step by `leads` never rejected".to_owned(),
            ]
        ),
        "too late is unanswered; what is behind a rejection is not asked"
    );
    let soft = |answer: &str| format!("given approval soft {{ answer = {answer} }}");
    let no = "given release.step.one { result = failed }";
    let (rejected, silent) = (soft("reject"), soft("silent"));
    assert_eq!(missed(&[GRANTED, REJECTED, late, &rejected, &silent, no]), (3, Vec::new()));
}
