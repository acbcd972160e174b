//! # A size of machines that Azure has retired
//!
//! Machines of these series have been switched off: a cluster or a deployment of that size cannot be created, and one that
//! exists gets no nodes, so that jobs wait in the queue.
//!
//! ```mlops,fails
//! compute gpu { size = "Standard_NC6", nodes = 0..2 }
//! ```
//!
//! ```mlops,passes
//! compute gpu { size = "Standard_NC4as_T4_v3", nodes = 0..2 }
//! ```
//!
//! Take a size of the series that the message names. A size is written as Azure spells it, `Standard_` first.
//!
//! Source: Azure documentation, "Retired Azure VM sizes" and the retirement notices of the NC, NCv2, NCv3, ND, NV and A series.

use crate::base::span::Span;
use crate::check::{Cx, Group, Rule};

pub(super) static RULE: Rule = Rule::warning(Group::Ml, "retired-vm-size", run).in_views();

/// Letters, version (0 where none is written), since when, and what takes their place.
const RETIRED: [(&str, u32, &str, &str); 7] = [
    ("a", 0, "August 2024", "Standard_D2as_v5 and larger"),
    ("nc", 0, "September 2023", "Standard_NC4as_T4_v3 and larger"),
    ("nc", 2, "September 2023", "Standard_NC4as_T4_v3 and larger"),
    ("nc", 3, "September 2025", "Standard_NC24ads_A100_v4 and larger"),
    ("nd", 0, "September 2023", "Standard_ND96asr_v4, or Standard_NC24ads_A100_v4"),
    ("nv", 0, "September 2023", "Standard_NV6ads_A10_v5 and larger"),
    ("h", 0, "August 2022", "Standard_HB120rs_v3"),
];

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for size in project.computes.values().filter(|it| !it.serverless).filter_map(|it| it.size.as_ref()) {
        check(cx, &size.value, size.span);
    }
    // On a cluster of Kubernetes, sizes are names of its own.
    let managed = project.endpoints.values().filter(|it| it.settings.compute.is_none());
    for deployment in managed.flat_map(|it| it.settings.deployments.values()) {
        if let Some(size) = &deployment.size {
            check(cx, &size.value, size.span);
        }
    }
}

fn check(cx: &mut Cx<'_>, size: &str, span: Span) {
    if size.is_empty() || size.contains('$') {
        return;
    }
    let Some((letters, version)) = series(size) else {
        cx.report(&RULE, span, format!("`{size}` is not written as Azure spells sizes"))
            .help("write it in full: `Standard_DS3_v2`");
        return;
    };
    if let Some((_, _, since, better)) = RETIRED.iter().find(|it| it.0 == letters && it.1 == version) {
        cx.report(&RULE, span, format!("Azure has no machines of the size `{size}` since {since}"))
            .help(format!("take another one: {better}"));
    }
}

/// Of `Standard_NC6s_v3`: `nc` and 3. `None` where it is spelled otherwise; a size with the name of a chip in it, such as
/// `Standard_NC4as_T4_v3`, is of a series of its own.
fn series(size: &str) -> Option<(String, u32)> {
    let lower = size.to_ascii_lowercase();
    let rest = lower.strip_prefix("standard_").or_else(|| lower.strip_prefix("basic_"))?;
    let letters: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let digit = rest[letters.len()..].starts_with(|it: char| it.is_ascii_digit());
    let mut parts = rest.split('_').skip(1);
    let version = match (parts.next(), parts.next()) {
        (None, _) => 0,
        (Some("promo"), None) => 0,
        (Some(version), None) => version.strip_prefix('v').and_then(|it| it.parse().ok()).unwrap_or(u32::MAX),
        (Some(_), Some(_)) => u32::MAX,
    };
    (digit && !letters.is_empty()).then_some((letters, version))
}

#[cfg(test)]
mod tests {
    use super::series;

    #[test]
    fn letters_and_version_make_a_series() {
        let of = |size| series(size).map(|(letters, version)| format!("{letters}{version}"));
        assert_eq!(of("Standard_NC6s_v3").as_deref(), Some("nc3"));
        assert_eq!(of("STANDARD_NV6_Promo").as_deref(), Some("nv0"));
        assert_eq!(of("Standard_A8m_v2").as_deref(), Some("a2"));
        assert_eq!(of("Basic_A1").as_deref(), Some("a0"));
        assert_eq!(of("Standard_NC4as_T4_v3"), Some(format!("nc{}", u32::MAX)));
        assert_eq!(of("Standard_HB120rs_v3").as_deref(), Some("hb3"));
        assert_eq!(of("DS3_v2"), None);
    }
}
