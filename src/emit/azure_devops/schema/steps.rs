//! Steps: the key that says what they do, then what every step may have, then the rest.

use super::{Free, Never, Pairs, Scalar, TemplateRef, is_false};
use crate::emit::yaml::Text;
use serde::Serialize;

#[derive(Serialize)]
#[serde(untagged)]
pub enum Step<'a> {
    NoCheckout {
        checkout: Never,
    },
    NoDownload {
        download: Never,
    },
    Template(TemplateRef<'a>),
    Checkout(Checkout<'a>),
    Download {
        download: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        artifact: Option<Text<'a>>,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a, Text<'a>>,
    },
    Publish {
        publish: Text<'a>,
        artifact: Text<'a>,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a, Text<'a>>,
    },
    Bash {
        bash: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Pwsh {
        pwsh: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Script {
        script: Text<'a>,
        #[serde(flatten)]
        shell: ShellCommon<'a>,
    },
    Task {
        task: &'a str,
        #[serde(flatten)]
        common: StepCommon<'a>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        env: Pairs<'a, Text<'a>>,
        #[serde(skip_serializing_if = "Pairs::is_empty")]
        inputs: Pairs<'a, Scalar<'a>>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout<'a> {
    pub checkout: &'a str,
    #[serde(flatten)]
    pub common: StepCommon<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Text<'a>>,
    /// 0: the whole history.
    pub fetch_depth: u32,
    #[serde(skip_serializing_if = "is_false")]
    pub submodules: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub lfs: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub clean: bool,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub env: Pairs<'a, Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepCommon<'a> {
    pub display_name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Text<'a>>,
    #[serde(skip_serializing_if = "is_false")]
    pub continue_on_error: bool,
    #[serde(skip_serializing_if = "is_true")]
    pub enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_in_minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_count_on_task_failure: Option<u32>,
    #[serde(flatten)]
    pub extra: Pairs<'a, Free<'a>>,
}

/// What the short forms `bash`, `pwsh` and `script` share.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellCommon<'a> {
    #[serde(flatten)]
    pub common: StepCommon<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub env: Pairs<'a, Text<'a>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_true(flag: &bool) -> bool {
    *flag
}
