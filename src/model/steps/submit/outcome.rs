//! What a run decides and registers: the rows of the template, and the outputs they set.

use super::{STATUS, Submit};
use crate::base::span::Spanned;
use crate::model::lower::Lower;
use crate::model::ml_flow;
use crate::model::project::{MlPipeline, MlPort, MlType, Project};
use crate::model::scope::{decision_names, registration_prefix};
use crate::model::steps::action::{Action, Data, Datum};

pub(super) struct Run<'a> {
    project: &'a Project,
    pub ml: &'a MlPipeline,
    /// Each with the name it is read by.
    decisions: Vec<(MlPort, String)>,
}

impl<'a> Run<'a> {
    pub fn of(project: &'a Project, submit: &Submit) -> Run<'a> {
        let ml = &project.ml_pipelines[submit.ml_pipeline];
        let outputs = ml.steps.iter().enumerate().flat_map(|(index, step)| {
            let decided = step.outputs.values().filter(|it| it.ty == MlType::Decision);
            decided.map(move |it| MlPort { step: index, output: it.ident.value.clone() })
        });
        let ports: Vec<MlPort> = outputs.collect();
        let pairs: Vec<(&str, &str)> =
            ports.iter().map(|it| (ml.steps[it.step].ident.value.as_str(), it.output.as_str())).collect();
        let names = decision_names(&pairs);
        let decisions = ports.iter().cloned().zip(names).collect();
        Run { project, ml, decisions }
    }

    /// What the template needs of it, where something `waits` for the end.
    pub fn data(&self, waits: bool) -> Data {
        let registrations = self.registration_rows();
        vec![
            ("decides", Datum::Flag(waits && !self.decisions.is_empty())),
            ("decisions", Datum::Rows(self.decision_rows())),
            ("registers", Datum::Flag(waits && !registrations.is_empty())),
            ("registrations", Datum::Rows(registrations)),
        ]
    }

    fn decision_rows(&self) -> Vec<Data> {
        let rows = self.decisions.iter().map(|(port, name)| {
            vec![("output", Datum::Word(self.output(port))), ("variable", Datum::Word(variable(name)))]
        });
        rows.collect()
    }

    fn registration_rows(&self) -> Vec<Data> {
        let rows = self.ml.registrations.iter().enumerate().map(|(index, it)| {
            let model = &self.project.models[it.model.value];
            let condition = it.when.as_ref().and_then(|when| self.decision(when));
            let tags = (1..=model.tags.len()).map(|tag| vec![("variable", Datum::Word(self.tag(index, tag)))]);
            let prefix = self.prefix(index);
            vec![
                ("model", Datum::Word(self.model_variable(index))),
                ("type", Datum::Word(model.ty.word().to_owned())),
                ("output", Datum::Word(self.output(&it.from.value))),
                ("conditional", Datum::Flag(condition.is_some())),
                ("condition", Datum::Word(condition.map(variable).unwrap_or_default())),
                ("tags", Datum::Rows(tags.collect())),
                ("prefix", Datum::Word(variable(&prefix))),
            ]
        });
        rows.collect()
    }

    fn output(&self, port: &MlPort) -> String {
        ml_flow::exposed_name(self.ml, port)
    }

    fn decision(&self, when: &Spanned<MlPort>) -> Option<&str> {
        self.decisions.iter().find(|it| it.0 == when.value).map(|it| it.1.as_str())
    }

    fn prefix(&self, index: usize) -> String {
        let model = &self.project.models[self.ml.registrations[index].model.value].header.ident.value;
        registration_prefix(model, self.ml.registrations.len())
    }

    fn model_variable(&self, index: usize) -> String {
        if self.ml.registrations.len() > 1 { format!("MODEL_{}", index + 1) } else { "MODEL".to_owned() }
    }

    fn tag(&self, index: usize, tag: usize) -> String {
        format!("{}_TAG_{tag}", self.model_variable(index))
    }

    /// The outputs that the end of a run sets, and the names of models with their tags.
    pub fn outcome(&self, cx: &Lower<'_>, mut action: Action) -> Action {
        action.outputs.push(STATUS.to_owned());
        action.outputs.extend(self.decisions.iter().map(|it| it.1.clone()));
        for (index, registration) in self.ml.registrations.iter().enumerate() {
            let model = &self.project.models[registration.model.value];
            action = action.env(self.model_variable(index), cx.text(&model.header.name.value));
            for (number, (key, value)) in model.tags.iter().enumerate() {
                action = action.env(self.tag(index, number + 1), cx.text(format!("{key}={value}")));
            }
            let prefix = self.prefix(index);
            action.outputs.extend([format!("{prefix}registered"), format!("{prefix}model_version")]);
        }
        action
    }
}

/// An output's name as a variable of Azure Pipelines.
fn variable(output: &str) -> String {
    output.replace('.', "_")
}
impl Submit {
    /// The decision by which something is registered or not, of an output that tells about it.
    pub fn decided_by(&self, project: &Project, output: &str) -> Option<String> {
        let run = Run::of(project, self);
        run.ml.registrations.iter().enumerate().find_map(|(index, it)| {
            let told = output.strip_prefix(&run.prefix(index))?;
            let tells = told == "registered" || told == "model_version";
            it.when.as_ref().filter(|_| tells).and_then(|when| run.decision(when)).map(str::to_owned)
        })
    }
}
