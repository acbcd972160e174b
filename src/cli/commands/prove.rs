//! `mlopsc prove`: whether nothing reaches a protected environment that nobody agreed to.

use crate::base::span::Span;
use crate::cli::Outcome;
use crate::cli::edge::{Edge, Level, Paint};
use crate::cli::rules::RuleArgs;
use crate::cli::session::{self, Checked, OptionArgs};
use crate::cli::trouble::Trouble;
use crate::driver::{self, Analysis};
use crate::simulate::prove::{Note, Proof};
use crate::simulate::{json, show};
use clap::ValueEnum;
use serde_json::json;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Prove that nothing reaches a protected environment without consent
///
/// Over all events, parameters and outcomes: whatever deploys to the environment, or changes something in it, has passed an approval,
/// and where the environment names branches, their check. Where that is not so, the shortest way there is shown as a timeline. It
/// also tells what nothing starts, what no outcome reaches, what goes round, and what is left running. Exit code 1 if it
/// does not hold, or if there are errors in the sources.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The environment; without one, all that are `protected`
    #[arg(value_name = "ENVIRONMENT")]
    pub environment: Option<String>,
    /// The project's folder, or a file of it; without it the current folder
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    #[command(flatten)]
    pub options: OptionArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

pub fn run(args: &Args, edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    let paths: Vec<_> = args.project.iter().cloned().collect();
    let checked = session::check(&paths, &RuleArgs::default(), &args.options, edge)?;
    let [checked] = checked.as_slice() else { return Err(Trouble::new("one project at a time")) };
    let Some(analysis) = checked.analysis.as_ref().filter(|it| !driver::has_holes(it)) else {
        return session::refuse(std::slice::from_ref(checked), edge);
    };
    let proven = driver::proven(analysis, args.environment.as_deref());
    let (proofs, notes) = proven.map_err(|it| Trouble::new(it.message).help(it.help))?;
    let show = Show { checked, analysis };
    let text = match args.format {
        Format::Text => {
            let is_told = |it: &&Proof| edge.level >= Level::Normal || !it.ways.is_empty();
            let told: Vec<&Proof> = proofs.iter().filter(is_told).collect();
            show.text(&told, &notes, edge)
        }
        Format::Json => show.json(&proofs, &notes),
    };
    edge.out.print(&text)?;
    let wrong = session::tell_errors(std::slice::from_ref(checked), edge)?;
    let holds = !wrong && proofs.iter().all(|it| it.ways.is_empty());
    Ok(if holds { Outcome::Fine } else { Outcome::Findings })
}

struct Show<'a> {
    checked: &'a Checked,
    analysis: &'a Analysis,
}

impl Show<'_> {
    fn place(&self, span: Span) -> String {
        let sources = &self.analysis.sources;
        format!("{}{}:{}", self.checked.prefix, sources.get(span.file).path, sources.position(span).line)
    }

    fn text(&self, proofs: &[&Proof], notes: &[Note], edge: &Edge<'_>) -> String {
        let (paint, mut text) = (edge.out.paint, String::new());
        if proofs.is_empty() && edge.level >= Level::Normal {
            text.push_str("no environment is protected: `protected = true` says that people must agree\n");
        }
        for proof in proofs {
            self.proof(&mut text, proof, paint);
        }
        for note in notes {
            let _ = writeln!(text, "{} {}  ({})", paint.yellow("note:"), note.text, self.place(note.span));
        }
        text
    }

    fn proof(&self, text: &mut String, proof: &Proof, paint: Paint) {
        let name = &proof.environment;
        let wrong = self.analysis.has_errors();
        let head = match (proof.ways.is_empty(), wrong) {
            (false, _) => paint.red("does not hold"),
            (true, true) => paint.red("not proven"),
            (true, false) => paint.green("holds"),
        };
        let said = match (proof.ways.len(), proof.effects) {
            (0, 0) => "nothing touches it".to_owned(),
            (0, 1) => "the one way to it is agreed to".to_owned(),
            (0, all) => format!("all {all} ways to it are agreed to"),
            (_, 1) => "the one way to it is not agreed to".to_owned(),
            (some, all) => format!("{some} of {} ways to it", all.max(some)),
        };
        let rest =
            if wrong { ", but the project has errors, so that parts of it may be missing" } else { "" };
        let _ = writeln!(text, "{head} `{name}`: {said}{rest}");
        for it in &proof.agreed {
            let _ = writeln!(text, "  {}, {}  ({})", it.text, it.by.spoken(), self.place(it.span));
        }
        for way in &proof.ways {
            let _ = writeln!(text, "\n  {}, and {}  ({})", way.text, way.why, self.place(way.span));
            match &way.example {
                Some(timeline) => {
                    let shown = show::prefixed(timeline, &self.analysis.sources, &self.checked.prefix);
                    for line in shown.lines() {
                        let _ = writeln!(text, "  {line}");
                    }
                }
                None => text.push_str("  no scenario was found that gets there, and nothing excludes one\n"),
            }
        }
    }

    fn json(&self, proofs: &[Proof], notes: &[Note]) -> String {
        let proof = |it: &Proof| {
            let ways = it.ways.iter().map(|way| {
                let example = way.example.as_ref().map(|it| json::json(it, &self.analysis.sources));
                json!({ "way": way.text, "why": way.why, "place": self.place(way.span), "example": example })
            });
            let agreed = it.agreed.iter().map(|it| {
                let by = it.by.asked.iter().map(|it| json!({ "approval": it.approval, "stage": it.stage }));
                json!({
                    "way": it.text, "place": self.place(it.span), "by": by.collect::<Vec<_>>(),
                    "any_of": it.by.any_of,
                })
            });
            json!({
                "environment": it.environment, "holds": it.ways.is_empty() && !self.analysis.has_errors(),
                "effects": it.effects, "ways": ways.collect::<Vec<_>>(), "agreed": agreed.collect::<Vec<_>>(),
            })
        };
        let notes = notes.iter().map(|it| json!({ "note": it.text, "place": self.place(it.span) }));
        let whole = json!({
            "errors": self.analysis.has_errors(),
            "proofs": proofs.iter().map(proof).collect::<Vec<_>>(), "notes": notes.collect::<Vec<_>>(),
        });
        serde_json::to_string_pretty(&whole).expect("its keys are strings") + "\n"
    }
}
