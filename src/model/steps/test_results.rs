//! `test_results "**/junit.xml"`: results of tests as people see them in the run.

use super::action::Action;
use super::{Kind, StepKind};
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, default, optional};
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_TEST_RESULTS, outputs: |_| IndexMap::new(), decode };

static BLOCK_TEST_RESULTS: Block = Block {
    word: "test_results",
    head: Head::Arguments(&[argument("files", Type::OneOrMany(&Type::Name))]),
    doc: "Shows results of tests in the run. It runs also after a failure, unless `when` says otherwise.",
    attributes: &[
        COMMON,
        &[
            default(
                "format",
                Type::Word(&["junit", "nunit", "vstest", "xunit", "ctest"]),
                "junit",
                "What the files hold. pytest writes `junit`.",
            ),
            optional("folder", Type::Name, "Where the files are looked for; the checked-out sources else."),
            default(
                "merge",
                Type::Bool,
                "false",
                "The results of all files as one run of tests instead of one each.",
            ),
            default(
                "fail_on_failures",
                Type::Bool,
                "false",
                "Fails if a test failed, where the step that ran them did not.",
            ),
            default("fail_on_missing", Type::Bool, "false", "Fails if there is no such file."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct TestResults {
    pub files: Vec<String>,
    pub format: &'static str,
    pub folder: Option<String>,
    pub merge: bool,
    pub fail_on_failures: bool,
    pub fail_on_missing: bool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("files")?;
    let files: Vec<String> =
        Value::items(argument).into_iter().filter_map(|it| Some(it.value.as_string()?.to_owned())).collect();
    if files.is_empty() {
        let help = "write a pattern: `test_results \"**/junit.xml\"`";
        let span = argument.span;
        fields.cx.push(errors::invalid_value(span, "no file is named", help));
    }
    let format = match fields.word("format") {
        Some("nunit") => "NUnit",
        Some("vstest") => "VSTest",
        Some("xunit") => "XUnit",
        Some("ctest") => "CTest",
        _ => "JUnit",
    };
    Some(Kind::TestResults(TestResults {
        files,
        format,
        folder: fields.run_path("folder"),
        merge: fields.flag("merge"),
        fail_on_failures: fields.flag("fail_on_failures"),
        fail_on_missing: fields.flag("fail_on_missing"),
    }))
}

impl TestResults {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let mut inputs = vec![
            ("testResultsFormat", cx.text(self.format)),
            ("testResultsFiles", cx.text(self.files.join("\n"))),
        ];
        inputs.extend(self.folder.as_ref().map(|it| ("searchFolder", cx.in_sources(it))));
        let title = cx.step.title.as_ref().map(|it| ("testRunTitle", cx.text(it)));
        inputs.extend(title);
        let flags = [
            ("mergeTestResults", self.merge),
            ("failTaskOnFailedTests", self.fail_on_failures),
            ("failTaskOnMissingResultsFile", self.fail_on_missing),
        ];
        inputs.extend(flags.into_iter().filter(|it| it.1).map(|it| (it.0, cx.text("true"))));
        let title = cx.title("Publish test results");
        vec![Action::task(title, "PublishTestResults@2", inputs).after_failures()]
    }
}
