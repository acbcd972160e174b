//! What Azure allows in the names of its resources. Source: "Naming rules and restrictions for Azure resources", the
//! limits of Azure ML, and the command line's own checks.

/// A rule for one kind of name.
#[derive(Debug)]
pub struct Limit {
    /// With an article.
    pub what: &'static str,
    /// Fewest and most characters.
    pub length: (usize, usize),
    pub allowed: fn(&str) -> bool,
    /// The rule in words, for messages.
    pub words: &'static str,
}

impl Limit {
    pub fn fits(&self, name: &str) -> bool {
        let length = name.chars().count();
        (self.length.0..=self.length.1).contains(&length) && (self.allowed)(name)
    }
}

fn ascii(name: &str, also: &str) -> bool {
    name.chars().all(|it| it.is_ascii_alphanumeric() || also.contains(it))
}

fn edges_alphanumeric(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphanumeric())
        && name.ends_with(|it: char| it.is_ascii_alphanumeric())
}

fn no_control(name: &str) -> bool {
    !name.contains(char::is_control)
}

fn dns_label(name: &str) -> bool {
    edges_alphanumeric(name)
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
}

pub static CONTAINER_GROUP: Limit = Limit {
    what: "a container group",
    length: (1, 63),
    allowed: |it| dns_label(it) && !it.contains("--"),
    words: "1 to 63 lower-case letters, digits and single `-`, not at the ends",
};

pub static CONTAINER_REGISTRY: Limit = Limit {
    what: "a container registry",
    length: (5, 50),
    allowed: |it| ascii(it, ""),
    words: "5 to 50 letters and digits",
};

pub static PIPELINE: Limit = Limit {
    what: "a pipeline of Azure DevOps",
    length: (1, 260),
    allowed: |it| no_control(it) && !it.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|']),
    words: "1 to 260 characters, none of `\\ / : * ? \" < > |`",
};

/// Its parts are joined by `\`. The characters are those that the Terraform provider refuses too.
pub static PIPELINE_FOLDER: Limit = Limit {
    what: "a folder of pipelines",
    length: (1, 260),
    allowed: |it| {
        no_control(it)
            && !it.contains(['<', '>', '|', ':', '$', '@', '"', '/', '%', '+', '*', '?'])
            && it.split('\\').all(|it| !it.trim().is_empty())
    },
    words: "1 to 260 characters, parts joined by `/`, none of `< > | : $ @ \" % + * ?`",
};

pub static KUBERNETES_CLUSTER: Limit = Limit {
    what: "a Kubernetes cluster",
    length: (1, 63),
    allowed: |it| edges_alphanumeric(it) && ascii(it, "-_"),
    words: "1 to 63 letters, digits, `-` and `_`, not `-` or `_` at the ends",
};

pub static NAMESPACE: Limit = Limit {
    what: "a Kubernetes namespace",
    length: (1, 63),
    allowed: dns_label,
    words: "1 to 63 lower-case letters, digits and `-`, not at the ends",
};

pub static HELM_RELEASE: Limit = Limit {
    what: "a Helm release",
    length: (1, 53),
    allowed: dns_label,
    words: "1 to 53 lower-case letters, digits and `-`, not at the ends",
};

pub static RESOURCE_GROUP: Limit = Limit {
    what: "a resource group",
    length: (1, 90),
    allowed: |it| ascii(it, "-_.()") && !it.ends_with('.'),
    words: "1 to 90 letters, digits, `-`, `_`, `.` and parentheses, not `.` at the end",
};

pub static ML_WORKSPACE: Limit = Limit {
    what: "an Azure ML workspace",
    length: (3, 33),
    allowed: |it| it.starts_with(|it: char| it.is_ascii_alphanumeric()) && ascii(it, "-_"),
    words: "3 to 33 letters, digits, `-` and `_`, a letter or digit first",
};

pub static ML_REGISTRY: Limit = Limit {
    what: "an Azure ML registry",
    length: (2, 32),
    allowed: |it| it.starts_with(|it: char| it.is_ascii_alphanumeric()) && ascii(it, "-_"),
    words: "2 to 32 letters, digits, `-` and `_`, a letter or digit first",
};

pub static ML_COMPONENT: Limit = Limit {
    what: "an Azure ML component",
    length: (1, 255),
    allowed: |it| {
        it.starts_with(|it: char| it.is_ascii_lowercase())
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
    },
    words: "1 to 255 lower-case letters, digits and `_`, a letter first",
};

pub static ML_COMPUTE: Limit = Limit {
    what: "an Azure ML compute",
    length: (3, 24),
    allowed: |it| it.starts_with(|it: char| it.is_ascii_alphabetic()) && ascii(it, "-") && !it.ends_with('-'),
    words: "3 to 24 letters, digits and `-`, a letter first, not `-` at the end",
};

