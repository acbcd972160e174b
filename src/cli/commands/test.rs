//! `mlopsc test`: the scenarios of a project.

use crate::base::span::Span;
use crate::cli::Outcome;
use crate::cli::edge::{Edge, Level, Paint};
use crate::cli::report::xml::escape;
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs};
use crate::cli::trouble::Trouble;
use crate::driver::{self, Analysis};
use crate::simulate::coverage::{Coverage, Part};
use crate::simulate::verdict::Verdict;
use crate::simulate::{json, show};
use clap::ValueEnum;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Run the tests of projects
///
/// Each `test` is a scenario: what happens, how things go, and what must follow. It runs on a virtual clock, and nothing is
/// touched. Where something does not follow, the timeline that led there is shown. Exit code 1 if a test fails, or if there are
/// errors in the sources.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only tests whose titles hold this text
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub filter: String,
    /// Say what no test reached: triggers, stages, conditions
    #[arg(long)]
    pub coverage: bool,
    /// How the results are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// A test suite for each project, for Azure Pipelines and others
    Junit,
    /// An array of objects
    Json,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let checked = session::check(&args.paths, &RuleArgs::default(), &args.options, edge)?;
    let unreadable = |it: &Checked| it.analysis.as_ref().is_none_or(driver::has_holes);
    if checked.iter().any(unreadable) {
        return session::refuse(&checked, edge);
    }
    let mut ran = Vec::new();
    for project in &checked {
        let Some(analysis) = &project.analysis else { continue };
        let (verdicts, coverage) = driver::tested(analysis, &args.filter);
        ran.push(Ran { project, analysis, verdicts, coverage });
    }
    if !args.filter.is_empty() && ran.iter().all(|it| it.verdicts.is_empty()) {
        edge.err.print(&format!("error: no test has `{}` in its title\n", args.filter))?;
        return Ok(Outcome::Findings);
    }
    let text = match args.format {
        Format::Text => ran.iter().map(|it| it.text(args.coverage, edge.level, edge.out.paint)).collect(),
        Format::Junit => junit(&ran),
        Format::Json => {
            let all: Vec<serde_json::Value> = ran.iter().flat_map(Ran::json).collect();
            serde_json::to_string_pretty(&all).expect("its keys are strings") + "\n"
        }
    };
    edge.out.print(&text)?;
    let failed = ran.iter().flat_map(|it| &it.verdicts).any(|it| !it.failures.is_empty());
    let wrong = session::tell_errors(&checked, edge)?;
    Ok(if failed || wrong { Outcome::Findings } else { Outcome::Fine })
}

/// The tests of a project and how they went.
struct Ran<'a> {
    project: &'a Checked,
    analysis: &'a Analysis,
    verdicts: Vec<Verdict>,
    coverage: Coverage,
}

impl Ran<'_> {
    fn place(&self, span: Span) -> String {
        let sources = &self.analysis.sources;
        format!("{}{}:{}", self.project.prefix, sources.get(span.file).path, sources.position(span).line)
    }

    fn text(&self, coverage: bool, level: Level, paint: Paint) -> String {
        let mut text = String::new();
        let is_quiet = level == Level::Quiet;
        for verdict in &self.verdicts {
            let good = verdict.failures.is_empty();
            if good && is_quiet {
                continue;
            }
            let sign = if good { paint.green("✓") } else { paint.red("✗") };
            let _ = writeln!(text, "{sign} {}", verdict.title);
            for (why, span) in &verdict.failures {
                let _ = writeln!(text, "    {}  ({})", paint.red(why), self.place(*span));
            }
            if !good {
                for line in show::text(&verdict.timeline, &self.analysis.sources).lines() {
                    let _ = writeln!(text, "    {line}");
                }
                text.push('\n');
            }
        }
        let failed = self.verdicts.iter().filter(|it| !it.failures.is_empty()).count();
        let count = self.verdicts.len();
        if failed > 0 || !is_quiet {
            let _ = writeln!(text, "{} of {count} tests passed", count - failed);
        }
        if coverage || !is_quiet {
            self.covered(&mut text, coverage, paint);
        }
        text
    }

    fn covered(&self, text: &mut String, all: bool, paint: Paint) {
        let Coverage { triggers, stages, conditions } = &self.coverage;
        let part = |name: &str, it: &Part| format!("{} of {} {name}", it.reached, it.all());
        let _ = writeln!(
            text,
            "reached {}, {}, {}",
            part("triggers", triggers),
            part("stages", stages),
            part("conditions both ways", conditions)
        );
        if !all {
            return;
        }
        for (word, part) in [("trigger", triggers), ("stage", stages), ("condition", conditions)] {
            for (name, span) in &part.missed {
                let _ =
                    writeln!(text, "  {} {name}  ({})", paint.yellow(&format!("{word}:")), self.place(*span));
            }
        }
    }

    fn json(&self) -> Vec<serde_json::Value> {
        let one = |it: &Verdict| {
            let failures =
                it.failures.iter().map(|(why, span)| json!({ "why": why, "place": self.place(*span) }));
            json!({
                "test": it.title, "place": self.place(it.span), "passed": it.failures.is_empty(),
                "failures": failures.collect::<Vec<_>>(), "run": json::json(&it.timeline, &self.analysis.sources),
            })
        };
        self.verdicts.iter().map(one).collect()
    }
}

fn junit(ran: &[Ran<'_>]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for project in ran {
        let failed = project.verdicts.iter().filter(|it| !it.failures.is_empty()).count();
        let name = project.analysis.project.settings.header.as_ref().map_or("project", |it| &it.ident.value);
        let (name, count) = (escape(name), project.verdicts.len());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failed}\" errors=\"0\" time=\"0\">"
        );
        for verdict in &project.verdicts {
            let title = escape(&verdict.title);
            let _ = write!(text, "    <testcase name=\"{title}\" classname=\"{name}\" time=\"0\"");
            if verdict.failures.is_empty() {
                text.push_str("/>\n");
                continue;
            }
            text.push_str(">\n");
            let timeline = escape(&show::text(&verdict.timeline, &project.analysis.sources));
            for (why, span) in &verdict.failures {
                let why = escape(&format!("{why} ({})", project.place(*span)));
                let _ = writeln!(
                    text,
                    "      <failure type=\"expectation\" message=\"{why}\">{timeline}</failure>"
                );
            }
            text.push_str("    </testcase>\n");
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}
