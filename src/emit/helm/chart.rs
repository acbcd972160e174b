//! What every chart has alike: its metadata and its templates.

use crate::emit::yaml;
use crate::model::project::Header;
use serde::Serialize;
use serde_yaml::DoubleQuoted;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// The static files of every chart, by their path in it.
        pub const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../templates/chart/", $name)))),*];
    };
}

files! {
    ".helmignore",
    "templates/NOTES.txt",
    "templates/_helpers.tpl",
    "templates/deployment.yaml",
    "templates/files.yaml",
    "templates/hpa.yaml",
    "templates/ingress.yaml",
    "templates/monitor.yaml",
    "templates/pdb.yaml",
    "templates/service.yaml",
    "templates/serviceaccount.yaml",
}

/// `Chart.yaml`
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chart<'a> {
    api_version: &'static str,
    name: &'a str,
    description: &'a str,
    #[serde(rename = "type")]
    ty: &'static str,
    version: &'static str,
    app_version: DoubleQuoted<&'static str>,
    kube_version: DoubleQuoted<&'static str>,
}

pub fn metadata(header: &Header) -> String {
    let name = &header.name.value;
    let title = header.title.as_ref().map(|it| it.value.as_str());
    yaml::write(&Chart {
        api_version: "v2",
        name,
        description: title.or(header.doc.as_deref()).unwrap_or(name),
        ty: "application",
        // Constant: a chart that is the same has the same version, and what runs is told by the image's tag.
        version: "0.1.0",
        app_version: DoubleQuoted("0.0.0"),
        kube_version: DoubleQuoted(">=1.25.0-0"),
    })
}
