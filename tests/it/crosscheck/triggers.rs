//! What starts a pipeline, by chance.

use super::choices::Choices;
use super::project::{Pipeline, Project, REPOSITORIES};

const INCLUDED: [&str; 6] =
    ["\"main\"", "\"develop\"", "\"releases/*\"", "\"*\"", "\"main\", \"feature/*\"", "\"releases/?\""];
const EXCLUDED: [&str; 3] = ["\"develop\"", "\"feature/*\"", "\"releases/1\""];
const FOLDERS: [&str; 5] =
    ["\"src\"", "\"docs\", \"src/app\"", "\"src/*.py\"", "\"src/**/c.md\"", "\"README.md\", \"src/app/\""];
const FOLDERS_OUT: [&str; 4] = ["\"docs\"", "\"src/app\"", "\"src\"", "\"*.md\""];

/// `NAME = […]`, or a block with what is in and what is out.
fn filter(choices: &mut Choices, name: &str, included: &[&str], excluded: &[&str]) -> String {
    let included = *choices.one(included);
    let excluded = *choices.one(excluded);
    match choices.below(4) {
        0 | 1 => format!("{name} = [{included}]"),
        2 => format!("{name} {{ include = [{included}], exclude = [{excluded}] }}"),
        _ => format!("{name} {{ exclude = [{excluded}] }}"),
    }
}

impl Project {
    pub fn triggers(&mut self, choices: &mut Choices, pipeline: &mut Pipeline) {
        let written = self.text.len();
        if choices.below(3) < 2 {
            self.push(choices);
        }
        if !self.pipelines.is_empty() && choices.once_in(2) {
            self.after(choices);
        }
        if choices.once_in(6) {
            let body = self.request(choices);
            self.line(&format!("  trigger pull_request{body}"));
        }
        if choices.once_in(6) {
            let hour = *choices.one(&[3, 4]);
            pipeline.hours.push(hour);
            let always = choices.one(&["", "always = true"]);
            self.line(&format!("  trigger schedule \"0 {hour} * * *\" {{ {always} }}"));
        }
        if self.text.len() == written {
            self.line("  trigger manual");
        }
    }

    fn push(&mut self, choices: &mut Choices) {
        let others = &REPOSITORIES[1..self.repositories];
        let body = filters(choices, true);
        // Other repositories are watched in Azure Repos only.
        if !others.is_empty() && self.own == "ops" && choices.once_in(3) {
            let other = choices.one(others);
            let body = body.trim_start_matches(" {").trim_end_matches('}');
            self.line(&format!("  trigger push {{ repository = {other}, {} }}", body.trim()));
            return;
        }
        self.line(&format!("  trigger push{body}"));
    }

    /// A policy of Azure Repos says less than `pr` of GitHub.
    fn request(&self, choices: &mut Choices) -> String {
        if self.own != "ops" {
            return filters(choices, false);
        }
        let mut said = Vec::new();
        let branches = ["\"main\"", "\"develop\"", "\"releases/*\"", "\"*\"", "\"main\", \"feature/*\""];
        said.extend(choices.once_in(2).then(|| format!("branches = [{}]", choices.one(&branches))));
        said.extend(choices.once_in(3).then(|| filter(choices, "paths", &FOLDERS, &FOLDERS_OUT)));
        if said.is_empty() { String::new() } else { format!(" {{ {} }}", said.join(", ")) }
    }

    fn after(&mut self, choices: &mut Choices) {
        let names: Vec<String> = self.pipelines.iter().map(|it| it.name.clone()).collect();
        let of = choices.one(&names).clone();
        let source = self.pipelines.iter().find(|it| it.name == of).expect("it was taken from them");
        let mut said = Vec::new();
        said.extend(choices.once_in(3).then(|| filter(choices, "branches", &INCLUDED, &EXCLUDED)));
        if choices.once_in(3) {
            let stages: Vec<&str> =
                choices.some(&source.stages, 2).iter().map(|it| it.name.as_str()).collect();
            said.extend((!stages.is_empty()).then(|| format!("stages = [{}]", stages.join(", "))));
        }
        if let (true, Some(tag)) = (choices.once_in(3), source.tags.first()) {
            said.push(format!("tags = [\"{tag}\"]"));
        }
        self.line(&format!("  trigger after {of} {{ {} }}", said.join(", ")));
    }
}

fn filters(choices: &mut Choices, tags: bool) -> String {
    let mut said = Vec::new();
    said.extend(choices.once_in(2).then(|| filter(choices, "branches", &INCLUDED, &EXCLUDED)));
    said.extend(choices.once_in(3).then(|| filter(choices, "paths", &FOLDERS, &FOLDERS_OUT)));
    if tags {
        said.extend(
            choices.once_in(6).then(|| filter(choices, "tags", &["\"v*\"", "\"nightly\""], &["\"v1\""])),
        );
    }
    if said.is_empty() { String::new() } else { format!(" {{ {} }}", said.join(", ")) }
}
