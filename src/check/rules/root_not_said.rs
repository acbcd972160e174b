//! # A container that runs as root without saying so
//!
//! The generated chart forbids root, as hardened clusters do. A container whose Dockerfile has no `USER`, or that
//! listens below port 1024, then never starts. So it must be said.
//!
//! ```mlops,fails
//! service api { image = "team/api", port = 80 }
//! ```
//!
//! ```mlops,passes
//! service api { image = "team/api", port = 8080 }
//! ```
//!
//! Let the container listen above 1023 under a `USER` of its own, or write `run_as_root = true`.
//!
//! Source: Kubernetes, Pod Security Standards, profile "restricted".

use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::model::project::Service;

pub(super) static RULE: Rule = Rule::error(Group::Deployment, "root-not-said", run).fixes(Safety::Unsafe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    let overlays = project.environments.values().flat_map(|it| it.services.values()).map(|it| (it.service.value, Some(&it.settings)));
    let whole = project.services.iter().map(|(id, _)| (id, None));
    for (id, overlay) in whole.chain(overlays) {
        let settings = project.services[id].settings.overlaid(overlay);
        let own = overlay.unwrap_or(&project.services[id].settings);
        let user = own.security.as_ref().and_then(|it| it.user.as_ref()).filter(|it| it.value == 0);
        if let Some(user) = user.filter(|_| !settings.run_as_root.as_ref().is_some_and(|it| it.value)) {
            cx.report(&RULE, user.span, "user 0 is root")
                .help("take another user, such as 1000, or write `run_as_root = true`")
                .suggest("take user 1000", user.span, "1000");
        }
    }
    for service in project.services.values().filter(|it| it.settings.run_as_root.is_none()) {
        let said_so = cx.insert(service.header.head, "run_as_root = true");
        if let Some(port) = service.settings.port.as_ref().filter(|it| it.value < 1024) {
            cx.report(&RULE, port.span, format!("only root may listen on port {}", port.value))
                .at("below 1024")
                .help("listen on a port above 1023, such as 8080, or write `run_as_root = true`")
                .edits(Safety::Unsafe, "say that it runs as root", vec![said_so]);
        } else if let Some(said) = runs_as_root(cx, service).filter(|_| !names_user(service)) {
            let dockerfile = &service.build.as_ref().expect("it was just read").dockerfile;
            cx.report(&RULE, dockerfile.span, format!("the image of `{}` runs as root: {said}", service.header.ident.value))
                .help("add `USER 1000` (a number, so that Kubernetes can check it) to the Dockerfile, or write `run_as_root = true`")
                .edits(Safety::Unsafe, "say that it runs as root", vec![said_so]);
        }
    }
}

/// Whether the service says another user than the image.
fn names_user(service: &Service) -> bool {
    service.settings.security.as_ref().is_some_and(|it| it.user.is_some())
}

/// Why, in words; `None` where the Dockerfile names a user or cannot be read here.
fn runs_as_root(cx: &Cx<'_>, service: &Service) -> Option<String> {
    let build = service.build.as_ref()?;
    let folder = match &build.repository {
        Some(id) => cx.project.repositories[id.value].copy.as_ref()?.value.clone(),
        None => ".".to_owned(),
    };
    let path = crate::base::files::normalize(&format!("{folder}/{}", build.dockerfile.value))?;
    let text = cx.read(&path)?;
    let user = crate::target::dockerfile::user(&text);
    match user.as_deref().map(|it| it.split(':').next().unwrap_or(it)) {
        None => Some("its Dockerfile has no `USER`".to_owned()),
        Some(user) if matches!(user, "root" | "0") => Some(format!("its Dockerfile says `USER {user}`")),
        Some(user) if user.parse::<u32>().is_err() && !user.contains('$') => {
            Some(format!("for all that Kubernetes can tell; its Dockerfile says `USER {user}`, which is no number"))
        }
        Some(_) => None,
    }
}
