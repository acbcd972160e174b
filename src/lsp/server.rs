//! The loop: reads all that has come, does what is due, and waits. What changes texts is done in order; what is asked is
//! answered when nothing more has come, so that a request that was cancelled meanwhile costs nothing.

use super::feature::{Cx, Failure, Method, Needs};
use super::host::{Host, Key};
use super::notifications;
use super::protocol::envelope::{Notification, Request};
use super::protocol::{Connection, Envelope, ErrorCode, RequestId, Response, Uri};
use super::publish;
use super::requests;
use super::state::{self, Client, Project, State};
use super::worker::{self, Check, Checked, Done, Job, Outcome};
use crossbeam_channel::{Receiver, Sender, select, unbounded};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// How the conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client said so.
    Properly,
    /// It went away, or left without a word.
    Abruptly,
}

/// Stacks as large as that of the program's first thread.
const STACK: usize = 8 << 20;

/// Serves one client until it leaves.
pub fn serve(connection: &Connection, host: &dyn Host) -> Ended {
    let (jobs, todo) = unbounded();
    let (finished, done) = unbounded();
    thread::scope(|scope| {
        let worker = move || worker::run(host, &todo, &finished);
        if thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker).is_err() {
            return Ended::Abruptly;
        }
        let mut server = Server::new(connection, host, jobs);
        server.run(&done)
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Waits for `initialize`.
    Fresh,
    Running,
    /// After `shutdown`.
    Leaving,
}

/// A request that waits for its answer.
struct Asked {
    id: RequestId,
    method: &'static Method,
    params: Value,
    /// The document it is about, links followed.
    path: Option<PathBuf>,
}

pub struct Server<'c> {
    pub state: State<'c>,
    pub(super) connection: &'c Connection,
    phase: Phase,
    asked: Vec<Asked>,
    jobs: Sender<Job>,
    /// A project is being checked.
    busy: bool,
    /// Open documents that changed and were not shown since.
    pub edited: Vec<PathBuf>,
    /// What the client was told last, by project and address.
    pub(super) shown: BTreeMap<Key, publish::Shown>,
    /// Sentences that were told already.
    pub(super) told: Vec<String>,
    /// Requests of the server so far.
    pub(super) next_id: i32,
}

impl<'c> Server<'c> {
    fn new(connection: &'c Connection, host: &'c dyn Host, jobs: Sender<Job>) -> Self {
        Server {
            state: State::new(host),
            connection,
            phase: Phase::Fresh,
            asked: Vec::new(),
            jobs,
            busy: false,
            edited: Vec::new(),
            shown: BTreeMap::new(),
            told: Vec::new(),
            next_id: 0,
        }
    }

