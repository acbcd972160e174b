//! What happens to a system and how things go in it, by chance, said to both sides.

use super::choices::Choices;
use super::project::{BRANCHES, PATHS, Pipeline, Project, REPOSITORIES, Step, TAGS};
use crate::azure::{Call, Decision, Ended, Event, Gate, Outcome, World};
use mlopsc::simulate::event::{Reference, Result as Ends};
use mlopsc::simulate::given::{Answer, Pace, Verdict};
use mlopsc::simulate::names::Misfit;
use mlopsc::simulate::{self, Given, Scenario, System};
use std::collections::BTreeMap;

#[derive(Debug)]
pub enum Happens {
    Push { repository: &'static str, reference: String, paths: Vec<String> },
    PullRequest { target: String, paths: Vec<String> },
    Strike { hour: u32, changed: bool },
    Manual { pipeline: String, branch: String, params: BTreeMap<String, String> },
}

/// How a step goes.
#[derive(Debug)]
struct Course {
    ended: Ended,
    seconds: u64,
    /// Said, or `true` if the step went well.
    good: Option<bool>,
}

/// How everything goes, and what people say.
#[derive(Debug)]
pub struct Story<'p> {
    pub happens: Happens,
    project: Described<'p>,
    courses: BTreeMap<&'p str, Course>,
    answers: BTreeMap<&'p str, Decision>,
}

struct Described<'p>(&'p Project);

impl std::fmt::Debug for Described<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("…")
    }
}

