//! # Parameters of a template do not fit
//!
//! A parameter that the template does not have, or one that it needs and nobody gives, is told by Azure after the run has
//! started: "The following parameters were supplied, but do not correspond to any parameters defined in the template". So is
//! an output that is not there, and then everything is deployed already.
//!
//! ```file:main.bicep
//! param name string
//! param sku string = 'Basic'
//! resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {}
//! output vaultName string = vault.name
//! ```
//!
//! ```mlops,fails
//! connection azure { type = azure_rm }
//! pipeline ground {
//!   trigger manual
//!   connection = azure
//!   stage make {
//!     deploy_infra "main.bicep" { resource_group = "rg-ml", overrides { skuu = "Standard" } }
//!   }
//! }
//! ```
//!
//! ```mlops,passes
//! connection azure { type = azure_rm }
//! pipeline ground {
//!   trigger manual
//!   connection = azure
//!   stage make {
//!     deploy_infra "main.bicep" {
//!       resource_group = "rg-ml"
//!       overrides { name = "kv-ml", sku = "Standard" }
//!       output vault_name: string
//!     }
//!   }
//! }
//! ```
//!
//! Give the template's parameters in `overrides { … }` or in the file that `parameters` names, by the names of the template.
//! Names of outputs may differ from the template's in case and `_`.
//!
//! Source: Azure Resource Manager documentation, error `InvalidTemplate`.

use crate::base::files::Files;
use crate::base::span::Span;
use crate::base::suggest;
use crate::check::walk::Place;
use crate::check::{Cx, Group, Rule};
use crate::model::steps::Kind;
use crate::model::steps::deploy_infra::DeployInfra;
use crate::target::arm::{self, Template};

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "infra-parameter", run).by_pipeline();

fn run(cx: &mut Cx<'_>) {
    for place in cx.steps() {
        let Kind::DeployInfra(step) = &place.step.kind else { continue };
        let path = &step.template.value;
        let Some(template) = text(cx.files, path).and_then(|it| arm::template(path, &it)) else { continue };
        let file = step.parameters.as_ref();
        let in_file = file.map_or(Some(Vec::new()), |it| {
            text(cx.files, &it.value).and_then(|text| arm::given(&it.value, &text))
        });
        let mut given: Vec<(&str, Span)> = step.overrides.iter().map(|(name, it)| (name.as_str(), it.span)).collect();
        if let (Some(file), Some(names)) = (file, &in_file) {
            given.extend(names.iter().map(|it| (it.as_str(), file.span)));
        }
        unknown(cx, step, &template, &given);
        if in_file.is_some() {
            missing(cx, step, &template, &given);
        }
        outputs(cx, &place, &template);
    }
}

fn text(files: &dyn Files, path: &str) -> Option<String> {
    String::from_utf8(files.read(path).ok()?).ok()
}

fn unknown(cx: &mut Cx<'_>, step: &DeployInfra, template: &Template, given: &[(&str, Span)]) {
    let names = || template.parameters.iter().map(|it| it.name.as_str());
    for (name, span) in given {
        if names().any(|it| it.eq_ignore_ascii_case(name)) {
            continue;
        }
        let message = format!("`{}` has no parameter `{name}`", step.template.value);
        let help = match suggest::nearest(name, names()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "remove it, or declare it in the template".to_owned(),
        };
        cx.report(&RULE, *span, message).help(help);
    }
}

fn missing(cx: &mut Cx<'_>, step: &DeployInfra, template: &Template, given: &[(&str, Span)]) {
    for parameter in template.parameters.iter().filter(|it| it.required) {
        if given.iter().any(|it| it.0.eq_ignore_ascii_case(&parameter.name)) {
            continue;
        }
        let name = &parameter.name;
        let message = format!("`{}` needs the parameter `{name}`, which has no default", step.template.value);
        let help = format!("add `overrides {{ {name} = … }}`, or a file with `parameters = \"…\"`");
        cx.report(&RULE, step.template.span, message).help(help);
    }
}

fn outputs(cx: &mut Cx<'_>, place: &Place<'_>, template: &Template) {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    for (name, output) in &place.step.outputs {
        if template.outputs.iter().any(|it| plain(it) == plain(name)) {
            continue;
        }
        let message = format!("the template has no output `{name}`");
        let known: Vec<String> = template.outputs.iter().map(|it| format!("`{it}`")).collect();
        let help = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        cx.report(&RULE, output.declared.unwrap_or(place.step.head), message).help(help);
    }
}
