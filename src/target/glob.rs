//! Patterns of branches, tags and paths: `*` stands for anything.

/// Whether some text fits both patterns.
pub fn meets(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Of each place in `one`: which beginnings of `other` may stand there.
    let mut row = vec![false; other.len() + 1];
    row[0] = true;
    spread(&mut row, &other);
    for sign in one {
        let mut next = vec![false; other.len() + 1];
        for at in (0..row.len()).filter(|it| row[*it]) {
            if sign == '*' {
                next[at..].fill(true);
                break;
            }
            match other.get(at) {
                Some('*') => next[at] = true,
                Some(it) if *it == sign || *it == '?' || sign == '?' => next[at + 1] = true,
                _ => {}
            }
        }
        spread(&mut next, &other);
        row = next;
    }
    row[other.len()]
}

/// A `*` may stand for nothing.
fn spread(row: &mut [bool], other: &[char]) {
    for at in 0..other.len() {
        if row[at] && other[at] == '*' {
            row[at + 1] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::meets;

    #[test]
    fn patterns_meet_where_a_text_fits_both() {
        for (one, other) in [
            ("main", "main"),
            ("*", "main"),
            ("releases/*", "*/old"),
            ("a*c", "ab*"),
            ("*", "*"),
            ("a?c", "abc"),
            ("", "*"),
        ] {
            assert!(meets(one, other) && meets(other, one), "{one} {other}");
        }
        for (one, other) in
            [("main", "mai"), ("releases/*", "feature/*"), ("a*c", "b*"), ("*x", "*y"), ("", "a")]
        {
            assert!(!meets(one, other) && !meets(other, one), "{one} {other}");
        }
    }
}
