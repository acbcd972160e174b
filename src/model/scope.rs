//! The names inside pipelines, found before any expression is read: stages, jobs, steps with their outputs,
//! parameters; and of ML pipelines what a `submit` of them yields.

use super::expr::Ty;
use super::handlers::{Role, STARTED, flat_steps, handlers};
use super::matrix;
use super::project::{Matrix, Output};
use super::steps;
use super::symbols::{Symbols, declared_name};
use crate::base::span::{Span, Spanned};
use crate::base::suggest;
use crate::schema::Kind;
use crate::syntax::ast::{self, Statement};
use indexmap::IndexMap;

#[derive(Debug, Default)]
pub struct PipelineScope {
    pub params: IndexMap<String, (Ty, Span)>,
    /// What its runs publish.
    pub artifacts: Vec<Spanned<String>>,
    pub stages: Vec<StageScope>,
}

#[derive(Debug)]
pub struct StageScope {
    pub name: Spanned<String>,
    pub implicit: bool,
    pub jobs: Vec<JobScope>,
}

#[derive(Debug)]
pub struct JobScope {
    pub name: Spanned<String>,
    /// The job whose steps can be named from here as from inside: what it handles.
    pub inside: Option<usize>,
    pub matrix: Option<Matrix>,
    pub steps: Vec<StepScope>,
}

#[derive(Debug)]
pub struct StepScope {
    /// The alias, else the kind's word if that is unique in the job.
    pub name: Option<Spanned<String>>,
    pub alias: bool,
    pub outputs: IndexMap<String, Output>,
}

/// Where an expression stands in its pipeline.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    pub stage: Option<usize>,
    pub job: Option<usize>,
    /// Steps before this one may be read.
    pub step: Option<usize>,
}

/// What the names of outputs of a step are made from.
#[derive(Debug)]
pub struct StepOutputs<'a> {
    pub block: &'a ast::Block,
    pub symbols: &'a Symbols<'a>,
}

impl StepOutputs<'_> {
    /// The declaration the first argument names, if it is of that kind.
    pub fn declaration(&self, kind: Kind) -> Option<&ast::Block> {
        let name = declared_name(self.block)?;
        let found = self.symbols.get(kind, &name.value)?;
        self.symbols.of(kind).nth(found.index).map(|it| it.block)
    }
}

impl PipelineScope {
    /// The path to the one step of that name in other jobs, as it is written here.
    pub fn elsewhere(&self, here: Place, name: &str) -> Option<String> {
        let mut found = Vec::new();
        for (index, stage) in self.stages.iter().enumerate() {
            for (number, job) in stage.jobs.iter().enumerate() {
                let has = job.steps.iter().any(|it| it.name.as_ref().is_some_and(|it| it.value == name));
                if !has || (here.stage, here.job) == (Some(index), Some(number)) {
                    continue;
                }
                let is_explicit = job.name.value != stage.name.value;
                let of_stage = (here.stage != Some(index)).then_some(stage.name.value.as_str());
                let of_job = is_explicit.then_some(job.name.value.as_str());
                let path: Vec<&str> = of_stage.into_iter().chain(of_job).chain([name]).collect();
                found.push(path.join("."));
            }
        }
        if let [only] = found.as_mut_slice() { Some(std::mem::take(only)) } else { None }
    }
}

pub fn output(ty: Ty) -> Output {
    Output { ty, declared: None, variable: None }
}

impl PipelineScope {
    pub fn of(block: &ast::Block, symbols: &Symbols<'_>) -> PipelineScope {
        let mut scope = PipelineScope { artifacts: artifacts(block), ..PipelineScope::default() };
        for name in &scope.artifacts {
            // One that several jobs publish is one name.
            let first = scope.artifacts.iter().find(|it| it.value == name.value);
            if let Some(first) = first.filter(|it| it.span != name.span) {
                symbols.link(name, first.span);
            }
        }
        for statement in statements(block) {
            match statement {
                Statement::Declaration(it) if it.word.value == "param" => {
                    let ty = value_type_or_near(&it.ty.name.value);
                    scope.params.insert(it.name.ident.value.clone(), (ty, it.name.span));
                }
                Statement::Block(it) if it.word.value == "stage" => scope.stages.extend(stage(it, symbols)),
                _ => {}
            }
        }
        scope
    }

