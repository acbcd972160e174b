//! The kinds of steps: one file each, with its row of the word table, its data, how it is decoded and what it becomes.
//! A new kind is a file and a line in `steps!`.

pub mod action;
pub mod python;

use self::action::Action;
use super::fields::Fields;
use super::lower::Lower;
use super::project::Output;
use super::scope::StepOutputs;
use crate::schema::Block;
use indexmap::IndexMap;

/// Everything known about a kind of step before any step of it is read.
#[derive(Debug)]
pub struct StepKind {
    pub block: &'static Block,
    /// Outputs that every step of the kind has, and those its references bring (decisions of an ML pipeline).
    pub outputs: fn(&StepOutputs<'_>) -> IndexMap<String, Output>,
    pub decode: fn(&mut Fields<'_, '_>) -> Option<Kind>,
}

macro_rules! steps {
    ($($module:ident :: $name:ident),* $(,)?) => {
        $(pub mod $module;)*

        /// A decoded step.
        #[derive(Debug)]
        pub enum Kind {
            $($name($module::$name),)*
        }

        /// Every kind, by the word that begins the step.
        pub static KINDS: &[&StepKind] = &[$(&$module::STEP,)*];

        impl Kind {
            pub fn word(&self) -> &'static str {
                match self {
                    $(Kind::$name(_) => $module::STEP.block.word,)*
                }
            }

            /// What it becomes.
            pub fn lower(&self, cx: &Lower<'_>) -> Vec<Action> {
                match self {
                    $(Kind::$name(step) => step.lower(cx),)*
                }
            }
        }
    };
}

steps! {
    run::Run,
    azure::Azure,
    task::Task,
    include::Include,
    checkout::Checkout,
    ensure::Ensure,
    delete::Delete,
    submit::Submit,
    publish_pipeline::PublishPipeline,
    compare::Compare,
    register::Register,
    promote::Promote,
    download_model::DownloadModel,
    publish::Publish,
    download::Download,
    build_image::BuildImage,
    deploy::Deploy,
    undeploy::Undeploy,
    set_traffic::SetTraffic,
    rollback::Rollback,
    smoke_test::SmokeTest,
    wait::Wait,
    approve::Approve,
    use_python::UsePython,
    cache::Cache,
    pytest::Pytest,
    test_results::TestResults,
    coverage::Coverage,
    lint::Lint,
    queue::Queue,
    call::Call,
    deploy_infra::DeployInfra,
    notify::Notify,
    tag_run::TagRun,
}

impl Kind {
    /// It changes what is in an environment, whose checks do not ask where a stage only takes its context.
    pub fn changes_environment(&self) -> bool {
        match self {
            Kind::DeployInfra(deploys) => !deploys.what_if,
            Kind::Ensure(ensure) => ensure.changes_environment(),
            kind => ["promote", "register", "delete", "undeploy", "set_traffic"].contains(&kind.word()),
        }
    }

    /// The script that the user wrote.
    pub fn script(&self) -> Option<&action::ScriptSource> {
        match self {
            Kind::Run(step) => Some(&step.source),
            Kind::Azure(step) => Some(&step.source),
            _ => None,
        }
    }

    /// Every text of the user's that something runs as a script.
    pub fn script_texts(&self) -> Vec<&str> {
        match (self, self.script()) {
            (Kind::Task(step), _) => step.scripts().collect(),
            (_, Some(action::ScriptSource::Verbatim(text))) => vec![text],
            _ => Vec::new(),
        }
    }
}

pub fn find(word: &str) -> Option<&'static StepKind> {
    KINDS.iter().copied().find(|it| it.block.word == word)
}
