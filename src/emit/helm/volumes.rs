//! The volumes of a pod and where its container sees them.

use super::values::{EmptyDir, Named, Volume, VolumeMount, VolumeSource};
use crate::model::project;

/// The written volumes, and an empty `/tmp` where the root is read-only: almost every program writes there.
pub fn of(written: &[project::Volume], read_only_root: bool) -> (Vec<Volume>, Vec<VolumeMount>) {
    let mut volumes: Vec<Volume> = written.iter().map(volume).collect();
    let mut mounts: Vec<VolumeMount> = written.iter().map(|it| mount(&it.name.value, &it.path)).collect();
    if read_only_root && mounts.iter().all(|it| it.mount_path.trim_end_matches('/') != "/tmp") {
        let name = free_name("tmp", &volumes);
        mounts.push(mount(&name, "/tmp"));
        volumes.push(Volume { name, source: VolumeSource::EmptyDir(EmptyDir::default()) });
    }
    (volumes, mounts)
}

fn volume(written: &project::Volume) -> Volume {
    let source = match written.source.clone() {
        project::VolumeSource::Empty(size_limit) => VolumeSource::EmptyDir(EmptyDir { size_limit }),
        project::VolumeSource::ConfigMap(name) => VolumeSource::ConfigMap(Named { name }),
        project::VolumeSource::Secret(secret_name) => VolumeSource::Secret { secret_name },
        project::VolumeSource::Claim(claim_name) => VolumeSource::PersistentVolumeClaim { claim_name },
    };
    Volume { name: written.name.value.clone(), source }
}

fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned() }
}

fn free_name(wish: &str, taken: &[Volume]) -> String {
    let mut name = wish.to_owned();
    while taken.iter().any(|it| it.name == name) {
        name.push_str("-0");
    }
    name
}
