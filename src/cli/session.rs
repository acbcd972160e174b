//! The projects of one run, checked.

use super::Outcome;
use super::edge::{Edge, Paint};
use super::files::{Noted, ProjectFiles};
use super::output::replace;
use super::own;
use super::project::{self, Place};
use super::report::summary::{self, Count};
use super::report::{self, Batch, Format, Options, Report, statistics};
use super::rules::RuleArgs;
use super::trouble::Trouble;
use crate::base::sources::Sources;
use crate::config::{self, Texts};
use crate::diag::{Diagnostic, Severity};
use crate::driver::{Analysis, Setting};
use crate::policy::Policy;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub struct Checked {
    pub place: Place,
    pub prefix: String,
    pub loaded: Texts,
    settings: Vec<Setting>,
    policy: Policy,
    /// The side files that were read so far, from the root.
    read: Mutex<BTreeSet<String>>,
    /// None where the sources are not all text.
    pub analysis: Option<Analysis>,
}

/// How findings are shown, for every command that has some.
#[derive(Debug, Default, clap::Args)]
pub struct ReportArgs {
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human", alias = "output-format")]
    pub format: Format,
    /// Print at most so many findings; 0 prints all. Without it 100 for people, all for programs
    #[arg(long, value_name = "N")]
    pub max_diagnostics: Option<usize>,
}

/// Findings that are printed for people where nothing is said.
const MOST: usize = 100;

impl ReportArgs {
    fn options(&self, format: Format, width: usize, paint: Paint) -> Options {
        let limit = self.max_diagnostics.unwrap_or(if format.is_document() { 0 } else { MOST });
        Options { format, limit, width, paint }
    }
}

/// Values for the options that a project declares.
#[derive(Debug, Default, clap::Args)]
pub struct OptionArgs {
    /// Set an `option` of the project; wins over `[options]` in `mlopsc.toml`
    #[arg(short = 'D', value_name = "NAME=VALUE", value_parser = setting)]
    pub define: Vec<(String, String)>,
}

impl OptionArgs {
    /// Those of `mlopsc.toml`, then those of the command line, of which the last wins.
    pub fn over(&self, configured: &[(String, String)]) -> Vec<Setting> {
        let setting = |from: &str, (name, text): &(String, String)| Setting {
            name: name.clone(),
            text: text.clone(),
            from: from.to_owned(),
        };
        let from_file = configured.iter().filter(|it| !self.define.iter().any(|wins| wins.0 == it.0));
        let from_file = from_file.map(|it| setting(config::FILE, it));
        from_file.chain(self.define.iter().map(|it| setting("-D", it))).collect()
    }
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it has the form `NAME=VALUE`")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Out,
    Err,
}

pub fn check(
    paths: &[PathBuf],
    rules: &RuleArgs,
    options: &OptionArgs,
    edge: &Edge<'_>,
) -> Result<Vec<Checked>, Trouble> {
    project::find(paths, edge)?.into_iter().map(|place| Checked::new(place, rules, options, edge)).collect()
}

/// The program ends: to take a large project apart would take it a tenth of its time.
pub fn leave(checked: Vec<Checked>) {
    std::mem::forget(checked);
}

impl Checked {
    fn new(
        place: Place,
        rules: &RuleArgs,
        options: &OptionArgs,
        edge: &Edge<'_>,
    ) -> Result<Checked, Trouble> {
        let mut loaded = place.load(edge.disk, &edge.here)?;
        let (policy, found) = rules.policy(&loaded.config.check)?;
        loaded.config_findings.extend(found);
        crate::diag::sort(&mut loaded.config_findings);
        let settings = options.over(&loaded.config.options);
        let is_text = loaded.findings.is_empty();
        let sources = if is_text { std::mem::take(&mut loaded.sources) } else { Sources::default() };
        let prefix = place.prefix(&edge.here);
        let mut checked =
            Checked { prefix, place, loaded, settings, policy, read: Mutex::default(), analysis: None };
        checked.analysis = is_text.then(|| checked.analyze(sources, edge));
        Ok(checked)
    }

