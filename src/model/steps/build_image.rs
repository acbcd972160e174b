//! `build_image SERVICE { tag }`: builds and pushes.

use super::action::{Action, Datum, Files};
use super::{Kind, StepKind};
use crate::base::arena::Id;
use crate::model::errors;
use crate::model::expr::{Expr, Ty};
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Service;
use crate::model::scope::output;
use crate::schema::pipeline::{COMPILED_STEP_BLOCKS, STEP as COMMON};
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{BLOCK, Block, Head, argument, default, optional, required};
use crate::syntax::foreign;

pub static STEP: StepKind = StepKind {
    block: &BLOCK_BUILD_IMAGE,
    outputs: |_| ["image", "digest"].map(|it| (it.to_owned(), output(Ty::String))).into(),
    decode,
};

static BLOCK_BUILD_IMAGE: Block = Block {
    word: "build_image",
    head: Head::Arguments(&[argument("service", Type::Ref(&[Declared::Service]))]),
    doc: "Builds a service's image and pushes it. Outputs: `image` with its tag, `digest` as `repository@sha256:…`.",
    attributes: &[
        COMMON,
        &[
            required("tag", Type::Value, "The image's tag."),
            optional("platform", Type::Name, "The platform it is built for, such as `linux/amd64`."),
            default("no_cache", Type::Bool, "false", "Builds every layer anew."),
        ],
    ],
    blocks: &COMPILED_STEP_BLOCKS,
    ..BLOCK
};

#[derive(Debug)]
pub struct BuildImage {
    pub service: Id<Service>,
    pub tag: Expr,
    pub platform: Option<String>,
    pub no_cache: bool,
}

fn decode(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let service = fields.argument_ref("service")?;
    check_tag(fields);
    if let Some(project) = fields.cx.project
        && project.services[service.value].build.is_none()
    {
        let declared = &project.services[service.value].header;
        let help = "add `build { context = \".\", dockerfile = \"Dockerfile\" }` to it";
        let message = format!("`{}` does not say how its image is built", declared.ident.value);
        fields.cx.push(errors::invalid_value(service.span, message, help).label(declared.head, "the service"));
    }
    Some(Kind::BuildImage(BuildImage {
        service: service.value,
        tag: fields.expr("tag")?,
        platform: fields.plain("platform"),
        no_cache: fields.flag("no_cache"),
    }))
}

/// A constant tag is checked now, any other when the script runs.
pub fn check_tag(fields: &mut Fields<'_, '_>) {
    let Some(tag) = fields.expr("tag") else { return };
    let legal = |text: &str| {
        let inner = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
        text.len() <= 128 && !text.starts_with(['.', '-']) && !text.is_empty() && text.chars().all(inner)
    };
    if let Some(text) = tag.as_str().filter(|it| !legal(it)) {
        let own = foreign::all_in(text).find_map(|it| foreign::own_name(it.inner).or_else(|| foreign::variable(it.inner)));
        let help = own.map_or_else(
            || "write letters, digits, `_`, `.` and `-`, 128 at most, not starting with `.` or `-`".to_owned(),
            |own| format!("write `tag = {own}`, or `${{{own}}}` in a text"),
        );
        fields.cx.push(errors::invalid_value(tag.span, "this cannot be the tag of an image", help));
    }
}

impl BuildImage {
    pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
        self.action(cx).into_iter().collect()
    }

    fn action(&self, cx: &Lower<'_>) -> Option<Action> {
        let service = cx.service(self.service);
        let (build, registry) = (service.build.as_ref()?, cx.registry_of(service)?);
        let arguments: Vec<(String, Expr)> = build
            .args
            .iter()
            .map(|(key, value)| {
                (argument_variable(key), cx.concat(vec![cx.text(format!("{key}=")), value.clone()]))
            })
            .collect();
        let rows = arguments.iter().map(|it| vec![("variable", Datum::Word(it.0.clone()))]);
        let data = vec![
            ("platform", Datum::Flag(self.platform.is_some())),
            ("no_cache", Datum::Flag(self.no_cache)),
            ("arguments", Datum::Rows(rows.collect())),
        ];
        let title = cx.title(format!("Build {}", service.image.value));
        let mut action = cx.azure(title, "build_image", data)?;
        action = action
            .env("REGISTRY", cx.text(&registry.header.name.value))
            .env("IMAGE", cx.text(format!("{}/{}", registry.login_server(), service.image.value)))
            .env("TAG", self.tag.clone())
            .env("CONTEXT", cx.text(&build.context.value))
            .env("DOCKERFILE", cx.text(&build.dockerfile.value))
            .env("RUN_ID", cx.run_id())
            .env_maybe("PLATFORM", self.platform.as_ref().map(|it| cx.text(it)));
        action.env.extend(arguments);
        let files = build.repository.as_ref().map_or(Files::Project, |it| Files::Repository(it.value));
        Some(action.outputs(&["image", "digest"]).reads(files))
    }
}

/// The variable that carries `KEY=value`; keys are the Dockerfile's own.
fn argument_variable(key: &str) -> String {
    let word = key.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' });
    format!("ARG_{}", word.collect::<String>())
}
