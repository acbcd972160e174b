//! Volumes and secrets that a deployment hands over: what the scripts are told of them.

use super::variable;
use crate::model::lower::Lower;
use crate::model::project::{Secret, SecretPlace, ServiceSettings, Share, Volume, VolumeSource};
use crate::model::steps::action::{Action, Data, Datum};

/// The variables that are read from a key vault.
pub(super) fn of_vault(settings: &ServiceSettings) -> impl Iterator<Item = (&String, &String, &Secret)> {
    settings.secrets.iter().filter_map(|(name, secret)| match &secret.place {
        SecretPlace::KeyVault(vault) => Some((name, vault, secret)),
        SecretPlace::Kubernetes(_) => None,
    })
}

pub(super) fn fetched_rows(settings: &ServiceSettings) -> Vec<Data> {
    let row = |(at, (name, ..)): (usize, (&String, &String, &Secret))| {
        vec![
            ("variable", Datum::Word(variable(name))),
            ("vault", Datum::Word(format!("FETCHED_{}_VAULT", at + 1))),
            ("key", Datum::Word(format!("FETCHED_{}_NAME", at + 1))),
        ]
    };
    of_vault(settings).enumerate().map(row).collect()
}

/// Volumes that container instances have: empty ones and shares.
fn known(settings: &ServiceSettings) -> impl Iterator<Item = (String, &Volume)> {
    let known = |it: &&Volume| matches!(it.source, VolumeSource::Empty { .. } | VolumeSource::Share(_));
    settings.volumes.iter().filter(known).enumerate().map(|(at, it)| (format!("VOLUME_{}", at + 1), it))
}

pub(super) fn rows(settings: &ServiceSettings) -> Vec<Data> {
    let row = |(variable, volume): (String, &Volume)| {
        vec![
            ("name", Datum::Word(volume.name.value.clone())),
            ("variable", Datum::Word(variable)),
            ("share", Datum::Flag(matches!(volume.source, VolumeSource::Share(_)))),
            ("read_only", Datum::Word(volume.read_only.to_string())),
        ]
    };
    known(settings).map(row).collect()
}

fn shares(settings: &ServiceSettings) -> impl Iterator<Item = (String, &Volume, &Share)> {
    known(settings).filter_map(|(variable, volume)| match &volume.source {
        VolumeSource::Share(share) => Some((variable, volume, share)),
        _ => None,
    })
}

pub(super) fn share_rows(settings: &ServiceSettings) -> Vec<Data> {
    let row = |(variable, volume, _): (String, &Volume, &Share)| {
        vec![("name", Datum::Word(volume.name.value.clone())), ("variable", Datum::Word(variable))]
    };
    shares(settings).map(row).collect()
}

/// What the rows name, for container instances.
pub(super) fn env(cx: &Lower<'_>, mut action: Action, settings: &ServiceSettings) -> Action {
    for (variable, volume) in known(settings) {
        action = action.env(format!("{variable}_PATH"), cx.text(&volume.path));
    }
    for (variable, _, share) in shares(settings) {
        action = action.env(format!("{variable}_SHARE"), cx.text(&share.name));
    }
    keys(cx, action, settings)
}

/// What a cluster needs of them: accounts of shares, and where secrets are.
pub(super) fn keys(cx: &Lower<'_>, mut action: Action, settings: &ServiceSettings) -> Action {
    for (variable, _, share) in shares(settings) {
        action = action.env(format!("{variable}_ACCOUNT"), cx.text(&share.account));
        action = action.env_maybe(format!("{variable}_KEY"), share.key.clone());
    }
    for (at, (_, vault, secret)) in of_vault(settings).enumerate() {
        action = action.env(format!("FETCHED_{}_VAULT", at + 1), cx.text(vault));
        action = action.env(format!("FETCHED_{}_NAME", at + 1), cx.text(&secret.key));
    }
    action
}
