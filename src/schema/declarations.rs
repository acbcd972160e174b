//! Declarations of what the project stands on: connections, repositories, pools, variables, registries, and the
//! resources of Azure ML.

use super::job::{CONTAINER, CONTAINER_IMAGE};
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, many, optional, required};

/// 60 days, the longest any timer of Azure DevOps runs, in seconds.
pub const LONGEST: u64 = 60 * 24 * 3600;

/// 35790 minutes, the longest that a cancelled job may go on, in seconds.
const LONGEST_CANCEL: u64 = 35_790 * 60;

pub const NAMED: &[Attribute] = &[optional(
    "name",
    Type::Name,
    "The name outside; else the identifier, with `-` for `_` where the target has no `_`.",
)];

pub const EXISTING: &[Attribute] = &[default(
    "existing",
    Type::Bool,
    "false",
    "Others own it: it is referenced and checked by name, never created.",
)];

pub const DESCRIBED: &[Attribute] =
    &[optional("description", Type::Name, "Shown in the studio or the portal.")];

/// What may stand on project, pipeline, stage and job; the nearest wins.
pub const INHERITED: &[Attribute] = &[
    optional("pool", Type::Ref(&[Kind::Pool]), "Where agent jobs run."),
    optional("timeout", Type::Timeout, "How long a job may run; one hour where nothing is said."),
    optional(
        "cancel_timeout",
        Type::Duration(60, LONGEST_CANCEL),
        "How long a job may go on after it was cancelled; five minutes where nothing is said.",
    ),
    optional(
        "variables",
        Type::OneOrMany(&Type::Ref(&[Kind::Variables])),
        "Variables that may be read here. Added to those further out.",
    ),
    optional("connection", Type::Ref(&[Kind::Connection]), "The Azure connection that steps sign in with."),
    optional("workspace", Type::Ref(&[Kind::Workspace]), "The Azure ML workspace that steps work in."),
];

pub static ENV: Block = Block {
    word: "env",
    doc: "Environment variables, by name. Inner ones are added to outer ones and win.",
    free: Some(Type::Value),
    ..BLOCK
};

pub static TAGS: Block =
    Block { word: "tags", doc: "Tags of the resource.", free: Some(Type::Name), ..BLOCK };

pub static PROJECT: Block = Block {
    word: "project",
    head: Head::Name,
    doc: "The delivery system as a whole: where it lives in Azure DevOps, and defaults for all pipelines.",
    attributes: &[
        NAMED,
        &[
            optional(
                "organization",
                Type::Name,
                "The organization's address: `https://dev.azure.com/contoso`.",
            ),
            optional("project", Type::Name, "The Azure DevOps project."),
            optional(
                "folder",
                Type::Name,
                "The folder of the pipelines in Azure DevOps, such as `ml` or `ml/digitre`.",
            ),
        ],
        INHERITED,
    ],
    blocks: &[at_most_one(&ENV)],
    ..BLOCK
};

pub static CONNECTION: Block = Block {
    word: "connection",
    head: Head::Name,
    doc: "A service connection of the Azure DevOps project.",
    attributes: &[
        NAMED,
        &[required(
            "type",
            Type::Word(&[
                "azure_rm",
                "docker_registry",
                "github",
                "kubernetes",
                "generic",
                "incoming_webhook",
            ]),
            "What it connects to.",
        )],
    ],
    ..BLOCK
};

pub static REPOSITORY: Block = Block {
    word: "repository",
    head: Head::Name,
    doc: "A git repository. `self` is the one that holds this project and its output.",
    attributes: &[
        NAMED,
        &[
            required("type", Type::Word(&["azure_repos", "github", "bitbucket"]), "Where it is hosted."),
            default(
                "branch",
                Type::Name,
                "main",
                "The branch that is checked out where nothing else decides.",
            ),
            optional(
                "connection",
                Type::Ref(&[Kind::Connection]),
                "The connection of a GitHub or Bitbucket repository.",
            ),
            default("folder", Type::Name, ".", "Of `self`: where in the repository this project lies."),
            optional(
                "copy",
                Type::Folder,
                "Of others: a copy below this project, read to check paths. The output does not depend on it.",
            ),
        ],
    ],
    ..BLOCK
};

