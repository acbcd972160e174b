//! Everything that files cannot say: how steps end, what people answer.

use super::document::Step;
use super::timeline::Ended;
use super::variables::Variables;

/// Who plays the world around Azure DevOps.
pub trait World {
    /// A step that runs, on an agent or on the server. Waits of `Delay@1` and validations are not asked here.
    fn step(&mut self, call: &Call) -> Outcome;

    /// A job begins, on a new agent or on the server.
    fn job_begins(&mut self) {}

    /// An approval, a manual validation, or the start of a manual stage.
    fn decide(&mut self, gate: &Gate) -> Decision;
}

pub struct Call<'c> {
    pub run: u64,
    /// Name of the file, without the ending.
    pub pipeline: &'c str,
    pub stage: &'c str,
    pub job: &'c str,
    /// Seconds after the event.
    pub at: u64,
    pub step: &'c Step,
    /// With everything filled in that Azure Pipelines fills in.
    pub env: Vec<(String, String)>,
    pub inputs: Vec<(String, String)>,
    /// The text of an inline script, filled in too.
    pub script: Option<String>,
    pub variables: &'c Variables,
    /// Name of the repository that a checkout takes, and the folder it goes to.
    pub checkout: Option<(&'c str, String)>,
    /// Run and name of the artifact that is published or downloaded.
    pub artifact: Option<(u64, String)>,
}

impl Call<'_> {
    pub fn name(&self) -> &str {
        self.step.name.as_deref().unwrap_or_default()
    }
}

pub struct Outcome {
    pub ended: Ended,
    /// Outputs by name, where no script runs: taken as far as the text of the script can set them.
    pub outputs: Vec<(String, String)>,
    /// What a script wrote, where one ran.
    pub said: String,
    pub seconds: u64,
    /// Somebody cancels the run while this step runs.
    pub cancels_run: bool,
}

impl Outcome {
    pub fn ended(ended: Ended) -> Outcome {
        Outcome { ended, outputs: Vec::new(), said: String::new(), seconds: 30, cancels_run: false }
    }

    pub fn good() -> Outcome {
        Outcome::ended(Ended::Succeeded)
    }

    pub fn output(mut self, name: &str, value: &str) -> Outcome {
        self.outputs.push((name.to_owned(), value.to_owned()));
        self
    }
}

pub struct Gate<'g> {
    pub pipeline: &'g str,
    pub stage: &'g str,
    /// `environment prod`, `endpoint azure`, `validation`, `manual stage`
    pub what: &'g str,
}

/// With the seconds it took.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    Approve(u64),
    Reject(u64),
    Silent,
}
