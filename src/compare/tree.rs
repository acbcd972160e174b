//! What a system is, as a tree of things with facts, in words that mean the same in both versions.

use crate::base::span::Span;

/// A thing of a system. Siblings of a kind differ by name.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub name: String,
    /// For people, where the name is not for them.
    pub shown: Option<String>,
    /// What it is called outside, where that is said: a thing of another name that is called so is the same.
    pub outer: Option<String>,
    pub span: Span,
    pub facts: Vec<Fact>,
    pub children: Vec<Node>,
    /// The siblings it waits for, by [`reference`].
    pub after: Vec<String>,
    /// What its derived facts come from, by [`reference`], or [`ITSELF`]; a kind alone stands for all of it.
    pub follows: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    System,
    Repository,
    Connection,
    Registry,
    Variables,
    Workspace,
    Datastore,
    Data,
    Model,
    Compute,
    Runtime,
    Component,
    MlPipeline,
    MlInput,
    MlStep,
    Registration,
    Schedule,
    Service,
    Endpoint,
    Deployment,
    Environment,
    Check,
    Pipeline,
    Trigger,
    Parameter,
    Stage,
    Job,
    Step,
}

/// How much a change matters to who reviews it. What weighs most compares least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    LowersProtection,
    ChangesProtection,
    Reaches,
    Secrets,
    Runs,
    Images,
    Costs,
    MachineLearning,
    RaisesProtection,
    Other,
}

#[derive(Clone, Debug)]
pub struct Fact {
    pub label: String,
    pub value: Value,
    /// Of a change that makes it more.
    pub up: Weight,
    /// Of a change that makes it less.
    pub down: Weight,
    /// Of a change that makes it neither more nor less; `None`: as more.
    pub aside: Option<Weight>,
    /// Where it is written, if that is known; else it stands where the thing does.
    pub span: Option<Span>,
    /// Follows from other things: silent where one of those has changed.
    pub derived: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    /// In order; `*` holds everything.
    Set(Vec<String>),
    Number(f64, String),
    Flag(bool),
    /// A reference to a container image.
    Image(String),
    /// Too long to be shown.
    Long(String),
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::System => "system",
            Kind::Repository => "repository",
            Kind::Connection => "connection",
            Kind::Registry => "container_registry",
            Kind::Variables => "variables",
            Kind::Workspace => "workspace",
            Kind::Datastore => "datastore",
            Kind::Data => "data",
            Kind::Model => "model",
            Kind::Compute => "compute",
            Kind::Runtime => "runtime",
            Kind::Component => "component",
            Kind::MlPipeline => "ml_pipeline",
            Kind::MlInput => "input",
            Kind::MlStep | Kind::Step => "step",
            Kind::Registration => "register",
            Kind::Schedule => "schedule",
            Kind::Service => "service",
            Kind::Endpoint => "endpoint",
            Kind::Deployment => "deployment",
            Kind::Environment => "environment",
            Kind::Check => "check",
            Kind::Pipeline => "pipeline",
            Kind::Trigger => "trigger",
            Kind::Parameter => "param",
            Kind::Stage => "stage",
            Kind::Job => "job",
        }
    }

    /// Whether a thing that has got another name is told as renamed where nothing else has changed.
    pub fn has_identity(self) -> bool {
        !matches!(
            self,
            Kind::System
                | Kind::Check
                | Kind::Trigger
                | Kind::Parameter
                | Kind::MlInput
                | Kind::Registration
                | Kind::Variables
        )
    }
}

/// Derived facts follow from what the thing says itself.
pub const ITSELF: &str = "itself";

/// Derived facts follow from the same facts of what is below.
pub const BELOW: &str = "below";

/// Longer texts are not shown.
pub const SHOWN: usize = 80;

/// Marks names in texts, so that a renaming is no change of all that names it.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';

/// `pipeline/train/stage/fit`
pub fn reference(path: &[(Kind, &str)]) -> String {
    let parts: Vec<String> = path.iter().map(|(kind, name)| format!("{}/{name}", kind.word())).collect();
    parts.join("/")
}

/// A name in a text.
pub fn named(path: &[(Kind, &str)]) -> String {
    format!("{OPEN}{}{CLOSE}", reference(path))
}

/// In a text for people.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (inside, after) = behind.split_once(CLOSE).unwrap_or((behind, ""));
        shown.push_str(before);
        shown.push_str(inside.rsplit('/').next().unwrap_or(inside));
        rest = after;
    }
    shown + rest
}

/// The reference with another beginning, if it begins so.
pub fn moved(reference: &str, from: &str, to: &str) -> Option<String> {
    let rest = reference.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
}

fn moved_in_text(text: &mut String, from: &str, to: &str) {
    if !text.contains(OPEN) {
        return;
    }
    let mut changed = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once(OPEN) {
        let (inside, after) = behind.split_once(CLOSE).unwrap_or((behind, ""));
        let inside = moved(inside, from, to).unwrap_or_else(|| inside.to_owned());
        changed.extend([before, "\u{1}", &inside, "\u{2}"]);
        rest = after;
    }
    changed.push_str(rest);
    *text = changed;
}

