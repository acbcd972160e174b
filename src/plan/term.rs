//! Conditions and run-time values, in the functions Azure Pipelines evaluates.

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Bool(bool),
    Number(f64),
    Text(String),
    /// `variables['name']`
    Variable(String),
    /// `${{ parameters.name }}`, put in when the run is queued.
    Parameter {
        name: String,
        bool: bool,
    },
    Output(Output),
    Result(Producer),
    Call(Function, Vec<Term>),
}

/// An output variable and where it is read from: the spelling depends on both.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    pub producer: Producer,
    /// The producer is a deployment job, whose outputs carry its name once more.
    pub deployment: bool,
    /// The copy that sets it, where the producer has several.
    pub leg: Option<String>,
    pub step: String,
    pub variable: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Producer {
    pub reader: Reader,
    /// `None`: a job of the reader's own stage.
    pub stage: Option<String>,
    /// `None`: the stage as a whole.
    pub job: Option<String>,
}

/// What kind of place reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The condition of a stage.
    StageCondition,
    /// The condition or a variable of a job.
    Job,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    And,
    Or,
    Not,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    /// `iif`
    If,
    Format,
    Lower,
    Replace,
    StartsWith,
    Contains,
    Succeeded,
    Failed,
    Canceled,
    Always,
    SucceededOrFailed,
}

impl Term {
    pub fn call(function: Function, arguments: impl Into<Vec<Term>>) -> Term {
        Term::Call(function, arguments.into())
    }

    pub fn succeeded() -> Term {
        Term::call(Function::Succeeded, [])
    }

    /// Both must hold; nested `and`s are written as one.
    #[must_use]
    pub fn and(self, other: Term) -> Term {
        let mut all = Vec::new();
        for term in [self, other] {
            match term {
                Term::Call(Function::And, inner) => all.extend(inner),
                Term::Bool(true) => {}
                single => all.push(single),
            }
        }
        match all.len() {
            0 => Term::Bool(true),
            1 => all.remove(0),
            _ => Term::Call(Function::And, all),
        }
    }

    /// `eq(x, 'true')`: outputs and variables are texts.
    #[must_use]
    pub fn is_true(self) -> Term {
        Term::call(Function::Equal, [self, Term::Text("true".into())])
    }

    #[must_use]
    pub fn negated(self) -> Term {
        Term::call(Function::Not, [self])
    }
}
