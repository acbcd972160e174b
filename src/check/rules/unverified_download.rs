//! # A program from the network runs unseen
//!
//! `curl … | bash` runs whatever the server sends, today and on the day somebody takes it over, with the connections and
//! secrets of the job. Nothing says which version it was.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build { run "curl -sSL https://example.invalid/install.sh | bash" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build {
//!     run {
//!       script = """
//!         curl -sSL --output install.sh https://example.invalid/v1.2.3/install.sh
//!         echo "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865  install.sh" | sha256sum --check
//!         bash install.sh
//!         """
//!     }
//!   }
//! }
//! ```
//!
//! Load a fixed version, compare its checksum, then run it; or install it with a package manager that does this, or keep it
//! in the repository.
//!
//! Source: poutine, rule `unverified_script_exec`; Azure DevOps documentation, "Securing Azure Pipelines".

use crate::check::{Cx, Group, Rule};
use crate::model::steps::action::Shell;
use crate::target::shell::{self, Command, Pipeline};

pub(super) static RULE: Rule = Rule::warning(Group::Security, "unverified-download", run).by_pipeline().and_outside(in_services);

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        let found = match script.shell {
            Shell::Bash => in_shell(&script.pipelines),
            Shell::Pwsh => in_powershell(&script.text),
            Shell::Python | Shell::Cmd => Vec::new(),
        };
        for found in found {
            let range = script.in_line(found.line, &found.raw);
            cx.report_in(&RULE, script, range, &message(&found)).help(HELP);
        }
    }
}

fn in_services(cx: &mut Cx<'_>) {
    for service in cx.project.services.values() {
        let Some(build) = service.build.as_ref().filter(|it| it.repository.is_none()) else { continue };
        let Some(text) = cx.read(&build.dockerfile.value) else { continue };
        if let Some(found) = instructions(&text).find_map(|it| in_shell(&shell::pipelines(&it)).into_iter().next()) {
            let message = format!("{}, in `{}`", message(&found), build.dockerfile.value);
            cx.report(&RULE, build.dockerfile.span, message).help(HELP);
        }
    }
}

struct Found {
    loader: String,
    runner: String,
    raw: String,
    line: usize,
}

const HELP: &str = "load a fixed version into a file, compare its checksum (`sha256sum --check`), and run that";

fn message(found: &Found) -> String {
    format!("`{}` runs what `{}` loads, whatever that is", found.runner, found.loader)
}

/// The shell commands of a Dockerfile, continued lines joined.
fn instructions(dockerfile: &str) -> impl Iterator<Item = String> {
    let joined = dockerfile.replace("\\\r\n", " ").replace("\\\n", " ");
    let lines: Vec<String> = joined.lines().map(|it| it.trim_start().to_owned()).collect();
    lines.into_iter().filter_map(|it| {
        let (word, rest) = it.split_once(char::is_whitespace)?;
        word.eq_ignore_ascii_case("run").then(|| rest.to_owned())
    })
}

fn is_loader(command: &Command) -> bool {
    matches!(command.name(), "curl" | "wget")
}

fn is_runner(command: &Command) -> bool {
    let name = command.name();
    let reads_script = command.arguments().iter().all(|it| it.text.starts_with('-') && it.text != "-c" && it.text != "-m");
    matches!(name, "sh" | "bash" | "dash" | "zsh" | "ksh" | "python" | "python3" | "node" | "perl" | "ruby" | "pwsh")
        && (reads_script || command.arguments().first().is_some_and(|it| matches!(it.text.as_str(), "-s" | "-")))
}

fn in_shell(pipelines: &[Pipeline]) -> Vec<Found> {
    pipelines.iter().filter_map(piped).chain(substituted(pipelines)).chain(stored(pipelines)).collect()
}

/// Programs with which a file is compared with what is known of it.
const VERIFIERS: &[&str] = &[
    "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum", "md5sum", "shasum", "openssl", "gpg", "gpgv", "cosign",
    "minisign", "slsa-verifier", "rhash", "cksum", "diff", "cmp",
];

/// `curl -o x.sh …; bash x.sh`, `wget …/x.sh && ./x.sh`, if nothing in the script verifies anything.
fn stored(pipelines: &[Pipeline]) -> Option<Found> {
    let commands: Vec<&Command> = pipelines.iter().flat_map(|it| &it.commands).collect();
    if commands.iter().any(|it| VERIFIERS.contains(&it.name())) {
        return None;
    }
    commands.iter().enumerate().filter(|it| is_loader(it.1)).find_map(|(at, loader)| {
        let file = file_of(loader)?;
        let runner = commands[at + 1..].iter().find(|it| runs_file(it, &file))?;
        Some(found(loader, runner.program(), address(loader)))
    })
}