    /// The project with these texts.
    pub fn analyze(&self, sources: Sources, edge: &Edge<'_>) -> Analysis {
        let files = ProjectFiles { disk: edge.disk, root: &self.place.root };
        let files = Noted { files, read: &self.read };
        let mut analysis = (edge.compiler.analyze)(sources, &files, &self.settings);
        let findings = std::mem::take(&mut analysis.findings);
        analysis.findings = self.policy.apply(&analysis.sources, findings);
        analysis
    }

    pub fn read(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on, warnings are errors.
    pub fn deny_warnings(&mut self) {
        let Texts { config_findings, findings, .. } = &mut self.loaded;
        let of_sources = self.analysis.iter_mut().flat_map(|it| &mut it.findings);
        let all = config_findings.iter_mut().chain(findings).chain(of_sources);
        all.filter(|it| it.severity == Severity::Warning).for_each(|it| it.severity = Severity::Error);
    }

    fn batches(&self) -> [Batch<'_>; 2] {
        let Texts { config_text, config_findings, sources, findings, .. } = &self.loaded;
        let (sources, findings) = match &self.analysis {
            Some(analysis) => (&analysis.sources, &analysis.findings),
            None => (sources, findings),
        };
        let prefix = &self.prefix;
        [
            Batch { prefix, sources: config_text, findings: config_findings },
            Batch { prefix, sources, findings },
        ]
    }
}

/// Says what was read, with `--verbose`.
pub fn tell_read(checked: &[Checked], edge: &mut Edge<'_>) -> Result<(), Trouble> {
    for it in checked {
        let texts =
            [&it.loaded.config_text, it.analysis.as_ref().map_or(&it.loaded.sources, |it| &it.sources)];
        let paths = texts.iter().flat_map(|it| it.iter()).map(|(_, source)| &source.path);
        let lines: Vec<String> = paths.map(|path| format!("  read {}{path}\n", it.prefix)).collect();
        edge.detail(&format!("project {}\n{}", it.place.root.display(), lines.concat()))?;
    }
    Ok(())
}

/// Prints all findings; how many there are of each severity.
pub fn report(checked: &[Checked], args: &ReportArgs, to: To, edge: &mut Edge<'_>) -> Result<Count, Trouble> {
    let batches = batches(checked);
    let stream = match to {
        To::Out => &mut edge.out,
        To::Err => &mut edge.err,
    };
    let options = args.options(args.format, edge.width, stream.paint);
    stream.print(&report::render(&batches, options))?;
    Ok(Count::of(&batches))
}

/// Tells the errors, where there are some, and whether there are: for commands that people do not call to be told what is wrong.
pub fn tell_errors(checked: &[Checked], edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let all = batches(checked);
    let count = Count::of(&all);
    if count.errors == 0 {
        return Ok(false);
    }
    let errors = |it: &Batch<'_>| it.findings.iter().filter(|it| it.is_error()).cloned().collect();
    let errors: Vec<Vec<Diagnostic>> = all.iter().map(errors).collect();
    let told: Vec<Batch<'_>> =
        all.iter().zip(&errors).map(|(it, findings)| Batch { findings, ..*it }).collect();
    let options = ReportArgs::default().options(Format::Human, edge.width, edge.err.paint);
    edge.err.print(&report::render(&told, options))?;
    let mut text = summary::counts(count, summary::files(&all)) + "\n";
    if let Some(pointer) = summary::pointer(&told) {
        text.push_str(&(edge.err.paint.dim(&pointer) + "\n"));
    }
    if !count.is_errors_only() {
        text.push_str(&(edge.err.paint.dim("`mlopsc check` tells what are no errors") + "\n"));
    }
    edge.note(&text)?;
    Ok(true)
}

/// Tells the errors, and whether there are some; of anything else only how much there is.
pub fn tell_in_short(checked: &[Checked], edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let wrong = tell_errors(checked, edge)?;
    let count = Count::of(&batches(checked));
    if !wrong && !count.is_empty() {
        edge.note(&format!("note: {}, which `mlopsc check` tells\n", summary::parts(count)))?;
    }
    Ok(wrong)
}

/// The errors alone, and whether there are: what is only dubious is not what the command is about.
pub fn tell_errors_alone(checked: &[Checked], edge: &mut Edge<'_>) -> Result<bool, Trouble> {
    let all = batches(checked);
    let errors = |it: &Batch<'_>| -> Vec<Diagnostic> {
        it.findings.iter().filter(|it| it.is_error()).cloned().collect()
    };
    let found: Vec<Vec<Diagnostic>> = all.iter().map(errors).collect();
    if found.iter().all(Vec::is_empty) {
        return Ok(false);
    }
    let mut batches = all;
    for (batch, errors) in batches.iter_mut().zip(&found) {
        batch.findings = errors;
    }
    let args = ReportArgs::default();
    let options = args.options(args.format, edge.width, edge.err.paint);
    edge.err.print(&report::render(&batches, options))?;
    last_lines(&batches, edge)?;
    Ok(true)
}

