//! What the server knows: open texts, and the projects they belong to with what was found last.

use super::convert::Encoding;
use super::document::Document;
use super::host::{Documents, Host, Key};
use super::protocol::{PositionEncodingKind, Uri};
use super::uri;
use super::worker::Checked;
use crate::config;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct State<'h> {
    pub host: &'h dyn Host,
    pub client: Client,
    /// By path with links followed.
    pub documents: BTreeMap<PathBuf, Document>,
    pub projects: BTreeMap<Key, Project>,
    /// The same texts, for the host.
    texts: Arc<Documents>,
    /// Counts what happened.
    revision: u64,
}

/// What the client can do.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an ability of its own")]
pub struct Client {
    pub encoding: Encoding,
    /// It wants to be asked which files are watched.
    pub registers_watchers: bool,
    /// It inserts texts with places to fill in.
    pub snippets: bool,
    /// Outlines are trees.
    pub nested_symbols: bool,
    /// Commands that it carries out itself, as `initializationOptions.commands`.
    pub commands: Vec<String>,
    /// Edits of several files name their versions.
    pub document_changes: bool,
    /// What stands before `CODE.md` in the address of a finding's page.
    pub pages: Option<String>,
}

impl Client {
    /// Reads what a client says about itself; what it does not say, or says otherwise than it should, it cannot.
    pub fn of(params: &Value) -> Client {
        let can = |pointer: &str| params.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let offered = params.pointer("/capabilities/general/positionEncodings");
        let offered: Vec<PositionEncodingKind> =
            offered.and_then(|it| serde_json::from_value(it.clone()).ok()).unwrap_or_default();
        let commands = params.pointer("/initializationOptions/commands");
        let pages = params.pointer("/initializationOptions/pages").and_then(Value::as_str);
        Client {
            encoding: Encoding::negotiate(&offered),
            registers_watchers: can("/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration"),
            snippets: can("/capabilities/textDocument/completion/completionItem/snippetSupport"),
            nested_symbols: can(
                "/capabilities/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport",
            ),
            commands: commands.and_then(|it| serde_json::from_value(it.clone()).ok()).unwrap_or_default(),
            document_changes: can("/capabilities/workspace/workspaceEdit/documentChanges"),
            pages: pages.map(str::to_owned),
        }
    }
}

impl Default for Client {
    fn default() -> Self {
        Client::of(&Value::Null)
    }
}

#[derive(Default)]
pub struct Project {
    /// When something in it changed last.
    pub revision: u64,
    pub latest: Option<Arc<Checked>>,
    /// The last one of texts whose shape was right.
    pub whole: Option<Arc<Checked>>,
    /// The revision that could not be checked last.
    pub failed: u64,
}

impl Project {
    /// The texts as they are now cannot be checked.
    pub fn has_failed(&self) -> bool {
        self.failed == self.revision
    }

    /// What was found in the texts as they are now.
    pub fn current(&self) -> Option<&Arc<Checked>> {
        self.latest.as_ref().filter(|it| it.revision == self.revision)
    }
}

impl<'h> State<'h> {
    pub fn new(host: &'h dyn Host) -> Self {
        State {
            host,
            client: Client::default(),
            documents: BTreeMap::new(),
            projects: BTreeMap::new(),
            texts: Arc::default(),
            revision: 0,
        }
    }

    pub fn texts(&self) -> Arc<Documents> {
        Arc::clone(&self.texts)
    }

    /// A number above all before.
    pub fn next_revision(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub fn path(&self, uri: &Uri) -> Option<PathBuf> {
        Some(self.host.resolve(&uri::to_path(uri)?))
    }

    pub fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(&self.path(uri)?)
    }

    /// The address of a file as the client knows it.
    pub fn uri(&self, path: &Path) -> Uri {
        self.documents.get(path).map_or_else(|| uri::of_path(path), |it| it.uri.clone())
    }

    pub fn open(&mut self, document: Document) {
        let path = document.path.clone();
        Arc::make_mut(&mut self.texts).insert(path.clone(), Arc::clone(&document.text));
        self.documents.insert(path.clone(), document);
        self.find_project(&path);
        self.touch(&path);
    }

    pub fn close(&mut self, path: &Path) {
        self.touch(path);
        Arc::make_mut(&mut self.texts).remove(path);
        let closed = self.documents.remove(path);
        if is_config(path) {
            self.find_projects();
        } else if let Some(key) = closed.and_then(|it| it.project)
            && !self.documents.values().any(|it| it.project.as_ref() == Some(&key))
        {
            self.projects.remove(&key);
        }
    }

    /// The text of an open document is another one now.
    pub fn changed(&mut self, path: &Path) {
        if let Some(document) = self.documents.get(path) {
            Arc::make_mut(&mut self.texts).insert(path.to_owned(), Arc::clone(&document.text));
            self.touch(path);
        }
    }

    /// Something on the disk is not as it was; anything may belong elsewhere now.
    pub fn changed_on_disk(&mut self) {
        self.find_projects();
        let revision = self.next_revision();
        self.projects.values_mut().for_each(|it| it.revision = revision);
    }

    /// The project that an open text belongs to.
    pub fn project_of(&self, path: &Path) -> Option<(&Key, &Project)> {
        let key = self.documents.get(path)?.project.as_ref()?;
        self.projects.get_key_value(key)
    }

    fn touch(&mut self, path: &Path) {
        let revision = self.next_revision();
        let key = self.documents.get(path).and_then(|it| it.project.clone());
        if let Some(project) = key.and_then(|it| self.projects.get_mut(&it)) {
            project.revision = revision;
        }
    }

    /// Puts a text that was opened into its project. Others may belong elsewhere only where a project is new.
    fn find_project(&mut self, path: &Path) {
        let found = self.host.project_of(path, &self.texts).ok();
        let is_new = found.as_ref().is_some_and(|it| it.file.is_none() && !self.projects.contains_key(it));
        let document = self.documents.get_mut(path);
        let Some(document) = document.filter(|it| !is_new && !is_config(path) && it.project.is_none()) else {
            return self.find_projects();
        };
        document.project.clone_from(&found);
        if let Some(key) = found {
            self.revision += 1;
            let revision = self.revision;
            self.projects.entry(key).or_insert_with(|| Project { revision, ..Project::default() });
        }
    }

    /// Puts open texts into projects anew; projects without any are forgotten.
    fn find_projects(&mut self) {
        let mut found: BTreeMap<Key, Project> = BTreeMap::new();
        for (path, document) in &mut self.documents {
            document.project = self.host.project_of(path, &self.texts).ok();
            if let Some(key) = &document.project
                && !found.contains_key(key)
            {
                self.revision += 1;
                let fresh = Project { revision: self.revision, ..Project::default() };
                found.insert(key.clone(), self.projects.remove(key).unwrap_or(fresh));
            }
        }
        self.projects = found;
    }
}

/// `mlopsc.toml`, which is in another language.
pub fn is_config(path: &Path) -> bool {
    path.file_name().is_some_and(|it| it == config::FILE)
}