/// The file that a download is written to.
fn file_of(loader: &Command) -> Option<String> {
    let is_curl = loader.name() == "curl";
    if let Some(word) = loader.writes_to() {
        return Some(plain(&word.text).to_owned());
    }
    let (letter, long) = if is_curl { ('o', "--output") } else { ('O', "--output-document") };
    let arguments = loader.arguments();
    for (at, word) in arguments.iter().enumerate() {
        let text = word.text.as_str();
        if let Some(file) = text.strip_prefix(long).and_then(|it| it.strip_prefix('=')) {
            return Some(plain(file).to_owned());
        }
        let is_short = text.starts_with('-') && !text.starts_with("--") && text.ends_with(letter);
        if text == long || is_short {
            return arguments.get(at + 1).map(|it| plain(&it.text).to_owned()).filter(|it| it != "-");
        }
    }
    let by_its_name = !is_curl || loader.has_flag('O') || loader.has_argument("--remote-name");
    let address = arguments.iter().find(|it| it.text.contains("://")).filter(|_| by_its_name)?;
    let file = address.text.split(['?', '#']).next().and_then(|it| it.rsplit('/').next())?;
    (!file.is_empty()).then(|| file.to_owned())
}

fn runs_file(command: &Command, file: &str) -> bool {
    let is_interpreter = matches!(
        command.name(),
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "python" | "python3" | "node" | "perl" | "ruby" | "pwsh" | "source" | "."
    );
    let first = command.arguments().iter().find(|it| !it.text.starts_with('-'));
    let given = is_interpreter && first.is_some_and(|it| plain(&it.text) == file);
    given || (command.program().contains('/') && plain(command.program()) == file)
}

fn plain(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

fn piped(pipeline: &Pipeline) -> Option<Found> {
    let loader = pipeline.commands.iter().position(is_loader)?;
    let runner = pipeline.commands[loader + 1..].iter().find(|it| is_runner(it))?;
    let command = &pipeline.commands[loader];
    Some(found(command, runner.name(), address(command)))
}

/// `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(wget …)"`, `source <(…)`
fn substituted(pipelines: &[Pipeline]) -> Vec<Found> {
    let runs = |it: &&Command| {
        matches!(it.name(), "sh" | "bash" | "dash" | "zsh" | "python" | "python3" | "eval" | "source" | ".")
    };
    let mut told = Vec::new();
    for (at, pipeline) in pipelines.iter().enumerate().filter(|it| !it.1.captured) {
        let Some(runner) = pipeline.commands.iter().find(runs) else { continue };
        let is_substituted = |it: &shell::Word| it.text.contains("$(") || it.text.starts_with("<(") || it.text.contains('`');
        let Some(word) = runner.arguments().iter().find(|it| is_substituted(it)) else { continue };
        // What is substituted stands before.
        let before = pipelines[..at].iter().rev().take_while(|it| it.captured).flat_map(|it| &it.commands);
        let loader = before.into_iter().find(|it| is_loader(it));
        told.extend(loader.map(|it| found(it, runner.name(), word.raw.clone())));
    }
    told
}

fn found(loader: &Command, runner: &str, raw: String) -> Found {
    Found { loader: loader.name().to_owned(), runner: runner.to_owned(), raw, line: loader.line }
}

fn address(command: &Command) -> String {
    let word = command.arguments().iter().find(|it| it.text.contains("://"));
    word.map(|it| it.raw.clone()).unwrap_or_default()
}

fn in_powershell(text: &str) -> Vec<Found> {
    let loads = ["DownloadString", "Invoke-WebRequest", "Invoke-RestMethod", "iwr ", "irm "];
    let runs = |line: &str| line.contains("Invoke-Expression") || line.contains("| iex") || line.trim_start().starts_with("iex ");
    let loading = (1..).zip(text.lines()).filter_map(|(line, written)| {
        let loader = loads.into_iter().find(|it| written.contains(it)).filter(|_| runs(written))?.trim().to_owned();
        Some(Found { raw: loader.clone(), loader, runner: "Invoke-Expression".to_owned(), line })
    });
    loading.collect()
}
