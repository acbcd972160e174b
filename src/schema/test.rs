//! Scenarios: what happens, how things go, and what must follow.

use super::declarations::LONGEST;
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, many, optional, required};

const AFTER: &[Attribute] =
    &[default("after", Type::Duration(1, LONGEST), "0s", "How long after the beginning of the test.")];

const EVENT: Type =
    Type::Word(&["push", "pull_request", "schedule", "manual", "image", "completion", "webhook"]);

const PATHS: Attribute = optional(
    "path",
    Type::OneOrMany(&Type::Name),
    "What changes; where nothing is said, filters of paths let everything in.",
);

pub static TEST: Block = Block {
    word: "test",
    head: Head::Arguments(&[argument("title", Type::Name)]),
    doc: "A scenario: `mlopsc test` runs it on a virtual clock and says whether what must follow does.",
    attributes: &[&[
        optional(
            "start",
            Type::Name,
            "When it begins, in UTC: `2026-01-05 09:00`, a Monday, where nothing is said.",
        ),
        default("until", Type::Duration(1, LONGEST), "60d", "How far it looks."),
    ]],
    blocks: &[many(&ON), many(&GIVEN), many(&EXPECT)],
    ..BLOCK
};

static ON: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT)]),
    doc: "Something happens.",
    attributes: &[AFTER],
    variants: &[
        ("push", &PUSH),
        ("pull_request", &PULL_REQUEST),
        ("schedule", &SCHEDULE),
        ("manual", &MANUAL),
        ("image", &IMAGE),
        ("completion", &COMPLETION),
        ("webhook", &WEBHOOK),
    ],
    ..BLOCK
};

static PUSH: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT)]),
    doc: "Somebody pushes a branch or a tag.",
    attributes: &[
        &[
            optional("repository", Type::Ref(&[Kind::Repository]), "Where; `self` where nothing is said."),
            optional("branch", Type::Name, "The branch; the repository's own where nothing is said."),
            optional("tag", Type::Name, "Or the tag."),
            PATHS,
        ],
        AFTER,
    ],
    ..BLOCK
};

static PULL_REQUEST: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT)]),
    doc: "Somebody opens a pull request to `self`, or pushes to one.",
    attributes: &[
        &[
            default("source", Type::Name, "feature", "The branch it comes from."),
            optional(
                "target",
                Type::Name,
                "The branch it would change; that of `self` where nothing is said.",
            ),
            default("draft", Type::Bool, "false", "It is a draft."),
            PATHS,
        ],
        AFTER,
    ],
    ..BLOCK
};

static SCHEDULE: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT)]),
    doc: "The clock strikes.",
    attributes: &[
        &[
            required("at", Type::Name, "The moment, in UTC: `2026-01-05 03:00`."),
            default("changed", Type::Bool, "true", "Code has changed since the last scheduled run."),
        ],
        AFTER,
    ],
    ..BLOCK
};

static MANUAL: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT), argument("pipeline", Type::Ref(&[Kind::Pipeline]))]),
    doc: "Somebody starts a pipeline by hand.",
    attributes: &[
        &[optional("branch", Type::Name, "Its branch; that of `self` where nothing is said.")],
        AFTER,
    ],
    blocks: &[at_most_one(&PARAMS)],
    ..BLOCK
};

static PARAMS: Block =
    Block { word: "params", doc: "Parameters of the pipeline, by name.", free: Some(Type::Any), ..BLOCK };

static IMAGE: Block = Block {
    word: "on",
    head: Head::Arguments(&[
        argument("event", EVENT),
        argument("registry", Type::Ref(&[Kind::ContainerRegistry])),
        argument("repository", Type::Name),
    ]),
    doc: "A new image arrives in a container registry.",
    attributes: &[&[required("tag", Type::Name, "Its tag.")], AFTER],
    ..BLOCK
};

static COMPLETION: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT), argument("pipeline", Type::Ref(&[Kind::Pipeline]))]),
    doc: "A run of a pipeline ends, of which nothing else is looked at.",
    attributes: &[
        &[
            optional("branch", Type::Name, "Its branch; that of `self` where nothing is said."),
            optional("tags", Type::OneOrMany(&Type::Name), "Tags of the run."),
            default("result", RESULT, "succeeded", "How it ended."),
        ],
        AFTER,
    ],
    ..BLOCK
};

static WEBHOOK: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", EVENT), argument("name", Type::Name)]),
    doc: "A message arrives at a webhook.",
    attributes: &[AFTER],
    blocks: &[at_most_one(&FIELDS)],
    ..BLOCK
};

static FIELDS: Block = Block {
    word: "fields",
    doc: "What the message says, by the path in its JSON.",
    free: Some(Type::Any),
    ..BLOCK
};

const RESULT: Type = Type::Word(&["succeeded", "succeeded_with_issues", "failed", "canceled"]);

static GIVEN: Block = Block {
    word: "given",
    head: Head::Arguments(&[argument("what", Type::Dotted)]),
    doc: "How a pipeline, stage, job or step goes: `given train.train.fit { promote = false }`. Free keys are outputs of a step.",
    attributes: &[&[
        optional("result", RESULT, "How it ends; it succeeds where nothing is said."),
        optional(
            "duration",
            Type::Duration(0, LONGEST),
            "How long it takes: a minute, in Azure ML an hour, where nothing is said.",
        ),
        optional(
            "cancel",
            Type::Duration(0, LONGEST),
            "Of a pipeline: somebody cancels its first run so long after it started.",
        ),
    ]],
    variants: &[("approval", &APPROVAL), ("variables", &VARIABLES)],
    free: Some(Type::Any),
    ..BLOCK
};

static APPROVAL: Block = Block {
    word: "given",
    head: Head::Arguments(&[
        argument("`approval`", Type::Any),
        argument("approval", Type::Ref(&[Kind::Approval])),
    ]),
    doc: "What people say when they are asked.",
    attributes: &[&[
        default("answer", Type::Word(&["grant", "reject", "silent"]), "grant", "`silent`: nobody answers."),
        default("after", Type::Duration(0, LONGEST), "1h", "How long they take."),
    ]],
    ..BLOCK
};

static VARIABLES: Block = Block {
    word: "given",
    head: Head::Arguments(&[argument("`variables`", Type::Any)]),
    doc: "Variables of groups, by name in Azure DevOps.",
    free: Some(Type::Any),
    ..BLOCK
};

/// What can be expected.
pub const EXPECTED: &[&str] = &["starts", "runs", "skips", "waits", "fails", "deploys", "never_deploys"];

static EXPECT: Block = Block {
    word: "expect",
    head: Head::Arguments(&[argument("what", Type::Word(EXPECTED)), argument("names", Type::Any)]),
    doc: "What must follow, of each that is named: it `starts`; it `runs` to a good end; it `skips`, which of a pipeline means that it \
          does not start; it `waits` for people, hours, a lock or time; it `fails`; something `deploys` to the environment, or nothing does.",
    attributes: &[&[
        optional("within", Type::Duration(1, LONGEST), "So soon after the beginning of the test."),
        optional("times", Type::Int(1, 500), "So often, of a pipeline or an environment."),
    ]],
    ..BLOCK
};

/// What stands at the top of a file.
pub const CHILD: Child = many(&TEST);
