//! Who must agree before what reaches which environment.

use super::paint::Painter;
use super::picture::{Draft, Kind, Link, Node, Note, Picture, Sign, What};
use super::{system, words};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::project::Environment;
use crate::simulate::prove::{self, Asked, Proof};

/// The environment that has the name, or all to which something leads.
pub(super) fn paint(painter: &Painter<'_>, name: Option<&str>) -> Picture {
    let mut draft = Draft::default();
    for (id, environment) in painter.project.environments.iter() {
        let ident = &environment.header.ident.value;
        if name.is_none_or(|it| it == ident) {
            let proof = prove::covers(painter.system, id);
            One { painter, draft: &mut draft, id, ident }.draw(&proof);
        }
    }
    let title = name.map_or("who must agree".to_owned(), |it| format!("who must agree before {it}"));
    draft.picture(What::Approvals, painter.title(&title))
}

struct One<'d, 'a> {
    painter: &'d Painter<'a>,
    draft: &'d mut Draft,
    id: Id<Environment>,
    ident: &'d str,
}

impl One<'_, '_> {
    fn draw(mut self, proof: &Proof) {
        if proof.effects == 0 {
            return;
        }
        let mut node = system::environment(self.painter.project, self.id);
        node.notes.retain(|it| it.sign != Sign::Asks);
        let to = self.draft.node(node);
        for it in &proof.ways {
            let stage = self.way((&it.stage, it.verb), it.span, Some(it.why));
            self.draft.edge((stage, to), Link::Deploys, "", Some(it.span));
        }
        for it in &proof.agreed {
            let never = it.by.asked.is_empty().then_some("no outcome leads here");
            let stage = self.way((&it.stage, it.verb), it.span, never);
            self.draft.edge((stage, to), Link::Deploys, "", Some(it.span));
            self.asked(stage, &it.stage, (&it.by.asked, it.by.any_of));
        }
    }

    /// The stage that reaches the environment.
    fn way(&mut self, (stage, verb): (&str, &str), span: Span, warning: Option<&str>) -> usize {
        let node = Node::new(Kind::Stage, format!("way:{}:{stage}", self.ident), stage);
        let does = if verb == "deploys" { "deploys there".to_owned() } else { format!("changes it: {verb}") };
        let warning = warning.map(|it| Note::new(Sign::Warns, it));
        self.draft.node(node.at(span).notes([Note::new(Sign::Plain, does)]).notes(warning))
    }

    /// Who agrees before the stage: all of them one after the other, or one of them.
    fn asked(&mut self, stage: usize, name: &str, (asked, any_of): (&[Asked], bool)) {
        let people: Vec<usize> = asked.iter().map(|it| self.people(name, it)).collect();
        if any_of && people.len() > 1 {
            for it in people {
                self.draft.edge((it, stage), Link::Then, "one of them", None);
            }
            return;
        }
        for (index, it) in people.iter().enumerate() {
            let next = people.get(index + 1).copied().unwrap_or(stage);
            self.draft.edge((*it, next), Link::Then, "if they agree", None);
        }
    }

    /// For each stage by itself, so that each way can be followed.
    fn people(&mut self, stage: &str, asked: &Asked) -> usize {
        let project = self.painter.project;
        let approval = project.approvals.values().find(|it| it.header.ident.value == asked.approval);
        let id = format!("asked:{}:{stage}:{}:{}", self.ident, asked.stage, asked.approval);
        let node = Node::new(Kind::Approval, id, &asked.approval);
        let notes = [Note::new(Sign::Plain, format!("asked at {}", asked.stage))];
        let Some(approval) = approval else { return self.draft.node(node.notes(notes)) };
        self.draft.node(node.at(approval.header.head).notes(notes).notes(words::people(approval)))
    }
}
