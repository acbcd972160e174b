//! Thousands of runs with outcomes by chance, and what must hold in each of them.
//!
//! `RUNS=20000 cargo test azure_whatever` takes so many events of each example instead of a few.

use super::files;
use crate::azure::{
    Call, Decision, Ended, Event, Files, Gate, Outcome, Run, Scripted, System, Timeline, World,
};
use crate::examples;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Events of each example.
const FEW: u64 = 300;

struct Dice(u64);

impl Dice {
    /// A number below `end`, the same for the same seed.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one<'l, T>(&mut self, of: &'l [T]) -> &'l T {
        &of[usize::try_from(self.below(of.len() as u64)).expect("it is small")]
    }
}

/// A world that throws dice.
struct Chance(Dice);

impl World for Chance {
    fn step(&mut self, call: &Call) -> Outcome {
        let dice = &mut self.0;
        let truth = if dice.below(2) == 0 { "true" } else { "false" };
        let good = Scripted::new().sets("registered", truth).sets("promote", truth).all_good(call.step);
        let seconds = *dice.one(&[1, 30, 600, 3000, 4000, 20_000]);
        let ended = match dice.below(40) {
            0..=2 => Ended::Failed,
            3 => Ended::SucceededWithIssues,
            4 => Ended::Canceled,
            _ => Ended::Succeeded,
        };
        let seconds = if dice.below(10) > 0 { 30 } else { seconds };
        Outcome { ended, seconds, cancels_run: dice.below(150) == 0, ..good }
    }

    fn decide(&mut self, _: &Gate) -> Decision {
        let after = *self.0.one(&[60, 3600, 30 * 3600, 3_000_000]);
        match self.0.below(6) {
            0 => Decision::Reject(after),
            1 => Decision::Silent,
            _ => Decision::Approve(after),
        }
    }
}

/// What the files say, read without the interpreter.
struct Facts {
    /// By the name of the file.
    pipelines: BTreeMap<String, Value>,
    /// Resources that ask somebody, and branches they take.
    approvals: BTreeSet<String>,
    branches: BTreeMap<String, String>,
    repositories: BTreeSet<String>,
}

impl Facts {
    fn of(files: &Files) -> Facts {
        let mut facts = Facts {
            pipelines: BTreeMap::new(),
            approvals: BTreeSet::new(),
            branches: BTreeMap::new(),
            repositories: BTreeSet::new(),
        };
        for (path, text) in files {
            let inside = path.strip_prefix("azure-pipelines/").unwrap_or_default();
            if let Some(name) = inside.strip_suffix(".yml") {
                facts.pipelines.insert(name.to_owned(), serde_yaml::from_str(text).expect("it is YAML"));
            } else if inside.starts_with("setup/") && super::ends_in(inside, "json") {
                facts.add(&serde_json::from_str(text).expect("it is JSON"));
            }
        }
        facts
    }

    fn add(&mut self, body: &Value) {
        let resource = format!("{} {}", word(&body["resource"]["type"]), word(&body["resource"]["name"]));
        if body["type"]["name"] == "Approval" {
            self.approvals.insert(resource.clone());
        }
        if let Some(branches) = body["settings"]["inputs"]["allowedBranches"].as_str() {
            self.branches.insert(resource, branches.to_owned());
        }
        self.repositories.extend(body["repository"]["name"].as_str().map(str::to_owned));
        for pipeline in self.pipelines.values() {
            let used = pipeline["resources"]["repositories"].as_array().into_iter().flatten();
            self.repositories.extend(used.map(|it| word(&it["name"]).to_owned()));
        }
    }

    fn stages(&self, pipeline: &str) -> &[Value] {
        self.pipelines[pipeline]["stages"].as_array().map_or(&[], Vec::as_slice)
    }

    fn stage(&self, run: &Run, name: &str) -> &Value {
        let found = self.stages(&run.pipeline).iter().find(|it| it["stage"] == name);
        found.expect("the file has the stage")
    }

