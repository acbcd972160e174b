//! References to container images: `registry/repository:tag@digest`. Source: the grammar of the distribution project's
//! package `reference`.

/// An image as its reference says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// With the registry before it, where one is named.
    pub name: &'a str,
    pub tag: Option<&'a str>,
    pub digest: Option<&'a str>,
}

impl<'a> Image<'a> {
    /// The parts, well-formed or not.
    pub fn read(text: &'a str) -> Image<'a> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let last = rest.rfind('/').map_or(0, |it| it + 1);
        match rest[last..].rfind(':') {
            Some(at) => Image { name: &rest[..last + at], tag: Some(&rest[last + at + 1..]), digest },
            None => Image { name: rest, tag: None, digest },
        }
    }

    /// Whether it may be another image tomorrow without anybody saying so: no tag, or one that is there to move.
    pub fn floats(&self) -> bool {
        self.digest.is_none()
            && self.tag.is_none_or(|it| FLOATING.contains(&it.to_ascii_lowercase().as_str()))
    }

    /// What is wrong with it, in words.
    pub fn wrong(&self) -> Option<&'static str> {
        let (registry, path) = self.registry_and_path();
        if !registry.is_none_or(is_registry) {
            return Some("its registry is no host name");
        }
        if path.chars().any(|it| it.is_ascii_uppercase()) {
            return Some("a repository is written in lower case");
        }
        if !path.split('/').all(is_component) {
            return Some(
                "a repository is made of lower-case letters and digits, with single `.`, `_`, `__` or `-` between them",
            );
        }
        if !self.tag.is_none_or(is_tag) {
            return Some(
                "a tag is made of up to 128 letters, digits, `_`, `.` and `-`, not `.` or `-` first",
            );
        }
        if !self.digest.is_none_or(is_digest) {
            return Some("a digest is written `sha256:` and 64 digits of hexadecimal");
        }
        None
    }

    fn registry_and_path(&self) -> (Option<&'a str>, &'a str) {
        match self.name.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
            _ => (None, self.name),
        }
    }
}

/// Tags that registries and habit move from build to build.
const FLOATING: [&str; 8] = ["latest", "stable", "edge", "nightly", "dev", "main", "master", "lts"];

fn is_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, "0"));
    let legal = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
    !host.is_empty()
        && host.chars().all(legal)
        && !port.is_empty()
        && port.chars().all(|it| it.is_ascii_digit())
}

fn is_component(text: &str) -> bool {
    let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    if !text.starts_with(is_word) || !text.ends_with(is_word) {
        return false;
    }
    let separators = text.split(is_word).filter(|it| !it.is_empty());
    separators.into_iter().all(|it| matches!(it, "." | "_" | "__") || it.chars().all(|it| it == '-'))
}

fn is_tag(text: &str) -> bool {
    let inner = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
    (1..=128).contains(&text.len()) && !text.starts_with(['.', '-']) && text.chars().all(inner)
}

fn is_digest(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(_, hex)| hex.len() >= 32 && hex.chars().all(|it| it.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn the_parts_are_told_apart() {
        let image = Image::read("localhost:5000/team/api:1.2@sha256:ab");
        assert_eq!(
            (image.name, image.tag, image.digest),
            ("localhost:5000/team/api", Some("1.2"), Some("sha256:ab"))
        );
        let image = Image::read("localhost:5000/api");
        assert_eq!((image.name, image.tag), ("localhost:5000/api", None));
    }

    #[test]
    fn what_moves_floats() {
        let digest = format!("python@sha256:{}", "0".repeat(64));
        let cases =
            [("python", true), ("python:latest", true), ("python:3.12", false), (digest.as_str(), false)];
        for (text, floats) in cases {
            assert_eq!(Image::read(text).floats(), floats, "{text}");
        }
    }

    #[test]
    fn only_what_registries_take_is_right() {
        let long = format!("a:{}", "x".repeat(129));
        let digest = format!("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04@sha256:{}", "a".repeat(64));
        let right =
            ["python", "a/b_c/d__e", "a--b:V1", "acr.azurecr.io/x.y:_1", "host:5000/x", digest.as_str()];
        let wrong = [
            "Team/api",
            "team//api",
            "a..b",
            "a:",
            "a:.b",
            "-a",
            "a-",
            "",
            "x y",
            "a@sha256:12",
            "h.x:/a",
            long.as_str(),
        ];
        for text in right {
            assert_eq!(Image::read(text).wrong(), None, "{text}");
        }
        for text in wrong {
            assert!(Image::read(text).wrong().is_some(), "{text}");
        }
    }
}
