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
        "users" | "user" | "reviewers" | "approver" => &["approvers"],
        "production" | "prod" | "critical" => &["protected"],
        "kubernetes" | "k8s" => &["aks"],
        "container_instances" | "container_instance" => &["aci"],
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

/// What to write instead of a word of Azure Pipelines or GitHub Actions for which no single word stands here, by the block
/// that it was found in; empty at the top of a file.
pub fn instead_of(word: &str, block: &str) -> Option<&'static str> {
    if block == "test" {
        return event(word);
    }
    let is_place = matches!(block, "pipeline" | "stage" | "job");
    match word {
        "stages" => Some("stages stand in the pipeline itself: `stage NAME { … }`"),
        "jobs" => Some("jobs stand in the stage itself: `job NAME { … }`"),
        "steps" => Some("steps stand in the stage itself, or in a `job NAME { … }`"),
        "script" | "bash" | "sh" | "shell" if is_place => Some("write `run \"make\"`"),
        "pwsh" | "powershell" => Some("write `run \"./build.ps1\" { shell = pwsh }`"),
        "displayName" | "display_name" | "title" if is_place => {
            Some("a title stands in quotes behind the name: `stage build \"Build it\" { … }`")
        }
        "pr" | "pull_request" => Some("write `trigger pull_request { branches = [\"main\"] }`"),
        "push" | "ci" => Some("write `trigger push { branches = [\"main\"] }`"),
        "schedules" | "schedule" | "cron" => Some("write `trigger schedule \"0 3 * * *\"`"),
        "on" if block == "pipeline" => {
            Some("what starts a pipeline is a `trigger`: `trigger push { branches = [\"main\"] }`")
        }
        "none" => Some("write `trigger manual`: nothing else starts it then"),
        "strategy" => Some("a job has a `matrix { … }`; how a service is rolled out stands in its `deploy`"),
        "deployment" => Some("write `environment = NAME` on the stage: its jobs become deployments to it"),
        "runs_on" | "vmImage" | "vm_image" if is_place => Some(
            "declare `pool linux { image = \"ubuntu-24.04\" }` at the top of a file, and write `pool = linux`",
        ),
        "uses" => {
            Some("write `task \"NAME@1\" { inputs { … } }` for a task, or `checkout self` for the sources")
        }
        "parameters" => Some("write each as `param NAME: string = \"default\"` in the pipeline"),
        "resources" => Some(
            "declare each at the top of a file: `repository NAME { … }`, `container_registry NAME { … }`; runs of another pipeline are a `resource PIPELINE` in the pipeline",
        ),
        "extends" => Some("write `include \"template.yml\"` in the pipeline"),
        "limits" | "requests" | "cpu" | "memory" if block == "service" => Some(
            "write `resources { cpu = 250m..1, memory = 512Mi..1Gi }`: what it asks for and what it may take",
        ),
        "replicas" | "instances" | "autoscale" if block == "service" => {
            Some("write `scale { replicas = 2 }`, or `scale { replicas = 2..10, cpu = 60% }`")
        }
        "subscription" | "subscription_id" | "tenant" => {
            Some("remove it: the subscription is the one that the `connection` belongs to")
        }
        "host" | "server" | "login_server" | "url" | "address" if block == "container_registry" => {
            Some("its address follows from its `name`: `name = \"contoso\"` is `contoso.azurecr.io`")
        }
        "registry" if block.is_empty() => {
            Some("write `container_registry NAME { … }` for images, or `ml_registry NAME { … }` for models")
        }
        "tier" | "stage" if block == "environment" => Some("write `protected = true` for production"),
        "permissions" | "secrets" => {
            Some("rights and secrets are those of a `connection` and of `variables`")
        }
        _ => None,
    }
}

/// What happens in a test.
fn event(word: &str) -> Option<&'static str> {
    match word {
        "push" | "tag" | "commit" => Some("write `on push { branch = \"main\" }`"),
        "pull_request" | "pr" => Some("write `on pull_request { target = \"main\" }`"),
        "schedule" | "cron" => Some("write `on schedule { at = \"2026-01-05 03:00\" }`"),
        "manual" | "run" => Some("write `on manual PIPELINE`"),
        "image" => Some("write `on image REGISTRY \"team/api\" { tag = \"1.4\" }`"),
        "completion" | "after" => Some("write `on completion PIPELINE`"),
        "webhook" => Some("write `on webhook \"NAME\"`"),
        "when" | "event" => Some("write what happens as `on push { branch = \"main\" }`"),
        "then" | "assert" | "should" => Some("write what must follow as `expect runs [NAME]`"),
        _ => None,
    }
}

/// How a function of the expressions of Azure Pipelines and GitHub Actions is written here.
pub fn operator_for(function: &str) -> Option<&'static str> {
    match function {
        "eq" => Some("write `a == b`"),
        "ne" => Some("write `a != b`"),
        "lt" => Some("write `a < b`"),
        "le" => Some("write `a <= b`"),
        "gt" => Some("write `a > b`"),
        "ge" => Some("write `a >= b`"),
        "and" => Some("write `a && b`"),
        "or" => Some("write `a || b`"),
        "not" => Some("write `!a`"),
        "in" | "contains" | "containsValue" => Some("write `a in [\"x\", \"y\"]`"),
        "iif" => Some("write `if a then b else c`"),
        "format" | "join" => Some("write a text with what it holds: `\"${a} and ${b}\"`"),
        _ => None,
    }
}