pub static ML_ASSET: Limit = Limit {
    what: "an Azure ML asset",
    length: (1, 255),
    allowed: |it| ascii(it, "-_.") && !it.starts_with(['-', '_', '.']) && !it.ends_with('.'),
    words: "1 to 255 letters, digits, `-`, `_` and `.`, not `-`, `_` or `.` first, not `.` at the end",
};

pub static ML_DATASTORE: Limit = Limit {
    what: "an Azure ML datastore",
    length: (1, 255),
    allowed: |it| it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_'),
    words: "1 to 255 lower-case letters, digits and `_`",
};

pub static ML_ENDPOINT: Limit = ENDPOINT;

const ENDPOINT: Limit = Limit {
    what: "an Azure ML endpoint",
    length: (3, 32),
    allowed: |it| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && ascii(it, "-")
            && !it.contains("--")
            && !it.ends_with('-')
    },
    words: "3 to 32 letters, digits and single `-`, a letter first",
};

pub static ML_DEPLOYMENT: Limit = Limit { what: "a deployment of an Azure ML endpoint", ..ENDPOINT };

pub static STORAGE_ACCOUNT: Limit = Limit {
    what: "a storage account",
    length: (3, 24),
    allowed: |it| it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()),
    words: "3 to 24 lower-case letters and digits",
};

pub static KUBERNETES_NAME: Limit = Limit {
    what: "an object of Kubernetes",
    length: (1, 253),
    allowed: |it| it.split('.').all(dns_label),
    words: "1 to 253 lower-case letters, digits, `-` and `.`, a letter or digit at the ends of each part",
};

pub static KUBERNETES_VOLUME: Limit = Limit {
    what: "a volume of Kubernetes",
    length: (1, 63),
    allowed: dns_label,
    words: "1 to 63 lower-case letters, digits and `-`, not at the ends",
};

pub static LABEL_KEY: Limit = Limit {
    what: "a label or an annotation of Kubernetes",
    length: (1, 317),
    allowed: |it| {
        let (prefix, name) = it.split_once('/').map_or((None, it), |(prefix, name)| (Some(prefix), name));
        prefix.is_none_or(|it| KUBERNETES_NAME.fits(it)) && !name.is_empty() && label(name)
    },
    words: "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends; before it a domain and `/`, if wanted",
};

pub static LABEL_VALUE: Limit = Limit {
    what: "the value of a label of Kubernetes",
    length: (0, 63),
    allowed: label,
    words: "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
};

fn label(text: &str) -> bool {
    text.is_empty() || (text.len() <= 63 && edges_alphanumeric(text) && ascii(text, "-_."))
}

pub static KEY_VAULT: Limit = Limit {
    what: "a key vault",
    length: (3, 24),
    allowed: |it| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && ascii(it, "-")
            && !it.contains("--")
            && !it.ends_with('-')
    },
    words: "3 to 24 letters, digits and single `-`, a letter first, not `-` at the end",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_at_their_edges() {
        let cases: &[(&Limit, &str, bool)] = &[
            (&CONTAINER_GROUP, "engine-dev", true),
            (&CONTAINER_GROUP, "engine--dev", false),
            (&CONTAINER_GROUP, "Engine", false),
            (&CONTAINER_REGISTRY, "acr1", false),
            (&CONTAINER_REGISTRY, "acrdigitre", true),
            (&ML_COMPUTE, "train_cpu", false),
            (&ML_COMPUTE, "train-cpu", true),
            (&ML_COMPUTE, "ab", false),
            (&ML_COMPUTE, "abcdefghijklmnopqrstuvwxy", false),
            (&ML_WORKSPACE, "mlw-digitre", true),
            (&STORAGE_ACCOUNT, "st-1", false),
            (&HELM_RELEASE, "a.b", false),
            (&RESOURCE_GROUP, "rg.", false),
            (&ML_ENDPOINT, "my--ep", false),
            (&ML_DATASTORE, "drimki_data", true),
            (&KUBERNETES_NAME, "api.keys-1", true),
            (&KUBERNETES_NAME, "api_keys", false),
            (&KUBERNETES_NAME, "a..b", false),
            (&LABEL_KEY, "kubernetes.io/os", true),
            (&LABEL_KEY, "a/b/c", false),
            (&LABEL_KEY, "x/", false),
            (&LABEL_VALUE, "", true),
            (&LABEL_VALUE, "Team_1.x", true),
            (&LABEL_VALUE, "ml team", false),
            (&PIPELINE, "[CD]-Release & more", true),
            (&PIPELINE, "Build: all", false),
            (&PIPELINE_FOLDER, "ml\\digitre", true),
            (&PIPELINE_FOLDER, "ml\\\\digitre", false),
            (&PIPELINE_FOLDER, "a:b", false),
            (&KEY_VAULT, "kv-digitre", true),
            (&KEY_VAULT, "kv--digitre", false),
        ];
        for (limit, name, fits) in cases {
            assert_eq!(limit.fits(name), *fits, "{} {name}", limit.what);
        }
    }
}
