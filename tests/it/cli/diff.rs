//! `mlopsc diff` over folders and revisions.

use super::support::{Failing, Sandbox};
use std::process::Command;

const OLD: &str = r#"
repository self { type = azure_repos, name = "ops", branch = "main" }
pool linux { image = "ubuntu-24.04" }
project p { pool = linux }
approval leads { approvers = ["leads@contoso.example"] }
environment prod { approval = leads, protected = true, branches = ["main"], lock = sequential }
pipeline release {
  trigger manual
  stage out { environment = prod, run "b" }
}
"#;

/// A repository with the old text as its first commit, and the new one in the working tree.
fn repository(new: &str) -> Sandbox {
    let sandbox = Sandbox::new(&[("p/main.mlops", OLD), ("p/mlopsc.toml", "")]);
    git(&sandbox, &["init", "-q", "-b", "main"]);
    git(&sandbox, &["add", "."]);
    git(&sandbox, &["commit", "-q", "-m", "first"]);
    sandbox.write("p/main.mlops", new);
    sandbox
}

fn git(sandbox: &Sandbox, args: &[&str]) {
    let who = ["-c", "user.name=a", "-c", "user.email=a@contoso.example", "-c", "commit.gpgsign=false"];
    let run = Command::new("git").current_dir(sandbox.root()).args(who).args(args).output();
    let run = run.expect("git is there");
    assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_revision_is_compared_with_the_files_as_they_are() {
    let sandbox = repository(&OLD.replace(", lock = sequential", ""));
    let run = sandbox.run_real("p", &Failing::never(), &["diff", "HEAD"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let line = "Lowers protection\n  environment `prod` no longer needs a lock (`sequential`)  (was HEAD:main.mlops:6)\n\n1 change\n";
    assert_eq!(run.out, line);
    let run = sandbox.run_real(".", &Failing::never(), &["diff", "HEAD", "--project", "p", "--exit-code"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.out, line.replace("HEAD:", "HEAD:p/"));
}

#[test]
fn revisions_are_named_as_for_git() {
    let sandbox = repository(&OLD.replace("sequential", "latest"));
    git(&sandbox, &["checkout", "-q", "-b", "topic"]);
    git(&sandbox, &["commit", "-q", "-a", "-m", "second"]);
    git(&sandbox, &["checkout", "-q", "main"]);
    sandbox.write("p/main.mlops", OLD.replace("ubuntu-24.04", "ubuntu-22.04"));
    git(&sandbox, &["commit", "-q", "-a", "-m", "third"]);
    let run = |args: &[&str]| sandbox.run_real("p", &Failing::never(), args).out;
    let both = run(&["diff", "main", "topic"]);
    assert_eq!(both.lines().last(), Some("2 changes"), "{both}");
    assert_eq!(run(&["diff", "main..topic"]), both);
    let own = run(&["diff", "main...topic"]);
    assert_eq!(own.lines().last(), Some("1 change"), "{own}");
    assert!(own.contains("lock: `sequential` → `latest`"), "{own}");
}

#[test]
fn folders_need_no_git() {
    let sandbox = Sandbox::new(&[("a/main.mlops", OLD), ("b/main.mlops", &format!("// x\n{OLD}"))]);
    let run = sandbox.run_real(".", &Failing::never(), &["diff", "a", "b", "--exit-code"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "no change in what it does\n", ""));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let sandbox = repository(&OLD.replace("environment = prod", "environment = nowhere"));
    let run = |args: &[&str]| sandbox.run_real("p", &Failing::never(), args);
    let broken = run(&["diff", "HEAD"]);
    assert_eq!((broken.code, broken.out.as_str()), (1, ""));
    assert!(broken.err.contains("main.mlops:9:29") && broken.err.contains("nowhere"), "{}", broken.err);
    assert!(broken.err.ends_with("error: nothing was compared: parts of the system of the new version are not known, because of the errors above\n"), "{}", broken.err);
    assert!(!broken.err.contains("warning["), "{}", broken.err);
    let old = run(&["diff", ".", "HEAD"]);
    assert_eq!(old.code, 1);
    let unknown = run(&["diff", "nosuch"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.starts_with("error: `nosuch` is neither a folder nor a revision\n"),
        "{}",
        unknown.err
    );
    let option = run(&["diff", "--", "--output=x"]);
    assert_eq!((option.code, sandbox.at("p/x").exists()), (2, false));
    git(&sandbox, &["rm", "-r", "-q", "--cached", "p"]);
    git(&sandbox, &["commit", "-q", "-m", "gone"]);
    let absent = run(&["diff", "HEAD"]);
    assert_eq!(absent.code, 2);
    assert!(absent.err.starts_with("error: there is no folder `p` at revision `HEAD`\n"), "{}", absent.err);
    let before = sandbox.run_real(".", &Failing::never(), &["diff", "HEAD~1", "--project", "q"]);
    assert!(before.code == 2 && before.err.contains("name one by `--project`"), "{}", before.err);
}

#[test]
fn a_lost_approval_is_told_though_it_is_an_error() {
    let sandbox = repository(&OLD.replace("approval = leads, ", ""));
    let run = sandbox.run_real("p", &Failing::never(), &["diff", "HEAD"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("prod-without-approval"), "{}", run.err);
    assert!(
        run.out.starts_with(
            "Lowers protection\n  environment `prod` no longer needs an approval by `leads@contoso.example`"
        ),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("    `release.out` deploys to it, and nobody is asked: `mlopsc prove prod`\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_test_that_names_what_is_gone_is_no_obstacle() {
    let more = "pipeline sweep { trigger manual, stage s { run \"x\" } }\n";
    let tests = [
        ("unknown-in-test", "test \"t\" {\n  on manual release\n  expect skips [sweep]\n}\n"),
        ("undefined-reference", "test \"t\" {\n  on manual sweep\n  expect runs [release]\n}\n"),
    ];
    for (code, test) in tests {
        let [old, new] = [format!("{OLD}{more}{test}"), format!("{OLD}{test}")];
        let sandbox = Sandbox::new(&[("a/main.mlops", &old), ("b/main.mlops", &new)]);
        let run = sandbox.run_real(".", &Failing::never(), &["diff", "a", "b"]);
        assert_eq!(run.code, 1);
        assert!(run.out.contains("pipeline `sweep` is gone"), "{}\n{}", run.out, run.err);
        assert!(run.err.contains(code) && !run.err.contains("nothing was compared"), "{}", run.err);
        let run = sandbox.run_real("b", &Failing::never(), &["test"]);
        assert!(run.code == 1 && run.out.is_empty(), "{}", run.out);
    }
}

#[test]
fn hashes_are_told_by_their_first_digits() {
    let sandbox = repository(&OLD.replace(", lock = sequential", ""));
    git(&sandbox, &["commit", "-q", "-a", "-m", "second"]);
    let run = sandbox.run_real("p", &Failing::never(), &["diff", "HEAD~1...HEAD", "--format", "markdown"]);
    let place = run.out.split_once("<sub>was ").map(|it| it.1).unwrap_or_default();
    let hash = place.split_once(":main.mlops:6</sub>").map(|it| it.0).unwrap_or_default();
    assert!(hash.len() == 10 && hash.bytes().all(|it| it.is_ascii_hexdigit()), "{}", run.out);
    git(&sandbox, &["cat-file", "-e", hash]);
}
