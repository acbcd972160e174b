//! A folder to work in, a compiler whose findings and outputs stand in the sources, a disk that can fail.

use mlopsc::base::files::Files;
use mlopsc::base::sources::Sources;
use mlopsc::base::span::Span;
use mlopsc::cli;
use mlopsc::cli::disk::{Disk, Entry, Kind, Local};
use mlopsc::cli::edge::{Compiler, Edge, Level, Paint, Stream};
use mlopsc::diag::Diagnostic;
use mlopsc::driver::{Analysis, Setting};
use mlopsc::emit::{OutputFile, Target};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

pub struct Sandbox {
    folder: TempDir,
}

/// What a run said.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox { folder: TempDir::new().unwrap() };
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    pub fn root(&self) -> PathBuf {
        fs::canonicalize(self.folder.path()).unwrap()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).unwrap();
    }

    /// All files below a folder; folders end in `/`.
    pub fn tree(&self, folder: &str) -> BTreeMap<String, String> {
        let mut tree = BTreeMap::new();
        collect(&self.at(folder), "", &mut tree);
        tree
    }

    /// Runs a command line in a folder of the sandbox.
    pub fn run_in(&self, folder: &str, disk: &dyn Disk, args: &[&str]) -> Run {
        self.run_with(folder, disk, "", args)
    }

    /// The same with the real compiler.
    pub fn run_real(&self, folder: &str, disk: &dyn Disk, args: &[&str]) -> Run {
        self.run_as(folder, disk, Compiler::default(), "", args)
    }

    pub fn run_real_with(&self, input: &str, args: &[&str]) -> Run {
        self.run_as(".", &Local, Compiler::default(), input, args)
    }

    /// The same with something on the standard input.
    pub fn run_with(&self, folder: &str, disk: &dyn Disk, input: &str, args: &[&str]) -> Run {
        self.run_as(folder, disk, Compiler { analyze, emit }, input, args)
    }

    fn run_as(&self, folder: &str, disk: &dyn Disk, compiler: Compiler, input: &str, args: &[&str]) -> Run {
        self.run_while(folder, disk, compiler, input, args, &mut || false)
    }

    /// The same with a pause between two looks at watched files.
    pub fn run_watching(&self, args: &[&str], pause: &mut dyn FnMut() -> bool) -> Run {
        self.run_while(".", &Local, Compiler { analyze, emit }, "", args, pause)
    }

    fn run_while(
        &self,
        folder: &str,
        disk: &dyn Disk,
        compiler: Compiler,
        input: &str,
        args: &[&str],
        pause: &mut dyn FnMut() -> bool,
    ) -> Run {
        let (out, err) = (Buffer::default(), Buffer::default());
        let mut edge = Edge {
            disk,
            compiler,
            here: fs::canonicalize(self.at(folder)).unwrap(),
            width: 100,
            level: Level::default(),
            pause: Box::new(pause),
            input: Box::new(io::Cursor::new(input.to_owned())),
            out: Stream { to: Box::new(out.clone()), paint: Paint::default() },
            err: Stream { to: Box::new(err.clone()), paint: Paint::default() },
        };
        let args = std::iter::once("mlopsc").chain(args.iter().copied()).map(OsString::from);
        let code = cli::run(args, &mut edge);
        drop(edge);
        Run { code, out: out.text(), err: err.text() }
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_in(".", &Local, args)
    }
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().display());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), tree);
            tree.insert(format!("{name}/"), String::new());
        } else {
            tree.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lines `error TEXT`, `warning TEXT`, `file PATH` (a side file that must exist) and `panic`.
fn analyze(sources: Sources, files: &dyn Files, _settings: &[Setting]) -> Analysis {
    let mut findings = Vec::new();
    for (span, line) in lines(&sources) {
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "error" => findings.push(Diagnostic::error("made-up", span, rest)),
            "warning" => findings.push(Diagnostic::warning("made-up-too", span, rest)),
            "file" => {
                if let Err(error) = files.read(rest) {
                    findings.push(Diagnostic::error("no-file", span, error));
                }
            }
            "panic" => panic!("made for the test"),
            _ => {}
        }
    }
    #[allow(clippy::needless_update, reason = "the analysis grows")]
    Analysis { sources, findings, ..Analysis::default() }
}

