//! Patterns of branches, tags and paths: which of them lets everything in that another one lets in.

/// `refs/tags/*` covers `refs/tags/v1` and `refs/tags/v*`. Both stand in backticks. Where it cannot be said: no.
pub fn covers(pattern: &str, other: &str) -> bool {
    let [pattern, other] = [pattern, other].map(whole);
    pattern == "*" || matches(pattern.as_bytes(), other.as_bytes())
}

/// A branch is the same with what stands before it.
fn whole(pattern: &str) -> &str {
    let inside = pattern.trim_matches('`');
    inside.strip_prefix("refs/heads/").unwrap_or(inside)
}

/// A `*` of the other one is matched by a `*` only. One inside of a path stays in its folder.
fn matches(pattern: &[u8], other: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while place < other.len() {
        match pattern.get(at) {
            Some(b'*') => {
                back = Some((at, place));
                at += 1;
            }
            Some(it) if *it == other[place] => {
                at += 1;
                place += 1;
            }
            _ => {
                let Some((star, taken)) = back else { return false };
                let crosses = star + 1 == pattern.len()
                    || pattern[..=star + 1].ends_with(b"**")
                    || pattern[..=star].ends_with(b"**");
                if other[taken] == b'/' && !crosses {
                    return false;
                }
                back = Some((star, taken + 1));
                (at, place) = (star + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|it| *it == b'*')
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn what_lets_more_in_covers_what_lets_less_in() {
        let all = [
            ("*", "refs/tags/v1", true),
            ("refs/tags/*", "refs/tags/hotfix-*", true),
            ("refs/tags/hotfix-*", "refs/tags/*", false),
            ("main", "refs/heads/main", true),
            ("release/*", "release/1/fix", true),
            ("release/*/fix", "release/1/fix", true),
            ("release/*/fix", "release/1/2/fix", false),
            ("src/**/a", "src/b/c/a", true),
            ("v1", "v*", false),
            ("*-rc", "v1-rc", true),
            ("*-rc", "v1-*", false),
            ("main", "mai", false),
        ];
        for (pattern, other, expected) in all {
            assert_eq!(covers(pattern, other), expected, "{pattern} and {other}");
        }
    }
}
