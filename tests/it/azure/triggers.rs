//! What starts a pipeline: its own keys, and those of its resources.

use super::node::{Node, Read};

/// Includes, then excludes; without includes, everything.
#[derive(Clone, Default)]
pub struct Filter {
    include: Vec<String>,
    exclude: Vec<String>,
}

#[derive(Clone, Default)]
pub struct Push {
    /// None: nothing starts it.
    pub on: bool,
    pub branches: Option<Filter>,
    pub paths: Option<Filter>,
    pub tags: Option<Filter>,
}

pub struct Schedule {
    pub cron: String,
    pub display_name: String,
    pub branches: Filter,
    /// Also where nothing changed since the last run.
    pub always: bool,
}

/// A pipeline whose runs this one uses.
pub struct Source {
    pub alias: String,
    /// A name, or `\folder\name`.
    pub of: String,
    pub trigger: Option<Completion>,
    /// Of the run that is taken where none triggered: what it must have.
    pub branch: Option<String>,
}

#[derive(Default)]
pub struct Completion {
    pub branches: Option<Filter>,
    pub stages: Vec<String>,
    pub tags: Vec<String>,
}

pub struct Repository {
    pub alias: String,
    pub name: String,
    pub branch: String,
    pub trigger: Push,
}

pub struct Container {
    pub alias: String,
    pub registry: String,
    pub repository: String,
    /// None: no trigger.
    pub tags: Option<Filter>,
}

impl Filter {
    pub fn read(node: &Node) -> Read<Filter> {
        if node.is_list() {
            return Ok(Filter { include: node.texts()?, exclude: Vec::new() });
        }
        node.only(&["include", "exclude"])?;
        let side = |key| node.find(key).map_or(Ok(Vec::new()), |it| it.texts());
        Ok(Filter { include: side("include")?, exclude: side("exclude")? })
    }

    /// Whether a branch passes; `refs/heads/` may be left out in the filter.
    pub fn takes(&self, name: &str) -> bool {
        let name = short(name);
        let any = |patterns: &[String]| patterns.iter().any(|it| matches(short(it), name));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// Whether a changed path passes. A folder stands for what is below it; what is excluded may be included again
    /// by a deeper path, and the other way round.
    pub fn takes_path(&self, path: &str) -> bool {
        let names: Vec<&str> = path.trim_matches('/').split('/').collect();
        let depth = |patterns: &[String]| {
            let patterns = patterns.iter().map(|it| it.trim_matches('/'));
            patterns.filter(|it| below(&it.split('/').collect::<Vec<_>>(), &names)).map(str::len).max()
        };
        let included = if self.include.is_empty() { Some(0) } else { depth(&self.include) };
        included.is_some_and(|included| depth(&self.exclude).is_none_or(|excluded| included > excluded))
    }
}

/// Folder by folder: `*` stays within a name, `**` stands for any folders.
fn below(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([] | [""], _) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|it| below(rest, &path[it..])),
        ([first, rest @ ..], [name, deeper @ ..]) => matches(first, name) && below(rest, deeper),
        (_, []) => false,
    }
}

pub fn short(reference: &str) -> &str {
    let short = reference.strip_prefix("refs/heads/").or_else(|| reference.strip_prefix("refs/tags/"));
    short.unwrap_or(reference)
}

/// `*` stands for any number of characters, `?` for one.
pub fn matches(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let behind = pattern.trim_start_matches('*');
            behind.is_empty() || text.char_indices().any(|(at, _)| matches(behind, &text[at..]))
        }
        (Some(wanted), Some(found)) if wanted == found || wanted == '?' => {
            matches(&pattern[wanted.len_utf8()..], &text[found.len_utf8()..])
        }
        _ => false,
    }
}

impl Push {
    /// The value of `trigger` or `pr`; without one, every branch.
    pub fn read(node: Option<Node>) -> Read<Push> {
        let Some(node) = node else { return Ok(Push { on: true, ..Push::default() }) };
        if node.is("none") {
            return Ok(Push::default());
        }
        if node.is_list() {
            return Ok(Push { on: true, branches: Some(Filter::read(&node)?), ..Push::default() });
        }
        node.only(&["batch", "branches", "paths", "tags", "autoCancel", "drafts", "enabled"])?;
        let filter = |key| node.find(key).map(|it| Filter::read(&it)).transpose();
        let on = node.flag_or("enabled", true)?;
        Ok(Push { on, branches: filter("branches")?, paths: filter("paths")?, tags: filter("tags")? })
    }

