//! Scripts of others, read line by line without comments: enough for looking for a call, no parser.

/// Lines of Python with their numbers, comments taken off.
pub fn python_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).map(|(number, line)| (number, line.split('#').next().unwrap_or(line)))
}

/// Lines of a shell script with their numbers, whole-line comments left out.
pub fn shell_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'))
}

/// The seconds of a line that is one `sleep N` with an optional unit, and is waited for.
pub fn sleep_seconds(line: &str) -> Option<u64> {
    let mut words = line.trim().trim_end_matches(';').split_whitespace();
    if words.next() != Some("sleep") {
        return None;
    }
    let word = words.next()?;
    if words.next() == Some("&") {
        return None;
    }
    let (digits, factor) = match word.chars().last()? {
        's' => (&word[..word.len() - 1], 1),
        'm' => (&word[..word.len() - 1], 60),
        'h' => (&word[..word.len() - 1], 3600),
        'd' => (&word[..word.len() - 1], 24 * 3600),
        _ => (word, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::{python_lines, shell_lines, sleep_seconds};

    #[test]
    fn only_sleeps_count() {
        assert_eq!(sleep_seconds("  sleep 24h"), Some(86_400));
        assert_eq!(sleep_seconds("sleep 30;"), Some(30));
        assert_eq!(sleep_seconds("sleep 30 && echo"), Some(30));
        assert_eq!(sleep_seconds("sleep 24h &"), None);
        assert_eq!(sleep_seconds("echo sleep 30"), None);
        assert_eq!(sleep_seconds("sleep \"$N\""), None);
    }

    #[test]
    fn comments_do_not_count() {
        assert_eq!(shell_lines("# az ml job cancel\nls").collect::<Vec<_>>(), [(2, "ls")]);
        assert_eq!(python_lines("run.cancel()  # why").next(), Some((1, "run.cancel()  ")));
    }
}