/// Lines `out PATH TEXT`; a path of `WHERE` prints where the output goes.
fn emit(analysis: &Analysis, out: &str, targets: &[Target]) -> Vec<OutputFile> {
    let mut files = Vec::new();
    for (span, line) in lines(&analysis.sources) {
        let Some((path, text)) = line.strip_prefix("out ").and_then(|rest| rest.split_once(' ')) else {
            continue;
        };
        let target = match path.split('/').next() {
            Some("helm") => Target::Helm,
            Some("azure-ml") => Target::AzureMl,
            _ => Target::AzureDevops,
        };
        if targets.contains(&target) {
            let text = format!("{}\n", text.replace("WHERE", out).replace("\\n", "\n"));
            files.push(OutputFile { path: path.to_owned(), text, source: span });
        }
    }
    files
}

fn lines(sources: &Sources) -> Vec<(Span, String)> {
    let mut lines = Vec::new();
    for (file, source) in sources.iter() {
        let mut start = 0;
        for line in source.text.split('\n') {
            lines.push((Span::new(file, start, start + line.len()), line.to_owned()));
            start += line.len() + 1;
        }
    }
    lines
}

/// A disk whose operations fail from one on: only that one, or all after it too, as if the process had been killed.
pub struct Failing {
    /// The first operation that fails, from 0.
    pub at: usize,
    pub and_after: bool,
    /// How many operations there were.
    pub seen: AtomicUsize,
    /// Whether reading counts as an operation.
    pub reads: bool,
    pub error: io::ErrorKind,
    /// Whether a file may have a second name; FAT knows none.
    pub links: bool,
    /// What somebody else does right before the operation `at`, which then succeeds.
    pub meanwhile: Option<Box<dyn Fn() + Sync>>,
}

impl Failing {
    pub fn new(at: usize, and_after: bool) -> Self {
        Failing {
            at,
            and_after,
            seen: AtomicUsize::new(0),
            reads: false,
            error: io::ErrorKind::StorageFull,
            links: true,
            meanwhile: None,
        }
    }

    pub fn never() -> Self {
        Self::new(usize::MAX, false)
    }

    /// So many calls were made.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::Relaxed)
    }

    fn step(&self) -> io::Result<()> {
        let now = self.seen.fetch_add(1, Ordering::Relaxed);
        if let Some(act) = &self.meanwhile {
            if now == self.at {
                act();
            }
            return Ok(());
        }
        let fails = if self.and_after { now >= self.at } else { now == self.at };
        if fails { Err(self.error.into()) } else { Ok(()) }
    }

    fn reading(&self) -> io::Result<()> {
        if self.reads { self.step() } else { Ok(()) }
    }
}

impl Disk for Failing {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.reading().and_then(|()| Local.read(path))
    }

    fn kind(&self, path: &Path) -> io::Result<Option<Kind>> {
        self.reading().and_then(|()| Local.kind(path))
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        self.reading().and_then(|()| Local.resolve(path))
    }

    fn is_read_only(&self, path: &Path) -> io::Result<bool> {
        self.reading().and_then(|()| Local.is_read_only(path))
    }

    fn is_executable(&self, path: &Path) -> io::Result<bool> {
        self.reading().and_then(|()| Local.is_executable(path))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.reading().and_then(|()| Local.list(folder))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.create_folder(path))
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.step() {
            // A dead process writes nothing; a full disk takes a part.
            if !self.and_after || self.seen() == self.at + 1 {
                Local.write_new(path, &bytes[..bytes.len() / 2])?;
            }
            return Err(error);
        }
        Local.write_new(path, bytes)
    }

    fn make_executable(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.make_executable(path))
    }

    fn copy_mode(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.copy_mode(from, to))
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        if !self.links {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.step().and_then(|()| Local.link(from, to))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.remove_file(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| Local.remove_folder(path))
    }
}
