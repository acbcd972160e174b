//! What people write who know Azure and not the language: one finding each, which says the word of the language.

use crate::texts::analysis;
use mlopsc::diag::Diagnostic;

/// Text, code, and what the help says.
const WRITTEN: &[(&str, &str, &str)] = &[
    ("stage b { dependsOn = [a], run \"make\" }", "unknown-attribute", "did you mean `needs`?"),
    ("stage b { condition = succeeded(a), run \"make\" }", "unknown-attribute", "did you mean `when`?"),
    (
        "stage b { serviceConnection = azure, azure \"az group list\" }",
        "unknown-attribute",
        "did you mean `connection`?",
    ),
    ("stage b { timeoutInMinutes = 5m, run \"make\" }", "unknown-attribute", "did you mean `timeout`?"),
    (
        "stage b { run \"make\" { workingDirectory = \"x\" } }",
        "unknown-attribute",
        "did you mean `working_directory`?",
    ),
    (
        "stage b { run \"make\" { env { X = parameters.x } } }",
        "undefined-reference",
        "did you mean `params.x`?",
    ),
    ("stage b { run \"make\" { env { X = variables.x } } }", "undefined-reference", "did you mean `vars.x`?"),
    (
        "stage b { run \"make\" { env { X = \"cards-${zon}\" } } }",
        "undefined-reference",
        "did you mean `zone`?",
    ),
    (
        "}\nservice svc { image = \"a/b\", registry = acr, dns_label = \"cards-${zon}\"",
        "undefined-reference",
        "did you mean `zone`?",
    ),
    (
        "}\nml_pipeline m { input depth: float = 0.8 { min = 0 }",
        "undefined-reference",
        "did you mean `number`?",
    ),
    ("}\ndata d { path = newest(files)", "invalid-value", "there is `latest(DATA)`"),
    (
        "resource b { version = params.x }\nstage b { run \"make\" }",
        "type-mismatch",
        "nothing is known yet of the run",
    ),
    ("stage b { dependsOn = a, run \"make\" }", "unknown-attribute", "did you mean `needs`?"),
    ("stages { stage b { run \"make\" } }", "unknown-word", "`stage NAME { … }`"),
    ("stage b { steps { run \"make\" } }", "unknown-word", "steps stand in the stage itself"),
    ("stage b { jobs { job c { run \"make\" } } }", "unknown-word", "`job NAME { … }`"),
    ("stage b { script \"make\" }", "unknown-word", "write `run \"make\"`"),
    ("stage b { bash \"make\" }", "unknown-word", "write `run \"make\"`"),
    ("stage b { pwsh \"make\" }", "unknown-word", "shell = pwsh"),
    ("stage b { script = \"make\" }", "unknown-attribute", "write `run \"make\"`"),
    ("stage b { uses \"actions/checkout@v4\" }", "unknown-word", "`checkout self`"),
    ("stage b { deployment d { run \"make\" } }", "unknown-word", "`environment = NAME`"),
    ("stage b { strategy { matrix { x = [1] } }, run \"make\" }", "unknown-word", "`matrix { … }`"),
    ("stage b { displayName = \"x\", run \"make\" }", "unknown-attribute", "behind the name"),
    ("stage b { run \"make\" { displayName = \"x\" } }", "unknown-attribute", "did you mean `title`?"),
    ("stage b { run \"make\" { continueOnError = true } }", "unknown-attribute", "`continue_on_error`"),
    ("stage b { runs_on = \"ubuntu-latest\", run \"make\" }", "unknown-attribute", "`pool = linux`"),
    ("stage b { when = eq(params.x, \"1\"), run \"make\" }", "undefined-reference", "write `a == b`"),
    ("stage b { when = not(failed()), run \"make\" }", "undefined-reference", "write `!a`"),
    ("pr = [\"main\"]", "unknown-attribute", "`trigger pull_request"),
    ("pr { branches = [\"main\"] }", "unknown-word", "`trigger pull_request"),
    ("schedules { cron = \"0 3 * * *\" }", "unknown-word", "`trigger schedule"),
    ("on push", "unknown-word", "`trigger push"),
    ("parameters { x = 1 }", "unknown-word", "`param NAME"),
    ("resources { repositories { } }", "unknown-word", "`repository NAME"),
    ("}\npipeline q { trigger none, stage b { run \"make\" }", "type-mismatch", "write `trigger manual`"),
    ("}\npipeline q { trigger ci, stage b { run \"make\" }", "type-mismatch", "write `trigger push"),
    (
        "}\npipeline q { pr = [\"main\"], stage b { run \"make\" }",
        "unknown-attribute",
        "`trigger pull_request",
    ),
    ("stage b { checkout engin, run \"make\" }", "undefined-reference", "did you mean `engine`?"),
    (
        "stage b { checkout other, run \"make\" }",
        "undefined-reference",
        "there is `engine`, `self` and `none`",
    ),
    ("}\nforeach s in [\"a\"] {", "reserved-word", "`for NAME in LIST { … }`"),
];

