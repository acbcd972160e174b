//! Text to tree on so many kilobytes of a healthy file: `parse KILOBYTES`, 300 if none are given.
//!
//! `benches/instructions` runs it under valgrind; alone it prints the time of one parse.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads its arguments and a clock, and prints")]

use mlopsc::base::span::FileId;
use mlopsc::syntax;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

const EXAMPLE: &str = include_str!("../tests/cases/syntax/ok/delivery.mlops");

fn main() {
    let kilobytes = std::env::args().skip(1).find_map(|it| it.parse::<usize>().ok()).unwrap_or(300);
    let copies = (kilobytes * 1000).div_ceil(EXAMPLE.len()).max(1);
    let text = EXAMPLE.repeat(copies);
    let start = Instant::now();
    let (file, findings) = black_box(syntax::parse(FileId(0), black_box(&text)));
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    let is_healthy = findings.is_empty() && !file.statements.is_empty();
    // Freeing the tree is no part of the parse.
    std::mem::forget(file);
    assert!(is_healthy, "the example is healthy");
    let report = format!("{} bytes in {milliseconds:.2} ms\n", text.len());
    std::io::stdout().write_all(report.as_bytes()).expect("the report can be written");
}
