//! The keys of `[check]`. Whether a rule exists is not known here.

use super::{Config, Wrong, place, with_article};
use crate::base::span::{FileId, Spanned};
use crate::diag::Severity;
use toml::de::DeValue;

const RULES: &str = "write a list of rules in quotes, such as `[\"unused-declaration\", \"group:style\"]`";

pub fn select(config: &mut Config, value: &DeValue<'_>, file: FileId) -> Result<(), Wrong> {
    config.check.select = Some(rules("select", value, file)?);
    Ok(())
}

pub fn ignore(config: &mut Config, value: &DeValue<'_>, file: FileId) -> Result<(), Wrong> {
    config.check.ignore = rules("ignore", value, file)?;
    Ok(())
}

pub fn severity(config: &mut Config, value: &DeValue<'_>, file: FileId) -> Result<(), Wrong> {
    let help = "write a table: `severity = { unused-declaration = \"error\", \"group:style\" = \"off\" }`";
    let Some(table) = value.as_table() else { return Err(not_a("table", "severity", value, help)) };
    for (name, value) in table {
        let level = match value.get_ref().as_str() {
            Some("error") => Some(Severity::Error),
            Some("warning") => Some(Severity::Warning),
            Some("info") => Some(Severity::Info),
            Some("off") => None,
            _ => {
                let message = format!("the severity of `{}` is not known", name.get_ref());
                let help = "write `\"error\"`, `\"warning\"`, `\"info\"` or `\"off\"`";
                return Err(Wrong { message, help, span: Some(place(file, &value.span())) });
            }
        };
        let rule = Spanned::new(name.get_ref().to_string(), place(file, &name.span()));
        config.check.severity.push((rule, level));
    }
    Ok(())
}

pub fn per_file(config: &mut Config, value: &DeValue<'_>, file: FileId) -> Result<(), Wrong> {
    let help = "write a table: `per-file-ignores = { \"old/**\" = [\"unused-declaration\"] }`";
    let Some(table) = value.as_table() else { return Err(not_a("table", "per-file-ignores", value, help)) };
    for (pattern, value) in table {
        let found = rules(pattern.get_ref(), value.get_ref(), file)
            .map_err(|it| Wrong { span: it.span.or(Some(place(file, &value.span()))), ..it })?;
        config.check.per_file.push((pattern.get_ref().to_string(), found));
    }
    Ok(())
}

fn rules(key: &str, value: &DeValue<'_>, file: FileId) -> Result<Vec<Spanned<String>>, Wrong> {
    let Some(list) = value.as_array() else { return Err(not_a("list", key, value, RULES)) };
    let rule = |it: &toml::Spanned<DeValue<'_>>| {
        let span = place(file, &it.span());
        match it.get_ref().as_str() {
            Some(text) => Ok(Spanned::new(text.to_owned(), span)),
            None => {
                let message = format!("a rule is text, not {}", with_article(it.get_ref().type_str()));
                Err(Wrong { message, help: RULES, span: Some(span) })
            }
        }
    };
    list.iter().map(rule).collect()
}

fn not_a(wanted: &str, key: &str, value: &DeValue<'_>, help: &'static str) -> Wrong {
    let message = format!("`{key}` is a {wanted}, not {}", with_article(value.type_str()));
    Wrong { message, help, span: None }
}
