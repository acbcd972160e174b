//! `deploy_infra "main.bicep" { … }`: resources of Azure from a Bicep or ARM template.

use super::action::{Action, Datum, Files};
use super::{Kind, StepKind};
use crate::base::span::Spanned;
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::TargetPlace;
use crate::schema::declarations::ENV;
use crate::schema::pipeline::STEP as COMMON;
use crate::schema::types::Type;
use crate::schema::{BLOCK, Block, Head, argument, at_most_one, default, many, optional};
use crate::syntax::ast::Statement;
use indexmap::IndexMap;

pub static STEP: StepKind = StepKind { block: &BLOCK_DEPLOY_INFRA, outputs: |_| IndexMap::new(), decode };

static BLOCK_DEPLOY_INFRA: Block = Block {
    word: "deploy_infra",
    head: Head::Arguments(&[argument("template", Type::File)]),
    doc: "Deploys a template of Azure: `.bicep`, `.bicepparam` (which names its template) or ARM in JSON, to a resource group or, if it \
          says so itself, to the subscription. `output name: string` reads an output of the template, whose name may differ in case \
          and `_`.",
    attributes: &[
        COMMON,
        &[
            optional("parameters", Type::File, "A parameter file, `.json` or `.bicepparam`."),
            optional(
                "resource_group",
                Type::Text,
                "The resource group; that of the stage's environment, else of its workspace where nothing is said.",
            ),
            optional(
                "location",
                Type::Text,
                "The region: of a resource group that is created, or of a deployment to the subscription.",
            ),
            default("create", Type::Bool, "false", "Creates the resource group if it is missing; needs `location`."),
            default(
                "mode",
                Type::Word(&["incremental", "complete"]),
                "incremental",
                "`complete` deletes what is in the resource group and not in the template.",
            ),
            default("what_if", Type::Bool, "false", "Only shows what would change."),
        ],
    ],
    blocks: &[at_most_one(&OVERRIDES), at_most_one(&ENV), many(&OUTPUT)],
    ..BLOCK
};

static OUTPUT: Block = Block {
    word: "output",
    head: Head::Typed,
    doc: "An output of the template, `vault_name` for `vaultName`.",
    ..BLOCK
};

static OVERRIDES: Block = Block {
    word: "overrides",
    doc: "Parameters of the template, by name. They win over the parameter file.",
    free: Some(Type::Value),
    ..BLOCK
};

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one an attribute")]
pub struct DeployInfra {
    pub template: Spanned<String>,
    pub parameters: Option<Spanned<String>>,
    pub resource_group: Option<Expr>,
    pub location: Option<Expr>,
    pub create: bool,
    pub complete: bool,
    pub what_if: bool,
    /// By the name of the parameter.
    pub overrides: IndexMap<String, Expr>,
    /// It deploys to the subscription.
    pub to_subscription: bool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let template = fields.argument_string("template")?;
    let extension = extension(&template.value);
    if !["bicep", "bicepparam", "json"].contains(&extension) {
        let help = "name a `.bicep`, `.bicepparam` or `.json` file";
        fields.cx.push(errors::invalid_value(template.span, "this is no template of Azure", help));
    }
    let parameters = fields.string("parameters");
    if let Some(file) = &parameters {
        check_parameters(fields, &template, file);
    }
    let to_subscription = reaches_subscription(fields, &template.value);
    check_names(fields);
    let overrides = fields.expr_map("overrides");
    let step = DeployInfra {
        template,
        parameters,
        resource_group: fields.expr("resource_group"),
        location: fields.expr("location"),
        create: fields.flag("create"),
        complete: fields.word("mode") == Some("complete"),
        what_if: fields.flag("what_if"),
        overrides,
        to_subscription,
    };
    check(fields, &step);
    Some(Kind::DeployInfra(step))
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |it| it.1)
}

fn check_parameters(fields: &mut Fields<'_, '_>, template: &Spanned<String>, file: &Spanned<String>) {
    let (of_template, of_file) = (extension(&template.value), extension(&file.value));
    let (message, help) = if of_template == "bicepparam" {
        ("a `.bicepparam` file holds the parameters already", "remove `parameters`")
    } else if of_file != "json" && of_file != "bicepparam" {
        ("this is no parameter file of Azure", "name a `.json` or `.bicepparam` file")
    } else if of_file == "bicepparam" && of_template == "json" {
        ("a `.bicepparam` file goes with Bicep only", "name a `.json` parameter file")
    } else {
        return;
    };
    fields.cx.push(errors::invalid_value(file.span, message, help));
}

/// The names reach a script: they are what a template can declare.
fn check_names(fields: &mut Fields<'_, '_>) {
    let written = fields.children("overrides").into_iter().filter_map(|it| it.body.as_ref());
    let keys = written.flat_map(|body| &body.statements).filter_map(|it| match it {
        Statement::Attribute(it) => Some(&it.key),
        _ => None,
    });
    let odd = keys.filter(|it| {
        it.value.starts_with(|it: char| it.is_ascii_digit())
            || !it.value.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    });
    for key in odd {
        let help = "write the name as the template does: letters, digits and `_`";
        let message = format!("`{}` cannot be a parameter of a template", key.value);
        fields.cx.push(errors::invalid_value(key.span, message, help));
    }
}

