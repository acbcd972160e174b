//! What the model says about mistakes that only people make.

use super::corpus;
use crate::support::{files_below, render};

#[test]
fn mistakes_are_told() {
    for (name, text) in files_below("tests/cases/model/broken", ".mlops") {
        let analysis = corpus::analysis(&text);
        let report = render(&analysis.sources, &analysis.findings);
        assert!(analysis.has_errors(), "{name}");
        let name = name.rsplit('/').next().expect("a path has a name").trim_end_matches(".mlops");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(format!("model__{name}"), format!("{text}\n----\n{report}"));
        });
    }
}
