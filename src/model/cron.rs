//! The clock of a schedule as Azure DevOps reads it: five fields in UTC, after `NCrontab`.

/// Minutes, hours, days of the month, months and days of the week at which it fires; each a set of bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    /// As written, one blank between fields.
    pub text: String,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
}

/// Why a text is none, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub struct Misfit {
    pub message: String,
    pub help: String,
    /// The whole text as it was meant, where that is certain.
    pub meant: Option<String>,
}

struct Field {
    name: &'static str,
    low: u32,
    high: u32,
    /// The first stands for `low`.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: &[&str] = &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", low: 0, high: 59, names: &[] },
    Field { name: "hour", low: 0, high: 23, names: &[] },
    Field { name: "day of the month", low: 1, high: 31, names: &[] },
    Field { name: "month", low: 1, high: 12, names: MONTHS },
    Field { name: "day of the week", low: 0, high: 6, names: WEEKDAYS },
];

/// The longest that each month can be.
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

impl Cron {
    /// Minutes 0-59, hours 0-23, days 1-31, months 1-12 or their names, weekdays 0-6 (Sunday is 0) or their names;
    /// `*`, lists, ranges, and steps of `*` or a range.
    pub fn parse(text: &str) -> Result<Cron, Misfit> {
        let parts: Vec<&str> = text.split_whitespace().collect();
        if parts.len() != FIELDS.len() {
            return Err(wrong_count(&parts));
        }
        let mut sets = [0; 5];
        for (at, field) in FIELDS.iter().enumerate() {
            sets[at] = field.set(parts[at]).map_err(|misfit| whole(misfit, &parts, at))?;
        }
        let [minutes, hours, days, months, weekdays] = sets;
        Ok(Cron { text: parts.join(" "), minutes, hours, days, months, weekdays })
    }

    /// Whether there is a date on which it fires.
    pub fn ever_fires(&self) -> bool {
        (1u32..).zip(LENGTHS).any(|(month, length)| {
            self.months & bit(month) != 0 && (1..=length).any(|day| self.days & bit(day) != 0)
        })
    }

    /// Whether it fires then; `date` is day and month, weekday 0 is Sunday.
    pub fn fires_at(&self, minute: u32, hour: u32, date: (u32, u32), weekday: u32) -> bool {
        let within = |set: u64, at: u32| set & bit(at) != 0;
        let day = within(self.days, date.0) && within(self.months, date.1) && within(self.weekdays, weekday);
        day && within(self.minutes, minute) && within(self.hours, hour)
    }

    /// How often it fires in a week at most.
    pub fn a_week(&self) -> u32 {
        let all_days = self.days == range(1, 31);
        let days = if all_days { 7 } else { self.days.count_ones().min(7) }.min(self.weekdays.count_ones());
        days * self.hours.count_ones() * self.minutes.count_ones()
    }

    /// How often it fires in seven leap years that begin on all days of the week: less than that is less, on whatever days.
    pub fn seven_years(&self) -> u32 {
        let months = (1u32..).zip(LENGTHS).filter(|it| self.months & bit(it.0) != 0);
        let days = months.flat_map(|it| 1..=it.1).filter(|it| self.days & bit(*it) != 0).count();
        let days = u32::try_from(days).unwrap_or(u32::MAX) * self.weekdays.count_ones();
        days * self.hours.count_ones() * self.minutes.count_ones()
    }

    /// How often it fires in a quarter of an hour at most.
    pub fn a_quarter_hour(&self) -> u32 {
        let window = |start: u32| (start..start + 15).filter(|it| self.minutes & bit(it % 60) != 0).count();
        let most = (0..60).map(window).max().unwrap_or(0);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    /// Both a day of the month and a day of the week are said.
    pub fn says_two_days(&self) -> bool {
        self.days != range(1, 31) && self.weekdays != range(0, 6)
    }
}

fn bit(at: u32) -> u64 {
    1 << at
}

fn range(low: u32, high: u32) -> u64 {
    (low..=high).fold(0, |all, it| all | bit(it))
}

impl Field {
    fn set(&self, text: &str) -> Result<u64, Misfit> {
        text.split(',').try_fold(0, |all, item| Ok(all | self.item(item)?))
    }

    fn item(&self, item: &str) -> Result<u64, Misfit> {
        let (values, step) = match item.split_once('/') {
            Some((values, step)) => (values, Some(self.step(step)?)),
            None => (item, None),
        };
        let (low, high) = match values.split_once('-') {
            Some((low, high)) => (self.value(low)?, self.value(high)?),
            None if values == "*" => (self.low, self.high),
            None if step.is_some() => return Err(self.step_of_a_value(values, item)),
            None => (self.value(values)?, self.value(values)?),
        };
        if low > high {
            return Err(self.backwards(values, low, high));
        }
        let step = step.unwrap_or(1);
        Ok((low..=high).step_by(step).fold(0, |all, it| all | bit(it)))
    }

    fn step(&self, text: &str) -> Result<usize, Misfit> {
        let step = text.parse().ok().filter(|it| (1..=self.high).contains(it));
        step.map(|it| it as usize).ok_or_else(|| {
            self.misfit(&format!("`/{text}` is no step"), &format!("write a number from 1 to {}", self.high))
        })
    }

    fn value(&self, text: &str) -> Result<u32, Misfit> {
        let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        let number = if plain { text.parse().ok() } else { self.named(text) };
        match number {
            Some(it) if (self.low..=self.high).contains(&it) => Ok(it),
            Some(7) if self.names.len() == 7 => {
                let misfit = self.misfit("there is no day 7", "Sunday is 0");
                Err(Misfit { meant: Some("0".into()), ..misfit })
            }
            _ => Err(self.misfit(&no_value(text), &self.what())),
        }
    }

