//! One page with everything in it: drawings, search, and what happens if. It fetches nothing.

mod live;

use super::overview;
use super::paint::Painter;
use super::picture::{Picture, What};
use super::svg::{self, escaped};
use crate::model::project::RepositoryKind;
use crate::simulate::show::sign;
use crate::simulate::timeline::Mark;
use serde_json::{Map, Value, json};

pub use live::{MOST_ENTRIES, MOST_EVENTS};

const SHEET: &str = include_str!("../../../templates/graph/page.css");
const SCRIPT: &str = include_str!("../../../templates/graph/page.js");

/// All drawings that show something, those that browsers can show at once; and whether the first one is from afar.
pub fn pictures(painter: &Painter<'_>) -> (Vec<Picture>, bool) {
    let (system, is_far) = overview::overview(painter.whole(What::System));
    let mut all = vec![system];
    let more = [What::Pipeline, What::Ml, What::Approvals].map(|it| painter.whole(it));
    all.extend(more.into_iter().filter(|it| (1..=overview::MOST).contains(&it.nodes.len())));
    (all, is_far)
}

/// `root`: from the folder of the page to that of the project, with `/` at its end; none where the page has no place.
pub fn page(painter: &Painter<'_>, pictures: &[Picture], root: Option<&str>) -> String {
    let first = pictures.first().map_or("", |it| it.title.as_str());
    let title = escaped(if pictures.len() > 1 { painter.name().unwrap_or("the system") } else { first });
    let data =
        json!({ "root": root, "web": web(painter), "signs": signs(), "events": live::events(painter) });
    let views = pictures.iter().enumerate().map(|(index, it)| {
        let hidden = if index == 0 { "" } else { " hidden" };
        let drawing = svg::drawing(it, painter.sources, "");
        format!("<div class=\"view\" id=\"view-{index}\"{hidden}>\n{drawing}</div>\n")
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>\n{}\n{SHEET}</style>\n</head>\n<body>\n{}{}\
         <script type=\"application/json\" id=\"data\">{}</script>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        svg::sheet(),
        header(&title, pictures),
        body(&views.collect::<String>()),
        inert(&data),
    )
}

fn header(title: &str, pictures: &[Picture]) -> String {
    let tabs = pictures.iter().enumerate().map(|(index, it)| {
        let name = match it.what {
            What::System => "System",
            What::Pipeline => "Pipelines",
            What::Ml => "ML pipelines",
            What::Approvals => "Approvals",
        };
        format!(
            "<button type=\"button\" role=\"tab\" id=\"tab-{index}\" aria-controls=\"view-{index}\" \
             aria-selected=\"{}\">{name}</button>\n",
            index == 0,
        )
    });
    let tabs: String = if pictures.len() > 1 { tabs.collect() } else { String::new() };
    format!(
        "<header>\n<h1>{title}</h1>\n<div role=\"tablist\" aria-label=\"Drawings\">\n{tabs}</div>\n\
         <div class=\"find\" role=\"search\"><input id=\"find\" type=\"search\" placeholder=\"Search ( / )\" \
         aria-label=\"Search\" spellcheck=\"false\"><output id=\"count\" aria-live=\"polite\"></output></div>\n</header>\n"
    )
}

fn body(views: &str) -> String {
    format!(
        "<main>\n{views}<div class=\"zoom\">\n\
         <button type=\"button\" id=\"out\" aria-label=\"Smaller\" title=\"Smaller ( - )\">−</button>\n\
         <button type=\"button\" id=\"in\" aria-label=\"Larger\" title=\"Larger ( + )\">+</button>\n\
         <button type=\"button\" id=\"fit\" title=\"The whole ( 0 )\">Fit</button>\n\
         <button type=\"button\" id=\"full\" title=\"As large as text ( 1 )\">1:1</button>\n\
         <button type=\"button\" id=\"fold\" aria-expanded=\"true\" aria-controls=\"panel\" title=\"Show or hide the panel ( p )\">Panel</button>\n</div>\n</main>\n\
         <aside id=\"panel\">\n<section class=\"empty\" aria-label=\"What was clicked\"><h2>Selected</h2><div id=\"about\" aria-live=\"polite\"></div></section>\n\
         <section aria-label=\"What happens if\"><h2>What happens if</h2>\n\
         <select id=\"event\" aria-label=\"Event\"><option value=\"-1\">choose an event …</option></select>\n\
         <div id=\"controls\" hidden>\n<div class=\"play\">\n\
         <button type=\"button\" id=\"back\" aria-label=\"One step back\">◀</button>\n\
         <button type=\"button\" id=\"play\">▶ Play</button>\n\
         <button type=\"button\" id=\"on\" aria-label=\"One step on\">▶</button>\n\
         <button type=\"button\" id=\"end\" aria-label=\"To the end\">▶▶</button>\n</div>\n\
         <div class=\"play\"><input id=\"step\" type=\"range\" min=\"0\" value=\"0\" aria-label=\"Step\"></div>\n\
         <ol id=\"log\"></ol>\n<p id=\"cut\" class=\"soft\"></p>\n</div>\n\
         <div hidden><h2>Did not start</h2><ol id=\"idle\"></ol></div>\n</section>\n</aside>\n"
    )
}

/// JSON that ends no element around it.
fn inert(data: &Value) -> String {
    let mut text = String::new();
    for sign in data.to_string().chars() {
        match sign {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            it => text.push(it),
        }
    }
    text
}

fn signs() -> Value {
    let all = [
        Mark::Event,
        Mark::Starts,
        Mark::Does,
        Mark::Waits,
        Mark::Succeeds,
        Mark::Issues,
        Mark::Fails,
        Mark::Cancels,
        Mark::Skips,
    ];
    Value::Object(
        all.map(|it| (it.word().to_owned(), Value::from(sign(it)))).into_iter().collect::<Map<_, _>>(),
    )
}

/// Where the sources can be read, if the project says enough.
fn web(painter: &Painter<'_>) -> Option<Value> {
    let project = painter.project;
    let own = project.repositories.values().find(|it| it.is_self())?;
    let branch = own.branch.as_ref().map_or("main", |it| it.value.as_str());
    let name = &own.header.name.value;
    let (kind, base) = match own.kind {
        RepositoryKind::AzureRepos => {
            let organization = project.settings.organization.as_ref()?.value.trim_end_matches('/');
            let of = project.settings.project.as_ref()?.value.replace(' ', "%20");
            ("azure", format!("{organization}/{of}/_git/{}", name.replace(' ', "%20")))
        }
        RepositoryKind::Github if name.contains('/') => ("github", format!("https://github.com/{name}")),
        RepositoryKind::Github | RepositoryKind::Bitbucket => return None,
    };
    let folder = if own.folder == "." { String::new() } else { format!("{}/", own.folder) };
    Some(json!({ "kind": kind, "base": base, "branch": branch, "folder": folder }))
}
