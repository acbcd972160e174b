//! The thread that checks and compiles whole projects. In: which one, with the texts of that moment. Out: what was found.

use super::host::{Documents, Host, Key, Loaded};
use super::output::Written;
use crate::base::files::Files;
use crate::driver::{self, Analysis};
use crate::syntax;
use crossbeam_channel::{Receiver, Sender};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

pub enum Job {
    Check(Check),
    /// Makes the files that are generated from it.
    Write(Arc<Checked>),
}

pub struct Check {
    pub key: Key,
    /// Of the project.
    pub revision: u64,
    pub documents: Arc<Documents>,
}

/// A project with all that is found in it.
pub struct Checked {
    pub key: Key,
    /// Of the project when its texts were taken.
    pub revision: u64,
    /// Without its sources; they stand in the analysis where there is one.
    pub loaded: Loaded,
    /// None where the sources are not all text.
    pub analysis: Option<Analysis>,
    /// What is written from it, once somebody has asked.
    pub written: OnceLock<Vec<Written>>,
}

impl Checked {
    /// Nothing is wrong with the shape of the texts: what they declare is all there.
    pub fn has_shape(&self) -> bool {
        let is_of_shape = |code: &str| syntax::KINDS.iter().any(|it| it.code == code);
        self.analysis.as_ref().is_some_and(|it| !it.findings.iter().any(|it| is_of_shape(it.code)))
    }
}

pub enum Outcome {
    Checked(Box<Checked>),
    Written,
    /// Something could not be read.
    Trouble(String),
    /// A bug of the compiler; it has been told on the standard error.
    Panic,
}

pub struct Done {
    pub key: Key,
    pub revision: u64,
    pub outcome: Outcome,
}

/// Works until nobody asks any more.
pub fn run(host: &dyn Host, jobs: &Receiver<Job>, done: &Sender<Done>) {
    for job in jobs {
        let (key, revision) = match &job {
            Job::Check(it) => (it.key.clone(), it.revision),
            Job::Write(it) => (it.key.clone(), it.revision),
        };
        let work = AssertUnwindSafe(|| match &job {
            Job::Check(it) => check(host, it),
            Job::Write(it) => write(it),
        });
        let outcome = catch_unwind(work).unwrap_or(Outcome::Panic);
        if done.send(Done { key, revision, outcome }).is_err() {
            return;
        }
    }
}

fn write(checked: &Checked) -> Outcome {
    checked.written();
    Outcome::Written
}

fn check(host: &dyn Host, job: &Check) -> Outcome {
    let mut checked = None;
    let mut then = |mut loaded: Loaded, files: &dyn Files| {
        let analysis = loaded.texts.findings.is_empty().then(|| analyze(&mut loaded, files));
        let key = job.key.clone();
        checked = Some(Box::new(Checked {
            key,
            revision: job.revision,
            loaded,
            analysis,
            written: OnceLock::new(),
        }));
    };
    match host.load(&job.key, &job.documents, &mut then) {
        Ok(()) => checked.map_or(Outcome::Panic, Outcome::Checked),
        Err(trouble) => Outcome::Trouble(trouble),
    }
}

/// What `mlopsc check` does with the project.
pub fn analyze(loaded: &mut Loaded, files: &dyn Files) -> Analysis {
    let sources = std::mem::take(&mut loaded.texts.sources);
    let mut analysis = driver::analyze_with(sources, files, &loaded.settings);
    let findings = std::mem::take(&mut analysis.findings);
    analysis.findings = loaded.policy.apply(&analysis.sources, findings);
    analysis
}
