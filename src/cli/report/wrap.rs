//! Breaking text into lines, at blanks only, so that paths and names stay whole.

/// `text` in lines of at most `width` characters where its words allow; its own line ends stay.
pub fn fill(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| fill_line(line, width)).collect();
    lines.join("\n")
}

fn fill_line(line: &str, width: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for word in line.split(' ') {
        let wide = word.chars().count();
        let fits = column + 1 + wide <= width;
        if !out.is_empty() {
            out.push(if fits { ' ' } else { '\n' });
        }
        column = if fits && !out.is_empty() { column + 1 + wide } else { wide };
        out.push_str(word);
    }
    out
}
