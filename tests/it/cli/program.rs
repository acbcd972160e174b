//! The program itself: streams, colours, exit codes, pipes.

use super::support::Sandbox;
use crate::support::repository;
use std::io::Read as _;
use std::process::{Command, Output, Stdio};

fn mlopsc(sandbox: &Sandbox) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mlopsc"));
    command.current_dir(sandbox.root());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "TERM"] {
        command.env_remove(name);
    }
    command
}

fn run(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Output {
    mlopsc(sandbox).args(args).envs(variables.iter().copied()).output().unwrap()
}

fn broken_project() -> Sandbox {
    let sandbox = Sandbox::new(&[("mlopsc.toml", "outptu = \"x\"\n")]);
    sandbox.write("main.mlops", b"// caf\xE9\n");
    sandbox
}

fn printed(args: &[&str]) -> String {
    let out = run(&Sandbox::new(&[]), args, &[]);
    assert_eq!(out.status.code(), Some(0));
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn the_version_is_printed() {
    let short = printed(&["-V"]);
    let number = concat!("mlopsc ", env!("CARGO_PKG_VERSION"));
    let rest = short.strip_prefix(number).expect("it begins with the number");
    assert!(rest == "\n" || (rest.starts_with(" (") && rest.ends_with(")\n")), "{short}");
    assert!(printed(&["--version"]).starts_with(&short));
}

#[test]
fn the_version_names_what_the_clients_of_the_tests_are() {
    let long = printed(&["--version"]);
    let schema = text_of("tests/clients/data/azure-pipelines-schema.json");
    let schema = schema.split("\"$comment\":\"v").nth(1).and_then(|it| it.split('"').next()).unwrap();
    assert!(long.contains(&format!("service schema {schema},")), "{schema}: {long}");
    let clients = text_of("tests/clients/requirements.txt");
    let sdk = clients.lines().find_map(|it| it.strip_prefix("azure-ai-ml==")).unwrap();
    assert!(long.contains(&format!("azure-ai-ml {sdk}\n")), "{sdk}: {long}");
}

fn text_of(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap()
}

#[test]
fn exit_codes_are_as_promised() {
    let sandbox = broken_project();
    let code = |args: &[&str]| run(&sandbox, args, &[]).status.code().unwrap();
    assert_eq!(code(&["check"]), 1);
    assert_eq!(code(&["compile"]), 1);
    assert_eq!(code(&["check", "nowhere"]), 2);
    assert_eq!(code(&["nonsense"]), 2);
    assert_eq!(code(&["explain"]), 0);
    sandbox.write("main.mlops", "");
    sandbox.write("mlopsc.toml", "");
    assert_eq!(code(&["check"]), 0);
    assert_eq!(code(&["compile"]), 0);
}

#[test]
fn findings_and_summary_go_to_their_streams() {
    let sandbox = broken_project();
    let out = run(&sandbox, &["check"], &[]);
    let (stdout, stderr) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
    assert!(stdout.contains("error[config]: ") && stdout.contains("error[not-utf8]: "), "{stdout}");
    assert_eq!(stderr, "2 errors in 1 file\n`mlopsc explain CODE` tells more\n");
    let out = run(&sandbox, &["compile"], &[]);
    assert!(out.stdout.is_empty());
    assert_eq!(String::from_utf8(out.stderr).unwrap(), stdout + &stderr);
}

#[test]
fn colours_follow_the_usual_variables() {
    let sandbox = broken_project();
    let colours = |args: &[&str], variables: &[(&str, &str)]| {
        let args = [&["check"], args].concat();
        let out = run(&sandbox, &args, variables);
        out.stdout.contains(&0x1B)
    };
    assert!(!colours(&[], &[]), "a pipe");
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colours(&["--color", "always"], &[]));
    assert!(colours(&["--color", "always"], &[("NO_COLOR", "1")]), "the argument is nearer");
    assert!(!colours(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(colours(&["--color=always", "--format=concise"], &[]));
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let keys: Vec<String> = (0..3_000).map(|n| format!("key{n} = 1\n")).collect();
    let sandbox = Sandbox::new(&[("mlopsc.toml", &keys.concat())]);
    sandbox.write("main.mlops", "");
    let args = ["check", "--max-diagnostics", "0"];
    let mut child =
        mlopsc(&sandbox).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{told}");
    assert_eq!(told, "3000 errors in 1 file\n`mlopsc explain config` tells more\n");
    let mut child = mlopsc(&sandbox).arg("--help").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_output_is_trouble() {
    let sandbox = broken_project();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let out = mlopsc(&sandbox).arg("check").stdout(full).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8(out.stderr).unwrap();
    assert_eq!(told, "error: cannot write the output: no space left on device\n");
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_gone_is_trouble() {
    let sandbox = Sandbox::new(&[("gone/x", "")]);
    let script = "cd gone && rm -r ../gone && exec \"$0\" check";
    let out = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_mlopsc")])
        .current_dir(sandbox.root())
        .output();
    let out = out.unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8(out.stderr).unwrap().starts_with("error: cannot open the current folder: "));
}

const WITH_OPTIONS: &str = "option region: string = \"west\" { enum = [\"west\", \"north\"] }
option nodes: int = 2
option patience: duration = 20m
option slice: percentage = 10%
pool linux { image = \"ubuntu-24.04\" }
pipeline build \"Build ${region}\" {
  trigger manual
  pool = linux
  timeout = patience
  for number in 1..nodes { stage part[number] { run \"make\" } }
}
";

#[test]
fn options_are_set_by_the_command_line_before_the_configuration() {
    let sandbox = Sandbox::new(&[("main.mlops", WITH_OPTIONS), ("mlopsc.toml", "[options]\nnodes = 4\n")]);
    let printed = |args: &[&str]| {
        let out = run(&sandbox, &[&["compile", "--stdout"], args].concat(), &[]);
        String::from_utf8(out.stdout).unwrap()
    };
    let text = printed(&[]);
    assert!(text.contains("Build west") && text.contains("part_4"), "{text}");
    let text = printed(&["-D", "patience=2h", "-Dslice=30%"]);
    assert!(text.contains("timeoutInMinutes: 120"), "{text}");
    let text = printed(&["-D", "region=north", "-Dnodes=1"]);
    assert!(text.contains("Build north") && text.contains("part_1") && !text.contains("part_2"), "{text}");
}

#[test]
fn what_is_wrong_with_an_option_is_shown_where_it_was_set() {
    let sandbox = Sandbox::new(&[("main.mlops", WITH_OPTIONS)]);
    let found = |setting: &str| {
        let out = run(&sandbox, &["check", "--format", "concise", "-D", setting], &[]);
        assert_eq!(out.status.code(), Some(1), "{setting}");
        String::from_utf8(out.stdout).unwrap()
    };
    assert_eq!(found("nodes=many"), "-D:1:7: error[type-mismatch] the option `nodes` takes a whole number\n");
    assert_eq!(found("region=east"), "-D:1:8: error[out-of-bounds] `region` cannot be \"east\"\n");
    for (setting, message) in [
        ("patience=2", "`patience` takes a duration such as `20m`"),
        ("patience=5%", "`patience` takes a duration such as `20m`"),
        ("slice=ten%", "`slice` takes a percentage such as `10%`"),
    ] {
        assert!(found(setting).contains(message), "{setting}");
    }
    assert!(
        found("regoin=west").starts_with("-D:1:1: error[undefined-reference] no option is named `regoin`")
    );
    assert_eq!(run(&sandbox, &["check", "-D", "region"], &[]).status.code(), Some(2));
}
