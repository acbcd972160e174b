//! As much of HTTP/1.1 as curl needs.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub struct Request {
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// The path's parts, decoded.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.as_str())
    }

    pub fn writes(&self) -> bool {
        self.method != "GET"
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Response {
    pub fn json(status: u16, body: &Value) -> Response {
        let headers = vec![("Content-Type", "application/json; charset=utf-8; api-version=7.1".to_owned())];
        Response { status, headers, body: body.to_string() }
    }

    pub fn html(status: u16, body: &str) -> Response {
        let headers = vec![("Content-Type", "text/html; charset=utf-8".to_owned())];
        Response { status, headers, body: body.to_owned() }
    }

    pub fn empty(status: u16) -> Response {
        Response { status, headers: Vec::new(), body: String::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl ToString) -> Response {
        self.headers.push((name, value.to_string()));
        self
    }

    pub fn send(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        self.send_half(stream, self.body.len())
    }

    /// So many bytes of the body, after a head that promises all of them.
    pub fn send_half(&self, stream: &mut TcpStream, bytes: usize) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Test\r\nContent-Length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(&[head.as_bytes(), &self.body.as_bytes()[..bytes]].concat())
    }

    /// So many bytes of a chunk that would hold the whole body.
    pub fn send_chunk(&self, stream: &mut TcpStream, bytes: usize) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Test\r\nTransfer-Encoding: chunked\r\n", self.status);
        for (name, value) in &self.headers {
            head += &[*name, ": ", value, "\r\n"].concat();
        }
        head.push_str("\r\n");
        if bytes > 0 {
            let size = format!("{:x}\r\n", self.body.len());
            head.push_str(&size);
        }
        let bytes = bytes.min(self.body.len());
        stream.write_all(&[head.as_bytes(), &self.body.as_bytes()[..bytes]].concat())
    }
}

/// The next request of a connection; nothing at its end.
pub fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|it| *it > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let path = path.split('/').filter(|it| !it.is_empty()).map(decoded).collect();
    let query = query.split('&').filter_map(|it| it.split_once('='));
    let query = query.map(|(name, value)| (decoded(name), decoded(&value.replace('+', " ")))).collect();
    let mut request = Request { method, path, query, headers, body: Vec::new(), target };
    let length = request.header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
    request.body.resize(length, 0);
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// Percent-decoding.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text.get(at + 1..at + 3).and_then(|it| u8::from_str_radix(it, 16).ok());
        match code.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                plain.push(byte);
                at += 3;
            }
            None => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Base64, as basic authentication wants it.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0usize, |acc, it| acc << 8 | usize::from(*it)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = char::from(LETTERS[group >> (18 - 6 * place) & 63]);
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}
