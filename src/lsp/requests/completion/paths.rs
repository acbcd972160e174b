//! Names in expressions: what can be read here, and what can be read of it.

use super::context::Context;
use super::items::Item;
use crate::driver::Analysis;
use crate::lsp::protocol::CompletionItemKind as Kind;
use crate::model;
use crate::model::project::{Job, Pipeline, Stage, Step};
use crate::model::symbols::declared_name;
use crate::schema;
use crate::syntax::ast::{Block, Statement};

/// What may follow a path of names; an empty one is the beginning.
pub fn following(cx: &Context<'_>, analysis: Option<&Analysis>, path: &[&str]) -> Vec<Item> {
    let facts = |names: Vec<&str>| plain(names, Kind::Property, "");
    match path {
        [] => roots(cx, analysis),
        ["params"] => params(cx),
        ["vars", ..] => variables(analysis, path.get(1).copied()),
        ["run"] => facts(
            model::run_facts()
                .filter(|it| !it.starts_with("pull_request."))
                .chain(["pull_request"])
                .collect(),
        ),
        ["run", "pull_request"] => {
            facts(model::run_facts().filter_map(|it| it.strip_prefix("pull_request.")).collect())
        }
        ["runs"] => declared(analysis, &[schema::Kind::Pipeline]),
        ["runs", _] => facts(model::run_fields().collect()),
        ["image"] => facts(model::image_fields().collect()),
        ["inputs"] if around(cx, "ml_pipeline").is_some() => {
            around(cx, "ml_pipeline").map(|it| inner(it, "input")).unwrap_or_default()
        }
        _ => of_pipeline(cx, analysis, path).or_else(|| of_ml_step(cx, path)).unwrap_or_default(),
    }
}

/// Declarations of these kinds.
pub fn declared(analysis: Option<&Analysis>, kinds: &[schema::Kind]) -> Vec<Item> {
    let all = analysis.iter().flat_map(|it| &it.project.declared).filter(|it| kinds.contains(&it.kind));
    let items = all.map(|it| {
        let item = Item::new(it.name.value.clone(), Kind::Reference).detail(it.kind.word());
        item.doc(it.doc.clone().unwrap_or_default())
    });
    items.collect()
}

/// Stages and jobs that can be waited for.
pub fn nodes(cx: &Context<'_>) -> Vec<Item> {
    let parent = if around(cx, "job").is_some() { around(cx, "stage") } else { around(cx, "pipeline") };
    let word = if around(cx, "job").is_some() { "job" } else { "stage" };
    parent.map(|it| inner(it, word)).unwrap_or_default()
}

fn roots(cx: &Context<'_>, analysis: Option<&Analysis>) -> Vec<Item> {
    let mut found = values(cx);
    if around(cx, "ml_pipeline").is_some() {
        found.extend(plain(vec!["inputs"], Kind::Module, "inputs of the ML pipeline"));
        found.extend(around(cx, "ml_pipeline").map(|it| inner(it, "step")).unwrap_or_default());
    }
    if let Some((pipeline, place)) = here(cx, analysis) {
        let steps = place.job.map(steps).unwrap_or_default();
        let jobs = place.stage.map(jobs).unwrap_or_default();
        found.extend(steps.into_iter().chain(jobs));
        found.extend(
            pipeline.stages.iter().map(|it| Item::new(it.ident.value.clone(), Kind::Event).detail("stage")),
        );
    }
    if around(cx, "pipeline").is_some() {
        for (root, doc) in [
            ("params", "parameters of this pipeline"),
            ("vars", "variables"),
            ("run", "facts of this run"),
            ("runs", "runs of other pipelines"),
            ("matrix", "values of this copy of the job"),
        ] {
            found.push(Item::new(root, Kind::Module).detail(doc));
        }
        let call = |name: &str| Item::new(format!("{name}()"), Kind::Function).detail("the state so far");
        found.extend(model::statuses().map(call));
        for (name, doc) in
            [("changed", "whether a path has changed"), ("defined", "whether a variable is there")]
        {
            found.push(Item::new(name, Kind::Function).detail(doc).snippet(format!("{name}($1)")));
        }
    }
    found
}

