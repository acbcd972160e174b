//! Which files commands surely write and read, as far as their words say. What a program does beyond its words is not
//! known: then the list is open.

use super::{Command, RedirectKind, Word};

#[derive(Debug, Default)]
pub struct Touched<'c> {
    pub writes: Vec<&'c Word>,
    pub reads: Vec<&'c Word>,
    /// It may write files that its words do not name.
    pub is_open: bool,
}

/// Programs that read every file they are given and write none, with what else stands among their words.
const READERS: &[(&str, Given)] = &[
    ("cat", Given::Files),
    ("head", Given::Files),
    ("tail", Given::Files),
    ("wc", Given::Files),
    ("sha256sum", Given::Files),
    ("md5sum", Given::Files),
    ("source", Given::First),
    (".", Given::First),
    ("diff", Given::Files),
    ("cmp", Given::Files),
    ("cut", Given::Options),
    ("sort", Given::Options),
    ("grep", Given::Behind),
    ("jq", Given::Behind),
    ("yq", Given::Behind),
];

/// What stands among the words of a program that reads files.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// Files and options.
    Files,
    /// One file, and arguments for it.
    First,
    /// A pattern or program, then files.
    Behind,
    /// Options with values of their own: no word is surely a file.
    Options,
}

/// Programs that write no file of the job, whatever they are told, or only what a redirection names.
const QUIET: &[&str] = &[
    "echo", "printf", "export", "set", "unset", "true", "false", ":", "pwd", "ls", "date", "sleep", "read",
    "local", "declare", "readonly", "exit", "test", "which", "whoami", "uname", "env", "printenv", "chmod",
    "tr", "kubectl", "helm", "docker", "az", "basename", "dirname", "hostname", "kill", "wait", "return",
    "shift", "then", "else", "fi", "do", "done", "esac", "}", "mkdir", "base64", "seq", "sha1sum",
];

/// Options of these that name a file which they read.
const OF_CLIENTS: &[&str] = &["-f", "--file", "--values", "--from-file", "--template-file", "--env-file"];

/// Words that make quiet programs write after all.
const WRITING: &[&str] = &[
    "download",
    "pull",
    "cp",
    "export",
    "build",
    "run",
    "exec",
    "save",
    "package",
    "create",
    "get-credentials",
    "--output-dir",
    "-d",
    "--destination",
    "--download-path",
    "template",
    "compose",
    "buildx",
    "repo",
    "copy",
    "download-batch",
    "bicep",
];

/// What the command touches.
pub fn of(command: &Command) -> Touched<'_> {
    let mut touched = Touched::default();
    for redirect in &command.redirects {
        match redirect.kind {
            RedirectKind::To => touched.writes.push(&redirect.word),
            RedirectKind::From => touched.reads.push(&redirect.word),
            RedirectKind::Merge | RedirectKind::Text => {}
        }
    }
    let words: Vec<&Word> = command.arguments().iter().filter(|it| !it.text.starts_with('-')).collect();
    match command.name() {
        "" | "[" | "[[" | "]" => {}
        "tee" | "touch" => touched.writes.extend(words),
        "cp" | "mv" | "install" => {
            if let [from @ .., to] = words.as_slice() {
                touched.reads.extend(from);
                touched.writes.push(to);
            }
        }
        "curl" => touched.writes.extend(behind(command, &["-o", "--output"])),
        "wget" => touched.is_open = true,
        "bash" | "sh" | "python" | "python3" => {
            let first = command.arguments().first().filter(|it| !it.text.starts_with('-'));
            touched.reads.extend(first);
            touched.is_open = true;
        }
        name => of_others(name, command, &words, &mut touched),
    }
    touched
}

fn of_others<'c>(name: &str, command: &'c Command, words: &[&'c Word], touched: &mut Touched<'c>) {
    if let Some((_, given)) = READERS.iter().find(|it| it.0 == name) {
        match given {
            Given::Files => touched.reads.extend(words),
            Given::First => touched.reads.extend(words.first()),
            Given::Behind => touched.reads.extend(words.iter().skip(1)),
            Given::Options => {}
        }
        // What is sourced may do anything.
        touched.is_open = *given == Given::First;
        return;
    }
    let is_client = matches!(name, "az" | "kubectl" | "helm" | "docker");
    if is_client {
        touched.reads.extend(behind(command, OF_CLIENTS));
    }
    let writes = is_client && command.arguments().iter().any(|it| WRITING.contains(&it.text.as_str()));
    touched.is_open = writes || !QUIET.contains(&name);
}

/// The words that stand behind one of these options.
fn behind<'c>(command: &'c Command, options: &[&str]) -> Vec<&'c Word> {
    let pairs = command.arguments().windows(2);
    pairs.filter(|it| options.contains(&it[0].text.as_str())).map(|it| &it[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::target::shell::pipelines;

    /// What a line writes, what it reads, and whether it may write more.
    fn touched(line: &str) -> (String, String, bool) {
        let all = pipelines(line);
        let touched: Vec<_> = all.iter().flat_map(|it| &it.commands).map(of).collect();
        let joined = |words: Vec<&str>| words.join(" ");
        (
            joined(touched.iter().flat_map(|it| &it.writes).map(|it| it.text.as_str()).collect()),
            joined(touched.iter().flat_map(|it| &it.reads).map(|it| it.text.as_str()).collect()),
            touched.iter().any(|it| it.is_open),
        )
    }

    #[test]
    fn words_say_what_is_touched() {
        for (line, writes, reads, is_open) in [
            ("echo 1 > a/b.txt", "a/b.txt", "", false),
            ("X=1", "", "", false),
            ("cat a.txt b.txt | tee c.txt", "c.txt", "a.txt b.txt", false),
            ("jq -r .x a.json", "", "a.json", false),
            ("grep -c error a.log", "", "a.log", false),
            ("cp -r a b c", "c", "a b", false),
            ("curl -sS -o a.json https://x.example", "a.json", "", false),
            ("python eval.py --in a.csv", "", "eval.py", true),
            ("make", "", "", true),
            (". ./a.env", "", "./a.env", true),
            ("kubectl apply -f a.yml", "", "a.yml", false),
            ("az ml job download --name x", "", "", true),
            ("wc -l < a.txt", "", "a.txt", false),
            ("if [ -f a ]; then cat a; fi", "", "a", false),
        ] {
            assert_eq!(touched(line), (writes.to_owned(), reads.to_owned(), is_open), "{line}");
        }
    }
}
