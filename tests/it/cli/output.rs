//! What `compile` does to the output folder.

use super::support::{Run, Sandbox};
use mlopsc::cli::disk::Local;
use std::fs;
use std::time::{Duration, SystemTime};

const THREE: &str = "
out azure-pipelines/train.yml a\\nb\\nc
out azure-ml/jobs/fit.json {}
out helm/api/values.yaml replicas: 3";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new(&[("main.mlops", THREE)]);
    let run = sandbox.run(&["compile"]);
    assert_eq!(said(&run), (0, "wrote 3 files to generated (3 created)\n"));
    sandbox
}

fn said(run: &Run) -> (u8, &str) {
    (run.code, &run.err)
}

fn names(sandbox: &Sandbox) -> Vec<String> {
    let mut tree = sandbox.tree("generated");
    tree.remove("mlopsc.manifest.json");
    tree.into_keys().collect()
}

#[test]
fn files_and_manifest_are_written() {
    let sandbox = compiled();
    let folders = ["azure-ml/", "azure-ml/jobs/", "azure-ml/jobs/fit.json", "azure-pipelines/"];
    let rest = ["azure-pipelines/train.yml", "helm/", "helm/api/", "helm/api/values.yaml"];
    assert_eq!(names(&sandbox), [folders, rest].concat(), "and nothing of the staging");
    assert_eq!(sandbox.read("generated/azure-pipelines/train.yml"), "a\nb\nc\n");
    let manifest = sandbox.read("generated/mlopsc.manifest.json");
    let expected = format!(
        r#"{{
  "mlopsc": "{}",
  "files": {{
    "azure-ml/jobs/fit.json": {{
      "sha256": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
      "source": "main.mlops"
    }},
"#,
        env!("CARGO_PKG_VERSION")
    );
    assert!(manifest.starts_with(&expected), "{manifest}");
    assert!(!manifest.contains("before"), "the journal is gone");
}

#[test]
fn an_unchanged_file_is_not_touched() {
    let sandbox = compiled();
    let old = SystemTime::now() - Duration::from_secs(1000);
    for path in sandbox.tree("generated").into_keys().filter(|path| !path.ends_with('/')) {
        let file = fs::File::options().write(true).open(sandbox.at("generated").join(path)).unwrap();
        file.set_modified(old).unwrap();
    }
    let age = |path: &str| fs::metadata(sandbox.at("generated").join(path)).unwrap().modified().unwrap();
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "generated is up to date (3 files)\n"));
    assert_eq!(age("mlopsc.manifest.json"), old);
    sandbox.write("main.mlops", THREE.replace("replicas: 3", "replicas: 4"));
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "wrote 1 file to generated (1 changed, 2 unchanged)\n"));
    assert_eq!(age("azure-pipelines/train.yml"), old);
    assert_ne!(age("helm/api/values.yaml"), old);
}

#[test]
fn what_is_no_longer_made_is_removed_with_its_folders() {
    let sandbox = compiled();
    sandbox.write("main.mlops", "out azure-pipelines/train.yml a\\nb\\nc");
    assert_eq!(
        said(&sandbox.run(&["compile"])),
        (0, "removed 2 files from generated (2 removed, 1 unchanged)\n")
    );
    assert_eq!(names(&sandbox), ["azure-pipelines/", "azure-pipelines/train.yml"]);
    sandbox.write("main.mlops", "");
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "removed 1 file from generated (1 removed)\n"));
    assert!(sandbox.tree("generated").is_empty());
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "nothing to write\n"));
}

#[test]
fn a_folder_with_other_files_stays() {
    let sandbox = compiled();
    sandbox.write("generated/helm/notes.txt", "mine");
    sandbox.write("main.mlops", "out azure-pipelines/train.yml a\\nb\\nc");
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    assert_eq!(names(&sandbox), ["azure-pipelines/", "azure-pipelines/train.yml", "helm/", "helm/notes.txt"]);
}

