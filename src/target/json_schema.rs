//! JSON Schema as Helm uses it for values: the keywords of draft 7 that charts use, references within the document.
//! What is not known here is not checked.

use regex_lite::Regex;
use serde_json::{Map, Value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Keys and indices from the top.
    pub path: Vec<String>,
    /// What is wrong there, after "`path` ".
    pub message: String,
}

/// What of the value the schema does not allow.
pub fn violations(schema: &Value, value: &Value) -> Vec<Violation> {
    let mut cx = Cx { root: schema, path: Vec::new(), found: Vec::new(), depth: 0 };
    cx.check(schema, value);
    cx.found
}

struct Cx<'a> {
    root: &'a Value,
    path: Vec<String>,
    found: Vec<Violation>,
    depth: usize,
}

/// References may lead in circles.
const DEEP: usize = 64;

impl<'a> Cx<'a> {
    fn report(&mut self, message: impl Into<String>) {
        self.found.push(Violation { path: self.path.clone(), message: message.into() });
    }

    /// Whether the value fits, reporting nothing.
    fn fits(&self, schema: &'a Value, value: &Value) -> bool {
        let mut cx = Cx { root: self.root, path: Vec::new(), found: Vec::new(), depth: self.depth };
        cx.check(schema, value);
        cx.found.is_empty()
    }

    fn check(&mut self, schema: &'a Value, value: &Value) {
        let keywords = match schema {
            Value::Bool(false) => return self.report("is not allowed"),
            Value::Object(keywords) if self.depth < DEEP => keywords,
            _ => return,
        };
        self.depth += 1;
        let reference = keywords.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
        if let Some(target) = reference.and_then(|it| self.root.pointer(it)) {
            self.check(target, value);
        }
        self.of_any_type(keywords, value);
        match value {
            Value::Object(map) => self.object(keywords, map),
            Value::Array(items) => self.array(keywords, items),
            Value::String(text) => self.text(keywords, text),
            Value::Number(number) => self.number(keywords, number.as_f64().unwrap_or(0.0)),
            Value::Null | Value::Bool(_) => {}
        }
        self.combined(keywords, value);
        self.depth -= 1;
    }

    fn of_any_type(&mut self, keywords: &'a Map<String, Value>, value: &Value) {
        let types: Vec<&str> = match keywords.get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !types.is_empty() && !types.iter().any(|it| is_of(value, it)) {
            self.report(format!("is {}, and the chart takes {}", kind(value), types.join(" or ")));
        }
        if let Some(Value::Array(allowed)) = keywords.get("enum")
            && !allowed.iter().any(|it| same(it, value))
        {
            let shown: Vec<String> = allowed.iter().map(|it| format!("`{it}`")).collect();
            self.report(format!("is none of {}", shown.join(", ")));
        }
        if let Some(only) = keywords.get("const").filter(|it| !same(it, value)) {
            self.report(format!("must be `{only}`"));
        }
    }

    fn object(&mut self, keywords: &'a Map<String, Value>, map: &Map<String, Value>) {
        for name in keywords.get("required").and_then(Value::as_array).into_iter().flatten() {
            if let Some(name) = name.as_str().filter(|it| !map.contains_key(*it)) {
                self.path.push(name.to_owned());
                self.report("is required by the chart");
                self.path.pop();
            }
        }
        self.count(keywords, ["minProperties", "maxProperties"], map.len(), "keys");
        let properties = keywords.get("properties").and_then(Value::as_object);
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        for (key, value) in map {
            self.path.push(key.clone());
            let own = properties.and_then(|it| it.get(key));
            let mut known = own.is_some();
            if let Some(own) = own {
                self.check(own, value);
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                if matches(pattern, key) != Some(false) {
                    known = true;
                    self.check(schema, value);
                }
            }
            if let Some(names) = keywords.get("propertyNames")
                && !self.fits(names, &Value::from(key.as_str()))
            {
                self.report("is no key that the chart takes");
            }
            match keywords.get("additionalProperties") {
                Some(Value::Bool(false)) if !known => self.report("is no key that the chart takes"),
                Some(other) if !known => self.check(other, value),
                _ => {}
            }
            self.path.pop();
        }
    }