    fn run(&mut self, done: &Receiver<Done>) -> Ended {
        let connection = self.connection;
        loop {
            while let Ok(message) = connection.receiver.try_recv() {
                if let Some(ended) = self.message(message) {
                    return ended;
                }
            }
            while let Ok(it) = done.try_recv() {
                self.done(it);
            }
            self.show_edited();
            #[expect(
                clippy::redundant_closure_for_method_calls,
                reason = "the method's path has one lifetime only"
            )]
            self.answer(|server, it| server.is_ready(it));
            self.start_job();
            select! {
                recv(connection.receiver) -> message => {
                    let Ok(message) = message else { return Ended::Abruptly };
                    if let Some(ended) = self.message(message) {
                        return ended;
                    }
                }
                recv(done) -> it => if let Ok(it) = it {
                    self.done(it);
                },
            }
        }
    }

    fn message(&mut self, message: Envelope) -> Option<Ended> {
        match message {
            Envelope::Request(it) => self.request(it),
            Envelope::Notification(it) if it.method == "exit" => {
                let properly = self.phase == Phase::Leaving;
                return Some(if properly { Ended::Properly } else { Ended::Abruptly });
            }
            Envelope::Notification(it) => self.notification(it),
            // The server asks for nothing that it needs to know.
            Envelope::Response(_) => {}
        }
        None
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::Fresh, "initialize") => self.initialize(id, &params),
            (Phase::Fresh, _) => self.fail(id, ErrorCode::ServerNotInitialized, "`initialize` comes first"),
            (Phase::Leaving, _) => self.fail(id, ErrorCode::InvalidRequest, "the server is shutting down"),
            (Phase::Running, "initialize") => {
                self.fail(id, ErrorCode::InvalidRequest, "the server is initialized already");
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::Leaving;
                for it in std::mem::take(&mut self.asked) {
                    self.reply(it.id, Err(Failure::Canceled));
                }
                self.send(Response::new_ok(id, Value::Null));
            }
            (Phase::Running, _) => match requests::find(&method) {
                Some(method) => {
                    let path = document_of(&params).and_then(|it| self.state.path(&it));
                    self.asked.push(Asked { id, method, params, path });
                }
                None => self.fail(id, ErrorCode::MethodNotFound, &format!("there is no method `{method}`")),
            },
        }
    }

    fn initialize(&mut self, id: RequestId, params: &Value) {
        self.state.client = Client::of(params);
        self.phase = Phase::Running;
        let capabilities = requests::capabilities(&self.state.client);
        let version = env!("CARGO_PKG_VERSION");
        let result = json!({
            "capabilities": capabilities,
            "serverInfo": { "name": "mlopsc", "version": version },
        });
        self.send(Response::new_ok(id, result));
    }

    fn notification(&mut self, notification: Notification) {
        if self.phase != Phase::Running {
            return;
        }
        if notification.method == "$/cancelRequest" {
            return self.cancel(&notification.params);
        }
        let method = notification.method.clone();
        let handled = catch_unwind(AssertUnwindSafe(|| notifications::handle(self, notification)));
        match handled {
            Ok(Ok(())) => {}
            Ok(Err(message)) => self.log(&format!("`{method}`: {message}")),
            Err(_) => self.tell(&format!("`{method}`: {}", Failure::Bug.message())),
        }
    }

    fn cancel(&mut self, params: &Value) {
        let Some(id) = params.get("id").and_then(|it| serde_json::from_value::<RequestId>(it.clone()).ok())
        else {
            return;
        };
        if let Some(at) = self.asked.iter().position(|it| it.id == id) {
            let it = self.asked.remove(at);
            self.reply(it.id, Err(Failure::Canceled));
        }
    }

    /// Before a text changes: what was asked about it as it is now is answered, or never.
    pub fn before_change(&mut self, path: &Path) {
        self.answer(|server, it| it.path.as_deref() == Some(path) && server.is_ready(it));
        let about = |it: &Asked| it.path.as_deref() == Some(path);
        let (gone, kept) = std::mem::take(&mut self.asked).into_iter().partition(about);
        self.asked = kept;
        let gone: Vec<Asked> = gone;
        for it in gone {
            self.reply(it.id, Err(Failure::Modified));
        }
    }

    /// Whether all is known that the request needs.
    fn is_ready(&self, asked: &Asked) -> bool {
        let is_known = |it: &Project, needs: Needs| match needs {
            Needs::Tree => true,
            Needs::Project => it.latest.is_some() || it.has_failed(),
            Needs::Analysis => it.current().is_some() || it.has_failed(),
            Needs::Written => it.current().is_some_and(|it| it.is_written()) || it.has_failed(),
        };
        match self.project_asked(asked) {
            Some(project) => is_known(project, asked.method.needs),
            None if asked.path.as_ref().is_some_and(|it| self.state.documents.contains_key(it)) => true,
            // Of no text that is open: it may be of any project.
            None => {
                self.state.projects.values().all(|it| is_known(it, asked.method.needs.min(Needs::Analysis)))
            }
        }
    }

    /// The project of the open text that a request is about.
    fn project_asked(&self, asked: &Asked) -> Option<&Project> {
        Some(self.state.project_of(asked.path.as_ref()?)?.1)
    }

    /// A project whose files somebody waits for.
    fn wanted(&self) -> Option<&Arc<Checked>> {
        let waiting = self.asked.iter().filter(|it| it.method.needs == Needs::Written);
        let projects = waiting.filter_map(|it| self.project_asked(it)?.current());
        projects.into_iter().find(|it| !it.is_written())
    }

    fn answer(&mut self, which: impl Fn(&Server<'_>, &Asked) -> bool) {
        let asked = std::mem::take(&mut self.asked);
        for it in asked {
            if !which(self, &it) {
                self.asked.push(it);
                continue;
            }
            let Asked { id, method, params, path } = it;
            if path.is_some_and(|it| state::is_config(&it)) {
                self.reply(id, Ok(Value::Null));
                continue;
            }
            let cx = Cx { state: &self.state };
            let result = catch_unwind(AssertUnwindSafe(|| (method.run)(&cx, params)));
            self.reply(id, result.unwrap_or(Err(Failure::Bug)));
        }
    }

    fn start_job(&mut self) {
        if self.busy {
            return;
        }
        let is_stale = |it: &Project| it.current().is_none() && !it.has_failed();
        let stale = self.state.projects.iter().filter(|it| is_stale(it.1));
        let stale = stale.max_by_key(|it| it.1.revision).map(|(key, project)| {
            let (key, documents) = (key.clone(), self.state.texts());
            Job::Check(Check { key, revision: project.revision, documents })
        });
        let Some(job) = stale.or_else(|| Some(Job::Write(Arc::clone(self.wanted()?)))) else { return };
        self.busy = self.jobs.send(job).is_ok();
    }

    fn done(&mut self, done: Done) {
        self.busy = false;
        let Done { key, revision, outcome } = done;
        let Some(project) = self.state.projects.get_mut(&key) else { return };
        match outcome {
            Outcome::Checked(checked) => {
                let is_current = project.revision == revision;
                let checked = Arc::new(*checked);
                if checked.has_shape() {
                    project.whole = Some(Arc::clone(&checked));
                }
                project.latest = Some(checked);
                for document in self.state.documents.values_mut() {
                    if document.project.as_ref() == Some(&key) {
                        document.forget_edits(revision);
                    }
                }
                if is_current {
                    self.show_project(&key);
                }
            }
            // Whoever waits for it is answered in the next round.
            Outcome::Written => {}
            Outcome::Trouble(sentence) => {
                project.failed = revision;
                self.tell(&sentence);
            }
            Outcome::Panic => {
                project.failed = revision;
                self.tell(Failure::Bug.message());
            }
        }
    }
}

/// The document that a request is about.
fn document_of(params: &Value) -> Option<Uri> {
    let uri = params.pointer("/textDocument/uri").or_else(|| params.pointer("/item/uri"))?;
    Some(Uri(uri.as_str()?.to_owned()))
}
