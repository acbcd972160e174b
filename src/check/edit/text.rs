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
    let mut depth = 0_usize;
    for (at, sign) in signs(text, open) {
        match sign {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Offsets and bytes from `start` on that stand in no string and in no comment.
fn signs(text: &str, start: usize) -> impl Iterator<Item = (usize, u8)> {
    let bytes = text.as_bytes();
    let mut at = start;
    std::iter::from_fn(move || {
        loop {
            let byte = *bytes.get(at)?;
            if byte == b'"' {
                at = string_end(text, at)?;
                // What a string stands for is of no matter, but something stands there.
                return Some((at - 1, b'"'));
            }
            if byte == b'/' && bytes.get(at + 1) == Some(&b'/') {
                at = line_end(text, at);
                continue;
            }
            at += 1;
            return Some((at - 1, byte));
        }
    })
}

/// Where an attribute ends whose key ends at the offset.
pub fn value_end(text: &str, key: usize) -> usize {
    let mut depth = 0_usize;
    for (at, sign) in signs(text, key) {
        match sign {
            b'{' | b'[' | b'(' => depth += 1,
            b',' | b'\n' | b'}' if depth == 0 => return key + text[key..at].trim_end().len(),
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    key + text[key..].trim_end().len()
}

/// A statement that starts with this word, directly in the body whose brace is at `open`: up to its end, or to the
/// brace of its own body.
pub fn statement(text: &str, open: usize, word: &str) -> Option<(usize, usize)> {
    let (mut depth, mut begins, mut found) = (0_usize, false, None);
    for (at, sign) in signs(text, open) {
        let ends = matches!(sign, b',' | b'\n' | b'}')
            || (sign == b'{' && found.is_some() && !text[..at].trim_end().ends_with('='));
        if let Some(start) = found.filter(|_| depth == 1 && ends) {
            return Some((start, start + text[start..at].trim_end().len()));
        }
        match sign {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.checked_sub(1).filter(|it| *it > 0)?,
            _ => {}
        }
        let is_name = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
        if begins && depth == 1 && is_name(sign) {
            let rest = text[at..].strip_prefix(word).map(str::as_bytes);
            found = rest.filter(|it| !it.first().is_some_and(|it| is_name(*it))).map(|_| at);
        }
        begins = matches!(sign, b'{' | b',' | b'\n') || (begins && matches!(sign, b' ' | b'\t' | b'\r'));
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
