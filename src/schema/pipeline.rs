//! Delivery pipelines: triggers, parameters, stages, jobs. The steps' rows stand with their kinds.

use super::declarations::{ENV, HEADED, INHERITED, NAMED};
use super::include::INCLUDE;
use super::job::{CONTAINER, CONTAINER_IMAGE, EXTRA, MATRIX, ON};
use super::trigger::{RESOURCE, STAGE_TRIGGER};
use super::types::{Kind, Type};
use super::{
    Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, many, optional, optional_argument,
};

pub(super) static BRANCHES: Block = filter("branches", "Branches, as patterns.");
pub(super) static PATHS: Block = filter("paths", "Paths in the repository, as patterns.");
pub(super) static TAGS: Block = filter("tags", "Git tags, as patterns.");

const FILTER: &[Attribute] = &[
    optional("include", PATTERNS, "What starts it."),
    optional("exclude", PATTERNS, "What does not, although included."),
];

const fn filter(word: &'static str, doc: &'static str) -> Block {
    Block { word, doc, attributes: &[FILTER], ..BLOCK }
}

pub(super) const PATTERNS: Type = Type::OneOrMany(&Type::Name);

pub(super) const ENABLED: &[Attribute] =
    &[default("enabled", Type::Bool, "true", "`false` keeps it written but off.")];

/// `trigger manual`
pub static MANUAL: Block = Block { word: "manual", doc: "Nothing else starts it.", ..BLOCK };

/// `trigger push { … }`
pub static PUSH: Block = Block {
    word: "push",
    doc: "A push starts it.",
    attributes: &[
        ENABLED,
        &[
            optional(
                "repository",
                Type::Ref(&[Kind::Repository]),
                "The repository; `self` where nothing is said.",
            ),
            optional("branches", PATTERNS, "Branches, as patterns."),
            optional("paths", PATTERNS, "Paths in the repository, as patterns."),
            optional("tags", PATTERNS, "Git tags, as patterns."),
            default("batch", Type::Bool, "false", "One run for all pushes that came while the last one ran."),
        ],
    ],
    blocks: &[at_most_one(&BRANCHES), at_most_one(&PATHS), at_most_one(&TAGS)],
    ..BLOCK
};

/// `trigger after PIPELINE { … }`
pub static AFTER: Block = Block {
    word: "after",
    head: Head::Arguments(&[argument("pipeline", Type::Ref(&[Kind::Pipeline]))]),
    doc: "The success of another pipeline starts it.",
    attributes: &[
        ENABLED,
        &[
            optional("branches", PATTERNS, "Branches of the other pipeline's run, as patterns."),
            optional(
                "stages",
                Type::OneOrMany(&Type::Dotted),
                "Starts when these stages are done, before the whole run is.",
            ),
            optional("tags", Type::OneOrMany(&Type::Name), "Tags that the other run must have, all of them."),
            default(
                "on",
                Type::Word(&["completed", "started", "failed", "canceled"]),
                "completed",
                "Azure DevOps knows `completed` only, and means successfully.",
            ),
        ],
    ],
    blocks: &[at_most_one(&BRANCHES)],
    ..BLOCK
};

pub static TRIGGER: Block = Block {
    word: "trigger",
    head: Head::Arguments(&[
        argument(
            "event",
            Type::Word(&["manual", "push", "pull_request", "schedule", "after", "image", "webhook"]),
        ),
        optional_argument("source", Type::Any),
        optional_argument("repository", Type::Name),
    ]),
    doc: "What starts the pipeline. Anyone may always start any pipeline by hand; `trigger manual` says that nothing else does.",
    ..BLOCK
};

pub static PARAM: Block = Block {
    word: "param",
    head: Head::Typed,
    doc: "A parameter, asked for when a run is started by hand. The value behind `=` is its default; a pipeline that anything else starts needs one.",
    attributes: &[&[
        optional("enum", Type::List(&Type::Value), "The values allowed."),
        optional("title", Type::Name, "What the form shows."),
    ]],
    ..BLOCK
};

