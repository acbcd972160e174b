//! Amounts of memory, as Docker and Spark write them: their units are powers of 1024.

/// Docker's spelling: `2Gi` is `2g`, `2G` are bytes.
pub fn docker(written: &str) -> String {
    let (digits, unit) = split(written);
    let (_, short, factor) = UNITS.iter().find(|(name, _, _)| *name == unit).unwrap_or(&("", "", 1.0));
    let is_whole = digits.bytes().all(|it| it.is_ascii_digit());
    if is_whole && !short.is_empty() {
        return format!("{digits}{short}");
    }
    format!("{:.0}b", amount(digits) * factor)
}

/// Spark's spelling, a whole number of the largest unit that divides it: `1.5Gi` is `1536m`.
pub fn whole(written: &str) -> String {
    let (digits, unit) = split(written);
    let factor = UNITS.iter().find(|(name, _, _)| *name == unit).map_or(1.0, |it| it.2);
    let bytes = amount(digits) * factor;
    let fits = |size: f64| bytes >= size && (bytes / size).fract() == 0.0;
    match () {
        () if fits(GIBI) => format!("{:.0}g", bytes / GIBI),
        () if fits(MEBI) => format!("{:.0}m", bytes / MEBI),
        () => format!("{:.0}k", (bytes / 1024.0).max(1.0)),
    }
}

fn split(written: &str) -> (&str, &str) {
    written.split_at(written.find(|it: char| it.is_ascii_alphabetic()).unwrap_or(written.len()))
}

fn amount(digits: &str) -> f64 {
    digits.parse().expect("an amount of memory starts with a number")
}

const MEBI: f64 = 1_048_576.0;
const GIBI: f64 = 1_073_741_824.0;

/// Units with Docker's letter, if it has one, and their bytes.
const UNITS: &[(&str, &str, f64)] = &[
    ("Ki", "k", 1024.0),
    ("Mi", "m", MEBI),
    ("Gi", "g", GIBI),
    ("Ti", "", 1_099_511_627_776.0),
    ("k", "", 1e3),
    ("M", "", 1e6),
    ("G", "", 1e9),
    ("T", "", 1e12),
];

#[cfg(test)]
mod tests {
    use super::{docker, whole};

    #[test]
    fn both_write_the_same_amount() {
        for (written, for_docker, for_spark) in [
            ("2Gi", "2g", "2g"),
            ("1.5Gi", "1610612736b", "1536m"),
            ("512Mi", "512m", "512m"),
            ("2G", "2000000000b", "1953125k"),
            ("1Ti", "1099511627776b", "1024g"),
        ] {
            assert_eq!((docker(written).as_str(), whole(written).as_str()), (for_docker, for_spark));
        }
    }
}
