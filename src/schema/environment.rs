//! Where services are deployed, and who must agree.

use super::checks::{CALL, FUNCTION, LONGEST, REQUIRED_TEMPLATE};
use super::declarations::{ENV, HEADED, NAMED};
use super::overlay::OVERLAYS;
use super::service::OVERLAY;
use super::types::{Kind, Type};
use super::{BLOCK, Block, Head, argument, at_most_one, default, many, optional, required};

const MINUTE: u64 = 60;

static TARGET: Block = Block {
    word: "target",
    head: Head::Arguments(&[argument("kind", Type::Word(&["aci", "aks"]))]),
    doc: "What services are deployed to: Azure Container Instances, or a cluster of Azure Kubernetes Service.",
    attributes: &[&[
        required("resource_group", Type::Name, "The resource group."),
        optional("region", Type::Name, "The region of what is created, if not the resource group's."),
        optional("cluster", Type::Name, "Kubernetes: the cluster."),
        optional("namespace", Type::Name, "Kubernetes: the namespace."),
        default(
            "create",
            Type::Bool,
            "false",
            "Kubernetes: `ensure ENVIRONMENT` creates the cluster if it is missing.",
        ),
        default(
            "node_size",
            Type::Name,
            "Standard_DS2_v2",
            "Kubernetes: the size of a created cluster's nodes.",
        ),
        default(
            "nodes",
            Type::Range(&Type::Int(1, 1000)),
            "3",
            "Kubernetes: how many nodes it is created with, or a range to scale in.",
        ),
    ]],
    ..BLOCK
};

static HOURS: Block = Block {
    word: "hours",
    doc: "When deployments may start.",
    attributes: &[&[
        required(
            "days",
            Type::List(&Type::Word(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
            "Days of the week.",
        ),
        required("from", Type::Name, "First minute: `09:00`."),
        required("to", Type::Name, "Last minute: `16:00`."),
        required("zone", Type::Name, "A Windows time zone: `W. Europe Standard Time`."),
        default(
            "timeout",
            Type::Duration(MINUTE, LONGEST),
            "7d",
            "How long a stage waits for them; it fails then.",
        ),
    ]],
    ..BLOCK
};

pub static ENVIRONMENT: Block = Block {
    word: "environment",
    doc: "An environment of Azure DevOps: dev, qa, prod. What guards it stands here, and what is different in it.",
    attributes: &[
        NAMED,
        &[
            optional(
                "approval",
                Type::Ref(&[Kind::Approval]),
                "Who must agree before a stage deploys to it.",
            ),
            default("protected", Type::Bool, "false", "Reaching it without an approval is an error."),
            optional(
                "description",
                Type::Name,
                "Shown in Azure DevOps; the doc comment where nothing is said.",
            ),
            optional(
                "lock",
                Type::Word(&["latest", "sequential"]),
                "One deployment at a time: `latest` cancels older waiting ones, `sequential` keeps them.",
            ),
            optional(
                "branches",
                Type::List(&Type::Name),
                "Branches that may deploy to it; `release/*` is all below. Tags are written whole: `refs/tags/v*`.",
            ),
            default(
                "protected_branches",
                Type::Bool,
                "false",
                "Only branches that have branch policies may deploy to it.",
            ),
            optional("pool", Type::Ref(&[Kind::Pool]), "Where jobs that deploy to it run."),
            optional("timeout", Type::Timeout, "How long a job that deploys to it may run."),
            optional(
                "variables",
                Type::OneOrMany(&Type::Ref(&[Kind::Variables])),
                "Variables of stages that deploy to it.",
            ),
            optional(
                "connection",
                Type::Ref(&[Kind::Connection]),
                "The Azure connection of stages that deploy to it.",
            ),
            optional(
                "workspace",
                Type::Ref(&[Kind::Workspace]),
                "The Azure ML workspace of stages that deploy to it.",
            ),
        ],
    ],
    blocks: &[
        at_most_one(&TARGET),
        at_most_one(&HOURS),
        many(&REQUIRED_TEMPLATE),
        many(&CALL),
        many(&FUNCTION),
        at_most_one(&ENV),
        many(&OVERLAY),
        OVERLAYS[0],
        OVERLAYS[1],
        OVERLAYS[2],
        OVERLAYS[3],
        OVERLAYS[4],
        OVERLAYS[5],
        OVERLAYS[6],
    ],
    ..HEADED
};

pub static APPROVAL: Block = Block {
    word: "approval",
    doc: "People who must agree. On an environment it is a check; on a stage, a stage of its own before it; as a step, a job.",
    attributes: &[
        NAMED,
        &[
            required(
                "approvers",
                Type::OneOrMany(&Type::Name),
                "E-mail addresses or groups such as `[Contoso]\\\\ML leads`.",
            ),
            optional(
                "minimum",
                Type::Int(1, 100),
                "How many must agree; all of them where nothing is said. On environments only.",
            ),
            default(
                "order",
                Type::Word(&["any", "sequence"]),
                "any",
                "Whether they are asked at once, or one after the other. On environments only.",
            ),
            default(
                "timeout",
                Type::Duration(MINUTE, LONGEST),
                "30d",
                "How long they have; at most 30 days.",
            ),
            default("self_approve", Type::Bool, "false", "Whoever started the run may approve it."),
            optional("instructions", Type::Text, "What the approvers read."),
            default(
                "on_timeout",
                Type::Word(&["reject", "resume"]),
                "reject",
                "What silence means. `resume` not on environments.",
            ),
            optional("notify", Type::OneOrMany(&Type::Name), "Who else is told that an approval waits."),
        ],
    ],
    ..HEADED
};
