//! How wide texts are. Which font a reader has is not known: for each letter this is the wider of `DejaVu Sans` (as wide as Verdana) and
//! Liberation Sans (as wide as Arial and Helvetica), in hundredths of the font's size, rounded up.

const FIRST: char = ' ';
#[rustfmt::skip]
const REGULAR: [u8; 95] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 56,
    102, 69, 69, 73, 78, 67, 62, 78, 76, 30, 50, 67, 56, 87, 75, 79, 67, 79, 73, 67, 62, 74, 69, 99, 69, 67, 69, 40, 34, 40, 84, 56,
    50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84,
];
#[rustfmt::skip]
const BOLD: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84, 62,
    100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 56, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 56,
    50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];
/// What is no letter of ASCII: marks and letters of other scripts are as wide as high at most.
const OTHER: f64 = 1.0;
/// Pictographs are wider.
const PICTOGRAPH: f64 = 1.4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    /// Pixels.
    pub size: f64,
    pub bold: bool,
}

impl Font {
    /// Pixels.
    pub fn width(self, text: &str) -> f64 {
        text.chars().map(|it| self.letter(it)).sum::<f64>() * self.size
    }

    /// The text, or as much of its beginning as fits, with `…` behind.
    pub fn fit(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut room = width - OTHER * self.size;
        let short = text.chars().take_while(|it| {
            room -= self.letter(*it) * self.size;
            room >= 0.0
        });
        short.collect::<String>().trim_end().to_owned() + "…"
    }

    fn letter(self, letter: char) -> f64 {
        let table = if self.bold { &BOLD } else { &REGULAR };
        let at = u32::from(letter).wrapping_sub(u32::from(FIRST)) as usize;
        match table.get(at) {
            Some(hundredths) => f64::from(*hundredths) / 100.0,
            None if u32::from(letter) > 0xffff => PICTOGRAPH,
            None => OTHER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Font;

    #[test]
    fn what_does_not_fit_is_cut_with_a_sign_that_fits() {
        let font = Font { size: 10.0, bold: false };
        assert_eq!(font.fit("short", 100.0), "short");
        let cut = font.fit("a text that is much too long for its box", 60.0);
        assert!(cut.ends_with('…') && font.width(&cut) <= 60.0, "{cut}");
        assert!(font.width("Wide") < Font { bold: true, ..font }.width("Wide"));
    }
}