/// `let`, `option` and variables of loops and templates that are seen here.
fn values(cx: &Context<'_>) -> Vec<Item> {
    let mut found = Vec::new();
    for piece in cx.document.tree.pieces() {
        lets(&piece.parsed.file.statements, &mut found);
    }
    for (statement, _) in &cx.place.around {
        match statement {
            Statement::For(it) => {
                found.push(Item::new(it.item.value.clone(), Kind::Variable).detail("of the loop"));
                found.extend(
                    it.index
                        .iter()
                        .map(|it| Item::new(it.value.clone(), Kind::Variable).detail("of the loop")),
                );
            }
            Statement::Template(it) => {
                let parameters = it.parameters.iter();
                found.extend(parameters.map(|it| {
                    Item::new(it.name.value.clone(), Kind::Variable)
                        .detail(format!("parameter: {}", it.ty.name.value))
                }));
            }
            _ => {}
        }
        statement.bodies().for_each(|it| lets(&it.statements, &mut found));
    }
    found
}

fn lets(statements: &[Statement], found: &mut Vec<Item>) {
    for statement in statements {
        match statement {
            Statement::Let(it) => found.push(Item::new(it.name.value.clone(), Kind::Constant).detail("let")),
            Statement::Declaration(it) if it.word.value == "option" => {
                found.push(Item::new(it.name.ident.value.clone(), Kind::Constant).detail("option"));
            }
            _ => {}
        }
    }
}

fn params(cx: &Context<'_>) -> Vec<Item> {
    around(cx, "pipeline").map(|it| inner(it, "param")).unwrap_or_default()
}

fn variables(analysis: Option<&Analysis>, group: Option<&str>) -> Vec<Item> {
    let groups = analysis.iter().flat_map(|it| it.project.variables.values());
    let groups = groups.filter(|it| group.is_none_or(|name| it.header.ident.value == name));
    let members = groups.flat_map(|group| group.members.values().map(move |it| (group, it)));
    let items = members.map(|(group, it)| {
        let what = if it.secret { "secret of" } else { "of" };
        Item::new(it.ident.value.clone(), Kind::Variable)
            .detail(format!("{what} `{}`", group.header.ident.value))
    });
    items.collect()
}

/// Where the cursor stands in its pipeline.
struct Here<'p> {
    stage: Option<&'p Stage>,
    job: Option<&'p Job>,
}

fn here<'a>(cx: &Context<'_>, analysis: Option<&'a Analysis>) -> Option<(&'a Pipeline, Here<'a>)> {
    let name = declared_name(around(cx, "pipeline")?)?;
    let pipeline = analysis?.project.pipelines.values().find(|it| it.header.ident.value == name.value)?;
    let named = |word: &str| around(cx, word).and_then(declared_name).map(|it| it.value.as_str());
    let stage = named("stage").and_then(|name| pipeline.stages.iter().find(|it| it.ident.value == name));
    let job = stage.and_then(|stage| match named("job") {
        Some(name) => stage.jobs.iter().find(|it| it.ident.value == name),
        None => stage.jobs.iter().find(|it| it.implicit),
    });
    Some((pipeline, Here { stage, job }))
}

fn of_pipeline(cx: &Context<'_>, analysis: Option<&Analysis>, path: &[&str]) -> Option<Vec<Item>> {
    let (pipeline, here) = here(cx, analysis)?;
    let (first, rest) = path.split_first()?;
    if let Some(step) = here.job.and_then(|it| step(it, first)) {
        return Some(outputs(step, rest));
    }
    if let Some(job) =
        here.stage.and_then(|it| it.jobs.iter().find(|it| !it.implicit && it.ident.value == *first))
    {
        return Some(in_job(job, rest));
    }
    let stage = pipeline.stages.iter().find(|it| it.ident.value == *first)?;
    let whole = stage.jobs.iter().find(|it| it.implicit);
    match (whole, rest.split_first()) {
        (Some(job), _) => Some(in_job(job, rest)),
        (None, None) => Some(with_result(jobs(stage))),
        (None, Some((name, rest))) => {
            stage.jobs.iter().find(|it| it.ident.value == **name).map(|it| in_job(it, rest))
        }
    }
}

