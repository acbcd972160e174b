//! Templates of Azure Pipelines: what a file holds, and what it takes. Only what stands there plainly is read; what template
//! expressions decide is known to nobody before a run.

use serde_json::{Map, Value};

/// What a template holds, and so where it may be included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Steps,
    Jobs,
    Stages,
    Variables,
    /// A whole pipeline, to be extended.
    Pipeline,
}

#[derive(Clone, Debug)]
pub struct Template {
    pub holds: Holds,
    /// `None`: any, because template expressions stand between them.
    pub parameters: Option<Vec<Parameter>>,
    /// Names of its stages; `None` where they cannot be told.
    pub stages: Option<Vec<String>>,
    /// Names of its steps; `None` where they cannot be told.
    pub steps: Option<Vec<Step>>,
    /// Names of its variables with a value each; `None` where they cannot be told.
    pub variables: Option<Vec<(String, Value)>>,
}

/// A step with a name.
#[derive(Clone, Debug)]
pub struct Step {
    pub name: String,
    /// The outputs that its script sets; `None` where they cannot be told.
    pub sets: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub ty: ParameterType,
    pub required: bool,
    /// The values allowed, as text; any where there are none.
    pub values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    String,
    Number,
    Boolean,
    /// Lists of texts.
    StringList,
    /// Everything: `object`, steps, jobs, stages; and parameters without a type.
    Any,
}

/// The error says what is wrong with the file.
pub fn read(text: &str) -> Result<Template, String> {
    // Template expressions as keys often stand twice: `${{ else }}`.
    let options = serde_yaml::options! { duplicate_keys: serde_yaml::DuplicateKeyPolicy::LastWins };
    let whole: Value = serde_yaml::from_str_with_options(text, options)
        .map_err(|error| format!("it is no YAML: {}", first_line(&error.to_string())))?;
    let Value::Object(root) = whole else { return Err("it holds no template".into()) };
    let holds = holds(&root).ok_or("it holds no steps, jobs, stages or variables")?;
    Ok(Template {
        holds,
        parameters: parameters(root.get("parameters")),
        stages: root.get("stages").and_then(|it| names(it, "stage")),
        steps: root.get("steps").and_then(steps),
        variables: root.get("variables").and_then(variables),
    })
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn holds(root: &Map<String, Value>) -> Option<Holds> {
    let has = |key: &str| root.contains_key(key);
    let more = root
        .keys()
        .any(|it| !matches!(it.as_str(), "parameters" | "steps" | "jobs" | "stages" | "variables"));
    let kinds = [("steps", Holds::Steps), ("jobs", Holds::Jobs), ("stages", Holds::Stages)];
    let kind = kinds.into_iter().find(|(key, _)| has(key)).map(|it| it.1);
    match (kind, has("variables")) {
        (None, true) if !more => Some(Holds::Variables),
        (Some(kind), false) if !more => Some(kind),
        (Some(_), _) => Some(Holds::Pipeline),
        (None, _) => has("extends").then_some(Holds::Pipeline),
    }
}

fn parameters(found: Option<&Value>) -> Option<Vec<Parameter>> {
    match found {
        Some(Value::Array(items)) => items.iter().map(parameter).collect(),
        // The older form: names with their defaults.
        Some(Value::Object(map)) => {
            let plain = map.keys().all(|it| !it.contains("${{"));
            let one = |name: &String| Parameter {
                name: name.clone(),
                ty: ParameterType::Any,
                required: false,
                values: Vec::new(),
            };
            plain.then(|| map.keys().map(one).collect())
        }
        None | Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Some(Vec::new()),
    }
}

fn parameter(item: &Value) -> Option<Parameter> {
    let name = item.get("name")?.as_str()?.to_owned();
    let ty = match item.get("type").and_then(Value::as_str).unwrap_or("string") {
        "string" => ParameterType::String,
        "number" => ParameterType::Number,
        "boolean" => ParameterType::Boolean,
        "stringList" => ParameterType::StringList,
        _ => ParameterType::Any,
    };
    let values = item.get("values").and_then(Value::as_array);
    let values = values.into_iter().flatten().map(plain).collect();
    Some(Parameter { name, ty, required: item.get("default").is_none(), values })
}

/// A scalar as text.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn names(items: &Value, key: &str) -> Option<Vec<String>> {
    let one = |it: &Value| it.get(key)?.as_str().filter(|it| !it.contains("${{")).map(str::to_owned);
    items.as_array()?.iter().map(one).collect()
}

fn steps(items: &Value) -> Option<Vec<Step>> {
    let items = items.as_array()?;
    let hidden = |it: &Value| {
        it.as_object().is_none_or(|it| it.keys().any(|it| it == "template" || it.contains("${{")))
    };
    if items.iter().any(hidden) {
        return None;
    }
    let step = |it: &Value| {
        Some(Step { name: it.get("name")?.as_str()?.to_owned(), sets: script(it).and_then(sets) })
    };
    Some(items.iter().filter_map(step).collect())
}

fn script(step: &Value) -> Option<&str> {
    ["script", "bash", "pwsh", "powershell"].iter().find_map(|it| step.get(it)?.as_str())
}

/// The outputs that a script sets by itself. One that shows none may let another program set them.
fn sets(script: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for command in script.split("##vso[task.setvariable ").skip(1) {
        let properties = command.split(']').next().unwrap_or_default();
        let property = |name: &str| {
            let pairs = properties.split(';').filter_map(|it| it.split_once('='));
            pairs.into_iter().find(|it| it.0.trim().eq_ignore_ascii_case(name)).map(|it| it.1.trim())
        };
        let variable = property("variable")?;
        if !variable.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.') {
            return None;
        }
        if property("isOutput").is_some_and(|it| it.eq_ignore_ascii_case("true")) {
            found.push(variable.to_owned());
        }
    }
    (!found.is_empty()).then_some(found)
}

fn variables(found: &Value) -> Option<Vec<(String, Value)>> {
    match found {
        Value::Object(map) => {
            let plain = map.keys().all(|it| !it.contains("${{"));
            plain.then(|| map.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        Value::Array(items) => {
            let one = |it: &Value| Some((it.get("name")?.as_str()?.to_owned(), it.get("value")?.clone()));
            items.iter().map(one).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

impl Holds {
    pub fn word(self) -> &'static str {
        match self {
            Holds::Steps => "steps",
            Holds::Jobs => "jobs",
            Holds::Stages => "stages",
            Holds::Variables => "variables",
            Holds::Pipeline => "a pipeline",
        }
    }

    /// Where it is included.
    pub fn place(self) -> &'static str {
        match self {
            Holds::Steps => "a job, or in a stage without jobs",
            Holds::Jobs => "a stage",
            Holds::Stages => "a pipeline",
            Holds::Variables => "`variables`: `template = \"…\"`",
            Holds::Pipeline => "a pipeline that has nothing else: it is extended",
        }
    }
}
