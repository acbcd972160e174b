//! How long the language server takes for a keystroke in the middle of a file of so many lines, of which every second one
//! breaks the file, with so many other files open: `lsp LINES FILES`, 1000 and 0 if none are given.
//!
//! Prints the median and the 95th percentile in milliseconds of: the first diagnostics of the new text, those of the whole
//! project, and completion; of a preview whose files are made for it, and of completion asked for behind that; and the memory of the
//! server.

#![expect(clippy::disallowed_methods, reason = "a benchmark starts a program, reads a clock, and prints")]

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const KEYSTROKES: usize = 200;

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u64,
}

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|it| it.parse().ok()).collect();
    let (lines, files) = (numbers.first().copied().unwrap_or(1000), numbers.get(1).copied().unwrap_or(0));
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    std::fs::write(folder.path().join("mlopsc.toml"), "").expect("the folder can be written");
    let uri = |name: &str| format!("file://{}/{name}", folder.path().display());
    let mut server = Server::start();
    server.ask("initialize", &json!({ "capabilities": { "general": { "positionEncodings": ["utf-8"] } } }));
    server.tell("initialized", &json!({}));
    let mut text = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n".to_owned();
    (0..lines / 10).for_each(|it| pipeline(&mut text, &format!("main_{it}")));
    for number in 0..files {
        let mut other = String::new();
        pipeline(&mut other, &format!("other_{number}"));
        server.open(&uri(&format!("other_{number}.mlops")), &other);
    }
    let main = uri("main.mlops");
    server.open(&main, &text);
    server.settle(&main);
    let report = measure(&mut server, &main, &text);
    let mut out = std::io::stdout();
    let head = format!("{} lines, {files} other files open\n", text.lines().count());
    out.write_all((head + &report).as_bytes()).expect("the report can be written");
    let _ = server.process.kill();
}

fn measure(server: &mut Server, uri: &str, text: &str) -> String {
    let line = text.lines().count() / 2 / 10 * 10 + 5;
    let (mut first, mut whole, mut completion) = (Vec::new(), Vec::new(), Vec::new());
    let (mut preview, mut beside) = (Vec::new(), Vec::new());
    for number in 0..KEYSTROKES {
        let (start, end, new) = if number % 2 == 0 { (0, 0, "{") } else { (0, 1, "") };
        let place = |character: usize| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": place(start), "end": place(end) }, "text": new });
        let version = number + 2;
        let document = json!({ "uri": uri, "version": version });
        let began = Instant::now();
        server
            .tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": [change] }));
        while server.receive()["params"]["version"] != version {}
        first.push(began.elapsed().as_secs_f64() * 1e3);
        let began_choice = Instant::now();
        let place = json!({ "textDocument": { "uri": uri }, "position": place(4) });
        server.ask("textDocument/completion", &place);
        completion.push(began_choice.elapsed().as_secs_f64() * 1e3);
        server.settle(uri);
        whole.push(began.elapsed().as_secs_f64() * 1e3);
        // The generated files of a healthy text, made for the first time; somebody completes meanwhile.
        if number % 10 == 9 {
            let began = Instant::now();
            let files = server.request("mlopsc/preview", &place);
            let choice = server.request("textDocument/completion", &place);
            server.answer(choice);
            beside.push(began.elapsed().as_secs_f64() * 1e3);
            server.answer(files);
            preview.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    let mut report = String::new();
    let measured = [
        ("first", first),
        ("project", whole),
        ("completion", completion),
        ("preview", preview),
        ("beside it", beside),
    ];
    for (what, mut times) in measured {
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[times.len() * percent / 100];
        let _ = writeln!(report, "{what:>10}: p50 {:7.2} ms, p95 {:7.2} ms", at(50), at(95));
    }
    let _ = writeln!(report, "{:>10}: {}", "memory", server.memory());
    report
}

/// Ten lines.
fn pipeline(text: &mut String, name: &str) {
    let _ = write!(
        text,
        "/// Builds.\npipeline {name} {{\n  trigger manual\n  stage make {{\n    run \"make\" as look {{ output size: int }}\n  \
         }}\n  stage test {{ run \"test\" {{ env {{ SIZE = make.look.size }} }} }}\n  timeout = 20m\n}}\n\n"
    );
}

impl Server {
    fn start() -> Server {
        let mut process = Command::new(env!("CARGO_BIN_EXE_mlopsc"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = process.stdin.take().expect("it is piped");
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        Server { process, input, output, last_id: 0 }
    }

    fn open(&mut self, uri: &str, text: &str) {
        let item = json!({ "uri": uri, "languageId": "mlops", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": item }));
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: &Value) {
        let id = self.request(method, params);
        self.answer(id);
    }

    fn request(&mut self, method: &str, params: &Value) -> u64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// Reads until a request is answered; others must be answered later.
    fn answer(&mut self, id: u64) {
        while self.receive()["id"] != id {}
    }

    /// Waits until the whole project is checked.
    fn settle(&mut self, uri: &str) {
        let start = json!({ "line": 0, "character": 0 });
        let range = json!({ "start": start, "end": start });
        let context = json!({ "diagnostics": [] });
        let params = json!({ "textDocument": { "uri": uri }, "range": range, "context": context });
        self.ask("textDocument/codeAction", &params);
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("the server writes");
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().expect("it is a number"),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).expect("the server writes");
        serde_json::from_slice(&body).expect("it is JSON")
    }

    /// As Linux tells it.
    fn memory(&self) -> String {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        line.map_or_else(|| "unknown".to_owned(), |it| it.trim().to_owned())
    }
}
