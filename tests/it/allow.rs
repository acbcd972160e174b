//! `// mlopsc: allow(rule) reason`: what it covers.

use crate::texts::findings;

const REST: &str = "pipeline build {\n  trigger manual\n  stage build { run \"make\" }\n}\n";

fn codes(text: &str) -> Vec<String> {
    let found = findings(&format!("{text}{REST}"));
    found.iter().map(|it| format!("{}: {}", it.code, it.message)).collect()
}

const UNUSED: &str = "unused-declaration: nothing uses pool `linux`";

#[test]
fn a_comment_covers_what_begins_on_its_line_or_the_next() {
    let pool = "pool linux { image = \"ubuntu-24.04\" }";
    assert_eq!(codes(&format!("{pool}\n")), [UNUSED]);
    for text in [
        format!("{pool} // mlopsc: allow(unused-declaration) soon\n"),
        format!("// mlopsc: allow(unused-declaration) soon\n{pool}\n"),
        format!("// mlopsc: allow(unused-declaration) soon\n// and more\n\n{pool}\n"),
        format!("//mlopsc:allow( unused-declaration ) soon\r\n{pool}\r\n"),
    ] {
        assert_eq!(codes(&text), [] as [&str; 0], "{text}");
    }
    let far = format!("// mlopsc: allow(unused-declaration) soon\npool other {{ name = \"x\" }}\n{pool}\n");
    assert_eq!(codes(&far), [UNUSED]);
}

#[test]
fn a_body_is_not_covered_by_the_comment_at_its_head() {
    let text = "variables team { // mlopsc: allow(unused-declaration) soon\n  group = \"team\"\n}\n";
    assert_eq!(codes(text), [] as [&str; 0]);
    let text = "pool linux {\n  image = \"ubuntu-24.04\" // mlopsc: allow(unused-declaration) soon\n}\n";
    assert!(codes(text).iter().any(|it| it.starts_with("unused-suppression")), "{:?}", codes(text));
    assert!(codes(text).contains(&UNUSED.to_owned()));
}

#[test]
fn findings_in_an_expansion_are_allowed_where_they_are_written() {
    let text = "for e in [\"a\", \"b\"] {\n  // mlopsc: allow(unused-declaration) soon\n  pool linux[e] { image = \"ubuntu-24.04\" }\n}\n";
    assert_eq!(codes(text), [] as [&str; 0]);
}

#[test]
fn errors_are_not_allowed() {
    let found = codes("// mlopsc: allow(missing-attribute) soon\npool linux {}\n");
    assert!(found.iter().any(|it| it.starts_with("missing-attribute: ")), "{found:?}");
    assert!(
        found.contains(
            &"unknown-suppression: `missing-attribute` is an error and cannot be allowed".to_owned()
        )
    );
}

#[test]
fn what_is_wrong_with_a_comment_is_told() {
    let pool = "pool linux { image = \"ubuntu-24.04\" }\n";
    let found = codes(&format!("// mlopsc: allow(unused-declaration)\n{pool}"));
    assert_eq!(found, ["suppression-without-reason: nobody will know why this is allowed"]);
    let found = codes(&format!("// mlopsc: alow(unused-declaration) soon\n{pool}"));
    assert_eq!(found, ["unknown-suppression: this comment allows nothing", UNUSED]);
    let found = codes(&format!("// mlopsc: allow(unused-declaration, agent-sleeps) soon\n{pool}"));
    assert_eq!(found, ["unused-suppression: `agent-sleeps` is not found here"]);
    assert!(codes(&format!("// mlopsc: allow() soon\n{pool}")).len() == 2);
}

#[test]
fn what_a_comment_was_meant_to_keep_is_not_fixed() {
    let pool = "pool linux { image = \"ubuntu-24.04\" }";
    let unused = |text: &str| {
        let found = findings(&format!("{text}{REST}"));
        found.into_iter().find(|it| it.code == "unused-declaration").expect("nothing uses it")
    };
    assert!(unused(&format!("{pool}\n")).fix.is_some());
    for comment in [
        "allow(unused-declaratoin) needed",
        "allow(agent-sleeps)",
        "allow(all) needed",
        "allow(group:unused) needed",
        "allow() needed",
        "allow needed",
        "ignore(unused-declaration) needed",
    ] {
        assert_eq!(unused(&format!("// mlopsc: {comment}\n{pool}\n")).fix, None, "{comment}");
        assert_eq!(unused(&format!("{pool} // mlopsc: {comment}\n")).fix, None, "{comment}");
    }
    let other = format!("// mlopsc: allow(al) needed\npool other {{ name = \"x\" }}\n{pool}\n");
    let found = findings(&format!("{other}{REST}"));
    let of = |name: &str| found.iter().find(|it| it.message.contains(name)).unwrap().fix.is_some();
    assert!(!of("`other`") && of("`linux`"));
}

#[test]
fn what_is_no_rule_says_what_to_write() {
    let told = |comment: &str| {
        let found = findings(&format!("// mlopsc: {comment} why\n{REST}"));
        let it = found.into_iter().find(|it| it.code == "unknown-suppression").expect("it is told");
        (it.message, it.help.unwrap_or_default())
    };
    let (message, help) = told("allow(group:unused)");
    assert_eq!(message, "a comment allows single rules, not `group:unused`");
    assert!(help.contains("per-file-ignores") && help.contains("\"group:unused\""), "{help}");
    assert!(told("allow(all)").1.contains("\"all\""));
    assert_eq!(told("allow()").0, "this allows nothing: a rule is missing");
}
