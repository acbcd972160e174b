//! Tests of a project as scenarios and expectations, their names looked up; what is wrong with them as findings.

use super::event::{Event, PullRequest, Reference};
use super::given::{Answer, Verdict};
use super::names::{Misfit, Target};
use super::{Scenario, System, say, words};
use crate::base::span::{Span, Spanned};
use crate::diag::Diagnostic;
use crate::model::project::{DottedPath, Expected, Said, Test, TestEvent, TestEventKind, TestGiven};
use std::collections::BTreeMap;

/// What is expected of one name.
#[derive(Clone, Debug)]
pub struct Expectation {
    pub word: &'static str,
    pub of: Of,
    /// As it is written.
    pub name: String,
    pub span: Span,
    pub within: Option<u64>,
    pub times: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Of {
    Target(Target),
    /// The identifier of an environment.
    Environment(String),
}

/// Looks everything up. Findings where something is wrong; the rest is as if that were not there.
pub fn read(system: &System<'_>, test: &Test) -> (Scenario, Vec<Expectation>, Vec<Diagnostic>) {
    let mut cx = Cx { system, findings: Vec::new() };
    let events: Vec<(u64, Event)> =
        test.events.iter().filter_map(|it| Some((it.after, cx.event(it)?))).collect();
    let mut scenario = Scenario::of(Event::Webhook { name: String::new(), fields: BTreeMap::new() });
    scenario.events = events;
    scenario.events.sort_by_key(|it| it.0);
    scenario.until = test.until.unwrap_or(scenario.until);
    if let Some(start) = &test.start {
        scenario.start = cx.possible(start.span, words::moment(&start.value));
    }
    for given in &test.given {
        cx.given(given, &mut scenario);
    }
    cx.said_twice(test);
    let expected: Vec<Expectation> = test.expected.iter().flat_map(|it| cx.expected(it)).collect();
    cx.contradictions(&expected);
    (scenario, expected, cx.findings)
}

/// What is wrong with the tests of a project.
pub fn findings(system: &System<'_>) -> Vec<Diagnostic> {
    let tests = &system.project.tests;
    let mut found: Vec<Diagnostic> = tests.iter().flat_map(|it| read(system, it).2).collect();
    for (index, test) in tests.iter().enumerate() {
        if let Some(first) = tests[..index].iter().find(|it| it.title.value == test.title.value) {
            let finding =
                Diagnostic::error("contradictory-test", test.title.span, "two tests have the same title");
            found.push(finding.label(first.title.span, "the first").help("say what this one is about"));
        }
    }
    found
}

struct Cx<'s, 'a> {
    system: &'s System<'a>,
    findings: Vec<Diagnostic>,
}

impl Cx<'_, '_> {
    fn possible<T>(&mut self, span: Span, result: Result<T, Misfit>) -> Option<T> {
        match result {
            Ok(found) => Some(found),
            Err(it) => {
                self.findings.push(Diagnostic::error("impossible-event", span, it.message).help(it.help));
                None
            }
        }
    }

    fn unknown(&mut self, path: &DottedPath, misfit: Misfit) {
        let span = path.names.get(misfit.at).map_or(path.span, |it| it.span);
        self.findings.push(Diagnostic::error("unknown-in-test", span, misfit.message).help(misfit.help));
    }

    fn find(&mut self, path: &DottedPath) -> Option<Target> {
        self.system.find(&path.parts()).map_err(|it| self.unknown(path, it)).ok()
    }

    fn event(&mut self, event: &TestEvent) -> Option<Event> {
        let system = self.system;
        let found = match &event.kind {
            TestEventKind::Push { repository, branch, tag, paths } => {
                let name = repository.map(|it| system.project.repositories[it].header.ident.value.as_str());
                let reference = branch.clone().map(Reference::Branch).or(tag.clone().map(Reference::Tag));
                system.push(name, reference, paths.clone())
            }
            TestEventKind::PullRequest { source, target, paths, draft } => {
                let request = system.pull_request(
                    source.clone().unwrap_or_else(|| "feature".to_owned()),
                    target.clone(),
                    (paths.clone(), *draft),
                );
                request.map(|it| match it {
                    Event::PullRequest(it) => Event::PullRequest(PullRequest { draft: *draft, ..it }),
                    other => other,
                })
            }
            TestEventKind::Schedule { at, changed } => system.strike(&at.value, *changed),
            TestEventKind::Manual { pipeline, branch, params } => {
                let params = map(params);
                say::check_params(system, *pipeline, &params).map(|()| Event::Manual {
                    pipeline: *pipeline,
                    branch: branch.clone(),
                    params,
                })
            }
            TestEventKind::Image { registry, repository, tag } => {
                Ok(Event::Image { registry: *registry, repository: repository.clone(), tag: tag.clone() })
            }
            TestEventKind::Completion { pipeline, branch, tags, result } => {
                let (branch, tags) = (branch.clone(), tags.clone());
                words::outcome(result).map(|result| Event::Completion {
                    pipeline: *pipeline,
                    branch,
                    tags,
                    result,
                })
            }
            TestEventKind::Webhook { name, fields } => system.webhook(name.clone(), map(fields)),
        };
        self.possible(event.span, found)
    }

