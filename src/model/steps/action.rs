//! What a step becomes, whatever its kind: the plan puts actions into jobs, emitters render them.

use crate::base::arena::Id;
use crate::model::expr::Expr;
use crate::model::project::{Approval, Connection, Include, Repository};

/// One step of the target.
#[derive(Clone, Debug)]
pub struct Action {
    pub title: String,
    pub body: ActionBody,
    /// Values reach a script only through here. In order of use; inherited `env` is added by the plan.
    pub env: Vec<(String, Expr)>,
    pub place: Place,
    /// Seconds it may take at most, where the step itself bounds it: a job that holds it lives longer.
    pub longest: Option<u64>,
    /// The step's outputs that this action sets; the emitted step then has a name.
    pub outputs: Vec<String>,
    /// Put behind the step's name where several of its actions set outputs: `submit` gives `fit_submit`.
    pub suffix: Option<&'static str>,
    /// Repositories whose files it reads.
    pub reads: Vec<Files>,
    /// Done again on each fresh agent of a job that is split.
    pub prepares: bool,
    /// Runs although something before it failed, unless its step's `when` speaks of that itself.
    pub after_failures: bool,
    /// Its outputs are variables of the job: other jobs cannot read them.
    pub outputs_stay: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Agent,
    /// Without an agent (`pool: server`).
    Server,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// The repository that holds the project, its output included. The script then starts in the project's root.
    Project,
    Repository(Id<Repository>),
}

#[derive(Clone, Debug)]
pub enum ActionBody {
    Script(Script),
    /// A task of the catalogue, by `Name@major`; inputs in order.
    Task {
        name: String,
        inputs: Vec<(String, Expr)>,
    },
    Checkout {
        repository: Option<Id<Repository>>,
        depth: u32,
        submodules: bool,
        lfs: bool,
        clean: bool,
    },
    NoCheckout,
    /// An existing template of steps.
    Include(Include),
    /// `artifact` of this run, or of a run of another pipeline, to `path`.
    Publish {
        artifact: String,
        path: Expr,
    },
    Download {
        artifact: Option<String>,
        /// What another pipeline is called here.
        source: Option<String>,
        path: Option<Expr>,
    },
    /// Asks people: a manual validation.
    Approve {
        approval: Id<Approval>,
    },
    /// Holds no agent.
    Wait {
        seconds: u64,
    },
}

#[derive(Clone, Debug)]
pub struct Script {
    pub source: ScriptSource,
    /// Signed in to Azure with this connection.
    pub connection: Option<Id<Connection>>,
    /// The sign-in is kept alive: it may run longer than a token.
    pub long: bool,
    pub shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Bash,
    Pwsh,
    Python,
    Cmd,
}

#[derive(Clone, Debug)]
pub enum ScriptSource {
    /// The user's text, byte for byte.
    Verbatim(String),
    /// A script in the repository, relative to the project's root.
    File(String),
    /// `templates/NAME.sh.hbs` with its data. Data decides which lines there are, values come through `env`.
    Template { name: &'static str, data: Vec<(&'static str, Datum)> },
}

/// What a template reads.
pub type Data = Vec<(&'static str, Datum)>;

#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    Flag(bool),
    /// A constant that is safe as a word of the shell: an identifier the compiler made.
    Word(String),
    /// Rows for `{{#each}}`.
    Rows(Vec<Vec<(&'static str, Datum)>>),
}

impl Action {
    pub fn script(title: impl Into<String>, script: Script) -> Action {
        Action::agent(title, ActionBody::Script(script))
    }

    /// Something that runs on an agent.
    pub fn agent(title: impl Into<String>, body: ActionBody) -> Action {
        Action {
            title: title.into(),
            body,
            env: Vec::new(),
            place: Place::Agent,
            longest: None,
            outputs: Vec::new(),
            suffix: None,
            reads: Vec::new(),
            prepares: false,
            after_failures: false,
            outputs_stay: false,
        }
    }

    /// A task on an agent.
    pub fn task(title: impl Into<String>, name: &str, inputs: Vec<(&str, Expr)>) -> Action {
        let inputs = inputs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Action::agent(title, ActionBody::Task { name: name.to_owned(), inputs })
    }

    /// An agentless task.
    pub fn server(title: impl Into<String>, body: ActionBody, longest: u64) -> Action {
        Action { place: Place::Server, longest: Some(longest), ..Action::agent(title, body) }
    }

    /// Seconds it may take at most.
    #[must_use]
    pub fn longest(mut self, seconds: u64) -> Action {
        self.longest = Some(seconds);
        self
    }

    #[must_use]
    pub fn prepares(mut self) -> Action {
        self.prepares = true;
        self
    }

    #[must_use]
    pub fn after_failures(mut self) -> Action {
        self.after_failures = true;
        self
    }

    #[must_use]
    pub fn outputs(mut self, names: &[&str]) -> Action {
        self.outputs.extend(names.iter().map(|it| (*it).to_owned()));
        self
    }

    #[must_use]
    pub fn reads(mut self, files: Files) -> Action {
        self.reads.push(files);
        self
    }

    #[must_use]
    pub fn env_maybe(self, name: impl Into<String>, value: Option<Expr>) -> Action {
        match value {
            Some(value) => self.env(name, value),
            None => self,
        }
    }

    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: Expr) -> Action {
        self.env.push((name.into(), value));
        self
    }
}

impl Script {
    /// A script of the compiler that needs no sign-in.
    pub fn local(name: &'static str, data: Vec<(&'static str, Datum)>) -> Script {
        Script {
            source: ScriptSource::Template { name, data },
            connection: None,
            long: false,
            shell: Shell::Bash,
        }
    }

    /// A script of the compiler, signed in to Azure.
    pub fn azure(name: &'static str, data: Vec<(&'static str, Datum)>, connection: Id<Connection>) -> Script {
        Script {
            source: ScriptSource::Template { name, data },
            connection: Some(connection),
            long: false,
            shell: Shell::Bash,
        }
    }
}