    /// By the English name or its first three letters.
    fn named(&self, text: &str) -> Option<u32> {
        let text = text.to_lowercase();
        let found = self.names.iter().position(|it| *it == text || it[..3] == text);
        found.and_then(|it| u32::try_from(it).ok()).map(|it| it + self.low)
    }

    fn what(&self) -> String {
        let names = match self.names.first() {
            Some(first) => format!(" or a name such as `{}`", &first[..3]),
            None => String::new(),
        };
        let Field { low, high, .. } = self;
        format!("write `*`, {low} to {high}{names}, a list `a,b`, a range `a-b`, or steps `*/n` or `a-b/n`")
    }

    fn step_of_a_value(&self, value: &str, item: &str) -> Misfit {
        let step = &item[value.len()..];
        let help = format!("say where it ends: `{value}-{}{step}`", self.high);
        self.misfit(&format!("`{item}` steps from a single value"), &help)
    }

    fn backwards(&self, values: &str, low: u32, high: u32) -> Misfit {
        let help = format!("write both parts: `{low}-{},{}-{high}`", self.high, self.low);
        self.misfit(&format!("`{values}` runs backwards"), &help)
    }

    fn misfit(&self, what: &str, help: &str) -> Misfit {
        Misfit { message: format!("in the {}, {what}", self.name), help: help.to_owned(), meant: None }
    }
}

fn no_value(text: &str) -> String {
    if text.is_empty() { "something is missing".into() } else { format!("`{text}` is none") }
}

/// What was meant for one field, as what was meant for the whole.
fn whole(misfit: Misfit, parts: &[&str], at: usize) -> Misfit {
    let meant = misfit.meant.filter(|_| parts[at] == "7").map(|field| {
        let mut parts = parts.to_vec();
        parts[at] = &field;
        parts.join(" ")
    });
    Misfit { meant, ..misfit }
}

fn wrong_count(parts: &[&str]) -> Misfit {
    let help = "write minute, hour, day of the month, month and day of the week: `0 3 * * 1-5` is 03:00 UTC on workdays";
    let message = match parts {
        [] => "the schedule is empty".to_owned(),
        [word] if word.starts_with('@') => format!("Azure DevOps knows no `{word}`"),
        _ => {
            let seconds = if parts.len() == 6 { "; there are no seconds" } else { "" };
            format!("a schedule has five fields, and this has {}{seconds}", parts.len())
        }
    };
    Misfit { message, help: help.to_owned(), meant: None }
}

#[cfg(test)]
mod tests {
    use super::Cron;

    fn cron(text: &str) -> Cron {
        Cron::parse(text).expect("it is one")
    }

    fn why(text: &str) -> String {
        Cron::parse(text).expect_err("it is none").message
    }

    #[test]
    fn names_and_numbers_are_one() {
        let sets = |text| Cron { text: String::new(), ..cron(text) };
        assert_eq!(sets("0 18 * * Mon,Wed,Fri"), sets("0 18 * * 1-5/2"));
        assert_eq!(sets("0 18 * January-mar sunday"), sets("0 18 * 1,2,3 0"));
        assert_eq!(sets("0 */6 * * *"), sets("0  0-18/6 *\t* *"));
    }

    #[test]
    fn bounds_are_those_of_the_clock() {
        assert_eq!(why("60 0 * * *"), "in the minute, `60` is none");
        assert_eq!(why("0 24 * * *"), "in the hour, `24` is none");
        assert_eq!(why("0 0 0 * *"), "in the day of the month, `0` is none");
        assert_eq!(why("0 0 * 13 *"), "in the month, `13` is none");
        assert_eq!(why("0 0 * * 7"), "in the day of the week, there is no day 7");
        assert_eq!(Cron::parse("0 0 * * 7").expect_err("no").meant.as_deref(), Some("0 0 * * 0"));
        assert_eq!(Cron::parse("0 0 * * 5-7").expect_err("no").meant, None);
    }

    #[test]
    fn other_dialects_are_refused() {
        for text in
            ["", "@daily", "0 0 0 * * *", "0 0 L * *", "0 0 ? * 1", "0 0 * * 1#2", "0 0 15W * *", "every day"]
        {
            assert!(Cron::parse(text).is_err(), "{text}");
        }
        for text in [
            "0 0 * * fri-mon",
            "5/10 * * * *",
            "*/0 * * * *",
            "1, 0 * * *",
            "1- 0 * * *",
            "-1 0 * * *",
            "+1 0 * * *",
        ] {
            assert!(Cron::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_known() {
        assert!(!cron("0 0 30 2 *").ever_fires());
        assert!(!cron("0 0 31 4,6,9,11 *").ever_fires());
        assert!(cron("0 0 29 2 *").ever_fires());
        assert!(cron("0 0 31 2,3 *").ever_fires());
    }

    #[test]
    fn how_often_it_fires_is_counted() {
        assert_eq!(cron("* * * * *").a_quarter_hour(), 15);
        assert_eq!(cron("50-59,0-4 * * * *").a_quarter_hour(), 15);
        assert_eq!(cron("*/2 * * * *").a_quarter_hour(), 8);
        assert_eq!(cron("*/10 * * * *").a_week(), 1008);
        assert_eq!(cron("0 3 * * 1-5").a_week(), 5);
        assert_eq!(cron("0 3 1 * *").a_week(), 1);
        assert!(cron("0 0 1 * mon").says_two_days());
    }
}
