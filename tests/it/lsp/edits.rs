//! Any edits, in any order: no panic, no hang, and in the end what a cold `mlopsc check` says.

use super::support::Client;
use crate::support::files_below;
use mlopsc::cli;
use mlopsc::cli::disk::Local;
use mlopsc::cli::edge::{Compiler, Edge, Level, Paint, Stream};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A small generator of numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }

    /// A byte at which a character begins, or the end; never between the halves of a line's end, where no position of the
    /// protocol points.
    fn place(&mut self, text: &str) -> usize {
        nearest(text, self.roll(text.len() + 1))
    }
}

fn nearest(text: &str, at: usize) -> usize {
    let is_place = |at: &usize| text.is_char_boundary(*at) && !text[..*at].ends_with('\r');
    (0..=at.min(text.len())).rev().find(is_place).unwrap_or(0)
}

/// What is typed, pasted and deleted.
const PIECES: &[&str] = &[
    "",
    "",
    "",
    "{",
    "}",
    "\"",
    "\"\"\"",
    "\n",
    "\n\n",
    " ",
    ",",
    "=",
    "[",
    "]",
    "(",
    ")",
    ".",
    "// x\n",
    "/// doc\n",
    "else",
    "if a { b }",
    "${",
    "x",
    "pool linux { image = \"ubuntu-24.04\" }\n",
    "\npipeline p {\n  trigger manual\n}\n",
    "stage s { run \"a\" }",
    "let a = 1\n",
    "é",
    "\u{1F600}",
    "\u{200B}",
    "\r\n",
    "\t",
    "for x in [1, 2] {",
    "// mlopsc: allow(x) y\n",
    "// mlopsc: allow(ambiguous-unicode) y\n",
];

/// The findings of a project by file: where, how grave, what, and the other places.
type Found = BTreeMap<String, Vec<String>>;

/// What `mlopsc check` says of the same files.
fn cold(client: &Client, texts: &BTreeMap<String, String>) -> Found {
    for (path, text) in texts {
        client.write(path, text);
    }
    let mut out = Vec::new();
    let mut edge = Edge {
        disk: &Local,
        compiler: Compiler::default(),
        here: client.at("").canonicalize().unwrap(),
        width: 100,
        level: Level::Quiet,
        pause: Box::new(|| false),
        input: Box::new(io::empty()),
        out: Stream { to: Box::new(&mut out), paint: Paint::default() },
        err: Stream { to: Box::new(io::sink()), paint: Paint::default() },
    };
    let code = cli::run(["mlopsc", "check", "--format", "json"].map(OsString::from), &mut edge);
    assert!(code <= 1, "`mlopsc check` does not work");
    drop(edge);
    let findings: Vec<Value> = serde_json::from_slice(&out).unwrap();
    let mut found = Found::new();
    for finding in &findings {
        let path = finding["location"]["path"].as_str().unwrap().to_owned();
        found.entry(path).or_default().push(told(client, texts, finding));
    }
    sorted(found)
}

fn told(client: &Client, texts: &BTreeMap<String, String>, finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or_default();
    let place = |it: &Value| format!("{} {}", it["path"].as_str().unwrap(), location(client, texts, it));
    let labels = finding["labels"].as_array().unwrap().iter();
    let labels =
        labels.map(|it| format!("{} {}", place(&it["location"]), said(it["text"].as_str().unwrap())));
    let own = location(client, texts, &finding["location"]);
    line(text("severity"), text("code"), &own, text("message"), labels.collect(), text("help"))
}

fn said(text: &str) -> &str {
    if text.is_empty() { "here too" } else { text }
}

/// The order of labels is not the same everywhere, nor which of them is the finding's own.
fn line(
    severity: &str,
    code: &str,
    place: &str,
    message: &str,
    mut labels: Vec<String>,
    help: &str,
) -> String {
    labels.sort();
    format!("{severity} {code} {place} {message} {labels:?} {help}")
}

fn location(client: &Client, texts: &BTreeMap<String, String>, location: &Value) -> String {
    let path = location["path"].as_str().unwrap();
    let read = || std::fs::read_to_string(client.at(path)).unwrap();
    let text = texts.get(path).cloned().unwrap_or_else(read);
    let place = |key: &str| {
        let at = position(&text, usize::try_from(location[key].as_u64().unwrap()).unwrap());
        format!("{}:{}", at["line"], at["character"])
    };
    format!("{}..{}", place("start"), place("end"))
}

