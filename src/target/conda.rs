//! What a conda file installs. Source: conda documentation, "Creating an environment file manually", and pip's
//! "Requirement specifiers".

use serde_json::Value;

/// Packages by name, each with what is said about its version, which may be nothing. `None` where the text is no such file.
pub fn packages(text: &str) -> Option<Vec<(String, String)>> {
    let file: Value = serde_yaml::from_str(text).ok()?;
    let mut found = Vec::new();
    for entry in file.get("dependencies")?.as_array()? {
        match entry {
            Value::String(it) => found.extend(package(it)),
            Value::Object(it) => {
                let pip = it.get("pip").and_then(Value::as_array);
                found.extend(pip.into_iter().flatten().filter_map(Value::as_str).filter_map(package));
            }
            _ => {}
        }
    }
    Some(found)
}

/// `numpy=1.26`, `channel::numpy >=1`, `pandas[perf]~=2.2; python_version < "4"`. Options, files and addresses are none.
pub fn package(text: &str) -> Option<(String, String)> {
    let text = text.split([';', '#']).next().unwrap_or(text).trim();
    let text = text.rsplit("::").next().unwrap_or(text).trim();
    let legal = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
    let end = text.find(|it| !legal(it)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let is_name = name.starts_with(|it: char| it.is_ascii_alphanumeric());
    let is_file = rest.trim_start().starts_with(['/', ':', '+']);
    (is_name && !is_file).then(|| (name.to_ascii_lowercase().replace('_', "-"), rest.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{package, packages};

    #[test]
    fn names_and_versions_are_told_apart() {
        let of = |text: &str| package(text).map(|(name, version)| format!("{name} {version}"));
        assert_eq!(of("numpy=1.26").as_deref(), Some("numpy =1.26"));
        assert_eq!(of("conda-forge::pip").as_deref(), Some("pip "));
        assert_eq!(of("Azure_AI[x, y] ~= 1.2 ; python_version > '3'").as_deref(), Some("azure-ai ~= 1.2"));
        assert_eq!(
            of("mlflow @ git+https://x.example/mlflow@v1").as_deref(),
            Some("mlflow @ git+https://x.example/mlflow@v1")
        );
        for none in [
            "-r requirements.txt",
            "--extra-index-url https://x.example",
            "git+https://x.example/a",
            "./local",
            "https://x.example/a.whl",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_file_lists_both_kinds() {
        let text = "name: x\ndependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - mlflow==2\n      - -r more.txt\n";
        let found = packages(text).expect("it is one");
        assert_eq!(found.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["python", "pip", "mlflow"]);
        assert_eq!(packages("- a"), None);
    }
}
