//! Every key a chart's values may have, once: `values.schema.json` and the comments in `values.yaml` come from here.

use self::Shape::{Bool, Count, Keys, List, Map, Matching, Object, Port, Quantity, Text, Whole, Word};
use crate::target::workload::POD;

/// A key of a map whose keys are all known.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub doc: &'static str,
    pub shape: Shape,
}

#[derive(Debug)]
pub enum Shape {
    Bool,
    /// A whole number within these bounds, both included.
    Whole(u32, u32),
    Text,
    /// A text that matches.
    Matching(&'static str),
    Word(&'static [&'static str]),
    /// A number of replicas, or a percentage of them.
    Count,
    /// An amount of CPU, memory or devices.
    Quantity,
    List(&'static Shape),
    /// Free keys; the names match the pattern.
    Map(&'static str, &'static Shape),
    /// The name of a port, or its number.
    Port,
    /// These keys, with whatever Kubernetes takes below them.
    Keys(&'static [&'static str]),
    /// These keys and no others.
    Object(&'static [Field]),
}

const fn field(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, doc, shape }
}

const PORT_NUMBER: Shape = Whole(0, 65_535);
const REPLICAS: Shape = Whole(0, 10_000);
const ID: Shape = Whole(0, 2_147_483_647);
const SECONDS: Shape = Whole(0, 86_400);
const ANY_KEY: &str = "^.+$";
const VARIABLE: &str = "^[A-Za-z_][A-Za-z0-9_]*$";
const STRINGS: Shape = Map(ANY_KEY, &Text);
/// DNS-1123: what Kubernetes accepts as the name of an object.
const OBJECT_NAME: Shape = Matching("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$");
const OPTIONAL_NAME: Shape = Matching("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$");
const ABSOLUTE_PATH: Shape = Matching("^/");

/// The rows in the order of `values.yaml`.
pub const VALUES: &[Field] = &[
    field("replicaCount", REPLICAS, "Number of replicas while the autoscaler is off."),
    field(
        "image",
        Object(IMAGE),
        "The image. Its tag or digest is given when the chart is deployed; without either the chart's\n\
         appVersion stands in, an image that does not exist.",
    ),
    field(
        "imagePullSecrets",
        List(&Object(&[field("name", OBJECT_NAME, "Name of the secret.")])),
        "Kubernetes secrets with which the image is pulled.",
    ),
    field("nameOverride", OPTIONAL_NAME, "Replaces the chart's name in the names of the objects."),
    field("fullnameOverride", OPTIONAL_NAME, "Replaces the name of the objects."),
    field("serviceAccount", Object(SERVICE_ACCOUNT), "The account the pods run under."),
    field("podAnnotations", STRINGS, "Annotations of the pods."),
    field("podLabels", STRINGS, "Labels of the pods, besides the chart's own."),
    field("podSecurityContext", Object(POD_SECURITY), "What the pods may do."),
    field("securityContext", Object(SECURITY), "What the container may do."),
    field("command", List(&Text), "Replaces the image's entry point."),
    field("args", List(&Text), "Arguments of the command."),
    field("env", Map(VARIABLE, &Text), "Environment variables, handed over as they are written."),
    field(
        "envFromSecret",
        Map(VARIABLE, &Matching("^[-._a-zA-Z0-9]+$")),
        "Environment variables from the Kubernetes secret RELEASE-env: name of the variable to key in the secret.",
    ),
    field(
        "secretEnv",
        Map(VARIABLE, &Object(SECRET_ENV)),
        "Environment variables from Kubernetes secrets that exist.",
    ),
    field("containerPort", PORT_NUMBER, "The port the container listens on; 0 if it listens nowhere."),
    field("service", Object(SERVICE), "How the pods are reached from other pods, or from outside."),
    field("metrics", Object(METRICS), "Where Prometheus scrapes the pods."),
    field("ingress", Object(INGRESS), "How they are reached by a host name."),
    field("resources", Object(RESOURCES), "What the container is given at least, and at most."),
    field("startupProbe", Object(PROBE), "Says when the container has started."),
    field("readinessProbe", Object(PROBE), "Says when the container may be sent requests."),
    field("livenessProbe", Object(PROBE), "Says when the container must be started anew."),
    field("autoscaling", Object(AUTOSCALING), "Changes the number of replicas with the load."),
    field("strategy", Object(STRATEGY), "How new replicas replace old ones."),
    field(
        "podDisruptionBudget",
        Object(DISRUPTION),
        "How many replicas a drain of nodes must leave: one of minAvailable and maxUnavailable.",
    ),
    field("volumes", List(&Object(VOLUME)), "Volumes of the pods."),
    field("volumeMounts", List(&Object(MOUNT)), "Where the container sees them."),
    field(
        "files",
        Map("^[-._a-zA-Z0-9]+$", &Text),
        "Text files, as the entries of a config map; volumeMounts says where the container sees them.",
    ),
    field(
        "initContainers",
        List(&Object(INIT)),
        "Containers that run to their end before the service starts.",
    ),
    field("nodeSelector", STRINGS, "Labels a node must have."),
    field("tolerations", List(&Object(TOLERATION)), "Taints of nodes that are tolerated."),
    field(
        "affinity",
        Keys(&["nodeAffinity", "podAffinity", "podAntiAffinity"]),
        "Affinity of the pods, in the words of Kubernetes.",
    ),
    field("topologySpreadConstraints", List(&Object(SPREAD)), "How evenly the pods are spread."),
    field("priorityClassName", OPTIONAL_NAME, "The pods' priority class; the cluster's default if empty."),
    field("terminationGracePeriodSeconds", SECONDS, "How long a pod has to end."),
    field("extraPodSpec", Keys(POD), "Further keys of the pod's specification, in the words of Kubernetes."),
];

