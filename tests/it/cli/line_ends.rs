//! Checkouts with the line ends of Windows: `core.autocrlf` turns every `\n` into `\r\n`.

use super::support::Sandbox;
use std::fs;

const SOURCE: &str = "
out azure-pipelines/train.yml name: train\\nsteps:\\n- bash: a
out azure-ml/jobs/fit.json {\\n\"a\": 1\\n}
out azure-pipelines/setup/run.sh #!/bin/sh\\necho";
const TRAIN: &str = "generated/azure-pipelines/train.yml";
const FIT: &str = "generated/azure-ml/jobs/fit.json";
const SCRIPT: &str = "generated/azure-pipelines/setup/run.sh";
const MANIFEST: &str = "generated/mlopsc.manifest.json";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.mlops", SOURCE)]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    sandbox
}

fn check_out(sandbox: &Sandbox, paths: &[&str]) {
    for path in paths {
        sandbox.write(path, sandbox.read(path).replace('\n', "\r\n"));
    }
}

#[test]
fn a_checkout_with_other_line_ends_is_up_to_date_and_stays_as_it_is() {
    let sandbox = compiled();
    check_out(&sandbox, &[TRAIN, FIT, MANIFEST]);
    let before = sandbox.tree(".");
    for args in [&["compile"][..], &["compile", "--check"], &["compile", "--fail-on-change"]] {
        let run = sandbox.run(args);
        assert_eq!((run.code, run.err.as_str()), (0, "generated is up to date (3 files)\n"), "{args:?}");
    }
    let run = sandbox.run(&["drift"]);
    assert_eq!((run.code, run.out.as_str()), (0, "generated is what the sources say (3 files)\n"));
    assert_eq!(sandbox.tree("."), before);
}

#[test]
fn a_script_with_line_ends_that_no_shell_takes_is_written_anew() {
    let sandbox = compiled();
    check_out(&sandbox, &[TRAIN, FIT, MANIFEST, SCRIPT]);
    let why = "has the line ends of Windows, which no shell takes";
    let run = sandbox.run(&["compile", "--check"]);
    assert_eq!((run.code, run.err), (1, format!("would change {SCRIPT} (it {why})\n")));
    let run = sandbox.run(&["drift"]);
    assert!(run.code == 1 && run.out.contains(&format!("run.sh  {why}\n")), "{run:?}");
    assert!(sandbox.run(&["drift", "--format", "json"]).out.contains("\"line-ends\""));
    assert!(sandbox.run(&["compile", "--diff"]).out.contains("+echo\n"));
    let run = sandbox.run(&["compile"]);
    assert_eq!((run.code, run.err.as_str()), (0, "wrote 1 file to generated (1 changed, 2 unchanged)\n"));
    assert_eq!(sandbox.read(SCRIPT), "#!/bin/sh\necho\n");
    assert!(sandbox.read(TRAIN).contains("\r\n"), "the others are not touched");
}

#[test]
fn own_files_are_known_as_such_when_the_sources_change() {
    let sandbox = compiled();
    check_out(&sandbox, &[TRAIN, FIT, MANIFEST, SCRIPT]);
    sandbox.write("main.mlops", SOURCE.replace("bash: a", "bash: b").replace("out azure-ml", "no azure-ml"));
    let diff = sandbox.run(&["compile", "--diff"]).out;
    assert!(
        diff.contains("-- bash: a\n+- bash: b\n") && diff.contains("\n steps:\n"),
        "only the line: {diff}"
    );
    let run = sandbox.run(&["compile"]);
    assert_eq!((run.code, run.err.as_str()), (0, "wrote 2 files to generated (2 changed, 1 removed)\n"));
    assert!(!sandbox.at(FIT).exists());
}

#[test]
fn an_edit_is_an_edit_with_any_line_ends() {
    let sandbox = compiled();
    check_out(&sandbox, &[TRAIN, FIT, MANIFEST]);
    sandbox.write(TRAIN, sandbox.read(TRAIN).replace("bash: a", "bash: mine"));
    let run = sandbox.run(&["compile"]);
    assert!(run.code == 1 && run.err.contains("line 3 is the first that differs"), "{run:?}");
    assert!(sandbox.run(&["drift"]).out.contains("steps[0].bash: \"mine\" instead of \"a\""));
    for lone in ["name: train\r\r\nsteps:\n- bash: a\n", "name: train\rsteps:\n- bash: a\n"] {
        sandbox.write(TRAIN, lone);
        assert_eq!(sandbox.run(&["compile"]).code, 1, "{lone:?} is no checkout's");
    }
}

#[test]
fn what_was_accepted_is_so_in_every_checkout() {
    let sandbox = compiled();
    sandbox.write(FIT, "{\n\"a\": 7\n}\n");
    assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
    check_out(&sandbox, &[FIT, MANIFEST]);
    assert_eq!(sandbox.run(&["drift"]).code, 0);
    // And the other way round.
    sandbox.write(FIT, "{\r\n\"a\": 8\r\n}\r\n");
    assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
    sandbox.write(FIT, "{\n\"a\": 8\n}\n");
    assert_eq!(sandbox.run(&["drift"]).code, 0);
    assert!(sandbox.run(&["drift"]).out.contains("edited by hand, accepted"));
}

fn copy(from: &std::path::Path, sandbox: &Sandbox, to: &str, with: &dyn Fn(String) -> String) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = format!("{to}/{}", path.file_name().unwrap().display());
        match fs::read_to_string(&path) {
            _ if path.is_dir() && path.ends_with("generated") => {}
            _ if path.is_dir() => copy(&path, sandbox, &to, with),
            Ok(text) => sandbox.write(&to, with(text)),
            Err(_) => sandbox.write(&to, fs::read(&path).unwrap()),
        }
    }
}

/// Every text of the examples, side files too, as a checkout on Windows has it.
#[test]
fn sources_with_other_line_ends_say_the_same() {
    for name in crate::examples::complete() {
        let from = crate::support::repository(&format!("examples/{name}"));
        let sandbox = Sandbox::new(&[]);
        copy(&from, &sandbox, "unix", &|text| text);
        copy(&from, &sandbox, "windows", &|text| text.replace('\n', "\r\n"));
        let said = |args: &[&str]| {
            ["unix", "windows"].map(|folder| {
                let run = sandbox.run_real(folder, &mlopsc::cli::disk::Local, args);
                (run.code, run.out.replace("\r\n", "\n"), run.err)
            })
        };
        for args in
            [&["check", "--format", "json"][..], &["compile", "--stdout"], &["fmt", "--check"], &["test"]]
        {
            let [unix, windows] = said(args);
            assert!(unix == windows, "{name} {args:?}\n{unix:?}\n---\n{windows:?}");
        }
        let [unix, _] = said(&["fmt"]);
        assert_eq!(unix.0, 0, "{}", unix.2);
        copy(&from, &sandbox, "again", &|text| text.replace('\n', "\r\n"));
        assert_eq!(sandbox.tree("windows"), sandbox.tree("again"), "{name}: fmt keeps line ends");
    }
}