impl Node {
    pub fn new(kind: Kind, name: impl Into<String>, span: Span) -> Node {
        Node {
            kind,
            name: name.into(),
            shown: None,
            outer: None,
            span,
            facts: Vec::new(),
            children: Vec::new(),
            after: Vec::new(),
            follows: Vec::new(),
        }
    }

    /// Everything that names the one names the other.
    pub fn rename(&mut self, from: &str, to: &str) {
        let Node { name, shown, facts, children, after, follows, .. } = self;
        moved_in_text(name, from, to);
        if let Some(it) = shown {
            moved_in_text(it, from, to);
        }
        for it in after.iter_mut().chain(follows) {
            if let Some(changed) = moved(it, from, to) {
                *it = changed;
            }
        }
        for fact in facts {
            match &mut fact.value {
                Value::Text(it) | Value::Image(it) | Value::Long(it) => moved_in_text(it, from, to),
                Value::Set(all) => {
                    for it in all {
                        moved_in_text(it, from, to);
                    }
                }
                Value::Number(..) | Value::Flag(_) => {}
            }
        }
        for it in children {
            it.rename(from, to);
        }
    }

    /// What makes it what it is, apart from its own name and place.
    pub fn fingerprint(&self, own: &str) -> String {
        let mut copy = self.clone();
        copy.rename(own, "own");
        copy.written()
    }

    fn written(&self) -> String {
        let children: Vec<String> =
            self.children.iter().map(|it| format!("{:?} {} {}", it.kind, it.name, it.written())).collect();
        let facts: Vec<_> = self.facts.iter().map(|it| (&it.label, &it.value, it.up, it.down)).collect();
        format!("{facts:?} {:?} {children:?}", self.after)
    }

    pub fn fact(&mut self, label: impl Into<String>, value: Value, weight: Weight) -> &mut Fact {
        self.facts.push(Fact {
            label: label.into(),
            value,
            up: weight,
            down: weight,
            aside: None,
            span: None,
            derived: false,
        });
        self.facts.last_mut().expect("it was just put there")
    }

    /// A text in backticks; nothing where there is none.
    pub fn text(&mut self, label: &str, value: Option<impl AsRef<str>>, weight: Weight) {
        if let Some(value) = value {
            self.fact(label, Value::Text(quoted(value.as_ref())), weight);
        }
    }

    pub fn number(&mut self, label: &str, value: Option<impl Into<f64>>, weight: Weight) {
        if let Some(value) = value {
            let value: f64 = value.into();
            self.fact(label, Value::Number(value, value.to_string()), weight);
        }
    }

    /// Seconds.
    pub fn time(&mut self, label: &str, seconds: Option<u64>, weight: Weight) {
        if let Some(seconds) = seconds {
            self.fact(label, Value::Text(spoken(seconds)), weight);
        }
    }

    pub fn flag(&mut self, label: &str, value: bool, weight: Weight) -> &mut Fact {
        self.fact(label, Value::Flag(value), weight)
    }

    pub fn set<'a>(
        &mut self,
        label: &str,
        values: impl IntoIterator<Item = &'a str>,
        weight: Weight,
    ) -> &mut Fact {
        let values = values.into_iter().map(quoted).collect();
        self.fact(label, Value::Set(values), weight)
    }

    /// What is said of it, else its doc comment.
    pub fn described(&mut self, said: Option<&String>, doc: Option<&String>) {
        match said.or(doc).map(|it| it.trim()) {
            Some(it) if it.chars().count() > SHOWN || it.contains('\n') => {
                self.fact("description", Value::Long(it.to_owned()), Weight::Other);
            }
            it => self.text("description", it, Weight::Other),
        }
    }

    /// One fact a key.
    pub fn table<'a>(
        &mut self,
        label: &str,
        rows: impl IntoIterator<Item = (&'a String, String)>,
        weight: Weight,
    ) {
        for (key, value) in rows {
            self.text(&format!("{label} `{key}`"), Some(value), weight);
        }
    }
}

/// Wherever it stands.
impl PartialEq for Fact {
    fn eq(&self, other: &Fact) -> bool {
        let said = |it: &Fact| (it.up, it.down, it.aside, it.derived);
        self.label == other.label && self.value == other.value && said(self) == said(other)
    }
}

impl Fact {
    pub fn up(&mut self, weight: Weight) -> &mut Fact {
        self.up = weight;
        self
    }

    pub fn down(&mut self, weight: Weight) -> &mut Fact {
        self.down = weight;
        self
    }

    pub fn at(&mut self, span: Option<Span>) -> &mut Fact {
        self.span = span;
        self
    }

    pub fn aside(&mut self, weight: Weight) -> &mut Fact {
        self.aside = Some(weight);
        self
    }
}

/// In backticks, on one line.
pub fn quoted(text: &str) -> String {
    let text = text.replace('\n', "\\n");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// `90s`, `20m`, `24h`, `7d`: the largest unit that leaves no rest.
pub fn spoken(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3600, 'h'), (60, 'm')];
    let fits = units.iter().find(|it| seconds > 0 && seconds.is_multiple_of(it.0));
    fits.map_or_else(|| format!("`{seconds}s`"), |(size, unit)| format!("`{}{unit}`", seconds / size))
}
