//! What is told of changes that let through what was stopped before, or stop it.

use crate::compare::between;

/// What an edit of a text is told as.
fn edit(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    between(text, &text.replace(from, to)).1
}

fn approval(rest: &str) -> String {
    format!(
        "approval leads {{ approvers = {rest} }}\nenvironment prod {{ approval = leads }}\n\
         pipeline p {{\n  trigger manual\n  stage s {{ environment = prod, run \"make\" }}\n}}\n"
    )
}

#[test]
fn other_approvers_never_raise_protection() {
    let all = [
        ("[\"a@c.com\"]", "[\"b@c.com\"]", "Changes protection\n"),
        ("[\"a@c.com\"]", "[\"b@c.com\", \"c@c.com\"]", "Changes protection\n"),
        ("[\"a@c.com\", \"b@c.com\"]", "[\"c@c.com\"]", "Lowers protection\n"),
        ("[\"a@c.com\", \"b@c.com\"]", "[\"a@c.com\"]", "Lowers protection\n"),
        ("[\"a@c.com\"]", "[\"a@c.com\", \"b@c.com\"]", "Raises protection\n"),
        ("[\"a@c.com\"], minimum = 1", "[\"b@c.com\"], minimum = 1", "Changes protection\n"),
        ("[\"a@c.com\"], minimum = 1", "[\"b@c.com\", \"c@c.com\"], minimum = 1", "Lowers protection\n"),
        ("[\"a@c.com\", \"b@c.com\"], minimum = 1", "[\"c@c.com\"], minimum = 1", "Changes protection\n"),
    ];
    for (old, new, title) in all {
        let (count, text) = between(&approval(old), &approval(new));
        assert!(count == 1 && text.starts_with(title), "{old} to {new}:\n{text}");
    }
}

const GATE: &str = "repository self { type = azure_repos, name = \"a\" }\npipeline gate {\n  trigger pull_request { branches = [\"main\"], paths { include = [\"src/*\"], exclude = [\"src/docs\"] } }\n  \
                    stage s { run \"make\" }\n}\n";

#[test]
fn pull_requests_that_are_no_longer_looked_at_lower_protection() {
    let other = "pipeline p { trigger manual, stage s { run \"make\" } }\n";
    let (count, text) = between(
        &format!("{GATE}{other}"),
        &format!("{}{other}", &GATE[..GATE.find("pipeline").expect("it stands there")]),
    );
    assert!(
        count == 1 && text.starts_with("Lowers protection\n  pipeline `gate` is gone: started by a pull"),
        "{text}"
    );
    let less = [
        ("branches = [\"main\"]", "branches = [\"release/*\"]"),
        ("[\"src/docs\"]", "[\"src/docs\", \"src/ml\"]"),
        ("[\"src/docs\"]", "[\"src/ml\"]"),
        ("[\"src/*\"]", "[\"src/a/*\"]"),
    ];
    for (from, to) in less {
        let text = edit(GATE, from, to);
        assert!(text.starts_with("Lowers protection\n"), "{from} to {to}:\n{text}");
        let back = edit(&GATE.replace(from, to), to, from);
        let expected =
            if to.contains("release") || to == "[\"src/ml\"]" { "Lowers protection\n" } else { "Starts or" };
        assert!(back.starts_with(expected), "{to} to {from}:\n{back}");
    }
}

#[test]
fn what_a_connection_is_outside_changes_protection() {
    let text = "connection azure { type = azure_rm, name = \"sc-prod\" }\n\
                pipeline p { trigger manual, connection = azure, stage s { azure \"az webapp up\" } }\n";
    let text = edit(text, "sc-prod", "sc-dev");
    assert!(text.starts_with("Changes protection\n  connection `azure`: name: "), "{text}");
}

#[test]
fn what_lets_a_worse_model_in_lowers_protection() {
    let model =
        "model m { type = mlflow_model, metric = \"auc\", direction = maximize, minimum_gain = 0.002 }\n";
    let lowered = edit(model, "0.002", "0");
    assert!(lowered.starts_with("Lowers protection\n  model `m`: minimum_gain: `0.002` → `0`"), "{lowered}");
    let raised = edit(model, "0.002", "0.01");
    assert!(raised.starts_with("Raises protection\n"), "{raised}");
    for (from, to) in [("maximize", "minimize"), ("\"auc\"", "\"f1\"")] {
        let other = edit(model, from, to);
        assert!(other.starts_with("Changes protection\n"), "{other}");
    }
}

