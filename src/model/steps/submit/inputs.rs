//! What a run is given: checked against the declared inputs, and written for its script.

use super::Submit;
use crate::base::arena::Id;
use crate::base::suggest;
use crate::model::decode::ml::{asset, data_source, later_version};
use crate::model::errors;
use crate::model::expr::{Expr, ExprKind, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::{
    AssetPath, AssetVersion, DataSource, MlDefault, MlInput, MlPipeline, MlSource, MlType, Project,
};
use crate::model::steps::action::{Data, Datum};
use crate::syntax::ast;
use indexmap::IndexMap;

#[derive(Clone, Debug)]
pub enum Input {
    Literal(Expr),
    Data(DataSource),
    /// A version of a model or data asset that a run knows.
    Version(DataSource, Expr),
}

pub(super) fn decode(fields: &mut Fields<'_, '_>, id: Id<MlPipeline>) -> IndexMap<String, Input> {
    let Some(project) = fields.cx.project else { return IndexMap::new() };
    let ml = &project.ml_pipelines[id];
    let written = fields.syntax_map("inputs");
    let decoded = written.into_iter().filter_map(|it| Some((it.key.value.clone(), input(fields, ml, it)?)));
    decoded.collect()
}

fn input(fields: &mut Fields<'_, '_>, ml: &MlPipeline, written: &ast::Attribute) -> Option<Input> {
    let Some(declared) = ml.inputs.get(&written.key.value) else {
        let known: Vec<&str> = ml.inputs.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&written.key.value, known.iter().copied());
        let what = format!("input of `{}`", ml.header.ident.value);
        fields.cx.push(errors::undefined_name(&written.key, &what, nearest, &known));
        return None;
    };
    fields.cx.symbols.link(&written.key, declared.ident.span);
    if !declared.ty.is_literal() {
        return match later_version(&written.value) {
            Some((path, version)) => versioned(fields, path, version),
            None => data_source(fields.cx, &written.value).map(Input::Data),
        };
    }
    let symbols = fields.cx.symbols;
    let value = fields.cx.resolver.expr(&written.value, symbols, &mut fields.cx.findings)?;
    if !fits(value.ty, declared.ty) {
        let message = format!("input `{}` is a {}", declared.ident.value, declared.ty.word());
        let finding = errors::invalid_value(value.span, message, "give it a value of that type");
        fields.cx.push(finding.label(declared.ident.span, "declared here"));
        return None;
    }
    if let Some(message) = outside(&value, declared) {
        let help = "give it a value that its declaration allows";
        let finding = errors::invalid_value(value.span, message, help);
        fields.cx.push(finding.label(declared.ident.span, "declared here"));
    }
    Some(Input::Literal(value))
}

fn versioned(fields: &mut Fields<'_, '_>, path: &ast::Path, version: &ast::Expr) -> Option<Input> {
    let source = asset(fields.cx, path, AssetVersion::Declared)?;
    let symbols = fields.cx.symbols;
    let version = fields.cx.resolver.expr(version, symbols, &mut fields.cx.findings)?;
    if !matches!(version.ty, Ty::String | Ty::Int) {
        let help = "write a version in quotes, or what holds one: `register.version`, `params.version`";
        fields.cx.push(errors::invalid_value(version.span, "this is no version", help));
        return None;
    }
    Some(Input::Version(source, version))
}

fn fits(value: Ty, declared: MlType) -> bool {
    match declared {
        MlType::String => value == Ty::String,
        MlType::Integer => value == Ty::Int,
        MlType::Number => matches!(value, Ty::Int | Ty::Number),
        MlType::Boolean => value == Ty::Bool,
        _ => false,
    }
}

/// What is wrong with a constant that its input does not allow.
#[expect(clippy::cast_precision_loss, reason = "bounds of ML inputs are written by people")]
fn outside(value: &Expr, declared: &MlInput) -> Option<String> {
    let name = &declared.ident.value;
    let (text, number) = match &value.kind {
        ExprKind::String(text) => (text.clone(), None),
        ExprKind::Int(it) => (it.to_string(), Some(*it as f64)),
        ExprKind::Number(it) => (it.to_string(), Some(*it)),
        _ => return None,
    };
    if !declared.choices.is_empty() && !declared.choices.contains(&text) {
        let known: Vec<&str> = declared.choices.iter().map(String::as_str).collect();
        return Some(format!("`{name}` is one of {}", errors::quoted_list(&known)));
    }
    if let (Some(number), Some(min)) = (number, declared.min)
        && number < min
    {
        return Some(format!("`{name}` is at least {min}"));
    }
    if let (Some(number), Some(max)) = (number, declared.max)
        && number > max
    {
        return Some(format!("`{name}` is at most {max}"));
    }
    None
}

/// An input as the template and its environment see it.
pub(super) struct InputRow {
    pub row: Data,
    pub variable: String,
    pub value: Expr,
}

