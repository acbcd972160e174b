//! What a file of Azure Pipelines says, once read. Nothing here knows how such files are made.

use super::triggers::{Container, Push, Repository, Schedule, Source};
use std::rc::Rc;

/// A definition in Azure DevOps with the file it runs.
pub struct Pipeline {
    /// `\folder\name`, as completion triggers call it.
    pub path: String,
    pub name: String,
    /// The file, inside of the output folder.
    pub file: String,
    pub repository: String,
    /// `refs/heads/…`: the branch of manual and scheduled runs.
    pub default_branch: String,
    /// Who starts it at a push to its own repository.
    pub push: Push,
    /// `pr:` of GitHub and Bitbucket, or none.
    pub pull_request: Option<Push>,
    pub schedules: Vec<Schedule>,
    pub parameters: Vec<Parameter>,
    pub repositories: Vec<Repository>,
    pub sources: Vec<Source>,
    pub containers: Vec<Container>,
    pub webhooks: Vec<String>,
    /// Expanded once the parameters are known.
    pub body: serde_json::Value,
}

pub struct Parameter {
    pub name: String,
    pub boolean: bool,
    pub default: Option<String>,
    pub values: Vec<String>,
}

pub enum Variable {
    Group(String),
    Named(String, String),
}

/// The part of a file that a run executes, with its parameters filled in.
pub struct Body {
    pub variables: Vec<Variable>,
    pub stages: Vec<Stage>,
}

pub struct Stage {
    pub name: String,
    pub depends_on: Vec<String>,
    /// Without one, `succeeded()`.
    pub condition: Option<String>,
    pub lock: Option<String>,
    pub manual: bool,
    pub variables: Vec<Variable>,
    pub jobs: Vec<Rc<Job>>,
}

pub struct Job {
    pub name: String,
    pub depends_on: Vec<String>,
    pub condition: Option<String>,
    /// Runs in Azure DevOps itself, without an agent.
    pub server: bool,
    pub minutes: u64,
    /// It may go on for so long after it was canceled.
    pub cancel_minutes: u64,
    pub continue_on_error: bool,
    pub deployment: Option<Environment>,
    pub variables: Vec<Variable>,
    /// Name and variables of each leg of a matrix.
    pub legs: Vec<(String, Vec<(String, String)>)>,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Environment {
    pub name: String,
    /// A virtual machine or a namespace in it; it changes where outputs are found.
    pub resource: Option<String>,
}

pub struct Step {
    pub name: Option<String>,
    pub title: String,
    pub kind: Kind,
    pub condition: Option<String>,
    pub minutes: Option<u64>,
    pub continue_on_error: bool,
    pub enabled: bool,
    pub env: Vec<(String, String)>,
}

pub enum Kind {
    /// A repository by its alias, or `none`; and the folder it goes to.
    Checkout(String, Option<String>),
    /// Only `none` is understood.
    NoDownload,
    Publish {
        path: String,
        artifact: String,
    },
    Bash(String),
    Task {
        name: String,
        inputs: Vec<(String, String)>,
    },
}

impl Step {
    pub fn input(&self, wanted: &str) -> Option<&str> {
        let Kind::Task { inputs, .. } = &self.kind else { return None };
        inputs.iter().find(|it| it.0 == wanted).map(|it| it.1.as_str())
    }

    pub fn task(&self) -> &str {
        if let Kind::Task { name, .. } = &self.kind { name } else { "" }
    }

    /// The service connections it uses.
    pub fn connections(&self) -> Vec<&str> {
        ["azureSubscription", "azureServiceConnection", "serviceConnection"]
            .into_iter()
            .filter_map(|it| self.input(it))
            .collect()
    }
}

impl Stage {
    pub fn environments(&self) -> Vec<&str> {
        self.jobs.iter().filter_map(|it| Some(it.deployment.as_ref()?.name.as_str())).collect()
    }

    pub fn connections(&self) -> Vec<&str> {
        self.jobs.iter().flat_map(|it| &it.steps).flat_map(Step::connections).collect()
    }
}
