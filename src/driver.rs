//! The phases in order. Everything above the edges is a function of the sources, the side files and the options.

use crate::base::arena::Id;
use crate::base::files::Files;
use crate::base::parallel;
use crate::base::sources::Sources;
use crate::base::span::{FileId, Link, Span};
use crate::compare::{self, Change};
use crate::diag::{self, Diagnostic, Edit, Group};
use crate::draw::Painter;
use crate::emit::setup::listing::Listing;
use crate::emit::{self, OutputFile, Target};
use crate::expand::{self, Expanded, Surroundings};
use crate::graph::{self, Graphs};
use crate::model::project::{MlPipeline, Project};
use crate::model::steps::{self, Kind as StepKind};
use crate::model::walk;
use crate::plan::Plan;
use crate::simulate::System;
use crate::simulate::coverage::{self, Coverage};
use crate::simulate::names::{self, Misfit};
use crate::simulate::prove::{self, Note, Proof};
use crate::simulate::verdict::{self, Verdict};
use crate::syntax::ast::Statement;
use crate::trace::Tracer;
use crate::{allow, check, explain, model, noise, plan, simulate, syntax};
use std::collections::BTreeMap;

pub use crate::expand::Setting;

/// The output folder that is planned for where none is named.
const USUAL: &str = "generated";

/// Everything known about a project after all checks.
#[derive(Debug, Default)]
pub struct Analysis {
    pub sources: Sources,
    pub project: Project,
    pub graphs: Graphs,
    /// Every name that was looked up, with what it names: sorted, each once, in the files of the project.
    pub links: Vec<Link>,
    /// What every `let` and `option` at the top of a file stands for, in short, by where its name is declared.
    pub values: Vec<(Span, String)>,
    /// For the output folder [`USUAL`].
    pub plan: Plan,
    /// Sorted by place.
    pub findings: Vec<Diagnostic>,
}

impl Analysis {
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Diagnostic::is_error)
    }
}

/// Checks the whole project: `sources` are all its `.mlops` files, `files` reads the side files they name.
pub fn analyze(sources: Sources, files: &dyn Files) -> Analysis {
    analyze_with(sources, files, &[])
}

/// The same with values for the project's options.
pub fn analyze_with(mut sources: Sources, files: &dyn Files, settings: &[Setting]) -> Analysis {
    let mut findings = Vec::new();
    let mut trees = Vec::new();
    let texts: Vec<_> = sources.iter().collect();
    let bytes = texts.iter().map(|(_, it)| it.text.len()).sum();
    for (tree, found) in parallel::map(&texts, bytes, |(id, source)| syntax::parse(*id, &source.text)) {
        trees.push(tree);
        findings.extend(found);
    }
    let (allows, found) = allow::collect(&sources, &trees);
    findings.extend(found);
    findings.extend(model::respell::words(&mut trees));
    let step = |word: &str| steps::find(word).map(|it| it.block);
    let around = Surroundings { sources: &mut sources, files, settings, step };
    let Expanded { files: trees, findings: found, unused, mut names } = expand::expand(trees, around);
    findings.extend(found);
    let (mut project, found) = model::build(&trees, files);
    findings.extend(found);
    // The largest thing of all has been read: the plan can have its memory.
    drop(trees);
    if !findings.iter().any(Diagnostic::is_error) {
        own_documents(&mut project);
    }
    let (graphs, found) = graph::build(&project);
    findings.extend(found);
    let (plan, found) = plan::build(&project, &graphs, USUAL);
    findings.extend(found);
    let complete = !findings.iter().any(Diagnostic::is_error);
    if complete && !project.tests.is_empty() {
        findings.extend(simulate::scenario::findings(&System::new(&project, &plan)));
    }
    findings.extend(check::run(&project, &graphs, &plan, (&sources, files), complete));
    if complete {
        findings.extend(unused);
    }
    check::add_repairs(&sources, &mut findings);
    let findings = expand::settle(&sources, &names, findings);
    let findings = noise::without_followers(&sources, findings);
    let complete = !findings.iter().any(Diagnostic::is_error);
    let mut findings = allow::apply(&sources, &allows, &explain::kinds(), findings, complete);
    diag::sort(&mut findings);
    let in_commands = model::ml_names::links(&project, |span| sources.slice(span));
    project.links.extend(in_commands);
    let links = links(&sources, std::mem::take(&mut names.links), std::mem::take(&mut project.links));
    rename_everywhere(&links, &mut findings);
    Analysis { sources, project, graphs, links, values: names.known, plan, findings }
}

