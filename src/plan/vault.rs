//! Secrets of key vaults: a job that reads some fetches just these, before its first step.

use super::read::At;
use super::{Part, Step, StepBody, Value};
use crate::base::arena::Id;
use crate::base::span::Span;
use crate::model::data::Record;
use crate::model::project::{Project, Variables, Vault};

/// A step for each vault whose secrets were read.
pub fn steps(project: &Project, at: &At<'_>, source: Span) -> Vec<Step> {
    let mut vaults: Vec<Id<Variables>> = at.secrets.iter().map(|it| it.0).collect();
    vaults.dedup();
    vaults.iter().filter_map(|id| step(project, at, *id, source)).collect()
}

fn step(project: &Project, at: &At<'_>, id: Id<Variables>, source: Span) -> Option<Step> {
    let Vault { name: vault, connection } = project.variables[id].key_vault.as_ref()?;
    let connection = &project.connections[connection.as_ref()?.value].header.name.value;
    let names: Vec<&str> = at.secrets.iter().filter(|it| it.0 == id).map(|it| it.1.as_str()).collect();
    let text = |text: &str| -> Value { vec![Part::Literal(text.to_owned())] };
    let inputs = vec![
        ("azureSubscription".to_owned(), text(connection)),
        ("KeyVaultName".to_owned(), text(&vault.value)),
        ("SecretsFilter".to_owned(), text(&names.join(","))),
        ("RunAsPreJob".to_owned(), text("false")),
    ];
    Some(Step {
        name: None,
        title: format!("Fetch secrets of {}", vault.value),
        body: StepBody::Task { name: "AzureKeyVault@2".to_owned(), inputs },
        condition: None,
        env: Vec::new(),
        timeout_minutes: None,
        retries: 0,
        continue_on_error: false,
        enabled: true,
        working_directory: None,
        extra: Record::new(),
        source,
    })
}
