//! Who had to agree before something came to an environment and need not any more, though somebody still does.

use super::align::Renaming;
use super::tree::{Kind, Node, Weight};
use super::{Change, reach};
use crate::model::project::Environment;
use crate::simulate::System;
use crate::simulate::prove::{self, Agreed, Cover, Proof};

/// Somebody who is asked at a stage, by its name in the new version.
struct Consent<'a> {
    /// The identifier of the approval.
    approval: &'a str,
    /// Sorted.
    people: Vec<&'a str>,
    /// `release.qa`
    stage: String,
}

impl Consent<'_> {
    /// An approval that has got another name, or other people where that is told, is the same.
    fn is(&self, other: &Consent<'_>) -> bool {
        self.approval == other.approval || self.people == other.people
    }
}

/// Who agrees to a way in one version.
struct Consents<'a> {
    asked: Vec<Consent<'a>>,
    /// One of them is enough.
    any_of: bool,
}

impl<'a> Consents<'a> {
    fn of(system: &'a System<'_>, cover: &'a Cover, name: &dyn Fn(&str) -> String) -> Consents<'a> {
        let people = |approval: &str| {
            let found = system.project.approvals.values().find(|it| it.header.ident.value == approval);
            let mut people: Vec<&str> =
                found.into_iter().flat_map(|it| &it.approvers).map(|it| it.value.as_str()).collect();
            people.sort_unstable();
            people
        };
        let consent = |it: &'a prove::Asked| Consent {
            approval: &it.approval,
            people: people(&it.approval),
            stage: name(&it.stage),
        };
        let asked: Vec<Consent<'_>> = cover.asked.iter().map(consent).collect();
        Consents { any_of: cover.any_of && asked.len() > 1, asked }
    }

    fn at<'s>(&'s self, stage: &'s str) -> impl Iterator<Item = &'s Consent<'a>> {
        self.asked.iter().filter(move |it| it.stage == stage)
    }

    /// Whether the same are asked, or as many others at the same place: that is told there.
    fn has(&self, wanted: &Consent<'_>, of: &Consents<'_>) -> bool {
        let at_its_place = self.at(&wanted.stage).count();
        let as_many = at_its_place > 0 && at_its_place == of.at(&wanted.stage).count();
        as_many || self.asked.iter().any(|it| it.is(wanted))
    }

    /// Whether whoever agrees to this agrees to what was asked before.
    fn implies(&self, old: &Consents<'_>) -> bool {
        match (self.any_of, old.any_of) {
            (false, false) => old.asked.iter().all(|it| self.has(it, old)),
            (false, true) => old.asked.iter().any(|it| self.has(it, old)),
            (true, false) => self.asked.iter().all(|new| old.asked.iter().all(|it| it.is(new))),
            (true, true) => self.asked.iter().all(|it| old.has(it, self)),
        }
    }
}

/// Ways to guarded environments that fewer agree to. Those that nobody agrees to are told by themselves.
pub(super) fn lost(
    changes: &mut Vec<Change>,
    (old, new): (&System<'_>, &System<'_>),
    (renamings, tree): (&[Renaming], &Node),
) {
    let guarded = |it: &Environment| it.protected || it.approval.is_some();
    for (id, environment) in old.project.environments.iter().filter(|it| guarded(it.1)) {
        let before = prove::covers(old, id);
        let own = environment.header.ident.value.clone();
        let (own, _) = reach::renamed((own, String::new()), renamings);
        let found = new.project.environments.iter().find(|it| it.1.header.ident.value == own);
        let Some((id, _)) = found else { continue };
        let after = prove::covers(new, id);
        for was in &before.agreed {
            if let Some((said, about)) = compared((old, new), (was, &after), renamings) {
                tell(changes, said, &about, (&own, tree));
            }
        }
    }
}

/// What a loss concerns: the stage that is reached, and who is no longer asked where.
struct About {
    stage: String,
    lost: Vec<(String, Vec<String>)>,
}

fn compared(
    (old, new): (&System<'_>, &System<'_>),
    (was, after): (&Agreed, &Proof),
    renamings: &[Renaming],
) -> Option<(String, About)> {
    let name = |stage: &str| {
        let (_, text) = reach::renamed((String::new(), format!("`{stage}`")), renamings);
        text.trim_matches('`').to_owned()
    };
    let stage = name(&was.stage);
    let is = after.agreed.iter().find(|it| it.stage == stage && it.verb == was.verb)?;
    let before = Consents::of(old, &was.by, &name);
    let now = Consents::of(new, &is.by, &str::to_owned);
    if before.asked.is_empty() || now.asked.is_empty() || now.implies(&before) {
        return None;
    }
    let lost: Vec<&Consent<'_>> = before.asked.iter().filter(|it| !now.has(it, &before)).collect();
    // That is told of the stage, or of its environment.
    if !lost.is_empty() && lost.iter().all(|it| it.stage == stage) {
        return None;
    }
    let said: Vec<String> =
        lost.iter().map(|it| format!("`{}`, asked at `{}`,", it.approval, it.stage)).collect();
    let without = match said.as_slice() {
        [] => format!("it is {} now", is.by.spoken()),
        all => format!("{} need not agree any more", all.join(" and ")),
    };
    let to = &after.environment;
    let does = if was.verb == "deploys" { format!("deploys to `{to}`") } else { format!("changes `{to}`") };
    let lost =
        lost.iter().map(|it| (it.stage.clone(), it.people.iter().map(|it| format!("`{it}`")).collect()));
    let about = About { lost: lost.collect(), stage: stage.clone() };
    Some((format!("`{stage}` {does}, and {without}: `mlopsc prove {to}`"), about))
}

/// Beside what brings it about: an approval that is gone, another order, another condition, a stage that is gone.
fn tell(changes: &mut Vec<Change>, said: String, about: &About, (environment, tree): (&str, &Node)) {
    let stages: Vec<&str> = about.lost.iter().map(|it| it.0.as_str()).chain([about.stage.as_str()]).collect();
    let pipeline =
        |it: &Change, name: &str| it.path.first().is_some_and(|it| it.0 == Kind::Pipeline && it.1 == name);
    let in_stage = |it: &Change| {
        let [(Kind::Pipeline, one), (Kind::Stage, other), ..] = it.path.as_slice() else { return false };
        stages.contains(&format!("{one}.{other}").as_str())
    };
    let own = about.stage.split('.').next().unwrap_or_default();
    let causes: [&dyn Fn(&Change) -> bool; 3] = [
        &|it| {
            let people = about.lost.iter().any(|lost| lost.1.iter().all(|who| it.message.contains(who)));
            it.message.starts_with("no longer needs an approval") && people
        },
        &|it| it.message.starts_with("another order of stages") && pipeline(it, own),
        &|it| {
            ["runs if", "is gone", "enabled"].iter().any(|word| it.message.starts_with(word)) && in_stage(it)
        },
    ];
    let found = causes.iter().find_map(|cause| changes.iter().position(cause));
    match found.map(|it| &mut changes[it]) {
        Some(change) => {
            change.weight = Weight::LowersProtection;
            change.notes.push(said);
        }
        None => changes.push(reach::standalone(environment, Weight::LowersProtection, said, tree)),
    }
}
