//! Stand-ins for the programs that emitted scripts call. A folder of executables comes first on the path; each writes
//! its call down (arguments, environment, standard input, files that arguments name) and answers from a table, by what
//! was called and how often. Nothing waits: `sleep` and slow answers move a clock that the script reads as `SECONDS`.
//!
//! The folder, `$FAKE` to the stand-ins, holds `bin`, `calls`, `clock`, `rows` (the table), `behaviour` (a piece of Bash
//! for what a table cannot say), and is where scripts run and keep their temporary files.

mod own;
mod ran;

pub use ran::Ran;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAMS: [&str; 8] = ["az", "docker", "helm", "kubectl", "kubelogin", "curl", "sleep", "python"];

/// What a program does when it is called.
#[derive(Clone, Default)]
pub struct Answer {
    stdout: String,
    stderr: String,
    code: u8,
    /// In seconds.
    takes: u32,
    writes: Option<File>,
}

#[derive(Clone)]
struct File {
    flag: String,
    below: String,
    content: String,
}

impl Answer {
    /// Ends well and says nothing.
    pub fn nothing() -> Answer {
        Answer::default()
    }

    pub fn says(stdout: &str) -> Answer {
        Answer { stdout: stdout.to_owned(), ..Answer::default() }
    }

    pub fn fails(code: u8, stderr: &str) -> Answer {
        Answer { stderr: stderr.to_owned(), code, ..Answer::default() }
    }

    /// After so many seconds.
    pub fn taking(mut self, seconds: u32) -> Answer {
        self.takes = seconds;
        self
    }

    /// Writes a file whose path is the value behind the flag, with this put behind it.
    pub fn writing(mut self, flag: &str, below: &str, content: &str) -> Answer {
        self.writes =
            Some(File { flag: flag.to_owned(), below: below.to_owned(), content: content.to_owned() });
        self
    }
}

pub struct Scenario {
    folder: tempfile::TempDir,
    rows: u32,
}

impl Scenario {
    /// Every call fails that no row of the table knows, but `sleep` and what prepares `az`.
    pub fn new() -> Scenario {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let scenario = Scenario { folder, rows: 0 };
        for name in ["bin", "calls", "rows", "home"] {
            fs::create_dir(scenario.path(name)).expect("the folder is new");
        }
        let standin = crate::support::repository("tests/it/standins/standin");
        for name in PROGRAMS {
            symlink(&standin, scenario.path("bin").join(name)).expect("the folder can be written");
        }
        scenario.write("clock", "0");
        scenario
    }

    /// Calls that no row of the table knows are answered by a piece of Bash, which sees the arguments, and may keep
    /// files in `$FAKE`; where it says nothing, they end well.
    pub fn behaving(bash: &str) -> Scenario {
        let scenario = Scenario::new();
        scenario.write("behaviour", bash);
        scenario
    }

    /// A row of the table: calls `PROGRAM ARGUMENTS…` that match the pattern of Bash get these answers in turn, and the
    /// last one from then on. Later rows go before earlier ones.
    pub fn on(mut self, pattern: &str, answers: &[Answer]) -> Scenario {
        self.rows += 1;
        let row = format!("rows/{:04}", 9999 - self.rows);
        for (index, answer) in answers.iter().enumerate() {
            let turn = format!("{row}/{}", index + 1);
            fs::create_dir_all(self.path(&turn)).expect("the folder can be written");
            self.write(&format!("{turn}/stdout"), &answer.stdout);
            self.write(&format!("{turn}/stderr"), &answer.stderr);
            self.write(&format!("{turn}/code"), &answer.code.to_string());
            self.write(&format!("{turn}/takes"), &answer.takes.to_string());
            if let Some(File { flag, below, content }) = &answer.writes {
                self.write(&format!("{turn}/flag"), flag);
                self.write(&format!("{turn}/below"), below);
                self.write(&format!("{turn}/content"), content);
            }
        }
        self.write(&format!("{row}/pattern"), pattern);
        self.write(&format!("{row}/turn"), "0");
        self.write(&format!("{row}/last"), &answers.len().to_string());
        self
    }

    /// A program that is not on the machine.
    pub fn without(self, program: &str) -> Scenario {
        fs::remove_file(self.path("bin").join(program)).expect("there is a stand-in for it");
        self
    }

    /// A path below the folder where scripts run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("the folder can be written");
        fs::write(path, text).expect("the folder can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).expect("the script writes JSON")
    }

    /// Runs a script of Bash with this environment and no other, as if the clock were started anew.
    pub fn run_script(
        &self,
        script: &str,
        env: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> Ran {
        self.run_script_in(self.folder.path(), script, env)
    }

    /// The same in a folder that is not the scenario's.
    pub fn run_script_in(
        &self,
        folder: &Path,
        script: &str,
        env: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> Ran {
        fs::remove_dir_all(self.path("calls")).expect("it is there");
        fs::create_dir(self.path("calls")).expect("it was removed");
        self.write("clock", "0");
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(folder).stdin(Stdio::null()).env_clear();
        command.env("PATH", path).env("FAKE", self.folder.path()).env("HOME", self.path("home"));
        command.env("TMPDIR", self.folder.path());
        command.env("BASH_ENV", crate::support::repository("tests/it/standins/agent.bash"));
        command.envs(env);
        Ran::of(&command.output().expect("bash is there"), &self.path("calls"))
    }
}
