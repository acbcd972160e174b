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