fn check(fields: &mut Fields<'_, '_>, step: &DeployInfra) {
    let mut refuse = |name: &str, message: &str, help: &str| {
        if let Some(span) = fields.span_of(name) {
            fields.cx.push(errors::invalid_value(span, message, help));
        }
    };
    if step.to_subscription {
        let message = "the template goes to the subscription, not to a resource group";
        for name in ["resource_group", "create", "mode"] {
            refuse(name, message, "remove it");
        }
    } else if step.create && step.location.is_none() {
        refuse("create", "nothing says where the resource group is created", "add `location = \"westeurope\"`");
    }
    if step.to_subscription && step.location.is_none() {
        let help = "add `location = \"westeurope\"`: where Azure keeps the deployment";
        fields.missing("location", help);
    }
    let output = fields.declarations("output").first().map(|it| it.1.span);
    if let Some(span) = output.filter(|_| step.what_if) {
        let help = "remove the output, or `what_if`";
        fields.cx.push(errors::invalid_value(span, "`what_if` deploys nothing, so there are no outputs", help));
    }
    if step.is_bicepparam() {
        for value in step.overrides.values().filter(|it| it.has_secret()) {
            let message = "with a `.bicepparam` file this would stand on a command line";
            let help = "pass it with `env`, and read it there with `readEnvironmentVariable('NAME')`";
            fields.cx.push(errors::invalid_value(value.span, message, help));
        }
    }
}

/// What the template says of itself.
fn reaches_subscription(fields: &Fields<'_, '_>, template: &str) -> bool {
    let Ok(bytes) = fields.cx.files.read(template) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    let says = |line: &str| {
        line.split_once('=').is_some_and(|(name, value)| {
            name.trim() == "targetScope" && value.trim().starts_with("'subscription'")
        })
    };
    text.contains("/subscriptionDeploymentTemplate.json") || text.lines().any(says)
}

impl DeployInfra {
    pub fn is_bicepparam(&self) -> bool {
        let file = self.parameters.as_ref().unwrap_or(&self.template);
        extension(&file.value) == "bicepparam"
    }

    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.action(cx).into_iter().collect()
    }

    fn action(&self, cx: &Lower<'_>) -> Option<Action> {
        let variables: Vec<String> = (1..=self.overrides.len()).map(|it| format!("PARAM_{it}")).collect();
        let overrides = self.overrides.iter().zip(&variables).map(|((name, value), variable)| {
            let read = match value.ty {
                Ty::Int | Ty::Number => format!("(env.{variable} | tonumber)"),
                Ty::Bool => format!("(env.{variable} | ascii_downcase == \"true\")"),
                Ty::String | Ty::Result => format!("env.{variable}"),
            };
            vec![
                ("name", Datum::Word(name.clone())),
                ("variable", Datum::Word(variable.clone())),
                ("value", Datum::Word(read)),
            ]
        });
        let outputs: Vec<&str> = cx.step.outputs.keys().map(String::as_str).collect();
        let read = outputs.iter().map(|it| {
            let plain: String = it.chars().filter(|it| *it != '_').collect::<String>().to_lowercase();
            vec![("name", Datum::Word((*it).to_owned())), ("plain", Datum::Word(plain))]
        });
        let data = vec![
            ("subscription", Datum::Flag(self.to_subscription)),
            ("create", Datum::Flag(self.create)),
            ("complete", Datum::Flag(self.complete)),
            ("what_if", Datum::Flag(self.what_if)),
            ("file", Datum::Flag(self.parameters.is_some())),
            ("bicepparam", Datum::Flag(self.is_bicepparam())),
            ("template", Datum::Flag(!self.is_bicepparam())),
            ("has_overrides", Datum::Flag(!self.overrides.is_empty())),
            ("overrides", Datum::Rows(overrides.collect())),
            ("has_outputs", Datum::Flag(!outputs.is_empty())),
            ("outputs", Datum::Rows(read.collect())),
        ];
        let verb = if self.what_if { "Preview" } else { "Deploy" };
        let action = cx.azure(cx.title(format!("{verb} {}", self.template.value)), "deploy_infra", data)?;
        let file = self.parameters.as_ref().map(|it| cx.text(&it.value));
        let group = if self.to_subscription { None } else { Some(self.group(cx)?) };
        let mut action = action
            .env("TEMPLATE", cx.text(&self.template.value))
            .env_maybe("PARAMETERS", file)
            .env_maybe("RESOURCE_GROUP", group)
            .env_maybe("LOCATION", self.location.clone())
            .env("RUN_ID", cx.run_id());
        action.env.extend(variables.into_iter().zip(self.overrides.values().cloned()));
        Some(action.outputs(&outputs).reads(Files::Project))
    }

    /// What is said, else what is around.
    pub fn group(&self, cx: &Lower<'_>) -> Option<Expr> {
        let of_environment = || match &cx.environment()?.target.as_ref()? {
            TargetPlace::Aci { resource_group, .. } | TargetPlace::Aks { resource_group, .. } => {
                Some(cx.text(&resource_group.value))
            }
        };
        let of_workspace = || Some(cx.text(&cx.workspace()?.resource_group.value));
        self.resource_group.clone().or_else(of_environment).or_else(of_workspace)
    }
}
