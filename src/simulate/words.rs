//! Events and what is given about them from the words of a command line.

use super::clock::Moment;
use super::event::{Event, PullRequest, Reference};
use super::given::{Given, Verdict};
use super::names::{self, Misfit};
use super::say::{check_params, once};
use super::system::System;
use crate::base::arena::Id;
use crate::model::expr::Outcome;
use crate::model::project::{Pipeline, Repository, TriggerKind};
use std::collections::BTreeMap;

impl System<'_> {
    /// `None`: `self`, where nothing is said.
    pub fn repository(&self, name: Option<&str>) -> Result<Option<Id<Repository>>, Misfit> {
        let Some(name) = name else { return Ok(None) };
        let all = || self.project.repositories.iter();
        match all().find(|(_, it)| it.header.ident.value == name || it.header.name.value == name) {
            Some((_, it)) if it.is_self() => Ok(None),
            Some((id, _)) => Ok(Some(id)),
            None if name == "self" => Ok(None),
            None => {
                let known: Vec<&str> = all().map(|it| it.1.header.ident.value.as_str()).collect();
                Err(names::unknown(0, name, "repository", &known))
            }
        }
    }

    pub fn pipeline(&self, name: &str) -> Result<Id<Pipeline>, Misfit> {
        let found = self.project.pipelines.iter().find(|(_, it)| {
            it.header.ident.value == name || it.header.title.as_ref().is_some_and(|it| it.value == name)
        });
        found.map(|it| it.0).ok_or_else(|| {
            let known: Vec<&str> = (0..self.pipelines.len()).map(|it| self.name(it)).collect();
            names::unknown(0, name, "pipeline", &known)
        })
    }

    pub fn push(
        &self,
        repository: Option<&str>,
        reference: Option<Reference>,
        paths: Vec<String>,
    ) -> Result<Event, Misfit> {
        let repository = self.repository(repository)?;
        let home = repository.map_or(self.home_branch(), |it| {
            self.project.repositories[it].branch.as_ref().map_or("main", |it| &it.value)
        });
        let reference = match reference.unwrap_or_else(|| Reference::Branch(home.to_owned())) {
            Reference::Branch(it) => Reference::named(&it),
            Reference::Tag(it) => {
                Reference::Tag(it.strip_prefix("refs/tags/").map_or_else(|| it.clone(), str::to_owned))
            }
        };
        {
            let (Reference::Branch(name) | Reference::Tag(name)) = &reference;
            check_reference(name)?;
        }
        Ok(Event::Push { repository, reference, paths: some(paths) })
    }

    pub fn pull_request(
        &self,
        source: String,
        target: Option<String>,
        (paths, draft): (Vec<String>, bool),
    ) -> Result<Event, Misfit> {
        let target = target.unwrap_or_else(|| self.home_branch().to_owned());
        check_reference(&source)?;
        check_reference(&target)?;
        let [source, target] = [source, target]
            .map(|it| it.strip_prefix("refs/heads/").map_or_else(|| it.clone(), str::to_owned));
        Ok(Event::PullRequest(PullRequest { source, target, paths: some(paths), draft }))
    }

    pub fn by_name(
        &self,
        pipeline: &str,
        branch: Option<String>,
        params: BTreeMap<String, String>,
    ) -> Result<Event, Misfit> {
        let pipeline = self.pipeline(pipeline)?;
        check_params(self, pipeline, &params)?;
        branch.as_deref().map_or(Ok(()), check_reference)?;
        Ok(Event::Manual { pipeline, branch, params })
    }

    /// `REGISTRY/REPOSITORY:TAG`
    pub fn image(&self, image: &str) -> Result<Event, Misfit> {
        let parts = image.split_once('/').and_then(|(registry, rest)| {
            let (repository, tag) = rest.rsplit_once(':')?;
            Some((registry, repository, tag)).filter(|it| !it.1.is_empty() && !it.2.is_empty())
        });
        let Some((registry, repository, tag)) = parts else {
            let help = "write `REGISTRY/REPOSITORY:TAG`".to_owned();
            return Err(Misfit { at: 0, message: format!("`{image}` is no image with a tag"), help });
        };
        let all = || self.project.container_registries.iter();
        let found =
            all().find(|(_, it)| it.header.ident.value == registry || it.header.name.value == registry);
        let Some((registry, _)) = found else {
            let known: Vec<&str> = all().map(|it| it.1.header.ident.value.as_str()).collect();
            return Err(names::unknown(0, registry, "container registry", &known));
        };
        Ok(Event::Image { registry, repository: repository.to_owned(), tag: tag.to_owned() })
    }

    pub fn webhook(&self, name: String, fields: BTreeMap<String, String>) -> Result<Event, Misfit> {
        let triggers = self.pipelines.iter().flat_map(|it| &it.source.triggers);
        let known = triggers.filter_map(|it| match &it.kind {
            TriggerKind::Webhook(it) => Some(it.name.value.as_str()),
            _ => None,
        });
        let known: Vec<&str> = known.collect();
        if known.contains(&name.as_str()) {
            Ok(Event::Webhook { name, fields })
        } else {
            Err(names::unknown(0, &name, "webhook", &known))
        }
    }

    pub fn strike(&self, at: &str, changed: bool) -> Result<Event, Misfit> {
        Ok(Event::Schedule { at: moment(at)?, changed })
    }

    pub fn completion(
        &self,
        pipeline: &str,
        branch: Option<String>,
        (tags, result): (Vec<String>, &str),
    ) -> Result<Event, Misfit> {
        let pipeline = self.pipeline(pipeline)?;
        branch.as_deref().map_or(Ok(()), check_reference)?;
        Ok(Event::Completion { pipeline, branch, tags, result: outcome(result)? })
    }
}