pub static POOL: Block = Block {
    word: "pool",
    head: Head::Name,
    doc: "Agents: Microsoft-hosted by `image`, or a self-hosted pool by `name`. `server` is built in: no agent at all.",
    attributes: &[
        NAMED,
        &[
            optional("image", Type::Name, "The hosted image: `ubuntu-24.04`."),
            optional(
                "demands",
                Type::List(&Type::Name),
                "Capabilities an agent of a self-hosted pool must have: `\"docker\"`, or `\"Agent.OS -equals Linux\"`.",
            ),
            CONTAINER_IMAGE,
        ],
    ],
    blocks: &[at_most_one(&CONTAINER)],
    ..BLOCK
};

static SECRET: Block = Block {
    word: "secret",
    head: Head::Arguments(&[argument("name", Type::Dotted)]),
    doc: "A secret of the group. It is never written anywhere but into a step's `env`.",
    attributes: &[NAMED],
    ..BLOCK
};

static VAR: Block = Block {
    word: "var",
    head: Head::Typed,
    doc: "A variable of the group, with its type: `string`, `int`, `number` or `bool`. The value behind `=` is what setup.sh writes into the group.",
    attributes: &[NAMED],
    ..BLOCK
};

static VALUES: Block =
    Block { word: "values", doc: "Variables written here.", free: Some(Type::Value), ..BLOCK };

pub static VARIABLES: Block = Block {
    word: "variables",
    head: Head::Name,
    doc: "Variables: a variable group of Azure DevOps with what it holds, secrets of a key vault, values written here, or a \
          template with variables.",
    attributes: &[&[
        optional("group", Type::Name, "The variable group in Azure DevOps."),
        optional(
            "key_vault",
            Type::Name,
            "The key vault that holds the secrets: jobs that read one fetch it themselves.",
        ),
        optional(
            "connection",
            Type::Ref(&[Kind::Connection]),
            "The Azure connection that may read the key vault.",
        ),
        optional("template", Type::File, "An existing YAML template with variables."),
    ]],
    blocks: &[many(&SECRET), many(&VAR), at_most_one(&VALUES)],
    ..BLOCK
};

pub static CONTAINER_REGISTRY: Block = Block {
    word: "container_registry",
    head: Head::Name,
    doc: "An Azure Container Registry.",
    attributes: &[
        NAMED,
        EXISTING,
        &[
            optional("resource_group", Type::Name, "Its resource group."),
            optional(
                "connection",
                Type::Ref(&[Kind::Connection]),
                "The connection with which jobs in containers pull: of type `docker_registry`.",
            ),
            optional(
                "pull_identity",
                Type::Name,
                "Resource id of the user-assigned identity with which container instances pull.",
            ),
            optional("username", Type::Value, "Or the user name for pulling, from a variable."),
            optional("password", Type::Value, "And the password, from a secret."),
        ],
    ],
    ..BLOCK
};

pub static WORKSPACE: Block = Block {
    word: "workspace",
    head: Head::Name,
    doc: "An Azure ML workspace.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            required("resource_group", Type::Name, "Its resource group."),
            optional("region", Type::Name, "Where it is created, such as `westeurope`."),
            optional("key_vault", Type::Name, "Resource id of its key vault."),
            optional("storage_account", Type::Name, "Resource id of its storage account."),
            optional("application_insights", Type::Name, "Resource id of its Application Insights."),
            optional("container_registry", Type::Name, "Resource id of its container registry."),
        ],
    ],
    blocks: &[at_most_one(&TAGS)],
    ..HEADED
};

/// A block whose head is a name, to be spread.
pub(super) const HEADED: Block = Block { head: Head::Name, ..BLOCK };

pub static COMPUTE: Block = Block {
    word: "compute",
    doc: "An Azure ML compute cluster. `serverless` is built in.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            optional(
                "size",
                Type::Name,
                "The size of a node, such as `Standard_F8s_v2`. Needed unless `existing`.",
            ),
            default("nodes", Type::Range(&Type::Int(0, 1000)), "0..1", "Fewest and most nodes."),
            default("idle", Type::Duration(1, LONGEST), "2m", "How long a node stays without work."),
            default(
                "tier",
                Type::Word(&["dedicated", "low_priority"]),
                "dedicated",
                "Low-priority nodes are cheap and may be taken away.",
            ),
            optional("identity", Type::Name, "`system`, or the resource id of a user-assigned identity."),
        ],
    ],
    blocks: &[at_most_one(&TAGS), at_most_one(&super::ml::EXTRA)],
    ..HEADED
};

static RUNTIME_BUILD: Block = Block {
    word: "build",
    doc: "Builds the image from a Dockerfile.",
    attributes: &[&[
        required("context", Type::Folder, "The folder that is sent to the build."),
        default("dockerfile", Type::Name, "Dockerfile", "The Dockerfile, relative to the context."),
    ]],
    ..BLOCK
};