    fn array(&mut self, keywords: &'a Map<String, Value>, items: &[Value]) {
        self.count(keywords, ["minItems", "maxItems"], items.len(), "items");
        if keywords.get("uniqueItems") == Some(&Value::Bool(true))
            && (1..items.len()).any(|at| items[..at].contains(&items[at]))
        {
            self.report("holds the same item twice");
        }
        for (at, item) in items.iter().enumerate() {
            let schema = match keywords.get("items") {
                Some(Value::Array(each)) => each.get(at).or(keywords.get("additionalItems")),
                other => other,
            };
            if let Some(schema) = schema {
                self.path.push(at.to_string());
                self.check(schema, item);
                self.path.pop();
            }
        }
    }

    fn text(&mut self, keywords: &'a Map<String, Value>, text: &str) {
        self.count(keywords, ["minLength", "maxLength"], text.chars().count(), "characters");
        if let Some(pattern) = keywords.get("pattern").and_then(Value::as_str)
            && matches(pattern, text) == Some(false)
        {
            self.report(format!("does not match `{pattern}`"));
        }
    }

    fn number(&mut self, keywords: &'a Map<String, Value>, number: f64) {
        let bound = |name: &str| keywords.get(name).and_then(Value::as_f64);
        let wrong = [
            bound("minimum").filter(|it| number < *it).map(|it| format!("is below {it}")),
            bound("maximum").filter(|it| number > *it).map(|it| format!("is above {it}")),
            bound("exclusiveMinimum").filter(|it| number <= *it).map(|it| format!("is not above {it}")),
            bound("exclusiveMaximum").filter(|it| number >= *it).map(|it| format!("is not below {it}")),
            bound("multipleOf")
                .filter(|it| *it > 0.0 && (number / it).fract() != 0.0)
                .map(|it| format!("is no multiple of {it}")),
        ];
        for message in wrong.into_iter().flatten() {
            self.report(message);
        }
    }

    fn count(&mut self, keywords: &Map<String, Value>, names: [&str; 2], count: usize, what: &str) {
        let bound = |name: &str| keywords.get(name).and_then(Value::as_u64);
        if let Some(least) = bound(names[0]).filter(|it| (count as u64) < *it) {
            self.report(format!("has {count} {what}, and the chart takes at least {least}"));
        }
        if let Some(most) = bound(names[1]).filter(|it| (count as u64) > *it) {
            self.report(format!("has {count} {what}, and the chart takes at most {most}"));
        }
    }

    fn combined(&mut self, keywords: &'a Map<String, Value>, value: &Value) {
        let several = |name: &str| keywords.get(name).and_then(Value::as_array);
        for schema in several("allOf").into_iter().flatten() {
            self.check(schema, value);
        }
        if let Some(any) = several("anyOf")
            && !any.iter().any(|it| self.fits(it, value))
        {
            self.none_of(any, value);
        }
        if let Some(one) = several("oneOf") {
            match one.iter().filter(|it| self.fits(it, value)).count() {
                0 => self.none_of(one, value),
                1 => {}
                _ => self.report("fits several forms of the chart, which takes one"),
            }
        }
        if keywords.get("not").is_some_and(|it| self.fits(it, value)) {
            self.report("is what the chart excludes");
        }
        if let Some(condition) = keywords.get("if") {
            let branch = if self.fits(condition, value) { "then" } else { "else" };
            if let Some(branch) = keywords.get(branch) {
                self.check(branch, value);
            }
        }
    }

    /// With one form of the value's type, what that one says is what helps.
    fn none_of(&mut self, forms: &'a [Value], value: &Value) {
        let typed = |it: &&Value| it["type"].as_str().is_some_and(|ty| is_of(value, ty));
        let same_type: Vec<&Value> = forms.iter().filter(typed).collect();
        match same_type.as_slice() {
            [one] => self.check(one, value),
            _ => self.report("has no form that the chart takes"),
        }
    }
}

fn matches(pattern: &str, text: &str) -> Option<bool> {
    Regex::new(pattern).ok().map(|it| it.is_match(text))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other).is_eq(),
        _ => one == other,
    }
}

fn is_of(value: &Value, ty: &str) -> bool {
    match ty {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.as_f64().is_some_and(|it| it.fract() == 0.0),
        _ => true,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
