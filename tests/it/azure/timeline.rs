//! What happened: runs, their stages, jobs and steps, and what they waited for. Times are seconds after the event.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Results as Azure DevOps calls them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    Succeeded,
    SucceededWithIssues,
    Failed,
    Canceled,
    Skipped,
}

impl Ended {
    pub fn good(self) -> bool {
        matches!(self, Ended::Succeeded | Ended::SucceededWithIssues)
    }

    /// The result of a whole, from those of its parts: the worst of what ran; skipped if nothing did.
    pub fn of(parts: impl IntoIterator<Item = Ended>) -> Ended {
        let rank = |it: &Ended| match it {
            Ended::Skipped => 0,
            Ended::Succeeded => 1,
            Ended::SucceededWithIssues => 2,
            Ended::Canceled => 3,
            Ended::Failed => 4,
        };
        parts.into_iter().max_by_key(rank).unwrap_or(Ended::Succeeded)
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{self:?}")
    }
}

#[derive(Default)]
pub struct Timeline {
    pub runs: Vec<Run>,
    /// Pipelines that the event did not start, and why, a line for each of their triggers that looked.
    pub not_started: Vec<(String, String)>,
}

pub struct Run {
    /// `Build.BuildId`
    pub id: u64,
    /// Name of its file, without the ending.
    pub pipeline: String,
    /// `Build.Reason`
    pub reason: String,
    /// Of its own repository: `refs/heads/…`.
    pub branch: String,
    pub started: u64,
    pub ended: u64,
    pub result: Ended,
    pub stages: Vec<StageRun>,
    pub tags: BTreeSet<String>,
    pub artifacts: BTreeSet<String>,
    /// What Azure DevOps does without a word, and nobody wants: names that stay empty, secrets in texts of scripts.
    pub notes: BTreeSet<String>,
}

pub struct StageRun {
    pub name: String,
    pub result: Ended,
    pub started: u64,
    pub ended: u64,
    pub waits: Vec<Wait>,
    pub jobs: Vec<JobRun>,
}

/// A human, or a lock, before a stage or in it.
pub struct Wait {
    pub what: String,
    pub from: u64,
    pub until: u64,
    pub granted: bool,
}

pub struct JobRun {
    pub name: String,
    pub result: Ended,
    pub started: u64,
    pub ended: u64,
    pub environment: Option<String>,
    pub steps: Vec<StepRun>,
    /// By the path under which other jobs of the stage find them.
    pub outputs: BTreeMap<String, String>,
}

pub struct StepRun {
    pub name: Option<String>,
    pub title: String,
    pub result: Ended,
    pub connections: Vec<String>,
}

impl Timeline {
    /// The runs of a pipeline, by the name of its file.
    pub fn of(&self, pipeline: &str) -> Vec<&Run> {
        self.runs.iter().filter(|it| it.pipeline == pipeline).collect()
    }

    /// The only run of a pipeline.
    pub fn run(&self, pipeline: &str) -> &Run {
        match self.of(pipeline).as_slice() {
            [run] => run,
            found => panic!("{} runs of {pipeline}\n{self}", found.len()),
        }
    }
}

impl Run {
    pub fn stage(&self, name: &str) -> &StageRun {
        let found = self.stages.iter().find(|it| it.name == name);
        found.unwrap_or_else(|| panic!("no stage {name} in {}", self.pipeline))
    }
}

impl fmt::Display for Timeline {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        for run in &self.runs {
            let Run { id, pipeline, reason, branch, result, started, ended, .. } = run;
            writeln!(to, "{pipeline} #{id} {reason} on {branch}: {result} {started}-{ended}")?;
            for stage in &run.stages {
                writeln!(to, "  {}: {} {}-{}", stage.name, stage.result, stage.started, stage.ended)?;
                for wait in &stage.waits {
                    let answer = if wait.granted { "granted" } else { "not granted" };
                    writeln!(to, "    {} {answer} {}-{}", wait.what, wait.from, wait.until)?;
                }
                for job in &stage.jobs {
                    writeln!(to, "    {}: {} {}-{}", job.name, job.result, job.started, job.ended)?;
                    let names = job.steps.iter().map(|it| format!("      {}: {}\n", it.title, it.result));
                    write!(to, "{}", names.collect::<String>())?;
                }
            }
            let notes: String = run.notes.iter().map(|it| format!("  note: {it}\n")).collect();
            write!(to, "{notes}")?;
        }
        Ok(())
    }
}