/// `2026-01-05 03:00`
pub fn moment(text: &str) -> Result<Moment, Misfit> {
    Moment::parse(text).ok_or_else(|| Misfit {
        at: 0,
        message: format!("`{text}` is no moment"),
        help: "write a date and a time in UTC: `2026-01-05 03:00`; a date alone is its midnight".to_owned(),
    })
}

pub fn outcome(word: &str) -> Result<Outcome, Misfit> {
    let words = [
        ("succeeded", Outcome::Succeeded),
        ("succeeded_with_issues", Outcome::SucceededWithIssues),
        ("failed", Outcome::Failed),
        ("canceled", Outcome::Canceled),
    ];
    let found = words.iter().find(|it| it.0 == word).map(|it| it.1);
    found.ok_or_else(|| names::unknown(0, word, "result", &words.map(|it| it.0)))
}

/// `90s`, `20m`, `24h`, `7d`; in seconds.
pub fn duration(text: &str) -> Result<u64, Misfit> {
    let sizes = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let found = sizes.iter().find_map(|(unit, size)| {
        let digits = text.strip_suffix(*unit).filter(|it| it.bytes().all(|it| it.is_ascii_digit()))?;
        digits.parse::<u64>().ok()?.checked_mul(*size)
    });
    found.ok_or_else(|| Misfit {
        at: 0,
        message: format!("`{text}` is no duration"),
        help: "write `90s`, `20m`, `24h` or `7d`".to_owned(),
    })
}

impl Given {
    /// A stage, job or step by its path.
    pub fn result_of(&mut self, system: &System<'_>, path: &str, result: Outcome) -> Result<(), Misfit> {
        let target = system.find(&path.split('.').collect::<Vec<_>>())?;
        let before = system.deciding(&target).and_then(|it| self.results.get(&it).copied());
        self.say_result(system, &target, result)?;
        once(before, result, path)
    }

    /// `stage.step=2h`
    pub fn takes(&mut self, system: &System<'_>, said: &str) -> Result<(), Misfit> {
        let (path, time) = halves(said, "NAME=DURATION")?;
        let target = system.find(&path.split('.').collect::<Vec<_>>())?;
        let before = self.durations.clone();
        self.say_duration(system, &target, duration(time)?)?;
        let other = before.iter().find(|(key, time)| self.durations.get(*key) != Some(*time));
        once(other.map(|_| false), true, path)
    }

    /// `stage.step.output=value`
    pub fn output(&mut self, system: &System<'_>, said: &str) -> Result<(), Misfit> {
        let (path, value) = halves(said, "STAGE.STEP.OUTPUT=VALUE")?;
        let target = system.find(&path.split('.').collect::<Vec<_>>())?;
        let output = target.output.clone().unwrap_or_default();
        let before = self.outputs.clone();
        self.say_output(system, &target, (&output, value))?;
        let other = before.iter().find(|(key, value)| self.outputs.get(*key) != Some(*value));
        once(other.map(|_| false), true, path)
    }

    /// `APPROVAL=2h`: granted after that time.
    pub fn granted(&mut self, system: &System<'_>, said: &str) -> Result<(), Misfit> {
        let (name, time) = halves(said, "APPROVAL=DURATION")?;
        self.say_answer(system, name, Verdict::Grant, Some(duration(time)?))
    }

    /// `PIPELINE=1h`: cancelled after that time.
    pub fn canceled(&mut self, system: &System<'_>, said: &str) -> Result<(), Misfit> {
        let (name, time) = halves(said, "PIPELINE=DURATION")?;
        let pipeline = system.index_of(system.pipeline(name)?);
        self.cancels.insert(pipeline, duration(time)?);
        Ok(())
    }

    pub fn variable(&mut self, system: &System<'_>, said: &str) -> Result<(), Misfit> {
        let (name, value) = halves(said, "NAME=VALUE")?;
        let before = self.say_variable(system, name, value)?;
        once(before.as_deref(), value, name)
    }
}

/// Both sides of the first `=`.
pub fn halves<'t>(said: &'t str, form: &str) -> Result<(&'t str, &'t str), Misfit> {
    said.split_once('=').filter(|it| !it.0.is_empty()).ok_or_else(|| Misfit {
        at: 0,
        message: format!("`{said}` says nothing"),
        help: format!("write `{form}`"),
    })
}

fn check_reference(name: &str) -> Result<(), Misfit> {
    let odd = |it: char| it.is_whitespace() || it.is_control() || "~^:?*[\\".contains(it);
    if name.is_empty()
        || name.contains(odd)
        || name.starts_with('/')
        || name.ends_with('/')
        || name.contains("..")
    {
        let help = "write a name as Git knows it, such as `main` or `feature/x`".to_owned();
        return Err(Misfit { at: 0, message: format!("`{name}` is no branch or tag"), help });
    }
    Ok(())
}

fn some(paths: Vec<String>) -> Option<Vec<String>> {
    Some(paths).filter(|it| !it.is_empty())
}
