//! `pytest "tests"`: runs tests and shows what came of them in the run.

use super::action::{Action, Datum, Script};
use super::python::{self, Tool};
use super::{Kind, StepKind};
use crate::base::span::Spanned;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, optional, optional_argument};
use crate::syntax::ast::ExprKind;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_PYTEST, outputs: |_| IndexMap::new(), decode };

static BLOCK_PYTEST: Block = Block {
    word: "pytest",
    head: Head::Arguments(&[optional_argument("paths", Type::OneOrMany(&Type::Name))]),
    doc: "Runs pytest and shows the results in the run, also those of failed tests. pytest must be installed, by a step before or by \
          `requirements` or `packages`.",
    attributes: &[
        COMMON,
        python::PLACE,
        python::TOOL,
        &[
            optional("workers", Type::Any, "In how many processes, or `auto`; needs pytest-xdist."),
            optional(
                "coverage",
                Type::OneOrMany(&Type::Name),
                "The packages or folders whose coverage is measured and shown; needs pytest-cov.",
            ),
            optional("min_coverage", Type::Percent, "Less coverage than this fails the step."),
            optional(
                "results",
                Type::Name,
                "Where the results are kept as JUnit XML, below the checked-out sources; in a folder of the agent else.",
            ),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct Pytest {
    tool: Tool,
    workers: Option<String>,
    coverage: Vec<String>,
    min_coverage: Option<u32>,
    results: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "as all kinds are decoded")]
fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let written = fields.argument("paths").map(Value::items).unwrap_or_default();
    let paths: Vec<Spanned<String>> = written
        .into_iter()
        .filter_map(|it| Some(Spanned::new(it.value.as_string()?.to_owned(), it.span)))
        .collect();
    let coverage: Vec<String> = fields.strings("coverage").into_iter().map(|it| it.value).collect();
    let min_coverage = match fields.value("min_coverage").map(|it| &it.value) {
        Some(Value::Percent(least)) => Some(*least),
        _ => None,
    };
    if let Some(span) = fields.span_of("min_coverage").filter(|_| coverage.is_empty()) {
        let help = "add `coverage = \"PACKAGE\"`, or `coverage = \".\"` for everything";
        fields.cx.push(errors::invalid_value(span, "no coverage is measured", help));
    }
    Some(Kind::Pytest(Pytest {
        tool: Tool::decode(fields, &paths),
        workers: workers(fields),
        coverage,
        min_coverage,
        results: fields.run_path("results"),
    }))
}

/// `auto`, or a number.
fn workers(fields: &mut Fields<'_, '_>) -> Option<String> {
    let written = fields.ast("workers")?;
    let found = match &written.kind {
        ExprKind::Path(path) => path.as_ident().filter(|it| it.value == "auto").map(|it| it.value.clone()),
        ExprKind::Number(number) if number.unit.is_empty() => {
            number.digits.parse::<u16>().ok().filter(|it| (1..=256).contains(it)).map(|it| it.to_string())
        }
        _ => None,
    };
    if found.is_none() && !matches!(written.kind, ExprKind::Broken) {
        let help = "write a number of processes from 1 to 256, or `auto` for one a processor";
        fields.cx.push(errors::invalid_value(written.span, "this is no number of processes", help));
    }
    found
}

impl Pytest {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        let spoken = if self.tool.paths.is_empty() {
            "Run pytest".to_owned()
        } else {
            format!("Run pytest in {}", self.tool.paths.join(", "))
        };
        let title = cx.title(spoken);
        let results = match &self.results {
            Some(path) => cx.in_sources(path),
            None => Self::kept(cx, "xml"),
        };
        let mut actions = vec![self.run(cx, &title).env("RESULTS", results.clone())];
        let inputs = vec![
            ("testResultsFormat", cx.text("JUnit")),
            ("testResultsFiles", results),
            ("testRunTitle", cx.text(&title)),
        ];
        actions
            .push(Action::task("Publish test results", "PublishTestResults@2", inputs).after_failures());
        if !self.coverage.is_empty() {
            let inputs = vec![("summaryFileLocation", Self::kept(cx, "coverage.xml"))];
            let task = Action::task("Publish coverage", "PublishCodeCoverageResults@2", inputs);
            actions.push(task.after_failures());
        }
        actions
    }

    /// A file that no other step of the job writes, in a folder that is empty when the job starts.
    fn kept(cx: &Lower<'_>, suffix: &str) -> crate::model::expr::Expr {
        let folder = cx.predefined("Agent.TempDirectory");
        cx.concat(vec![folder, cx.text(format!("/{}.{suffix}", cx.step_name()))])
    }

    fn run(&self, cx: &Lower<'_>, title: &str) -> Action {
        let sources: Vec<String> = (1..=self.coverage.len()).map(|it| format!("COVER_{it}")).collect();
        let rows = sources.iter().map(|it| vec![("variable", Datum::Word(it.clone()))]);
        let mut data = vec![
            ("workers", Datum::Flag(self.workers.is_some())),
            ("covers", Datum::Flag(!self.coverage.is_empty())),
            ("sources", Datum::Rows(rows.collect())),
            ("least", Datum::Flag(self.min_coverage.is_some())),
        ];
        // The script is put in behind its data.
        let empty = Action::script(title, Script::local("pytest", Vec::new()));
        let mut action = self.tool.equip(cx, empty, &mut data);
        action.body = super::action::ActionBody::Script(Script::local("pytest", data));
        let least = self.min_coverage.map(|it| cx.text(it.to_string()));
        action = action
            .env_maybe("WORKERS", self.workers.as_ref().map(|it| cx.text(it)))
            .env_maybe("COVERAGE", (!self.coverage.is_empty()).then(|| Self::kept(cx, "coverage.xml")))
            .env_maybe("MIN_COVERAGE", least);
        action.env.extend(sources.into_iter().zip(self.coverage.iter().map(|it| cx.text(it))));
        action
    }
}
