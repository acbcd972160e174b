//! Virtual time: seconds since the first event, and the calendar behind them. Nobody's real clock is read.

/// Minutes since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// A moment as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    /// 0 is Sunday.
    pub weekday: u32,
}

const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MINUTES: i64 = 24 * 60;
/// Years repeat after so many days, which are 400 years.
const CYCLE: i64 = 146_097;
/// From the first of March of the year 0 to the first of January 1970.
const EPOCH: i64 = 719_468;

impl Default for Moment {
    /// A Monday morning: 2026-01-05 09:00.
    fn default() -> Moment {
        Moment::of(2026, 1, 5, 9 * 60)
    }
}

impl Moment {
    /// `2026-01-05 03:00`, in UTC; `T` may stand for the blank and `Z` behind it. A date alone is its midnight.
    pub fn parse(text: &str) -> Option<Moment> {
        let text = text.trim().trim_end_matches('Z');
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
        let mut parts = date.split('-').map(|it| number(it, if it.len() == 4 { 4 } else { 2 }));
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let (hour, minute) = time.split_once(':')?;
        let minute = minute.strip_suffix(":00").unwrap_or(minute);
        let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
        let fits = parts.next().is_none() && date.len() == 10 && hour < 24 && minute < 60;
        let moment = Moment::of(year, month, day, hour * 60 + minute);
        let found = moment.date();
        // The 31st of February is another day.
        let same = i64::from(found.month) == month && i64::from(found.day) == day;
        (fits && same).then_some(moment)
    }

    fn of(year: i64, month: i64, day: i64, minutes: i64) -> Moment {
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let of_cycle = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100;
        Moment((year.div_euclid(400) * CYCLE + of_cycle + of_year - EPOCH) * MINUTES + minutes)
    }

    pub fn date(self) -> Date {
        let days = self.0.div_euclid(MINUTES);
        let of_cycle = (days + EPOCH).rem_euclid(CYCLE);
        let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
        let of_year = of_cycle - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let whole = year + (days + EPOCH).div_euclid(CYCLE) * 400;
        let minutes = self.0.rem_euclid(MINUTES);
        Date {
            year: if month <= 2 { whole + 1 } else { whole },
            month: narrow(month),
            day: narrow(day),
            hour: narrow(minutes / 60),
            minute: narrow(minutes % 60),
            weekday: narrow((days + 4).rem_euclid(7)),
        }
    }

    /// So many seconds later, by whole minutes.
    #[must_use]
    pub fn after(self, seconds: u64) -> Moment {
        Moment(self.0.saturating_add(i64::try_from(seconds / 60).unwrap_or(i64::MAX)))
    }
}

impl Date {
    /// `mon`
    pub fn day_word(&self) -> &'static str {
        DAYS[self.weekday as usize % 7]
    }

    /// `09:00`
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let date = self.date();
        write!(f, "{:04}-{:02}-{:02} {}", date.year, date.month, date.day, date.time())
    }
}

/// A duration in the two largest units that say it: `2d 3h`, `1h 5m`, `40s`.
pub fn spoken(seconds: u64) -> String {
    let units = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, size) in units {
        if rest >= size && parts.len() < 2 {
            parts.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let plain = text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn narrow(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Moment, spoken};

    #[test]
    fn dates_and_moments_are_one() {
        for text in [
            "1970-01-01 00:00",
            "2024-02-29 23:59",
            "2026-01-05 09:00",
            "1999-12-31 12:30",
            "2100-03-01 00:01",
        ] {
            assert_eq!(Moment::parse(text).expect("it is one").to_string(), text);
        }
        assert_eq!(Moment::parse("1970-01-01 00:00"), Some(Moment(0)));
        assert_eq!(Moment::parse("2026-01-05T09:00Z"), Some(Moment::default()));
        assert_eq!(Moment::default().date().day_word(), "mon");
        assert_eq!(Moment::default().after(86_400 * 3).date().day_word(), "thu");
    }

    #[test]
    fn a_date_alone_is_its_midnight() {
        assert_eq!(Moment::parse("2026-01-05"), Moment::parse("2026-01-05 00:00"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "today",
            "2026-02-30 09:00",
            "2026-13-01 09:00",
            "2026-1-5 09:00",
            "2026-02-30",
            "2026-01-05 24:00",
            "2026-01-05 9:00",
            "2026-01-05 09:00+01",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_said_in_two_units() {
        assert_eq!(spoken(0), "0s");
        assert_eq!(spoken(90), "1m 30s");
        assert_eq!(spoken(3600), "1h");
        assert_eq!(spoken(2 * 86_400 + 3 * 3600 + 59), "2d 3h");
    }
}
