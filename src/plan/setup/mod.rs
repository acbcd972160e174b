//! What must stand in Azure DevOps beside the YAML: variable groups, environments and their checks, the pipelines
//! themselves, which pipeline may use what, build validation. In: the project and its plan. Out: a typed desired state;
//! every thing knows the declaration that asks for it. Names are those of Azure DevOps.

mod checks;
mod group;
mod pipeline;
pub mod policy;
mod uses;

pub use checks::{call_title, qualified, template_repository};
pub use uses::{Outside, Uses, uses};

use super::Plan;
use crate::base::span::Span;
use crate::model::project::{Header, Lock, Project, RepositoryKind};

/// In each list, what is declared first comes first.
#[derive(Debug, Default)]
pub struct Setup {
    pub groups: Vec<Group>,
    pub environments: Vec<Environment>,
    pub checks: Vec<Check>,
    pub pipelines: Vec<Pipeline>,
    pub permissions: Vec<Permission>,
    pub policies: Vec<Policy>,
    /// `repository self` is not declared, or has no name: pipelines, and what names them, are left out.
    pub homeless: bool,
}

/// Something that Azure DevOps guards: checks hang on it, and pipelines need leave to use it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    pub kind: ResourceKind,
    /// Fit for the name of a file, and unique in its kind.
    pub key: String,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    Environment,
    Connection,
    VariableGroup,
    Queue,
    Repository,
}

#[derive(Debug)]
pub struct Group {
    pub resource: Resource,
    pub members: Vec<Member>,
    pub source: Span,
}

#[derive(Debug)]
pub struct Member {
    pub name: String,
    pub secret: bool,
    /// Where the source says it.
    pub value: Option<String>,
}

#[derive(Debug)]
pub struct Environment {
    pub resource: Resource,
    pub description: Option<String>,
    pub source: Span,
}

#[derive(Debug)]
pub struct Check {
    pub on: Resource,
    pub kind: CheckKind,
    pub timeout_minutes: u64,
    pub source: Span,
}

/// What is asked; at most one of a kind on a resource, but any number of calls.
#[derive(Clone, Debug)]
pub enum CheckKind {
    Approval(Approval),
    Branches {
        /// Whole references, such as `refs/heads/main`; `*` stands for anything.
        allowed: Vec<String>,
        /// The branch must have policies.
        only_protected: bool,
    },
    Hours {
        /// `Monday`
        days: Vec<&'static str>,
        from: String,
        to: String,
        /// A time zone of Windows.
        zone: String,
    },
    /// One run at a time; which of those that wait comes next, the YAML says.
    Lock(Lock),
    /// The pipeline must extend one of these.
    Templates(Vec<Template>),
    Call(Call),
}

#[derive(Clone, Debug)]
pub struct Template {
    pub kind: RepositoryKind,
    /// As Azure DevOps names it there: `project/repository`.
    pub repository: String,
    /// A whole reference.
    pub reference: String,
    pub path: String,
}

/// A request whose answer decides.
#[derive(Clone, Debug)]
pub struct Call {
    pub title: String,
    pub to: Address,
    /// In capitals.
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub callback: bool,
    pub success: Option<String>,
    /// 0: once.
    pub every_minutes: u64,
    /// The variable group whose variables its texts may hold.
    pub group: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Address {
    Connection { name: String, azure: bool, path: Option<String> },
    Function { url: String, key: Option<String>, query: Option<String> },
}

#[derive(Clone, Debug)]
pub struct Approval {
    /// E-mail addresses, or groups.
    pub approvers: Vec<String>,
    /// 0: all of them.
    pub minimum: u32,
    /// One after the other.
    pub in_sequence: bool,
    pub self_approve: bool,
    pub instructions: Option<String>,
}

#[derive(Debug)]
pub struct Pipeline {
    pub key: String,
    pub name: String,
    /// Parts joined by `\`, none at the ends; none for the root.
    pub folder: Option<String>,
    pub description: Option<String>,
    /// The YAML file in the repository.
    pub file: String,
    pub repository: Home,
    /// A pull request can start it by what the YAML says.
    pub pull_requests: bool,
    pub source: Span,
}

/// The repository that holds the pipelines.
#[derive(Clone, Debug)]
pub struct Home {
    pub kind: RepositoryKind,
    pub name: String,
    /// A whole reference.
    pub branch: String,
    /// The service connection of a repository elsewhere.
    pub connection: Option<String>,
}

#[derive(Debug)]
pub struct Permission {
    pub resource: Resource,
    /// Indices of pipelines.
    pub pipelines: Vec<usize>,
    pub source: Span,
}

/// A pull request to these branches starts the pipeline, and must satisfy it.
#[derive(Debug)]
pub struct Policy {
    /// Of a pipeline.
    pub pipeline: usize,
    pub repository: String,
    pub branch: Branch,
    /// In order; `!` before those that are left out.
    pub paths: Vec<String>,
    pub source: Span,
}

#[derive(Clone, Debug)]
pub struct Branch {
    /// A whole reference, or what it begins with.
    pub reference: String,
    pub prefix: bool,
}

impl Pipeline {
    /// Folder and name, with `/`.
    pub fn path(&self) -> String {
        let folder = self.folder.iter().map(|it| it.replace('\\', "/") + "/");
        folder.chain([self.name.clone()]).collect()
    }
}

/// `out` is the output folder relative to the project's root.
pub fn build(project: &Project, plan: &Plan, out: &str) -> Setup {
    let uses = uses(project, plan);
    let pipelines = pipeline::pipelines(project, plan, out);
    let homeless = pipelines.is_empty() && !plan.pipelines.is_empty();
    Setup {
        groups: group::groups(project),
        environments: checks::environments(project),
        checks: checks::checks(project, &uses),
        permissions: if homeless { Vec::new() } else { uses.permissions(project, plan) },
        policies: policy::policies(project, &pipelines),
        pipelines,
        homeless,
    }
}

/// A branch as a whole reference.
pub fn reference(branch: &str) -> String {
    if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") }
}

/// What is said, else the doc comment.
fn description(said: Option<&String>, header: &Header) -> Option<String> {
    said.or(header.doc.as_ref()).map(|it| it.trim().to_owned())
}
