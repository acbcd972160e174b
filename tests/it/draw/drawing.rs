//! Where things stand in drawings, and pages that hold them.

use super::{HOSTILE, SYSTEM, picture};
use crate::examples::{analyze, complete};
use crate::texts::analysis;
use mlopsc::draw::layout::{self, Flow, Layout, Rect, Way, layout};
use mlopsc::draw::overview::{self, overview};
use mlopsc::draw::picture::{Edge, Kind, Link, Node};
use mlopsc::draw::{Picture, What, page, svg};
use mlopsc::driver::{self, Analysis};

/// What is wrong with a layout, in words.
fn faults(picture: &Picture, layout: &Layout) -> Vec<String> {
    let mut found = Vec::new();
    let page = Rect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
    let name = |it: usize| &picture.nodes[it].id;
    for (index, node) in picture.nodes.iter().enumerate() {
        let own = &layout.boxes[index];
        let outer = node.parent.map_or(&page, |it| &layout.boxes[it]);
        if !outer.holds(own) {
            found.push(format!("{} leaves what holds it", name(index)));
        }
        for other in index + 1..picture.nodes.len() {
            if picture.nodes[other].parent == node.parent && own.meets(&layout.boxes[other]) {
                found.push(format!("{} lies on {}", name(index), name(other)));
            }
        }
        let lines = layout::lines(node);
        for (style, line, foot) in &lines.lines {
            let right = lines.left + style.font().width(line);
            if right > own.width || *foot > own.height {
                found.push(format!("`{line}` does not fit into {}", name(index)));
            }
        }
    }
    for (edge, way) in picture.edges.iter().zip(&layout.ways) {
        let Some(way) = way else { continue };
        let met = (0..picture.nodes.len()).filter(|it| !around(picture, edge, *it));
        let met = met.filter(|it| points(way).iter().any(|point| inside(&layout.boxes[*it], *point)));
        found.extend(
            met.map(|it| format!("{} to {} runs through {}", name(edge.from), name(edge.to), name(it))),
        );
        let label = way.label.iter();
        let under =
            label.flat_map(|label| (0..picture.nodes.len()).filter(|it| layout.boxes[*it].meets(label)));
        let under: Vec<usize> = under.filter(|it| !around(picture, edge, *it)).collect();
        found.extend(under.iter().map(|it| format!("a label lies on {}", name(*it))));
    }
    found
}

/// Whether a node is an end of the edge, holds one, or is held by one.
fn around(picture: &Picture, edge: &Edge, node: usize) -> bool {
    let holds = |outer: usize, inner: usize| {
        let mut at = Some(inner);
        while let Some(it) = at {
            if it == outer {
                return true;
            }
            at = picture.nodes[it].parent;
        }
        false
    };
    [edge.from, edge.to].into_iter().any(|it| holds(node, it) || holds(it, node))
}

fn inside(rect: &Rect, (x, y): (f64, f64)) -> bool {
    x > rect.x + 0.6 && x < rect.x + rect.width - 0.6 && y > rect.y + 0.6 && y < rect.y + rect.height - 0.6
}

/// Points along a way, curves too.
fn points(way: &Way) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    for pair in way.points.windows(2) {
        let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
        for step in 0..=20 {
            let t = f64::from(step) / 20.0;
            let along = |a: f64, b: f64| a + (b - a) * t;
            // A cubic whose handles lie half way along the flow.
            let even = |a: f64, b: f64| {
                let half = f64::midpoint(a, b);
                let s = 1.0 - t;
                s * s * s * a + 3.0 * s * s * t * half + 3.0 * s * t * t * half + t * t * t * b
            };
            let late = |a: f64, b: f64| a + (b - a) * t * t * (3.0 - 2.0 * t);
            found.push(match way.flow {
                _ if (x1 - x2).abs() < 0.5 || (y1 - y2).abs() < 0.5 => (along(x1, x2), along(y1, y2)),
                Flow::Down => (late(x1, x2), even(y1, y2)),
                Flow::Right => (even(x1, x2), late(y1, y2)),
            });
        }
    }
    found
}

#[test]
fn nothing_lies_on_anything_in_the_examples() {
    for name in complete().into_iter().chain(["digitre_literal".to_owned()]) {
        let analysis = analyze(&format!("examples/{name}"));
        for what in What::ALL {
            let picture = picture(&analysis, what, None);
            assert_eq!(faults(&picture, &layout(&picture)), [""; 0], "{name} {what:?}");
        }
    }
}

