//! The model API as a container, and what an environment may say differently about it.

use super::declarations::{ENV, HEADED, NAMED};
use super::types::{Kind, Type};
use super::workload::{AFFINITY, CHART, MORE, SPREAD};
use super::{Attribute, BLOCK, Block, Child, Head, argument, at_most_one, default, many, optional, required};

const HOUR: u64 = 3600;

static PROBE: Block = Block {
    word: "probe",
    head: Head::Arguments(&[argument("kind", Type::Word(&["startup", "readiness", "liveness"]))]),
    doc: "How the platform learns whether the container works: HTTP GET on `path`, a `command` in the container, or else a TCP connection.",
    attributes: &[&[
        optional("path", Type::Name, "The path that must answer with a 2xx or 3xx status."),
        optional("scheme", Type::Word(&["http", "https"]), "With `path`: `http` where nothing is said."),
        optional("port", Type::Int(1, 65_535), "The port; the container's where nothing is said."),
        optional("command", Type::List(&Type::Name), "A command in the container that must end with 0."),
        optional("delay", Type::Duration(0, HOUR), "Wait before the first probe."),
        optional("period", Type::Duration(1, HOUR), "Time between probes; 10 s where nothing is said."),
        optional(
            "timeout",
            Type::Duration(1, HOUR),
            "How long an answer may take; 1 s where nothing is said.",
        ),
        optional("failures", Type::Int(1, 1000), "Failures in a row that count; 3 where nothing is said."),
        optional("successes", Type::Int(1, 1000), "Successes in a row that count, of a readiness probe."),
    ]],
    ..BLOCK
};

static RESOURCES: Block = Block {
    word: "resources",
    doc: "Requests and limits of the container: `250m..500m`, or one value for both.",
    attributes: &[&[
        optional("cpu", Type::Range(&Type::Cpu), "CPU."),
        optional("memory", Type::Range(&Type::Memory), "Memory."),
    ]],
    ..BLOCK
};

static SCALE: Block = Block {
    word: "scale",
    doc: "Number of replicas. A range is an autoscaler and needs a target.",
    attributes: &[&[
        required("replicas", Type::Range(&Type::Int(0, 10_000)), "How many: `3`, or `3..100`."),
        optional("cpu", Type::Percent, "Average CPU use, of what is requested, that the autoscaler aims at."),
        optional("memory", Type::Percent, "Average memory use that the autoscaler aims at."),
    ]],
    ..BLOCK
};

pub static ANNOTATIONS: Block =
    Block { word: "annotations", doc: "Annotations.", free: Some(Type::Name), ..BLOCK };

static EXPOSE: Block = Block {
    word: "expose",
    doc: "How the service is reached.",
    attributes: &[&[
        required(
            "type",
            Type::Word(&["cluster_ip", "node_port", "load_balancer", "ingress"]),
            "The kind of access.",
        ),
        optional("port", Type::Int(1, 65_535), "The port outside; the container's where nothing is said."),
        optional("host", Type::OneOrMany(&Type::Name), "Host names of the ingress."),
        optional("path", Type::OneOrMany(&Type::Name), "Paths of the ingress; `/` where nothing is said."),
        default(
            "path_type",
            Type::Word(&["prefix", "exact", "implementation_specific"]),
            "prefix",
            "How a path of the ingress is compared.",
        ),
        optional("class", Type::Name, "Class of the ingress."),
        optional("tls_secret", Type::Name, "Kubernetes secret with the certificate of the ingress."),
        optional(
            "node_port",
            Type::Int(30_000, 32_767),
            "The port of every node; the cluster chooses where nothing is said.",
        ),
        optional("internal", Type::Bool, "The load balancer has an address of the virtual network only."),
        optional("sources", Type::List(&Type::Name), "Addresses that reach the load balancer: `10.0.0.0/8`."),
    ]],
    blocks: &[at_most_one(&ANNOTATIONS)],
    ..BLOCK
};

static ROLLOUT: Block = Block {
    word: "rollout",
    doc: "How new replicas replace old ones.",
    attributes: &[&[
        default(
            "type",
            Type::Word(&["rolling", "recreate"]),
            "rolling",
            "`recreate` stops all old ones first.",
        ),
        optional("surge", Type::CountOrPercent, "How many more replicas than wanted there may be."),
        optional("unavailable", Type::CountOrPercent, "How many may be missing."),
    ]],
    ..BLOCK
};

static DISRUPTION: Block = Block {
    word: "disruption",
    doc: "How many replicas a drain of nodes must leave: one of the two.",
    attributes: &[&[
        optional("min_available", Type::CountOrPercent, "How many stay."),
        optional("max_unavailable", Type::CountOrPercent, "How many may go."),
    ]],
    ..BLOCK
};

static NODES: Block =
    Block { word: "nodes", doc: "Labels a node must have.", free: Some(Type::Name), ..BLOCK };

static TOLERATION: Block = Block {
    word: "toleration",
    head: Head::Arguments(&[argument("key", Type::Name)]),
    doc: "A taint that is tolerated.",
    attributes: &[&[
        optional("value", Type::Name, "The taint's value; any where nothing is said."),
        optional(
            "effect",
            Type::Word(&["NoSchedule", "PreferNoSchedule", "NoExecute"]),
            "The taint's effect; any where nothing is said.",
        ),
    ]],
    ..BLOCK
};

