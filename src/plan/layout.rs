//! Where the repositories of a job stand on its agent.

use super::job::Parted;
use super::parts::Part as JobPart;
use crate::base::arena::Id;
use crate::model::project::{self, Repository};
use crate::model::steps::action::{ActionBody, Files};

/// Where the repositories of a part's job are checked out.
pub struct Layout {
    pub repositories: Vec<Checkout>,
    /// The project's folder in `self`.
    pub project: String,
}

#[derive(Clone)]
pub struct Checkout {
    pub alias: String,
    pub is_self: bool,
    pub id: Option<Id<Repository>>,
}

impl Layout {
    /// What is checked out: what the job says, else what its steps read, else `self` where a step of the user's may
    /// need it.
    pub fn of(parted: &Parted<'_>, part: &JobPart) -> Layout {
        let project = parted.reading.project;
        let own = project.repositories.iter().find(|(_, it)| it.is_self());
        let mut layout = Layout {
            repositories: Vec::new(),
            project: own.map_or_else(|| ".".into(), |(_, it)| it.folder.clone()),
        };
        let said: Vec<_> = part
            .actions
            .iter()
            .filter_map(|(_, it)| match &it.body {
                ActionBody::Checkout { repository, .. } => Some(*repository),
                _ => None,
            })
            .collect();
        let nothing = part.actions.iter().any(|(_, it)| matches!(it.body, ActionBody::NoCheckout));
        if !said.is_empty() || nothing {
            for repository in said {
                layout.add(project, repository);
            }
            return layout;
        }
        for files in part.actions.iter().flat_map(|(_, it)| &it.reads) {
            match files {
                Files::Project => layout.add(project, None),
                Files::Repository(id) => layout.add(project, Some(*id)),
            }
        }
        if layout.repositories.is_empty() && !part.needs_no_files() {
            layout.add(project, None);
        }
        layout
    }

    pub fn add(&mut self, project: &project::Project, repository: Option<Id<Repository>>) {
        let place = Layout::place(project, repository);
        if !self.repositories.iter().any(|it| it.alias == place.alias) {
            self.repositories.push(place);
        }
    }

    pub fn place(project: &project::Project, repository: Option<Id<Repository>>) -> Checkout {
        let other = repository.filter(|id| !project.repositories[*id].is_self());
        Checkout {
            alias: other
                .map_or_else(|| "self".into(), |id| project.repositories[id].header.ident.value.clone()),
            is_self: other.is_none(),
            id: other,
        }
    }

    pub fn holds(&self, files: Files) -> bool {
        self.repositories.iter().any(|it| it.is(files))
    }

    /// Below the agent's folder; `None` for the only repository, which stands where Azure Pipelines puts it.
    pub fn checkout_path(&self, place: &Checkout) -> Option<String> {
        (self.repositories.len() > 1).then(|| format!("s/{}", place.alias))
    }

    /// The folder of these files below the sources' folder; `None` for the sources' folder itself.
    pub fn folder(&self, files: Files) -> Option<String> {
        let place = self.repositories.iter().find(|it| it.is(files))?;
        let mut parts = Vec::new();
        if self.repositories.len() > 1 {
            parts.push(place.alias.as_str());
        }
        if files == Files::Project && self.project != "." {
            parts.push(&self.project);
        }
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

impl Checkout {
    pub fn is(&self, files: Files) -> bool {
        match files {
            Files::Project => self.is_self,
            Files::Repository(id) => self.id == Some(id),
        }
    }
}
