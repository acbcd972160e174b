//! Components: reusable ML steps, and the registries that share them.

use super::declarations::{DESCRIBED, EXISTING, HEADED, NAMED, TAGS};
use super::ml::{INPUT, OUTPUT};
use super::ml_work::{DISTRIBUTION, RESOURCES};
use super::types::{Kind, Type};
use super::{Block, at_most_one, default, many, optional};

pub static ML_REGISTRY: Block = Block {
    word: "ml_registry",
    doc: "An Azure ML registry: components and environments that several workspaces share. Others own it.",
    attributes: &[NAMED],
    ..HEADED
};

pub static COMPONENT: Block = Block {
    word: "component",
    doc: "A reusable ML step: written here, read from a component file, or taken from a registry or the workspace.",
    attributes: &[
        NAMED,
        EXISTING,
        DESCRIBED,
        &[
            optional(
                "file",
                Type::File,
                "A component file of Azure ML (YAML), which says its inputs and outputs itself.",
            ),
            optional(
                "registry",
                Type::Ref(&[Kind::MlRegistry]),
                "The registry it is taken from. Its inputs and outputs are declared here, as far as steps use them.",
            ),
            optional(
                "version",
                Type::Name,
                "Of one written here: registers it under this version. Of others: the version that is taken.",
            ),
            default(
                "type",
                Type::Word(&["command", "parallel", "spark", "pipeline"]),
                "command",
                "What it is, where it comes from a registry or the workspace.",
            ),
            optional("code", Type::Path, "Folder or file that is sent along; the command starts in it."),
            optional("runtime", Type::Ref(&[Kind::Runtime]), "What the command runs in."),
            optional("command", Type::Command, "The command, with `${{inputs.x}}` and `${{outputs.y}}`."),
            default("reuse", Type::Bool, "true", "`false`: run anew each time, even if nothing changed."),
        ],
    ],
    blocks: &[
        many(&INPUT),
        many(&OUTPUT),
        at_most_one(&RESOURCES),
        at_most_one(&DISTRIBUTION),
        at_most_one(&TAGS),
    ],
    ..HEADED
};
