//! Names and values that a shell, JSON or a URL could take for something else.

use super::server::Faults;
use super::world::{Described, LOCK, World, check, environment, group, lines, permission, pipeline, policy};
use serde_json::json;

const VALUE: &str = "a \"quoted\" 'text' $(touch gone) `id` ; & | \\n\n\ttab \u{1}\u{1f}\u{7f} é 日本 😀 ${environment:prod} @file \\u0001N1";

#[test]
fn values_arrive_as_they_are() {
    let mut described = Described::empty();
    described.add(
        "variable-group",
        "g",
        group(
            "g",
            &json!({
                "first": { "value": VALUE },
                "second": { "value": "$${environment:prod}" },
                "third": { "value": "$$${x}" },
                "secret": { "isSecret": true, "value": "${secret:g/secret}" },
                "fourth": { "value": "" },
            }),
        ),
    );
    described.add("environment", "prod", environment("prod", VALUE));
    let mut world = World::new(&described);
    let secret = VALUE.replace('\u{1}', "");
    world.set("MLOPSC_G_SECRET", &secret);
    world.run(&[]).good();
    let all = world.server.all();
    let variables = &all["groups"][0]["variables"];
    assert_eq!(variables["first"]["value"], VALUE);
    assert_eq!(variables["second"]["value"], "${environment:prod}");
    assert_eq!(variables["third"]["value"], "$${x}");
    assert_eq!(variables["fourth"]["value"], "");
    assert_eq!(variables["secret"]["value"], secret);
    assert_eq!(all["environments"][0]["description"], format!("{VALUE} (mlopsc: shop)"));
    world.server.fail(Faults::default());
    world.run(&[]).good();
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn names_may_hold_anything() {
    let name = "Café \"x\" {1} [2] 50% a&b=c #3 + ünï; $(id)";
    let mut described = Described::empty();
    described.head["project"] = json!("Our Shop & Söhne #1");
    described.add("environment", name, environment(name, "One."));
    let on = ("environment", "environment", name);
    described.add("check", "lock", check((LOCK, "ExclusiveLock"), &json!({}), on, 60));
    described.add(
        "check",
        "on the connection",
        check((LOCK, "ExclusiveLock"), &json!({}), ("endpoint", "connection", name), 60),
    );
    described.add("pipeline", &format!("shop/{name}"), pipeline(name, "build"));
    described.add("permission", "environment", permission("environment", "environment", name, &[name]));
    described.add("permission", "queue", permission("queue", "queue", name, &[name]));
    described.add("permission", "repository", permission("repository", "repository", name, &[name]));
    described.add("policy", "policy", policy(name, "release/1.0"));
    let mut state = super::world::organization();
    state.project = "Our Shop & Söhne #1".to_owned();
    state.add_connection(name);
    state.add_queue(name);
    state.add_repository(name);
    let world = World::at("contoso", &described, state);
    world.run(&[]).good();
    world.server.fail(Faults::default());
    let out = world.run(&[]).good();
    assert_eq!(lines(&out, "+~-?"), Vec::<String>::new());
    let all = world.server.all();
    assert_eq!(all["definitions"][0]["name"], name);
    assert_eq!(all["permissions"].as_array().map(Vec::len), Some(3));
}

#[test]
fn what_a_terminal_would_obey_is_not_printed() {
    let mut described = Described::empty();
    described.add("environment", "a\u{1b}[2Jb\nc", environment("a\u{1b}[2Jb\nc", ""));
    let out = World::new(&described).run(&["--dry-run"]).good();
    assert!(out.starts_with("+ environment a [2Jb c\n"), "{out:?}");
}
