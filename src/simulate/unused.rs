//! What the command line says of how things go and no run asked for.

use super::names;
use super::system::System;
use super::timeline::Timeline;
use super::{vacuous, words};
use crate::base::span::{Span, Spanned};
use crate::model::project::{DottedPath, TestGiven};

/// As it is written.
#[derive(Clone, Copy, Debug)]
pub enum Word<'t> {
    /// A stage, job or step, and how it ends.
    Ends(&'t str, &'static str),
    /// `NAME=DURATION`
    Takes(&'t str),
    /// `STAGE.STEP.OUTPUT=VALUE`
    Output(&'t str),
    /// `NAME=VALUE`
    Variable(&'t str),
    /// `APPROVAL`, or `APPROVAL=DURATION`
    Answer(&'t str),
    /// `PIPELINE=DURATION`
    Cancel(&'t str),
}

/// For people, in the order of the words.
pub fn notes(system: &System<'_>, said: &[Word<'_>], timeline: &Timeline) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for given in said.iter().filter_map(|it| given(system, *it)) {
        for note in vacuous::unused(system, &given, timeline) {
            if !found.contains(&note) {
                found.push(note);
            }
        }
    }
    found
}

/// The same as a test gives it; `None` for what nothing has.
fn given(system: &System<'_>, word: Word<'_>) -> Option<TestGiven> {
    let halves = |it| words::halves(it, "").ok();
    Some(match word {
        Word::Ends(path, result) => TestGiven::Path {
            path: dotted(path),
            result: Some(plain(result)),
            duration: None,
            cancel: None,
            outputs: Vec::new(),
        },
        Word::Takes(said) => {
            let (path, time) = halves(said)?;
            let duration = Some(plain(words::duration(time).ok()?));
            TestGiven::Path { path: dotted(path), result: None, duration, cancel: None, outputs: Vec::new() }
        }
        Word::Cancel(said) => {
            let (path, time) = halves(said)?;
            let cancel = Some(plain(words::duration(time).ok()?));
            TestGiven::Path { path: dotted(path), result: None, duration: None, cancel, outputs: Vec::new() }
        }
        Word::Output(said) => {
            let (path, value) = halves(said)?;
            let output = system.find(&path.split('.').collect::<Vec<_>>()).ok()?.output?;
            let path = path.strip_suffix(&output)?.strip_suffix('.')?;
            let outputs = vec![(plain(output.clone()), plain(value.to_owned()))];
            TestGiven::Path { path: dotted(path), result: None, duration: None, cancel: None, outputs }
        }
        Word::Variable(said) => {
            let (name, value) = halves(said)?;
            TestGiven::Variables(vec![(plain(name.to_owned()), plain(value.to_owned()))])
        }
        Word::Answer(said) => {
            let name = said.split_once('=').map_or(said, |it| it.0);
            let approval = plain(names::approval(system.project, name).ok()?);
            TestGiven::Approval { approval, answer: "grant", after: None }
        }
    })
}

fn dotted(path: &str) -> DottedPath {
    let names = path.split('.').map(|it| plain(it.to_owned())).collect();
    DottedPath { names, span: Span::default() }
}

fn plain<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Span::default())
}
