//! What templates of Azure say about their parameters and outputs, as far as it can be read without Azure's own tools.

use serde_json::Value;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Template {
    pub parameters: Vec<Parameter>,
    pub outputs: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// It has no default, and must not be absent.
    pub required: bool,
}

/// `None` where the text is not understood. `path` tells Bicep from JSON.
pub fn template(path: &str, text: &str) -> Option<Template> {
    if is(path, "bicep") { Some(bicep(text)) } else { json(text) }
}

/// The parameters that a parameter file gives.
pub fn given(path: &str, text: &str) -> Option<Vec<String>> {
    if is(path, "bicepparam") {
        let names = text.lines().filter_map(|it| Some(declared(it, "param")?.0.to_owned()));
        return Some(names.collect());
    }
    let file: Value = serde_json::from_str(text).ok()?;
    Some(file.get("parameters")?.as_object()?.keys().cloned().collect())
}

fn is(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|it| it.1 == extension)
}

fn json(text: &str) -> Option<Template> {
    let file: Value = serde_json::from_str(text).ok()?;
    let of = |key: &str| file.get(key).and_then(Value::as_object).into_iter().flatten();
    let parameters = of("parameters").map(|(name, it)| {
        let nullable = it.get("nullable").and_then(Value::as_bool).unwrap_or(false);
        Parameter { name: name.clone(), required: it.get("defaultValue").is_none() && !nullable }
    });
    file.get("resources")?;
    Some(Template {
        parameters: parameters.collect(),
        outputs: of("outputs").map(|it| it.0.clone()).collect(),
    })
}

/// Declarations stand on lines of their own. A type that goes on behind the line may have a default there.
fn bicep(text: &str) -> Template {
    let mut found = Template::default();
    for line in text.lines() {
        if let Some((name, rest)) = declared(line, "param") {
            let rest = rest.split("//").next().unwrap_or_default().trim();
            let open = rest.ends_with(['{', '(', '[', '|']) || rest.is_empty();
            let required = !open && !rest.contains('=') && !rest.ends_with('?');
            found.parameters.push(Parameter { name: name.to_owned(), required });
        } else if let Some((name, _)) = declared(line, "output") {
            found.outputs.push(name.to_owned());
        }
    }
    found
}

/// `param name …`
fn declared<'a>(line: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let rest = line.strip_prefix(word)?.strip_prefix(' ')?.trim_start();
    let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bicep_and_json_say_the_same() {
        let bicep = "targetScope = 'resourceGroup'\n@secure()\nparam key string\nparam sku string = 'a'\nparam tag string? // none\n\
                     param net {\n  id: string\n}\nresource x 'y' = {\n}\noutput vaultName string = x.name\n";
        let found = template("main.bicep", bicep).expect("it is read");
        let needs: Vec<(&str, bool)> =
            found.parameters.iter().map(|it| (it.name.as_str(), it.required)).collect();
        assert_eq!(needs, [("key", true), ("sku", false), ("tag", false), ("net", false)]);
        assert_eq!(found.outputs, ["vaultName"]);
        let json = r#"{"resources": [], "parameters": {"key": {"type": "string"}, "sku": {"type": "string", "defaultValue": ""}},
                       "outputs": {"vaultName": {}}}"#;
        let found = template("main.json", json).expect("it is read");
        let needs: Vec<(&str, bool)> =
            found.parameters.iter().map(|it| (it.name.as_str(), it.required)).collect();
        assert_eq!(needs, [("key", true), ("sku", false)]);
        assert_eq!(template("main.json", "// a comment\n{}"), None);
        let file = r#"{"parameters": {"key": {"value": 1}}}"#;
        assert_eq!(given("p.json", file), Some(vec!["key".to_owned()]));
        assert_eq!(
            given("p.bicepparam", "using 'main.bicep'\nparam key = 1\n"),
            Some(vec!["key".to_owned()])
        );
    }
}
