//! Scenarios as they are written: names of things in pipelines are looked up where the plan is known.

use super::{Approval, ContainerRegistry, Pipeline, Repository};
use crate::base::arena::Id;
use crate::base::span::{Span, Spanned};

#[derive(Clone, Debug)]
pub struct Test {
    pub title: Spanned<String>,
    pub head: Span,
    pub start: Option<Spanned<String>>,
    /// Seconds.
    pub until: Option<u64>,
    pub events: Vec<TestEvent>,
    pub given: Vec<TestGiven>,
    pub expected: Vec<Expected>,
}

#[derive(Clone, Debug)]
pub struct TestEvent {
    pub span: Span,
    /// Seconds after the beginning.
    pub after: u64,
    pub kind: TestEventKind,
}

/// Keys and values with their places.
pub type Said = Vec<(Spanned<String>, Spanned<String>)>;

#[derive(Clone, Debug)]
pub enum TestEventKind {
    Push {
        repository: Option<Id<Repository>>,
        branch: Option<String>,
        tag: Option<String>,
        paths: Vec<String>,
    },
    PullRequest {
        source: Option<String>,
        target: Option<String>,
        paths: Vec<String>,
        draft: bool,
    },
    Schedule {
        at: Spanned<String>,
        changed: bool,
    },
    Manual {
        pipeline: Id<Pipeline>,
        branch: Option<String>,
        params: Said,
    },
    Image {
        registry: Id<ContainerRegistry>,
        repository: String,
        tag: String,
    },
    Completion {
        pipeline: Id<Pipeline>,
        branch: Option<String>,
        tags: Vec<String>,
        result: &'static str,
    },
    Webhook {
        name: String,
        fields: Said,
    },
}

#[derive(Clone, Debug)]
pub enum TestGiven {
    Approval {
        approval: Spanned<Id<Approval>>,
        answer: &'static str,
        /// Seconds.
        after: Option<u64>,
    },
    Variables(Said),
    Path {
        path: DottedPath,
        result: Option<Spanned<&'static str>>,
        /// Seconds.
        duration: Option<Spanned<u64>>,
        /// Seconds.
        cancel: Option<Spanned<u64>>,
        outputs: Said,
    },
}

/// `train.train.fit`
#[derive(Clone, Debug, PartialEq)]
pub struct DottedPath {
    pub names: Vec<Spanned<String>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Expected {
    pub what: Spanned<&'static str>,
    pub names: Vec<DottedPath>,
    /// Seconds.
    pub within: Option<u64>,
    pub times: Option<u32>,
}

impl DottedPath {
    pub fn parts(&self) -> Vec<&str> {
        self.names.iter().map(|it| it.value.as_str()).collect()
    }
}