pub static RUNTIME: Block = Block {
    word: "runtime",
    doc: "What ML code runs in: an Azure ML environment. Without `version` it is inlined and addressed by its content.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            optional("image", Type::Name, "The base image, with a tag or digest."),
            optional("conda", Type::File, "A conda file that is installed on top of the image."),
            optional("version", Type::Name, "Registers it under this version, which then never changes."),
            optional(
                "registry",
                Type::Ref(&[Kind::MlRegistry]),
                "The Azure ML registry that an existing one is taken from.",
            ),
        ],
    ],
    blocks: &[at_most_one(&RUNTIME_BUILD)],
    ..HEADED
};

static CREDENTIALS: Block = Block {
    word: "credentials",
    doc: "With what the workspace reads the storage, from secrets: a key, a token, or a service principal. Access is by identity without it.",
    attributes: &[&[
        optional("account_key", Type::Value, "Key of the storage account. Blobs and files."),
        optional("sas_token", Type::Value, "Or a token of a shared access signature. Blobs and files."),
        optional("tenant_id", Type::Value, "Or a service principal: its tenant. Data lakes."),
        optional("client_id", Type::Value, "The service principal's application."),
        optional("client_secret", Type::Value, "The service principal's secret."),
    ]],
    ..BLOCK
};

pub static DATASTORE: Block = Block {
    word: "datastore",
    doc: "A datastore of the workspace. Without `credentials`, access is by identity.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            optional(
                "type",
                Type::Word(&["azure_blob", "azure_file", "azure_data_lake_gen2"]),
                "Kind of storage. Needed unless `existing`.",
            ),
            optional("account", Type::Name, "The storage account."),
            optional("container", Type::Name, "The blob container, or the file system of a data lake."),
            optional("share", Type::Name, "The file share."),
        ],
    ],
    blocks: &[at_most_one(&CREDENTIALS)],
    ..HEADED
};

pub static DATA: Block = Block {
    word: "data",
    doc: "A data asset: a path in a datastore, a local path or a URL, registered if it has a version.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            default(
                "type",
                Type::Word(&["uri_file", "uri_folder", "mltable"]),
                "uri_folder",
                "What the path holds.",
            ),
            optional(
                "path",
                Type::Any,
                "`path(store, \"a/b\")`, `file(\"local\")` or a URL. Needed unless `existing`.",
            ),
            optional("version", Type::Name, "Registers it under this version."),
        ],
    ],
    ..HEADED
};

pub static MODEL: Block = Block {
    word: "model",
    doc: "A model in the registry of the workspace.",
    attributes: &[
        NAMED,
        DESCRIBED,
        &[
            default(
                "type",
                Type::Word(&["mlflow_model", "custom_model", "triton_model"]),
                "custom_model",
                "Its format.",
            ),
            optional(
                "metric",
                Type::Name,
                "What `compare` looks at, such as `rmse`; registered versions carry it as a tag.",
            ),
            default(
                "direction",
                Type::Word(&["maximize", "minimize"]),
                "maximize",
                "Which way the metric is better.",
            ),
            default(
                "minimum_gain",
                Type::Number,
                "0",
                "How much better a candidate must be, in the metric's own unit.",
            ),
            default("stage", Type::Name, "production", "The stage whose version a candidate must beat."),
            default("stage_tag", Type::Name, "stage", "The tag that holds a version's stage."),
        ],
    ],
    blocks: &[at_most_one(&TAGS)],
    ..HEADED
};

/// Every block that may stand at the top of a file.
pub static TOP_LEVEL: &[Child] = &[
    at_most_one(&PROJECT),
    many(&CONNECTION),
    many(&REPOSITORY),
    many(&POOL),
    many(&VARIABLES),
    many(&CONTAINER_REGISTRY),
    many(&WORKSPACE),
    many(&COMPUTE),
    many(&RUNTIME),
    many(&DATASTORE),
    many(&DATA),
    many(&MODEL),
    many(&super::component::ML_REGISTRY),
    many(&super::component::COMPONENT),
    many(&super::ml::ML_PIPELINE),
    many(&super::service::SERVICE),
    many(&super::endpoint::ENDPOINT),
    many(&super::environment::ENVIRONMENT),
    many(&super::environment::APPROVAL),
    many(&super::pipeline::PIPELINE),
    super::test::CHILD,
];
