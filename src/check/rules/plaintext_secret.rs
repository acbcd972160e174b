//! # A secret stands in the source
//!
//! What is committed stays in the history of the repository for ever, for everybody who may ever read it, and is copied
//! into every file that is compiled from it. A key that was pushed once is no secret any more.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run "python send.py" { env { DB_PASSWORD = "correct-horse-7" } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! variables keys { group = "keys", secret db_password }
//! pipeline build {
//!   variables = keys
//!   trigger manual
//!   stage build {
//!     run "python send.py" { env { DB_PASSWORD = vars.db_password } }
//!   }
//! }
//! ```
//!
//! Put it into a variable group or a key vault, declare it as `secret`, and renew it where it was issued: changing the
//! file is not enough.
//!
//! Source: Azure DevOps documentation, "Protecting secrets in Azure Pipelines"; the shapes are those that the providers
//! publish for scanners.

use crate::base::span::Span;
use crate::check::scripts::Script;
use crate::check::{Cx, Group, Rule};
use crate::model::data::{Data, Record};
use crate::model::expr::Expr;
use crate::model::project::{CallTarget, Inherited, Project, ServiceSettings};
use crate::model::steps::Kind;
use crate::target::secrets::{self, is_placeholder, is_secret_name};
use crate::target::shell::Word;

pub(super) static RULE: Rule = Rule::error(Group::Security, "plaintext-secret", in_scripts).by_pipeline().and_outside(run);

fn run(cx: &mut Cx<'_>) {
    let mut told: Vec<Span> = Vec::new();
    for (file, source) in cx.sources.iter() {
        for found in secrets::find(&source.text) {
            let span = Span::new(file, found.range.start, found.range.end);
            told.push(span);
            report(cx, span, &format!("this is {}", found.what));
        }
    }
    for (name, span) in named(cx.project) {
        let home = Span { file: cx.sources.real(span.file), ..span };
        let is_told = told.iter().any(|it| it.file == home.file && it.start < home.end && home.start < it.end);
        if !is_told {
            told.push(home);
            report(cx, span, &format!("`{name}` has its value in the source"));
        }
    }
}

fn report(cx: &mut Cx<'_>, span: Span, message: &str) {
    cx.report(&RULE, span, message)
        .at("everybody who reads the repository can use it")
        .help("declare it as a `secret` of a variable group or a key vault, read it as `vars.NAME`, and renew it where it was issued");
}

fn in_scripts(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let found = script.file.and_then(|_| secrets::find(&script.text).into_iter().next());
        if let (Some(found), Some(file)) = (found, script.file) {
            let line = script.text[..found.range.start].matches('\n').count() + 1;
            report(cx, script.place.step.head, &format!("in line {line} of `{file}` stands {}", found.what));
        } else if let Some((what, word, line)) = written(script) {
            let span = script.span_at(cx.sources, word.range());
            report(cx, span, &format!("{what} has its value in the script{}", script.in_file(line)));
        }
    }
}

/// `PASSWORD=…`, `--password …`
fn written<'s>(script: &'s Script<'_>) -> Option<(String, &'s Word, usize)> {
    let is_secret = |name: &str, value: &str| is_secret_name(name) && !is_placeholder(value) && !value.contains('`');
    script.pipelines.iter().flat_map(|it| &it.commands).find_map(|command| {
        let found = |what: &str, word: &'s Word| Some((format!("`{what}`"), word, command.line));
        if let Some((name, word)) = command.assignments.iter().find(|it| it.1.reads.is_empty() && is_secret(&it.0, &it.1.text)) {
            return found(name, word);
        }
        let arguments = command.arguments();
        let joined = arguments.iter().filter(|it| it.reads.is_empty()).find_map(|it| {
            let (name, value) = it.text.split_once('=')?;
            (name.starts_with("--") && is_secret(name, value)).then_some((name, it))
        });
        if let Some((name, word)) = joined {
            return found(name, word);
        }
        let pair = arguments.windows(2).find(|it| {
            let is_flag = it[0].text.starts_with("--") && !it[0].text.contains('=');
            is_flag && !it[1].text.starts_with('-') && it[1].reads.is_empty() && is_secret(&it[0].text, &it[1].text)
        })?;
        found(&pair[0].text, &pair[1])
    })
}

/// Values under names of secrets, everywhere the project keeps values.
fn named(project: &Project) -> Vec<(String, Span)> {
    let mut all = Named(Vec::new());
    all.inherited(&project.settings.inherited);
    for variable in project.variables.values().flat_map(|it| it.members.values()) {
        all.value(&variable.name, variable.value.as_ref());
    }
    for pipeline in project.pipelines.values() {
        all.inherited(&pipeline.inherited);
        pipeline.params.values().for_each(|it| all.value(&it.ident.value, it.default.as_ref()));
        for stage in &pipeline.stages {
            all.inherited(&stage.inherited);
            for job in &stage.jobs {
                all.inherited(&job.inherited);
                for step in &job.steps {
                    all.values(&step.env);
                    if let Kind::Task(task) = &step.kind {
                        all.values(&task.inputs);
                    }
                }
            }
        }
    }
    for service in project.services.values() {
        all.service(&service.settings);
        service.build.iter().for_each(|it| all.values(&it.args));
    }
    for environment in project.environments.values() {
        all.inherited(&environment.inherited);
        environment.calls.iter().for_each(|it| all.key(&it.to));
        environment.services.values().for_each(|it| all.service(&it.settings));
    }
    for step in project.ml_pipelines.values().flat_map(|it| &it.steps) {
        all.texts(&step.env, step.head);
    }
    for deployment in project.endpoints.values().flat_map(|it| it.settings.deployments.values()) {
        all.texts(&deployment.env, deployment.head);
    }
    all.0
}

struct Named(Vec<(String, Span)>);

impl Named {
    fn inherited(&mut self, inherited: &Inherited) {
        self.values(&inherited.env);
    }

    fn values<'e>(&mut self, values: impl IntoIterator<Item = (&'e String, &'e Expr)>) {
        values.into_iter().for_each(|(name, value)| self.value(name, Some(value)));
    }

    fn value(&mut self, name: &str, value: Option<&Expr>) {
        if let Some(value) = value
            && value.as_str().is_some_and(|it| !is_placeholder(it))
            && is_secret_name(name)
        {
            self.0.push((name.to_owned(), value.span));
        }
    }

    fn texts<'e>(&mut self, texts: impl IntoIterator<Item = (&'e String, &'e String)>, head: Span) {
        let found = texts.into_iter().filter(|it| is_secret_name(it.0) && !is_placeholder(it.1));
        self.0.extend(found.map(|it| (it.0.clone(), head)));
    }

    /// Nothing but a variable's name is safe here, whatever it looks like.
    fn key(&mut self, to: &CallTarget) {
        if let CallTarget::Function { key: Some(key), .. } = to
            && !key.value.contains("$(")
        {
            self.0.push(("key".to_owned(), key.span));
        }
    }

    fn service(&mut self, settings: &ServiceSettings) {
        self.values(&settings.env);
        self.record(&settings.values);
    }

    fn record(&mut self, record: &Record) {
        for (key, entry) in record {
            match &entry.value.value {
                Data::Record(inner) => self.record(inner),
                Data::String(text) if is_secret_name(key) && !is_placeholder(text) => {
                    self.0.push((key.clone(), entry.value.span));
                }
                _ => {}
            }
        }
    }
}
