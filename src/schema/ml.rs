//! The graph of ML steps.

use super::declarations::{DESCRIBED, HEADED, NAMED, TAGS};
pub use super::ml_work::RESOURCES;
use super::ml_work::{DISTRIBUTION, LONGEST, PARALLEL, SPARK, SWEEP};
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Head, argument, at_most_one, default, many, optional, required};

/// Types of inputs and outputs.
pub const INPUT_TYPES: &[&str] = &[
    "uri_file",
    "uri_folder",
    "mltable",
    "mlflow_model",
    "custom_model",
    "triton_model",
    "string",
    "integer",
    "int",
    "number",
    "boolean",
    "bool",
];
pub const OUTPUT_TYPES: &[&str] =
    &["uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model", "decision"];

pub static INPUT: Block = Block {
    word: "input",
    head: Head::Typed,
    doc: "An input of the ML pipeline or component: data, or a literal with its bounds. A value behind `=` is the default.",
    attributes: &[&[
        optional("min", Type::Number, "The least number allowed."),
        optional("max", Type::Number, "The greatest number allowed."),
        optional("enum", Type::List(&Type::Value), "The values allowed."),
        default(
            "optional",
            Type::Bool,
            "false",
            "May be left out; the command then holds it inside `$[[ … ]]`.",
        ),
    ]],
    ..BLOCK
};

const MODE: Attribute = optional(
    "mode",
    Type::Word(&["rw_mount", "upload", "direct"]),
    "How the output is written; `rw_mount` where nothing is said.",
);
const PATH: Attribute = optional(
    "path",
    Type::Any,
    "Where it is stored: `path(store, \"a/b\")`. Azure ML chooses where nothing is said.",
);

pub static OUTPUT: Block = Block {
    word: "output",
    head: Head::Typed,
    doc: "An output of the step. A `decision` is a file into which the script writes `promote` or `reject`.",
    attributes: &[&[MODE, PATH]],
    ..BLOCK
};

static PIPELINE_OUTPUT: Block = Block {
    word: "output",
    head: Head::Typed,
    doc: "An output of the whole ML pipeline: that of one of its steps.",
    attributes: &[&[required("from", Type::Dotted, "The output that it is: `STEP.OUTPUT`."), MODE, PATH]],
    ..BLOCK
};

static INPUTS: Block = Block {
    word: "inputs",
    doc: "The step's inputs: `inputs.x` of the pipeline, `step.output`, or a literal.",
    free: Some(Type::Any),
    ..BLOCK
};

pub static ENV: Block =
    Block { word: "env", doc: "Environment variables of the step.", free: Some(Type::Name), ..BLOCK };

/// Whose rights a job has at its data.
const IDENTITY: Attribute = optional(
    "identity",
    Type::Word(&["managed", "user", "token"]),
    "Whose rights it has at its data: those of the compute's managed identity, of the user who submits, or a token of Azure ML.",
);

pub static EXTRA: Block = Block {
    word: "extra",
    doc: "What Azure ML knows and the language has no word for, by Azure ML's own keys; merged into the document.",
    free: Some(Type::Data),
    ..BLOCK
};

static STEP: Block = Block {
    word: "step",
    doc: "A piece of work on a compute: a `command`, also swept; a `component`, another `pipeline`, `parallel` or `spark`.",
    attributes: &[&[
        optional("code", Type::Path, "Folder or file that is sent along; the command starts in it."),
        optional("runtime", Type::Ref(&[Kind::Runtime]), "What the command runs in."),
        optional("command", Type::Command, "The command, with `${{inputs.x}}` and `${{outputs.y}}`."),
        optional("component", Type::Ref(&[Kind::Component]), "The component that the step is."),
        optional("pipeline", Type::Ref(&[Kind::MlPipeline]), "The ML pipeline that the step is."),
        optional("compute", Type::Ref(&[Kind::Compute]), "Where it runs, if not on the pipeline's compute."),
        default("reuse", Type::Bool, "true", "`false`: run anew each time, even if nothing changed."),
        optional(
            "when",
            Type::Dotted,
            "A decision: where it says `reject`, the step does nothing and succeeds.",
        ),
        optional(
            "after",
            Type::OneOrMany(&Type::Dotted),
            "Steps that must have ended before, without data from them.",
        ),
        optional("timeout", Type::Duration(1, LONGEST), "How long it may run; at most 21 days."),
        IDENTITY,
    ]],
    blocks: &[
        at_most_one(&INPUTS),
        many(&OUTPUT),
        at_most_one(&ENV),
        at_most_one(&TAGS),
        at_most_one(&RESOURCES),
        at_most_one(&DISTRIBUTION),
        at_most_one(&SWEEP),
        at_most_one(&PARALLEL),
        at_most_one(&SPARK),
        at_most_one(&EXTRA),
    ],
    ..HEADED
};

static REGISTER: Block = Block {
    word: "register",
    head: Head::Arguments(&[
        argument("model", Type::Ref(&[Kind::Model])),
        argument("`from`", Type::Word(&["from"])),
        argument("output", Type::Dotted),
    ]),
    doc: "Registers an output as a model after the run, on the agent that waited for it.",
    attributes: &[&[optional(
        "when",
        Type::Dotted,
        "A decision: where it says `reject`, nothing is registered.",
    )]],
    ..BLOCK
};

pub static ML_PIPELINE: Block = Block {
    word: "ml_pipeline",
    doc: "A graph of ML steps, run by Azure ML. Order comes from data: a step waits for the outputs it reads.",
    attributes: &[
        NAMED,
        DESCRIBED,
        &[
            optional("compute", Type::Ref(&[Kind::Compute]), "Where steps run that say nothing else."),
            optional("datastore", Type::Ref(&[Kind::Datastore]), "Where outputs go that say nothing else."),
            optional(
                "experiment",
                Type::Name,
                "The experiment that runs appear under; else the pipeline's name.",
            ),
            default("reuse", Type::Bool, "true", "`false`: no step takes an earlier run's result."),
            default(
                "continue_on_step_failure",
                Type::Bool,
                "false",
                "`true`: steps that do not depend on a failed one go on; the run fails all the same.",
            ),
            IDENTITY,
        ],
    ],
    blocks: &[
        many(&INPUT),
        many(&PIPELINE_OUTPUT),
        many(&STEP),
        many(&REGISTER),
        many(&super::schedule::SCHEDULE),
        at_most_one(&TAGS),
        at_most_one(&EXTRA),
    ],
    ..HEADED
};
