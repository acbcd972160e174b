//! What a Dockerfile says about the image it builds, as far as the text alone tells.

/// The user the image runs as: the `USER` of the last stage or of the stages it is built from. `None` where no
/// instruction names one: then the user is that of the base image, which is root for most.
/// Variables in it are not replaced.
pub fn user(text: &str) -> Option<String> {
    let mut stages: Vec<Stage> = Vec::new();
    for line in instructions(text) {
        let Some((word, rest)) = line.trim_start().split_once(char::is_whitespace) else { continue };
        match word.to_ascii_uppercase().as_str() {
            "FROM" => stages.push(Stage::from(rest, &stages)),
            "USER" => {
                if let Some(stage) = stages.last_mut() {
                    stage.user = Some(rest.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    stages.pop()?.user
}

/// The images that the stages begin with, without those that only name an earlier stage. Variables in them are not
/// replaced.
pub fn bases(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for line in instructions(text) {
        let Some((word, rest)) = line.trim_start().split_once(char::is_whitespace) else { continue };
        if !word.eq_ignore_ascii_case("FROM") {
            continue;
        }
        let mut words = rest.split_whitespace().filter(|it| !it.starts_with("--"));
        let Some(image) = words.next() else { continue };
        if !image.eq_ignore_ascii_case("scratch") && !names.contains(&image.to_ascii_lowercase()) {
            found.push(image.to_owned());
        }
        names.extend(words.nth(1).map(str::to_ascii_lowercase));
    }
    found
}

struct Stage {
    /// `FROM x AS name`, lower case.
    name: Option<String>,
    user: Option<String>,
}

impl Stage {
    fn from(rest: &str, earlier: &[Stage]) -> Stage {
        let words: Vec<String> =
            rest.split_whitespace().filter(|it| !it.starts_with("--")).map(str::to_ascii_lowercase).collect();
        let base = words.first();
        let named = words.get(1).is_some_and(|it| it == "as");
        let built_on = earlier.iter().rev().find(|it| it.name.is_some() && it.name.as_ref() == base);
        Stage { name: words.get(2).filter(|_| named).cloned(), user: built_on.and_then(|it| it.user.clone()) }
    }
}

/// The instructions, each on one line: without comments, continued lines joined, here-documents left out.
fn instructions(text: &str) -> Vec<String> {
    let escape = escape_character(text);
    let mut found: Vec<String> = Vec::new();
    let mut continues = false;
    let mut documents: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(end) = documents.first() {
            if line.trim_start_matches('\t') == end {
                documents.remove(0);
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && continues) {
            continue;
        }
        let stripped = trimmed.strip_suffix(escape);
        let own = stripped.unwrap_or(trimmed);
        match found.last_mut().filter(|_| continues) {
            Some(last) => {
                last.push(' ');
                last.push_str(own);
            }
            None => found.push(own.to_owned()),
        }
        continues = stripped.is_some();
        if !continues {
            documents = found.last().map(|it| here_documents(it)).unwrap_or_default();
        }
    }
    found
}

/// The directive `# escape=` may name another one, before anything else in the file.
fn escape_character(text: &str) -> char {
    let directives = text.lines().map_while(|it| it.trim().strip_prefix('#'));
    let mut values = directives.filter_map(|it| {
        let (name, value) = it.split_once('=')?;
        name.trim().eq_ignore_ascii_case("escape").then(|| value.trim().chars().next())?
    });
    values.next().unwrap_or('\\')
}

/// The words that end the here-documents of an instruction: `RUN <<EOF`, `COPY <<-"END" /x`.
fn here_documents(instruction: &str) -> Vec<String> {
    let mut words = instruction.split_whitespace();
    let takes_some = words
        .next()
        .is_some_and(|it| ["RUN", "COPY", "ADD"].iter().any(|word| it.eq_ignore_ascii_case(word)));
    if !takes_some {
        return Vec::new();
    }
    let names =
        words.filter_map(|it| it.trim_start_matches(|it: char| it.is_ascii_digit()).strip_prefix("<<"));
    let names = names.map(|it| it.strip_prefix('-').unwrap_or(it).trim_matches(['"', '\'']));
    names.filter(|it| !it.is_empty() && !it.contains('<')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::user as user_of;

    fn user(text: &str) -> String {
        user_of(text).unwrap_or_else(|| "(none)".to_owned())
    }

    #[test]
    fn the_last_user_of_the_last_stage_counts() {
        assert_eq!(user("FROM python\nUSER 1000\nUSER app:app\n"), "app:app");
        assert_eq!(
            user("FROM python AS build\nUSER 1000\nFROM scratch\nCOPY --from=build /x /x\n"),
            "(none)"
        );
        assert_eq!(user("FROM python\r\nuser 10001\r\n"), "10001");
        assert_eq!(user("ARG V=3\nFROM python:$V\nUSER ${WHO:-app}"), "${WHO:-app}");
    }

    #[test]
    fn a_stage_has_the_user_of_the_stage_it_is_built_on() {
        assert_eq!(
            user("FROM python AS Base\nUSER 1000\nFROM --platform=linux/amd64 base as last\n"),
            "1000"
        );
        assert_eq!(user("FROM python AS base\nUSER 1000\nFROM base\nUSER root\n"), "root");
        assert_eq!(user("FROM python\nUSER 1000\nFROM python\n"), "(none)");
    }

    #[test]
    fn nothing_else_that_says_user_counts() {
        assert_eq!(user(""), "(none)");
        assert_eq!(user("USER early\nFROM python\n"), "(none)");
        assert_eq!(
            user("FROM python\n# USER app\nONBUILD USER app\nENV A=1 \\\n  # USER app\n  USER=app\n"),
            "(none)"
        );
        assert_eq!(user("FROM python\nRUN useradd app && \\\n\n    USER app\n"), "(none)");
        assert_eq!(
            user("FROM python\nRUN <<EOF\nUSER app\nEOF\nRUN <<-'END' cat\nUSER app\n\tEND\nCMD x\n"),
            "(none)"
        );
        assert_eq!(user("FROM python\nRUN <<A cat <<B\nUSER a\nA\nUSER b\nB\nUSER c\n"), "c");
        assert_eq!(user("FROM python\nRUN echo $((1<<3)) && cat <<< x\nUSER app\n"), "app");
    }

    #[test]
    fn only_images_are_bases() {
        let text = "ARG V=3\nFROM --platform=linux/amd64 python:3.12 AS Base\nFROM base AS test\nFROM scratch\n# FROM x\nfrom node:$V\n";
        assert_eq!(super::bases(text), ["python:3.12", "node:$V"]);
        assert!(super::bases("FROM").is_empty());
    }

    #[test]
    fn lines_continue_by_the_file_s_own_escape() {
        assert_eq!(user("FROM python\nUSER \\\n  app\n"), "app");
        assert_eq!(
            user("# syntax=docker/dockerfile:1\n# escape=`\nFROM win\nWORKDIR C:\\\nUSER app\n"),
            "app"
        );
        assert_eq!(user("FROM win\nWORKDIR C:\\\nUSER app\n"), "(none)");
    }
}
