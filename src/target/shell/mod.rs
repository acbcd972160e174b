//! Shell scripts, read far enough to see what a command is told and where its output goes: words with their quotes,
//! pipes, redirections, here-documents, command substitution. Not an interpreter: branches and functions are read as if
//! all of them ran, and nothing it cannot read stops it.

mod documents;
pub mod files;
mod words;

use std::ops::Range;
use words::Reader;

/// Commands joined by `|`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pipeline {
    pub commands: Vec<Command>,
    /// In `$(…)`, in backticks or in `<(…)`: its output goes into another command.
    pub captured: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Command {
    /// Counted from 1.
    pub line: usize,
    /// `NAME=word` before the command's name.
    pub assignments: Vec<(String, Word)>,
    /// The name and its arguments.
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// Without its quotes; what the shell puts in stays as written.
    pub text: String,
    /// As it stands in the script.
    pub raw: String,
    /// Where that begins: bytes from the beginning of the script.
    pub at: usize,
    pub reads: Vec<Read>,
}

impl Word {
    /// The bytes of the script that it takes up.
    pub fn range(&self) -> Range<usize> {
        self.at..self.at + self.raw.len()
    }
}

/// A variable in a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub name: String,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Split at blanks, and patterns in it are expanded.
    Bare,
    Quoted,
    /// In a command substitution that prints it.
    Printed,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    pub kind: RedirectKind,
    /// The file, or the text that is put in.
    pub word: Word,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectKind {
    /// `<`
    From,
    /// `>`, `>>`
    To,
    /// `>&2`, `2>&1`
    Merge,
    /// `<<<`, `<<END`
    Text,
}

/// Every pipeline of the script, in the order written; what stands in `$(…)` before what it stands in.
pub fn pipelines(script: &str) -> Vec<Pipeline> {
    let mut reader = Reader::new(script);
    reader.list(None, false);
    reader.found
}