    /// Why a push to this branch does not start it.
    pub fn refuses(&self, branch: &str, paths: &[String]) -> Option<String> {
        if !self.on {
            return Some("no pushes".to_owned());
        }
        if let Some(tag) = branch.strip_prefix("refs/tags/") {
            let taken = self.tags.as_ref().is_some_and(|it| it.takes(tag));
            return (!taken).then(|| format!("not tag {tag}"));
        }
        // A trigger for tags alone is none for branches.
        let taken = match &self.branches {
            Some(filter) => filter.takes(branch),
            None => self.tags.is_none(),
        };
        let touched = self.paths.as_ref().is_none_or(|it| paths.iter().any(|path| it.takes_path(path)));
        match (taken, touched) {
            (false, _) => Some(format!("not branch {}", short(branch))),
            (true, false) => Some("none of these paths".to_owned()),
            (true, true) => None,
        }
    }
}

impl Schedule {
    pub fn read(node: &Node) -> Read<Schedule> {
        node.only(&["cron", "displayName", "branches", "always", "batch"])?;
        node.flag_or("batch", false)?;
        Ok(Schedule {
            cron: node.get("cron")?.text()?,
            display_name: node.maybe_text("displayName")?.unwrap_or_default(),
            branches: node.find("branches").map_or(Ok(Filter::default()), |it| Filter::read(&it))?,
            always: node.flag_or("always", false)?,
        })
    }
}

impl Source {
    pub fn read(node: &Node) -> Read<Source> {
        node.only(&["pipeline", "source", "trigger", "branch", "tags", "version", "project"])?;
        if node.find("project").is_some() {
            return node.error("pipelines of other projects are not modelled");
        }
        for item in node.list("tags")? {
            item.text()?;
        }
        node.maybe_text("version")?;
        let trigger = match node.find("trigger") {
            None => None,
            Some(it) if it.is("none") => None,
            Some(it) if it.flag().is_ok() => it.flag()?.then(Completion::default),
            Some(it) => Some(Completion::read(&it)?).filter(|_| it.flag_or("enabled", true) == Ok(true)),
        };
        let text = |key| node.get(key)?.text();
        Ok(Source {
            alias: text("pipeline")?,
            of: text("source")?,
            trigger,
            branch: node.maybe_text("branch")?,
        })
    }
}

impl Completion {
    fn read(node: &Node) -> Read<Completion> {
        node.only(&["enabled", "branches", "stages", "tags"])?;
        let texts = |key| node.find(key).map_or(Ok(Vec::new()), |it| it.texts());
        let branches = node.find("branches").map(|it| Filter::read(&it)).transpose()?;
        Ok(Completion { branches, stages: texts("stages")?, tags: texts("tags")? })
    }
}

impl Repository {
    pub fn read(node: &Node) -> Read<Repository> {
        node.only(&["repository", "type", "name", "ref", "trigger", "endpoint"])?;
        let text = |key| node.get(key)?.text();
        let kind = text("type")?;
        let trigger = match node.find("trigger") {
            None => Push::default(),
            Some(_) if kind != "git" => return node.error("only repositories of Azure Repos trigger"),
            found => Push::read(found)?,
        };
        let branch = node.maybe_text("ref")?.unwrap_or_else(|| "refs/heads/main".to_owned());
        Ok(Repository { alias: text("repository")?, name: text("name")?, branch, trigger })
    }
}

impl Container {
    pub fn read(node: &Node) -> Read<Container> {
        node.only(&[
            "container",
            "image",
            "type",
            "azureSubscription",
            "resourceGroup",
            "registry",
            "repository",
            "trigger",
        ])?;
        let text = |key| node.get(key)?.text();
        let tags = match node.find("trigger") {
            None => None,
            Some(it) if it.is("none") => None,
            Some(it) if it.flag().is_ok() => it.flag()?.then(Filter::default),
            Some(it) => {
                it.only(&["enabled", "tags"])?;
                let on = it.flag_or("enabled", true)?;
                let tags = it.find("tags").map_or(Ok(Filter::default()), |it| Filter::read(&it))?;
                on.then_some(tags)
            }
        };
        Ok(Container {
            alias: text("container")?,
            registry: text("registry")?,
            repository: text("repository")?,
            tags,
        })
    }
}

impl Filter {
    /// One pattern.
    pub fn only(pattern: &str) -> Filter {
        Filter { include: vec![pattern.to_owned()], exclude: Vec::new() }
    }
}
