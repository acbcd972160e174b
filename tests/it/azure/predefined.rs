//! Variables that Azure Pipelines sets itself.

use super::document::{Body, Pipeline};
use super::engine::{Engine, PAST, Start};
use super::jobs::AGENT_FOLDER;
use super::node::Read;
use super::timeline::Ended;
use super::triggers::short;
use super::variables::Variables;

impl Engine<'_, '_> {
    /// The variables of a run: those of Azure Pipelines, of its resources, and those of the file.
    pub fn variables_of_run(
        &self,
        definition: &Pipeline,
        body: &Body,
        start: &Start,
        id: u64,
    ) -> Read<Variables> {
        let mut variables = Variables::default();
        let mut set = |name: &str, value: &str| variables.set(name, value, false);
        set("Build.BuildId", &id.to_string());
        set("Build.BuildNumber", &format!("20260105.{id}"));
        set("Build.Reason", &start.reason);
        set("Build.SourceBranch", &start.source_branch);
        set("Build.SourceBranchName", short(&start.source_branch).rsplit('/').next().unwrap_or_default());
        set("Build.SourceVersion", "0123456789abcdef0123456789abcdef01234567");
        set("Build.DefinitionName", &definition.name);
        set("Build.Repository.Name", &definition.repository);
        for name in ["Build.RequestedForEmail", "Build.RequestedFor", "Build.SourceVersionMessage"] {
            set(name, "somebody@example.org");
        }
        for (name, below) in [
            ("Build.SourcesDirectory", "/s"),
            ("System.DefaultWorkingDirectory", "/s"),
            ("Build.ArtifactStagingDirectory", "/a"),
            ("Agent.TempDirectory", "/tmp"),
            ("Pipeline.Workspace", ""),
        ] {
            set(name, &format!("{AGENT_FOLDER}{below}"));
        }
        for name in ["TimelineId", "planId", "jobId", "TaskInstanceId", "teamProjectId", "teamProject"] {
            set(&format!("System.{name}"), &format!("the-{name}"));
        }
        set("System.CollectionUri", "https://dev.azure.com/organization/");
        set("System.HostType", "build");
        set("Agent.OS", "Linux");
        variables.set("System.AccessToken", "the-access-token", true);
        self.set_resources(definition, start, &mut variables);
        for (name, value) in &start.variables {
            variables.set(name, value, false);
        }
        self.system.organization.add_variables(&body.variables, &mut variables, |it| Ok(it.to_owned()))?;
        Ok(variables)
    }

    /// The run that triggered, or else the last good one.
    fn set_resources(&self, definition: &Pipeline, start: &Start, variables: &mut Variables) {
        for (index, source) in definition.sources.iter().enumerate() {
            let triggered = start.after.as_ref().filter(|it| it.0 == source.alias).map(|it| it.1);
            let good = |it: &&super::engine::Live| {
                it.definition.is(&source.source)
                    && it.run.result == Ended::Succeeded
                    && it.run.ended > it.run.started
            };
            let last = self.runs.iter().rev().find(|it| match triggered {
                Some(id) => it.run.id == id,
                None => good(it),
            });
            let id = last.map_or(PAST + index as u64, |it| it.run.id);
            let default = source.branch.as_deref().unwrap_or("main");
            let branch =
                last.map_or_else(|| format!("refs/heads/{}", short(default)), |it| it.run.branch.clone());
            let mut set = |name: &str, value: &str| {
                variables.set(&format!("resources.pipeline.{}.{name}", source.alias), value, false);
            };
            set("runID", &id.to_string());
            set("runName", &format!("20260105.{id}"));
            set("pipelineID", &format!("{index}"));
            set("projectID", "the-project");
            set("sourceBranch", &branch);
            set("sourceCommit", "0123456789abcdef0123456789abcdef01234567");
            if triggered.is_some() {
                variables.set("resources.triggeringAlias", &source.alias, false);
            }
        }
        for container in &definition.containers {
            variables.set(&format!("resources.container.{}.tag", container.alias), "20260104", false);
        }
    }
}
