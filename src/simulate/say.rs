//! What people say about how things go, by the names of things.

use super::given::{Answer, Given, Verdict};
use super::names::{self, Misfit, Target};
use super::system::System;
use crate::base::arena::Id;
use crate::model::expr::{Outcome, Ty};
use crate::model::project::Pipeline;
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
        for key in system.keys(target) {
            self.outputs.insert((key, variable.clone()), value.to_owned());
        }
        Ok(())
    }

    pub fn say_answer(
        &mut self,
        system: &System<'_>,
        name: &str,
        verdict: Verdict,
        after: Option<u64>,
    ) -> Result<(), Misfit> {
        let approval = names::approval(system.project, name)?;
        let said = self.answers.entry(approval.index()).or_insert(Answer { verdict, after: None });
        said.verdict = verdict;
        said.after = after.or(said.after);
        Ok(())
    }
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
        let (fits, wanted) = match declared.ty {
            Ty::Bool => (matches!(value.as_str(), "true" | "false"), "`true` or `false`"),
            Ty::Int => (value.parse::<i64>().is_ok(), "a whole number"),
            Ty::Number => (value.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
            Ty::String | Ty::Result => (true, ""),
        };
        if !fits {
            let message = format!("`{name}` takes no `{value}`");
            return Err(Misfit { at: 0, message, help: format!("write {wanted}") });
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

fn constant(value: &Constant) -> String {
    match value {
        Constant::Bool(it) => it.to_string(),
        Constant::Int(it) => it.to_string(),
        Constant::Number(it) => it.to_string(),
        Constant::String(it) => it.clone(),
    }
}
