//! The volumes of a pod, its files, and where its container sees them.

use super::values::{EmptyDir, Named, Strings, Volume, VolumeMount, VolumeSource};
use crate::model::project::{self, ServiceSettings};

#[derive(Debug)]
pub struct Storage {
    pub volumes: Vec<Volume>,
    pub mounts: Vec<VolumeMount>,
    pub files: Strings,
}

/// The written volumes and files, and an empty `/tmp` where the root is read-only: almost every program writes there.
pub fn of(settings: &ServiceSettings, read_only_root: bool) -> Storage {
    let written = &settings.volumes;
    let mut found = Storage {
        volumes: written.iter().map(volume).collect(),
        mounts: written.iter().map(mounted).collect(),
        files: Strings::new(),
    };
    found.add_files(settings);
    if read_only_root && found.mounts.iter().all(|it| it.mount_path.trim_end_matches('/') != "/tmp") {
        let name = free_name("tmp", |it| found.volumes.iter().any(|volume| volume.name == it));
        found.mounts.push(mount(&name, "/tmp"));
        found.volumes.push(Volume { name, source: VolumeSource::EmptyDir(EmptyDir::default()) });
    }
    found
}

impl Storage {
    fn add_files(&mut self, settings: &ServiceSettings) {
        if settings.files.is_empty() {
            return;
        }
        let volume = free_name("files", |it| self.volumes.iter().any(|volume| volume.name == it));
        for file in settings.files.values() {
            let legal = |it: char| if it.is_ascii_alphanumeric() || "._-".contains(it) { it } else { '-' };
            let name: String =
                file.path.value.rsplit('/').next().unwrap_or("file").chars().map(legal).collect();
            let entry = free_name(&name, |it| self.files.contains_key(it));
            self.mounts.push(VolumeMount {
                sub_path: Some(entry.clone()),
                read_only: Some(true),
                ..mount(&volume, &file.path.value)
            });
            self.files.insert(entry, file.content.clone());
        }
        self.volumes.push(Volume { name: volume, source: VolumeSource::Files(true) });
    }
}

fn volume(written: &project::Volume) -> Volume {
    let source = match written.source.clone() {
        project::VolumeSource::Empty { size, in_memory } => {
            VolumeSource::EmptyDir(EmptyDir { size_limit: size, medium: in_memory.then_some("Memory") })
        }
        project::VolumeSource::ConfigMap(name) => VolumeSource::ConfigMap(Named { name }),
        project::VolumeSource::Secret(secret_name) => VolumeSource::Secret { secret_name },
        project::VolumeSource::Claim(claim_name) => VolumeSource::PersistentVolumeClaim { claim_name },
        project::VolumeSource::Share(share) => {
            VolumeSource::AzureShare { name: share.name, read_only: written.read_only }
        }
    };
    Volume { name: written.name.value.clone(), source }
}

fn mounted(written: &project::Volume) -> VolumeMount {
    VolumeMount {
        sub_path: written.sub_path.clone(),
        read_only: written.read_only.then_some(true),
        ..mount(&written.name.value, &written.path)
    }
}

fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned(), sub_path: None, read_only: None }
}

fn free_name(wish: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wish.to_owned();
    while taken(&name) {
        name.push_str("-0");
    }
    name
}