/// How jq reads a variable of the environment as a value of that type.
fn typed(ty: MlType, variable: &str) -> String {
    match ty {
        MlType::Integer | MlType::Number => format!("(env.{variable} | tonumber)"),
        MlType::Boolean => format!("(env.{variable} | ascii_downcase == \"true\")"),
        _ => format!("env.{variable}"),
    }
}

impl Submit {
    pub(super) fn input_rows(&self, cx: &Lower<'_>, ml: &MlPipeline) -> Vec<InputRow> {
        let rows = ml.inputs.values().filter_map(|declared| {
            let name = &declared.ident.value;
            let variable = format!("ML_INPUT_{}", name.to_uppercase());
            let value = match (self.inputs.get(name), &declared.default) {
                (Some(Input::Literal(value)), _) => value.clone(),
                (Some(Input::Data(source)), _) => cx.text(data_uri(cx.project, source)),
                (Some(Input::Version(source, version)), _) => {
                    cx.concat(vec![cx.text(format!("azureml:{}:", name_of(cx.project, source))), version.clone()])
                }
                // A component has no default for data: whoever starts a published pipeline gives it.
                (None, Some(MlDefault::Data(source))) if self.published => {
                    cx.text(data_uri(cx.project, source))
                }
                (None, _) => return None,
            };
            let row = vec![
                ("name", Datum::Word(name.clone())),
                ("type", Datum::Word(declared.ty.word().to_owned())),
                ("data", Datum::Flag(!declared.ty.is_literal())),
                (
                    "field",
                    Datum::Word(if declared.ty.is_literal() { "default" } else { "path" }.to_owned()),
                ),
                ("value", Datum::Word(self.typed(declared, &variable))),
                ("bindings", Datum::Rows(bindings(ml, declared))),
            ];
            Some(InputRow { row, variable, value })
        });
        rows.collect()
    }

    /// A local path starts where the script does, in the project's root; in a document it would start there.
    fn typed(&self, declared: &MlInput, variable: &str) -> String {
        let source = match (self.inputs.get(&declared.ident.value), &declared.default) {
            (Some(Input::Data(source)), _) | (None, Some(MlDefault::Data(source))) => Some(source),
            (Some(Input::Literal(_) | Input::Version(..)) | None, _) => None,
        };
        match source {
            Some(DataSource::Path(AssetPath::Local(_))) => format!("(env.PWD + \"/\" + env.{variable})"),
            _ => typed(declared.ty, variable),
        }
    }
}

/// What reads an input that the document has no value for: it leaves out the bindings too.
fn bindings(ml: &MlPipeline, declared: &MlInput) -> Vec<Data> {
    if !declared.optional || declared.default.is_some() {
        return Vec::new();
    }
    let name = &declared.ident.value;
    let readers = ml.steps.iter().flat_map(|step| step.inputs.iter().map(move |it| (step, it)));
    let readers = readers.filter(|(_, (_, it))| it.source == MlSource::Input(name.clone()));
    let rows = readers.map(|(step, (key, _))| {
        vec![
            ("step", Datum::Word(step.ident.value.clone())),
            ("key", Datum::Word(key.clone())),
            ("data", Datum::Flag(!declared.ty.is_literal())),
            ("type", Datum::Word(declared.ty.word().to_owned())),
            ("binding", Datum::Word(format!("{{{{parent.inputs.{name}}}}}"))),
        ]
    });
    rows.collect()
}

/// Data as Azure ML names it.
fn data_uri(project: &Project, source: &DataSource) -> String {
    let (id, version) = match source {
        DataSource::Path(path) => return path_uri(project, path),
        DataSource::Model(id, version) => return version.uri(&project.models[*id].header.name.value),
        DataSource::Asset(id, version) => (*id, version),
    };
    let data = &project.data[id];
    let name = &data.header.name.value;
    match (version, &data.version, &data.path) {
        (AssetVersion::At(version), _, _) => format!("azureml:{name}:{version}"),
        (AssetVersion::Declared, Some(version), _) => format!("azureml:{name}:{}", version.value),
        (AssetVersion::Declared, None, Some(path)) if !data.header.existing => path_uri(project, path),
        (AssetVersion::Declared | AssetVersion::Latest, _, _) => format!("azureml:{name}@latest"),
    }
}

fn name_of<'p>(project: &'p Project, source: &DataSource) -> &'p str {
    match source {
        DataSource::Model(id, _) => &project.models[*id].header.name.value,
        DataSource::Asset(id, _) => &project.data[*id].header.name.value,
        DataSource::Path(_) => "",
    }
}

fn path_uri(project: &Project, path: &AssetPath) -> String {
    match path {
        AssetPath::Datastore(store, path) => {
            let store = &project.datastores[*store].header.name.value;
            format!("azureml://datastores/{store}/paths/{path}")
        }
        AssetPath::Local(path) | AssetPath::Url(path) => path.clone(),
    }
}