    /// All stages before one, near and far.
    fn before(&self, run: &Run, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            for need in self.stage(run, &name)["dependsOn"].as_array().into_iter().flatten() {
                if found.insert(word(need).to_owned()) {
                    open.push(word(need).to_owned());
                }
            }
        }
        found
    }

    fn event(&self, dice: &mut Dice) -> Event {
        let branches =
            ["main", "master", "develop", "feature/x", "releases/1"].map(|it| format!("refs/heads/{it}"));
        let branch = dice.one(&branches).clone();
        let names: Vec<&String> = self.pipelines.keys().collect();
        let pipeline = (*dice.one(&names)).clone();
        let repositories: Vec<&String> = self.repositories.iter().collect();
        let repository = (*dice.one(&repositories)).clone();
        let path = *dice.one(&[
            "README.md",
            "src/model_building/train.py",
            "ml/train/train.py",
            "experiments/a.py",
            "docs/a.md",
        ]);
        match dice.below(5) {
            0 => Event::Manual { parameters: self.parameters(&pipeline), pipeline, branch },
            1 => Event::Schedule { pipeline, branch, changed: dice.below(2) == 0 },
            2 => Event::Image {
                registry: "acrdiabetes".into(),
                repository: "diabetes-model-score".into(),
                tag: "1".into(),
            },
            _ => Event::push(&repository, &branch, &[path]),
        }
    }

    fn parameters(&self, pipeline: &str) -> BTreeMap<String, String> {
        let all = self.pipelines[pipeline]["parameters"].as_array().into_iter().flatten();
        let open = all.filter(|it| it.get("default").is_none());
        open.map(|it| (word(&it["name"]).to_owned(), it["values"][0].as_str().unwrap_or("12").to_owned()))
            .collect()
    }
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn holds(facts: &Facts, timeline: &Timeline) -> Result<(), String> {
    for run in &timeline.runs {
        let quiet = |it: &&String| !it.contains("is not known");
        if let Some(note) = run.notes.iter().find(quiet) {
            return Err(format!("{}: {note}", run.pipeline));
        }
        for stage in &run.stages {
            let ran = stage.jobs.iter().flat_map(|it| &it.steps).any(|it| it.result != Ended::Skipped);
            let problem = if ran {
                protected(facts, run, &stage.name).or_else(|| ordered(facts, run, &stage.name))
            } else {
                None
            };
            if let Some(problem) = problem {
                return Err(format!("{} {}: {problem}", run.pipeline, stage.name));
            }
        }
    }
    Ok(())
}

/// Nothing happens in a stage before everybody agreed whom its environments and connections ask.
fn protected(facts: &Facts, run: &Run, name: &str) -> Option<String> {
    let stage = run.stage(name);
    let environments =
        stage.jobs.iter().filter_map(|it| it.environment.as_ref()).map(|it| format!("environment {it}"));
    let steps = stage.jobs.iter().flat_map(|it| &it.steps);
    let connections = steps.flat_map(|it| &it.connections).map(|it| format!("endpoint {it}"));
    for resource in environments.chain(connections) {
        let granted =
            stage.waits.iter().any(|it| it.what == resource && it.granted && it.until <= stage.started);
        if facts.approvals.contains(&resource) && !granted {
            return Some(format!("it uses {resource} without approval"));
        }
        let branches = facts.branches.get(&resource);
        if branches.is_some_and(|it| !it.split(',').any(|it| it == run.branch)) {
            return Some(format!("it uses {resource} on {}", run.branch));
        }
    }
    None
}

/// Nothing runs behind what failed, was skipped, or was rejected.
fn ordered(facts: &Facts, run: &Run, name: &str) -> Option<String> {
    let before: Vec<_> = facts.before(run, name).into_iter().map(|it| run.stage(&it)).collect();
    let condition = word(&facts.stage(run, name)["condition"]);
    let strict = condition == "succeeded()" || condition.starts_with("and(succeeded(), ");
    let bad = before.iter().find(|it| {
        if strict { !it.result.good() } else { it.name.ends_with("_approval") && !it.result.good() }
    });
    let early = before.iter().find(|it| it.ended > run.stage(name).started);
    match (bad, early) {
        (Some(bad), _) => Some(format!("it runs though {} is {}", bad.name, bad.result)),
        (None, Some(early)) => Some(format!("it starts before {} has ended", early.name)),
        (None, None) => None,
    }
}

#[test]
fn azure_whatever_happens() {
    let many = std::env::var("RUNS").ok().and_then(|it| it.parse().ok()).unwrap_or(FEW);
    for example in examples::complete() {
        let files = files(&example);
        let (facts, system) = (Facts::of(&files), System::of(&files).unwrap_or_else(|it| panic!("{it}")));
        let mut results: BTreeSet<String> = BTreeSet::new();
        for seed in 0..many {
            let run = || {
                let mut dice = Dice(seed);
                let event = facts.event(&mut dice);
                system.event(&event, &mut Chance(dice)).unwrap_or_else(|it| panic!("{example} {seed}: {it}"))
            };
            let timeline = run();
            holds(&facts, &timeline).unwrap_or_else(|it| panic!("{example} {seed}: {it}\n{timeline}"));
            results.extend(timeline.runs.iter().flat_map(|it| &it.stages).map(|it| it.result.to_string()));
            assert!(
                seed % 50 > 0 || timeline.to_string() == run().to_string(),
                "{example} {seed}: twice alike"
            );
        }
        let all = BTreeSet::from(
            ["Canceled", "Failed", "Skipped", "Succeeded", "SucceededWithIssues"].map(str::to_owned),
        );
        assert_eq!(results, all, "{example}: the dice are too kind");
    }
}
