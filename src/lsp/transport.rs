//! Messages over a pair of streams, each behind a header with its length. What is no message is answered by an error, and
//! the next message is read.

use super::protocol::{Connection, Envelope, ErrorCode};
use crossbeam_channel::{Receiver, Sender, unbounded};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Larger messages are skipped: no text of that size can be compiled.
const LONGEST: u64 = 1 << 30;

/// No line of a header is that long.
const LONGEST_LINE: u64 = 1 << 16;

/// Runs `serve` with a connection over the streams; all that it sent is written when this returns.
pub fn over<T>(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    serve: impl FnOnce(&Connection) -> T,
) -> T {
    let (incoming, receiver) = unbounded();
    let (sender, outgoing) = unbounded();
    let output = Arc::new(Mutex::new(output));
    let answers = Arc::clone(&output);
    // It ends with its input, or with the process: nothing can wake it.
    thread::spawn(move || read_all(&mut BufReader::new(input), &incoming, &answers));
    let writer = thread::spawn(move || write_all(&outgoing, &output));
    let ended = serve(&Connection { sender, receiver });
    let _ = writer.join();
    ended
}

fn write_all<W: Write>(outgoing: &Receiver<Envelope>, output: &Mutex<W>) {
    for message in outgoing {
        let mut value = serde_json::to_value(&message).unwrap_or_default();
        if let Value::Object(fields) = &mut value {
            fields.insert("jsonrpc".to_owned(), "2.0".into());
        }
        if write(output, &value).is_err() {
            return;
        }
    }
}

fn write<W: Write>(output: &Mutex<W>, message: &Value) -> io::Result<()> {
    let text = message.to_string();
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

fn read_all<W: Write>(input: &mut impl BufRead, incoming: &Sender<Envelope>, answers: &Mutex<W>) {
    while let Ok(Some(body)) = next(input) {
        let answer = match message(&body) {
            Ok(message) => {
                if incoming.send(message).is_err() {
                    return;
                }
                continue;
            }
            Err(answer) => answer,
        };
        if write(answers, &answer).is_err() {
            return;
        }
    }
}

/// The message, or the answer to what is none.
fn message(body: &[u8]) -> Result<Envelope, Value> {
    let refused = |id: Value, code: ErrorCode, message: String| {
        let error = json!({ "code": code as i32, "message": message });
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    };
    let value: Value = serde_json::from_slice(body)
        .map_err(|it| refused(Value::Null, ErrorCode::ParseError, format!("this is no JSON: {it}")))?;
    let id = value.get("id").filter(|it| it.is_string() || it.is_i64()).cloned();
    let is_answer = value.get("method").is_none();
    let is_request = value.get("id").is_some() && !is_answer;
    let message = serde_json::from_value(value).ok();
    // A request whose id makes no sense would be taken for a notification.
    let message = message.filter(|it| !is_request || matches!(it, Envelope::Request(_)));
    message.ok_or_else(|| {
        let message = if is_answer { "this is no message" } else { "this is no request" };
        refused(id.unwrap_or(Value::Null), ErrorCode::InvalidRequest, message.to_owned())
    })
}

/// The body behind the next header that makes sense; none at the end of the input.
fn next(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    loop {
        let mut length = None;
        loop {
            let mut line = Vec::new();
            if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let line = String::from_utf8_lossy(&line);
            let Some((name, value)) = line.split_once(':') else {
                if line.trim().is_empty() {
                    break;
                }
                continue;
            };
            if name.trim().eq_ignore_ascii_case("content-length") {
                length = value.trim().parse::<u64>().ok();
            }
        }
        match length {
            Some(length) if length <= LONGEST => {
                let mut body = Vec::new();
                let read = input.by_ref().take(length).read_to_end(&mut body)?;
                return Ok((read as u64 == length).then_some(body));
            }
            Some(length) => {
                io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
            }
            None => {}
        }
    }
}