#[test]
fn an_edited_file_is_not_overwritten() {
    let sandbox = compiled();
    sandbox.write("generated/azure-pipelines/train.yml", "a\nB\nc\n");
    sandbox.write("main.mlops", THREE.replace("replicas: 3", "replicas: 4"));
    let before = sandbox.tree("generated");
    let expected = "error: nothing was written to generated
  azure-pipelines/train.yml  was edited since mlopsc wrote it; line 2 is the first that differs
  help: `mlopsc drift` shows what was edited: move it into the sources, or overwrite these files with `--force`
";
    assert_eq!(said(&sandbox.run(&["compile"])), (1, expected));
    assert_eq!(sandbox.tree("generated"), before, "not even the other file");
    let forced = sandbox.run(&["compile", "--force"]);
    assert_eq!(said(&forced), (0, "wrote 2 files to generated (2 changed, 1 unchanged)\n"));
    assert_eq!(sandbox.read("generated/azure-pipelines/train.yml"), "a\nb\nc\n");
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "generated is up to date (3 files)\n"));
}

#[test]
fn an_edited_file_is_not_removed() {
    let sandbox = compiled();
    sandbox.write("generated/helm/api/values.yaml", "mine");
    sandbox.write("main.mlops", "");
    let run = sandbox.run(&["compile"]);
    assert!(
        run.err.contains("helm/api/values.yaml  was edited since mlopsc wrote it, and is no longer"),
        "{run:?}"
    );
    assert_eq!((run.code, names(&sandbox).len()), (1, 8));
    assert_eq!(sandbox.run(&["compile", "--force"]).code, 0);
    assert!(sandbox.tree("generated").is_empty());
}

#[test]
fn a_deleted_file_comes_back_and_an_edit_that_equals_the_new_text_is_fine() {
    let sandbox = compiled();
    sandbox.remove("generated/helm/api/values.yaml");
    sandbox.write("generated/azure-ml/jobs/fit.json", "[]\n");
    sandbox.write("main.mlops", THREE.replace("{}", "[]"));
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "wrote 1 file to generated (1 created, 2 unchanged)\n"));
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let sandbox =
        Sandbox::new(&[("main.mlops", THREE), ("generated/azure-pipelines/train.yml", "by hand\n")]);
    let run = sandbox.run(&["compile"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("  azure-pipelines/train.yml  was not written by mlopsc\n"), "{}", run.err);
    assert_eq!(names(&sandbox), ["azure-pipelines/", "azure-pipelines/train.yml"]);
    assert_eq!(sandbox.run(&["compile", "--force"]).code, 0);
    assert_eq!(sandbox.read("generated/azure-pipelines/train.yml"), "a\nb\nc\n");
}

#[test]
fn the_same_text_without_a_manifest_is_adopted() {
    let sandbox = compiled();
    sandbox.remove("generated/mlopsc.manifest.json");
    let run = sandbox.run(&["compile"]);
    assert_eq!(said(&run), (0, "wrote the manifest of generated (3 unchanged)\n"));
}

#[test]
fn a_broken_manifest_needs_force() {
    let broken = [
        "<<<<<<< HEAD",
        "{}",
        "[]",
        r#"{"mlopsc":"1","files":{"../../main.mlops":{"sha256":"","source":""}}}"#,
    ];
    for text in broken {
        let sandbox = compiled();
        sandbox.write("generated/mlopsc.manifest.json", text);
        let run = sandbox.run(&["compile"]);
        assert_eq!(run.code, 1, "{text}");
        assert!(run.err.contains("mlopsc.manifest.json  is not a manifest any more"), "{}", run.err);
        assert_eq!(
            said(&sandbox.run(&["compile", "--force"])),
            (0, "wrote the manifest of generated (3 unchanged)\n")
        );
        assert_eq!(sandbox.read("main.mlops"), THREE);
    }
}

