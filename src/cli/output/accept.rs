//! A manifest that knows what was edited as meant.

use super::drift::{self, Drifted};
use super::line_ends;
use super::manifest::{self, Entry, Manifest};
use super::plan::{Change, Plan};

/// The plan that writes the manifest and nothing else, and the files whose edits it accepts. What is no longer generated
/// is forgotten: from then on the file is nobody's but the user's.
pub fn accept(plan: Plan) -> (Plan, Vec<Drifted>) {
    let accepted: Vec<Drifted> =
        drift::of(&plan).into_iter().filter(|it| it.status.can_be_accepted()).collect();
    let mut known = plan.known.clone();
    for Drifted { path, .. } in &accepted {
        let change = plan.changes.iter().find(|it| it.path == *path).expect("it is read off a change");
        match (&change.new, &change.old) {
            (Some(new), Some(old)) => {
                let source = plan.sources.get(path).cloned().unwrap_or_default();
                let entry = Entry::new(manifest::hash(new.as_bytes()), source);
                let accepted = Some(manifest::hash(&line_ends::plain(old)));
                known.files.insert(path.clone(), Entry { accepted, ..entry });
            }
            _ => {
                known.files.remove(path);
            }
        }
    }
    (only_manifest(plan, known), accepted)
}

fn only_manifest(plan: Plan, mut known: Manifest) -> Plan {
    if known.mlopsc.is_empty() {
        env!("CARGO_PKG_VERSION").clone_into(&mut known.mlopsc);
    }
    let new = (!known.files.is_empty()).then(|| known.text());
    let is_same = line_ends::both(plan.written.as_deref(), new.as_deref());
    let change = Change { path: manifest::NAME.to_owned(), old: plan.written.clone(), new };
    Plan { changes: Vec::new(), conflicts: Vec::new(), manifest: (!is_same).then_some(change), ..plan }
}