impl<'p> Story<'p> {
    pub fn by(choices: &mut Choices, project: &'p Project) -> Story<'p> {
        let happens = happens(choices, project);
        let mut courses = BTreeMap::new();
        let steps = project.pipelines.iter().flat_map(|it| &it.stages).flat_map(|it| &it.steps);
        for (number, step) in (1..).zip(steps) {
            courses.insert(step.name.as_str(), course(choices, step, number));
        }
        let answers = project.approvals.iter().map(|it| (it.as_str(), answer(choices))).collect();
        Story { happens, project: Described(project), courses, answers }
    }

    /// As the model of Azure Pipelines takes it.
    pub fn event(&self) -> Event {
        let own = self.project.0.own;
        let outside = |it: &'static str| if it == "self" { own } else { it };
        match &self.happens {
            Happens::Push { repository, reference, paths } => Event::Push {
                repository: outside(repository).to_owned(),
                branch: reference.clone(),
                paths: paths.clone(),
            },
            Happens::PullRequest { target, paths } => Event::PullRequest {
                repository: own.to_owned(),
                source: "refs/heads/feature/y".to_owned(),
                target: format!("refs/heads/{target}"),
                paths: paths.clone(),
            },
            Happens::Strike { hour, changed } => {
                let due = self.project.0.pipelines.iter().filter(|it| it.hours.contains(hour));
                let one = |it: &Pipeline| Event::Schedule {
                    pipeline: it.name.clone(),
                    branch: "refs/heads/main".to_owned(),
                    changed: *changed,
                };
                Event::Several(due.map(one).collect())
            }
            Happens::Manual { pipeline, branch, params } => Event::Manual {
                pipeline: pipeline.clone(),
                branch: format!("refs/heads/{branch}"),
                parameters: params.clone(),
            },
        }
    }

    /// As the simulator takes it.
    pub fn scenario(&self, system: &System<'_>) -> Result<Scenario, Misfit> {
        let event = match &self.happens {
            Happens::Push { repository, reference, paths } => {
                let reference = match reference.strip_prefix("refs/tags/") {
                    Some(tag) => Reference::Tag(tag.to_owned()),
                    None => Reference::Branch(reference.trim_start_matches("refs/heads/").to_owned()),
                };
                system.push(Some(repository), Some(reference), paths.clone())?
            }
            Happens::PullRequest { target, paths } => {
                system.pull_request("feature/y".to_owned(), Some(target.clone()), (paths.clone(), false))?
            }
            Happens::Strike { hour, changed } => {
                system.strike(&format!("2026-01-05 0{hour}:00"), *changed)?
            }
            Happens::Manual { pipeline, branch, params } => {
                system.by_name(pipeline, Some(branch.clone()), params.clone())?
            }
        };
        let mut scenario = Scenario { until: 400 * simulate::MONTH, ..Scenario::of(event) };
        scenario.given = self.given(system)?;
        Ok(scenario)
    }

    fn given(&self, system: &System<'_>) -> Result<Given, Misfit> {
        let mut given = Given { pace: Pace { step: 0, ml: 0, answer: 0 }, ..Given::default() };
        for pipeline in &self.project.0.pipelines {
            for (path, step) in paths(pipeline) {
                let course = &self.courses[step.name.as_str()];
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let target = system.find(&path)?;
                if !step.work {
                    continue;
                }
                for key in system.keys(&target) {
                    given.results.insert(key, ends(course.ended));
                    given.durations.insert(key, course.seconds);
                }
                if let (true, Some(good)) = (step.output, course.good) {
                    given.say_output(system, &target, ("good", &good.to_string()))?;
                }
            }
        }
        for (name, decision) in &self.answers {
            let index = simulate::names::approval(system.project, name)?.index();
            let (verdict, after) = match decision {
                Decision::Approve(after) => (Verdict::Grant, Some(*after)),
                Decision::Reject(after) => (Verdict::Reject, Some(*after)),
                Decision::Silent => (Verdict::Silent, None),
            };
            given.answers.insert(index, Answer { verdict, after });
        }
        Ok(given)
    }
}

/// The names that lead to each step.
fn paths(pipeline: &Pipeline) -> impl Iterator<Item = (Vec<String>, &Step)> {
    pipeline.stages.iter().flat_map(|stage| {
        stage.steps.iter().map(|step| {
            let names = [Some(&pipeline.name), Some(&stage.name), step.job.as_ref(), Some(&step.name)];
            (names.into_iter().flatten().cloned().collect(), step)
        })
    })
}

fn ends(ended: Ended) -> Ends {
    match ended {
        Ended::Succeeded => Ends::Succeeded,
        Ended::SucceededWithIssues => Ends::SucceededWithIssues,
        Ended::Failed => Ends::Failed,
        Ended::Canceled => Ends::Canceled,
        Ended::Skipped => Ends::Skipped,
    }
}

fn happens(choices: &mut Choices, project: &Project) -> Happens {
    let paths: Vec<String> = choices.some(&PATHS, 3).into_iter().map(|it| (*it).to_owned()).collect();
    let paths = if paths.is_empty() { vec![PATHS[0].to_owned()] } else { paths };
    let branch = (*choices.one(&BRANCHES)).to_owned();
    match choices.below(8) {
        0..=2 => {
            let repository = *choices.one(&REPOSITORIES[..project.repositories]);
            Happens::Push { repository, reference: format!("refs/heads/{branch}"), paths }
        }
        3 => {
            let repository = *choices.one(&REPOSITORIES[..project.repositories]);
            Happens::Push { repository, reference: format!("refs/tags/{}", choices.one(&TAGS)), paths }
        }
        4 => Happens::PullRequest { target: branch, paths },
        5 => Happens::Strike { hour: *choices.one(&[3, 4]), changed: !choices.once_in(3) },
        _ => {
            let pipeline = choices.one(&project.pipelines);
            let params = pipeline.params.iter();
            let params = params.map(|(name, values)| ((*name).to_owned(), (*choices.one(values)).to_owned()));
            Happens::Manual { pipeline: pipeline.name.clone(), params: params.collect(), branch }
        }
    }
}

/// No two steps take the same time, so that nothing but the order in which runs start decides what comes first.
fn course(choices: &mut Choices, step: &Step, number: u64) -> Course {
    let ended = match choices.below(12) {
        0..=7 => Ended::Succeeded,
        8 => Ended::SucceededWithIssues,
        _ => Ended::Failed,
    };
    let seconds = *choices.one(&[60, 60, 60, 700, 1500, 4000]) + number * 7;
    let good = *choices.one(&[None, Some(true), Some(false)]);
    Course { ended, seconds, good: good.filter(|_| step.output) }
}

fn answer(choices: &mut Choices) -> Decision {
    let after = *choices.one(&[61, 2003, 50_007, 300_011]);
    match choices.below(6) {
        4 => Decision::Reject(after),
        5 => Decision::Silent,
        _ => Decision::Approve(after),
    }
}

/// The story, told to the model of Azure Pipelines.
pub struct Told<'s, 'p>(pub &'s Story<'p>);

impl World for Told<'_, '_> {
    fn step(&mut self, call: &Call) -> Outcome {
        let Some(course) = self.0.courses.get(call.step.title.as_str()) else {
            return Outcome { seconds: 0, ..Outcome::good() };
        };
        let works = call.script.is_some();
        if !works {
            return Outcome { seconds: 0, ..Outcome::good() };
        }
        let outcome = Outcome { seconds: course.seconds, ..Outcome::ended(course.ended) };
        let all = self.0.project.0.pipelines.iter().flat_map(|it| &it.stages).flat_map(|it| &it.steps);
        let output = all.filter(|it| it.output).any(|it| it.name == call.step.title.as_str());
        match course.good.or(course.ended.good().then_some(true)).filter(|_| output) {
            Some(good) => outcome.output("good", &good.to_string()),
            None => outcome,
        }
    }

    fn decide(&mut self, gate: &Gate) -> Decision {
        let project = self.0.project.0;
        let asked = match gate.what.strip_prefix("environment ") {
            Some(name) => project.environments.iter().find(|it| it.0 == name).and_then(|it| it.1.as_ref()),
            None => {
                let pipeline = project.pipelines.iter().find(|it| it.name == gate.pipeline);
                let mut stages = pipeline.iter().flat_map(|it| &it.stages);
                let stage = stages.find(|it| it.name == gate.stage.trim_end_matches("_approval"));
                stage.and_then(|it| it.approval.as_ref())
            }
        };
        asked.map_or(Decision::Silent, |it| self.0.answers[it.as_str()])
    }
}
