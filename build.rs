//! Lists the files of the examples and of the new project that `mlopsc init` writes: they are part of the program. Says
//! which version this is.
#![expect(clippy::disallowed_methods, reason = "a build script")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says so"));
    println!("cargo::rustc-env=MLOPSC_VERSION={}", version(&root));
    // Also for folders that come.
    println!("cargo::rerun-if-changed=examples");
    println!("cargo::rerun-if-changed=templates/init");
    let mut text = String::from("&[\n");
    for folder in sorted(&root.join("examples"))?.iter().filter(|it| it.is_dir()) {
        let name = folder.file_name().expect("an entry has a name").to_string_lossy();
        if !name.ends_with("_literal") {
            project(&name, folder, &mut text)?;
        }
    }
    project("", &root.join("templates/init"), &mut text)?;
    text.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says so"));
    let list = out.join("projects.rs");
    // What is the same is not compiled again.
    if fs::read_to_string(&list).is_ok_and(|it| it == text) {
        return Ok(());
    }
    fs::write(list, text)
}

/// `0.1.0 (633e9cd 2026-11-21)`: nothing but the sources decides it, so that the same sources give the same program.
fn version(root: &Path) -> String {
    println!("cargo::rerun-if-env-changed=MLOPSC_COMMIT");
    let number = env::var("CARGO_PKG_VERSION").expect("cargo says so");
    let told = env::var("MLOPSC_COMMIT").ok();
    match told.or_else(|| packaged_commit(root)).or_else(|| checked_out_commit(root)) {
        Some(commit) if !commit.trim().is_empty() => format!("{number} ({})", commit.trim()),
        _ => number,
    }
}

/// What `cargo package` notes in place of the history.
fn packaged_commit(root: &Path) -> Option<String> {
    let note = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let hash = note.split("\"sha1\": \"").nth(1)?;
    Some(hash.get(..7)?.to_owned())
}

/// Only for releases: everything would be compiled again after each commit.
fn checked_out_commit(root: &Path) -> Option<String> {
    // An unpacked archive may lie in somebody else's repository.
    if env::var("PROFILE").as_deref() != Ok("release") || !root.join(".git").exists() {
        return None;
    }
    for file in ["HEAD", &git(root, &["symbolic-ref", "--quiet", "HEAD"]).unwrap_or_default(), "packed-refs"]
    {
        let path = root.join(git(root, &["rev-parse", "--git-path", file])?);
        if path.is_file() {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    git(root, &["show", "--no-patch", "--format=%h %cs", "--abbrev=7", "HEAD"])
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let out = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    out.status.success().then(|| text.trim().to_owned())
}

fn project(name: &str, folder: &Path, text: &mut String) -> io::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    writeln!(text, "({name:?}, &[").expect("a string takes all");
    for file in files {
        let inside = file.strip_prefix(folder).expect("it lies below").to_string_lossy().replace('\\', "/");
        writeln!(text, "({inside:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("a string takes all");
    }
    text.push_str("]),\n");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in sorted(folder)? {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "generated" && name != "__pycache__" {
            collect(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|it| it.map(|it| it.path())).collect::<io::Result<_>>()?;
    found.sort();
    Ok(found)
}
