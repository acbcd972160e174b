//! What the compiler says about a source: plain data. Rendering lives at the edges.
//!
//! A message says what is wrong, in lower case; the help says what to write.

use crate::base::span::Span;

/// The stable name of a kind of finding, as in `mlopsc explain NAME`.
pub type Code = &'static str;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// What a kind of finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Syntax,
    References,
    Types,
    Graph,
    Triggers,
    Jobs,
    Approvals,
    Environments,
    Ml,
    Deployment,
    Helm,
    Naming,
    Security,
    Style,
    Unused,
}

/// What is known of a code before anything is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub code: Code,
    pub group: Group,
    pub severity: Severity,
    /// How safe its fix is, where it has one; the fix of a single finding may be less safe.
    pub fix: Option<Safety>,
    /// Markdown, or a Rust file with it in its header.
    pub page: &'static str,
}

impl Kind {
    pub const fn error(group: Group, code: Code, page: &'static str) -> Kind {
        Kind { code, group, severity: Severity::Error, fix: None, page }
    }

    pub const fn warning(group: Group, code: Code, page: &'static str) -> Kind {
        Kind { severity: Severity::Warning, ..Self::error(group, code, page) }
    }

    pub const fn info(group: Group, code: Code, page: &'static str) -> Kind {
        Kind { severity: Severity::Info, ..Self::error(group, code, page) }
    }

    #[must_use]
    pub const fn fixes(self, safety: Safety) -> Kind {
        Kind { fix: Some(safety), ..self }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    /// The first is the place of the finding, further ones are its context, possibly in other files.
    pub labels: Vec<Label>,
    pub help: Option<String>,
    pub fix: Option<Fix>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A change of the source that removes the finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub title: String,
    pub safety: Safety,
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Says what was meant, or changes nothing but what the finding is about.
    Safe,
    /// A guess, or it changes what will run.
    Unsafe,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

impl Safety {
    pub fn word(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

impl Group {
    pub const ALL: [Group; 15] = [
        Group::Syntax,
        Group::References,
        Group::Types,
        Group::Graph,
        Group::Triggers,
        Group::Jobs,
        Group::Approvals,
        Group::Environments,
        Group::Ml,
        Group::Deployment,
        Group::Helm,
        Group::Naming,
        Group::Security,
        Group::Style,
        Group::Unused,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Group::Syntax => "syntax",
            Group::References => "references",
            Group::Types => "types",
            Group::Graph => "graph",
            Group::Triggers => "triggers",
            Group::Jobs => "jobs",
            Group::Approvals => "approvals",
            Group::Environments => "environments",
            Group::Ml => "ml",
            Group::Deployment => "deployment",
            Group::Helm => "helm",
            Group::Naming => "naming",
            Group::Security => "security",
            Group::Style => "style",
            Group::Unused => "unused",
        }
    }
}

impl Fix {
    pub fn one(safety: Safety, title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix { title: title.into(), safety, edits: vec![Edit { span, text: text.into() }] }
    }
}

impl Diagnostic {
    pub fn new(severity: Severity, code: Code, span: Span, message: impl Into<String>) -> Self {
        let labels = vec![Label { span, text: String::new() }];
        Diagnostic { code, severity, message: message.into(), labels, help: None, fix: None }
    }

    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// The words under the squiggle of the finding itself.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// A safe fix by replacing one place.
    #[must_use]
    pub fn replace(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix::one(Safety::Safe, title, span, text));
        self
    }

    /// A fix by replacing one place that may not be what was meant.
    #[must_use]
    pub fn suggest(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix::one(Safety::Unsafe, title, span, text));
        self
    }

    pub fn span(&self) -> Span {
        self.labels[0].span
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The order of reports: by place, then severity, then code; equal findings once.
pub fn sort(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| {
        let key = |it: &Diagnostic| (it.span(), it.severity, it.code);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
}
