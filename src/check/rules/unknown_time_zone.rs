//! # A time zone that Azure does not know
//!
//! Azure DevOps and Azure ML name time zones as Windows does. Clients accept any text; the service then refuses it, or
//! the check does not open when people expect it.
//!
//! ```mlops,fails
//! environment prod {
//!   hours { days = [mon], from = "09:00", to = "16:00", zone = "Europe/Berlin" }
//! }
//! ```
//!
//! ```mlops,passes
//! environment prod {
//!   hours { days = [mon], from = "09:00", to = "16:00", zone = "W. Europe Standard Time" }
//! }
//! ```
//!
//! Source: the appendix of "CLI (v2) schedule YAML schema"; `tzutil /l` of Windows.

use crate::base::span::Spanned;
use crate::base::suggest;
use crate::check::{Cx, Group, Rule};
use crate::diag::Safety;
use crate::target::time_zone::{WINDOWS, WINDOWS_ONLY, of_iana};

pub(super) static RULE: Rule = Rule::error(Group::Triggers, "unknown-time-zone", run).in_views().fixes(Safety::Safe);

fn run(cx: &mut Cx<'_>) {
    let project = cx.project;
    for hours in project.environments.values().filter_map(|it| it.hours.as_ref()) {
        check(cx, &hours.zone, WINDOWS_ONLY, "Azure DevOps");
    }
    for schedule in project.ml_pipelines.values().flat_map(|it| it.schedules.values()) {
        if let Some(zone) = &schedule.zone {
            check(cx, zone, &[], "Azure ML");
        }
    }
}

/// `more` are known beside the zones that all take. A missing zone has been told.
fn check(cx: &mut Cx<'_>, zone: &Spanned<String>, more: &[&'static str], who: &str) {
    let known = || WINDOWS.iter().chain(more).copied();
    if zone.value.is_empty() || known().any(|it| it == zone.value) {
        return;
    }
    let other_case = known().find(|it| it.eq_ignore_ascii_case(&zone.value));
    let certain = other_case.or_else(|| of_iana(&zone.value));
    let meant = certain.or_else(|| suggest::nearest(&zone.value, known()));
    let finding = cx.report(&RULE, zone.span, format!("{who} knows no time zone `{}`", zone.value));
    let Some(meant) = meant else {
        finding.help("write a time zone of Windows, such as `W. Europe Standard Time` or `UTC`");
        return;
    };
    let finding = finding.help(format!("write `{meant}`: zones are named as Windows does"));
    let (title, text) = (format!("change to `{meant}`"), format!("\"{meant}\""));
    if certain.is_some() {
        finding.replace(title, zone.span, text);
    } else {
        finding.suggest(title, zone.span, text);
    }
}
