//! A step with everything filled in that Azure Pipelines fills in.

use super::commands;
use super::document::{Job, Kind, Stage, Step};
use super::engine::{Live, PAST};
use super::node::Read;
use super::variables::{Seen, Variables};
use super::world::Call;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Where a step stands.
#[derive(Clone, Copy)]
pub struct At<'o> {
    pub live: &'o Live<'o>,
    /// All runs after the event so far.
    pub runs: &'o [Live<'o>],
    pub stage: &'o Stage,
    pub job: &'o Job,
    /// Of a matrix; empty without one.
    pub leg: &'o str,
    pub notes: &'o RefCell<BTreeSet<String>>,
}

impl<'o> At<'o> {
    pub fn error(&self, step: &Step, what: &str) -> String {
        format!("{}: {}/{}/{}: {what}", self.live.definition.file, self.stage.name, self.job.name, step.title)
    }

    /// Whether a run has that artifact; `new` are those of this job.
    pub fn there(&self, (run, artifact): &(u64, String), new: &BTreeSet<String>) -> bool {
        if *run == self.live.run.id {
            return self.live.run.artifacts.contains(artifact) || new.contains(artifact);
        }
        let other = self.runs.iter().find(|it| it.run.id == *run);
        // What runs before the event left is not known; it is taken to be there.
        other.map_or((PAST..1000).contains(run), |it| it.run.artifacts.contains(artifact))
    }

    /// Fills in variables, and notes what stays empty or shows a secret.
    pub fn call<'c>(&'c self, step: &'c Step, now: u64, variables: &'c Variables) -> Read<Call<'c>> {
        let mut seen = Seen::default();
        let mut fill = |pairs: &[(String, String)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, text)| (name.clone(), variables.fill(text, &mut seen))).collect()
        };
        let env = fill(&step.env);
        let inputs = match &step.kind {
            Kind::Task { inputs, .. } => {
                fill(&inputs.iter().filter(|it| it.0 != "inlineScript").cloned().collect::<Vec<_>>())
            }
            Kind::Publish { path, .. } => fill(&[("path".to_owned(), path.clone())]),
            _ => Vec::new(),
        };
        let mut notes: Vec<String> = seen.unknown.iter().map(|it| format!("$({it}) is not known")).collect();
        let mut inside = Seen::default();
        let script = commands::script(step).map(|it| variables.fill(it, &mut inside));
        notes
            .extend(inside.secret.iter().map(|it| format!("the secret {it} stands in the text of a script")));
        self.notes.borrow_mut().extend(notes.into_iter().map(|it| self.error(step, &it)));
        let input = |name: &str| inputs.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
        let artifact = self.artifact(step, &input)?;
        Ok(Call {
            run: self.live.run.id,
            pipeline: self.live.definition.stem(),
            stage: &self.stage.name,
            job: &self.job.name,
            at: now,
            step,
            checkout: self.checkout(step)?,
            artifact,
            env,
            inputs,
            script,
            variables,
        })
    }

    fn artifact<'i>(
        &self,
        step: &Step,
        input: &dyn Fn(&str) -> Option<&'i str>,
    ) -> Read<Option<(u64, String)>> {
        if let Kind::Publish { artifact, .. } = &step.kind {
            return Ok(Some((self.live.run.id, artifact.clone())));
        }
        if step.task() != "DownloadPipelineArtifact@2" {
            return Ok(None);
        }
        let run = match (input("buildType"), input("pipelineId")) {
            (Some("current"), _) => self.live.run.id,
            (Some("specific"), Some(id)) => id.parse().map_err(|_| format!("`{id}` is no run"))?,
            _ => return Err("which artifact is downloaded is not understood".to_owned()),
        };
        Ok(Some((run, input("artifactName").unwrap_or_default().to_owned())))
    }

    fn checkout(&self, step: &Step) -> Read<Option<(&str, String)>> {
        let Kind::Checkout(alias, path) = &step.kind else { return Ok(None) };
        let definition = self.live.definition;
        let name = match alias.as_str() {
            "none" => return Ok(None),
            "self" => &definition.repository,
            alias => {
                let found = definition.repositories.iter().find(|it| it.alias == alias);
                &found.ok_or_else(|| format!("there is no repository `{alias}`"))?.name
            }
        };
        let name = name.rsplit('/').next().unwrap_or_default();
        Ok(Some((name, self.job.checkout_folder(name, path.as_deref()))))
    }
}
