//! What each thing's request holds.

use super::schema;
use super::text::Text;
use crate::model::project::RepositoryKind;
use crate::plan::setup::{
    Address, Approval, Call, Check, CheckKind, Environment, Group, Home, Permission, Pipeline, Policy,
    Resource, ResourceKind, Template,
};
use indexmap::IndexMap;

const APPROVAL: schema::CheckType =
    schema::CheckType { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" };
const TASK: schema::CheckType =
    schema::CheckType { id: "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", name: "Task Check" };
const LOCK: schema::CheckType =
    schema::CheckType { id: "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563", name: "ExclusiveLock" };

const TEMPLATE: schema::CheckType =
    schema::CheckType { id: "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3", name: "ExtendsCheck" };

const BRANCHES: schema::Definition = schema::Definition {
    id: "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b",
    name: "evaluatebranchProtection",
    version: "0.0.1",
};
const HOURS: schema::Definition = schema::Definition {
    id: "445fde2f-6c39-441c-807f-8a59ff2e075f",
    name: "evaluateBusinessHours",
    version: "0.0.1",
};

const REST: schema::Definition = schema::Definition {
    id: "9c3e8943-130d-4c78-ac63-8af81df62dfb",
    name: "InvokeRESTAPI",
    version: "1.220.0",
};
const FUNCTION: schema::Definition = schema::Definition {
    id: "537fdb7a-a601-4537-aa70-92645a2b5ce4",
    name: "AzureFunction",
    version: "1.0.12",
};

/// Build validation.
const BUILD: &str = "0609b952-1397-4640-95ec-e00a01b2c241";

pub fn group(group: &Group) -> schema::VariableGroup {
    let name = Text::literal(&group.resource.name);
    let variables = group.members.iter().map(|it| {
        let path = format!("{}/{}", group.resource.name, it.name);
        let value = match (&it.value, it.secret) {
            (Some(value), _) => Text::literal(value),
            (None, true) => Text::lookup("secret", &path),
            (None, false) => Text::lookup("value", &path),
        };
        (it.name.clone(), schema::VariableValue { is_secret: it.secret, value })
    });
    schema::VariableGroup {
        r#type: "Vsts",
        variables: variables.collect(),
        project_references: [schema::ProjectReference {
            name: name.clone(),
            project_reference: schema::Project { id: Text::lookup("project", "") },
        }],
        name,
    }
}

/// The mark tells the script that the environment is of this project.
pub fn environment(environment: &Environment, mark: &str) -> schema::Environment {
    let description =
        environment.description.as_ref().map_or_else(|| mark.to_owned(), |it| format!("{it} {mark}"));
    schema::Environment {
        name: Text::literal(&environment.resource.name),
        description: Text::literal(&description),
    }
}

pub fn check(check: &Check) -> schema::Check {
    let (r#type, settings) = match &check.kind {
        CheckKind::Approval(it) => (APPROVAL, schema::Settings::Approval(approval(it))),
        CheckKind::Branches { allowed, only_protected } => {
            let mut inputs = vec![
                ("allowedBranches", allowed.join(", ")),
                ("ensureProtectionOfBranch", only_protected.to_string()),
            ];
            inputs.extend(only_protected.then(|| ("allowUnknownStatusBranch", "false".to_owned())));
            (TASK, task(BRANCHES, "Branch control", inputs))
        }
        CheckKind::Hours { days, from, to, zone } => {
            let inputs = vec![
                ("businessDays", days.join(", ")),
                ("startTime", from.clone()),
                ("endTime", to.clone()),
                ("timeZone", zone.clone()),
            ];
            (TASK, task(HOURS, "Business hours", inputs))
        }
        CheckKind::Lock(_) => (LOCK, schema::Settings::None {}),
        CheckKind::Templates(all) => {
            (TEMPLATE, schema::Settings::Templates { extends_checks: all.iter().map(template).collect() })
        }
        CheckKind::Call(it) => (TASK, schema::Settings::Task(call(it))),
    };
    schema::Check { r#type, settings, resource: resource(&check.on), timeout: check.timeout_minutes }
}

fn approval(approval: &Approval) -> schema::Approval {
    let approvers = approval.approvers.iter().map(|it| schema::Identity { id: Text::lookup("identity", it) });
    schema::Approval {
        approvers: approvers.collect(),
        execution_order: if approval.in_sequence { "inSequence" } else { "anyOrder" },
        instructions: approval.instructions.as_deref().map(Text::literal),
        min_required_approvers: approval.minimum,
        requester_cannot_be_approver: !approval.self_approve,
    }
}

fn template(template: &Template) -> schema::Template {
    schema::Template {
        repository_type: match template.kind {
            RepositoryKind::AzureRepos => "git",
            RepositoryKind::Github => "github",
            RepositoryKind::Bitbucket => "bitbucket",
        },
        repository_name: Text::literal(&template.repository),
        repository_ref: Text::literal(&template.reference),
        path: Text::literal(&template.path),
    }
}

/// The inputs of `InvokeRESTAPI` and `AzureFunction`.
fn call(call: &Call) -> schema::Task {
    let mut inputs: IndexMap<&'static str, Text> = IndexMap::new();
    let mut add = |name, text: Option<&String>| inputs.extend(text.map(|it| (name, Text::literal(it))));
    let (definition_ref, tail) = match &call.to {
        Address::Connection { path, .. } => (REST, vec![("urlSuffix", path)]),
        Address::Function { url, key, query } => {
            add("function", Some(url));
            (FUNCTION, vec![("key", key), ("queryParameters", query)])
        }
    };
    add("method", Some(&call.method));
    add("headers", headers(&call.headers).as_ref());
    add("body", call.body.as_ref());
    for (name, text) in tail {
        add(name, text.as_ref());
    }
    add("waitForCompletion", Some(&call.callback.to_string()));
    add("successCriteria", call.success.as_ref());
    if let Address::Connection { name, azure, .. } = &call.to {
        let selector = if *azure { "connectedServiceNameARM" } else { "connectedServiceName" };
        inputs.insert("connectedServiceNameSelector", Text::literal(selector));
        inputs.insert(selector, Text::lookup("connection", name));
    }
    schema::Task {
        definition_ref,
        display_name: Text::literal(&call.title),
        inputs,
        linked_variable_group: call.group.as_deref().map(Text::literal),
        retry_interval: Some(call.every_minutes),
    }
}

fn headers(headers: &[(String, String)]) -> Option<String> {
    let object: serde_json::Map<String, serde_json::Value> =
        headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    (!object.is_empty()).then(|| serde_json::Value::from(object).to_string())
}

fn task(
    definition_ref: schema::Definition,
    title: &str,
    inputs: Vec<(&'static str, String)>,
) -> schema::Settings {
    schema::Settings::Task(schema::Task {
        definition_ref,
        display_name: Text::literal(title),
        inputs: inputs.into_iter().map(|(name, value)| (name, Text::Literal(value))).collect(),
        linked_variable_group: None,
        retry_interval: None,
    })
}

fn resource(resource: &Resource) -> schema::Resource {
    let (r#type, lookup) = match resource.kind {
        ResourceKind::Environment => ("environment", "environment"),
        ResourceKind::Connection => ("endpoint", "connection"),
        ResourceKind::VariableGroup => ("variablegroup", "variable-group"),
        ResourceKind::Queue => ("queue", "queue"),
        ResourceKind::Repository => ("repository", "repository"),
    };
    schema::Resource {
        r#type,
        id: Text::lookup(lookup, &resource.name),
        name: Some(Text::literal(&resource.name)),
    }
}

pub fn pipeline(pipeline: &Pipeline) -> schema::Pipeline {
    let folder = pipeline.folder.as_deref().unwrap_or_default();
    let from_yaml = |kind, forks| schema::Trigger { kind, settings_source_type: 2, forks };
    let mut triggers = vec![from_yaml("continuousIntegration", None)];
    if pipeline.pull_requests {
        let forks = schema::Forks { allow_secrets: false, enabled: true };
        triggers.push(from_yaml("pullRequest", Some(forks)));
    }
    schema::Pipeline {
        name: Text::literal(&pipeline.name),
        path: Text::Literal(format!("\\{folder}")),
        r#type: "build",
        queue_status: "enabled",
        description: pipeline.description.as_deref().map(Text::literal),
        process: schema::Process { r#type: 2, yaml_filename: Text::literal(&pipeline.file) },
        repository: repository(&pipeline.repository),
        triggers,
    }
}

fn repository(home: &Home) -> schema::Repository {
    let Home { kind, name, branch, connection } = home;
    let (r#type, url, api) = match kind {
        RepositoryKind::AzureRepos => ("TfsGit", None, None),
        RepositoryKind::Github => {
            ("GitHub", Some("https://github.com/"), Some("https://api.github.com/repos/"))
        }
        RepositoryKind::Bitbucket => {
            ("Bitbucket", Some("https://bitbucket.org/"), Some("https://api.bitbucket.org/2.0/repositories/"))
        }
    };
    let properties = connection.as_ref().zip(api).map(|(connection, api)| schema::RepositoryProperties {
        api_url: Text::Literal(format!("{api}{name}")),
        connected_service_id: Text::lookup("connection", connection),
        default_branch: Text::literal(branch),
    });
    schema::Repository {
        id: if url.is_none() { Text::lookup("repository", name) } else { Text::literal(name) },
        r#type,
        name: Text::literal(name),
        default_branch: Text::literal(branch),
        url: url.map(|it| Text::Literal(format!("{it}{name}.git"))),
        properties,
    }
}

pub fn permission(permission: &Permission, pipelines: &[Pipeline]) -> schema::Permission {
    let allowed = permission.pipelines.iter().map(|it| schema::PipelinePermission {
        authorized: true,
        id: Text::Lookup("pipeline", pipelines[*it].path()),
    });
    schema::Permission {
        pipelines: allowed.collect(),
        resource: schema::Resource { name: None, ..resource(&permission.resource) },
    }
}

pub fn policy(policy: &Policy, pipeline: &Pipeline) -> schema::Policy {
    schema::Policy {
        is_enabled: true,
        is_blocking: true,
        r#type: schema::PolicyType { id: BUILD },
        settings: schema::BuildValidation {
            build_definition_id: Text::Lookup("pipeline", pipeline.path()),
            display_name: Text::literal(&pipeline.name),
            queue_on_source_update_only: true,
            manual_queue_only: false,
            valid_duration: 0,
            filename_patterns: policy.paths.iter().map(|it| Text::literal(it)).collect(),
            scope: [schema::Scope {
                repository_id: Text::lookup("repository", &policy.repository),
                ref_name: Text::literal(&policy.branch.reference),
                match_kind: if policy.branch.prefix { "prefix" } else { "exact" },
            }],
        },
    }
}
