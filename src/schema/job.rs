//! What only jobs and pools have: containers, and copies of a job with other values.

use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Head, argument, at_most_one, many, optional, required};

/// `container = "image"`, the short form.
pub const CONTAINER_IMAGE: Attribute = optional(
    "container",
    Type::Name,
    "The image of the container that steps run in; a block `container { … }` says more about it.",
);

static CONTAINER_ENV: Block =
    Block { word: "env", doc: "Environment variables of the container.", free: Some(Type::Name), ..BLOCK };

pub static CONTAINER: Block = Block {
    word: "container",
    doc: "The container that steps run in, on the agent of the pool. It needs Docker there.",
    attributes: &[&[
        required("image", Type::Name, "The image, with a tag or digest."),
        optional(
            "registry",
            Type::Ref(&[Kind::ContainerRegistry]),
            "The registry that holds the image: its address is put before the image, and its connection is taken.",
        ),
        optional(
            "connection",
            Type::Ref(&[Kind::Connection]),
            "The connection of type `docker_registry` with which the image is pulled.",
        ),
        optional("options", Type::Name, "Options of `docker create`, such as `--gpus all`."),
        optional("ports", Type::OneOrMany(&Type::Name), "Ports that are opened: `8080` or `8080:80`."),
        optional("volumes", Type::OneOrMany(&Type::Name), "Volumes: `/data:/data`."),
    ]],
    blocks: &[at_most_one(&CONTAINER_ENV)],
    ..BLOCK
};

/// `on failure { … }`: steps, in the body of a stage, a job or a step.
pub static ON: Block = Block {
    word: "on",
    head: Head::Arguments(&[argument("event", Type::Word(&["failure", "cancel"]))]),
    doc: "Steps for when it goes wrong. Of a step they stand behind it; of a job or a stage they are a job of their own, \
          which waits for it. A rejected approval is no failure.",
    ..BLOCK
};

/// `extra { … }`
pub static EXTRA: Block = Block {
    word: "extra",
    doc: "Keys of Azure Pipelines that the language does not model, as they are written there.",
    free: Some(Type::Data),
    ..BLOCK
};

static EXCLUDE: Block = Block {
    word: "exclude",
    doc: "A combination that is left out: every copy with these values.",
    attributes: &[&[optional("pool", Type::Ref(&[Kind::Pool]), "The pool of the copies that are left out.")]],
    free: Some(Type::Value),
    ..BLOCK
};

static LEG: Block = Block {
    word: "leg",
    head: Head::Arguments(&[argument("name", Type::Dotted)]),
    doc: "One more copy, with a name and values of its own.",
    attributes: &[&[optional("pool", Type::Ref(&[Kind::Pool]), "The hosted pool it runs on.")]],
    free: Some(Type::Value),
    ..BLOCK
};

pub static MATRIX: Block = Block {
    word: "matrix",
    doc: "Copies of the job, one for each combination of these lists: `python = [\"3.11\", \"3.12\"]`. \
          Steps read the values as `matrix.python`, scripts also as `$MATRIX_PYTHON`.",
    attributes: &[&[
        optional("pool", Type::List(&Type::Ref(&[Kind::Pool])), "Hosted pools, as one more list."),
        optional("max_parallel", Type::Int(1, 256), "How many run at the same time."),
    ]],
    blocks: &[many(&EXCLUDE), many(&LEG)],
    free: Some(Type::List(&Type::Value)),
    ..BLOCK
};