    pub fn step(&self, stage: usize, job: usize, step: usize) -> &StepScope {
        &self.stages[stage].jobs[job].steps[step]
    }
}

/// The artifacts that steps of a pipeline publish: `publish NAME`.
pub fn artifacts(pipeline: &ast::Block) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    for inner in blocks(pipeline) {
        if inner.word.value == "publish" {
            found.extend(declared_name(inner).cloned());
        }
        found.extend(artifacts(inner));
    }
    found
}

/// The word of a type in pipelines.
pub fn value_type(word: &str) -> Option<Ty> {
    match word {
        "string" => Some(Ty::String),
        "int" => Some(Ty::Int),
        "number" => Some(Ty::Number),
        "bool" => Some(Ty::Bool),
        _ => None,
    }
}

/// What is meant, where the word is wrong: that is said elsewhere, once.
pub fn value_type_or_near(word: &str) -> Ty {
    value_type(word).or_else(|| value_type(meant_type(word)?)).unwrap_or(Ty::String)
}

/// The type that an unknown word stands for, as far as one can tell: other languages say `integer` and `boolean`.
pub fn meant_type(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    match word.as_str() {
        "integer" | "long" => Some("int"),
        "boolean" => Some("bool"),
        "float" | "double" | "decimal" => Some("number"),
        "str" | "text" => Some("string"),
        _ => suggest::nearest(&word, ["string", "int", "number", "bool"]),
    }
}

fn statements(block: &ast::Block) -> &[Statement] {
    block.body.as_ref().map_or(&[], |body| &body.statements)
}

fn stage(block: &ast::Block, symbols: &Symbols<'_>) -> Option<StageScope> {
    let name = declared_name(block)?.clone();
    let jobs: Vec<&ast::Block> = blocks(block).filter(|it| it.word.value == "job").collect();
    if jobs.is_empty() {
        let steps = job_steps(block, symbols);
        let mut jobs = vec![JobScope { name: name.clone(), inside: None, matrix: None, steps }];
        jobs.extend(handlers(block).iter().map(|it| it.scope(symbols)));
        return Some(StageScope { jobs, name, implicit: true });
    }
    let named = jobs.into_iter().filter_map(|it| {
        let name = declared_name(it)?.clone();
        let matrix = blocks(it).find(|it| it.word.value == "matrix" && !it.quoted);
        // What is wrong with it is said where the job is read.
        let matrix = matrix.map(|it| matrix::read(it, symbols, &mut Vec::new()));
        Some(JobScope { name, inside: None, matrix, steps: job_steps(it, symbols) })
    });
    let mut jobs: Vec<JobScope> = named.collect();
    jobs.extend(handlers(block).iter().map(|it| it.scope(symbols)));
    Some(StageScope { jobs, name, implicit: false })
}

pub(in crate::model) fn blocks(block: &ast::Block) -> impl Iterator<Item = &ast::Block> {
    statements(block).iter().filter_map(|it| match it {
        Statement::Block(inner) => Some(inner),
        _ => None,
    })
}

/// The blocks of a job or stage that are steps, in order: the decoder reads exactly these.
pub fn step_blocks(block: &ast::Block) -> impl Iterator<Item = (&ast::Block, &'static steps::StepKind)> {
    blocks(block).filter(|it| !it.quoted).filter_map(|it| Some((it, steps::find(&it.word.value)?)))
}

pub(super) fn job_steps(block: &ast::Block, symbols: &Symbols<'_>) -> Vec<StepScope> {
    let found = flat_steps(block);
    let count = |word: &str, ordinary: bool| {
        let same = found.iter().filter(|it| !ordinary || matches!(it.role, Role::Step));
        same.filter(|it| it.block.alias.is_none() && it.block.word.value == word).count()
    };
    let scopes = found.iter().map(|it| {
        if matches!(it.role, Role::Marker) {
            let outputs = IndexMap::from([(STARTED.to_owned(), output(Ty::Bool))]);
            return StepScope { alias: false, name: None, outputs };
        }
        let alias = it.block.alias.as_ref().map(|name| name.ident.clone());
        let ordinary = matches!(it.role, Role::Step);
        let by_kind = || (count(&it.block.word.value, ordinary) == 1).then(|| it.block.word.clone());
        let mut outputs = (it.kind.outputs)(&StepOutputs { block: it.block, symbols });
        outputs.extend(declared_outputs(it.block));
        StepScope { alias: alias.is_some(), name: alias.or_else(by_kind), outputs }
    });
    scopes.collect()
}