    fn given(&mut self, given: &TestGiven, scenario: &mut Scenario) {
        match given {
            TestGiven::Approval { approval, answer, after } => {
                let verdict = match *answer {
                    "reject" => Verdict::Reject,
                    "silent" => Verdict::Silent,
                    _ => Verdict::Grant,
                };
                scenario.given.answers.insert(approval.value.index(), Answer { verdict, after: *after });
            }
            TestGiven::Variables(said) => {
                for (name, value) in said {
                    let known = scenario.given.say_variable(self.system, &name.value, &value.value);
                    let misfit = known
                        .err()
                        .map(|it| Diagnostic::error("unknown-in-test", name.span, it.message).help(it.help));
                    self.findings.extend(misfit);
                }
            }
            TestGiven::Path { path, .. } => {
                if let Some(target) = self.find(path) {
                    self.goes(given, (path, &target), scenario);
                }
            }
        }
    }

    /// How something in a pipeline goes.
    fn goes(&mut self, given: &TestGiven, (path, target): (&DottedPath, &Target), scenario: &mut Scenario) {
        let TestGiven::Path { result, duration, cancel, outputs, .. } = given else { return };
        let system = self.system;
        let mut wrong: Vec<(Span, Misfit)> = Vec::new();
        if let Some(result) = result {
            let said =
                words::outcome(result.value).and_then(|it| scenario.given.say_result(system, target, it));
            wrong.extend(said.err().map(|it| (path.span, it)));
        }
        if let Some(duration) = duration {
            let said = scenario.given.say_duration(system, target, duration.value);
            wrong.extend(said.err().map(|it| (path.span, it)));
        }
        if let Some(cancel) = cancel {
            scenario.given.cancels.insert(target.pipeline, cancel.value);
            if target.stage.is_some() {
                let help = "name the pipeline: people cancel whole runs".to_owned();
                let message = "only a pipeline can be cancelled".to_owned();
                wrong.push((cancel.span, Misfit { at: 0, message, help }));
            }
        }
        for (name, value) in outputs {
            let said = scenario.given.say_output(system, target, (&name.value, &value.value));
            wrong.extend(said.err().map(|it| (name.span, it)));
        }
        let findings = wrong
            .into_iter()
            .map(|(span, it)| Diagnostic::error("unknown-in-test", span, it.message).help(it.help));
        self.findings.extend(findings);
    }

    fn said_twice(&mut self, test: &Test) {
        let mut seen: BTreeMap<Vec<String>, Span> = BTreeMap::new();
        for given in &test.given {
            let (key, span) = match given {
                TestGiven::Approval { approval, .. } => {
                    (vec![String::new(), approval.value.index().to_string()], approval.span)
                }
                TestGiven::Path { path, .. } => {
                    (path.names.iter().map(|it| it.value.clone()).collect::<Vec<_>>(), path.span)
                }
                TestGiven::Variables(_) => continue,
            };
            if let Some(first) = seen.insert(key, span) {
                let finding = Diagnostic::error("contradictory-test", span, "this is given twice");
                self.findings.push(finding.label(first, "the first").help("write one `given` for it"));
            }
        }
    }

    fn expected(&mut self, expected: &Expected) -> Vec<Expectation> {
        let deploys = expected.what.value.ends_with("deploys");
        let mut found = Vec::new();
        for path in &expected.names {
            let of = if deploys { self.environment(path) } else { self.find(path).map(Of::Target) };
            found.extend(of.map(|of| Expectation {
                word: expected.what.value,
                of,
                name: path.parts().join("."),
                span: path.span,
                within: expected.within,
                times: expected.times,
            }));
        }
        found
    }

    fn environment(&mut self, path: &DottedPath) -> Option<Of> {
        let names: Vec<&str> =
            self.system.project.environments.values().map(|it| it.header.ident.value.as_str()).collect();
        let parts = path.parts();
        let name = if parts.first() == Some(&"environment") { parts.get(1) } else { parts.first() };
        let known = name.filter(|it| names.contains(it) && parts.len() <= 2);
        if known.is_none() {
            let misfit = super::names::unknown(0, parts.last().copied().unwrap_or(""), "environment", &names);
            self.unknown(path, misfit);
        }
        known.map(|it| Of::Environment((*it).to_owned()))
    }

    /// Pairs that exclude each other.
    fn contradictions(&mut self, all: &[Expectation]) {
        for (index, later) in all.iter().enumerate() {
            let against = all[..index].iter().find(|it| it.of == later.of && excludes(it.word, later.word));
            if let Some(first) = against {
                let message = format!("`{}` cannot both be: {} and {}", later.name, first.word, later.word);
                let finding = Diagnostic::error("contradictory-test", later.span, message);
                self.findings.push(finding.label(first.span, "the other").help("remove one of the two"));
            }
        }
    }
}

fn excludes(one: &str, other: &str) -> bool {
    let pair = |a: &str, b: &str| (one == a && other == b) || (one == b && other == a);
    pair("deploys", "never_deploys")
        || ["starts", "runs", "fails", "waits"].iter().any(|it| pair("skips", it))
}

fn map(said: &Said) -> BTreeMap<String, String> {
    let pairs = said
        .iter()
        .map(|(name, value): &(Spanned<String>, Spanned<String>)| (name.value.clone(), value.value.clone()));
    pairs.collect()
}
