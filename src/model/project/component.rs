//! Components: ML steps with declared inputs and outputs.

use super::{Distribution, Header, MlInput, MlOutput, MlResources, Runtime};
use crate::base::arena::Id;
use crate::base::span::Spanned;
use indexmap::IndexMap;

/// An Azure ML registry.
#[derive(Clone, Debug)]
pub struct MlRegistry {
    pub header: Header,
}

#[derive(Clone, Debug)]
pub struct Component {
    pub header: Header,
    pub description: Option<String>,
    pub tags: IndexMap<String, String>,
    pub kind: ComponentKind,
    pub source: ComponentSource,
    /// Of one written here: what it is registered under. Of others: what is taken.
    pub version: Option<Spanned<String>>,
    pub inputs: IndexMap<String, MlInput>,
    pub outputs: IndexMap<String, MlOutput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComponentKind {
    Command,
    Parallel,
    Spark,
    Pipeline,
}

impl ComponentKind {
    pub fn word(self) -> &'static str {
        match self {
            ComponentKind::Command => "command",
            ComponentKind::Parallel => "parallel",
            ComponentKind::Spark => "spark",
            ComponentKind::Pipeline => "pipeline",
        }
    }

    pub fn from_word(word: &str) -> Option<ComponentKind> {
        [ComponentKind::Command, ComponentKind::Parallel, ComponentKind::Spark, ComponentKind::Pipeline]
            .into_iter()
            .find(|it| it.word() == word)
    }
}

#[derive(Clone, Debug)]
pub enum ComponentSource {
    Written(Box<WrittenComponent>),
    /// A component file, relative to the project's root.
    File(Spanned<String>),
    Registry(Spanned<Id<MlRegistry>>),
    /// Registered in the workspace.
    Workspace,
}

#[derive(Clone, Debug)]
pub struct WrittenComponent {
    pub code: Option<Spanned<String>>,
    pub runtime: Option<Spanned<Id<Runtime>>>,
    pub command: Option<Spanned<String>>,
    pub reuse: bool,
    pub resources: MlResources,
    pub distribution: Option<Distribution>,
}

impl Component {
    pub fn written(&self) -> Option<&WrittenComponent> {
        match &self.source {
            ComponentSource::Written(it) => Some(it),
            ComponentSource::File(_) | ComponentSource::Registry(_) | ComponentSource::Workspace => None,
        }
    }
}
