//! The types an attribute may have, and how each is named in messages and in the reference.

/// What an attribute or argument accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    /// A whole number within these bounds.
    Int(i64, i64),
    Number,
    /// A string without splices: a name outside.
    Name,
    /// A string that may hold `${expr}` of any phase.
    Text,
    /// A script, verbatim.
    Script,
    /// An ML command: `${{inputs.x}}` and the like, checked with its step.
    Command,
    /// A path in the project that must exist.
    File,
    Folder,
    /// A file or a folder.
    Path,
    /// Seconds within these bounds: `90s 20m 24h 7d`.
    Duration(u64, u64),
    /// A duration of a job, or `max`.
    Timeout,
    /// `2`, `500m`
    Cpu,
    /// `512Mi`, `2Gi`
    Memory,
    /// `70%`
    Percent,
    /// `1` or `25%`
    CountOrPercent,
    /// `a..b`, both included, or one value for both.
    Range(&'static Type),
    /// One of these words, without quotes.
    Word(&'static [&'static str]),
    /// The name of a declaration of one of these kinds.
    Ref(&'static [Kind]),
    List(&'static Type),
    /// One value or a list.
    OneOrMany(&'static Type),
    /// A typed condition.
    Condition,
    /// A value of any phase: string, number, boolean.
    Value,
    /// A dotted path that its block resolves (`step.output`, `inputs.x`).
    Dotted,
    /// A constant for the target: text, number, boolean, list or record, nested as deep as needed. As the type of
    /// free keys it also lets blocks with free words in, which are records.
    Data,
    /// Anything: its block decides.
    Any,
}

/// The kinds of declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Connection,
    Repository,
    Pool,
    Variables,
    ContainerRegistry,
    Workspace,
    Compute,
    Runtime,
    Datastore,
    Data,
    Model,
    MlRegistry,
    Component,
    MlPipeline,
    Schedule,
    Service,
    Environment,
    Approval,
    Pipeline,
    Endpoint,
}

impl Kind {
    pub const ALL: [Kind; 20] = [
        Kind::Connection,
        Kind::Repository,
        Kind::Pool,
        Kind::Variables,
        Kind::ContainerRegistry,
        Kind::Workspace,
        Kind::Compute,
        Kind::Runtime,
        Kind::Datastore,
        Kind::Data,
        Kind::Model,
        Kind::MlRegistry,
        Kind::Component,
        Kind::MlPipeline,
        Kind::Schedule,
        Kind::Service,
        Kind::Environment,
        Kind::Approval,
        Kind::Pipeline,
        Kind::Endpoint,
    ];

    /// The word that declares it.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Connection => "connection",
            Kind::Repository => "repository",
            Kind::Pool => "pool",
            Kind::Variables => "variables",
            Kind::ContainerRegistry => "container_registry",
            Kind::Workspace => "workspace",
            Kind::Compute => "compute",
            Kind::Runtime => "runtime",
            Kind::Datastore => "datastore",
            Kind::Data => "data",
            Kind::Model => "model",
            Kind::MlRegistry => "ml_registry",
            Kind::Component => "component",
            Kind::MlPipeline => "ml_pipeline",
            Kind::Schedule => "schedule",
            Kind::Service => "service",
            Kind::Environment => "environment",
            Kind::Approval => "approval",
            Kind::Pipeline => "pipeline",
            Kind::Endpoint => "endpoint",
        }
    }

    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl Type {
    /// With an article, for "expected …".
    pub fn describe(self) -> String {
        match self {
            Type::Bool => "`true` or `false`".into(),
            Type::Int(i64::MIN, i64::MAX) => "a whole number".into(),
            Type::Int(low, i64::MAX) => format!("a whole number from {low}"),
            Type::Int(low, high) => format!("a whole number from {low} to {high}"),
            Type::Number => "a number".into(),
            Type::Name => "a string without `${…}`".into(),
            Type::Text => "a string".into(),
            Type::Script => "a script in quotes".into(),
            Type::Command => "a command in quotes".into(),
            Type::File => "the path of a file in quotes".into(),
            Type::Folder => "the path of a folder in quotes".into(),
            Type::Path => "a path in quotes".into(),
            Type::Duration(..) => "a duration such as `90s`, `20m`, `24h` or `7d`".into(),
            Type::Timeout => "a duration such as `90m` or `6h`, or `max`".into(),
            Type::Cpu => "an amount of CPU such as `250m` or `2`".into(),
            Type::Memory => "an amount of memory such as `512Mi` or `2Gi`".into(),
            Type::Percent => "a percentage such as `60%`".into(),
            Type::CountOrPercent => "a number or a percentage such as `25%`".into(),
            Type::Range(of) => format!("{}, or a range `a..b` of it", of.describe()),
            Type::Word(words) => format!("one of {}", list(words)),
            Type::Ref(kinds) => {
                let words: Vec<&str> = kinds.iter().map(|it| it.word()).collect();
                format!("the name of a declared {}", list(&words))
            }
            Type::List(of) => format!("a list; each item is {}", of.describe()),
            Type::OneOrMany(of) => format!("{}, or a list", of.describe()),
            Type::Condition => "a condition".into(),
            Type::Value => "a string, a number or a boolean".into(),
            Type::Dotted => "a name without quotes, such as `build` or `train.model`".into(),
            Type::Data => "a constant: a string, a number, a boolean, a list or a record".into(),
            Type::Any => "a value".into(),
        }
    }

    /// What a value of the right form must be to be allowed; with an article.
    pub fn bounds(self) -> String {
        match self {
            Type::Duration(low, high) => format!("a duration from {} to {}", span(low), span(high)),
            Type::Timeout => {
                format!("a duration from {} to {}, or `max`", span(60), span(super::declarations::LONGEST))
            }
            Type::Percent => "a percentage from `1%` to `100%`".into(),
            Type::Cpu => "an amount of CPU above 0, such as `250m`".into(),
            Type::Memory => "an amount of memory above 0, such as `512Mi`".into(),
            Type::List(of) | Type::OneOrMany(of) | Type::Range(of) => of.bounds(),
            other => other.describe(),
        }
    }
}

/// Seconds in the largest unit that divides them.
fn span(seconds: u64) -> String {
    let units = [("d", 24 * 3600), ("h", 3600), ("m", 60)];
    let unit = units.iter().find(|(_, size)| seconds > 0 && seconds.is_multiple_of(*size));
    unit.map_or_else(|| format!("`{seconds}s`"), |(unit, size)| format!("`{}{unit}`", seconds / size))
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
