//! `coverage "coverage.xml"`: how much of the code the tests ran, as people see it in the run.

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

pub static STEP: StepKind = StepKind { block: &BLOCK_COVERAGE, outputs: |_| IndexMap::new(), decode };

static BLOCK_COVERAGE: Block = Block {
    word: "coverage",
    head: Head::Arguments(&[argument("files", Type::OneOrMany(&Type::Name))]),
    doc: "Shows in the run how much of the code the tests ran; Cobertura, JaCoCo and others, told apart by what the files hold. \
          It runs also after a failure, unless `when` says otherwise.",
    attributes: &[
        COMMON,
        &[
            optional("sources", Type::Name, "The code, where the files name it from another folder."),
            default("fail_on_missing", Type::Bool, "false", "Fails if there is nothing to show."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Coverage {
    pub files: Vec<String>,
    pub sources: Option<String>,
    pub fail_on_missing: bool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let argument = fields.argument("files")?;
    let files: Vec<String> =
        Value::items(argument).into_iter().filter_map(|it| Some(it.value.as_string()?.to_owned())).collect();
    if files.is_empty() {
        let help = "write a file or a pattern: `coverage \"coverage.xml\"`";
        let span = argument.span;
        fields.cx.push(errors::invalid_value(span, "no file is named", help));
    }
    let sources = fields.run_path("sources");
    Some(Kind::Coverage(Coverage { files, sources, fail_on_missing: fields.flag("fail_on_missing") }))
}

impl Coverage {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let mut inputs = vec![("summaryFileLocation", cx.text(self.files.join("\n")))];
        inputs.extend(self.sources.as_ref().map(|it| ("pathToSources", cx.in_sources(it))));
        inputs.extend(self.fail_on_missing.then(|| ("failIfCoverageEmpty", cx.text("true"))));
        vec![Action::task(cx.title("Publish coverage"), "PublishCodeCoverageResults@2", inputs).after_failures()]
    }
}
