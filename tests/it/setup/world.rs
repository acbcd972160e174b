//! A described project, an organization, and the script between them.

use super::server::{Server, State, TOKEN};
use crate::support::repository;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

pub const APPROVAL: &str = "8c6f20a7-a545-4486-9777-f762fafe0d4d";
pub const TASK: &str = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7";
pub const LOCK: &str = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563";
pub const BUILD: &str = "0609b952-1397-4640-95ec-e00a01b2c241";

/// The folder that the script works on.
#[derive(Clone)]
pub struct Described {
    pub head: Value,
    /// Kind, name, file, source, body.
    pub things: Vec<(String, String, String, String, Value)>,
}

impl Described {
    pub fn empty() -> Described {
        let head = json!({
            "organization": null, "project": "Shop", "name": "shop", "mark": "(mlopsc: shop)", "out": "generated",
        });
        Described { head, things: Vec::new() }
    }

    pub fn add(&mut self, kind: &str, name: &str, body: Value) {
        let number = self.things.len();
        let file = format!("things/{number}.json");
        let source = format!("shop.mlops:{}", number + 1);
        self.things.push((kind.to_owned(), name.to_owned(), file, source, body));
    }

    pub fn body(&mut self, name: &str) -> &mut Value {
        let found = self.things.iter_mut().find(|it| it.1 == name);
        &mut found.unwrap_or_else(|| panic!("nothing is called {name}")).4
    }

    pub fn insert_before(&mut self, other: &str, kind: &str, name: &str, body: Value) {
        self.add(kind, name, body);
        let thing = self.things.pop().expect("it was added");
        let at = self.things.iter().position(|it| it.1 == other);
        self.things.insert(at.unwrap_or_else(|| panic!("nothing is called {other}")), thing);
    }

    fn write(&self, folder: &Path) {
        let things: Vec<Value> = self.things.iter().map(|(kind, name, file, source, _)| {
            json!({ "kind": kind, "name": name, "file": file, "source": source })
        }).collect();
        let mut head = self.head.clone();
        head["things"] = json!(things);
        fs::create_dir_all(folder.join("things")).expect("a temporary folder takes it");
        put(&folder.join("things.json"), &head.to_string());
        for (_, _, file, _, body) in &self.things {
            put(&folder.join(file), &body.to_string());
        }
    }
}

fn put(path: &Path, text: &str) {
    fs::write(path, text).expect("a temporary folder takes it");
}

pub fn environment(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": format!("{description} (mlopsc: shop)") })
}

pub fn check(kind: (&str, &str), settings: &Value, resource: (&str, &str, &str), timeout: i64) -> Value {
    let (of, lookup, name) = resource;
    json!({
        "type": { "id": kind.0, "name": kind.1 }, "settings": settings,
        "resource": { "type": of, "id": format!("${{{lookup}:{name}}}"), "name": name }, "timeout": timeout,
    })
}

pub fn approval(approvers: &[&str], environment: &str) -> Value {
    let approvers: Vec<Value> =
        approvers.iter().map(|it| json!({ "id": format!("${{identity:{it}}}") })).collect();
    let settings = json!({
        "approvers": approvers, "executionOrder": "anyOrder", "instructions": "Look at QA first.",
        "minRequiredApprovers": 1, "requesterCannotBeApprover": true,
    });
    check((APPROVAL, "Approval"), &settings, ("environment", "environment", environment), 1440)
}

pub fn branches(allowed: &str, resource: (&str, &str, &str)) -> Value {
    let settings = json!({
        "definitionRef": { "id": "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b", "name": "evaluatebranchProtection", "version": "0.0.1" },
        "displayName": "Branch control",
        "inputs": { "allowedBranches": allowed, "ensureProtectionOfBranch": "false" },
    });
    check((TASK, "Task Check"), &settings, resource, 1440)
}

pub fn pipeline(name: &str, file: &str) -> Value {
    json!({
        "name": name, "path": "\\shop", "type": "build", "queueStatus": "enabled",
        "process": { "type": 2, "yamlFilename": format!("generated/azure-pipelines/{file}.yml") },
        "repository": { "id": "${repository:shop-code}", "type": "TfsGit", "name": "shop-code", "defaultBranch": "refs/heads/main" },
        "triggers": [{ "triggerType": "continuousIntegration", "settingsSourceType": 2 }],
    })
}

pub fn permission(kind: &str, lookup: &str, name: &str, pipelines: &[&str]) -> Value {
    let pipelines: Vec<Value> = pipelines
        .iter()
        .map(|it| json!({ "id": format!("${{pipeline:shop/{it}}}"), "authorized": true }))
        .collect();
    json!({ "resource": { "type": kind, "id": format!("${{{lookup}:{name}}}") }, "pipelines": pipelines })
}

pub fn policy(pipeline: &str, branch: &str) -> Value {
    json!({
        "isEnabled": true, "isBlocking": true, "type": { "id": BUILD },
        "settings": {
            "buildDefinitionId": format!("${{pipeline:shop/{pipeline}}}"), "displayName": pipeline,
            "queueOnSourceUpdateOnly": true, "manualQueueOnly": false, "validDuration": 0, "filenamePatterns": ["/src/*", "/ml/*"],
            "scope": [{ "repositoryId": "${repository:shop-code}", "refName": format!("refs/heads/{branch}"), "matchKind": "exact" }],
        },
    })
}

pub fn group(name: &str, variables: &Value) -> Value {
    json!({
        "name": name, "type": "Vsts",
        "variableGroupProjectReferences": [{ "name": name, "projectReference": { "id": "${project:}" } }],
        "variables": variables,
    })
}

