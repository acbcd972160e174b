//! Steps: the short forms where Azure Pipelines has one, else its tasks.

use super::schema::{Checkout, Never, Pairs, Scalar, ShellCommon, Step, StepCommon};
use super::script::{self, Code};
use super::{Cx, expression, free, value};
use crate::emit::yaml::Text;
use crate::model::steps::action::{ScriptSource, Shell};
use crate::plan::{self, StepBody};

pub(super) fn of<'a>(cx: Cx<'a>, job: &'a plan::Job) -> Vec<Step<'a>> {
    let project = project_folder(cx, job);
    job.steps.iter().map(|step| StepCx { cx, step, project: &project }.step()).collect()
}

/// The folder of the project on the agent: where the steps start, unless the checkout says another place.
fn project_folder(cx: Cx<'_>, job: &plan::Job) -> String {
    let place = job.steps.iter().find_map(|step| match &step.body {
        StepBody::Checkout { repository, path, .. } if repository == "self" => path.as_deref(),
        _ => None,
    });
    let own = cx.project.repositories.values().find(|it| it.is_self());
    let folder = own.map_or(".", |it| it.folder.as_str());
    let parts = [place.map(|it| format!("$(Pipeline.Workspace)/{it}")), Some(folder.to_owned())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|it| it != "." && !it.is_empty()).collect();
    parts.join("/")
}

#[derive(Clone, Copy)]
struct StepCx<'a, 'j> {
    cx: Cx<'a>,
    step: &'a plan::Step,
    project: &'j str,
}

type Entries<'a> = Vec<(&'a str, Text<'a>)>;