/// Six pipelines that nothing connects but their environment: side by side they would be a line.
#[test]
fn what_would_be_a_wide_line_uses_the_height_too() {
    let stages =
        ["image", "dev", "qa", "prod"].map(|it| format!("stage {it} {{ approval = leads, run \"x\" }}\n"));
    let pipelines = (0..6).map(|it| {
        format!("pipeline p{it} {{\ntrigger schedule \"{it} 3 * * *\"\n{}stage out {{ environment = prod, run \"x\" }}\n}}\n", stages.concat())
    });
    let text = format!(
        "pool linux {{ image = \"ubuntu-24.04\" }}\nproject p {{ pool = linux }}\napproval leads {{ approvers = [\"a@b.example\"] }}\n\
         environment prod {{ }}\n{}",
        pipelines.collect::<String>()
    );
    let picture = picture(&analysis(&text, &[]), What::System, None);
    let found = layout(&picture);
    assert_eq!(faults(&picture, &found), [""; 0]);
    assert!(found.width < 2_000.0 && found.height < 2_600.0, "{} x {}", found.width, found.height);
}

/// Beside a high pipeline a trigger stands where its own pipeline begins, not at the end of a long line.
#[test]
fn triggers_stand_near_to_what_they_start() {
    let stages =
        ["a", "b", "c", "d", "e", "f", "g", "h"].map(|it| format!("stage {it} {{ run \"x\" }}\n")).concat();
    let text = format!(
        "pool linux {{ image = \"ubuntu-24.04\" }}\nproject p {{ pool = linux }}\nenvironment prod {{ }}\n\
         pipeline high {{\ntrigger push {{ branches = [\"main\"] }}\n{stages}}}\n\
         pipeline next {{\ntrigger after high\n{stages}stage out {{ environment = prod, run \"x\" }}\n}}\n\
         pipeline low {{\ntrigger schedule \"0 3 * * *\"\nstage out {{ environment = prod, run \"x\" }}\n}}\n"
    );
    let picture = picture(&analysis(&text, &[]), What::Pipeline, None);
    let found = layout(&picture);
    for (edge, way) in picture.edges.iter().zip(&found.ways).filter(|it| it.0.kind == Link::Starts) {
        let points = &way.as_ref().expect("it is drawn").points;
        let long = (points[0].1 - points[points.len() - 1].1).abs();
        assert!(long < 100.0, "{} runs {long}", picture.nodes[edge.from].title);
    }
}

/// Numbers by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
    }
}

/// Boxes in boxes, with edges between any two of them: rings, several between the same, from one to itself.
fn by_chance(seed: u64) -> Picture {
    let mut chance = Chance(seed);
    let count = 1 + chance.below(24);
    let kinds = [Kind::Source, Kind::Pipeline, Kind::Stage, Kind::Approval, Kind::Environment, Kind::Model];
    let mut nodes: Vec<Node> = Vec::new();
    for index in 0..count {
        let title = "x".repeat(1 + chance.below(40));
        let mut node = Node::new(kinds[chance.below(kinds.len())], format!("n{index}"), title);
        let holders: Vec<usize> = (0..index).filter(|it| nodes[*it].kind == Kind::Pipeline).collect();
        if chance.below(2) == 0 && !holders.is_empty() {
            node.parent = Some(holders[chance.below(holders.len())]);
        }
        nodes.push(node);
    }
    let links = [Link::Starts, Link::Then, Link::Runs];
    let edges = (0..chance.below(2 * count)).map(|_| Edge {
        from: chance.below(count),
        to: chance.below(count),
        kind: links[chance.below(links.len())],
        label: if chance.below(3) == 0 { "a label".to_owned() } else { String::new() },
        place: None,
    });
    let edges: Vec<Edge> = edges.collect();
    let what = What::ALL[chance.below(4)];
    Picture { what, title: "by chance".to_owned(), nodes, edges }
}

#[test]
fn any_graph_is_laid_out_the_same_each_time() {
    for seed in 0..150 {
        let picture = by_chance(seed);
        let found = layout(&picture);
        assert_eq!(faults(&picture, &found), [""; 0], "{seed}");
        let again = layout(&picture);
        assert_eq!(format!("{found:?}"), format!("{again:?}"), "{seed}");
    }
}

#[test]
fn an_empty_picture_has_a_size() {
    let empty = picture(&analysis("", &[]), What::System, None);
    let found = layout(&empty);
    assert!(found.width > 0.0 && found.height > 0.0);
    assert!(svg::svg(&empty, &analysis("", &[]).sources).ends_with("</svg>\n"));
}

