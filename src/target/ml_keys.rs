//! The keys of Azure ML's documents: those that the compiler writes, with the word of the language for each, and those
//! that it leaves to `extra`. Source: the schemas of azure-ai-ml 1.35.2.

/// What a key's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Flag,
    Record,
    List,
}

impl Shape {
    /// With an article.
    pub fn describe(self) -> &'static str {
        match self {
            Shape::Text => "a text",
            Shape::Flag => "`true` or `false`",
            Shape::Record => "a block or record",
            Shape::List => "a list",
        }
    }
}

/// The keys of one kind of document.
#[derive(Debug)]
pub struct Keys {
    /// With an article.
    pub what: &'static str,
    pub free: &'static [(&'static str, Shape)],
    /// Each with what the language says instead.
    pub written: &'static [(&'static str, &'static str)],
}

impl Keys {
    pub fn free(&self, key: &str) -> Option<Shape> {
        self.free.iter().find(|it| it.0 == key).map(|it| it.1)
    }

    pub fn written(&self, key: &str) -> Option<&'static str> {
        self.written.iter().find(|it| it.0 == key).map(|it| it.1)
    }
}

const COMMENT: (&str, Shape) = ("comment", Shape::Text);
const PROPERTIES: (&str, Shape) = ("properties", Shape::Record);
const SERVICES: (&str, Shape) = ("services", Shape::Record);
const QUEUE: (&str, Shape) = ("queue_settings", Shape::Record);

pub static PIPELINE: Keys = Keys {
    what: "an ML pipeline",
    free: &[PROPERTIES, SERVICES],
    written: &[
        ("$schema", "`ml_pipeline`"),
        ("type", "`ml_pipeline`"),
        ("name", "each run's own name"),
        ("display_name", "the title in quotes"),
        ("description", "`description`"),
        ("experiment_name", "`experiment`"),
        ("tags", "`tags { … }`"),
        ("settings", "`compute`, `datastore`, `reuse` and `continue_on_step_failure`"),
        ("compute", "`compute`"),
        ("inputs", "`input`"),
        ("outputs", "`output`"),
        ("jobs", "`step`"),
        ("component", "`step`"),
        ("identity", "`identity`"),
    ],
};

pub static COMMAND: Keys =
    Keys { what: "a step", free: &[COMMENT, PROPERTIES, SERVICES, QUEUE], written: NODE };

pub static SWEEP: Keys = Keys { what: "a sweep", free: &[COMMENT, PROPERTIES, QUEUE], written: NODE };

pub static PARALLEL: Keys = Keys {
    what: "a parallel step",
    free: &[COMMENT, PROPERTIES, ("partition_keys", Shape::List)],
    written: NODE,
};

pub static OTHER: Keys = Keys { what: "such a step", free: &[COMMENT, PROPERTIES], written: NODE };

const NODE: &[(&str, &str)] = &[
    ("type", "what the step is"),
    ("name", "the step's name"),
    ("display_name", "the title in quotes"),
    ("description", "`///` above the step"),
    ("tags", "`tags { … }`"),
    ("component", "`component` or `pipeline`"),
    ("trial", "`command` or `component`, with `sweep { … }`"),
    ("code", "`code`"),
    ("command", "`command`"),
    ("environment", "`runtime`"),
    ("environment_variables", "`env { … }`"),
    ("compute", "`compute`"),
    ("inputs", "`inputs { … }`"),
    ("outputs", "`output`"),
    ("resources", "`resources { … }`"),
    ("distribution", "`distribution`"),
    ("limits", "`timeout`, or `limits { … }` of a sweep"),
    ("identity", "`identity`"),
    ("is_deterministic", "`reuse`"),
    ("sampling_algorithm", "`sweep { sampling }`"),
    ("search_space", "`sweep { space { … } }`"),
    ("objective", "`sweep { objective { … } }`"),
    ("early_termination", "`sweep { early_stop }`"),
    ("task", "`parallel { … }`"),
    ("input_data", "`parallel { input_data }`"),
    ("mini_batch_size", "`parallel { mini_batch_size }`"),
    ("mini_batch_error_threshold", "`parallel { mini_batch_error_threshold }`"),
    ("error_threshold", "`parallel { error_threshold }`"),
    ("retry_settings", "`parallel { retries, timeout }`"),
    ("max_concurrency_per_instance", "`parallel { max_concurrency_per_instance }`"),
    ("logging_level", "`parallel { logging_level }`"),
    ("entry", "`spark { entry }`"),
    ("args", "`spark { arguments }`"),
    ("conf", "`spark { conf { … } }`"),
    ("py_files", "`spark { py_files }`"),
    ("jars", "`spark { jars }`"),
    ("files", "`spark { files }`"),
    ("archives", "`spark { archives }`"),
];

pub static COMPUTE: Keys = Keys {
    what: "a compute cluster",
    free: &[
        ("location", Shape::Text),
        ("ssh_public_access_enabled", Shape::Flag),
        ("ssh_settings", Shape::Record),
        ("network_settings", Shape::Record),
        ("enable_node_public_ip", Shape::Flag),
    ],
    written: &[
        ("$schema", "`compute`"),
        ("type", "`compute`"),
        ("name", "`name`"),
        ("description", "`description`"),
        ("tags", "`tags { … }`"),
        ("size", "`size`"),
        ("tier", "`tier`"),
        ("min_instances", "`nodes`"),
        ("max_instances", "`nodes`"),
        ("idle_time_before_scale_down", "`idle`"),
        ("identity", "`identity`"),
    ],
};