static PLACE: Block = Block {
    word: "place",
    doc: "Which nodes the replicas run on.",
    blocks: &[at_most_one(&NODES), many(&TOLERATION), many(&SPREAD), at_most_one(&AFFINITY)],
    ..BLOCK
};

static VOLUME: Block = Block {
    word: "volume",
    head: Head::Name,
    doc: "A volume in the container: empty, or from a config map, a secret, a claim or an Azure file share.",
    attributes: &[&[
        required("path", Type::Name, "Where it is mounted."),
        optional("read_only", Type::Bool, "The container cannot write to it."),
        optional("sub_path", Type::Name, "The folder or file of the volume that is mounted."),
        optional("size", Type::Memory, "Size limit of an empty volume."),
        optional("in_memory", Type::Bool, "An empty volume in memory."),
        optional("config_map", Type::Name, "The config map it shows."),
        optional("secret", Type::Name, "The Kubernetes secret it shows."),
        optional("claim", Type::Name, "The persistent volume claim it is."),
        optional("share", Type::Name, "The Azure file share it is."),
        optional("account", Type::Name, "The share's storage account."),
        optional("account_key", Type::Value, "The account's key: a secret, `vars.storage_key`."),
    ]],
    ..BLOCK
};

static DNS: Block = Block {
    word: "dns",
    doc: "A record in an Azure private DNS zone that points to the container instance.",
    attributes: &[&[
        required("zone", Type::Name, "The private DNS zone."),
        optional(
            "resource_group",
            Type::Name,
            "The zone's resource group; the target's where nothing is said.",
        ),
        required("record", Type::Name, "The record's name in the zone."),
    ]],
    ..BLOCK
};

/// What a service says and an environment may say again.
pub const SETTINGS: &[Attribute] = &[
    optional("port", Type::Int(1, 65_535), "The port the container listens on."),
    optional("command", Type::List(&Type::Name), "Replaces the image's entry point."),
    optional("args", Type::List(&Type::Name), "Arguments of the command."),
    optional(
        "run_as_root",
        Type::Bool,
        "The container runs as root. To be said where the Dockerfile has no `USER` or the port is below 1024.",
    ),
    optional("gpu", Type::Int(1, 64), "Number of GPUs."),
    optional("pull_secret", Type::Name, "The Kubernetes secret with which images are pulled."),
    optional("subnet", Type::Name, "Container instances: resource id of the subnet."),
    optional(
        "dns_label",
        Type::Name,
        "Container instances: the public name, as in `LABEL.westeurope.azurecontainer.io`. Not in a subnet.",
    ),
    optional("grace", Type::Duration(1, HOUR), "How long a replica has to end; 30 s where nothing is said."),
    optional("priority", Type::Name, "The priority class of the pods."),
    optional(
        "pull",
        Type::Word(&["if_not_present", "always", "never"]),
        "When the image is pulled; `if_not_present` where nothing is said.",
    ),
];

const BASICS: [Child; 10] = [
    many(&PROBE),
    at_most_one(&RESOURCES),
    at_most_one(&ENV),
    at_most_one(&SCALE),
    at_most_one(&EXPOSE),
    at_most_one(&ROLLOUT),
    at_most_one(&DISRUPTION),
    at_most_one(&PLACE),
    many(&VOLUME),
    at_most_one(&DNS),
];

const SETTING_BLOCKS: [Child; 20] = concat(&BASICS, &MORE);

static ARGS: Block = Block { word: "args", doc: "Build arguments.", free: Some(Type::Value), ..BLOCK };

static BUILD: Block = Block {
    word: "build",
    doc: "How the image is built.",
    attributes: &[&[
        optional(
            "repository",
            Type::Ref(&[Kind::Repository]),
            "The repository that holds the files; `self` where nothing is said.",
        ),
        default("context", Type::Name, ".", "The folder that is sent to the build."),
        optional(
            "dockerfile",
            Type::Name,
            "The Dockerfile, from the same root as the context; where nothing is said `Dockerfile` in the context.",
        ),
    ]],
    blocks: &[at_most_one(&ARGS)],
    ..BLOCK
};

static SERVICE_BLOCKS: [Child; 22] = concat(&[at_most_one(&BUILD), at_most_one(&CHART)], &SETTING_BLOCKS);

/// Both lists in one.
const fn concat<const N: usize>(first: &[Child], second: &[Child]) -> [Child; N] {
    let mut all = [first[0]; N];
    let mut at = 1;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

pub static SERVICE: Block = Block {
    word: "service",
    doc: "The model API as a container.",
    attributes: &[
        NAMED,
        &[
            optional(
                "image",
                Type::Name,
                "The image's repository in the registry, without tag: `digitre/engine`. Only a service with a `chart` may leave it out.",
            ),
            optional(
                "registry",
                Type::Ref(&[Kind::ContainerRegistry]),
                "Where the image is pushed to and pulled from.",
            ),
        ],
        SETTINGS,
    ],
    blocks: &SERVICE_BLOCKS,
    ..HEADED
};

/// In an environment: what is different there.
pub static OVERLAY: Block = Block {
    word: "service",
    head: Head::Arguments(&[argument("service", Type::Ref(&[Kind::Service]))]),
    doc: "What this environment says differently about a service.",
    attributes: &[NAMED, SETTINGS],
    blocks: &SETTING_BLOCKS,
    ..BLOCK
};
