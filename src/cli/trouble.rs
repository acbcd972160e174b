//! What ends a run although the user's project may be fine: a path that cannot be read, a wrong argument.

use std::fmt;
use std::io;
use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub message: String,
    pub help: Option<String>,
}

impl Trouble {
    pub fn new(message: impl Into<String>) -> Self {
        Trouble { message: message.into(), help: None }
    }

    /// `doing` completes "cannot …", as in "cannot read `main.mlops`: permission denied".
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::new(format!("cannot {doing} `{}`: {}", path.display(), sentence(error)))
    }

    /// Paths below the current folder become relative to it.
    #[must_use]
    pub fn seen_from(mut self, here: &Path) -> Self {
        let below = format!("`{}/", here.display());
        self.message = self.message.replace(&below, "`");
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\n  help: {help}"))
    }
}

/// The operating system's sentence without its number, in lower case.
pub fn sentence(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
