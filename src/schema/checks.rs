//! What an environment asks beyond people, branches and hours: a template that pipelines must extend, and services that
//! say whether a stage may start.

use super::types::{Kind, Type};
use super::{Attribute, BLOCK, Block, Head, argument, at_most_one, default, optional};

const MINUTE: u64 = 60;

/// What Azure DevOps lets an approval wait at most, and every check here. Seconds.
pub const LONGEST: u64 = 30 * 24 * 60 * MINUTE;

pub static REQUIRED_TEMPLATE: Block = Block {
    word: "required_template",
    head: Head::Arguments(&[argument("path", Type::Name)]),
    doc: "A pipeline deploys here only if it extends this template.",
    attributes: &[&[
        optional(
            "repository",
            Type::Ref(&[Kind::Repository]),
            "What holds it; `self` where nothing is said.",
        ),
        optional(
            "ref",
            Type::Name,
            "Its branch, or `refs/tags/…`; the repository's branch where nothing is said.",
        ),
    ]],
    ..BLOCK
};

/// As of the step `call`; texts are taken as they are.
const REQUEST: &[Attribute] = &[
    optional("title", Type::Name, "What people see in the run."),
    default(
        "method",
        Type::Word(&["get", "post", "put", "patch", "delete", "head", "options"]),
        "post",
        "The method of the request.",
    ),
    optional("body", Type::Name, "What is sent, a JSON text; it may hold `$(Build.BuildId)` and the like."),
    default(
        "wait",
        Type::Word(&["response", "callback"]),
        "response",
        "What decides: the answer, or what the service says when it calls Azure DevOps back. For a `callback` it is sent the run's token.",
    ),
    optional(
        "success",
        Type::Name,
        "What an answer must be, as an expression of Azure Pipelines: `eq(root['status'], 'ready')`.",
    ),
    optional(
        "every",
        Type::Duration(MINUTE, LONGEST),
        "How long after a refusal it is asked again; once and for all where nothing is said.",
    ),
    default("timeout", Type::Duration(MINUTE, LONGEST), "1d", "How long the stage waits for a good answer."),
    optional(
        "variables",
        Type::Ref(&[Kind::Variables]),
        "A group whose variables `$(name)` in the texts stands for.",
    ),
];

static HEADERS: Block = Block {
    word: "headers",
    doc: "Headers of the request, by name, beside `Content-Type: application/json` and, for a callback, what names the check.",
    free: Some(Type::Name),
    ..BLOCK
};

pub static CALL: Block = Block {
    word: "call",
    head: Head::Arguments(&[argument("connection", Type::Ref(&[Kind::Connection]))]),
    doc: "A service says whether a stage may deploy here: it is sent a request before.",
    attributes: &[REQUEST, &[optional("path", Type::Name, "What stands behind the connection's address.")]],
    blocks: &[at_most_one(&HEADERS)],
    ..BLOCK
};

pub static FUNCTION: Block = Block {
    word: "function",
    head: Head::Arguments(&[argument("url", Type::Name)]),
    doc: "A function of Azure Functions, by its address, says whether a stage may deploy here.",
    attributes: &[
        REQUEST,
        &[
            optional("key", Type::Name, "Its key, from a secret of `variables`: `$(function_key)`."),
            optional("query", Type::Name, "What stands behind `?` in the address."),
        ],
    ],
    blocks: &[at_most_one(&HEADERS)],
    ..BLOCK
};
