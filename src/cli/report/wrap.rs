//! Breaking text into lines, at blanks only, so that paths and names stay whole.

/// `text` in lines of at most `width` characters where its words allow; its own line ends stay.
pub fn fill(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| fill_line(line, width)).collect();
    lines.join("\n")
}

fn fill_line(line: &str, width: usize) -> String {
    let words = line.trim_start_matches(' ');
    let mut out = line[..line.len() - words.len()].to_owned();
    let mut column = out.len();
    for (nth, word) in words.split(' ').enumerate() {
        let wide = word.chars().count();
        let fits = column + 1 + wide <= width;
        if nth > 0 {
            out.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        out.push_str(word);
        column += wide;
    }
    out
}
