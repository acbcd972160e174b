//! What stays the same about a finding when lines move: its code, its file, the words of its line, and which of several
//! alike it is.

use super::Batch;
use crate::diag::Diagnostic;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Of a very long line so many bytes count, from the finding on.
const LONGEST: usize = 400;
/// Bytes of the hash that are kept.
const KEPT: usize = 8;

/// Hands out fingerprints in the order of the findings.
#[derive(Default)]
pub struct Fingerprints {
    seen: BTreeMap<String, usize>,
}

impl Fingerprints {
    /// `0123456789abcdef:1`
    pub fn next(&mut self, batch: Batch<'_>, finding: &Diagnostic) -> String {
        let words: Vec<&str> = line(batch, finding).split_whitespace().collect();
        let path = batch.path(finding.span().file);
        let text = [finding.code, &path, &words.join(" ")].join("\0");
        let mut hash = String::new();
        for byte in &Sha256::digest(text)[..KEPT] {
            write!(hash, "{byte:02x}").expect("a string takes everything");
        }
        let count = self.seen.entry(hash.clone()).or_default();
        *count += 1;
        format!("{hash}:{count}")
    }
}

/// The line on which the finding starts.
fn line<'a>(batch: Batch<'a>, finding: &Diagnostic) -> &'a str {
    let source = batch.sources.get(finding.span().file);
    let text = source.text.as_str();
    let at = text.floor_char_boundary((finding.span().start as usize).min(text.len()));
    let start = source.lines()[source.line_of(at)] as usize;
    let start = if at - start > LONGEST { at } else { start };
    let end = text.floor_char_boundary((start + LONGEST).min(text.len()));
    let rest = &text[start..end];
    rest.split('\n').next().unwrap_or(rest)
}