#[test]
fn a_manifest_in_the_middle_of_a_merge_says_where_and_what_repairs_it() {
    let sandbox = compiled();
    let manifest = sandbox.read("generated/mlopsc.manifest.json");
    let merged =
        manifest.replacen("    \"azure-pipe", "<<<<<<< HEAD\n=======\n>>>>>>> x\n    \"azure-pipe", 1);
    sandbox.write("generated/mlopsc.manifest.json", &merged);
    sandbox.write("generated/helm/api/values.yaml", "replicas: 2\n");
    let line = 1 + merged.lines().position(|it| it == "<<<<<<< HEAD").unwrap();
    let help = "take `mlopsc.manifest.json` back from your history; or write it and all outputs anew, over what was edited, with `mlopsc compile --force`";
    let expected = format!(
        "error: nothing was written to generated
  mlopsc.manifest.json  is not a manifest any more: line {line} is a mark of a merge, `<<<<<<<`
  helm/api/values.yaml  differs, and only the manifest could say who wrote it
  help: {help}
"
    );
    let run = sandbox.run(&["compile"]);
    assert_eq!(said(&run), (1, expected.as_str()));
    let drift = sandbox.run(&["drift"]);
    assert!(
        drift.code == 1 && drift.out.contains(&format!("(is not a manifest any more: line {line} ")),
        "{drift:?}"
    );
    assert!(drift.out.contains("replicas: 2 instead of 3") && drift.out.contains(help), "{drift:?}");
    assert_eq!(sandbox.read("generated/mlopsc.manifest.json"), merged);
    assert_eq!(sandbox.run(&["compile", "--force"]).code, 0);
    assert_eq!(sandbox.read("generated/mlopsc.manifest.json"), manifest);
    assert_eq!(sandbox.run(&["drift"]).code, 0);
}

