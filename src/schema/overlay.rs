//! What an environment may say again about a declaration of Azure ML. What it does not say stays as declared.

use super::declarations::{COMPUTE, DATA, DATASTORE, MODEL, RUNTIME, TAGS};
use super::endpoint::ENDPOINT;
use super::ml::{ENV, ML_PIPELINE, RESOURCES};
use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Child, Head, Need, argument, at_most_one, many, optional};

/// The rows of a declaration without their defaults, which are the declaration's own values here.
pub const fn again<const N: usize>(groups: &'static [&'static [Attribute]]) -> [Attribute; N] {
    let mut rows = [optional("", Type::Any, ""); N];
    let (mut group, mut at) = (0, 0);
    while group < groups.len() {
        let mut row = 0;
        while row < groups[group].len() {
            rows[at] = Attribute { need: Need::Optional, ..groups[group][row] };
            (row, at) = (row + 1, at + 1);
        }
        group += 1;
    }
    rows
}

pub const fn count(groups: &[&[Attribute]]) -> usize {
    let (mut group, mut found) = (0, 0);
    while group < groups.len() {
        found += groups[group].len();
        group += 1;
    }
    found
}

macro_rules! overlay {
    ($name:ident, $base:ident, $kind:expr, $blocks:expr, $doc:literal) => {
        pub static $name: Block = Block {
            word: $kind.word(),
            head: Head::Arguments(&[argument("declaration", Type::Ref(&[$kind]))]),
            doc: $doc,
            attributes: &[&again::<{ count($base.attributes) }>($base.attributes)],
            blocks: $blocks,
            ..BLOCK
        };
    };
}

overlay!(
    COMPUTE_OVERLAY,
    COMPUTE,
    Kind::Compute,
    COMPUTE.blocks,
    "What this environment says differently about a compute cluster."
);
overlay!(
    RUNTIME_OVERLAY,
    RUNTIME,
    Kind::Runtime,
    RUNTIME.blocks,
    "What this environment says differently about a runtime. An image replaces a build, and a build an image."
);
overlay!(
    DATASTORE_OVERLAY,
    DATASTORE,
    Kind::Datastore,
    DATASTORE.blocks,
    "What this environment says differently about a datastore."
);
overlay!(
    DATA_OVERLAY,
    DATA,
    Kind::Data,
    DATA.blocks,
    "What this environment says differently about a data asset."
);
overlay!(
    MODEL_OVERLAY,
    MODEL,
    Kind::Model,
    MODEL.blocks,
    "What this environment says differently about a model."
);
overlay!(
    ML_PIPELINE_OVERLAY,
    ML_PIPELINE,
    Kind::MlPipeline,
    &[at_most_one(&INPUTS), many(&STEP), many(&super::schedule::SCHEDULE_OVERLAY), at_most_one(&TAGS)],
    "What this environment says differently about an ML pipeline: defaults of inputs, where and how its steps run, and when."
);

overlay!(
    ENDPOINT_OVERLAY,
    ENDPOINT,
    Kind::Endpoint,
    ENDPOINT.blocks,
    "What this environment says differently about an endpoint and its deployments, which may have another size, or be more."
);

static INPUTS: Block = Block {
    word: "inputs",
    doc: "Other defaults of the ML pipeline's inputs, by name.",
    free: Some(Type::Any),
    ..BLOCK
};

static STEP: Block = Block {
    word: "step",
    head: Head::Arguments(&[argument("step", Type::Dotted)]),
    doc: "What is different about a step of the ML pipeline.",
    attributes: &[&[
        optional("compute", Type::Ref(&[Kind::Compute]), "Where it runs."),
        optional("runtime", Type::Ref(&[Kind::Runtime]), "What it runs in."),
        optional("timeout", Type::Duration(1, 21 * 24 * 3600), "How long it may run; at most 21 days."),
    ]],
    blocks: &[at_most_one(&ENV), at_most_one(&RESOURCES)],
    ..BLOCK
};

/// In an environment.
pub const OVERLAYS: [Child; 7] = [
    many(&COMPUTE_OVERLAY),
    many(&RUNTIME_OVERLAY),
    many(&DATASTORE_OVERLAY),
    many(&DATA_OVERLAY),
    many(&MODEL_OVERLAY),
    many(&ML_PIPELINE_OVERLAY),
    many(&ENDPOINT_OVERLAY),
];
