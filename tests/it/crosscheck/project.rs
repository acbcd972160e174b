//! Small systems by chance, as people would write them.

use super::choices::Choices;
use super::conditions;
use std::fmt::Write;

pub const BRANCHES: [&str; 4] = ["main", "develop", "releases/1", "feature/x"];
/// The copies of jobs that have some.
const LEGS: [&str; 2] = ["a", "b"];
pub const TAGS: [&str; 3] = ["v1", "v2.0", "nightly"];
pub const PATHS: [&str; 5] = ["src/a.py", "src/app/b.py", "src/app/deep/c.md", "docs/a.md", "README.md"];
pub const REPOSITORIES: [&str; 3] = ["self", "engine", "tools"];

/// A system, and what is in it that may go one way or another.
#[derive(Default)]
pub struct Project {
    pub text: String,
    pub pipelines: Vec<Pipeline>,
    pub approvals: Vec<String>,
    /// With the approval that each asks.
    pub environments: Vec<(String, Option<String>)>,
    /// What `self` is called in Azure DevOps.
    pub own: &'static str,
    /// How many of [`REPOSITORIES`] there are.
    pub repositories: usize,
}

#[derive(Default)]
pub struct Pipeline {
    pub name: String,
    pub stages: Vec<Stage>,
    /// With the values it takes.
    pub params: Vec<(&'static str, &'static [&'static str])>,
    /// Tags that its runs may get.
    pub tags: Vec<String>,
    /// The hours at which a clock starts it.
    pub hours: Vec<u32>,
}

#[derive(Clone, Default)]
pub struct Stage {
    pub name: String,
    pub jobs: Vec<String>,
    /// Whom its steps without an agent ask.
    pub approval: Option<String>,
    pub steps: Vec<Step>,
}

#[derive(Clone)]
pub struct Step {
    /// Known in the whole system; its title too.
    pub name: String,
    pub job: Option<String>,
    /// The copy of its job that others read.
    pub leg: Option<&'static str>,
    pub output: bool,
    /// A script: it may fail, and take its time.
    pub work: bool,
}

impl Stage {
    /// Steps whose output others may read.
    pub fn outputs(&self) -> impl Iterator<Item = String> {
        let path = |it: &Step| {
            let names = [Some(self.name.as_str()), it.job.as_deref(), it.leg, Some(&it.name), Some("good")];
            names.into_iter().flatten().collect::<Vec<_>>().join(".")
        };
        self.steps.iter().filter(|it| it.output).map(path)
    }
}

impl Project {
    pub fn by(choices: &mut Choices) -> Project {
        let mut project = Project { repositories: 1 + choices.below(3) as usize, ..Project::default() };
        project.ground(choices);
        let count = 1 + choices.below(6);
        for index in 0..count {
            let pipeline = project.pipeline(choices, index);
            project.pipelines.push(pipeline);
        }
        project
    }

    fn ground(&mut self, choices: &mut Choices) {
        let foreign = choices.once_in(4);
        self.own = if foreign { "team/ops" } else { "ops" };
        let hosted = if foreign {
            "type = github, name = \"team/ops\", connection = hub"
        } else {
            "type = azure_repos, name = \"ops\""
        };
        writeln!(
            self.text,
            "repository self {{ {hosted}, branch = \"main\" }}
connection hub {{ type = github }}
connection azure {{ type = azure_rm }}
pool linux {{ image = \"ubuntu-24.04\" }}
project p {{ pool = linux, connection = azure }}"
        )
        .expect("a text takes all");
        for name in REPOSITORIES.iter().take(self.repositories).skip(1) {
            let branch = choices.one(&["main", "develop"]);
            self.line(&format!(
                "repository {name} {{ type = azure_repos, name = \"{name}\", branch = \"{branch}\" }}"
            ));
        }
        for index in 0..choices.below(3) {
            let name = format!("people{index}");
            let timeout = choices.one(&["2d", "1h", "30m"]);
            self.line(&format!(
                "approval {name} {{ approvers = [\"{name}@contoso.example\"], timeout = {timeout} }}"
            ));
            self.approvals.push(name);
        }
        for index in 0..choices.below(4) {
            self.environment(choices, index);
        }
    }

    fn environment(&mut self, choices: &mut Choices, index: u32) {
        let name = format!("env{index}");
        let mut said = Vec::new();
        let asked =
            (!self.approvals.is_empty() && choices.once_in(2)).then(|| choices.one(&self.approvals).clone());
        said.extend(asked.iter().map(|it| format!("approval = {it}")));
        if choices.once_in(3) {
            let lock = choices.one(&["sequential", "latest"]);
            said.push(format!("lock = {lock}"));
        }
        if choices.once_in(4) {
            let branches =
                choices.one(&["\"main\"", "\"main\", \"releases/*\"", "\"develop\", \"main\"", "\"*\""]);
            said.push(format!("branches = [{branches}]"));
        }
        self.line(&format!("environment {name} {{ {} }}", said.join(", ")));
        self.environments.push((name, asked));
    }

    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn pipeline(&mut self, choices: &mut Choices, index: u32) -> Pipeline {
        let mut pipeline = Pipeline { name: format!("p{index}"), ..Pipeline::default() };
        self.line(&format!("pipeline {} {{", pipeline.name));
        self.triggers(choices, &mut pipeline);
        if choices.once_in(3) {
            pipeline.params.push(("flag", &["true", "false"]));
            self.line(&format!("  param flag: bool = {}", choices.one(&["true", "false"])));
        }
        if choices.once_in(4) {
            pipeline.params.push(("kind", &["fast", "Full"]));
            self.line("  param kind: string = \"fast\" { enum = [\"fast\", \"Full\"] }");
        }
        for number in 0..=choices.below(4) {
            self.stage(choices, &mut pipeline, number);
        }
        self.line("}");
        pipeline
    }

    fn stage(&mut self, choices: &mut Choices, pipeline: &mut Pipeline, number: u32) {
        let mut stage = Stage { name: format!("s{number}"), ..Stage::default() };
        self.line(&format!("  stage {} {{", stage.name));
        let before = &pipeline.stages;
        let mut needs: Vec<&Stage> = before.last().into_iter().collect();
        if choices.once_in(3) {
            needs = choices.some(before, 2);
            let names: Vec<&str> = needs.iter().map(|it| it.name.as_str()).collect();
            self.line(&format!("    needs = [{}]", names.join(", ")));
        }
        if choices.once_in(2) {
            let condition = conditions::of_stage(choices, &needs, &pipeline.params);
            self.line(&format!("    when = {condition}"));
        }
        let deploys = !self.environments.is_empty() && choices.once_in(3);
        if deploys {
            let environment = choices.one(&self.environments).0.clone();
            self.line(&format!("    environment = {environment}"));
        }
        if !self.approvals.is_empty() && choices.once_in(2) {
            stage.approval = Some(choices.one(&self.approvals).clone());
        }
        if let Some(approval) = stage.approval.clone()
            && choices.once_in(2)
        {
            self.line(&format!("    approval = {approval}"));
        }
        if choices.once_in(6) {
            self.line(&format!("    lock = {}", choices.one(&["sequential", "latest"])));
        }
        let prefix = format!("{}_{}", pipeline.name, stage.name);
        if !deploys && choices.once_in(4) {
            self.jobs(choices, &mut stage, &prefix);
        } else {
            self.steps(choices, &mut stage, (None, None, true), &prefix);
        }
        if choices.once_in(8) {
            let word = choices.one(&["failure", "cancel"]);
            self.line(&format!("    on {word} {{ run \"tidy\" }}"));
        }
        pipeline.tags.extend(choices.once_in(5).then(|| self.tag(choices, &stage)));
        self.line("  }");
        pipeline.stages.push(stage);
    }

    fn tag(&mut self, choices: &mut Choices, stage: &Stage) -> String {
        let tag = (*choices.one(&["good", "model"])).to_owned();
        let when = choices.one(&["", " { when = always() }"]);
        let step = format!("tag_run \"{tag}\"{when}");
        // A stage has jobs or loose steps.
        let line = if stage.jobs.is_empty() { step } else { format!("job tagging {{ {step} }}") };
        self.line(&format!("    {line}"));
        tag
    }

    fn jobs(&mut self, choices: &mut Choices, stage: &mut Stage, prefix: &str) {
        for number in 0..=choices.below(3) {
            let name = format!("j{number}");
            self.line(&format!("    job {name} {{"));
            let before = stage.jobs.clone();
            let needs = choices.some(&before, 2);
            if !needs.is_empty() {
                let names: Vec<&str> = needs.iter().map(|it| it.as_str()).collect();
                self.line(&format!("      needs = [{}]", names.join(", ")));
                if choices.once_in(2) {
                    let condition = conditions::of_job(choices, &names);
                    self.line(&format!("      when = {condition}"));
                }
            }
            let forgiven = choices.once_in(6);
            if forgiven {
                self.line("      continue_on_error = true");
            }
            if choices.once_in(6) {
                self.line("      timeout = 20m");
                let grace = choices.one(&["", "", "      cancel_timeout = 2m", "      cancel_timeout = 20m"]);
                self.line(grace);
            }
            let leg = choices.once_in(5).then(|| *choices.one(&LEGS));
            if leg.is_some() {
                self.line(&format!("      matrix {{ v = [\"{}\"] }}", LEGS.join("\", \"")));
            }
            let split = leg.is_none() && !forgiven;
            self.steps(choices, stage, (Some(&name), leg, split), &format!("{prefix}_{name}"));
            self.line("    }");
            stage.jobs.push(name);
        }
    }

    fn steps(
        &mut self,
        choices: &mut Choices,
        stage: &mut Stage,
        (job, leg, split): (Option<&str>, Option<&'static str>, bool),
        prefix: &str,
    ) {
        let first = stage.steps.len();
        for number in 0..=choices.below(3) {
            let name = format!("{prefix}_t{number}");
            // What has no agent splits the job.
            let kind = choices.below(if split { 8 } else { 6 });
            let approval = stage.approval.clone().filter(|_| kind == 6);
            let output = kind < 6 && choices.once_in(3);
            let mut said = vec![format!("title = \"{name}\"")];
            let asks = choices.once_in(if leg.is_some() { 2 } else { 5 });
            if asks {
                let before = &stage.steps[first..];
                said.push(format!("when = {}", conditions::of_step(choices, before, leg)));
            }
            let work = kind < 6;
            if work {
                said.extend(choices.once_in(8).then(|| "continue_on_error = true".to_owned()));
                said.extend(choices.once_in(8).then(|| "timeout = 10m".to_owned()));
                said.extend(output.then(|| "output good: bool".to_owned()));
                // With a condition of its own it cannot be told whether it or one before it failed.
                let repaired = !asks && choices.once_in(10);
                said.extend(repaired.then(|| "on failure { run \"repair\" }".to_owned()));
            }
            let body = format!(" {{ {} }}", said.join(", "));
            match (work, approval) {
                (true, _) => self.line(&format!("      run \"./work\" as {name}{body}")),
                (false, Some(approval)) => self.line(&format!("      approve {approval} as {name}{body}")),
                (false, None) => {
                    self.line(&format!("      wait {} as {name}{body}", choices.one(&["5m", "2h"])));
                }
            }
            let job = job.map(str::to_owned);
            stage.steps.push(Step { name, job, leg, output, work });
        }
    }
}