/// What stands before a command without being one.
fn is_keyword(word: &str) -> bool {
    let shell =
        matches!(word, "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "!" | "time" | "{");
    shell || matches!(word, "sudo" | "exec" | "command" | "env")
}

/// `NAME=…`: asked for every command by every rule, so one look decides most.
fn is_assignment(word: &str) -> bool {
    let at = word.bytes().position(|it| !(it.is_ascii_alphanumeric() || it == b'_'));
    at.is_some_and(|it| word.as_bytes()[it] == b'=' && is_name(&word[..it]))
}

/// Programs that start the command behind them, with those of their options that take the next word.
const PREFIXES: &[(&str, &[&str])] = &[
    (
        "sudo",
        &[
            "-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "-r", "-t", "--user", "--group", "--host",
            "--prompt", "--chdir",
        ],
    ),
    ("env", &["-u", "-C", "--unset", "--chdir"]),
];

impl Command {
    /// The name without its folder; `sudo` and such are no commands.
    pub fn name(&self) -> &str {
        let word = self.program();
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The name as written, with its folder.
    pub fn program(&self) -> &str {
        self.words.get(self.first()).map_or("", |it| it.text.as_str())
    }

    pub fn arguments(&self) -> &[Word] {
        self.words.get(self.first() + 1..).unwrap_or_default()
    }

    /// The first word that is no keyword, no option of `sudo` or `env`, and no assignment behind them. `env` alone is a
    /// command.
    fn first(&self) -> usize {
        let (mut before, mut valued): (usize, Option<&[&str]>) = (0, None);
        while let Some(word) = self.words.get(before) {
            let text = word.text.as_str();
            if is_keyword(text) {
                valued = PREFIXES.iter().find(|it| it.0 == text).map(|it| it.1);
            } else if let Some(valued) = valued.filter(|_| text.starts_with('-')) {
                before += usize::from(valued.contains(&text));
            } else if !is_assignment(text) {
                break;
            }
            before += 1;
        }
        before.min(self.words.len().saturating_sub(1))
    }

    /// `-x`, also among others as in `-ex`.
    pub fn has_flag(&self, flag: char) -> bool {
        let flags =
            self.arguments().iter().filter(|it| it.text.starts_with('-') && !it.text.starts_with("--"));
        flags.into_iter().any(|it| it.text.contains(flag))
    }

    pub fn has_argument(&self, text: &str) -> bool {
        self.arguments().iter().any(|it| it.text == text)
    }

    /// Where its output goes is a file.
    pub fn writes_to(&self) -> Option<&Word> {
        self.redirects.iter().find(|it| it.kind == RedirectKind::To).map(|it| &it.word)
    }
}

pub fn is_name(text: &str) -> bool {
    let legal = |it: char| it.is_ascii_alphanumeric() || it == '_';
    !text.is_empty() && text.chars().all(legal) && !text.starts_with(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{How, RedirectKind, pipelines};

    /// Pipelines as `name arg arg | name`, captured ones in brackets.
    fn shown(script: &str) -> Vec<String> {
        let of = |it: &super::Pipeline| {
            let commands: Vec<String> = it
                .commands
                .iter()
                .map(|it| it.words.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" "))
                .collect();
            let all = commands.join(" | ");
            if it.captured { format!("({all})") } else { all }
        };
        pipelines(script).iter().map(of).collect()
    }

    fn reads(script: &str) -> Vec<(String, How)> {
        let all = pipelines(script);
        let words = all.iter().flat_map(|it| &it.commands).flat_map(|it| &it.words);
        words.flat_map(|it| &it.reads).map(|it| (it.name.clone(), it.how)).collect()
    }

    #[test]
    fn commands_end_where_the_shell_ends_them() {
        assert_eq!(shown("a b; c && d || e | f & g\nh"), ["a b", "c", "d", "e | f", "g", "h"]);
        assert_eq!(shown("a \\\n  b # c ; d\n# e\nf#g"), ["a b", "f#g"]);
        assert_eq!(shown("if [[ $a == b && c ]]; then d; fi"), ["if [[ $a == b c ]]", "then d", "fi"]);
        assert_eq!(shown("[[ a < b ]] && c"), ["[[ a b ]]", "c"]);
        assert_eq!(shown("(a; b) | c"), ["a", "b", "c"]);
        assert_eq!(shown("case $x in a) b;; *) c;; esac"), ["b", "c", "esac"]);
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(shown("a 'b ; c' \"d | $e\" f\\ g"), ["a b ; c d | $e f g"]);
        assert_eq!(shown("a \"x\\\"y\" 'p'q"), ["a x\"y pq"]);
    }

    #[test]
    fn what_is_substituted_comes_first() {
        assert_eq!(
            shown("x=$(a | b) c \"$(d \"$(e)\")\" `f`"),
            ["(a | b)", "(e)", "(d $(e))", "(f)", "c $(d \"$(e)\") `f`"]
        );
        assert_eq!(shown("bash <(curl u)"), ["(curl u)", "bash <(curl u)"]);
        assert_eq!(shown("a $((1 + 2)) b"), ["a $((1 + 2)) b"]);
    }

    #[test]
    fn reading_says_how() {
        let named = |all: &[(&str, How)]| all.iter().map(|it| (it.0.to_owned(), it.1)).collect::<Vec<_>>();
        assert_eq!(
            reads("a $B \"$C ${D:-$E}\" '$F'"),
            named(&[("B", How::Bare), ("C", How::Quoted), ("D", How::Quoted), ("E", How::Quoted)])
        );
        assert_eq!(reads("a \"$1 $? $@\" \\$X"), []);
        let inner = reads("x \"$(echo \"$KEY\" | base64)\" \"$(curl \"$OTHER\")\"");
        assert!(inner.contains(&("KEY".into(), How::Printed)));
        assert_eq!(inner.iter().filter(|it| it.0 == "OTHER").count(), 1);
    }

    #[test]
    fn here_documents_are_text_for_their_command() {
        let all = pipelines("cat <<END | grep x\n  $A \"b\"\nEND\ncat <<'END'\n$B\nEND\nc");
        assert_eq!(all.len(), 3);
        let text = &all[0].commands[0].redirects[0];
        assert_eq!((text.kind, text.word.reads[0].name.as_str()), (RedirectKind::Text, "A"));
        assert!(all[1].commands[0].redirects[0].word.reads.is_empty());
        assert_eq!((all[2].commands[0].words[0].text.as_str(), all[2].commands[0].line), ("c", 7));
    }

    #[test]
    fn words_know_where_they_stand() {
        for script in ["a \"$X\" $(b $X) c", "a `b $X`\ncat <<END\n$X\nEND\nd > \"$X\"", "X=1 a 'b'"] {
            let all = pipelines(script);
            let commands = || all.iter().flat_map(|it| &it.commands);
            let assigned = commands().flat_map(|it| &it.assignments).map(|it| &it.1);
            let words =
                commands().flat_map(|it| it.words.iter().chain(it.redirects.iter().map(|it| &it.word)));
            for word in words.chain(assigned) {
                assert_eq!(&script[word.range()], word.raw, "{script}");
            }
        }
    }

    #[test]
    fn redirections_are_no_arguments() {
        let all = pipelines("a b 2>&1 >> \"$F\" < in &> all\nc <<< \"$X\"");
        let words: Vec<&str> = all[0].commands[0].words.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(words, ["a", "b"]);
        let kinds: Vec<RedirectKind> = all[0].commands[0].redirects.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [RedirectKind::Merge, RedirectKind::To, RedirectKind::From, RedirectKind::To]);
        assert_eq!(all[1].commands[0].redirects[0].word.reads[0].name, "X");
    }

    #[test]
    fn names_are_looked_for_behind_keywords() {
        let name = |script: &str| pipelines(script)[0].commands[0].name().to_owned();
        assert_eq!(name("if ! sudo /usr/bin/curl x"), "curl");
        assert_eq!(name("A=1 env B=2 python x"), "python");
        assert_eq!(name("env"), "env");
        assert_eq!(pipelines("A=1 b")[0].commands[0].assignments[0].0, "A");
    }

    #[test]
    fn nothing_stops_it() {
        for script in [
            "'",
            "\"",
            "$(",
            "`",
            "a <<",
            "a <<END",
            "((",
            "${",
            "\\",
            "a |",
            ")",
            "$'x",
            "<(",
            "case x in (",
        ] {
            pipelines(script);
        }
        pipelines(&"$(".repeat(10_000));
        pipelines(&"(".repeat(10_000));
        pipelines(&"`\"".repeat(10_000));
    }
}