const IMAGE: &[Field] = &[
    field("repository", Matching("^[a-z0-9][-a-z0-9._/:]*$"), "Registry and repository, without tag."),
    field("tag", Matching("^([A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?$"), "The tag, always as text."),
    field("digest", Matching("^(sha256:[0-9a-f]{64})?$"), "The digest; it wins over the tag."),
    field("pullPolicy", Word(&["Always", "IfNotPresent", "Never"]), "When the image is pulled."),
];

const SERVICE_ACCOUNT: &[Field] = &[
    field("create", Bool, "Whether the chart creates the account."),
    field("automount", Bool, "Whether the pods get its token."),
    field("annotations", STRINGS, "Annotations of the account."),
    field("name", OPTIONAL_NAME, "Its name, if another than the release's."),
];

const POD_SECURITY: &[Field] = &[
    field("runAsNonRoot", Bool, "Refuses to start as root."),
    field("runAsUser", ID, "User id, instead of the image's."),
    field("runAsGroup", ID, "Group id, instead of the image's."),
    field("fsGroup", ID, "Group id that owns the volumes."),
    field(
        "seccompProfile",
        Object(&[field("type", Word(&["RuntimeDefault", "Unconfined"]), "Which one.")]),
        "The filter of system calls.",
    ),
];

const SECURITY: &[Field] = &[
    field("allowPrivilegeEscalation", Bool, "Whether a process may gain more rights than its parent."),
    field("readOnlyRootFilesystem", Bool, "Whether files can be written in volumes only."),
    field(
        "capabilities",
        Object(&[
            field("drop", List(&Text), "Capabilities taken away."),
            field("add", List(&Text), "Capabilities given."),
        ]),
        "Linux capabilities.",
    ),
];

const SERVICE: &[Field] = &[
    field("type", Word(&["ClusterIP", "NodePort", "LoadBalancer"]), "Who reaches it."),
    field("port", PORT_NUMBER, "The port outside the container."),
    field("annotations", STRINGS, "Annotations of the service."),
    field("nodePort", Whole(0, 32_767), "The port of every node; 0 lets the cluster choose."),
    field("loadBalancerSourceRanges", List(&Text), "Addresses that reach a load balancer; all if empty."),
];

const SECRET_ENV: &[Field] = &[
    field("secret", OBJECT_NAME, "Name of the secret."),
    field("key", Matching("^[-._a-zA-Z0-9]+$"), "The key in it."),
];

const METRICS: &[Field] = &[
    field("port", PORT_NUMBER, "A port of its own; 0 if there is none."),
    field("path", ABSOLUTE_PATH, "The path that answers with metrics."),
    field(
        "monitor",
        Word(&["", "azure", "prometheus"]),
        "Who finds the pods by a PodMonitor: Azure Monitor, or the operator of Prometheus.",
    ),
    field("interval", Matching("^([0-9]+s)?$"), "Time between scrapes; the scraper's own if empty."),
];

const INIT: &[Field] = &[
    field("name", OBJECT_NAME, "Its name."),
    field("image", Text, "Its image; the service's own if absent."),
    field("command", List(&Text), "Replaces the image's entry point."),
    field("args", List(&Text), "Arguments of the command."),
];

const SPREAD: &[Field] = &[
    field("topologyKey", Text, "The label of nodes."),
    field("maxSkew", Whole(1, 100), "By how many pods two of its values may differ."),
    field("whenUnsatisfiable", Word(&["DoNotSchedule", "ScheduleAnyway"]), "Whether a pod then waits."),
];

const INGRESS: &[Field] = &[
    field("enabled", Bool, "Whether there is one."),
    field("className", Text, "Its class; the cluster's default if empty."),
    field("annotations", STRINGS, "Annotations of the ingress."),
    field("hosts", List(&Object(INGRESS_HOST)), "The host names."),
    field("tls", List(&Object(INGRESS_TLS)), "Their certificates."),
];

