//! "Did you mean": the known word nearest to the written one.

/// Words further away than a third of the written word's length are no suggestion.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = written.chars().count().div_ceil(3).max(1);
    let measured = known.into_iter().map(|word| (distance(written, word, limit), word));
    measured.filter(|(far, _)| *far <= limit).min_by_key(|(far, _)| *far).map(|(_, word)| word)
}

/// Edits between two words (insert, delete, replace, swap neighbours), or more than `limit`. Case counts nothing.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).take(64).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).take(64).collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1; b.len() + 1];
        for j in 0..b.len() {
            let replaced = above[j] + usize::from(a[i] != b[j]);
            row[j + 1] = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            if swapped {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn one_slip_is_found() {
        let known = ["timeout", "trigger", "title"];
        assert_eq!(nearest("tiemout", known), Some("timeout"));
        assert_eq!(nearest("Trigger", known), Some("trigger"));
        assert_eq!(nearest("triger", known), Some("trigger"));
    }

    #[test]
    fn far_words_are_not_suggested() {
        assert_eq!(nearest("environment", ["pool", "env"]), None);
        assert_eq!(nearest("x", ["timeout"]), None);
    }
}
