//! The bindings in the command of an Azure ML step: `${{inputs.x}}`, `${{outputs.y}}`, `${{search_space.z}}`, and `$[[ … ]]` around what
//! belongs to an optional input. Source: Azure ML documentation, "Core yaml syntax".

use std::ops::Range;

/// One `${{ … }}` of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    Input {
        name: String,
        /// Inside `$[[ … ]]`.
        optional: bool,
    },
    Output(String),
    /// What a sweep tries.
    SearchSpace(String),
    /// `${{name}}`, `${{default_datastore}}`: always known.
    BuiltIn,
    /// Anything else, as written.
    Unknown(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    Input,
    Output,
}

/// All bindings in order. An unclosed one is read to the end of the command.
pub fn bindings(command: &str) -> Vec<Binding> {
    let mut found = Vec::new();
    let mut rest = command;
    let mut optional = false;
    while let Some(at) = rest.find("${{").into_iter().chain(rest.find("$[[")).chain(rest.find("]]")).min() {
        let here = &rest[at..];
        if let Some(inner) = here.strip_prefix("${{") {
            let end = inner.find("}}").unwrap_or(inner.len());
            found.push(binding(inner[..end].trim(), optional));
            rest = inner.get(end + 2..).unwrap_or("");
        } else {
            optional = here.starts_with("$[[");
            rest = &here[if optional { 3 } else { 2 }..];
        }
    }
    found
}

/// Names of inputs and outputs in bindings, with the bytes at which they stand.
pub fn names(text: &str) -> Vec<(Port, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("${{") {
        let start = at + open + "${{".len();
        let end = text[start..].find("}}").map_or(text.len(), |it| start + it);
        let inner = text[start..end].trim_start();
        let port = [("inputs.", Port::Input), ("outputs.", Port::Output)];
        let named = port.into_iter().find_map(|(word, port)| Some((port, inner.strip_prefix(word)?)));
        if let Some((port, name)) = named {
            let from = end - name.len();
            let length = name.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(name.len());
            found.push((port, from..from + length));
        }
        at = end;
    }
    found
}

fn binding(text: &str, optional: bool) -> Binding {
    let first = |rest: &str| rest.split('.').next().unwrap_or(rest).to_owned();
    if let Some(rest) = text.strip_prefix("inputs.") {
        return Binding::Input { name: first(rest), optional };
    }
    if let Some(rest) = text.strip_prefix("outputs.") {
        return Binding::Output(first(rest));
    }
    if let Some(rest) = text.strip_prefix("search_space.") {
        return Binding::SearchSpace(first(rest));
    }
    match text {
        "name" | "default_datastore" | "output_name" => Binding::BuiltIn,
        other => Binding::Unknown(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Binding, Port, bindings, names};

    fn input(name: &str, optional: bool) -> Binding {
        Binding::Input { name: name.into(), optional }
    }

    #[test]
    fn names_stand_where_they_are_written() {
        let text = "a ${{inputs.b}} ${{ outputs.c.path }} ${{name}} ${{inputs.";
        let found: Vec<_> = names(text).into_iter().map(|(port, at)| (port, &text[at])).collect();
        assert_eq!(found, [(Port::Input, "b"), (Port::Output, "c"), (Port::Input, "")]);
    }

    #[test]
    fn bindings_come_in_order() {
        let found = bindings(
            "python x.py ${{inputs.a}} $[[ --b ${{ inputs.b }} ]] ${{outputs.c}} ${{search_space.d}} ${{name}} ${{jobs.x}}",
        );
        let expected = [
            input("a", false),
            input("b", true),
            Binding::Output("c".into()),
            Binding::SearchSpace("d".into()),
            Binding::BuiltIn,
            Binding::Unknown("jobs.x".into()),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn shell_tests_are_no_optional_parts() {
        assert_eq!(bindings("[[ -f x ]] && cat ${{inputs.a}}"), [input("a", false)]);
        assert_eq!(bindings("${{inputs.open"), [input("open", false)]);
    }
}
