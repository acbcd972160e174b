//! The actions of a Go template, `{{ … }}`, as words.

/// A word of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// `.a.b`, `$x.a`, `$`, `.`: where it starts, then the fields.
    Chain(Start, Vec<String>),
    Text(String),
    /// A function, a keyword, a number.
    Name(String),
    /// `(`, `)`, `|`, `,`, `:=`, `=`
    Mark(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    Dot,
    /// `$`, or `$name`.
    Variable(String),
    /// Behind a parenthesis.
    Group,
}

/// The actions of a text in order, without comments.
pub fn actions(text: &str) -> Vec<Vec<Word>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        rest = &rest[at + 2..];
        let inner = rest.strip_prefix("- ").unwrap_or(rest).trim_start();
        if inner.starts_with("/*") {
            rest = inner.split_once("*/").map_or("", |it| it.1);
            continue;
        }
        let (words, behind) = action(rest);
        found.push(words);
        rest = behind;
    }
    found
}

/// The words up to `}}`, and what is behind.
fn action(text: &str) -> (Vec<Word>, &str) {
    let mut words = Vec::new();
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (words, rest);
        }
        if let Some(behind) = rest.strip_prefix("}}").or_else(|| rest.strip_prefix("-}}")) {
            return (words, behind);
        }
        let (word, length) = word(rest, words.last());
        words.extend(word);
        rest = &rest[length..];
    }
}

/// The next word and its length; at least one character is passed by.
fn word(rest: &str, before: Option<&Word>) -> (Option<Word>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        '"' | '`' | '\'' => quoted(rest, first),
        '.' => {
            let (fields, length) = fields(rest);
            let grouped = before == Some(&Word::Mark(")"));
            let start = if grouped && !fields.is_empty() { Start::Group } else { Start::Dot };
            (Some(Word::Chain(start, fields)), length.max(1))
        }
        '$' => {
            let name: String = rest[1..].chars().take_while(|it| is_inner(*it)).collect();
            let at = 1 + name.len();
            let (fields, length) = fields(&rest[at..]);
            (Some(Word::Chain(Start::Variable(name), fields)), at + length)
        }
        _ if is_inner(first) => {
            let name: String = rest.chars().take_while(|it| is_inner(*it)).collect();
            let length = name.len();
            (Some(Word::Name(name)), length)
        }
        _ => {
            let marks = [":=", "(", ")", "|", ",", "="];
            match marks.into_iter().find(|it| rest.starts_with(*it)) {
                Some(mark) => (Some(Word::Mark(mark)), mark.len()),
                None => (None, first.len_utf8()),
            }
        }
    }
}

/// `.a.b.c`
fn fields(text: &str) -> (Vec<String>, usize) {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = text[at..].strip_prefix('.') {
        let name: String = rest.chars().take_while(|it| is_inner(*it)).collect();
        if name.is_empty() {
            break;
        }
        at += 1 + name.len();
        found.push(name);
    }
    (found, at)
}

fn quoted(text: &str, mark: char) -> (Option<Word>, usize) {
    let mut content = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, it)) = letters.next() {
        if it == mark {
            return (Some(Word::Text(content)), at + 1);
        }
        match (it, mark) {
            ('\\', '"' | '\'') => content.extend(letters.next().map(|it| it.1)),
            _ => content.push(it),
        }
    }
    (None, text.len())
}

fn is_inner(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}
