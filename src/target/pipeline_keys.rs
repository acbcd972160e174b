//! Keys of Azure Pipelines by place: those that the language does not model, and those that the compiler writes itself, with
//! the word that says the same. After the published schema (`service-schema.json` of `microsoft/azure-pipelines-vscode`).

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Pipeline,
    Stage,
    Job,
    /// A script that stands in the YAML itself.
    Script,
    Checkout,
    Publish,
    /// A task: all that it takes are its inputs.
    Task,
}

type Words = &'static [(&'static str, &'static str)];

const STEP: Words = &[
    ("displayName", "title"),
    ("condition", "when"),
    ("continueOnError", "continue_on_error"),
    ("enabled", "enabled"),
    ("env", "env"),
    ("name", "as"),
    ("timeoutInMinutes", "timeout"),
    ("retryCountOnTaskFailure", "retries"),
    ("workingDirectory", "working_directory"),
    ("inputs", "inputs"),
    ("fetchDepth", "depth"),
    ("submodules", "submodules"),
    ("lfs", "lfs"),
    ("clean", "clean"),
    ("task", "task"),
    ("bash", "run"),
    ("script", "run"),
    ("pwsh", "run"),
    ("checkout", "checkout"),
    ("template", "include"),
];

/// What the language calls a key of Azure Pipelines, of Azure ML or of a task: the word, or one of these words.
pub fn word(key: &str) -> &'static [&'static str] {
    match key {
        "dependsOn" | "depends_on" | "after" | "needs" => &["needs", "after"],
        "condition" | "if" => &["when"],
        "vmImage" => &["image", "pool"],
        "serviceConnection" | "azureSubscription" | "connectedServiceName" | "service_connection" => {
            &["connection"]
        }
        "displayName" | "display_name" => &["title"],
        "timeoutInMinutes" | "limits" => &["timeout"],
        "cancelTimeoutInMinutes" => &["cancel_timeout"],
        "continueOnError" => &["continue_on_error"],
        "retryCountOnTaskFailure" => &["retries"],
        "workingDirectory" | "cwd" => &["working_directory"],
        "fetchDepth" => &["depth"],
        "instance_type" | "vmSize" | "vm_size" => &["size"],
        "instance_count" | "instanceCount" | "replicaCount" => &["instances", "replicas"],
        "environment" => &["runtime"],
        "experiment_name" => &["experiment"],
        "default_compute" => &["compute"],
        _ => &[],
    }
}

impl Place {
    /// Keys that may be added.
    pub fn free(self) -> &'static [&'static str] {
        match self {
            Place::Pipeline => &["name", "appendCommitMessageToRunName", "lockBehavior"],
            Place::Stage => &["group", "isSkippable", "templateContext"],
            Place::Job => &["services", "uses", "templateContext"],
            Place::Script => &["failOnStderr", "target"],
            Place::Checkout => &[
                "fetchFilter",
                "fetchTags",
                "persistCredentials",
                "sparseCheckoutDirectories",
                "sparseCheckoutPatterns",
                "workspaceRepo",
                "target",
            ],
            Place::Publish => &["target"],
            Place::Task => &[],
        }
    }

    /// Keys that the compiler writes, each with the word of the language.
    pub fn modelled(self) -> Words {
        match self {
            Place::Pipeline => &[
                ("trigger", "trigger"),
                ("pr", "trigger"),
                ("schedules", "trigger"),
                ("parameters", "param"),
                ("resources", "repository"),
                ("variables", "variables"),
                ("pool", "pool"),
                ("stages", "stage"),
                ("jobs", "stage"),
                ("steps", "stage"),
                ("extends", "include"),
            ],
            Place::Stage => &[
                ("displayName", "stage NAME \"title\""),
                ("dependsOn", "needs"),
                ("condition", "when"),
                ("variables", "variables"),
                ("lockBehavior", "lock"),
                ("pool", "pool"),
                ("trigger", "trigger"),
                ("jobs", "job"),
            ],
            Place::Job => &[
                ("displayName", "job NAME \"title\""),
                ("dependsOn", "needs"),
                ("condition", "when"),
                ("continueOnError", "continue_on_error"),
                ("timeoutInMinutes", "timeout"),
                ("cancelTimeoutInMinutes", "cancel_timeout"),
                ("variables", "variables"),
                ("strategy", "matrix"),
                ("pool", "pool"),
                ("container", "container"),
                ("workspace", "clean"),
                ("environment", "environment"),
                ("steps", "run"),
            ],
            Place::Script | Place::Checkout | Place::Publish | Place::Task => STEP,
        }
    }
}
