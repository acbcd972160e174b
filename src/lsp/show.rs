//! What the client is told of findings: nothing twice, and all that is gone is taken back.

use super::host::Key;
use super::protocol::Uri;
use super::publish;
use super::server::Server;
use super::state;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Server<'_> {
    /// Shows what is known at once of the texts that changed.
    pub(super) fn show_edited(&mut self) {
        for path in std::mem::take(&mut self.edited) {
            let Some(document) = self.state.documents.get(&path) else { continue };
            // It is in another language: what is wrong with it is known with the project.
            if state::is_config(&path) {
                continue;
            }
            let found = catch_unwind(AssertUnwindSafe(|| publish::at_once(&self.state, document)));
            let Ok(found) = found else { continue };
            let (uri, version) = (document.uri.clone(), document.version);
            if let Some(key) = &document.project {
                self.shown.entry(key.clone()).or_default().insert(uri.0.clone(), found.clone());
            }
            self.publish(uri, Some(version), found);
        }
    }

    /// Shows all that was found, where it is not what is shown already.
    pub(super) fn show_project(&mut self, key: &Key) {
        let Some(checked) = self.state.projects.get(key).and_then(|it| it.latest.clone()) else { return };
        let found = catch_unwind(AssertUnwindSafe(|| publish::of_project(&self.state, &checked)));
        let Ok(found) = found else { return };
        let mut before = self.shown.insert(key.clone(), found.clone()).unwrap_or_default();
        for (uri, findings) in found {
            let known = before.remove(&uri);
            if known.as_ref() == Some(&findings) || (known.is_none() && findings.is_empty()) {
                continue;
            }
            let uri = Uri(uri);
            let version = self.state.document(&uri).map(|it| it.version);
            self.publish(uri, version, findings);
        }
        before
            .into_iter()
            .filter(|it| !it.1.is_empty())
            .for_each(|it| self.publish(Uri(it.0), None, Vec::new()));
    }

    /// What projects show that are gone is shown no more.
    pub fn forget_projects(&mut self) {
        let projects = &self.state.projects;
        let gone: Vec<Key> = self.shown.keys().filter(|it| !projects.contains_key(it)).cloned().collect();
        let gone: Vec<publish::Shown> = gone.iter().filter_map(|it| self.shown.remove(it)).collect();
        for (uri, findings) in gone.into_iter().flatten() {
            if !findings.is_empty() && !self.shown.values().any(|it| it.contains_key(&uri)) {
                self.publish(Uri(uri), None, Vec::new());
            }
        }
    }
}
