//! Patterns of paths: `*` and `?` stay in a folder, `**` crosses folders.

/// Both with `/`.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    folders(&pattern, &path)
}

fn folders(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            folders(rest, path) || path.split_first().is_some_and(|it| folders(pattern, it.1))
        }
        ([first, rest @ ..], [name, below @ ..]) => {
            part(first.as_bytes(), name.as_bytes()) && folders(rest, below)
        }
        ([], _) | (_, []) => false,
    }
}

fn part(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            part(rest, name) || name.split_first().is_some_and(|it| part(pattern, it.1))
        }
        ([b'?', rest @ ..], [_, below @ ..]) => part(rest, below),
        ([first, rest @ ..], [byte, below @ ..]) => first == byte && part(rest, below),
        ([], _) | (_, []) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stay_in_folders_and_double_stars_do_not() {
        assert!(matches("pipelines/*.mlops", "pipelines/qa.mlops"));
        assert!(!matches("pipelines/*.mlops", "pipelines/old/qa.mlops"));
        assert!(matches("**/q?.mlops", "pipelines/old/qa.mlops") && matches("**/q?.mlops", "qa.mlops"));
        assert!(!matches("*.mlops", "a/b.mlops") && !matches("a", "ab"));
    }
}
