//! Endpoints of Azure ML with their deployments: a model behind an address, or behind jobs over much data.

use super::declarations::{DESCRIBED, EXISTING, HEADED, NAMED, TAGS};
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, many, optional, required};

const HOUR: u64 = 3600;

static CODE: Block = Block {
    word: "code",
    doc: "The code that loads the model and answers. An MLflow model brings its own.",
    attributes: &[&[
        required("folder", Type::Folder, "The folder that is uploaded."),
        required("script", Type::Name, "The scoring script in it, with its `init()` and `run()`."),
    ]],
    ..BLOCK
};

static REQUESTS: Block = Block {
    word: "requests",
    doc: "How requests are taken. Online endpoints.",
    attributes: &[&[
        optional(
            "timeout",
            Type::Duration(1, 180),
            "How long an answer may take; 5 s where nothing is said, 180 s at most.",
        ),
        optional(
            "concurrency",
            Type::Int(1, 10_000),
            "Requests at once in an instance; 1 where nothing is said.",
        ),
        optional(
            "queue",
            Type::Duration(1, 180),
            "How long a request may wait for its turn. Kubernetes only: managed endpoints no longer look at it.",
        ),
    ]],
    ..BLOCK
};

static PROBE: Block = Block {
    word: "probe",
    head: Head::Arguments(&[argument("kind", Type::Word(&["readiness", "liveness"]))]),
    doc: "How Azure ML learns whether an instance works.",
    attributes: &[&[
        optional(
            "delay",
            Type::Duration(1, HOUR),
            "Wait before the first probe; 10 s where nothing is said.",
        ),
        optional("period", Type::Duration(1, HOUR), "Time between probes; 10 s where nothing is said."),
        optional(
            "timeout",
            Type::Duration(1, HOUR),
            "How long an answer may take; 2 s where nothing is said.",
        ),
        optional("failures", Type::Int(1, 1000), "Failures in a row that count; 30 where nothing is said."),
        optional("successes", Type::Int(1, 1000), "Successes in a row that count; 1 where nothing is said."),
    ]],
    ..BLOCK
};

static COLLECT: Block = Block {
    word: "collect",
    doc: "Keeps what was asked and answered, for monitoring. Online endpoints.",
    attributes: &[&[
        default("inputs", Type::Bool, "true", "Keeps `model_inputs`."),
        default("outputs", Type::Bool, "true", "Keeps `model_outputs`."),
        optional("sampling", Type::Percent, "How much of it; all where nothing is said."),
        optional(
            "rolling",
            Type::Word(&["minute", "hour", "day"]),
            "How often a new file begins; hourly where nothing is said.",
        ),
        optional("headers", Type::List(&Type::Name), "Headers of requests that are kept too."),
    ]],
    ..BLOCK
};

static SCALE: Block = Block {
    word: "scale",
    doc: "Scales with the load. Kubernetes only: managed endpoints are scaled by autoscale rules of Azure Monitor.",
    attributes: &[&[
        required("instances", Type::Range(&Type::Int(1, 10_000)), "Fewest and most: `1..5`."),
        optional("utilization", Type::Percent, "How busy instances are to be; 70 % where nothing is said."),
        optional("poll", Type::Duration(1, HOUR), "How often the load is looked at."),
    ]],
    ..BLOCK
};

static RESOURCES: Block = Block {
    word: "resources",
    doc: "Requests and limits of an instance: `500m..1`, or one value for both. Kubernetes only.",
    attributes: &[&[
        optional("cpu", Type::Range(&Type::Cpu), "CPU."),
        optional("memory", Type::Range(&Type::Memory), "Memory."),
        optional("gpu", Type::Int(1, 64), "Number of GPUs."),
    ]],
    ..BLOCK
};

static MINI_BATCH: Block = Block {
    word: "mini_batch",
    doc: "How a batch deployment of a model works through its data.",
    attributes: &[&[
        default("size", Type::Int(1, 1_000_000), "10", "Files that one call of `run()` gets."),
        default("concurrency", Type::Int(1, 1000), "1", "Calls at once on an instance."),
        default("retries", Type::Int(0, 1000), "3", "How often a mini-batch is tried again."),
        default("timeout", Type::Duration(1, 24 * HOUR), "30s", "How long a mini-batch may take."),
        default(
            "failures",
            Type::Int(-1, 1_000_000_000),
            "-1",
            "Files that may fail before the job does; -1 ignores all failures.",
        ),
        default(
            "output",
            Type::Word(&["append_row", "summary_only"]),
            "append_row",
            "One file with a row for each answer, or what the script itself writes.",
        ),
        optional("file", Type::Name, "That file's name; `predictions.csv` where nothing is said."),
        default("logging", Type::Word(&["warning", "info", "debug"]), "info", "What is logged."),
    ]],
    ..BLOCK
};