fn in_job(job: &Job, path: &[&str]) -> Vec<Item> {
    match path.split_first() {
        None => with_result(steps(job)),
        Some((name, rest)) => step(job, name).map(|it| outputs(it, rest)).unwrap_or_default(),
    }
}

fn with_result(mut items: Vec<Item>) -> Vec<Item> {
    items.push(Item::new("result", Kind::Property).detail("how it ended"));
    items
}

fn jobs(stage: &Stage) -> Vec<Item> {
    let jobs = stage.jobs.iter().filter(|it| !it.implicit);
    jobs.map(|it| Item::new(it.ident.value.clone(), Kind::Event).detail("job")).collect()
}

fn step<'j>(job: &'j Job, name: &str) -> Option<&'j Step> {
    job.steps.iter().find(|it| it.ident.as_ref().is_some_and(|it| it.value == name))
}

fn steps(job: &Job) -> Vec<Item> {
    let named = job.steps.iter().filter_map(|it| Some((it.ident.as_ref()?, it)));
    let items = named.filter(|(_, it)| !it.outputs.is_empty());
    items
        .map(|(name, it)| {
            Item::new(name.value.clone(), Kind::Method).detail(format!("step `{}`", it.kind.word()))
        })
        .collect()
}

/// Outputs may have dots themselves.
fn outputs(step: &Step, path: &[&str]) -> Vec<Item> {
    let before = path.iter().flat_map(|it| [*it, "."]).collect::<String>();
    let names = step.outputs.keys().filter_map(|it| it.strip_prefix(&before));
    let mut found: Vec<&str> = names.filter_map(|it| it.split('.').next()).collect();
    found.dedup();
    plain(found, Kind::Field, "output")
}

fn of_ml_step(cx: &Context<'_>, path: &[&str]) -> Option<Vec<Item>> {
    let [name] = path else { return None };
    let steps = around(cx, "ml_pipeline")?.body.iter().flat_map(|it| &it.statements);
    let found = steps.filter_map(|it| match it {
        Statement::Block(it) if it.word.value == "step" => Some(it),
        _ => None,
    });
    let step = found.into_iter().find(|it| declared_name(it).is_some_and(|it| it.value == *name))?;
    Some(inner(step, "output"))
}

/// The block of that word around the cursor.
pub fn around<'d>(cx: &Context<'d>, word: &str) -> Option<&'d Block> {
    cx.place.around.iter().rev().find_map(|(it, _)| match it {
        Statement::Block(it) if it.word.value == word => Some(it),
        _ => None,
    })
}

/// The names that statements of a word declare in the block.
pub fn inner(block: &Block, word: &str) -> Vec<Item> {
    let statements = block.body.iter().flat_map(|it| &it.statements);
    let items = statements.filter_map(|it| match it {
        Statement::Block(it) if it.word.value == word => {
            Some((declared_name(it)?.value.clone(), String::new(), &it.doc))
        }
        Statement::Declaration(it) if it.word.value == word => {
            Some((it.name.ident.value.clone(), format!(": {}", it.ty.name.value), &it.doc))
        }
        _ => None,
    });
    let items = items.map(|(name, ty, doc)| {
        Item::new(name, Kind::Variable).detail(format!("{word}{ty}")).doc(doc.clone().unwrap_or_default())
    });
    items.collect()
}

pub fn plain(names: Vec<&str>, kind: Kind, detail: &str) -> Vec<Item> {
    names.into_iter().map(|it| Item::new(it, kind).detail(detail)).collect()
}