/// `output ready: bool`
fn declared_outputs(block: &ast::Block) -> impl Iterator<Item = (String, Output)> {
    let known = steps::task::known(block);
    statements(block).iter().filter_map(move |it| match it {
        Statement::Declaration(it) if it.word.value == "output" => {
            let name = it.name.ident.value.clone();
            let ty = value_type_or_near(&it.ty.name.value);
            let of_task = || known?.output(&name).map(str::to_owned);
            let variable = name_of_variable(it).or_else(of_task);
            Some((name, Output { ty, declared: Some(it.name.span), variable }))
        }
        _ => None,
    })
}

/// `output tag: string { name = "imageTag" }`
fn name_of_variable(output: &ast::Declaration) -> Option<String> {
    output.body.iter().flat_map(|it| &it.statements).find_map(|it| match it {
        Statement::Attribute(it) if it.key.value == "name" => match &it.value.kind {
            ast::ExprKind::String(text) => Some(text.value.clone()),
            _ => None,
        },
        _ => None,
    })
}

/// What a run of an ML pipeline decides and registers.
#[derive(Debug, Default)]
pub struct MlYield {
    /// Names of outputs, as [`decision_names`] makes them.
    pub decisions: Vec<String>,
    /// Names of models.
    pub models: Vec<String>,
}

impl MlYield {
    /// Reads the declaration; of what it names, only the declared outputs.
    pub fn of(block: &ast::Block, symbols: &Symbols<'_>) -> MlYield {
        let mut decisions = Vec::new();
        let mut models = Vec::new();
        for inner in blocks(block) {
            let Some(name) = declared_name(inner) else { continue };
            match inner.word.value.as_str() {
                "step" => {
                    let mut found: Vec<&str> = decided(inner).collect();
                    let named = worked_by(inner, symbols);
                    let others = named.into_iter().flat_map(decided);
                    found.splice(0..0, others.filter(|it| !found.contains(it)).collect::<Vec<_>>());
                    decisions.extend(found.into_iter().map(|it| (name.value.as_str(), it)));
                }
                "register" => models.push(name.value.clone()),
                _ => {}
            }
        }
        MlYield { decisions: decision_names(&decisions), models }
    }
}

/// The component or ML pipeline that a step is.
fn worked_by<'s>(step: &ast::Block, symbols: &'s Symbols<'_>) -> Option<&'s ast::Block> {
    statements(step).iter().find_map(|it| {
        let Statement::Attribute(it) = it else { return None };
        let kind = match it.key.value.as_str() {
            "component" => Kind::Component,
            "pipeline" => Kind::MlPipeline,
            _ => return None,
        };
        let ast::ExprKind::Path(path) = &it.value.kind else { return None };
        let found = symbols.get(kind, &path.segments.last()?.name.value)?;
        symbols.of(kind).nth(found.index).map(|it| it.block)
    })
}

/// What decisions are read by, each given as step and output: the output, behind its step where several share a name.
pub fn decision_names(decisions: &[(&str, &str)]) -> Vec<String> {
    let shared = |name: &str| decisions.iter().filter(|it| it.1 == name).count() > 1;
    let names = decisions
        .iter()
        .map(|(step, output)| if shared(output) { format!("{step}.{output}") } else { (*output).to_owned() });
    names.collect()
}

/// What stands before `registered` and `model_version`: the model where several are registered.
pub fn registration_prefix(model: &str, registrations: usize) -> String {
    if registrations > 1 { format!("{model}.") } else { String::new() }
}

fn decided(step: &ast::Block) -> impl Iterator<Item = &str> {
    statements(step).iter().filter_map(|it| match it {
        Statement::Declaration(it) if it.word.value == "output" && it.ty.name.value == "decision" => {
            Some(it.name.ident.value.as_str())
        }
        _ => None,
    })
}
