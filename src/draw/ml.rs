//! ML pipelines: steps with typed ports, what flows between them, what is registered.

use super::paint::Painter;
use super::picture::{Draft, Kind, Link, Node, Note, Picture, Sign, What};
use super::triggers;
use crate::model::project::{
    AssetPath, DataSource, MlDefault, MlInput, MlPipeline, MlPort, MlSource, MlStep, MlType, MlWork, Project,
};
use crate::simulate::clock::spoken;

/// The ML pipeline that has the name, or all.
pub(super) fn paint(painter: &Painter<'_>, name: Option<&str>) -> Picture {
    let mut draft = Draft::default();
    for pipeline in painter.project.ml_pipelines.values() {
        if name.is_none_or(|it| it == pipeline.header.ident.value) {
            One { project: painter.project, draft: &mut draft, pipeline }.draw();
        }
    }
    let title = name.map_or("the ML pipelines".to_owned(), |it| format!("ML pipeline {it}"));
    draft.picture(What::Ml, painter.title(&title))
}

struct One<'d, 'a> {
    project: &'a Project,
    draft: &'d mut Draft,
    pipeline: &'a MlPipeline,
}

impl One<'_, '_> {
    fn draw(mut self) {
        let own = self.draft.node(self.head());
        for it in self.pipeline.schedules.values().filter(|it| it.enabled) {
            let from = self.draft.node(triggers::schedule(&self.pipeline.header.ident.value, it));
            self.draft.edge((from, own), Link::Starts, "", Some(it.header.head));
        }
        let steps: Vec<usize> = self.pipeline.steps.iter().map(|it| self.step(own, it)).collect();
        for (index, step) in self.pipeline.steps.iter().enumerate() {
            self.flows(own, (step, steps[index]), &steps);
        }
        self.leaves(own, &steps);
    }

    fn id(&self, name: &str) -> String {
        format!("{}.{name}", self.pipeline.header.ident.value)
    }

    fn head(&self) -> Node {
        let header = &self.pipeline.header;
        let mut notes = Vec::new();
        let plain = |text: String| Note::new(Sign::Plain, text);
        notes.extend(header.title.as_ref().map(|it| plain(it.value.clone())));
        let compute = self.pipeline.compute.as_ref().map(|it| &self.project.computes[it.value]);
        notes.extend(compute.map(|it| plain(format!("on {}", it.header.ident.value))));
        let node = Node::new(Kind::MlPipeline, format!("ml:{}", header.ident.value), &header.ident.value);
        node.at(header.head).notes(notes)
    }

    fn step(&mut self, own: usize, step: &MlStep) -> usize {
        let node = Node::new(Kind::MlStep, format!("step:{}", self.id(&step.ident.value)), &step.ident.value);
        let mut notes: Vec<Note> = self.work(step).map(|it| Note::new(Sign::Plain, it)).into_iter().collect();
        let compute = step.compute.as_ref().map(|it| &self.project.computes[it.value].header.ident.value);
        notes.extend(compute.map(|it| Note::new(Sign::Plain, format!("on {it}"))));
        notes
            .extend(step.timeout_seconds.map(|it| Note::new(Sign::Waits, format!("{} at most", spoken(it)))));
        for (name, binding) in &step.inputs {
            let text = match (&binding.source, self.ty(&binding.source)) {
                (MlSource::Literal(value), _) => format!("{name} = {}", self.value(value)),
                (_, Some(ty)) => format!("{name}: {}", word(ty)),
                (_, None) => name.clone(),
            };
            notes.push(Note::new(Sign::In, text));
        }
        let outputs = step.outputs.iter().map(|(name, it)| format!("{name}: {}", word(it.ty)));
        notes.extend(outputs.map(|it| Note::new(Sign::Out, it)));
        self.draft.node(node.within(Some(own)).at(step.head).notes(notes))
    }

    /// What the step is, if it is more than a command.
    fn work(&self, step: &MlStep) -> Option<String> {
        Some(match &step.work {
            MlWork::Command => return None,
            MlWork::Component(it) => {
                format!("component {}", self.project.components[it.value].header.ident.value)
            }
            MlWork::Pipeline(it) => {
                format!("ML pipeline {}", self.project.ml_pipelines[it.value].header.ident.value)
            }
            MlWork::Sweep(it) => format!("sweep of {}, {} trials", it.space.len(), it.max_total),
            MlWork::Parallel(_) => "mini-batches in parallel".to_owned(),
            MlWork::Spark(_) => "Spark".to_owned(),
        })
    }

