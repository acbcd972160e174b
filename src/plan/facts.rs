//! What no condition of Azure Pipelines knows, looked up in a stage before all others: which paths have changed, and
//! which tags the run of another pipeline has.

use super::context::Context;
use super::term::Term;
use super::{Job, JobSettings, Part, Pool, Stage, Step, StepBody, Value};
use crate::model::data::Record;
use crate::model::expr::Look;
use crate::model::project::{Looks, Pipeline};
use crate::model::steps::action::{Data, Datum, ScriptSource, Shell};

pub const JOB: &str = "facts";

const CHANGED: &str = "changed";
const TAGS: &str = "tags";

/// Minutes; the history of a large repository takes some.
const TIMEOUT: u64 = 30;

/// `facts`, or that with underscores where a stage of the user's is called so.
pub fn stage_name(pipeline: &Pipeline) -> String {
    let mut name = "facts".to_owned();
    while pipeline.stages.iter().any(|it| it.ident.value == name) {
        name.push('_');
    }
    name
}

/// The step and the variable that hold it.
pub fn output(look: Look) -> (&'static str, String) {
    match look {
        Look::Changed(index) => (CHANGED, format!("changed_{}", index + 1)),
        Look::Tags(index) => (TAGS, format!("tags_{}", index + 1)),
    }
}

/// `None` where nothing is to be looked up.
pub fn stage(pipeline: &Pipeline, context: &Context) -> Option<Stage> {
    let looks = &pipeline.looks;
    if looks.is_empty() {
        return None;
    }
    let mut steps = vec![checkout(looks)];
    if !looks.changed.is_empty() {
        steps.push(changed(&looks.changed));
    }
    if !looks.tags.is_empty() {
        steps.push(tags(&looks.tags));
    }
    let head = pipeline.header.head;
    let job = Job {
        name: JOB.into(),
        title: "What conditions ask for".into(),
        pool: context.pool.map_or(Pool::Default, Pool::Agents),
        environment: None,
        depends_on: Vec::new(),
        condition: Term::succeeded(),
        timeout_minutes: TIMEOUT,
        settings: JobSettings::default(),
        variables: Vec::new(),
        steps: steps.into_iter().map(|step| Step { source: head, ..step }).collect(),
        source: head,
    };
    Some(Stage {
        name: stage_name(pipeline),
        title: "What conditions ask for".into(),
        depends_on: Vec::new(),
        condition: Term::succeeded(),
        variables: Vec::new(),
        lock: None,
        manual: false,
        jobs: vec![job],
        includes: Vec::new(),
        origin: None,
        source: head,
    })
}

/// All commits: the one to compare with may be far back.
fn checkout(looks: &Looks) -> Step {
    if looks.changed.is_empty() {
        return step("Check out nothing", StepBody::NoCheckout);
    }
    let body = StepBody::Checkout {
        repository: "self".into(),
        path: None,
        depth: 0,
        submodules: false,
        lfs: false,
        clean: false,
    };
    step("Check out self, with its history", body)
}

fn changed(sets: &[Vec<String>]) -> Step {
    let mut rows = Vec::with_capacity(sets.len());
    let mut env = vec![token()];
    for (index, patterns) in sets.iter().enumerate() {
        let mut paths = Vec::with_capacity(patterns.len());
        for (number, pattern) in (1..).zip(patterns) {
            let name = format!("PATH_{}_{number}", index + 1);
            env.push((name.clone(), vec![Part::Literal(pattern.clone())]));
            paths.push(vec![("path", Datum::Word(name))]);
        }
        let (_, variable) = output(Look::Changed(index));
        rows.push(vec![("name", Datum::Word(variable)), ("paths", Datum::Rows(paths))]);
    }
    script(CHANGED, "Look what has changed", ("facts_changed", vec![("sets", Datum::Rows(rows))]), env)
}

fn tags(sources: &[String]) -> Step {
    let mut rows = Vec::with_capacity(sources.len());
    let mut env = vec![token()];
    for (index, alias) in sources.iter().enumerate() {
        let (project, run) = (format!("PROJECT_{}", index + 1), format!("RUN_{}", index + 1));
        let field = |field: &str| vec![Part::Variable(format!("resources.pipeline.{alias}.{field}"))];
        env.extend([(project.clone(), field("projectID")), (run.clone(), field("runID"))]);
        let (_, variable) = output(Look::Tags(index));
        let words = [("name", variable), ("project", project), ("run", run)];
        rows.push(words.map(|(key, word)| (key, Datum::Word(word))).to_vec());
    }
    script(TAGS, "Look which tags runs have", ("facts_tags", vec![("runs", Datum::Rows(rows))]), env)
}

/// Azure Pipelines gives it to no script by itself.
fn token() -> (String, Value) {
    ("TOKEN".into(), vec![Part::Variable("System.AccessToken".into())])
}

fn script(
    name: &str,
    title: &str,
    (template, data): (&'static str, Data),
    env: Vec<(String, Value)>,
) -> Step {
    let source = ScriptSource::Template { name: template, data };
    let body = StepBody::Script { source, shell: Shell::Bash };
    Step { name: Some(name.into()), env, ..step(title, body) }
}

fn step(title: &str, body: StepBody) -> Step {
    Step {
        name: None,
        title: title.into(),
        body,
        condition: None,
        env: Vec::new(),
        timeout_minutes: None,
        retries: 0,
        continue_on_error: false,
        enabled: true,
        working_directory: None,
        extra: Record::new(),
        source: crate::base::span::Span::default(),
    }
}