#[test]
fn a_schedule_reaches_more_only_if_it_runs_more_often() {
    let text = "pipeline p { trigger schedule \"30 1 * * mon\" { branches = [\"main\"] }, stage s { run \"make\" } }\n";
    for same in ["45 1 * * mon", "30 1 * * tue"] {
        let told = edit(text, "30 1 * * mon", same);
        assert!(told.starts_with("Runs otherwise\n  pipeline `p`, started by the schedule"), "{told}");
    }
    let more = edit(text, "30 1 * * mon", "30 1 * * *");
    assert!(more.starts_with("Starts or reaches more\n"), "{more}");
    let less = edit(text, "30 1 * * mon", "30 1 1 * mon");
    assert!(less.starts_with("Runs otherwise\n"), "{less}");
}

/// A rollout through an environment that somebody else guards.
const ROLLOUT: &str = "approval owners { approvers = [\"owners@c.com\"] }\n\
approval board { approvers = [\"board@c.com\"] }\n\
environment qa {\n  approval = owners\n}\n\
environment prod {\n  approval = board\n  protected = true\n  lock = sequential\n}\n\
pipeline rollout {\n  trigger manual\n  stage image { run \"build\" }\n\
  stage qa {\n    environment = qa\n    run \"deploy qa\"\n  }\n\
  stage prod {\n    environment = prod\n    when = run.branch == \"main\" && succeeded()\n    run \"deploy prod\"\n  }\n}\n";

const LOST: &str = "    `rollout.prod` deploys to `prod`, and `owners`, asked at `rollout.qa`, need not agree any more: `mlopsc prove prod`";

#[test]
fn one_consent_of_two_that_is_lost_lowers_protection() {
    let prod = "    environment = prod\n";
    let text = edit(ROLLOUT, prod, &format!("{prod}    needs = [image]\n"));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0] == "Lowers protection" && lines[1].contains("another order of stages"), "{text}");
    assert_eq!(lines[2..], [LOST], "{text}");
    let text = edit(ROLLOUT, " && succeeded()", " && always()");
    assert!(
        text.starts_with("Lowers protection\n  pipeline `rollout`, stage `prod`: runs if: ")
            && text.ends_with(LOST),
        "{text}"
    );
    let text = edit(ROLLOUT, "environment qa {\n  approval = owners\n", "environment qa {\n");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[1].starts_with("  environment `qa` no longer needs an approval by `owners@c.com`"),
        "{text}"
    );
    assert_eq!(lines[2..], [LOST], "{text}");
}

#[test]
fn who_still_agrees_is_not_lost() {
    let text =
        edit(ROLLOUT, "environment qa {\n  approval = owners\n", "environment qa {\n  approval = board\n");
    assert!(!text.contains("need not agree"), "{text}");
    let renamed = ROLLOUT
        .replace("owners ", "keepers ")
        .replace("= owners", "= keepers")
        .replace("stage qa", "stage second");
    let text = between(ROLLOUT, &renamed).1;
    assert!(
        text.starts_with("Names and the rest\n  pipeline `rollout`, stage `second` is the new name"),
        "{text}"
    );
    let prod = "    environment = prod\n";
    let loose = ROLLOUT.replace(prod, &format!("{prod}    needs = [image]\n"));
    let text = between(&loose, ROLLOUT).1;
    assert!(!text.contains("Lowers protection"), "{text}");
}

#[test]
fn what_is_lost_is_told_at_its_line() {
    let lock = edit(ROLLOUT, "  lock = sequential\n", "");
    assert!(lock.contains("no longer needs a lock (`sequential`)  (was old/main.mlops:9)"), "{lock}");
    let when = edit(ROLLOUT, "    when = run.branch == \"main\" && succeeded()\n", "");
    assert!(when.trim_end().ends_with("(was old/main.mlops:20)"), "{when}");
}