    fn ty(&self, source: &MlSource) -> Option<MlType> {
        match source {
            MlSource::Input(name) => self.pipeline.inputs.get(name).map(|it| it.ty),
            MlSource::Output(port) => {
                self.pipeline.steps[port.step].outputs.get(&port.output).map(|it| it.ty)
            }
            MlSource::Literal(_) => None,
        }
    }

    /// What a step reads, and what it waits for.
    fn flows(&mut self, own: usize, (step, to): (&MlStep, usize), steps: &[usize]) {
        for binding in step.inputs.values() {
            let place = Some(binding.span);
            match &binding.source {
                MlSource::Input(name) => {
                    let Some(input) = self.pipeline.inputs.get(name) else { continue };
                    let from = self.input(own, input);
                    self.draft.edge((from, to), Link::Data, "", place);
                }
                MlSource::Output(port) => {
                    self.draft.edge((steps[port.step], to), Link::Data, &self.carried(port), place);
                }
                MlSource::Literal(_) => {}
            }
        }
        if let Some(when) = &step.when {
            let label = format!("if {}", when.value.output);
            self.draft.edge((steps[when.value.step], to), Link::Decides, &label, Some(when.span));
        }
        for after in &step.after {
            self.draft.edge((steps[after.value], to), Link::Then, "", Some(after.span));
        }
    }

    /// `model: mlflow_model`
    fn carried(&self, port: &MlPort) -> String {
        match self.pipeline.steps[port.step].outputs.get(&port.output) {
            Some(it) => format!("{}: {}", port.output, word(it.ty)),
            None => port.output.clone(),
        }
    }

    fn input(&mut self, own: usize, input: &MlInput) -> usize {
        let name = &input.ident.value;
        let mut notes = vec![Note::new(Sign::Plain, word(input.ty))];
        if let Some(default) = &input.default {
            notes.push(Note::new(Sign::Plain, format!("= {}", self.value(default))));
        }
        let node = Node::new(Kind::Port, format!("input:{}", self.id(name)), name);
        self.draft.node(node.within(Some(own)).at(input.ident.span).notes(notes))
    }

    fn value(&self, default: &MlDefault) -> String {
        match default {
            MlDefault::String(it) => format!("\"{it}\""),
            MlDefault::Integer(it) => it.to_string(),
            MlDefault::Number(it) => it.to_string(),
            MlDefault::Boolean(it) => it.to_string(),
            MlDefault::Data(DataSource::Asset(id, _)) => self.project.data[*id].header.ident.value.clone(),
            MlDefault::Data(DataSource::Model(id, _)) => self.project.models[*id].header.ident.value.clone(),
            MlDefault::Data(DataSource::Path(it)) => match it {
                AssetPath::Datastore(id, path) => {
                    format!("{}/{path}", self.project.datastores[*id].header.ident.value)
                }
                AssetPath::Local(path) | AssetPath::Url(path) => path.clone(),
            },
        }
    }

    /// Outputs of the whole, and models that are registered.
    fn leaves(&mut self, own: usize, steps: &[usize]) {
        for (name, output) in &self.pipeline.outputs {
            let node = Node::new(Kind::Port, format!("output:{}", self.id(name)), name);
            let node = node.within(Some(own)).at(output.ident.span);
            let to = self.draft.node(node.notes([Note::new(Sign::Plain, word(output.ty))]));
            let label = self.carried(&output.from.value);
            self.draft.edge((steps[output.from.value.step], to), Link::Data, &label, Some(output.from.span));
        }
        for it in &self.pipeline.registrations {
            let header = &self.project.models[it.model.value].header;
            let node = Node::new(
                Kind::Model,
                format!("model:{}", self.id(&header.ident.value)),
                &header.ident.value,
            );
            let node = node.within(Some(own)).at(it.span).notes([Note::new(Sign::Plain, &header.name.value)]);
            let to = self.draft.node(node);
            let label = self.carried(&it.from.value);
            self.draft.edge((steps[it.from.value.step], to), Link::Data, &label, Some(it.span));
            if let Some(when) = &it.when {
                let label = format!("if {}", when.value.output);
                self.draft.edge((steps[when.value.step], to), Link::Decides, &label, Some(when.span));
            }
        }
    }
}

/// A decision travels as a file, and people think of it as a decision.
fn word(ty: MlType) -> &'static str {
    if ty == MlType::Decision { "decision" } else { ty.word() }
}
