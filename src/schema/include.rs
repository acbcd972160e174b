//! Existing templates of Azure Pipelines.

use super::types::{Kind, Type};
use super::{BLOCK, Block, Child, Head, argument, at_most_one, many, optional};

static PARAMETERS: Block = Block {
    word: "parameters",
    doc: "Parameters of the template, by name: values, lists or records. Checked against the file.",
    free: Some(Type::Data),
    ..BLOCK
};

/// In a job or a stage, also with outputs.
pub static INCLUDE: Block = Block {
    word: "include",
    head: Head::Arguments(&[argument("file", Type::Name)]),
    doc: "An existing YAML template of Azure Pipelines: steps in a job, jobs in a stage, stages in a pipeline; directly in a \
          pipeline without stages, the pipeline that is extended.",
    attributes: &[&[
        optional(
            "from",
            Type::Ref(&[Kind::Repository]),
            "The repository that holds the file; checked only if it has a `copy`.",
        ),
        optional(
            "holds",
            Type::Word(&["steps", "jobs", "stages", "pipeline"]),
            "What a file holds that cannot be read; else what fits the place.",
        ),
    ]],
    blocks: &INCLUDE_BLOCKS,
    ..BLOCK
};

static INCLUDE_BLOCKS: [Child; 2] = [at_most_one(&PARAMETERS), many(&super::pipeline::OUTPUT)];
