//! Variables of a job, and `$(…)` in texts.

use std::collections::{BTreeMap, BTreeSet};

/// Case does not matter in names.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, Variable>);

#[derive(Clone)]
struct Variable {
    name: String,
    value: String,
    secret: bool,
}

/// What was left in a text, and what was put into it.
#[derive(Default)]
pub struct Seen {
    pub unknown: BTreeSet<String>,
    pub secret: BTreeSet<String>,
}

impl Variables {
    pub fn set(&mut self, name: &str, value: &str, secret: bool) {
        let variable = Variable { name: name.to_owned(), value: value.to_owned(), secret };
        self.0.insert(name.to_lowercase(), variable);
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_lowercase()).map(|it| it.value.as_str())
    }

    /// Those that a script finds in its environment, by the names they have there.
    pub fn environment(&self) -> impl Iterator<Item = (String, String)> {
        let open = self.0.values().filter(|it| !it.secret);
        open.map(|it| (it.name.replace(['.', ' '], "_").to_uppercase(), it.value.clone()))
    }

    /// Fills in `$(name)`; what is not known stays as it is.
    pub fn fill(&self, text: &str, seen: &mut Seen) -> String {
        self.fill_in(text, seen, 0)
    }

    fn fill_in(&self, text: &str, seen: &mut Seen, depth: u32) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("$(") {
            filled.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(')').unwrap_or(1);
            let name = rest.get(2..end).unwrap_or_default();
            match self.0.get(&name.to_lowercase()).filter(|_| depth < 10) {
                Some(variable) => {
                    if variable.secret {
                        seen.secret.insert(name.to_owned());
                    }
                    filled.push_str(&self.fill_in(&variable.value, seen, depth + 1));
                    rest = &rest[end + 1..];
                }
                None => {
                    seen.unknown.insert(name.to_owned());
                    filled.push_str("$(");
                    rest = &rest[2..];
                }
            }
        }
        filled + rest
    }
}
