//! Lines and braces of a source text, seen without its tree.

/// Offset of the first byte of the line.
pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |it| it + 1)
}

/// Offset of the line's break, or of the end of the text.
pub fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find('\n').map_or(text.len(), |it| offset + it)
}

/// Of the brace at `open`. Strings and comments hold no braces.
pub fn matching_brace(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, open);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth = depth.checked_sub(1)?,
            b'"' => {
                at = string_end(text, at)?;
                continue;
            }
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at = line_end(text, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Behind the string that starts at the offset; of a block, behind its closing line of quotes.
pub fn string_end(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    let quotes = rest.len() - rest.trim_start_matches('"').len();
    match quotes {
        1 => line_string_end(text, start),
        2 => Some(start + 2),
        _ => {
            let mut line = line_end(text, start) + 1;
            while line < text.len() {
                let end = line_end(text, line);
                let written = text[line..end].trim();
                if written.len() == quotes && written.bytes().all(|it| it == b'"') {
                    return Some(end);
                }
                line = end + 1;
            }
            None
        }
    }
}

fn line_string_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}
