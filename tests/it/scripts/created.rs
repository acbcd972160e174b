//! What `ensure` and `delete` do with datastores, clusters, resource groups and schedules, against stand-ins.

use crate::scripts::{Case, action};
use crate::standins::Scenario;

const TEXT: &str = include_str!("../../cases/model/ok/created.mlops");

#[test]
fn credentials_are_added_when_it_runs() {
    let answers = r#"case "$*" in "ml datastore create"*) cp "${@: -3:1}" "$FAKE/made.json" ;; esac"#;
    let ensure = action(TEXT, "set_up.stores.ensure", 2);
    let world = Scenario::behaving(answers);
    std::fs::write(world.path("lake.json"), r#"{"name":"lake","type":"azure_data_lake_gen2"}"#)
        .expect("written");
    let env = [("FILE", "lake.json"), ("CLIENT_ID", "id"), ("CLIENT_SECRET", "a \"b\" $c")];
    world.run(&ensure, &env).check("lake", true, &["lake is there"], &["a \"b\""]);
    let made = world.json("made.json");
    let expected = serde_json::json!({
        "tenant_id": "00000000-0000-0000-0000-000000000000", "client_id": "id", "client_secret": "a \"b\" $c"
    });
    assert_eq!(made["credentials"], expected);
    assert_eq!(made["name"], "lake");
    let left: Vec<_> = std::fs::read_dir(world.path(".")).expect("it is there").flatten().collect();
    assert!(left.iter().all(|it| !it.file_name().to_string_lossy().starts_with("tmp")), "{left:?}");
}

#[test]
fn a_cluster_is_made_once() {
    let missing = r#"case "$*" in "aks show"*) echo ResourceNotFound >&2; exit 3 ;; esac"#;
    let refused = r#"case "$*" in "aks show"*) echo AuthorizationFailed >&2; exit 1 ;; esac"#;
    let create = "aks create --resource-group rg-prod --name aks-prod --location westeurope --node-vm-size Standard_DS3_v2 \
                  --node-count 2 --enable-cluster-autoscaler --min-count 2 --max-count 5";
    let namespace = "kubectl create namespace prod";
    let cases: [Case; 3] = [
        ("missing", missing, true, &[create, namespace], &[]),
        ("there", "", true, &[namespace], &["aks create"]),
        ("refused", refused, false, &["AuthorizationFailed"], &["aks create", "kubectl"]),
    ];
    let ensure = action(TEXT, "set_up.places.ensure", 1);
    for (case, answers, ok, has, lacks) in cases {
        Scenario::behaving(answers).run(&ensure, &[]).check(case, ok, has, lacks);
    }
    let theirs = action(TEXT, "set_up.places.ensure", 2);
    Scenario::behaving(missing).run(&theirs, &[]).check(
        "theirs",
        false,
        &["create = true"],
        &["aks create", "kubectl"],
    );
}

#[test]
fn a_resource_group_is_made_once() {
    let ensure = action(TEXT, "set_up.places.ensure", 0);
    let missing = r#"case "$*" in "group show"*) echo ResourceGroupNotFound >&2; exit 3 ;; esac"#;
    let create = "group create --name rg-qa --location westeurope";
    Scenario::behaving(missing).run(&ensure, &[]).check("missing", true, &[create], &[]);
    Scenario::behaving("").run(&ensure, &[]).check("there", true, &["rg-qa is there"], &["group create"]);
}

#[test]
fn a_schedule_is_switched_off_before_it_is_deleted() {
    let text = include_str!("../../cases/scripts/all.mlops");
    let delete = action(text, "demo.things.gone", 0);
    let world = Scenario::behaving("");
    let has = ["schedule disable --name train_nightly", "schedule delete --name train_nightly --yes"];
    world.run(&delete, &[]).check("on", true, &has, &[]);
    let missing = r#"case "$*" in "ml schedule show"*) echo NotFound >&2; exit 1 ;; esac"#;
    Scenario::behaving(missing).run(&delete, &[]).check("gone", true, &["is gone already"], &["disable"]);
}

#[test]
fn a_schedule_is_on_or_off_as_declared() {
    let text = include_str!("../../cases/scripts/all.mlops");
    let ensure = |number: usize| action(text, "demo.things.all", number);
    let create = "schedule create --file generated/azure-ml/schedules/train";
    Scenario::behaving("").run(&ensure(9), &[]).check(
        "on",
        true,
        &[create, "enable --name train_nightly"],
        &["disable"],
    );
    Scenario::behaving("").run(&ensure(10), &[]).check(
        "off",
        true,
        &[create, "disable --name train_weekly"],
        &["enable"],
    );
}
