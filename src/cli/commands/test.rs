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
/// touched. Where something does not follow, the timeline that led there is shown; where a test says something that says
/// nothing, a note tells: what is given and never used, what is not expected and could not have happened. Exit code 1 if a test
/// fails, or if there are errors in the sources.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders of projects or `.mlops` files; without one the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only tests whose titles hold this text
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub filter: String,
    /// Say what no test reached: triggers, stages, conditions, answers of approvals
    #[arg(long)]
    pub coverage: bool,
    /// Let tests with notes fail
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// How the results are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    Notes,
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
        ran.push(Ran { project, analysis, verdicts, coverage, strict: args.deny == Some(Deny::Notes) });
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
    let failed = ran.iter().any(|it| it.failed() > 0);
    let wrong = session::tell_errors(&checked, edge)?;
    Ok(if failed || wrong { Outcome::Findings } else { Outcome::Fine })
}

/// The tests of a project and how they went.
struct Ran<'a> {
    project: &'a Checked,
    analysis: &'a Analysis,
    verdicts: Vec<Verdict>,
    coverage: Coverage,
    /// Notes fail a test.
    strict: bool,
}

impl Ran<'_> {
    fn passed(&self, verdict: &Verdict) -> bool {
        verdict.failures.is_empty() && !(self.strict && !verdict.notes.is_empty())
    }

    fn failed(&self) -> usize {
        self.verdicts.iter().filter(|it| !self.passed(it)).count()
    }

    fn place(&self, span: Span) -> String {
        let sources = &self.analysis.sources;
        format!("{}{}:{}", self.project.prefix, sources.get(span.file).path, sources.position(span).line)
    }

    fn text(&self, coverage: bool, level: Level, paint: Paint) -> String {
        let mut text = String::new();
        let is_quiet = level == Level::Quiet;
        for verdict in &self.verdicts {
            let good = self.passed(verdict);
            if good && is_quiet {
                continue;
            }
            let sign = if good { paint.green("✓") } else { paint.red("✗") };
            let _ = writeln!(text, "{sign} {}", verdict.title);
            for (why, span) in &verdict.failures {
                let _ = writeln!(text, "    {}  ({})", paint.red(why), self.place(*span));
            }
            for (text_of, span) in &verdict.notes {
                let _ = writeln!(text, "    {} {text_of}  ({})", paint.yellow("note:"), self.place(*span));
            }
            if !verdict.failures.is_empty() {
                for line in show::text(&verdict.timeline, &self.analysis.sources).lines() {
                    let _ = writeln!(text, "    {line}");
                }
                text.push('\n');
            }
        }
        let failed = self.failed();
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
        let Coverage { triggers, stages, conditions, approvals } = &self.coverage;
        let part = |name: &str, it: &Part| format!("{} of {} {name}", it.reached, it.all());
        let _ = writeln!(
            text,
            "reached {}, {}, {}, {}",
            part("triggers", triggers),
            part("stages", stages),
            part("conditions both ways", conditions),
            part("approvals every way", approvals)
        );
        if !all {
            return;
        }
        for (word, part) in
            [("trigger", triggers), ("stage", stages), ("condition", conditions), ("approval", approvals)]
        {
            for (name, span) in &part.missed {
                let _ =
                    writeln!(text, "  {} {name}  ({})", paint.yellow(&format!("{word}:")), self.place(*span));
            }
        }
    }

    fn junit_case(&self, verdict: &Verdict) -> String {
        let mut text = String::new();
        let said = |(why, span): &(String, Span)| format!("{why} ({})", self.place(*span));
        let timeline = escape(&show::text(&verdict.timeline, &self.analysis.sources));
        let denied = verdict.notes.iter().filter(|_| self.strict).map(|it| ("note", it));
        for (kind, why) in verdict.failures.iter().map(|it| ("expectation", it)).chain(denied) {
            let why = escape(&said(why));
            let _ = writeln!(text, "      <failure type=\"{kind}\" message=\"{why}\">{timeline}</failure>");
        }
        let notes: Vec<String> = verdict.notes.iter().map(|it| format!("note: {}", said(it))).collect();
        if !notes.is_empty() {
            let _ = writeln!(text, "      <system-out>{}</system-out>", escape(&notes.join("\n")));
        }
        text
    }

    fn json(&self) -> Vec<serde_json::Value> {
        let one = |it: &Verdict| {
            let failures =
                it.failures.iter().map(|(why, span)| json!({ "why": why, "place": self.place(*span) }));
            let notes =
                it.notes.iter().map(|(text, span)| json!({ "note": text, "place": self.place(*span) }));
            json!({
                "test": it.title, "place": self.place(it.span), "passed": self.passed(it),
                "notes": notes.collect::<Vec<_>>(), "failures": failures.collect::<Vec<_>>(), "run": json::json(&it.timeline, &self.analysis.sources),
            })
        };
        self.verdicts.iter().map(one).collect()
    }
}

fn junit(ran: &[Ran<'_>]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for project in ran {
        let failed = project.failed();
        let name = project.analysis.project.settings.header.as_ref().map_or("project", |it| &it.ident.value);
        let (name, count) = (escape(name), project.verdicts.len());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failed}\" errors=\"0\" time=\"0\">"
        );
        for verdict in &project.verdicts {
            let title = escape(&verdict.title);
            let _ = write!(text, "    <testcase name=\"{title}\" classname=\"{name}\" time=\"0\"");
            let inside = project.junit_case(verdict);
            text +=
                &if inside.is_empty() { "/>\n".to_owned() } else { format!(">\n{inside}    </testcase>\n") };
        }
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}