static ENV: Block = Block {
    word: "env",
    doc: "Environment variables of the scoring script.",
    free: Some(Type::Name),
    ..BLOCK
};

const SETTINGS: &[Attribute] = &[
    optional(
        "model",
        Type::Any,
        "A declared model: `price` is its latest version, `at(price, \"3\")` that version, `staged(price, \"production\")` the latest of that stage.",
    ),
    optional("runtime", Type::Ref(&[Kind::Runtime]), "What it runs in. An MLflow model brings its own."),
    optional(
        "size",
        Type::Name,
        "The size of an instance, such as `Standard_DS3_v2`; on Kubernetes the instance type.",
    ),
    optional(
        "instances",
        Type::Int(1, 10_000),
        "How many; 1 where nothing is said. Azure advises three for production.",
    ),
    optional("compute", Type::Ref(&[Kind::Compute]), "The cluster that runs it. Batch endpoints."),
    optional(
        "ml_pipeline",
        Type::Ref(&[Kind::MlPipeline]),
        "Runs an ML pipeline instead of a model. Batch endpoints.",
    ),
    optional("mount", Type::Name, "Where the model stands in a container of the project's own."),
    optional("app_insights", Type::Bool, "Logs and traces go to Application Insights. Online endpoints."),
    optional(
        "egress",
        Type::Bool,
        "`false`: instances reach nothing outside of the workspace's private network. Managed online endpoints.",
    ),
];

static DEPLOYMENT: Block = Block {
    word: "deployment",
    head: Head::Name,
    doc: "A model, or an ML pipeline, behind the endpoint. In Azure ML it is called like its identifier, with `-` for `_`.",
    attributes: &[DESCRIBED, SETTINGS],
    blocks: &[
        at_most_one(&CODE),
        at_most_one(&ENV),
        at_most_one(&REQUESTS),
        many(&PROBE),
        at_most_one(&COLLECT),
        at_most_one(&SCALE),
        at_most_one(&RESOURCES),
        at_most_one(&MINI_BATCH),
        at_most_one(&TAGS),
    ],
    ..BLOCK
};

static TRAFFIC: Block = Block {
    word: "traffic",
    doc: "How much of the traffic each deployment gets; together 100 %. Applied by `set_traffic`, never by `deploy`.",
    free: Some(Type::Any),
    ..BLOCK
};

static MIRROR: Block = Block {
    word: "mirror_traffic",
    doc: "How much of the traffic one more deployment gets as a copy, whose answers nobody sees; 50 % at most.",
    free: Some(Type::Any),
    ..BLOCK
};

pub const BLOCKS: [Child; 4] =
    [many(&DEPLOYMENT), at_most_one(&TRAFFIC), at_most_one(&MIRROR), at_most_one(&TAGS)];

pub static ENDPOINT: Block = Block {
    word: "endpoint",
    doc: "An endpoint of Azure ML: an address that answers at once, or one that starts jobs.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            required("type", Type::Word(&["online", "batch"]), "Answers at once, or starts jobs."),
            optional(
                "auth",
                Type::Word(&["key", "aml_token", "aad_token"]),
                "How callers prove who they are; `key` where nothing is said, `aad_token` for batch.",
            ),
            optional(
                "compute",
                Type::Ref(&[Kind::Compute]),
                "Online: the attached Kubernetes cluster; managed by Azure ML where nothing is said.",
            ),
            optional(
                "public",
                Type::Bool,
                "`false`: reached over the workspace's private network only. Managed online endpoints.",
            ),
            optional("identity", Type::Name, "`system`, or the resource id of a user-assigned identity."),
            optional("default", Type::Dotted, "Batch: the deployment that runs where nobody names one."),
        ],
    ],
    blocks: &BLOCKS,
    ..HEADED
};