/// Where something was put in the place of what is written, the names are not those of the file.
fn links(sources: &Sources, of_values: Vec<Link>, of_project: Vec<Link>) -> Vec<Link> {
    let is_written =
        |it: &Link| [it.at, it.to].iter().all(|it| sources.origin(it.file).is_none_or(|it| !it.replaced));
    let real = |span: Span| Span { file: sources.real(span.file), ..span };
    let all = of_values.into_iter().chain(of_project).filter(is_written);
    let mut links: Vec<Link> = all.map(|it| Link { at: real(it.at), to: real(it.to) }).collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// A fix that gives a declaration another name does so wherever it is named.
fn rename_everywhere(links: &[Link], findings: &mut [Diagnostic]) {
    let mut renamed: BTreeMap<Span, Vec<Span>> = BTreeMap::new();
    renamed.extend(findings.iter().filter_map(renames).map(|it| (it, Vec::new())));
    for link in links.iter().filter(|it| it.at != it.to) {
        if let Some(places) = renamed.get_mut(&link.to) {
            places.push(link.at);
        }
    }
    for finding in findings {
        let Some(places) = renames(finding).and_then(|it| renamed.get(&it)) else { continue };
        let Some(fix) = &mut finding.fix else { continue };
        let text = fix.edits[0].text.clone();
        fix.edits.extend(places.iter().map(|span| Edit { span: *span, text: text.clone() }));
    }
}

/// The only place that the fix changes, if it writes a name there.
fn renames(finding: &Diagnostic) -> Option<Span> {
    let [only] = finding.fix.as_ref()?.edits.as_slice() else { return None };
    let is_name = only.text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    (is_name && !only.text.is_empty()).then_some(only.span)
}

/// The output files, sorted by path. `out` is the output folder relative to the project's root, normalized.
/// Call it only for an analysis without errors.
pub fn emit(analysis: &Analysis, out: &str, targets: &[Target]) -> Vec<OutputFile> {
    let mut files = with_plan(analysis, out, |plan| {
        let of = |target: &Target| of_target(analysis, plan, out, *target);
        targets.iter().flat_map(of).collect::<Vec<_>>()
    });
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn of_target(analysis: &Analysis, plan: &Plan, out: &str, target: Target) -> Vec<OutputFile> {
    let Analysis { project, sources, .. } = analysis;
    match target {
        Target::AzureDevops => emit::azure_devops::emit(project, plan, sources),
        Target::AzureMl => emit::azure_ml::emit(project, out, &published(project)),
        Target::Helm => emit::helm::emit(project, sources),
        Target::Setup => emit::setup::emit(project, &plan::setup::build(project, plan, out), out, sources),
    }
}

/// The plan for an output folder.
fn with_plan<T>(analysis: &Analysis, out: &str, read: impl FnOnce(&Plan) -> T) -> T {
    if out == USUAL {
        return read(&analysis.plan);
    }
    read(&plan::build(&analysis.project, &analysis.graphs, out).0)
}

/// Hands over what knows where the lines come from of files that were emitted for the output folder `out`.
pub fn trace<T>(analysis: &Analysis, out: &str, read: impl FnOnce(&Tracer<'_>) -> T) -> T {
    with_plan(analysis, out, |plan| read(&Tracer::new(&analysis.project, plan, &analysis.sources)))
}

/// What must stand in Azure DevOps beside the YAML. Call it only for an analysis without errors.
pub fn listing(analysis: &Analysis, out: &str) -> Listing {
    with_plan(analysis, out, |plan| {
        let setup = plan::setup::build(&analysis.project, plan, out);
        emit::setup::listing::listing(&analysis.project, &setup, &analysis.sources)
    })
}

/// Whether something could not be read, so that parts of the system are not known.
pub fn has_holes(analysis: &Analysis) -> bool {
    holes(analysis).next().is_some()
}

/// The same, but for what is wrong inside of tests: of the system they hold nothing.
pub fn has_holes_beside_tests(analysis: &Analysis) -> bool {
    let mut tests: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    holes(analysis).any(|it| {
        let file = it.span().file;
        let tests = tests.entry(file).or_insert_with(|| tests_of(&analysis.sources, file));
        !tests.iter().any(|test| test.start <= it.span().start && it.span().end <= test.end)
    })
}

fn holes(analysis: &Analysis) -> impl Iterator<Item = &Diagnostic> {
    let kinds = explain::kinds();
    let hole = move |it: &&Diagnostic| {
        // Pipelines that start each other are known: a simulation ends after so many runs.
        if it.code == "trigger-cycle" {
            return false;
        }
        let kind = kinds.iter().find(|kind| kind.code == it.code);
        kind.is_none_or(|it| {
            matches!(it.group, Group::Syntax | Group::References | Group::Types | Group::Graph)
        })
    };
    analysis.findings.iter().filter(|it| it.is_error()).filter(hole)
}

/// Where tests stand in a file; nowhere if not all of it can be read.
fn tests_of(sources: &Sources, file: FileId) -> Vec<Span> {
    fn below(statements: &[Statement], found: &mut Vec<Span>) {
        for it in statements {
            match it {
                Statement::Block(it) if it.word.value == "test" => found.push(it.span),
                Statement::For(it) => below(&it.body.statements, found),
                _ => {}
            }
        }
    }
    let (tree, findings) = syntax::parse(file, &sources.get(file).text);
    let mut found = Vec::new();
    if !findings.iter().any(Diagnostic::is_error) {
        below(&tree.statements, &mut found);
    }
    found
}

/// Hands over the system to be simulated. Call it only for an analysis without holes.
pub fn simulated<T>(analysis: &Analysis, read: impl FnOnce(&System<'_>) -> T) -> T {
    with_plan(analysis, USUAL, |plan| read(&System::new(&analysis.project, plan)))
}

/// Hands over what draws the system. Call it only for an analysis without holes.
pub fn drawn<T>(analysis: &Analysis, read: impl FnOnce(&Painter<'_>) -> T) -> T {
    let Analysis { sources, project, graphs, plan, .. } = analysis;
    simulated(analysis, |system| read(&Painter { sources, project, graphs, plan, system }))
}

/// Runs the tests whose titles hold a text, and says what they reached. Call it only for an analysis without holes.
pub fn tested(analysis: &Analysis, filter: &str) -> (Vec<Verdict>, Coverage) {
    simulated(analysis, |system| {
        let tests = analysis.project.tests.iter().filter(|it| it.title.value.contains(filter));
        let verdicts: Vec<Verdict> = tests.map(|it| verdict::judge(system, it)).collect();
        let timelines: Vec<_> = verdicts.iter().map(|it| &it.timeline).collect();
        let coverage = coverage::of(system, &timelines);
        (verdicts, coverage)
    })
}

/// Proves what is said of protected environments, or of the one that is named; beside it, what is found on the way. Call it only
/// for an analysis without holes.
pub fn proven(analysis: &Analysis, environment: Option<&str>) -> Result<(Vec<Proof>, Vec<Note>), Misfit> {
    let all = || analysis.project.environments.iter();
    let named = environment.map(|name| {
        let names: Vec<&str> = all().map(|it| it.1.header.ident.value.as_str()).collect();
        let found = all().find(|it| it.1.header.ident.value == name);
        found.map(|it| it.0).ok_or_else(|| names::unknown(0, name, "environment", &names))
    });
    let named = named.transpose()?;
    Ok(simulated(analysis, |system| (prove::prove(system, named), prove::notes(system))))
}

/// What the new version does otherwise. Call it only for analyses without holes.
pub fn compared(old: &Analysis, new: &Analysis) -> Vec<Change> {
    simulated(old, |old| simulated(new, |new| compare::compare(old, new)))
}

/// Finds out which documents environments have of their own: steps name them.
fn own_documents(project: &mut Project) {
    let published = if project.views.is_empty() { Vec::new() } else { published(project) };
    let found = project.views.iter().map(|it| emit::azure_ml::own_documents(project, it, &published));
    let found: Vec<_> = found.collect();
    for (view, own) in project.views.iter_mut().zip(found) {
        view.project.own_documents = own;
    }
}

/// The ML pipelines that some step publishes or runs as published.
fn published(project: &Project) -> Vec<Id<MlPipeline>> {
    let mut found: Vec<Id<MlPipeline>> = walk::steps(project)
        .filter_map(|it| match &it.step.kind {
            StepKind::PublishPipeline(step) => Some(step.ml_pipeline),
            StepKind::Submit(step) if step.published => Some(step.ml_pipeline),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
