//! Lists the files of the examples and of the new project that `mlopsc init` writes: they are part of the program.
#![expect(clippy::disallowed_methods, reason = "a build script")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says so"));
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
