//! What steps share that run a Python tool over files of a repository.

use super::action::{Action, Datum, Files};
use crate::base::arena::Id;
use crate::base::files::normalize;
use crate::base::span::Spanned;
use crate::model::convert::Value;
use crate::model::errors;
use crate::model::expr::Expr;
use crate::model::fields::Fields;
use crate::model::lower::Lower;
use crate::model::project::Repository;
use crate::schema::types::{Kind as Declared, Type};
use crate::schema::{Attribute, optional};

/// Where a tool runs.
pub const PLACE: &[Attribute] = &[
    optional(
        "repository",
        Type::Ref(&[Declared::Repository]),
        "The repository it looks at; the project's own where nothing is said.",
    ),
    optional("folder", Type::Name, "The folder it starts in, below the project or the repository."),
];

/// What is installed for it, and what it is told.
pub const TOOL: &[Attribute] = &[
    optional("requirements", Type::OneOrMany(&Type::Name), "Files of packages that pip installs first."),
    optional(
        "packages",
        Type::OneOrMany(&Type::Text),
        "Packages that pip installs first: `[\"pytest==8.3.4\", \"--editable=.\"]`.",
    ),
    optional("args", Type::List(&Type::Text), "More arguments, each as it is."),
];

#[derive(Debug, Default)]
pub struct Tool {
    pub repository: Option<Id<Repository>>,
    pub folder: Option<String>,
    /// Arguments that are paths, as written.
    pub paths: Vec<String>,
    pub requirements: Vec<String>,
    pub packages: Vec<Expr>,
    pub args: Vec<Expr>,
}

impl Tool {
    /// Its attributes; `paths` are checked to be there.
    pub fn decode(fields: &mut Fields<'_, '_>, paths: &[Spanned<String>]) -> Tool {
        let mut tool = Tool {
            repository: fields.reference("repository").map(|it| it.value),
            folder: fields.run_path("folder").filter(|it| it != "."),
            paths: paths.iter().map(|it| it.value.clone()).collect(),
            ..Tool::default()
        };
        tool.check(fields, paths);
        if fields.block.attribute("args").is_some() {
            let requirements = fields.strings("requirements");
            tool.check(fields, &requirements);
            tool.requirements = requirements.into_iter().map(|it| it.value).collect();
            tool.packages = texts(fields, "packages");
            tool.args = texts(fields, "args");
        }
        tool
    }

    /// What is written with wildcards, and what stands in a repository that is not at hand, is known in a run only.
    fn check(&self, fields: &mut Fields<'_, '_>, paths: &[Spanned<String>]) {
        let Some(root) = self.root(fields) else { return };
        for path in paths {
            // pytest names a test behind its file: `tests/test_api.py::test_health`.
            let file = path.value.split("::").next().unwrap_or_default();
            if file.starts_with('/') || file.contains(['*', '?', '[']) {
                continue;
            }
            let parts = [root.as_str(), self.folder.as_deref().unwrap_or("."), file];
            let found = normalize(&parts.join("/")).and_then(|it| fields.cx.files.kind(&it));
            if found.is_none() {
                let finding = errors::missing_file(path.span, file, "file or folder");
                let of_other = "looked for below `folder` of the repository";
                let told = root != "." || self.folder.is_some();
                fields.cx.push(if told { finding.at(of_other) } else { finding });
            }
        }
    }

    /// The folder in the project where its files can be looked at now.
    fn root(&self, fields: &Fields<'_, '_>) -> Option<String> {
        match self.repository {
            None => Some(".".to_owned()),
            Some(id) => {
                let repository = &fields.cx.project?.repositories[id];
                let copy = repository.copy.as_ref().map(|it| it.value.clone());
                if repository.is_self() { Some(".".to_owned()) } else { copy }
            }
        }
    }

    /// Hands over what it is told, as variables, and names them in the template's data.
    pub fn equip(&self, cx: &Lower<'_>, mut action: Action, data: &mut Vec<(&'static str, Datum)>) -> Action {
        let requirements: Vec<Expr> = self.requirements.iter().map(|it| cx.text(it)).collect();
        let paths: Vec<Expr> = self.paths.iter().map(|it| cx.text(it)).collect();
        data.push(("folder", Datum::Flag(self.folder.is_some())));
        data.push(("installs", Datum::Flag(!self.packages.is_empty() || !requirements.is_empty())));
        action = action.env_maybe("FOLDER", self.folder.as_ref().map(|it| cx.text(it)));
        let lists = [
            ("requirements", "REQUIREMENTS", &requirements),
            ("packages", "PACKAGE", &self.packages),
            ("arguments", "ARG", &self.args),
            ("paths", "PATH", &paths),
        ];
        for (key, prefix, values) in lists {
            let names: Vec<String> = (1..=values.len()).map(|it| format!("{prefix}_{it}")).collect();
            let rows = names.iter().map(|it| vec![("variable", Datum::Word(it.clone()))]);
            data.push((key, Datum::Rows(rows.collect())));
            action.env.extend(names.into_iter().zip(values.iter().cloned()));
        }
        action.reads(self.files(cx))
    }

    fn files(&self, cx: &Lower<'_>) -> Files {
        let other = self.repository.filter(|id| !cx.project.repositories[*id].is_self());
        other.map_or(Files::Project, Files::Repository)
    }
}

fn texts(fields: &Fields<'_, '_>, name: &str) -> Vec<Expr> {
    let items = fields.value(name).map(Value::items).unwrap_or_default();
    let texts = items.into_iter().filter_map(|it| match &it.value {
        Value::Expr(expr) => Some(expr.clone()),
        _ => None,
    });
    texts.collect()
}
