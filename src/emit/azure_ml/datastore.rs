//! Datastores, without credentials: those are secrets, which `ensure` adds.

use super::document;
use crate::emit::OutputFile;
use crate::model::documents;
use crate::model::project::{self, DatastoreKind};
use serde::Serialize;

#[derive(Serialize)]
struct Datastore<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(flatten)]
    storage: Storage<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Storage<'a> {
    AzureBlob { account_name: &'a str, container_name: &'a str },
    AzureFile { account_name: &'a str, file_share_name: &'a str },
    AzureDataLakeGen2 { account_name: &'a str, filesystem: &'a str },
}

pub fn emit(datastore: &project::Datastore) -> Option<OutputFile> {
    let kind = datastore.kind.as_ref().filter(|_| !datastore.header.existing)?;
    let (schema, storage) = storage(kind);
    let body = Datastore {
        name: &datastore.header.name.value,
        description: datastore.description.clone().or_else(|| datastore.header.doc.clone()),
        storage,
    };
    Some(document(documents::datastore(&datastore.header), schema, &body, datastore.header.head))
}

fn storage(kind: &DatastoreKind) -> (&'static str, Storage<'_>) {
    match kind {
        DatastoreKind::AzureBlob { account, container } => {
            ("azureBlob", Storage::AzureBlob { account_name: account, container_name: container })
        }
        DatastoreKind::AzureFile { account, share } => {
            ("azureFile", Storage::AzureFile { account_name: account, file_share_name: share })
        }
        DatastoreKind::AzureDataLakeGen2 { account, filesystem } => {
            ("azureDataLakeGen2", Storage::AzureDataLakeGen2 { account_name: account, filesystem })
        }
    }
}
