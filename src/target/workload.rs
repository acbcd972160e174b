//! The keys that Kubernetes and Azure Container Instances know where a service is described, as far as no word of the
//! language writes them.

/// Of a pod's specification.
pub const POD: &[&str] = &[
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostUsers",
    "hostname",
    "nodeName",
    "os",
    "overhead",
    "preemptionPolicy",
    "readinessGates",
    "resourceClaims",
    "runtimeClassName",
    "schedulerName",
    "schedulingGates",
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "subdomain",
];

/// Keys of a pod's specification that a word of the language writes.
pub const POD_BY_WORD: &[(&str, &str)] = &[
    ("affinity", "place { affinity { … } }"),
    ("automountServiceAccountToken", "identity { … }"),
    ("containers", "the service itself"),
    ("imagePullSecrets", "pull_secret"),
    ("initContainers", "init"),
    ("nodeSelector", "place { nodes { … } }"),
    ("priorityClassName", "priority"),
    ("securityContext", "security { … }"),
    ("serviceAccountName", "identity { account = … }"),
    ("terminationGracePeriodSeconds", "grace"),
    ("tolerations", "place { toleration … }"),
    ("topologySpreadConstraints", "place { spread … }"),
    ("volumes", "volume"),
];

/// Of the properties of a container group, API version 2023-05-01.
pub const CONTAINER_GROUP: &[&str] = &[
    "confidentialComputeProperties",
    "diagnostics",
    "dnsConfig",
    "encryptionProperties",
    "extensions",
    "ipAddress",
    "priority",
    "restartPolicy",
    "sku",
];

/// Keys of those properties that a word of the language writes.
pub const CONTAINER_GROUP_BY_WORD: &[(&str, &str)] = &[
    ("containers", "the service itself"),
    ("imageRegistryCredentials", "the `container_registry`"),
    ("initContainers", "init"),
    ("subnetIds", "subnet"),
    ("volumes", "volume"),
];