#[test]
fn a_large_system_is_drawn_from_afar() {
    let (kept, is_far) = overview(picture(&analysis(SYSTEM, &[]), What::System, None));
    assert!(!is_far && kept.nodes.iter().any(|it| it.kind == Kind::Stage));
    let stages = (0..overview::MOST).map(|it| format!("stage s{it} {{ run \"x\" }}\n"));
    let stages: String = stages.collect();
    let text = format!(
        "pool linux {{ image = \"ubuntu-24.04\" }}\nproject p {{ pool = linux }}\napproval a {{ approvers = [\"a@b.example\"] }}\n\
         pipeline large {{\n{stages}stage last {{ approval = a, run \"x\" }}\n}}\npipeline next {{ trigger after large, stage s {{ run \"x\" }} }}"
    );
    let (far, is_far) = overview(picture(&analysis(&text, &[]), What::System, None));
    assert!(is_far);
    let told: Vec<(&str, Vec<String>)> = far
        .nodes
        .iter()
        .map(|it| (it.title.as_str(), it.notes.iter().map(mlopsc::draw::picture::Note::shown).collect()))
        .collect();
    let large = ["◆ only people start it", "2001 inside", "◆ a must agree, within 30d"].map(str::to_owned);
    assert_eq!(told, [("large", large.to_vec()), ("next", vec!["1 inside".to_owned()])]);
    assert_eq!((far.edges.len(), far.edges[0].from, far.edges[0].to), (1, 0, 1));
}

fn page_of(analysis: &Analysis) -> String {
    driver::drawn(analysis, |it| page::page(it, &page::pictures(it).0, Some("../")))
}

/// The data that a page holds.
fn data(page: &str) -> serde_json::Value {
    let inside = page.split("id=\"data\">").nth(1).and_then(|it| it.split("</script>").next());
    serde_json::from_str(inside.expect("it has some")).expect("it is JSON")
}

#[test]
fn a_page_holds_the_events_of_the_system() {
    let page = page_of(&analysis(SYSTEM, &[]));
    let data = data(&page);
    let titles: Vec<&str> =
        data["events"].as_array().expect("a list").iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(
        titles,
        [
            "push to engine, branch develop",
            "the clock: tue 2026-01-06 03:00 UTC",
            "somebody starts build",
            "somebody starts release",
            "somebody starts alone"
        ]
    );
    let entries = data["events"][0]["entries"].as_array().expect("a list");
    let reached = entries.iter().find(|it| it["also"][0] == "environment:qa").expect("it is reached");
    assert_eq!((&reached["node"], &reached["mark"]), (&"stage:build.out".into(), &"succeeds".into()));
    let start = entries.iter().find(|it| it["mark"] == "starts").expect("a run starts");
    assert_eq!((&start["pipeline"], &start["place"]), (&"pipeline:build".into(), &"main.mlops:11".into()));
    assert!(page.contains("data-to=\"pipeline:build\" data-place=\"main.mlops:11\""), "its edge is found");
}

#[test]
fn people_who_are_asked_belong_to_their_stage() {
    let data = data(&page_of(&analysis(SYSTEM, &[])));
    let entries = data["events"][3]["entries"].as_array().expect("a list");
    let asks = entries.iter().find(|it| it["text"].as_str().is_some_and(|it| it.contains("must agree")));
    assert_eq!(asks.expect("they are asked")["node"], "stage:release.live");
}

#[test]
fn a_page_is_bounded() {
    let many = (0..page::MOST_EVENTS + 5)
        .map(|it| format!("pipeline p{it} {{ trigger manual, stage s {{ run \"x\" }} }}\n"));
    let text = format!(
        "pool linux {{ image = \"ubuntu-24.04\" }}\nproject p {{ pool = linux }}\n{}",
        many.collect::<String>()
    );
    let data = data(&page_of(&analysis(&text, &[])));
    let events = data["events"].as_array().expect("a list");
    assert_eq!(events.len(), page::MOST_EVENTS);
    assert!(
        events.iter().all(|it| it["entries"].as_array().is_some_and(|it| it.len() <= page::MOST_ENTRIES))
    );
}

#[test]
fn hostile_names_do_not_break_out_of_pages() {
    let page = page_of(&analysis(HOSTILE, &[]));
    for (element, count) in
        [("<script", 2), ("</script", 2), ("<b onload", 0), ("</svg", 2), ("]]>", 0), ("<!--", 0)]
    {
        assert_eq!(page.matches(element).count(), count, "{element}");
    }
    assert!(page.contains("&lt;/script&gt;&lt;b onload=&#39;x&#39;&gt;&amp;amp;"), "{page}");
    assert!(!data(&page)["events"].as_array().expect("a list").is_empty());
}

#[test]
fn a_page_fetches_nothing() {
    for name in complete() {
        let page = page_of(&analyze(&format!("examples/{name}")));
        for fetches in ["src=", "@import", "url(", "fetch(", "XMLHttpRequest", "<iframe", "http://"] {
            let found = page.replace("http://www.w3.org/2000/svg", "");
            assert!(!found.contains(fetches), "{name}: {fetches}");
        }
        assert!(page.contains("Content-Security-Policy\" content=\"default-src 'none'"));
    }
}
