//! An agent that runs scripts: the steps of jobs under bash, with stand-ins for the programs of the cloud.

use super::document::Kind;
use super::jobs::AGENT_FOLDER;
use super::setup::Files;
use super::timeline::Ended;
use super::world::{Call, Decision, Gate, Outcome, World};
use crate::standins::Scenario;
use crate::support::repository;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Agent {
    pub scenario: Scenario,
    /// Folders of the repositories, by name.
    repositories: BTreeMap<String, PathBuf>,
    decisions: BTreeMap<String, Decision>,
    /// How a run in Azure ML ends that is waited for without an agent.
    pub run_ends: String,
    /// `PIPELINE/STAGE/TITLE`, each followed by what was called in it; and the gates that were asked.
    pub log: Vec<String>,
    /// What failed steps said.
    pub errors: Vec<String>,
}

impl Agent {
    /// The cloud is empty, and the model will be good enough. `files` lie in `generated` of the repository `own`.
    pub fn new(own: &str, example: &str, files: &Files) -> Agent {
        let cloud = fs::read_to_string(repository("tests/it/azure/cloud.bash")).expect("it is there");
        let scenario = Scenario::behaving(&cloud);
        scenario.write("verdict", "promote");
        let folder = scenario.path("repositories").join(own);
        copy(&repository(&format!("examples/{example}")), &folder);
        for (path, text) in files {
            scenario.write(&format!("repositories/{own}/generated/{path}"), text);
        }
        Agent {
            repositories: BTreeMap::from([(own.to_owned(), folder)]),
            scenario,
            decisions: BTreeMap::new(),
            run_ends: "Completed".to_owned(),
            log: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Another repository, from a folder of this one.
    pub fn repository(mut self, name: &str, folder: &str) -> Agent {
        self.repositories.insert(name.to_owned(), repository(folder));
        self
    }

    /// What people answer at a stage, `PIPELINE/STAGE`.
    pub fn answer(mut self, stage: &str, decision: Decision) -> Agent {
        self.decisions.insert(stage.to_owned(), decision);
        self
    }

    /// The calls that change something in the cloud, as `PIPELINE/STAGE: CALL`.
    pub fn changes(&self) -> Vec<&str> {
        let changing = ["create", "update", "delete", "push", "upgrade", "invoke", "add-record", "remove-record"];
        let called = |it: &&String| changing.iter().any(|word| it.contains(&format!(" {word}")));
        self.log.iter().filter(|it| it.contains(": ")).filter(called).map(String::as_str).collect()
    }

    /// A path of the agent, on this machine.
    fn here(&self, text: &str) -> String {
        text.replace(AGENT_FOLDER, &self.scenario.path("agent").to_string_lossy())
    }

    fn script(&mut self, call: &Call, text: &str) -> Outcome {
        let folder = PathBuf::from(self.here(&format!("{AGENT_FOLDER}/s")));
        let own = call.env.iter().cloned();
        let env: Vec<(String, String)> =
            call.variables.environment().chain(own).map(|(name, it)| (name, self.here(&it))).collect();
        let ran = self.scenario.run_script_in(&folder, &self.here(text), env);
        for name in ran.names() {
            self.log.push(format!("{}/{}: {name}", call.pipeline, call.stage));
        }
        if !ran.ok {
            self.errors.push(format!("{}/{}: {}", call.pipeline, call.step.title, ran.all()));
        }
        let ended = if ran.ok { Ended::Succeeded } else { Ended::Failed };
        let seconds = self.scenario.read("clock").trim().parse().expect("a clock counts");
        Outcome { said: ran.stdout, seconds, ..Outcome::ended(ended) }
    }

    /// Azure ML calls back when the run has ended; a run that is not there is refused.
    fn callback(&mut self, call: &Call) -> Outcome {
        let suffix = call.inputs.iter().find(|it| it.0 == "urlSuffix").map_or("", |it| it.1.as_str());
        let run = suffix.split('?').next().and_then(|it| it.strip_prefix("subscriptions/")?.rsplit('/').next());
        let Some(run) = run.filter(|it| self.scenario.path(&format!("cloud/run/{it}")).exists()) else {
            self.errors.push(format!("there is no run behind `{suffix}`"));
            return Outcome::ended(Ended::Failed);
        };
        self.scenario.write(&format!("cloud/run/{run}"), &self.run_ends);
        Outcome { seconds: 2 * 3600, ..Outcome::good() }
    }

    fn copied(&mut self, from: &Path, to: &Path) -> Outcome {
        if !from.exists() {
            self.errors.push(format!("{} is not there", from.display()));
            return Outcome::ended(Ended::Failed);
        }
        copy(from, to);
        Outcome::good()
    }

    fn artifact(&self, (run, name): &(u64, String)) -> PathBuf {
        self.scenario.path(&format!("artifacts/{run}/{name}"))
    }
}

impl World for Agent {
    fn job_begins(&mut self) {
        let folder = self.scenario.path("agent");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("it is ours");
        }
        fs::create_dir_all(folder.join("s")).expect("a temporary folder takes it");
        fs::create_dir_all(folder.join("tmp")).expect("a temporary folder takes it");
    }

    fn step(&mut self, call: &Call) -> Outcome {
        let place = format!("{}/{}/{}", call.pipeline, call.stage, call.step.title);
        if !call.step.title.is_empty() {
            self.log.push(place);
        }
        if let Some((name, folder)) = &call.checkout {
            let from = self.repositories.get(*name).unwrap_or_else(|| panic!("no repository {name}")).clone();
            return self.copied(&from, &PathBuf::from(self.here(folder)));
        }
        let input = |name: &str| call.inputs.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        match (&call.step.kind, &call.artifact, &call.script) {
            (Kind::Publish { .. }, Some(artifact), _) => {
                let from = self.here(&input("path").expect("a publish has a path"));
                self.copied(Path::new(&from), &self.artifact(artifact))
            }
            (_, Some(artifact), _) => {
                let to = self.here(&input("targetPath").expect("a download has a target"));
                self.copied(&self.artifact(artifact), Path::new(&to))
            }
            (_, _, Some(text)) => self.script(call, &text.clone()),
            _ if call.step.task() == "InvokeRESTAPI@1" => self.callback(call),
            (Kind::Checkout(..) | Kind::NoDownload, ..) => Outcome::good(),
            _ if matches!(call.step.task(), "Delay@1" | "UsePythonVersion@0") => Outcome::good(),
            _ => panic!("{}: nobody runs {}", call.pipeline, call.step.task()),
        }
    }

    fn decide(&mut self, gate: &Gate) -> Decision {
        let place = format!("{}/{}", gate.pipeline, gate.stage);
        self.log.push(format!("{place}? {}", gate.what));
        self.decisions.get(&place).copied().unwrap_or(Decision::Approve(3600))
    }
}

/// A file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a temporary folder takes it");
        for entry in fs::read_dir(from).expect("it can be read").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        return;
    }
    fs::create_dir_all(to.parent().expect("a file has a folder")).expect("a temporary folder takes it");
    fs::copy(from, to).expect("a temporary folder takes it");
}
