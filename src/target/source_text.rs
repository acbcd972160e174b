//! Scripts of others, read line by line without comments: enough for looking for a call, no parser.

/// Lines of Python with their numbers, comments taken off.
pub fn python_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).map(|(number, line)| (number, line.split('#').next().unwrap_or(line)))
}

/// Lines of a shell script with their numbers, whole-line comments left out.
pub fn shell_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'))
}
