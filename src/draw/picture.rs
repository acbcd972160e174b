//! What is drawn: nodes, of which some hold others, and edges between them.

use crate::base::span::Span;
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Pipelines with what starts them, their stages, ML pipelines and environments.
    System,
    /// Stages and jobs of pipelines with their steps.
    Pipeline,
    /// Steps of ML pipelines with what flows between them.
    Ml,
    /// Who must agree before what reaches which environment.
    Approvals,
}

impl What {
    pub const ALL: [What; 4] = [What::System, What::Pipeline, What::Ml, What::Approvals];

    pub fn word(self) -> &'static str {
        match self {
            What::System => "system",
            What::Pipeline => "pipeline",
            What::Ml => "ml",
            What::Approvals => "approvals",
        }
    }
}

#[derive(Debug)]
pub struct Picture {
    pub what: What,
    pub title: String,
    /// Each stands behind the one that holds it.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Clone, Debug)]
pub struct Node {
    /// Unique in the picture: `stage:train.artifacts`.
    pub id: String,
    /// The node that holds it, by index.
    pub parent: Option<usize>,
    pub kind: Kind,
    pub title: String,
    pub notes: Vec<Note>,
    pub place: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What starts something from outside.
    Source,
    Pipeline,
    Stage,
    Job,
    /// People who are asked.
    Approval,
    Environment,
    MlPipeline,
    MlStep,
    /// Of an ML pipeline: an input or output.
    Port,
    Model,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Source => "trigger",
            Kind::Pipeline => "pipeline",
            Kind::Stage => "stage",
            Kind::Job => "job",
            Kind::Approval => "approval",
            Kind::Environment => "environment",
            Kind::MlPipeline => "ML pipeline",
            Kind::MlStep => "ML step",
            Kind::Port => "data",
            Kind::Model => "model",
        }
    }
}

/// A line below a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub sign: Sign,
    pub text: String,
}

/// What a note is about; each has a mark of its own, so that no colour is needed to tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Plain,
    /// A step.
    Does,
    /// People must agree.
    Asks,
    /// It waits: for a time, hours, or a run in Azure ML.
    Waits,
    /// Only under a condition.
    If,
    /// Where it deploys to.
    To,
    /// What is looked at before: branches, templates, services, a lock.
    Guards,
    /// Something to look at: nobody is asked, it is switched off.
    Warns,
    /// What it reads.
    In,
    /// What it leaves.
    Out,
}

impl Sign {
    pub fn word(self) -> &'static str {
        match self {
            Sign::Plain => "note",
            Sign::Does => "does",
            Sign::Asks => "asks",
            Sign::Waits => "waits",
            Sign::If => "if",
            Sign::To => "to",
            Sign::Guards => "guards",
            Sign::Warns => "warns",
            Sign::In => "in",
            Sign::Out => "out",
        }
    }

    pub fn mark(self) -> &'static str {
        match self {
            Sign::Plain => "",
            Sign::Does => "· ",
            Sign::Asks => "◆ ",
            Sign::Waits => "◷ ",
            Sign::If => "? ",
            Sign::To => "→ ",
            Sign::Guards => "■ ",
            Sign::Warns => "! ",
            Sign::In => "▸ ",
            Sign::Out => "◂ ",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub kind: Link,
    pub label: String,
    pub place: Option<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A trigger.
    Starts,
    /// The second waits for the first.
    Then,
    /// A step starts a run.
    Runs,
    /// Files or values flow.
    Data,
    Deploys,
    /// Something in the environment is changed, and its checks do not ask.
    Changes,
    /// A decision says whether it runs.
    Decides,
}

impl Link {
    pub fn word(self) -> &'static str {
        match self {
            Link::Starts => "starts",
            Link::Then => "then",
            Link::Runs => "runs",
            Link::Data => "data",
            Link::Deploys => "deploys",
            Link::Changes => "changes",
            Link::Decides => "decides",
        }
    }

    /// Drawn as a broken line.
    pub fn is_dashed(self) -> bool {
        matches!(self, Link::Runs | Link::Changes | Link::Decides)
    }
}

impl Note {
    pub fn new(sign: Sign, text: impl Into<String>) -> Note {
        Note { sign, text: text.into() }
    }

    pub fn shown(&self) -> String {
        format!("{}{}", self.sign.mark(), self.text)
    }
}

impl Node {
    pub fn new(kind: Kind, id: impl Into<String>, title: impl Into<String>) -> Node {
        let (id, title) = (id.into(), title.into());
        Node { id, parent: None, kind, title, notes: Vec::new(), place: None }
    }

    #[must_use]
    pub fn within(self, parent: Option<usize>) -> Node {
        Node { parent, ..self }
    }

    #[must_use]
    pub fn at(self, place: Span) -> Node {
        Node { place: Some(place), ..self }
    }

    #[must_use]
    pub fn notes(mut self, notes: impl IntoIterator<Item = Note>) -> Node {
        self.notes.extend(notes);
        self
    }
}

/// A picture that is being made: each thing once.
#[derive(Debug, Default)]
pub(super) struct Draft {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    by_id: HashMap<String, usize>,
    known: HashMap<(usize, usize, &'static str), usize>,
}

impl Draft {
    /// The node, or the one that has its id already.
    pub fn node(&mut self, node: Node) -> usize {
        if let Some(known) = self.by_id.get(&node.id) {
            return *known;
        }
        self.by_id.insert(node.id.clone(), self.nodes.len());
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Of several of a kind between the same two, one with all that is said.
    pub fn edge(&mut self, (from, to): (usize, usize), kind: Link, label: &str, place: Option<Span>) {
        let key = (from, to, kind.word());
        if let Some(known) = self.known.get(&key) {
            let known = &mut self.edges[*known].label;
            if !label.is_empty() && !known.split(", ").any(|it| it == label) {
                let gap = if known.is_empty() { "" } else { ", " };
                *known = format!("{known}{gap}{label}");
            }
            return;
        }
        self.known.insert(key, self.edges.len());
        self.edges.push(Edge { from, to, kind, label: label.to_owned(), place });
    }

    pub fn picture(self, what: What, title: String) -> Picture {
        Picture { what, title, nodes: self.nodes, edges: self.edges }
    }
}

impl Picture {
    /// For each node the nodes it holds.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut found = vec![Vec::new(); self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                found[parent].push(index);
            }
        }
        found
    }

    /// For each node the outermost that holds it.
    pub fn tops(&self) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            found.push(node.parent.map_or(index, |it| found[it]));
        }
        found
    }

    /// Those that nothing holds.
    pub fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|it| self.nodes[*it].parent.is_none())
    }
}
