//! Every page of `mlopsc explain` is true: what it shows as failing is found, what it shows as passing is clean.

use crate::texts::findings;
use mlopsc::explain;

/// The fenced blocks of a page with that tag.
fn blocks(page: &str, tag: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    for line in explain::lines(page) {
        match &mut current {
            None if line.trim_end() == format!("```{tag}") => current = Some(String::new()),
            None => {}
            Some(text) if line.starts_with("```") => {
                found.push(std::mem::take(text));
                current = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}

#[test]
fn what_a_page_shows_as_failing_is_found() {
    let mut wrong = Vec::new();
    for (code, page) in explain::pages() {
        for text in blocks(page, "mlops,fails") {
            let findings = findings(&text);
            if !findings.iter().any(|it| it.code == code) {
                let found: Vec<&str> = findings.iter().map(|it| it.code).collect();
                wrong.push(format!("{code}: its failing example gives {found:?}\n{text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_page_shows_as_passing_is_clean() {
    let mut wrong = Vec::new();
    for (code, page) in explain::pages() {
        for text in blocks(page, "mlops,passes") {
            let findings = findings(&text);
            for finding in findings.iter().filter(|it| it.code == code || it.is_error()) {
                wrong.push(format!(
                    "{code}: its passing example gives {}: {}\n{text}",
                    finding.code, finding.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_of_a_rule_shows_both() {
    for (code, page) in mlopsc::check::pages() {
        assert!(!blocks(page, "mlops,fails").is_empty(), "{code} shows nothing that fails");
        assert!(!blocks(page, "mlops,passes").is_empty(), "{code} shows nothing that passes");
        assert!(!explain::title(page).is_empty(), "{code} has no title");
    }
}
