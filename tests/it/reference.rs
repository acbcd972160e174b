//! The generated pages under `docs/reference` and `docs/rules` are what the table and the pages say. `MLOPSC_BLESS=1` rewrites them.

use crate::support::{files_below, repository};
use mlopsc::diag::{Group, Kind, Safety};
use mlopsc::explain;
use mlopsc::model::steps;
use mlopsc::schema::{Attribute, Block, Count, Head, Need, Type, declarations, pipeline, trigger};
use std::fmt::Write as _;

/// A Markdown file under construction.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        writeln!(self.0, "{line}").expect("a string takes it");
    }

    fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
    }
}

fn verify(path: &str, wanted: &str) {
    let file = repository(path);
    if std::env::var_os("MLOPSC_BLESS").is_some() {
        std::fs::write(&file, wanted).expect("the page can be written");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == wanted,
        "{path} is not current; `MLOPSC_BLESS=1 cargo test --test it reference` rewrites it"
    );
}

/// `deploy SERVICE`
fn form(row: &Block) -> String {
    let rest = match row.head {
        Head::None => String::new(),
        Head::Name => " NAME \"title\"".to_owned(),
        Head::Typed => " NAME: TYPE = value".to_owned(),
        Head::Arguments(arguments) => arguments.iter().fold(String::new(), |all, it| {
            let keyword = it.name.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
            let word = keyword.map_or_else(|| it.name.to_uppercase(), str::to_owned);
            if it.required { format!("{all} {word}") } else { format!("{all} [{word}]") }
        }),
    };
    format!("{}{rest}", row.word)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn takes(ty: Type) -> String {
    if matches!(ty, Type::Duration(..)) { ty.bounds() } else { ty.describe() }
}

fn attributes(page: &mut Page, rows: &[&Attribute]) {
    if rows.is_empty() {
        return;
    }
    page.line("| attribute | takes | where nothing is said | what it is |");
    page.line("|---|---|---|---|");
    for row in rows {
        let otherwise = match row.need {
            Need::Required => "must be written".to_owned(),
            Need::Optional => String::new(),
            Need::Default(value) => format!("`{value}`"),
        };
        page.line(&format!(
            "| `{}` | {} | {otherwise} | {} |",
            row.name,
            cell(&takes(row.ty)),
            cell(row.doc)
        ));
    }
    page.line("");
}

struct Words {
    page: Page,
    /// Blocks that have a section, so that shared ones get one only.
    told: Vec<(*const Block, String)>,
}

impl Words {
    fn block(&mut self, path: &str, depth: usize, row: &'static Block) {
        self.told.push((std::ptr::from_ref(row), path.to_owned()));
        self.page.paragraph(&format!("{} {path}", "#".repeat(depth)));
        self.page.paragraph(&format!("    {}", form(row)));
        self.page.paragraph(row.doc);
        if let Some(ty) = row.free {
            self.page.paragraph(&format!("Its keys are free; each takes {}.", ty.describe()));
        }
        let common: Vec<&str> = pipeline::STEP.iter().map(|it| it.name).collect();
        let is_row = |it: &Block| std::ptr::eq(it, row);
        let of_kind = |it: &Block| is_row(it) || it.variants.iter().any(|it| is_row(it.1));
        let is_step = steps::find(row.word).is_some_and(|it| of_kind(it.block));
        let own = row.all_attributes().filter(|it| !is_step || !common.contains(&it.name));
        attributes(&mut self.page, &own.collect::<Vec<_>>());
        self.list(path, row);
        for (word, variant) in row.variants {
            if !self.told.iter().any(|it| std::ptr::eq(it.0, *variant)) {
                self.block(&format!("{path} {word}"), (depth + 1).min(4), variant);
            }
        }
        for child in row.blocks {
            if !self.told.iter().any(|it| std::ptr::eq(it.0, child.block)) {
                self.block(&format!("{path} › {}", child.block.word), (depth + 1).min(4), child.block);
            }
        }
    }

    fn list(&mut self, path: &str, row: &Block) {
        if row.blocks.is_empty() {
            return;
        }
        self.page.line("In it:");
        self.page.line("");
        for child in row.blocks {
            let count = match child.count {
                Count::AtMostOne => "at most one",
                Count::ExactlyOne => "one",
                Count::Many => "any number",
            };
            let elsewhere = self.told.iter().find(|it| std::ptr::eq(it.0, child.block) && it.1 != path);
            let see = elsewhere.map_or_else(String::new, |it| format!(", as in {}", it.1));
            self.page.line(&format!("- `{}`: {count}{see}", form(child.block)));
        }
        self.page.line("");
    }
}

fn words() -> String {
    let mut words = Words { page: Page::default(), told: Vec::new() };
    words.page.paragraph("# Words of the language");
    words.page.paragraph(
        "Generated from the word table (`src/schema` and the step kinds) by `tests/it/reference.rs`.",
    );
    for child in declarations::TOP_LEVEL {
        words.block(child.block.word, 2, child.block);
    }
    for event in trigger::EVENTS {
        words.block(&format!("trigger {}", event.word), 3, event);
    }
    words.page.paragraph("## Steps");
    words.page.paragraph("What every step may say:");
    attributes(&mut words.page, &pipeline::STEP.iter().collect::<Vec<_>>());
    for kind in steps::KINDS {
        words.block(kind.block.word, 3, kind.block);
    }
    format!("{}\n", words.page.0.trim_end())
}

fn rules() -> String {
    let mut page = Page::default();
    page.paragraph("# What can be found");
    page.paragraph(
        "Generated from the pages of the codes by `tests/it/reference.rs`; `mlopsc explain CODE` shows a page, \
         `mlopsc rules` this list. A fix that is safe is applied by `--fix`, others are guesses, or change what runs.",
    );
    for group in Group::ALL {
        let kinds: Vec<Kind> = explain::kinds().into_iter().filter(|it| it.group == group).collect();
        if kinds.is_empty() {
            continue;
        }
        page.paragraph(&format!("## {}", group.word()));
        page.line("| code | severity | fix | what it means |");
        page.line("|---|---|---|---|");
        for it in kinds {
            let (code, severity, title) = (it.code, it.severity.word(), cell(explain::title(it.page)));
            let fix = it.fix.map_or("", Safety::word);
            page.line(&format!("| [`{code}`]({code}.md) | {severity} | {fix} | {title} |"));
        }
        page.line("");
    }
    format!("{}\n", page.0.trim_end())
}

/// The page with what the registry knows below its headline.
fn rule(kind: &Kind) -> String {
    let fix = kind.fix.map_or_else(String::new, |it| format!(" · {} fix", it.word()));
    let group = kind.group.word();
    let facts = format!("`{}` · {} · [{group}](README.md#{group}){fix}", kind.code, kind.severity.word());
    let text: Vec<&str> = explain::lines(kind.page).collect();
    let (head, rest) = text.split_first().expect("a page has a headline");
    format!("{head}\n\n{facts}\n{}\n", rest.join("\n"))
}

#[test]
fn the_words_are_current() {
    verify("docs/reference/words.md", &words());
}

#[test]
fn the_rules_are_current() {
    verify("docs/rules/README.md", &rules());
    let kinds = explain::kinds();
    for kind in &kinds {
        verify(&format!("docs/rules/{}.md", kind.code), &rule(kind));
    }
    let pages = files_below("docs/rules", ".md").into_iter().map(|(path, _)| path);
    let stale: Vec<String> = pages
        .filter(|path| {
            let name = path.trim_start_matches("docs/rules/").trim_end_matches(".md");
            name != "README" && !kinds.iter().any(|it| it.code == name)
        })
        .collect();
    assert!(stale.is_empty(), "nothing reports these any more; remove them: {stale:?}");
}

#[test]
fn the_schema_of_mlopsc_toml_is_current() {
    verify("docs/reference/mlopsc.schema.json", &mlopsc::cli::commands::config::schema());
}