impl<'a> StepCx<'a, '_> {
    fn step(self) -> Step<'a> {
        match &self.step.body {
            StepBody::NoCheckout => Step::NoCheckout { checkout: Never::None },
            StepBody::Include(include) => Step::Template(free::template(include)),
            StepBody::NoDownload => Step::NoDownload { download: Never::None },
            StepBody::Checkout { repository, path, depth, submodules, lfs, clean } => {
                Step::Checkout(Checkout {
                    checkout: repository,
                    common: self.common(),
                    path: path.as_deref().map(value::literal),
                    fetch_depth: *depth,
                    submodules: *submodules,
                    lfs: *lfs,
                    clean: *clean,
                    env: self.env(),
                })
            }
            StepBody::Download { source, artifact, path } => {
                self.download(source.as_deref(), artifact.as_deref(), path.as_ref())
            }
            StepBody::Publish { artifact, path } => Step::Publish {
                publish: value::joined(path),
                artifact: value::literal(artifact),
                common: self.common(),
                env: self.env(),
            },
            StepBody::Script { source, shell } => self.script(source, *shell),
            StepBody::AzureCli { connection, source, shell, keep_session } => {
                self.azure_cli(connection, (source, *shell), *keep_session)
            }
            StepBody::Task { name, inputs } => {
                self.task(name, inputs.iter().map(|(key, it)| (key.as_str(), value::joined(it))).collect())
            }
        }
    }

    fn common(self) -> StepCommon<'a> {
        let step = self.step;
        let condition = step.condition.as_ref();
        StepCommon {
            display_name: value::literal(&step.title),
            name: step.name.as_deref(),
            condition: condition.map(|it| expression::condition(it, &self.cx.pipeline.parameters)),
            continue_on_error: step.continue_on_error,
            enabled: step.enabled,
            timeout_in_minutes: step.timeout_minutes,
            extra: free::pairs(&step.extra),
            retry_count_on_task_failure: (step.retries > 0).then_some(step.retries),
        }
    }

    fn env(self) -> Pairs<'a, Text<'a>> {
        Pairs(self.step.env.iter().map(|(name, it)| (name.as_str(), value::joined(it))).collect())
    }

    fn task(self, task: &'a str, inputs: Entries<'a>) -> Step<'a> {
        let inputs = inputs.into_iter().map(|(name, it)| (name, input(task, name, it))).collect();
        Step::Task { task, common: self.common(), env: self.env(), inputs: Pairs(inputs) }
    }

    fn working_directory(self) -> Option<Text<'a>> {
        self.step.working_directory.as_ref().map(value::joined)
    }

    /// The short form chooses the folder itself.
    fn download(
        self,
        source: Option<&'a str>,
        artifact: Option<&'a str>,
        path: Option<&'a plan::Value>,
    ) -> Step<'a> {
        let artifact = artifact.map(value::literal);
        let Some(path) = path else {
            let download = source.unwrap_or("current");
            return Step::Download { download, artifact, common: self.common(), env: self.env() };
        };
        let mut inputs = source.map_or_else(|| vec![("buildType", "current".into())], run_of);
        inputs.extend(artifact.map(|it| ("artifactName", it)));
        inputs.push(("targetPath", value::joined(path)));
        self.task("DownloadPipelineArtifact@2", inputs)
    }

    fn script(self, source: &'a ScriptSource, shell: Shell) -> Step<'a> {
        let text = match Code::of(source, shell, self.project) {
            Code::Inline(text) => text,
            Code::File(path) if shell == Shell::Bash => script::bash_file(&path),
            Code::File(path) => return self.script_file(path, shell),
        };
        match shell {
            Shell::Bash => Step::Bash { bash: text, shell: self.shell() },
            Shell::Pwsh => Step::Pwsh { pwsh: text, shell: self.shell() },
            Shell::Cmd => Step::Script { script: text, shell: self.shell() },
            Shell::Python => {
                let folder = self.working_directory().map(|it| ("workingDirectory", it));
                let inputs = [Some(("scriptSource", "inline".into())), folder, Some(("script", text))];
                self.task("PythonScript@0", inputs.into_iter().flatten().collect())
            }
        }
    }

    fn shell(self) -> ShellCommon<'a> {
        ShellCommon { common: self.common(), working_directory: self.working_directory(), env: self.env() }
    }

    fn script_file(self, path: Text<'a>, shell: Shell) -> Step<'a> {
        let (task, fixed, file, folder): (_, &[_], _, _) = match shell {
            Shell::Bash | Shell::Pwsh => (
                "PowerShell@2",
                &[("targetType", "filePath"), ("pwsh", "true")],
                "filePath",
                "workingDirectory",
            ),
            Shell::Python => {
                ("PythonScript@0", &[("scriptSource", "filePath")], "scriptPath", "workingDirectory")
            }
            Shell::Cmd => ("BatchScript@1", &[], "filename", "workingFolder"),
        };
        let mut inputs: Entries<'a> = fixed.iter().map(|(key, it)| (*key, Text::from(*it))).collect();
        inputs.push((file, path));
        inputs.extend(self.working_directory().map(|it| (folder, it)));
        self.task(task, inputs)
    }

    /// The script comes last: it is long.
    fn azure_cli(
        self,
        connection: &'a str,
        (source, shell): (&'a ScriptSource, Shell),
        keep_session: bool,
    ) -> Step<'a> {
        let kind = match shell {
            Shell::Bash | Shell::Python => "bash",
            Shell::Pwsh => "pscore",
            Shell::Cmd => "batch",
        };
        let python = shell == Shell::Python;
        let (place, text) = match Code::of(source, shell, self.project) {
            Code::Inline(text) if python => ("inlineScript", script::in_python(&text)),
            Code::File(path) if python => ("inlineScript", script::python_file(&path)),
            Code::File(path) if shell == Shell::Bash => ("inlineScript", script::bash_file(&path)),
            Code::Inline(text) => ("inlineScript", text),
            Code::File(path) => ("scriptPath", path),
        };
        let mut inputs: Entries<'a> = vec![
            ("azureSubscription", value::literal(connection)),
            ("scriptType", kind.into()),
            ("scriptLocation", place.into()),
            ("visibleAzLogin", "false".into()),
        ];
        inputs.extend(keep_session.then(|| ("keepAzSessionActive", "true".into())));
        inputs.extend(self.working_directory().map(|it| ("workingDirectory", it)));
        inputs.push((place, text));
        self.task("AzureCLI@2", inputs)
    }
}

/// Inputs that are no booleans but choices between these words and others.
const CHOICES: [(&str, &str); 7] = [
    ("AzureFunction@1", "waitForCompletion"),
    ("AzureFunction@2", "waitForCompletion"),
    ("AzureIoTEdge@2", "fillRegistryCredential"),
    ("AzureIoTEdge@2", "validateGeneratedDeploymentManifest"),
    ("GitHubRelease@1", "makeLatest"),
    ("InvokeRESTAPI@1", "waitForCompletion"),
    ("NuGetPackager@0", "versionByBuild"),
];

/// Azure Pipelines takes every input as text; its editors want booleans written as such.
fn input<'a>(task: &str, name: &str, value: Text<'a>) -> Scalar<'a> {
    match &*value.0 {
        word @ ("true" | "false") if !CHOICES.contains(&(task, name)) => Scalar::Bool(word == "true"),
        _ => Scalar::Text(value),
    }
}

/// Inputs that name the run of a pipeline resource.
fn run_of<'a>(alias: &str) -> Entries<'a> {
    let field = |name: &str| Text::from(format!("$(resources.pipeline.{alias}.{name})"));
    vec![
        ("buildType", "specific".into()),
        ("project", field("projectID")),
        ("definition", field("pipelineID")),
        ("buildVersionToDownload", "specific".into()),
        ("pipelineId", field("runID")),
    ]
}
