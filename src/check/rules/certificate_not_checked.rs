//! # A connection without a check of who answers
//!
//! With `curl --insecure` and its like, whoever stands between the agent and the server can read what is sent, secrets
//! included, and send something else back.
//!
//! ```mlops,fails
//! pipeline build {
//!   trigger manual
//!   stage build { run "curl --insecure --fail https://models.example/price.tar.gz --output price.tar.gz" }
//! }
//! ```
//!
//! ```mlops,passes
//! pipeline build {
//!   trigger manual
//!   stage build { run "curl --cacert ca.pem --fail https://models.example/price.tar.gz --output price.tar.gz" }
//! }
//! ```
//!
//! Leave the option out. Where the server has a certificate of your own authority, give that: `--cacert ca.pem`,
//! `REQUESTS_CA_BUNDLE`, `GIT_SSL_CAINFO`.
//!
//! Source: the manuals of curl, wget, git, pip, helm, kubectl and the Azure CLI.

use crate::check::scripts::Script;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::target::shell::{Command, Word};

pub(super) static RULE: Rule = Rule::warning(Group::Security, "certificate-not-checked", run).by_pipeline().fixes(Safety::Unsafe);

/// Variables that switch the check off.
const VARIABLES: &[(&str, &str)] = &[
    ("GIT_SSL_NO_VERIFY", ""),
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
    ("PYTHONHTTPSVERIFY", "0"),
    ("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", ""),
    ("CURL_INSECURE", ""),
];

fn run(cx: &mut Cx<'_>) {
    for script in &*cx.scripts() {
        for command in script.pipelines.iter().flat_map(|it| &it.commands) {
            if let Some((what, word)) = of_command(command) {
                report(cx, script, (what, word, command.line));
            }
        }
    }
}

fn of_command(command: &Command) -> Option<(String, &Word)> {
    let is_local = |it: &Word| ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| it.text.contains(host));
    if command.arguments().iter().any(is_local) {
        return None;
    }
    let off = |name: &str, value: &str| VARIABLES.iter().any(|it| it.0 == name && (it.1.is_empty() || it.1 == value) && !value.is_empty());
    if let Some((name, word)) = command.assignments.iter().find(|it| off(&it.0, &it.1.text)) {
        return Some((format!("{name}={}", word.text), word));
    }
    let name = command.name();
    let found = command.arguments().iter().find(|it| switches_off(name, &it.text))?;
    Some((format!("{name} {}", found.text), found))
}

fn switches_off(program: &str, argument: &str) -> bool {
    let lower = argument.to_lowercase();
    match program {
        // Short options of curl that take no value may stand together.
        "curl" => argument == "--insecure" || (argument.starts_with('-') && argument[1..].contains('k') && argument[1..].chars().all(|it| "fsSLkgivOJ#46".contains(it))),
        "wget" => argument == "--no-check-certificate",
        "git" => lower == "http.sslverify=false",
        "pip" | "pip3" | "python" | "python3" => argument == "--trusted-host" || argument.starts_with("--trusted-host="),
        "kubectl" | "helm" | "oras" => matches!(argument, "--insecure-skip-tls-verify" | "--insecure-skip-tls-verify=true" | "--kube-insecure-skip-tls-verify"),
        "ssh" | "scp" | "rsync" => lower == "stricthostkeychecking=no" || lower == "-ostricthostkeychecking=no",
        "export" => VARIABLES.iter().any(|it| argument.strip_prefix(it.0).and_then(|rest| rest.strip_prefix('=')).is_some_and(|value| !value.is_empty() && (it.1.is_empty() || it.1 == value))),
        _ => false,
    }
}

fn report(cx: &mut Cx<'_>, script: &Script<'_>, (what, word, line): (String, &Word, usize)) {
    let span = script.span(cx.sources, &word.raw);
    let edit = script.replaced(cx.sources, &format!("{} ", word.raw), "").filter(|_| matches!(word.text.as_str(), "--insecure" | "-k" | "--no-check-certificate"));
    let message = format!("`{what}` does not look who answers{}", script.in_file(line));
    let finding = cx.report(&RULE, span, message).help("leave this out; for an authority of your own, name its certificate, as `curl --cacert ca.pem` does");
    if let Some(edit) = edit {
        finding.edits(Safety::Unsafe, format!("remove `{}`", word.text), vec![edit]);
    }
}
