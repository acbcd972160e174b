//! `mlopsc.toml`: the file that marks a project, says where its output goes and what its owners want to hear.

mod check;

use crate::base::files::normalize;
use crate::base::sources::Sources;
use crate::base::span::{FileId, Span, Spanned};
use crate::base::suggest::nearest;
use crate::diag::{Code, Diagnostic, Severity};
use toml::de::{DeTable, DeValue};

/// The file's name in the root of a project.
pub const FILE: &str = "mlopsc.toml";
pub const CODE: Code = "config";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The output folder, relative to the project's root, normalized, inside the root.
    pub output: String,
    /// Values for the options of the project, by name, as text.
    pub options: Vec<(String, String)>,
    pub check: Check,
}

/// Which rules are told, and how. A word is the code of a rule, `group:NAME` or `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Only these, if there is a list.
    pub select: Option<Vec<Spanned<String>>>,
    pub ignore: Vec<Spanned<String>>,
    /// None is off.
    pub severity: Vec<(Spanned<String>, Option<Severity>)>,
    /// Pattern of paths, and what is ignored in them.
    pub per_file: Vec<(String, Vec<Spanned<String>>)>,
}

impl Default for Config {
    fn default() -> Self {
        Config { output: "generated".to_owned(), options: Vec::new(), check: Check::default() }
    }
}

/// A word of the file.
pub struct Key {
    /// The table it stands in; empty at the top.
    pub table: &'static str,
    pub name: &'static str,
    pub shape: Shape,
    /// What holds where nothing is said.
    pub default: &'static str,
    pub doc: &'static str,
    /// The error says what is wrong with the value, its second part what to write.
    set: Set,
}

type Set = fn(&mut Config, &DeValue<'_>, FileId) -> Result<(), Wrong>;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Folder,
    /// Free names with texts, numbers or booleans.
    Scalars,
    Rules,
    /// Rules with severities.
    Severities,
    /// Patterns of paths with rules.
    RulesByPattern,
}

struct Wrong {
    message: String,
    help: &'static str,
    /// Where it is not the value itself.
    span: Option<Span>,
}

/// Every key, in the order of the documentation.
pub static KEYS: &[Key] = &[
    Key {
        table: "",
        name: "output",
        shape: Shape::Folder,
        default: "generated",
        doc: "The folder for the generated files, below the folder of `mlopsc.toml`, written with `/`.",
        set: |config, value, _| set_output(config, value),
    },
    Key {
        table: "",
        name: "options",
        shape: Shape::Scalars,
        default: "",
        doc: "Values for the `option` declarations of the project; `-D NAME=VALUE` wins over them.",
        set: |config, value, _| set_options(config, value),
    },
    Key {
        table: "check",
        name: "select",
        shape: Shape::Rules,
        default: "all",
        doc: "Only these rules are told, and all errors.",
        set: check::select,
    },
    Key {
        table: "check",
        name: "ignore",
        shape: Shape::Rules,
        default: "",
        doc: "These rules are not told.",
        set: check::ignore,
    },
    Key {
        table: "check",
        name: "severity",
        shape: Shape::Severities,
        default: "",
        doc: "The severity of single rules or groups: `error`, `warning`, `info` or `off`.",
        set: check::severity,
    },
    Key {
        table: "check",
        name: "per-file-ignores",
        shape: Shape::RulesByPattern,
        default: "",
        doc: "Rules that are not told of some files: by a pattern of paths, `*` within a folder, `**` across folders.",
        set: check::per_file,
    },
];

/// A project's texts, as somebody has read them.
#[derive(Debug, Default)]
pub struct Texts {
    pub config: Config,
    /// `mlopsc.toml`, apart from the sources: it is not in the language.
    pub config_text: Sources,
    pub config_findings: Vec<Diagnostic>,
    pub sources: Sources,
    /// What is wrong with the bytes of the sources: they are not checked then.
    pub findings: Vec<Diagnostic>,
}

/// Reads the file; what cannot be used is reported and keeps its default.
pub fn parse(text: &str, file: FileId) -> (Config, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut config = Config::default();
    let mut findings: Vec<Diagnostic> = errors.iter().map(|error| syntax(error, text, file)).collect();
    read("", table.get_ref(), file, &mut config, &mut findings);
    crate::diag::sort(&mut findings);
    (config, findings)
}