/// One thing of each kind.
pub fn shop() -> Described {
    let mut shop = Described::empty();
    shop.add(
        "variable-group",
        "shop",
        group(
            "shop",
            &json!({
                "api_key": { "isSecret": true, "value": "${secret:shop/api_key}" },
                "user": { "value": "${value:shop/user}" },
                "region": { "value": "westeurope" },
            }),
        ),
    );
    shop.add("environment", "prod", environment("prod", "Where customers are."));
    shop.add("check", "environment prod approval", approval(&["[Shop]\\Leads"], "prod"));
    let on = ("environment", "environment", "prod");
    shop.add("check", "environment prod lock", check((LOCK, "ExclusiveLock"), &json!({}), on, 43200));
    shop.add(
        "check",
        "connection azure-prod branches",
        branches("refs/heads/main", ("endpoint", "connection", "azure-prod")),
    );
    shop.add("pipeline", "shop/Build", pipeline("Build", "build"));
    shop.add("permission", "environment prod", permission("environment", "environment", "prod", &["Build"]));
    shop.add(
        "permission",
        "variable-group shop",
        permission("variablegroup", "variable-group", "shop", &["Build"]),
    );
    shop.add("policy", "shop/Build for refs/heads/main", policy("Build", "main"));
    shop
}

/// An organization in which nothing of the shop is there yet.
pub fn organization() -> State {
    let mut state = State::default();
    state.add_identity("[Shop]\\Leads", "", true);
    state.add_identity("[Shop]\\Build Administrators", "", true);
    state.add_identity("Ana Leal", "ana@contoso.example", false);
    state.add_identity("Bo Berg", "bo@contoso.example", false);
    state.add_repository("shop-code");
    state.add_connection("azure-dev");
    state.add_connection("azure-prod");
    state.add_queue("Own agents");
    state
}

/// What a whole run makes of `organization()`, found once.
pub fn after_a_run() -> State {
    static STATE: OnceLock<State> = OnceLock::new();
    let state = STATE.get_or_init(|| {
        let world = World::new(&shop());
        world.run(&[]).good();
        world.server.with_state(|it| it.clone())
    });
    state.clone()
}

pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        assert_eq!(self.err, "");
        self.out
    }

    /// What it says when it stops.
    #[track_caller]
    pub fn bad(self) -> String {
        assert_eq!(self.code, 1, "{}\n{}", self.out, self.err);
        self.err
    }
}

pub struct World {
    pub folder: tempfile::TempDir,
    pub server: Server,
    pub environment: Vec<(String, String)>,
    /// Where programs are looked for.
    pub path: String,
}

impl World {
    pub fn new(described: &Described) -> World {
        World::at("contoso", described, organization())
    }

    /// After a run that made the shop.
    pub fn made() -> World {
        World::at("contoso", &shop(), after_a_run())
    }

    pub fn at(base: &str, described: &Described, state: State) -> World {
        let world = World {
            folder: tempfile::tempdir().expect("there is room"),
            server: Server::start(base, state),
            environment: Vec::new(),
            path: std::env::var("PATH").unwrap_or_default(),
        };
        let mut world = world;
        world.set("AZURE_DEVOPS_EXT_PAT", TOKEN);
        world.set("MLOPSC_SHOP_API_KEY", "k3y-Sup3r");
        world.set("MLOPSC_SHOP_USER", "shopkeeper");
        fs::create_dir(world.bin()).expect("it is new");
        // Nobody sleeps: how long is noted.
        world.stand_in(
            "sleep",
            &format!("printf '%s\\n' \"$1\" >>'{}'", world.folder.path().join("slept").display()),
        );
        world.path = format!("{}:{}", world.bin().display(), world.path);
        world.describe(described);
        world
    }

    pub fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// A program that is found first.
    pub fn stand_in(&self, name: &str, script: &str) {
        let path = self.bin().join(name);
        put(&path, &format!("#!/bin/bash\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|it| it.0 != name);
        if !value.is_empty() {
            self.environment.push((name.to_owned(), value.to_owned()));
        }
    }

    pub fn describe(&self, described: &Described) {
        let folder = self.folder.path().join("setup");
        drop(fs::remove_dir_all(&folder));
        described.write(&folder);
        fs::copy(repository("templates/setup/setup.sh"), folder.join("setup.sh"))
            .expect("the script is there");
    }

    pub fn slept(&self) -> Vec<u64> {
        let text = fs::read_to_string(self.folder.path().join("slept")).unwrap_or_default();
        text.lines().filter_map(|it| it.parse().ok()).collect()
    }

    /// The script with the server's address.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let url = self.server.url();
        self.run_bare(&[&["--organization", &url], arguments].concat())
    }

    pub fn run_bare(&self, arguments: &[&str]) -> Run {
        self.run_script(&self.folder.path().join("setup/setup.sh"), arguments)
    }

    pub fn run_script(&self, script: &Path, arguments: &[&str]) -> Run {
        let output = Command::new("bash")
            .arg(script)
            .args(arguments)
            .env_clear()
            .env("PATH", &self.path)
            .env("TMPDIR", self.folder.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("bash starts");
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes)
                .replace(&self.server.url(), "ORG")
                .replace(&self.server.host(), "HOST")
        };
        let left = fs::read_dir(self.folder.path()).expect("it is there").flatten();
        let left: Vec<_> =
            left.map(|it| it.file_name()).filter(|it| it.to_string_lossy().starts_with("setup.")).collect();
        assert!(left.is_empty(), "the script leaves {left:?}");
        Run { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Signs and titles of a plan's lines that begin with one of these signs.
pub fn lines(out: &str, signs: &str) -> Vec<String> {
    let meant = |it: &&str| {
        it.chars().next().is_some_and(|sign| signs.contains(sign)) && it.as_bytes().get(1) == Some(&b' ')
    };
    out.lines().filter(meant).map(str::to_owned).collect()
}
