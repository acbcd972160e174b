//! `mlopsc drift`: how each output stands to its sources.

use super::support::{Run, Sandbox};

const SOURCE: &str = "
out azure-pipelines/train.yml name: train\\nsteps:\\n- bash: a\\n- bash: b\\nvars: {x: 1, y: 2}
out azure-ml/jobs/fit.json {\"a\": 1}
out helm/api/notes.txt one\\ntwo";
const TRAIN: &str = "generated/azure-pipelines/train.yml";
const FIT: &str = "generated/azure-ml/jobs/fit.json";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.mlops", SOURCE)]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    sandbox
}

fn said(run: &Run) -> (u8, &str) {
    (run.code, &run.out)
}

/// The path and status of each file that is told.
fn states(sandbox: &Sandbox) -> Vec<(String, String)> {
    let run = sandbox.run(&["drift", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let files = found[0]["files"].as_array().unwrap();
    let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap().to_owned();
    files.iter().map(|it| (text(it, "path"), text(it, "status"))).collect()
}

fn state(sandbox: &Sandbox) -> String {
    match states(sandbox).as_slice() {
        [] => "up-to-date".to_owned(),
        [only] => only.1.clone(),
        more => panic!("{more:?}"),
    }
}

#[test]
fn nothing_changed() {
    let sandbox = compiled();
    assert_eq!(said(&sandbox.run(&["drift"])), (0, "generated is what the sources say (3 files)\n"));
}

#[test]
fn an_edit_is_told_by_what_it_means() {
    let sandbox = compiled();
    sandbox.write(
        TRAIN,
        "# mine\nsteps:\n- bash: a\n- bash: c\n- bash: b\nvars: {y: 2, x: 3}\nextra: [1]\nname: train\n",
    );
    let told = "generated: 1 of 3 files not what the sources say
  azure-pipelines/train.yml  edited by hand
    steps[1]: {\"bash\":\"c\"} was added
    vars.x: 3 instead of 1
    extra: [1] was added
  help: move what was edited into the sources; or keep it with `--accept`, or overwrite it with `--force`
";
    assert_eq!(said(&sandbox.run(&["drift"])), (1, told));
    assert_eq!(state(&sandbox), "edited");
}

#[test]
fn comments_and_the_order_of_keys_are_no_drift_but_are_not_overwritten() {
    let sandbox = compiled();
    let text = "# why\nvars: {y: 2, x: 1}\nsteps: [bash: a, {bash: b}]\nname: 'train'\n";
    sandbox.write(TRAIN, text);
    let run = sandbox.run(&["drift"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("edited by hand, means the same"), "{}", run.out);
    assert_eq!(sandbox.run(&["compile"]).code, 1);
    assert_eq!(sandbox.read(TRAIN), text);
}

#[test]
fn every_state_has_its_name() {
    let sandbox = Sandbox::new(&[("main.mlops", SOURCE)]);
    assert_eq!(states(&sandbox)[0].1, "new");
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    sandbox.remove(FIT);
    assert_eq!(state(&sandbox), "missing");
    sandbox.write(FIT, "{\"a\": 1}\n");
    sandbox.write("main.mlops", SOURCE.replace("\"a\": 1", "\"a\": 2"));
    assert_eq!(state(&sandbox), "source-changed");
    sandbox.write(FIT, "{\"a\": 3}\n");
    assert_eq!(state(&sandbox), "edited-and-source-changed");
    sandbox.write("main.mlops", SOURCE);
    assert_eq!(state(&sandbox), "edited");
    sandbox.write("main.mlops", SOURCE.replace("out azure-ml", "no azure-ml"));
    assert_eq!(state(&sandbox), "edited-and-no-longer-generated");
    sandbox.write(FIT, "{\"a\": 1}\n");
    assert_eq!(state(&sandbox), "no-longer-generated");
    sandbox.write("main.mlops", format!("{SOURCE}\nout helm/api/new.txt x"));
    sandbox.write("generated/helm/api/new.txt", "mine");
    assert_eq!(state(&sandbox), "not-ours");
}

#[test]
fn another_version_of_the_compiler_is_told() {
    let sandbox = compiled();
    let manifest = sandbox.read("generated/mlopsc.manifest.json");
    let version = format!("\"mlopsc\": \"{}\"", env!("CARGO_PKG_VERSION"));
    sandbox.write("generated/mlopsc.manifest.json", manifest.replace(&version, "\"mlopsc\": \"0.0.1\""));
    assert_eq!(states(&sandbox), [], "all files are what they would be");
    sandbox.write("main.mlops", SOURCE.replace("\"a\": 1", "\"a\": 2"));
    let run = sandbox.run(&["drift"]);
    assert!(
        run.out.contains("fit.json  mlopsc or the sources changed (mlopsc 0.0.1 wrote it)"),
        "{}",
        run.out
    );
}

#[test]
fn what_is_accepted_stays_until_something_changes_again() {
    let sandbox = compiled();
    sandbox.write(FIT, "{\"a\": 7}\n");
    let run = sandbox.run(&["drift", "--accept"]);
    assert_eq!((run.code, run.err.as_str()), (0, "accepted 1 edited file in generated\n"));
    assert_eq!((state(&sandbox), sandbox.run(&["drift"]).code), ("accepted".to_owned(), 0));
    for args in [&["compile"][..], &["compile", "--check"]] {
        let run = sandbox.run(args);
        assert_eq!(
            (run.code, run.err.as_str()),
            (0, "generated is up to date (3 files, 1 as edited by hand)\n"),
            "{args:?}"
        );
    }
    sandbox.write("main.mlops", SOURCE.replace("two", "three"));
    assert_eq!(sandbox.run(&["compile"]).code, 0, "another file may change");
    assert_eq!((sandbox.read(FIT).as_str(), state(&sandbox).as_str()), ("{\"a\": 7}\n", "accepted"));
    sandbox.write(FIT, "{\"a\": 8}\n");
    assert_eq!(state(&sandbox), "edited", "edited again");
    sandbox.write(FIT, "{\"a\": 7}\n");
    sandbox.write("main.mlops", SOURCE.replace("two", "three").replace("\"a\": 1", "\"a\": 2"));
    assert_eq!(state(&sandbox), "accepted-before");
    let run = sandbox.run(&["compile"]);
    assert!(run.err.contains("its sources have changed since"), "{}", run.err);
    assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
    assert_eq!(state(&sandbox), "accepted");
    sandbox.remove(FIT);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    assert_eq!((sandbox.read(FIT).as_str(), state(&sandbox).as_str()), ("{\"a\": 2}\n", "up-to-date"));
}

#[test]
fn accepting_takes_over_foreign_files_and_forgets_those_of_nobody() {
    let sandbox = compiled();
    sandbox.write(FIT, "mine");
    sandbox.write(
        "main.mlops",
        format!("{}\nout helm/api/new.txt x", SOURCE.replace("out azure-ml", "no azure-ml")),
    );
    sandbox.write("generated/helm/api/new.txt", "also mine");
    assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
    assert_eq!(states(&sandbox), [("helm/api/new.txt".to_owned(), "accepted".to_owned())]);
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    assert_eq!(sandbox.read(FIT), "mine");
    assert_eq!(sandbox.read("generated/helm/api/new.txt"), "also mine");
    let again = sandbox.run(&["drift", "--accept"]);
    assert_eq!(again.err, "nothing to accept in generated\n");
}

#[test]
fn force_writes_all_anew() {
    let sandbox = compiled();
    sandbox.write(FIT, "mine");
    sandbox.remove(TRAIN);
    let run = sandbox.run(&["drift", "--force"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (0, "wrote 2 files to generated (1 created, 1 changed, 1 unchanged)\n")
    );
    assert_eq!((state(&sandbox), sandbox.read(FIT)), ("up-to-date".to_owned(), "{\"a\": 1}\n".to_owned()));
    assert_eq!(sandbox.run(&["drift", "--force", "--accept"]).code, 2);
}

#[test]
fn force_writes_over_edits_that_were_accepted_and_says_so() {
    for command in ["compile", "drift"] {
        let sandbox = compiled();
        sandbox.write(FIT, "{\"a\": 7}\n");
        assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
        assert_eq!(sandbox.run(&[command]).code, 0);
        assert_eq!(sandbox.read(FIT), "{\"a\": 7}\n", "without it they stay");
        let run = sandbox.run(&[command, "--force"]);
        let said = "wrote 1 file to generated (1 changed, 2 unchanged)
overwrote generated/azure-ml/jobs/fit.json, an edit that was accepted
";
        assert_eq!((run.code, run.err.as_str()), (0, said), "{command}");
        assert_eq!((sandbox.read(FIT).as_str(), state(&sandbox).as_str()), ("{\"a\": 1}\n", "up-to-date"));
        assert!(!sandbox.read("generated/mlopsc.manifest.json").contains("accepted"));
    }
}

#[test]
fn a_check_with_force_tells_what_force_would_do() {
    let sandbox = compiled();
    sandbox.write(FIT, "{\"a\": 7}\n");
    assert_eq!(sandbox.run(&["drift", "--accept"]).code, 0);
    assert_eq!(sandbox.run(&["compile", "--check"]).code, 0);
    let run = sandbox.run(&["compile", "--check", "--force"]);
    assert_eq!((run.code, run.err.as_str()), (1, format!("would change {FIT}\n").as_str()));
}

#[test]
fn a_check_says_why_where_nobody_would_guess() {
    let sandbox = compiled();
    sandbox.remove(FIT);
    assert_eq!(sandbox.run(&["compile", "--check"]).err, format!("would create {FIT} (it is missing)\n"));
}

#[test]
fn errors_in_the_sources_come_first() {
    let sandbox = compiled();
    sandbox.write("main.mlops", "error here");
    let run = sandbox.run(&["drift"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("error[made-up]"), "{}", run.err);
}
