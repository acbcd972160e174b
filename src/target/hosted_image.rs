//! Images of the machines that Microsoft hosts for Azure Pipelines. Source: Azure DevOps documentation, "Microsoft-hosted
//! agents", table "YAML VM Image Label" (January 2026). What is gone stands in the same table of earlier years: in July 2019
//! `vs2017-win2016`, `vs2015-win2012r2`, `win1803`, `ubuntu-16.04`, `macOS-10.13` and `macOS-10.14`; in 2021 `windows-2016`,
//! `ubuntu-18.04`, `ubuntu-20.04`, `macOS-10.15` and `macOS-11`; `windows-2019`, `macOS-12` and `macOS-13` by announcements of
//! actions/runner-images.

/// What there is. Newer ones than these are taken as they are.
const HOSTED: [&str; 11] = [
    "ubuntu-latest",
    "ubuntu-24.04",
    "ubuntu-22.04",
    "windows-latest",
    "windows-2025",
    "windows-2022",
    "macOS-latest",
    "macOS-26",
    "macOS-15",
    "macOS-14",
    "macOS-15-arm64",
];

/// What there was, and what takes its place.
const RETIRED: [(&str, &str); 14] = [
    ("ubuntu-20.04", "ubuntu-24.04"),
    ("ubuntu-18.04", "ubuntu-24.04"),
    ("ubuntu-16.04", "ubuntu-24.04"),
    ("windows-2019", "windows-2022"),
    ("vs2017-win2016", "windows-2022"),
    ("vs2015-win2012r2", "windows-2022"),
    ("win1803", "windows-2022"),
    ("macOS-13", "macOS-15"),
    ("macOS-12", "macOS-15"),
    ("macOS-11", "macOS-15"),
    ("macOS-10.15", "macOS-15"),
    ("macOS-10.14", "macOS-15"),
    ("macOS-10.13", "macOS-15"),
    ("windows-2016", "windows-2022"),
];

pub fn all() -> impl Iterator<Item = &'static str> {
    HOSTED.into_iter()
}

/// What takes the place of an image that is gone.
pub fn retired(image: &str) -> Option<&'static str> {
    RETIRED.iter().find(|it| it.0.eq_ignore_ascii_case(image)).map(|it| it.1)
}

/// Whether there is such an image, or may be one that is newer than this list.
pub fn is_hosted(image: &str) -> bool {
    let listed = HOSTED.iter().any(|it| it.eq_ignore_ascii_case(image));
    listed || family(image).is_some_and(|(family, version)| version > newest(family))
}

/// `ubuntu` and 24 of `ubuntu-24.04`, whatever follows.
fn family(image: &str) -> Option<(&'static str, u32)> {
    let (name, rest) = image.split_once('-')?;
    let family = ["ubuntu", "windows", "macos"].into_iter().find(|it| it.eq_ignore_ascii_case(name))?;
    let digits = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    Some((family, rest[..digits].parse().ok()?))
}

fn newest(wanted: &str) -> u32 {
    let versions = HOSTED.iter().filter_map(|it| family(it)).filter(|it| it.0 == wanted).map(|it| it.1);
    versions.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_hosted, retired};

    #[test]
    fn newer_images_are_taken_as_they_are() {
        for image in
            ["ubuntu-22.04", "Ubuntu-latest", "macos-15", "ubuntu-26.04", "windows-2028", "macOS-27-arm64"]
        {
            assert!(is_hosted(image) && retired(image).is_none(), "{image}");
        }
        for image in
            ["ubuntu-20.04", "ubunto-24.04", "ubuntu-24", "windows", "macOS-13", "debian-12", "ubuntu-"]
        {
            assert!(!is_hosted(image), "{image}");
        }
        assert_eq!(retired("Ubuntu-20.04"), Some("ubuntu-24.04"));
    }
}