const INGRESS_HOST: &[Field] = &[
    field("host", Text, "The host name."),
    field(
        "paths",
        List(&Object(&[
            field("path", ABSOLUTE_PATH, "The path."),
            field("pathType", Word(&["Exact", "ImplementationSpecific", "Prefix"]), "How it is compared."),
        ])),
        "The paths that lead to the service.",
    ),
];

const INGRESS_TLS: &[Field] = &[
    field("hosts", List(&Text), "Host names of the certificate."),
    field("secretName", OBJECT_NAME, "The Kubernetes secret that holds it."),
];

const RESOURCES: &[Field] = &[
    field("requests", Map(ANY_KEY, &Quantity), "At least."),
    field("limits", Map(ANY_KEY, &Quantity), "At most."),
];

const PROBE: &[Field] = &[
    field(
        "httpGet",
        Object(&[
            field("path", ABSOLUTE_PATH, "The path that must answer with a 2xx or 3xx status."),
            field("port", Port, "The port."),
            field("scheme", Word(&["HTTP", "HTTPS"]), "HTTP or HTTPS."),
        ]),
        "Asks by HTTP.",
    ),
    field("tcpSocket", Object(&[field("port", Port, "The port.")]), "Opens a connection."),
    field(
        "exec",
        Object(&[field("command", List(&Text), "The command.")]),
        "Runs a command in the container, which must end with 0.",
    ),
    field("initialDelaySeconds", SECONDS, "Wait before the first probe."),
    field("periodSeconds", SECONDS, "Time between probes."),
    field("timeoutSeconds", SECONDS, "How long an answer may take."),
    field("failureThreshold", Whole(1, 1000), "Failures in a row that count."),
    field("successThreshold", Whole(1, 1000), "Successes in a row that count."),
];

const AUTOSCALING: &[Field] = &[
    field("enabled", Bool, "Whether there is an autoscaler."),
    field("minReplicas", Whole(1, 10_000), "At least so many replicas."),
    field("maxReplicas", Whole(1, 10_000), "At most so many replicas."),
    field(
        "targetCPUUtilizationPercentage",
        Whole(1, 1000),
        "Average CPU use, of what is requested, it aims at.",
    ),
    field("targetMemoryUtilizationPercentage", Whole(1, 1000), "Average memory use it aims at."),
];

const STRATEGY: &[Field] = &[
    field(
        "type",
        Word(&["Recreate", "RollingUpdate"]),
        "Whether old replicas go as new ones come, or before.",
    ),
    field(
        "rollingUpdate",
        Object(&[
            field("maxSurge", Count, "How many more replicas than wanted there may be."),
            field("maxUnavailable", Count, "How many may be missing."),
        ]),
        "How fast.",
    ),
];

const DISRUPTION: &[Field] =
    &[field("minAvailable", Count, "How many stay."), field("maxUnavailable", Count, "How many may go.")];

const VOLUME: &[Field] = &[
    field("name", OBJECT_NAME, "Its name."),
    field(
        "emptyDir",
        Object(&[
            field("sizeLimit", Quantity, "How large it may become."),
            field("medium", Word(&["Memory"]), "Memory instead of the node's disk."),
        ]),
        "An empty folder.",
    ),
    field("configMap", Object(&[field("name", OBJECT_NAME, "Its name.")]), "The entries of a config map."),
    field("secret", Object(&[field("secretName", OBJECT_NAME, "Its name.")]), "The entries of a secret."),
    field(
        "persistentVolumeClaim",
        Object(&[field("claimName", OBJECT_NAME, "Its name.")]),
        "A persistent volume claim.",
    ),
    field(
        "azureShare",
        Object(&[
            field("name", Text, "Name of the share."),
            field("readOnly", Bool, "Whether it can only be read."),
        ]),
        "An Azure file share; the Kubernetes secret RELEASE-VOLUME holds its account and key.",
    ),
    field("files", Bool, "The config map of `files`."),
];

const MOUNT: &[Field] = &[
    field("name", OBJECT_NAME, "Name of the volume."),
    field("mountPath", ABSOLUTE_PATH, "The folder or file in the container."),
    field("subPath", Text, "The folder or file of the volume, if not all of it."),
    field("readOnly", Bool, "Whether it can only be read."),
];

const TOLERATION: &[Field] = &[
    field("key", Text, "Key of the taint."),
    field("operator", Word(&["Equal", "Exists"]), "Whether its value counts."),
    field("value", Text, "Value of the taint."),
    field(
        "effect",
        Word(&["NoExecute", "NoSchedule", "PreferNoSchedule"]),
        "Effect of the taint; any if absent.",
    ),
];