fn position(text: &str, at: usize) -> Value {
    let line = text[..at].matches('\n').count();
    json!({ "line": line, "character": at - text[..at].rfind('\n').map_or(0, |it| it + 1) })
}

/// What the editor shows.
fn shown(client: &Client) -> Found {
    let root = format!("{}/", client.uri("").trim_end_matches('/'));
    let range = |range: &Value| {
        let at = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
        format!("{}..{}", at("start"), at("end"))
    };
    let mut found = Found::new();
    for (uri, findings) in client.all_shown() {
        for it in &findings {
            let severity =
                ["error", "warning", "info"][usize::try_from(it["severity"].as_u64().unwrap()).unwrap() - 1];
            let (own, path) = (range(&it["range"]), uri.strip_prefix(&root).unwrap());
            let message = it["message"].as_str().unwrap();
            let (message, help) = message.split_once("\nhelp: ").unwrap_or((message, ""));
            let (message, under) = message.split_once('\n').unwrap_or((message, ""));
            let mut labels: Vec<String> = Vec::new();
            labels.extend(Some(under).filter(|it| !it.is_empty()).map(|it| format!("{path} {own} {it}")));
            labels.extend(it["relatedInformation"].as_array().into_iter().flatten().map(|it| {
                let path = it["location"]["uri"].as_str().unwrap().strip_prefix(&root).unwrap();
                format!("{path} {} {}", range(&it["location"]["range"]), it["message"].as_str().unwrap())
            }));
            let line = line(severity, it["code"].as_str().unwrap(), &own, message, labels, help);
            found.entry(path.to_owned()).or_default().push(line);
        }
    }
    sorted(found)
}

fn sorted(mut found: Found) -> Found {
    found.retain(|_, it| !it.is_empty());
    for lines in found.values_mut() {
        lines.sort();
    }
    found
}

fn is_source(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "mlops")
}

/// An example in an editor, with somebody who hits the keys by chance.
struct Session {
    name: String,
    client: Client,
    dice: Dice,
    /// As they are on the disk.
    originals: BTreeMap<String, String>,
    /// Open files as they are in the editor.
    texts: BTreeMap<String, String>,
    turn: usize,
}

impl Session {
    fn new(example: &str, seed: u64) -> Session {
        let folder = format!("examples/{example}");
        let files = files_below(&folder, "");
        let own = |it: &(String, String)| (it.0[folder.len() + 1..].to_owned(), it.1.clone());
        let files: Vec<(String, String)> =
            files.iter().map(own).filter(|it| !it.0.starts_with("generated/")).collect();
        let borrowed: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let mut session = Session {
            name: format!("{example}, seed {seed}"),
            client: Client::new(&borrowed),
            dice: Dice(seed | 1),
            originals: files.into_iter().filter(|it| is_source(&it.0) || it.0 == "mlopsc.toml").collect(),
            texts: BTreeMap::new(),
            turn: 0,
        };
        session.open();
        session
    }

    /// Opens one of the files that are not open yet.
    fn open(&mut self) {
        let is_closed = |it: &&String| is_source(it) && !self.texts.contains_key(*it);
        let closed: Vec<String> = self.originals.keys().filter(is_closed).cloned().collect();
        if closed.is_empty() {
            return;
        }
        let path = &closed[self.dice.roll(closed.len())];
        let text = std::fs::read_to_string(self.client.at(path)).unwrap();
        self.client.open_with(path, &text);
        self.texts.insert(path.clone(), text);
    }

    fn some_open(&mut self) -> String {
        let at = self.dice.roll(self.texts.len());
        self.texts.keys().nth(at).unwrap().clone()
    }

    /// Some edits in one message, as many as there are.
    fn edit(&mut self) -> usize {
        self.turn += 1;
        let path = self.some_open();
        let (original, mut text) = (&self.originals[&path], self.texts[&path].clone());
        if text.len() > 2 * original.len() + 1000 || self.dice.roll(150) == 0 {
            self.client.replace(&path, original);
            self.texts.insert(path, original.clone());
            return 1;
        }
        let many = [1, 1, 1, 1, 2, 5][self.dice.roll(6)];
        let changes: Vec<Value> = (0..many).map(|_| self.change(&mut text)).collect();
        self.client.change(&path, &json!(changes));
        self.texts.insert(path, text);
        many
    }

