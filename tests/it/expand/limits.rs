//! Large and deep projects, and those that would never end.

use super::{analysis, report};
use mlopsc::driver::Analysis;
use std::fmt::Write as _;

const AROUND: &str = "pool linux { image = \"ubuntu-24.04\" }\n";

fn codes(analysis: &Analysis) -> Vec<&str> {
    analysis.findings.iter().map(|it| it.code).collect()
}

fn stage(body: &str) -> String {
    format!("pipeline build {{\n  pool = linux\n  trigger manual\n  stage all {{\n{body}\n  }}\n}}\n")
}

#[test]
fn ten_thousand_items_are_no_trouble() {
    let around = "connection azure { type = azure_rm }\nworkspace ml { name = \"mlw\", resource_group = \"rg\", existing = true }
project all { pool = linux, connection = azure, workspace = ml }\n";
    let loops = "for n in 1..10000 { compute c[n] { size = \"Standard_DS3_v2\", name = \"c-${n}\" } }\n";
    let text = format!("{AROUND}{around}{loops}{}", stage("ensure c[*]"));
    let analysis = analysis(&text);
    assert_eq!(report(&analysis), "");
    assert_eq!(analysis.project.computes.len(), 10_001);
}

#[test]
fn templates_may_stand_deep_in_each_other() {
    let mut text = AROUND.to_owned();
    for n in 0..90 {
        let inner = format!("if n == {n} {{ use t{} {{ n = n + 1 }} }}", n + 1);
        writeln!(text, "template t{n}(n: int) {{ {inner} }}").expect("a string takes all");
    }
    text.push_str("template t90(n: int) { run \"make\" { env { N = n } } }\n");
    text.push_str(&stage("use t0 as x { n = 0 }"));
    assert_eq!(report(&analysis(&text)), "");
}

#[test]
fn blocks_in_templates_in_blocks_end() {
    let template = "template t(n: int) { if n > 0 { a { b { c { use t { n = n - 1 } } } } } }\n";
    let text = format!("{AROUND}{template}{}", stage("use t { n = 60 }"));
    assert_eq!(codes(&analysis(&text)), ["expansion-limit"]);
    let text = format!("{AROUND}{template}{}", stage("use t { n = 20 }"));
    assert!(codes(&analysis(&text)).contains(&"unknown-word"));
}

#[test]
fn what_multiplies_is_stopped() {
    let loops = "for a in 1..1000 { for b in 1..1000 { for c in 1..1000 { } } }\nrun \"make\"";
    let text = format!("{AROUND}{}", stage(loops));
    assert_eq!(codes(&analysis(&text)), ["expansion-limit"]);
    let text = format!("{AROUND}template t() {{ use t\n use t }}\n{}", stage("use t"));
    assert_eq!(codes(&analysis(&text)), ["expansion-limit"]);
}

#[test]
fn values_that_double_are_stopped() {
    for (first, next) in [("[1, 2]", "[L, L]"), ("\"ten letter\"", "\"${L}${L}${L}${L}\"")] {
        let mut text = format!("{AROUND}let l0 = {first}\n");
        for n in 1..60 {
            writeln!(text, "let l{n} = {}", next.replace('L', &format!("l{}", n - 1)))
                .expect("a string takes all");
        }
        text.push_str(&stage("run \"make\" { env { N = l59 } }"));
        assert!(codes(&analysis(&text)).contains(&"expansion-limit"), "{next}");
    }
}

#[test]
fn a_chain_of_ten_thousand_names_is_worked_out() {
    let mut text = AROUND.to_owned();
    for n in 0..10_000 {
        writeln!(text, "let l{n} = l{}", n + 1).expect("a string takes all");
    }
    text.push_str("let l10000 = \"end\"\n");
    text.push_str(&stage("run \"make\" { title = l0 }"));
    assert_eq!(report(&analysis(&text)), "");
}

#[test]
fn values_nested_too_deep_are_told() {
    let mut text = format!("{AROUND}let l0 = [1]\n");
    for n in 1..1000 {
        writeln!(text, "let l{n} = [l{}]", n - 1).expect("a string takes all");
    }
    text.push_str(&stage("run \"make\" { title = l999 }"));
    let analysis = analysis(&text);
    assert_eq!(codes(&analysis).first(), Some(&"expansion-limit"), "{}", report(&analysis));
}

/// A mistake in a loop is one finding, not ten thousand.
#[test]
fn findings_do_not_multiply() {
    let text = format!("{AROUND}{}", stage("for n in 1..1000 { run \"make\" { titel = \"Make\" } }"));
    let analysis = analysis(&text);
    assert_eq!(codes(&analysis), ["unknown-attribute"]);
    let text = format!(
        "{AROUND}pipeline build {{ pool = linux, trigger manual\n for n in 1..300 {{ stage s[n] {{ needs = [a[n]], run \"make\" }} }} }}"
    );
    assert!(self::analysis(&text).findings.len() < 10);
}
