//! What a Dockerfile says about its image.

/// The user of the last stage: the last `USER` behind the last `FROM`, without a group.
pub fn user(text: &str) -> Option<String> {
    let mut user = None;
    for line in text.lines().map(str::trim) {
        let mut words = line.split_whitespace();
        match words.next().map(str::to_ascii_uppercase).as_deref() {
            Some("FROM") => user = None,
            Some("USER") => user = words.next().map(|it| it.split(':').next().unwrap_or(it).to_owned()),
            _ => {}
        }
    }
    user
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn the_last_stage_decides() {
        assert_eq!(user("FROM a\nUSER app:app\n"), Some("app".into()));
        assert_eq!(user("FROM a\nUSER app\nFROM b\nRUN x\n"), None);
        assert_eq!(user("from a\n  user 1000\n"), Some("1000".into()));
        assert_eq!(user("FROM a\n# USER x\n"), None);
    }
}