#[test]
fn what_is_no_file_is_in_the_way_even_with_force() {
    let sandbox = Sandbox::new(&[
        ("main.mlops", THREE),
        ("generated/azure-pipelines/train.yml/x", ""),
        ("generated/helm", "a file"),
    ]);
    for args in [&["compile"][..], &["compile", "--force"]] {
        let run = sandbox.run(args);
        assert_eq!(run.code, 1);
        assert!(
            run.err.contains("  azure-pipelines/train.yml  is a folder, where a file is to be written\n"),
            "{run:?}"
        );
        assert!(
            run.err.contains("  helm                       is a file, where a folder is needed\n"),
            "{run:?}"
        );
        assert!(run.err.contains("`--force` does not touch it"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_inside_the_output_are_not_followed() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new(&[("main.mlops", THREE), ("charts/x", ""), ("victim", "replicas: 2\n")]);
    fs::create_dir_all(sandbox.at("generated/azure-ml/jobs")).unwrap();
    symlink("../charts", sandbox.at("generated/helm")).unwrap();
    symlink("../../../victim", sandbox.at("generated/azure-ml/jobs/fit.json")).unwrap();
    let run = sandbox.run(&["compile", "--force"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("  azure-ml/jobs/fit.json  is a symbolic link\n"), "{}", run.err);
    assert!(
        run.err.contains("  helm                    is a symbolic link, where a folder is needed\n"),
        "{}",
        run.err
    );
    assert_eq!(sandbox.read("victim"), "replicas: 2\n");
    assert!(!sandbox.at("charts/api").exists());
}

#[cfg(unix)]
#[test]
fn the_output_folder_itself_may_be_a_link() {
    let sandbox = Sandbox::new(&[("p/main.mlops", THREE), ("p/real/x", "")]);
    std::os::unix::fs::symlink("real", sandbox.at("p/generated")).unwrap();
    assert_eq!(sandbox.run(&["compile", "p"]).code, 0);
    assert_eq!(sandbox.read("p/real/helm/api/values.yaml"), "replicas: 3\n");
}

#[test]
fn outputs_that_exclude_each_other_are_refused() {
    let cases = [
        (
            "out azure-ml/Fit.json 1\nout azure-ml/fit.json 2",
            "azure-ml/fit.json  cannot stand beside `azure-ml/Fit.json`",
        ),
        ("out azure-ml/fit 1\nout azure-ml/FIT/x 2", "azure-ml/FIT/x  cannot stand beside `azure-ml/fit`"),
        ("out mlopsc.manifest.json 1", "cannot stand beside `mlopsc.manifest.json`"),
        ("out ../main.mlops 1", "../main.mlops  is not a path in the output folder"),
        ("out /tmp/x 1", "/tmp/x  is not a path in the output folder"),
        ("out a//b 1", "a//b  is not a path in the output folder"),
    ];
    for (source, expected) in cases {
        let sandbox = Sandbox::new(&[("main.mlops", source)]);
        let run = sandbox.run(&["compile", "--force"]);
        assert_eq!(run.code, 1, "{source}");
        assert!(run.err.contains(expected), "{source}: {}", run.err);
        assert!(!sandbox.at("generated").exists(), "{source}");
    }
}

#[test]
fn one_target_leaves_the_others_alone() {
    let sandbox = compiled();
    let other = THREE.replace("replicas: 3", "replicas: 4").replace("{}", "[]");
    sandbox.write("main.mlops", &other);
    let run = sandbox.run(&["compile", "--target", "helm"]);
    assert_eq!(said(&run), (0, "wrote 1 file to generated (1 changed)\n"));
    assert_eq!(sandbox.read("generated/azure-ml/jobs/fit.json"), "{}\n");
    assert_eq!(said(&sandbox.run(&["compile", "--target", "helm", "--check"])).0, 0);
    assert_eq!(sandbox.run(&["compile", "--target", "helm,azure-ml", "--check"]).code, 1);
    sandbox.write("main.mlops", "");
    let run = sandbox.run(&["compile", "--target", "azure-devops,helm"]);
    assert_eq!(said(&run), (0, "removed 2 files from generated (2 removed)\n"));
    assert_eq!(names(&sandbox), ["azure-ml/", "azure-ml/jobs/", "azure-ml/jobs/fit.json"]);
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "removed 1 file from generated (1 removed)\n"));
}

#[test]
fn a_stale_staging_folder_is_cleared_away() {
    let sandbox = compiled();
    sandbox.write("generated/.mlopsc-staging/7.new", "half");
    assert_eq!(sandbox.run(&["compile", "--check"]).code, 0);
    assert!(sandbox.at("generated/.mlopsc-staging").exists(), "a check writes nothing");
    assert_eq!(said(&sandbox.run(&["compile"])), (0, "generated is up to date (3 files)\n"));
    assert!(!sandbox.at("generated/.mlopsc-staging").exists());
}

#[test]
fn an_output_folder_that_cannot_be_is_told() {
    let sandbox = Sandbox::new(&[("main.mlops", THREE), ("file", "x")]);
    let run = sandbox.run(&["compile", "-o", "file"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: `file` is not a folder\n"), "{}", run.err);
    let run = sandbox.run(&["compile", "-o", "file/below/it"]);
    assert_eq!(
        said(&run),
        (2, "error: cannot create `file/below`: not a directory\n  help: nothing was changed\n")
    );
    assert_eq!(sandbox.read("file"), "x");
}

#[test]
fn the_emitters_learn_where_the_output_is() {
    let sandbox =
        Sandbox::new(&[("p/mlopsc.toml", "output = \"a/b\""), ("p/q/main.mlops", "out helm/w WHERE")]);
    sandbox.run_in("p/q", &Local, &["compile"]);
    assert_eq!(sandbox.read("p/a/b/helm/w"), "a/b\n");
    let options = [("x", "q/x"), ("../y/z", "y/z"), ("no/../v", "q/v")];
    for (option, expected) in options {
        let run = sandbox.run_in("p/q", &Local, &["compile", "-o", option]);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(sandbox.read(&format!("p/{expected}/helm/w")), format!("{expected}\n"));
    }
    let absolute = sandbox.at("p/q/abs");
    assert_eq!(sandbox.run_in("p/q", &Local, &["compile", "-o", absolute.to_str().unwrap()]).code, 0);
    assert_eq!(sandbox.read("p/q/abs/helm/w"), "q/abs\n");
}

#[test]
fn an_output_folder_is_for_generated_files_alone() {
    let files = [
        ("p/mlopsc.toml", ""),
        ("p/main.mlops", "out helm/w WHERE"),
        ("p/deep/down/b.mlops", ""),
        ("p/.git/config", ""),
        ("p/other/mlopsc.toml", ""),
    ];
    let sandbox = Sandbox::new(&files);
    let before = sandbox.tree(".");
    for (folder, why) in [
        (".", "holds sources of the project"),
        ("deep", "holds sources of the project"),
        ("deep/down", "holds sources of the project"),
        ("./deep/../deep", "holds sources of the project"),
        (".git", "is kept by git"),
        (".git/x", "is kept by git"),
        (".GIT", "is kept by git"),
        ("vendor/.git/hooks", "is kept by git"),
        ("other", "is another project"),
    ] {
        for command in [&["compile"][..], &["compile", "--force"], &["drift", "--force"], &["drift"]] {
            let run = sandbox.run_in("p", &Local, &[command, &["-o", folder]].concat());
            let told = format!("error: the output folder `{folder}` {why}\n  help: name a folder");
            assert!(run.code == 2 && run.err.starts_with(&told), "{command:?} {folder}: {run:?}");
        }
        sandbox.write("p/mlopsc.toml", format!("output = {folder:?}"));
        assert_ne!(sandbox.run_in("p", &Local, &["compile"]).code, 0, "{folder} in mlopsc.toml");
        sandbox.write("p/mlopsc.toml", "");
    }
    assert_eq!(sandbox.tree("."), before);
    for folder in ["deep/out", "out", ".github"] {
        assert_eq!(sandbox.run_in("p", &Local, &["compile", "-o", folder]).code, 0, "{folder}");
    }
}

#[test]
fn an_output_outside_of_the_project_is_refused() {
    let sandbox = Sandbox::new(&[("p/mlopsc.toml", ""), ("p/main.mlops", "out helm/w WHERE")]);
    let run = sandbox.run_in("p", &Local, &["compile", "-o", "../outside"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("the output folder `../outside` lies outside of the project"), "{run:?}");
    assert!(!sandbox.at("outside").exists());
}

#[test]
fn an_output_folder_that_leads_out_of_the_project_is_refused() {
    let sandbox =
        Sandbox::new(&[("p/mlopsc.toml", ""), ("p/main.mlops", "out helm/w 1"), ("outside/kept", "")]);
    std::os::unix::fs::symlink("../outside", sandbox.at("p/generated")).unwrap();
    let run = sandbox.run_in("p", &Local, &["compile"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("the output folder `generated` lies outside of the project"), "{run:?}");
    assert!(!sandbox.at("outside/helm").exists());
    fs::remove_file(sandbox.at("p/generated")).unwrap();
    std::os::unix::fs::symlink("p", sandbox.at("linked")).unwrap();
    assert_eq!(sandbox.run_in("linked", &Local, &["compile"]).code, 0, "the project itself may be a link");
}

#[test]
fn a_file_of_no_known_target_goes_with_a_full_run_only() {
    let sandbox = Sandbox::new(&[("main.mlops", "out other/x 1\nout helm/y 2")]);
    sandbox.run(&["compile"]);
    sandbox.write("main.mlops", "out helm/y 2");
    assert_eq!(
        said(&sandbox.run(&["compile", "--target", "helm"])),
        (0, "generated is up to date (1 file)\n")
    );
    assert_eq!(sandbox.read("generated/other/x"), "1\n");
    assert_eq!(sandbox.run(&["compile"]).code, 0);
    assert!(!sandbox.at("generated/other").exists());
}