#[test]
fn each_is_told_once_with_the_word_that_is_meant() {
    for (written, code, help) in WRITTEN {
        let text = format!(
            "let zone = \"eu\"\npipeline b {{ trigger manual, stage a {{ run \"make\" }} }}\nconnection azure {{ type = azure_rm }}\nrepository self {{ type = azure_repos }}\nrepository engine {{ type = azure_repos, name = \"engine\" }}\ncontainer_registry acr {{ name = \"acrteam\", existing = true }}\npipeline p {{ trigger manual, connection = azure, stage a {{ run \"make\" }}, stage x {{ run \"echo ${{zone}}\" }}\n{written} }}\n"
        );
        let errors: Vec<_> = analysis(&text, &[]).findings.into_iter().filter(Diagnostic::is_error).collect();
        let meant =
            errors.iter().any(|it| it.code == *code && it.help.as_ref().is_some_and(|it| it.contains(help)));
        assert!(meant, "{written}: {errors:#?}");
        // What stands alone here lacks other things, too.
        assert!(errors.len() == 1 || written.starts_with('}'), "{written}: {errors:#?}");
    }
}

/// A whole project of somebody new to it: each slip is one error, with what to write.
const NEWCOMER: &str = "project cards { pool = linux, connection = azure, workspace = ml }
connection azure { type = azure_rm, name = \"azure-cards\" }
pool linux { image = \"ubuntu-24.04\" }
workspace ml { name = \"mlw-cards\", resource_group = \"rg-cards\", existing = true }
compute cpu { size = \"Standard_DS3_v2\", nodes = 0..4, idle = 15m }
runtime py { image = \"mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1\" }
approval leads { approvers = [\"lead@contoso.com\"] }
service scoring { image = \"team/scoring\", port = 8080, resources { cpu = 500m..1, memory = 512Mi..1Gi } }
environment dev { target aci { resource_group = \"rg-dev\" } }
environment prod { protected = true, approval = leads, target aks { resource_group = \"rg-prod\", cluster = \"aks\", namespace = \"cards\" } }
ml_pipeline train_fraud {
  compute = cpu
  step prep { runtime = py, command = \"python -m prep ${{outputs.clean}}\", output clean: uri_folder }
  step fit { runtime = py, command = \"python -m fit ${{inputs.clean}}\", inputs { clean = prep.clean } }
}
pipeline train {
  trigger manual
  stage fit { ensure cpu, submit train_fraud as job { wait = server, timeout = 4h } }
}
pipeline deliver {
  trigger manual
  stage dev { environment = dev, deploy scoring { tag = \"1.2.3\" } }
  stage prod { environment = prod, lock = sequential, deploy scoring { tag = \"1.2.3\" } }
}
test \"a model is trained\" {
  on manual train
  expect runs [train.fit]
}
";

/// What is right, what is written instead, the code, and what the help says.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    ("\"azure-cards\"", "azure-cards", "type-mismatch", "written in quotes"),
    ("0..4", "0-4", "out-of-bounds", "`0..4`"),
    ("15m", "15", "type-mismatch", "`15m`"),
    ("approvers =", "users =", "unknown-attribute", "did you mean `approvers`?"),
    ("protected = true", "production = true", "unknown-attribute", "did you mean `protected`?"),
    ("protected = true", "tier = \"prod\"", "unknown-attribute", "`protected = true`"),
    ("target aks", "target kubernetes", "type-mismatch", "did you mean `aks`?"),
    ("resources { cpu = 500m..1, memory = 512Mi..1Gi }", "cpu = 500m", "unknown-attribute", "`resources {"),
    ("resources {", "limits {", "unknown-word", "`resources {"),
    ("compute = cpu", "compute = gpu", "undefined-reference", "did you mean `cpu`?"),
    ("clean: uri_folder", "clean: folder", "undefined-reference", "did you mean `uri_folder`?"),
    ("ensure cpu", "ensure compute", "undefined-reference", "`compute.NAME`"),
    ("timeout = 4h", "timeout = 240", "type-mismatch", "`240m`"),
    ("lock = sequential", "lock = true", "type-mismatch", ""),
    ("port = 8080,", "port = 8080, replicas = 2,", "unknown-attribute", "`scale {"),
    (
        "existing = true }\ncompute",
        "existing = true, subscription = \"x\" }\ncompute",
        "unknown-attribute",
        "`connection`",
    ),
    (
        "approval leads",
        "registry acr { host = \"x.azurecr.io\" }\napproval leads",
        "unknown-word",
        "`container_registry NAME",
    ),
    (
        "approval leads",
        "container_registry acrcards { login_server = \"x.azurecr.io\" }\napproval leads",
        "unknown-attribute",
        "`name`",
    ),
    ("on manual train", "push { branch = \"main\" }", "unknown-word", "`on push"),
    ("expect runs [train.fit]", "expect train.fit { runs }", "wrong-arguments", "`expect starts|runs|"),
    ("expect runs [train.fit]", "expect train.fit runs", "type-mismatch", "`starts`, `runs`"),
    ("pipeline deliver", "pipeline deliver-it", "syntax", "letters, digits and `_`"),
];

#[test]
fn a_slip_of_somebody_new_is_one_error() {
    let of = |text: &str| {
        let findings = analysis(text, &[]).findings.into_iter();
        findings.filter(Diagnostic::is_error).collect::<Vec<_>>()
    };
    assert!(of(NEWCOMER).is_empty(), "{:#?}", of(NEWCOMER));
    for (right, wrong, code, help) in SLIPS {
        let text = NEWCOMER.replacen(right, wrong, 1);
        let found = of(&text);
        let helps =
            |it: &Diagnostic| it.code == *code && it.help.as_deref().unwrap_or_default().contains(help);
        assert!(found.len() == 1 && helps(&found[0]), "{wrong}: {found:#?}");
    }
}

#[test]
fn a_binding_with_one_brace_gets_its_second() {
    let text = "ml_pipeline m {\n  input depth: number = 1\n  compute = serverless\n  step a { command = \"x ${inputs.depth}\", inputs { depth = inputs.depth } }\n}\n";
    let findings = analysis(text, &[]).findings;
    let found = findings.iter().find(|it| it.code == "ml-unused-input").expect("it is found");
    let fix = found.fix.as_ref().expect("it has a fix");
    let fixed = crate::support::apply(text, fix);
    assert_eq!(fixed, text.replace("${inputs.depth}", "${{inputs.depth}}"));
}

#[test]
fn a_size_is_spelled_out_by_its_own_name() {
    for (size, help) in [
        ("Standrd_F8s_v2", "`Standard_F8s_v2`"),
        ("DS3_v2", "`Standard_DS3_v2`"),
        ("large", "`Standard_DS3_v2`"),
    ] {
        let text = format!("compute c {{ size = \"{size}\", nodes = 0..2 }}\n");
        let findings = analysis(&text, &[]).findings;
        let found = findings.iter().find(|it| it.code == "retired-vm-size").expect("it is found");
        assert!(found.help.as_ref().is_some_and(|it| it.contains(help)), "{found:#?}");
    }
}
