//! The wait without an agent: Azure ML calls the task back when the run has ended.

use crate::model::expr::Expr;
use crate::model::lower::Lower;
use crate::model::steps::action::ActionBody;

/// The run's resource in Azure, without the leading `/`.
pub(super) const RESOURCE: &str = "resource";
const API_VERSION: &str = "2023-04-01-preview";

/// Asks Azure ML to call back at the end of the run: how-to-devops-machine-learning of Microsoft's documentation.
pub(super) fn task(cx: &Lower<'_>) -> Option<ActionBody> {
    let connection = &cx.project.connections[cx.connection?].header.name.value;
    let suffix = cx.concat(vec![cx.own_output(RESOURCE), cx.text(format!("?api-version={API_VERSION}"))]);
    let inputs = [
        ("connectionType", cx.text("connectedServiceNameARM")),
        ("azureServiceConnection", cx.text(connection)),
        ("method", cx.text("PATCH")),
        ("headers", cx.text(r#"{"Content-Type": "application/json"}"#)),
        ("body", callback_body(cx)),
        ("urlSuffix", suffix),
        ("waitForCompletion", cx.text("true")),
    ];
    let inputs = inputs.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
    Some(ActionBody::Task { name: "InvokeRESTAPI@1".to_owned(), inputs })
}

/// What Azure ML needs to know about this task, by the names of its notification.
const CALLBACK: &[(&str, &str)] = &[
    ("PlanUri", "system.CollectionUri"),
    ("ProjectId", "system.teamProjectId"),
    ("HubName", "system.HostType"),
    ("PlanId", "system.planId"),
    ("JobId", "system.jobId"),
    ("TimelineId", "system.TimelineId"),
    ("TaskInstanceId", "system.TaskInstanceId"),
    ("AuthToken", "system.AccessToken"),
];

fn callback_body(cx: &Lower<'_>) -> Expr {
    let mut parts = vec![
        cx.text(r#"{"Properties": {"NotificationSetting": {"Webhooks": {"ADO_Webhook_"#),
        cx.predefined("system.TimelineId"),
        cx.text(r#"": {"WebhookType": "AzureDevOps", "EventType": "RunTerminated""#),
    ];
    for (key, variable) in CALLBACK {
        parts.extend([cx.text(format!(r#", "{key}": ""#)), cx.predefined(variable), cx.text("\"")]);
    }
    parts.push(cx.text("}}}}}"));
    cx.concat(parts)
}
