//! Colours, each for a light and a dark page. Every text is told from its ground by 4.5 to 1 or more.

use std::fmt::Write as _;

/// Selector, property, on light, on dark.
const COLOURS: &[(&str, &str, &str, &str)] = &[
    (".page", "fill", "#ffffff", "#0d1117"),
    (".head", "fill", "#1f2328", "#f0f6fc"),
    (".note", "fill", "#424a53", "#b7bfc8"),
    (".caption", "fill", "#57606a", "#9aa4af"),
    (".asks", "fill", "#a40e26", "#ff8e86"),
    (".warns", "fill", "#a40e26", "#ff8e86"),
    (".waits", "fill", "#7d4e00", "#e3b341"),
    (".if", "fill", "#0550ae", "#79c0ff"),
    (".to", "fill", "#116329", "#56d364"),
    (".guards", "fill", "#6639ba", "#d2a8ff"),
    (".work>.box", "fill", "#ffffff", "#0d1117"),
    (".work>.box", "stroke", "#8c959f", "#6e7681"),
    (".pipeline>.box", "fill", "#f6f8fa", "#161b22"),
    (".pipeline>.box", "stroke", "#57606a", "#8b949e"),
    (".source>.box", "fill", "#fff8c5", "#272115"),
    (".source>.box", "stroke", "#9a6700", "#d29922"),
    (".approval>.box", "fill", "#ffebe9", "#301b1e"),
    (".approval>.box", "stroke", "#cf222e", "#f85149"),
    (".environment>.box", "fill", "#dafbe1", "#12261e"),
    (".environment>.box,.environment>.inner", "stroke", "#1a7f37", "#3fb950"),
    (".ml>.box", "fill", "#fbefff", "#211830"),
    (".ml>.box,.ml>.inner", "stroke", "#8250df", "#a371f7"),
    (".model>.box", "fill", "#fbefff", "#211830"),
    (".model>.box,.model>.inner", "stroke", "#8250df", "#a371f7"),
    (".port>.box", "fill", "#ddf4ff", "#0c2438"),
    (".port>.box", "stroke", "#0969da", "#58a6ff"),
    (".line", "stroke", "#6e7781", "#8b949e"),
    (".tip", "fill", "#6e7781", "#8b949e"),
    (".starts .line", "stroke", "#9a6700", "#d29922"),
    (".starts .tip", "fill", "#9a6700", "#d29922"),
    (".deploys .line,.changes .line", "stroke", "#1a7f37", "#3fb950"),
    (".deploys .tip,.changes .tip", "fill", "#1a7f37", "#3fb950"),
    (".data .line,.runs .line,.decides .line", "stroke", "#8250df", "#a371f7"),
    (".data .tip,.runs .tip,.decides .tip", "fill", "#8250df", "#a371f7"),
    (".label rect", "fill", "#ffffff", "#0d1117"),
    (".holds .label rect", "fill", "#f6f8fa", "#161b22"),
    (".label text", "fill", "#424a53", "#b7bfc8"),
];

const SHAPES: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif}\
.head{font-size:14px;font-weight:700}\
.caption{font-size:9px;font-weight:700;letter-spacing:0}\
.label text{font-size:11px;text-anchor:middle}\
.label rect{fill-opacity:.92}\
.box{stroke-width:1.5}\
.pipeline>.box{stroke-width:2}\
.inner{fill:none;stroke-width:1}\
.line{fill:none;stroke-width:1.6}\
.starts .line{stroke-width:2.4}\
.broken .line{stroke-dasharray:6 4}";

/// The sheet of a drawing, for its elements only.
pub fn sheet() -> String {
    let mut sheet = String::new();
    for part in SHAPES.split_inclusive('}') {
        sheet.push_str(&scoped(part));
    }
    let colours = |sheet: &mut String, dark: bool| {
        for (selector, property, light, other) in COLOURS {
            let colour = if dark { other } else { light };
            sheet.push_str(&scoped(&format!("{selector}{{{property}:{colour}}}")));
        }
    };
    colours(&mut sheet, false);
    let mut dark = String::new();
    colours(&mut dark, true);
    let _ = write!(sheet, "@media(prefers-color-scheme:dark){{{dark}}}");
    sheet
}

/// `.a,.b{…}` as `.mlops .a,.mlops .b{…}`.
fn scoped(rule: &str) -> String {
    let Some((selectors, body)) = rule.split_once('{') else { return String::new() };
    let selectors: Vec<String> = selectors.split(',').map(|it| format!(".mlops {it}")).collect();
    format!("{}{{{body}", selectors.join(","))
}