    fn change(&mut self, text: &mut String) -> Value {
        let dice = &mut self.dice;
        let start = dice.place(text);
        let end = nearest(text, start + [0, 0, 0, 1, 3, 40][dice.roll(6)]).max(start);
        let new = PIECES[dice.roll(PIECES.len())];
        let range = json!({ "start": position(text, start), "end": position(text, end) });
        text.replace_range(start..end, new);
        json!({ "range": range, "text": new })
    }

    /// What is shown when nothing more is to be done is what a cold check says.
    fn compare(&mut self) {
        let path = self.some_open();
        self.client.settle(&path);
        let (cold, shown) = (cold(&self.client, &self.texts), shown(&self.client));
        if cold != shown {
            let files = cold.keys().chain(shown.keys());
            let path = files.into_iter().find(|it| cold.get(*it) != shown.get(*it)).unwrap();
            let only = |one: &Found, other: &Found| -> Vec<String> {
                let known = other.get(path).into_iter().flatten().collect::<Vec<_>>();
                one.get(path).into_iter().flatten().filter(|it| !known.contains(it)).cloned().collect()
            };
            let text = self.texts.get(path).map_or("it is not open", |it| it);
            let (shown, cold) = (only(&shown, &cold), only(&cold, &shown));
            panic!(
                "{} {path}, turn {}:\n{text}\nonly shown: {shown:#?}\nonly cold: {cold:#?}",
                self.name, self.turn
            );
        }
    }

    /// Any question at any place has an answer, or is refused.
    fn ask(&mut self) {
        let path = self.some_open();
        let text = &self.texts[&path];
        let (start, end) = (self.dice.place(text), self.dice.place(text));
        let (start, end) = (position(text, start.min(end)), position(text, start.max(end)));
        let method = QUESTIONS[self.dice.roll(QUESTIONS.len())];
        let params = json!({
            "textDocument": { "uri": self.client.uri(&path) },
            "position": start, "positions": [start, end], "range": { "start": start, "end": end },
            "newName": "another", "query": "a",
            "context": { "diagnostics": [], "includeDeclaration": true, "triggerKind": 1, "isRetrigger": false },
            "options": { "tabSize": 2, "insertSpaces": true },
        });
        if let Err((code, message)) = self.client.ask(method, params) {
            assert!(
                [-32803, -32801].contains(&code),
                "{method} in {} {path}, turn {}: {code} {message}",
                self.name,
                self.turn
            );
        }
    }
}

const QUESTIONS: &[&str] = &[
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/codeAction",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/documentSymbol",
    "workspace/symbol",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/documentLink",
    "textDocument/semanticTokens/full",
    "textDocument/signatureHelp",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/prepareCallHierarchy",
    "mlopsc/preview",
];

/// So many edits over an example, ten at a time; then something is asked, and what is shown is compared.
fn edit(example: &str, seed: u64, edits: usize) {
    let mut session = Session::new(example, seed);
    session.compare();
    let mut made = 0;
    while made < edits {
        let before = made;
        while made < before + 10 {
            made += session.edit();
        }
        if session.dice.roll(20) == 0 {
            session.open();
        }
        session.ask();
        session.compare();
    }
}

const EXAMPLES: &[&str] =
    &["devops_for_ai", "digitre", "digitre_literal", "retraining", "template", "workspaces"];

#[test]
fn random_edits_end_where_a_cold_check_does() {
    for (seed, example) in [(3, "digitre"), (5, "retraining"), (7, "template")] {
        edit(example, seed, 150);
    }
}

/// `EDITS=100000 cargo test --release --test it many_random_edits -- --ignored`
#[test]
#[ignore = "takes minutes"]
fn many_random_edits_end_where_a_cold_check_does() {
    const AT_ONCE: usize = 250;
    let wanted = std::env::var("EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(100_000_usize);
    let seed = std::env::var("SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000_usize);
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at * AT_ONCE >= wanted {
                return;
            }
            edit(EXAMPLES[at % EXAMPLES.len()], (seed + at) as u64 * 0x9E37_79B9, AT_ONCE);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}