/// Writes the report into a file, whole or not at all; people read it on the standard output.
pub fn report_into(
    file: &Path,
    checked: &[Checked],
    args: &ReportArgs,
    edge: &mut Edge<'_>,
) -> Result<Count, Trouble> {
    own::keep(file, "findings.sarif", checked, edge)?;
    let batches = batches(checked);
    let text = report::render(&batches, args.options(args.format, edge.width, Paint::default()));
    replace(&edge.here.join(file), text.as_bytes(), edge.disk)?;
    let options = args.options(Format::Human, edge.width, edge.out.paint);
    edge.out.print(&report::render(&batches, options))?;
    Ok(Count::of(&batches))
}

/// Writes something that was made of the project into a file, whole or not at all.
pub fn write_into(file: &Path, text: &str, checked: &[Checked], edge: &mut Edge<'_>) -> Result<(), Trouble> {
    own::keep(file, "system.svg", checked, edge)?;
    replace(&edge.here.join(file), text.as_bytes(), edge.disk)
}

/// Prints how often each code was found.
pub fn statistics(checked: &[Checked], args: &ReportArgs, edge: &mut Edge<'_>) -> Result<Count, Trouble> {
    if !statistics::FORMATS.contains(&args.format) {
        return Err(Trouble::new("statistics are told as `human`, `concise` or `json` only")
            .help("remove `--statistics`, or choose another `--format`"));
    }
    let batches = batches(checked);
    let options = Options { limit: 0, ..args.options(args.format, edge.width, edge.out.paint) };
    edge.out.print(&statistics::render(&Report::new(&batches, options)))?;
    Ok(Count::of(&batches))
}

fn batches(checked: &[Checked]) -> Vec<Batch<'_>> {
    checked.iter().flat_map(Checked::batches).collect()
}

/// Of a project that cannot be read as a whole, only the findings are told.
pub fn refuse(checked: &[Checked], edge: &mut Edge<'_>) -> Result<Outcome, Trouble> {
    tell_errors(checked, edge)?;
    Ok(Outcome::Findings)
}

/// The last lines of a run with findings, and of a check without.
pub fn footer(checked: &[Checked], edge: &mut Edge<'_>) -> Result<(), Trouble> {
    last_lines(&batches(checked), edge)
}

fn last_lines(batches: &[Batch<'_>], edge: &mut Edge<'_>) -> Result<(), Trouble> {
    let mut text = summary::counts(Count::of(batches), summary::files(batches));
    text.push('\n');
    if let Some(pointer) = summary::pointer(batches) {
        text.push_str(&edge.err.paint.dim(&pointer));
        text.push('\n');
    }
    edge.note(&text)
}
