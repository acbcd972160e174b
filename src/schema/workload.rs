//! What a container of a service may say besides the basics of `service.rs`, and charts that exist already.

use super::types::Type;
use super::{
    BLOCK, Block, Head, argument, at_most_one, default, many, optional, optional_argument, required,
};

pub static SECRET: Block = Block {
    word: "secret",
    head: Head::Name,
    doc: "An environment variable from a secret that exists already: in the cluster, or in a key vault, from which it is read when the service is deployed.",
    attributes: &[&[
        optional("from", Type::Name, "The Kubernetes secret."),
        optional("key_vault", Type::Name, "The key vault, which the deploying connection may read."),
        required(
            "key",
            Type::Name,
            "The key in the Kubernetes secret, or the name of the key vault's secret.",
        ),
    ]],
    ..BLOCK
};

pub static INIT: Block = Block {
    word: "init",
    head: Head::Name,
    doc: "A container that runs to its end before the service starts, with the same environment variables and volumes.",
    attributes: &[&[
        optional("image", Type::Name, "Its image with tag; the service's own where nothing is said."),
        optional("command", Type::List(&Type::Name), "Replaces the image's entry point."),
        optional("args", Type::List(&Type::Name), "Arguments of the command."),
    ]],
    ..BLOCK
};

pub static METRICS: Block = Block {
    word: "metrics",
    doc: "Where Prometheus scrapes the service: annotations of the pods, or a monitor.",
    attributes: &[&[
        default("path", Type::Name, "/metrics", "The path that answers with metrics."),
        optional("port", Type::Int(1, 65_535), "A port of its own; the container's where nothing is said."),
        optional(
            "monitor",
            Type::Word(&["prometheus", "azure"]),
            "A ServiceMonitor instead of annotations: of the Prometheus operator, or of Azure Monitor.",
        ),
        optional("interval", Type::Duration(1, 3600), "Time between scrapes; with a monitor only."),
    ]],
    ..BLOCK
};

pub static IDENTITY: Block = Block {
    word: "identity",
    doc: "Whom the service is towards Azure.",
    attributes: &[&[
        optional(
            "client_id",
            Type::Name,
            "Kubernetes: the managed identity for workload identity, by client id.",
        ),
        optional(
            "account",
            Type::Name,
            "Kubernetes: a service account that exists; where nothing is said the chart creates one.",
        ),
        optional("resource", Type::Name, "Container instances: the managed identity, by resource id."),
    ]],
    ..BLOCK
};

pub static FILE: Block = Block {
    word: "file",
    head: Head::Arguments(&[argument("file", Type::File)]),
    doc: "A text file of the project that the container sees. A change of it starts new replicas.",
    attributes: &[&[required("path", Type::Name, "Where the container sees it, with the file's name.")]],
    ..BLOCK
};

pub static SECURITY: Block = Block {
    word: "security",
    doc: "What the container may do, where the restricted profile does not fit.",
    attributes: &[&[
        optional("user", Type::Int(0, 2_147_483_647), "User id, instead of the image's."),
        optional("group", Type::Int(0, 2_147_483_647), "Group id, instead of the image's."),
        optional("volume_group", Type::Int(0, 2_147_483_647), "Group id that owns the volumes."),
        optional("writable_root", Type::Bool, "Files can be written outside of volumes."),
        optional(
            "capabilities",
            Type::List(&Type::Name),
            "Linux capabilities that are given: `NET_BIND_SERVICE`.",
        ),
    ]],
    ..BLOCK
};

pub static SPREAD: Block = Block {
    word: "spread",
    head: Head::Arguments(&[argument("over", Type::Word(&["zone", "node"]))]),
    doc: "Replicas are spread evenly over zones or nodes.",
    attributes: &[&[
        default("skew", Type::Int(1, 100), "1", "By how many replicas two of them may differ."),
        default("required", Type::Bool, "false", "A replica that would break this waits."),
    ]],
    ..BLOCK
};

pub static AFFINITY: Block = Block {
    word: "affinity",
    doc: "Affinity of the pods, in the words of Kubernetes.",
    free: Some(Type::Data),
    ..BLOCK
};

pub static LABELS: Block =
    Block { word: "labels", doc: "Labels of the pods.", free: Some(Type::Name), ..BLOCK };

pub static EXTRA: Block = Block {
    word: "extra",
    doc: "What the language has no words for: keys of the pod's specification, or, in an environment with container instances, of the container group's properties.",
    free: Some(Type::Data),
    ..BLOCK
};

/// Of a chart that exists.
pub static VALUES: Block = Block {
    word: "values",
    doc: "Values of the service's `chart`; an environment's are laid over those of the service.",
    free: Some(Type::Data),
    ..BLOCK
};

pub static CHART: Block = Block {
    word: "chart",
    head: Head::Arguments(&[optional_argument("folder", Type::Folder)]),
    doc: "A chart that exists, instead of a generated one: a folder of the project, or one from a repository. Only values are written for it.",
    attributes: &[&[
        optional("repo", Type::Name, "The repository of charts: `https://…`, or a registry `oci://…`."),
        optional("name", Type::Name, "The chart's name there."),
        optional("version", Type::Name, "The chart's version there: `1.2.3`."),
        default(
            "image_repository",
            Type::Name,
            "image.repository",
            "The value that takes the image's registry and repository; `none` if there is none.",
        ),
        default(
            "image_tag",
            Type::Name,
            "image.tag",
            "The value that takes the image's tag; `none` if there is none.",
        ),
    ]],
    ..BLOCK
};

pub const MORE: [super::Child; 10] = [
    many(&SECRET),
    many(&INIT),
    at_most_one(&METRICS),
    at_most_one(&IDENTITY),
    many(&FILE),
    at_most_one(&SECURITY),
    at_most_one(&LABELS),
    at_most_one(&super::service::ANNOTATIONS),
    at_most_one(&EXTRA),
    at_most_one(&VALUES),
];
