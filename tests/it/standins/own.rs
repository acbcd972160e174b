//! What the tests of scripts build on.

use super::{Answer, Scenario};

const NOTHING: [(&str, &str); 0] = [];

#[test]
fn answers_come_in_turn_and_the_last_one_holds() {
    let scenario = Scenario::new()
        .on("az container show*", &[Answer::fails(3, "gone\n"), Answer::says("Running\n")])
        .on("az container show *--name other", &[Answer::fails(1, "")]);
    let ran = scenario.run_script(
        "for _ in 1 2 3; do az container show --name api || echo \"code $?\"; done\naz container show --name other",
        NOTHING,
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), "code 3\nRunning\nRunning\n"));
    assert_eq!(ran.stderr, "gone\n");
    assert_eq!(ran.names(), ["az container show"; 4]);
}

#[test]
fn calls_are_kept_word_by_word() {
    let scenario = Scenario::new().on("*", &[Answer::nothing()]);
    scenario.write("a.json", "{\"a\": 1}");
    let script = "az x --name \"$NASTY\" '' --file @a.json; rm a.json; printf 'in\\nput' | curl --config - x";
    let nasty = "a b\n$(touch pwned);'\"";
    let ran = scenario.run_script(script, [("NASTY", nasty)]);
    let call = ran.call("az x");
    assert_eq!(call.arguments, ["x", "--name", nasty, "", "--file", "@a.json"]);
    assert_eq!((call.after("--name"), call.json("--file")["a"].as_i64()), (nasty, Some(1)));
    assert_eq!(call.env["NASTY"], nasty);
    assert!(!call.env.contains_key("CARGO_MANIFEST_DIR"));
    assert_eq!(ran.call("curl").stdin.as_deref(), Some("in\nput"));
    assert!(call.has("") && !scenario.path("pwned").exists());
}

#[test]
fn what_nobody_expects_fails() {
    let ran = Scenario::new().run_script("az extension add --name ml; az group list", NOTHING);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(97), "unexpected call: az group list\n"));
    let ran = Scenario::behaving("[ \"$1\" = no ] && exit 4").run_script("helm list; helm no", NOTHING);
    assert_eq!((ran.code, ran.names().len()), (Some(4), 2));
    let ran = Scenario::new().without("kubelogin").run_script("! command -v kubelogin", NOTHING);
    assert!(ran.ok || ran.stdout.starts_with('/'), "{}", ran.all());
}

#[test]
fn time_is_what_the_stand_ins_say() {
    let scenario = Scenario::new().on("az wait", &[Answer::nothing().taking(600)]);
    let ran = scenario.run_script("az wait; sleep 30; echo \"$((SECONDS / 10))\"", NOTHING);
    assert_eq!(ran.stdout, "63\n");
    let ran =
        scenario.run_script("for _ in {1..5}; do sleep 3600; done; echo \"$((SECONDS / 3600))\"", NOTHING);
    assert_eq!(ran.stdout, "5\n");
}

#[test]
fn answers_may_be_files() {
    let file = Answer::says("200").writing("--output", "", "{}").taking(1);
    let below = Answer::nothing().writing("--download-path", "/named-outputs/decision", "promote");
    let scenario = Scenario::new().on("curl *", &[file]).on("az ml job download*", &[below]);
    let ran = scenario.run_script(
        "curl --output answer x && cat answer && az ml job download --download-path out && cat out/*/decision",
        NOTHING,
    );
    assert_eq!(ran.stdout, "200{}promote");
    let ran = Scenario::new().run_script(
        "echo '##vso[task.setvariable variable=a;isOutput=true]x=y]'\necho '##vso[task.logissue type=error]no'",
        NOTHING,
    );
    assert_eq!((ran.outputs()["a"], ran.errors()), ("x=y]", vec!["no"]));
}
