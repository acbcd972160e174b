//! What a script did.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

/// A call of a program.
pub struct Call {
    pub program: String,
    pub arguments: Vec<String>,
    pub env: BTreeMap<String, String>,
    /// What it read, where an argument told it to.
    pub stdin: Option<String>,
    /// The files that arguments named, as they were then, by the number of the argument from 1.
    files: BTreeMap<usize, String>,
}

impl Call {
    fn read(folder: &Path, number: usize) -> Option<Call> {
        let read = |ending: &str| {
            fs::read(folder.join(format!("{number}.{ending}")))
                .ok()
                .map(|it| String::from_utf8_lossy(&it).into_owned())
        };
        let argv = read("argv")?;
        let mut words = argv.split_terminator('\0').map(str::to_owned);
        let program = words.next()?;
        let arguments: Vec<String> = words.collect();
        let env = read("env")?;
        let env = env.split_terminator('\0').filter_map(|it| it.split_once('='));
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let files = (1..=arguments.len()).filter_map(|it| Some((it, read(&format!("file{it}"))?))).collect();
        Some(Call { program, env, stdin: read("stdin"), files, arguments })
    }

    /// As one would write it, without quotes.
    pub fn line(&self) -> String {
        format!("{} {}", self.program, self.arguments.join(" "))
    }

    /// The program and the words before the first flag: `az container create`.
    pub fn name(&self) -> String {
        let words = self.arguments.iter().take_while(|it| !it.starts_with('-')).map(String::as_str);
        std::iter::once(self.program.as_str()).chain(words).collect::<Vec<_>>().join(" ")
    }

    pub fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|it| it == argument)
    }

    /// The argument behind a flag.
    pub fn after(&self, flag: &str) -> &str {
        let found = self.arguments.iter().skip_while(|it| *it != flag).nth(1);
        found.unwrap_or_else(|| panic!("no {flag} in: {}", self.line()))
    }

    /// The file that the argument behind a flag named, as it was then.
    pub fn file(&self, flag: &str) -> &str {
        let index = self.arguments.iter().position(|it| it == flag).map(|it| it + 2);
        let found = index.and_then(|it| self.files.get(&it));
        found.unwrap_or_else(|| panic!("no file behind {flag} in: {}", self.line()))
    }

    /// The texts of all files that arguments named.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        self.files.values()
    }

    pub fn json(&self, flag: &str) -> serde_json::Value {
        serde_json::from_str(self.file(flag)).unwrap_or_else(|error| panic!("{error}: {}", self.file(flag)))
    }
}

pub struct Ran {
    pub ok: bool,
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub calls: Vec<Call>,
}

impl Ran {
    pub(super) fn of(output: &Output, calls: &Path) -> Ran {
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        Ran {
            ok: output.status.success(),
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            calls: (1..).map_while(|it| Call::read(calls, it)).collect(),
        }
    }

    /// Everything that was said and called.
    pub fn all(&self) -> String {
        let calls: Vec<String> = self.calls.iter().map(Call::line).collect();
        format!("{}{}\n--- calls\n{}\n", self.stdout, self.stderr, calls.join("\n"))
    }

    /// The programs in the order of their calls, each with the words before its flags. What prepares `az`, and waiting,
    /// is left out.
    pub fn names(&self) -> Vec<String> {
        let names = self.calls.iter().map(Call::name);
        let quiet =
            |it: &String| it == "az extension add" || it == "az configure" || it.starts_with("sleep ");
        names.filter(|it| !quiet(it)).collect()
    }

    /// The calls of that name.
    pub fn calls_of(&self, name: &str) -> Vec<&Call> {
        self.calls.iter().filter(|it| it.name() == name).collect()
    }

    /// The one call of that name.
    pub fn call(&self, name: &str) -> &Call {
        match self.calls_of(name).as_slice() {
            [call] => call,
            found => panic!("{} calls of {name} in\n{}", found.len(), self.all()),
        }
    }

    /// What the run is told of outputs, by their names; the last word counts.
    pub fn outputs(&self) -> BTreeMap<&str, &str> {
        let lines = self.stdout.lines().filter_map(|it| it.strip_prefix("##vso[task.setvariable variable="));
        lines.filter_map(|it| it.split_once(";isOutput=true]")).collect()
    }

    /// What the run's summary shows as errors.
    pub fn errors(&self) -> Vec<&str> {
        self.stdout.lines().filter_map(|it| it.strip_prefix("##vso[task.logissue type=error]")).collect()
    }

    /// Whether it ended well, and whether it said and called all this and nothing of that.
    pub fn check(&self, case: &str, ok: bool, has: &[&str], lacks: &[&str]) {
        let all = self.all();
        assert_eq!(self.ok, ok, "{case} (code {:?})\n{all}", self.code);
        for text in has {
            assert!(all.contains(text), "{case}: no `{text}` in\n{all}");
        }
        for text in lacks {
            assert!(!all.contains(text), "{case}: `{text}` in\n{all}");
        }
    }
}
