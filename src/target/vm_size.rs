//! Sizes of Azure's machines, and which of them are gone. Source: Azure documentation, "Retired Azure VM sizes" and the
//! retirement notices of the series NC (to version 3), ND, NV and A.

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

/// Since when a series is gone, and what takes its place.
pub fn retired((letters, version): &(String, u32)) -> Option<(&'static str, &'static str)> {
    RETIRED.iter().find(|it| it.0 == letters && it.1 == *version).map(|it| (it.2, it.3))
}

/// Of `Standard_NC6s_v3`: `nc` and 3. `None` where it is spelled otherwise; a size with the name of a chip in it, such as
/// `Standard_NC4as_T4_v3`, is of a series of its own.
pub fn series(size: &str) -> Option<(String, u32)> {
    let lower = size.to_ascii_lowercase();
    let rest = lower.strip_prefix("standard_").or_else(|| lower.strip_prefix("basic_"))?;
    let letters: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
    let digit = rest[letters.len()..].starts_with(|it: char| it.is_ascii_digit());
    let mut parts = rest.split('_').skip(1);
    let version = match (parts.next(), parts.next()) {
        (None, _) | (Some("promo"), None) => 0,
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
