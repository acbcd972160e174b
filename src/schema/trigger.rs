//! What starts a pipeline besides pushes and other pipelines, what starts a stage, and other pipelines as sources.

use super::pipeline::{AFTER, BRANCHES, ENABLED, MANUAL, PATHS, PATTERNS, PUSH, TAGS};
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, optional, required};

/// Every event, by the word behind `trigger`.
pub static EVENTS: [&Block; 7] = [&MANUAL, &PUSH, &PULL_REQUEST, &SCHEDULE, &AFTER, &IMAGE, &WEBHOOK];

const BRANCHES_OF_RUNS: &[Attribute] = &[optional("branches", PATTERNS, "Branches, as patterns.")];

const BRANCHES_BLOCK: [Child; 1] = [at_most_one(&BRANCHES)];

/// `trigger pull_request { … }`
pub static PULL_REQUEST: Block = Block {
    word: "pull_request",
    doc: "A pull request starts it, and every push to one. In Azure Repos this is a branch policy, which stands outside of the YAML.",
    attributes: &[
        &[
            optional("branches", PATTERNS, "Branches that the pull request would change, as patterns."),
            optional("paths", PATTERNS, "Paths in the repository, as patterns."),
            default("drafts", Type::Bool, "true", "Drafts start it too. In Azure Repos they never do."),
            default(
                "auto_cancel",
                Type::Bool,
                "true",
                "A newer push cancels the run of the older one. A branch policy cannot choose.",
            ),
        ],
        ENABLED,
    ],
    blocks: &[at_most_one(&BRANCHES), at_most_one(&PATHS)],
    ..BLOCK
};

/// `trigger schedule "0 3 * * 1-5" { … }`
pub static SCHEDULE: Block = Block {
    word: "schedule",
    head: Head::Arguments(&[argument("cron", Type::Name)]),
    doc: "The clock starts it: minute, hour, day, month, weekday in UTC, which knows no daylight saving.",
    attributes: &[
        &[
            optional("title", Type::Name, "What people see, and what `run.schedule` is."),
            default(
                "always",
                Type::Bool,
                "false",
                "Runs even if nothing in the repository has changed since the last successful scheduled run.",
            ),
            default(
                "batch",
                Type::Bool,
                "false",
                "Does not run while the scheduled run before it still does.",
            ),
        ],
        BRANCHES_OF_RUNS,
        ENABLED,
    ],
    blocks: &BRANCHES_BLOCK,
    ..BLOCK
};

/// `trigger image REGISTRY "repository" { … }`
pub static IMAGE: Block = Block {
    word: "image",
    head: Head::Arguments(&[
        argument("registry", Type::Ref(&[Kind::ContainerRegistry])),
        argument("repository", Type::Name),
    ]),
    doc: "A new image in a container registry starts it.",
    attributes: &[
        &[
            optional("tags", PATTERNS, "Tags of images, as patterns."),
            optional(
                "connection",
                Type::Ref(&[Kind::Connection]),
                "The Azure connection that watches the registry, if not the pipeline's.",
            ),
        ],
        ENABLED,
    ],
    blocks: &[at_most_one(&TAGS)],
    ..BLOCK
};

static FILTERS: Block = Block {
    word: "filters",
    doc: "What the message must hold: paths in its JSON, each with a text. All must match.",
    free: Some(Type::Name),
    ..BLOCK
};

/// `trigger webhook "name" { … }`
pub static WEBHOOK: Block = Block {
    word: "webhook",
    head: Head::Arguments(&[argument("name", Type::Name)]),
    doc: "A message to an incoming webhook starts it.",
    attributes: &[
        &[required(
            "connection",
            Type::Ref(&[Kind::Connection]),
            "The connection of type `incoming_webhook` that receives it.",
        )],
        ENABLED,
    ],
    blocks: &[at_most_one(&FILTERS)],
    ..BLOCK
};

/// `trigger manual` in a stage.
pub static STAGE_TRIGGER: Block = Block {
    word: "trigger",
    head: Head::Arguments(&[argument("event", Type::Word(&["manual"]))]),
    doc: "`trigger manual`: somebody must start the stage by hand. It waits for nothing and may run at any time.",
    ..BLOCK
};

/// `resource PIPELINE { … }`
pub static RESOURCE: Block = Block {
    word: "resource",
    head: Head::Arguments(&[argument("pipeline", Type::Ref(&[Kind::Pipeline]))]),
    doc: "Another pipeline as a source of artifacts: it does not start this one. `as NAME` where one is needed twice.",
    attributes: &[&[
        optional(
            "version",
            Type::Name,
            "The number of the run that is taken; the latest one where nothing is said.",
        ),
        optional("branch", Type::Name, "The branch of the run that is taken."),
        optional("tags", Type::OneOrMany(&Type::Name), "Tags that the run must have, all of them."),
    ]],
    ..BLOCK
};
