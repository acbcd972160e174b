//! What people say about how things go, by the names of things.

use super::given::{Answer, Given, Verdict};
use super::names::{self, Misfit, Target};
use super::system::System;
use crate::base::arena::Id;
use crate::model::expr::{Outcome, Ty};
use crate::model::project::{Pipeline, Variable};
use crate::plan::Constant;
use std::collections::BTreeMap;

impl Given {
    /// A stage, job or step ends so.
    pub fn say_result(
        &mut self,
        system: &System<'_>,
        target: &Target,
        result: Outcome,
    ) -> Result<(), Misfit> {
        let Some(key) = system.deciding(target) else {
            let help = "name a stage, job or step that does something".to_owned();
            return Err(Misfit { at: 0, message: "nothing in it runs that could end so".to_owned(), help });
        };
        self.results.insert(key, result);
        Ok(())
    }

    pub fn say_duration(&mut self, system: &System<'_>, target: &Target, seconds: u64) -> Result<(), Misfit> {
        let key = if target.step.is_some() { system.slow(target) } else { system.deciding(target) };
        let Some(key) = key else {
            let help = "name a step: `pipeline.stage.step`".to_owned();
            return Err(Misfit { at: 0, message: "nothing in it takes time".to_owned(), help });
        };
        self.durations.insert(key, seconds);
        Ok(())
    }

    pub fn say_output(
        &mut self,
        system: &System<'_>,
        target: &Target,
        (output, value): (&str, &str),
    ) -> Result<(), Misfit> {
        let variable = system.variable_of(target, output)?;
        if let Some(wanted) = system.type_of(target, output).filter(|it| !fits(*it, value)) {
            let message = format!("`{output}` takes no `{value}`");
            return Err(Misfit { at: 0, message, help: format!("write {}", wanted_of(wanted)) });
        }
        for key in system.keys(target) {
            self.outputs.insert((key, variable.clone()), value.to_owned());
        }
        Ok(())
    }

    /// A variable of a group, by its name in the project or in Azure DevOps; back comes what was said before.
    pub fn say_variable(
        &mut self,
        system: &System<'_>,
        name: &str,
        value: &str,
    ) -> Result<Option<String>, Misfit> {
        let members = || system.project.variables.values().flat_map(|it| &it.members);
        let is_it = |(ident, it): &(&String, &Variable)| *ident == name || it.name.eq_ignore_ascii_case(name);
        let Some((_, member)) = members().find(is_it) else {
            let known: Vec<&str> = members().map(|it| it.1.name.as_str()).collect();
            return Err(names::unknown(0, name, "variable of a group", &known));
        };
        Ok(self.variables.insert(member.name.clone(), value.to_owned()))
    }

    pub fn say_answer(
        &mut self,
        system: &System<'_>,
        name: &str,
        verdict: Verdict,
        after: Option<u64>,
    ) -> Result<(), Misfit> {
        let approval = names::approval(system.project, name)?;
        let before = self.answers.insert(approval.index(), Answer { verdict, after });
        once(before, self.answers[&approval.index()], name)
    }
}

/// What is given twice, and not the same, contradicts itself.
pub(super) fn once<T: PartialEq + Copy>(before: Option<T>, now: T, name: &str) -> Result<(), Misfit> {
    if before.is_none_or(|it| it == now) {
        return Ok(());
    }
    let help = "keep one of the two".to_owned();
    Err(Misfit { at: 0, message: format!("`{name}` is given twice, and not the same"), help })
}

/// Whether values fit the parameters of a pipeline, and whether all are there that have no default.
pub fn check_params(
    system: &System<'_>,
    pipeline: Id<Pipeline>,
    given: &BTreeMap<String, String>,
) -> Result<(), Misfit> {
    let plan = &system.plan.pipelines[system.index_of(pipeline)];
    let names: Vec<&str> = plan.parameters.iter().map(|it| it.name.as_str()).collect();
    for (name, value) in given {
        let Some(declared) = plan.parameters.iter().find(|it| it.name == *name) else {
            return Err(names::unknown(0, name, "parameter", &names));
        };
        let choices: Vec<String> = declared.choices.iter().map(constant).collect();
        if !choices.is_empty() && !choices.contains(value) {
            let help = format!("known: {}", super::filter::listed(choices.iter().map(String::as_str)));
            return Err(Misfit { at: 0, message: format!("`{name}` takes no `{value}`"), help });
        }
        if !fits(declared.ty, value) {
            let message = format!("`{name}` takes no `{value}`");
            return Err(Misfit { at: 0, message, help: format!("write {}", wanted_of(declared.ty)) });
        }
    }
    let missing = plan.parameters.iter().find(|it| it.default.is_none() && !given.contains_key(&it.name));
    match missing {
        None => Ok(()),
        Some(it) => Err(Misfit {
            at: 0,
            message: format!(
                "parameter `{}` of `{}` has no default",
                it.name,
                system.name(system.index_of(pipeline))
            ),
            help: format!("say what it is: `{} = …`", it.name),
        }),
    }
}

fn fits(ty: Ty, value: &str) -> bool {
    match ty {
        Ty::Bool => matches!(value, "true" | "false"),
        Ty::Int => value.parse::<i64>().is_ok(),
        Ty::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        Ty::String | Ty::Result => true,
    }
}

fn wanted_of(ty: Ty) -> &'static str {
    match ty {
        Ty::Bool => "`true` or `false`",
        Ty::Int => "a whole number",
        Ty::Number => "a number",
        Ty::String | Ty::Result => "a text",
    }
}

fn constant(value: &Constant) -> String {
    match value {
        Constant::Bool(it) => it.to_string(),
        Constant::Int(it) => it.to_string(),
        Constant::Number(it) => it.to_string(),
        Constant::String(it) => it.clone(),
    }
}
