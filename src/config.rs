//! `mlopsc.toml`: the file that marks a project and says where its output goes.

use crate::base::files::normalize;
use crate::base::span::{FileId, Span};
use crate::base::suggest::nearest;
use crate::diag::{Code, Diagnostic};
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
}

impl Default for Config {
    fn default() -> Self {
        Config { output: "generated".to_owned(), options: Vec::new() }
    }
}

/// A word of the file.
struct Key {
    name: &'static str,
    /// The error says what is wrong with the value, its second part what to write.
    set: fn(&mut Config, &DeValue<'_>) -> Result<(), Wrong>,
}

struct Wrong {
    message: String,
    help: &'static str,
}

static KEYS: &[Key] = &[Key { name: "output", set: set_output }, Key { name: "options", set: set_options }];

/// Reads the file; what cannot be used is reported and keeps its default.
pub fn parse(text: &str, file: FileId) -> (Config, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut config = Config::default();
    let mut findings: Vec<Diagnostic> = errors.iter().map(|error| syntax(error, text, file)).collect();
    for (name, value) in table.get_ref() {
        let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
            findings.push(unknown(name.get_ref(), place(file, &name.span())));
            continue;
        };
        if let Err(wrong) = (key.set)(&mut config, value.get_ref()) {
            let span = place(file, &value.span());
            findings.push(Diagnostic::error(CODE, span, wrong.message).help(wrong.help));
        }
    }
    crate::diag::sort(&mut findings);
    (config, findings)
}

fn set_output(config: &mut Config, value: &DeValue<'_>) -> Result<(), Wrong> {
    let wrong = |message: String| Wrong {
        message,
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
        return Err(Wrong { message, help });
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
                return Err(Wrong { message, help });
            }
        };
        config.options.push((name.get_ref().to_string(), text));
    }
    Ok(())
}

fn unknown(name: &str, span: Span) -> Diagnostic {
    let finding = Diagnostic::error(CODE, span, format!("`{name}` is not a key of `mlopsc.toml`"));
    if let Some(known) = nearest(name, KEYS.iter().map(|key| key.name)) {
        let title = format!("did you mean `{known}`?");
        return finding.help(&title).suggest(title, span, known);
    }
    let known: Vec<String> = KEYS.iter().map(|key| format!("`{}`", key.name)).collect();
    finding.help(format!("the keys are: {}", known.join(", ")))
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
