//! Texts that nobody writes: no panic, no overflow, few findings, time in proportion to the text.

use mlopsc::base::span::FileId;
use mlopsc::syntax::parse;
use std::time::{Duration, Instant};

const MANY: usize = 100_000;

#[test]
fn monsters_are_parsed_in_time() {
    let monsters = [
        "{".repeat(MANY),
        "a {\n".repeat(MANY),
        "a { ".repeat(MANY),
        "[".repeat(MANY),
        format!("a = {}", "[".repeat(MANY)),
        format!("a = {}", "f(".repeat(MANY)),
        "}".repeat(MANY),
        " a\n}\n".repeat(MANY / 4),
        "if a {\n  ".repeat(64),
        format!("{} = 1", "a".repeat(10_000)),
        format!("a = [{}]", "1, ".repeat(MANY)),
        "a = \"\"\"\n".repeat(MANY / 8),
        "a = \"\"\"x\n".repeat(MANY / 8),
        (3..300).map(|length| ["a = ", &"\"".repeat(length), "\n"].concat()).collect(),
        "\"".repeat(MANY),
        "a = \"x {\n".repeat(MANY / 8),
        format!("a = \"{}\"", "${{".repeat(MANY / 4)),
        format!("a = \"{}\"", "${".repeat(MANY / 4)),
        "${".repeat(MANY),
        format!("a = {}b", "!".repeat(MANY)),
        format!("a = b{}", " && b".repeat(MANY / 4)),
        format!("if a {{ }}{}", " else if b { }".repeat(MANY / 10)),
        format!("a = if b then c{} else d", " else if b then c".repeat(MANY / 10)),
        format!("a = {}", "if ".repeat(MANY / 4)),
        format!("a = b{}", "[0]".repeat(MANY / 4)),
        format!("a = [\n{}", "  b c\n".repeat(MANY / 8)),
        "? ( ".repeat(60),
        "\u{202E}".repeat(MANY / 4),
    ];
    for text in monsters {
        let start = Instant::now();
        let (_, findings) = parse(FileId(0), &text);
        let name: String = text.chars().take(20).collect();
        assert!(findings.len() <= 201, "{name}: {} findings", findings.len());
        assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn no_soup_of_characters_panics() {
    let alphabet: Vec<char> = "ab_ \n\t\"\"{}[]()=,.:+-!<>&|$%#'\\01é\u{1}\u{4}".chars().collect();
    let words = [
        "if ",
        "for ",
        "in ",
        "else ",
        "then ",
        "as ",
        "template t(",
        "let ",
        "${",
        "\"\"\"",
        "a = ",
        "\r\n",
        "// ",
    ];
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_000).expect("a small number") % below
    };
    for _ in 0..1500 {
        let mut text = String::new();
        for _ in 0..next(120) {
            match next(3) {
                0 => text.push_str(words[next(words.len())]),
                _ => text.push(alphabet[next(alphabet.len())]),
            }
        }
        let (_, findings) = parse(FileId(0), &text);
        let labels = findings.iter().flat_map(|it| &it.labels);
        assert!(labels.into_iter().all(|it| text.get(it.span.range()).is_some()), "{text:?}");
    }
}