const FLOW: &[Attribute] = &[
    optional("needs", Type::OneOrMany(&Type::Dotted), "What must have ended before. `[]` starts at once."),
    optional(
        "when",
        Type::Condition,
        "Whether it runs. `succeeded()` is added unless a status function or a result is read.",
    ),
    optional(
        "environment",
        Type::Ref(&[Kind::Environment]),
        "Deploys to it: its approvals and checks are asked before the stage.",
    ),
    default(
        "enabled",
        Type::Bool,
        "true",
        "`false` keeps it written but off: what waits for it waits for what it waits for.",
    ),
];

pub static JOB: Block = Block {
    word: "job",
    doc: "Steps on one agent. Jobs of a stage run side by side unless `needs` says otherwise.",
    attributes: &[
        FLOW,
        INHERITED,
        &[
            default(
                "continue_on_error",
                Type::Bool,
                "false",
                "A failure makes the run `SucceededWithIssues` instead of ending it.",
            ),
            optional(
                "clean",
                Type::Word(&["outputs", "resources", "all"]),
                "What is removed on a self-hosted agent before the job: build outputs, sources, or both.",
            ),
            CONTAINER_IMAGE,
        ],
    ],
    blocks: &[
        at_most_one(&ENV),
        at_most_one(&CONTAINER),
        at_most_one(&MATRIX),
        many(&ON),
        at_most_one(&EXTRA),
    ],
    ..HEADED
};

pub static STAGE: Block = Block {
    word: "stage",
    doc: "A part of the pipeline. It waits for the stage written before it unless `needs` says otherwise; reading another stage's output adds it. \
          Steps written in it form one job.",
    attributes: &[
        FLOW,
        INHERITED,
        &[
            optional(
                "approval",
                Type::Ref(&[Kind::Approval]),
                "Who must agree before it starts: a stage of its own before it.",
            ),
            optional(
                "context",
                Type::Ref(&[Kind::Environment]),
                "Takes the environment's workspace, connection and variables without deploying to it.",
            ),
            optional(
                "lock",
                Type::Word(&["latest", "sequential"]),
                "One run at a time in this stage: `latest` cancels older waiting ones, `sequential` keeps them.",
            ),
        ],
    ],
    blocks: &[at_most_one(&ENV), many(&JOB), many(&ON), at_most_one(&STAGE_TRIGGER), at_most_one(&EXTRA)],
    ..HEADED
};

pub static PIPELINE: Block = Block {
    word: "pipeline",
    doc: "A pipeline of Azure DevOps. The title in quotes is its name there.",
    attributes: &[
        NAMED,
        &[optional(
            "description",
            Type::Name,
            "Shown in Azure DevOps; the doc comment where nothing is said.",
        )],
        INHERITED,
    ],
    blocks: &[
        at_most_one(&ENV),
        many(&TRIGGER),
        many(&RESOURCE),
        many(&PARAM),
        many(&STAGE),
        many(&INCLUDE),
        at_most_one(&EXTRA),
    ],
    ..HEADED
};

/// What every step may say.
pub const STEP: &[Attribute] = &[
    optional("title", Type::Name, "What people see in the run."),
    optional(
        "when",
        Type::Condition,
        "Whether it runs. `succeeded()` is added unless a status function is written.",
    ),
    optional("timeout", Type::Duration(1, super::declarations::LONGEST), "How long it may take."),
    default("retries", Type::Int(0, 10), "0", "How often it is tried again after a failure."),
    default(
        "continue_on_error",
        Type::Bool,
        "false",
        "A failure makes the run `SucceededWithIssues` instead of ending it.",
    ),
    default("enabled", Type::Bool, "true", "`false` keeps it written but off."),
    optional("connection", Type::Ref(&[Kind::Connection]), "The Azure connection, if not the inherited one."),
];

pub static OUTPUT: Block = Block {
    word: "output",
    head: Head::Typed,
    doc: "A value the script sets for later steps: `echo \"##vso[task.setvariable variable=ready;isOutput=true]true\"`.",
    ..BLOCK
};

/// Blocks of steps whose script is the user's.
pub static STEP_BLOCKS: [Child; 2] = [at_most_one(&ENV), many(&OUTPUT)];

/// Blocks of steps whose script is the compiler's: it alone knows what they set.
pub static COMPILED_STEP_BLOCKS: [Child; 1] = [at_most_one(&ENV)];