/// The keys of one table.
fn read(
    table: &str,
    written: &DeTable<'_>,
    file: FileId,
    config: &mut Config,
    findings: &mut Vec<Diagnostic>,
) {
    let keys = || KEYS.iter().filter(|key| key.table == table);
    for (name, value) in written {
        let inner = KEYS.iter().any(|key| table.is_empty() && key.table == name.get_ref());
        if let (true, Some(table)) = (inner, value.get_ref().as_table()) {
            read(name.get_ref(), table, file, config, findings);
            continue;
        }
        let span = place(file, &value.span());
        if inner {
            let message =
                format!("`{}` is a table, not {}", name.get_ref(), with_article(value.get_ref().type_str()));
            findings
                .push(Diagnostic::error(CODE, span, message).help("write `[check]` and its keys below it"));
            continue;
        }
        let Some(key) = keys().find(|key| key.name == name.get_ref()) else {
            findings.push(unknown(table, name.get_ref(), place(file, &name.span())));
            continue;
        };
        if let Err(wrong) = (key.set)(config, value.get_ref(), file) {
            let span = wrong.span.unwrap_or(span);
            findings.push(Diagnostic::error(CODE, span, wrong.message).help(wrong.help));
        }
    }
}

fn set_output(config: &mut Config, value: &DeValue<'_>) -> Result<(), Wrong> {
    let wrong = |message: String| Wrong {
        message,
        span: None,
        help: "write a folder below the one of `mlopsc.toml`, with `/`, as in `output = \"generated\"`",
    };
    let Some(path) = value.as_str() else {
        return Err(wrong(format!("`output` is text, not {}", with_article(value.type_str()))));
    };
    let from_a_drive = path.as_bytes().get(1) == Some(&b':');
    if path.trim().is_empty() {
        return Err(wrong("`output` is empty".to_owned()));
    }
    if path.starts_with('/') || path.contains('\\') || from_a_drive {
        return Err(wrong(format!("`output` is not a relative path with `/`: `{path}`")));
    }
    if path.split('/').any(|part| part == "..") {
        return Err(wrong(format!("`output` goes upwards: `{path}`")));
    }
    config.output = normalize(path).expect("a path without `..` stays inside");
    Ok(())
}

fn set_options(config: &mut Config, value: &DeValue<'_>) -> Result<(), Wrong> {
    let help = "write `[options]` and below it `name = value` for each `option` of the project";
    let Some(table) = value.as_table() else {
        let message = format!("`options` is a table, not {}", with_article(value.type_str()));
        return Err(Wrong { message, help, span: None });
    };
    for (name, value) in table {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Boolean(truth) => truth.to_string(),
            other => {
                let kind = with_article(other.type_str());
                let message =
                    format!("the option `{}` is text, a number or a boolean, not {kind}", name.get_ref());
                return Err(Wrong { message, help, span: None });
            }
        };
        config.options.push((name.get_ref().to_string(), text));
    }
    Ok(())
}

fn unknown(table: &str, name: &str, span: Span) -> Diagnostic {
    let owner = if table.is_empty() { "`mlopsc.toml`".to_owned() } else { format!("`[{table}]`") };
    let finding = Diagnostic::error(CODE, span, format!("`{name}` is not a key of {owner}"));
    let known = known_names(table);
    if let Some(known) = nearest(name, known.iter().copied()) {
        let title = format!("did you mean `{known}`?");
        return finding.help(&title).suggest(title, span, known);
    }
    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    finding.help(format!("the keys are: {}", known.join(", ")))
}

/// The keys of a table, and at the top the tables.
fn known_names(table: &str) -> Vec<&'static str> {
    let mut names: Vec<&str> = KEYS.iter().filter(|it| it.table == table).map(|it| it.name).collect();
    for key in KEYS.iter().filter(|it| table.is_empty() && !it.table.is_empty()) {
        if !names.contains(&key.table) {
            names.push(key.table);
        }
    }
    names
}

fn syntax(error: &toml::de::Error, text: &str, file: FileId) -> Diagnostic {
    let range = error.span().unwrap_or(text.len()..text.len());
    Diagnostic::error(CODE, place(file, &range), error.message().replace('\n', ", "))
        .help("write it as TOML: `key = \"value\"`")
}

fn place(file: FileId, range: &std::ops::Range<usize>) -> Span {
    Span::new(file, range.start, range.end)
}

fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}
