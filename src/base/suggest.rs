//! "Did you mean": the known word nearest to the written one.

/// Letters of a word that are compared.
const LONGEST: usize = 64;

/// Known words that are compared. Ten thousand mistakes among ten thousand names must not take minutes.
const MOST: usize = 1000;

/// Words further away than a third of the written word's length are no suggestion, except one that is the only one to begin
/// with it. Of words that are equally far, one that only misses letters wins.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> = letters(written).collect();
    let mut word_letters = Vec::with_capacity(LONGEST);
    let mut room = written.len().div_ceil(3).max(1);
    let mut found: Option<(&str, usize)> = None;
    let (mut begun, mut more_begin) = (None, false);
    for word in known.into_iter().take(MOST) {
        word_letters.clear();
        word_letters.extend(letters(word));
        if written.len() > 2 && word_letters.starts_with(&written) {
            more_begin |= begun.is_some();
            begun = Some(word);
        }
        let Some(far) = distance(&written, &word_letters, room) else { continue };
        let is_better = match found {
            None => true,
            Some((before, least)) => far < least || (misses(&written, word) && !misses(&written, before)),
        };
        if is_better {
            found = Some((word, far));
        }
        // Only one as near is of interest now.
        room = far;
    }
    found.map(|it| it.0).or(begun.filter(|_| !more_begin))
}

/// Whether the word is the written one with more letters.
fn misses(written: &[char], word: &str) -> bool {
    let mut rest = letters(word);
    word.chars().count() > written.len() && written.iter().all(|it| rest.any(|letter| letter == *it))
}

/// Whether one is surely a slip of the other: one edit, or one for each four letters.
pub fn is_slip(written: &str, word: &str) -> bool {
    let written: Vec<char> = letters(written).collect();
    let word: Vec<char> = letters(word).collect();
    written.len() > 2 && distance(&written, &word, (written.len() / 4).max(1)).is_some()
}

/// Case counts nothing.
fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().take(LONGEST).map(|it| if it.is_ascii() { it.to_ascii_lowercase() } else { lower_case(it) })
}

fn lower_case(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// Edits between two words (insert, delete, replace, swap neighbours), if `limit` or fewer are enough.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let (a, b) = differing(a, b);
    // No distance is above the length of a word; small numbers make rows cheap to copy.
    let mut above = [0_u8; LONGEST + 1];
    let mut row: [u8; LONGEST + 1] = std::array::from_fn(narrow);
    for i in 0..a.len() {
        let before = std::mem::replace(&mut above, row);
        row[0] = narrow(i + 1);
        for j in 0..b.len() {
            let replaced = above[j] + u8::from(a[i] != b[j]);
            row[j + 1] = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
            if swapped {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
    }
    Some(usize::from(row[b.len()])).filter(|far| *far <= limit)
}

fn narrow(column: usize) -> u8 {
    u8::try_from(column).expect("columns end at `LONGEST`")
}

/// The words without the letters they begin and end with alike.
fn differing<'w>(a: &'w [char], b: &'w [char]) -> (&'w [char], &'w [char]) {
    let alike = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[alike..], &b[alike..]);
    let alike = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (&a[..a.len() - alike], &b[..b.len() - alike])
}

#[cfg(test)]
mod tests {
    use super::{is_slip, nearest};

    #[test]
    fn a_slip_is_nearer_than_a_suggestion() {
        assert!(
            is_slip("pipelin", "pipeline")
                && is_slip("stgae", "stage")
                && is_slip("ml_ippeline", "ml_pipeline")
        );
        assert!(!is_slip("size", "file") && !is_slip("prod", "pool") && !is_slip("no", "on"));
    }

    #[test]
    fn one_slip_is_found() {
        let known = ["timeout", "trigger", "title"];
        assert_eq!(nearest("tiemout", known), Some("timeout"));
        assert_eq!(nearest("Trigger", known), Some("trigger"));
        assert_eq!(nearest("triger", known), Some("trigger"));
    }

    #[test]
    fn the_nearest_wins_and_of_equals_the_first() {
        assert_eq!(nearest("stage", ["stages_a", "stagex", "stagey", "tage"]), Some("stagex"));
        assert_eq!(nearest("stage", ["stagex", "Stage", "stag"]), Some("Stage"));
        assert_eq!(nearest("abcdef", ["abdcef", "abcxyf"]), Some("abdcef"), "a swap is one edit");
        assert_eq!(nearest("aab", ["ab", "abb"]), Some("ab"));
    }

    #[test]
    fn a_word_that_was_cut_short_is_completed() {
        assert_eq!(nearest("un", ["on", "run", "in"]), Some("run"));
        assert_eq!(nearest("min", ["name", "minimum", "timeout"]), Some("minimum"));
        assert_eq!(nearest("min", ["minimum", "minutes"]), None);
        assert_eq!(nearest("mi", ["minimum"]), None);
    }

    #[test]
    fn a_word_too_long_to_be_compared_whole_is_compared_by_its_beginning() {
        let long = "x".repeat(10_000);
        assert_eq!(nearest(&long, ["pool", "xxx"]), None);
        assert_eq!(nearest(&format!("{long}y"), ["pool", &long]), Some(long.as_str()));
    }

    #[test]
    fn far_words_are_not_suggested() {
        assert_eq!(nearest("environment", ["pool", "env"]), None);
        assert_eq!(nearest("x", ["timeout"]), None);
    }
}
