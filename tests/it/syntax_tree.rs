//! The tree of healthy texts: which shape becomes what, and where it stands.

use mlopsc::base::span::{FileId, Span};
use mlopsc::syntax::ast::{Block, Expr, ExprKind, File, Index, Operator, Part, Statement, Text};
use mlopsc::syntax::parse;

fn healthy(text: &str) -> File {
    let (file, findings) = parse(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    file
}

fn only(text: &str) -> Statement {
    let mut statements = healthy(text).statements;
    assert_eq!(statements.len(), 1, "{text}");
    statements.remove(0)
}

fn block(text: &str) -> Block {
    match only(text) {
        Statement::Block(block) => block,
        other => panic!("{text} is no block: {other:?}"),
    }
}

fn value(text: &str) -> Expr {
    match only(&format!("a = {text}")) {
        Statement::Attribute(attribute) => attribute.value,
        other => panic!("{text} is no value: {other:?}"),
    }
}

fn string(text: &str) -> Text {
    match value(text).kind {
        ExprKind::String(text) => text,
        other => panic!("{text} is no text: {other:?}"),
    }
}

fn at(text: &str, span: Span) -> &str {
    &text[span.range()]
}

/// An expression in brackets, so that the tree can be read.
fn shape(expr: &Expr) -> String {
    let all = |items: &[Expr]| items.iter().map(shape).collect::<Vec<_>>().join(" ");
    match &expr.kind {
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::String(text) => format!("{:?}", text.value),
        ExprKind::Number(it) => format!("{}{}", it.digits, it.unit),
        ExprKind::Path(path) => {
            let segments = path.segments.iter().map(|it| {
                let indices = it.indices.iter().map(|index| match index {
                    Index::All(_) => "[*]".to_owned(),
                    Index::At(it) => format!("[{}]", shape(it)),
                });
                format!("{}{}", it.name.value, indices.collect::<String>())
            });
            segments.collect::<Vec<_>>().join(".")
        }
        ExprKind::Call(path, arguments) => {
            format!("({} {})", path.segments.last().expect("a path has names").name.value, all(arguments))
        }
        ExprKind::List(items) => format!("[{}]", all(items)),
        ExprKind::Record(items) => {
            let pairs = items.iter().map(|it| format!("{}={}", it.key.value, shape(&it.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
        ExprKind::Not(it) => format!("(! {})", shape(it)),
        ExprKind::Binary(operator, left, right) => {
            format!("({operator:?} {} {})", shape(left), shape(right))
        }
        ExprKind::If(condition, then, otherwise) => {
            format!("(if {} {} {})", shape(condition), shape(then), shape(otherwise))
        }
        ExprKind::Broken => "broken".to_owned(),
    }
}

#[test]
fn operators_bind_as_documented() {
    let cases = [
        ("1 + 2 * 3 - 4", "(Subtract (Add 1 (Multiply 2 3)) 4)"),
        ("0..n + 1", "(Range 0 (Add n 1))"),
        ("!a && b || c", "(Or (And (! a) b) c)"),
        ("a == b && c in [d, e]", "(And (Equal a b) (In c [d e]))"),
        ("a || b && !(c || d)", "(Or a (And b (! (Or c d))))"),
        ("a == 1\n  && b != 2\n  || c", "(Or (And (Equal a 1) (NotEqual b 2)) c)"),
        ("a &&\n  b", "(And a b)"),
        ("250m..500m", "(Range 250m 500m)"),
        ("-1..1", "(Range -1 1)"),
        ("a - 1", "(Subtract a 1)"),
        ("if a then b else if c then d else e", "(if a b (if c d e))"),
        ("if a\n  && b then\n  c\n  else d", "(if (And a b) c d)"),
        ("first[e, k].b[\"c\"].d[*]", "first[e][k].b[\"c\"].d[*]"),
        ("succeeded(a, b.c) && changed(\"src/**\")", "(And (succeeded a b.c) (changed \"src/**\"))"),
        ("[{ k = 1, \"l\" = 2 }\n  { k = 70% }\n]", "[{k=1 l=2} {k=70%}]"),
        ("a..b", "(Range a b)"),
        ("[\n  // nothing\n]", "[]"),
    ];
    for (text, expected) in cases {
        assert_eq!(shape(&value(text)), expected, "{text}");
    }
}

#[test]
fn spans_end_where_things_end() {
    let text =
        "/// Why.\nstage train[e] \"Title\" as t {   // c\n  a = b + 1   // d\n  wait 24h\n\n}  // e\n";
    let stage = block(text);
    assert_eq!(at(text, stage.head), "stage train[e] \"Title\" as t");
    assert!(at(text, stage.span).ends_with("24h\n\n}"));
    assert_eq!(stage.doc.as_deref(), Some("Why."));
    let body = stage.body.expect("the block has a body");
    assert_eq!(at(text, body.span).chars().next(), Some('{'));
    let [Statement::Attribute(a), Statement::Block(wait)] = body.statements.as_slice() else {
        panic!("two statements")
    };
    assert_eq!((at(text, a.span), at(text, a.value.span)), ("a = b + 1", "b + 1"));
    assert_eq!((at(text, wait.span), at(text, wait.head)), ("wait 24h", "wait 24h"));
}

#[test]
fn heads_of_blocks() {
    let cases = [
        ("checkout none", 1, None, false),
        ("trigger after x", 2, None, false),
        ("register price from train.model { when = a }", 3, None, true),
        ("schedule \"0 3 * * *\"", 1, None, false),
        ("secret api_key", 1, None, false),
        ("submit ml as fit { }", 1, Some("fit"), true),
        ("submit ml as fit[e]", 1, Some("fit"), false),
        ("task \"Name@2\" { inputs { a = 1 } }", 1, None, true),
        ("expect runs [a, b]", 2, None, false),
        ("extra{ }", 0, None, true),
        ("ensure latest(raw) -1", 2, None, false),
    ];
    for (text, arguments, alias, has_body) in cases {
        let block = block(text);
        let found = block.alias.as_ref().map(|it| it.ident.value.as_str());
        assert_eq!(
            (block.arguments.len(), found, block.body.is_some()),
            (arguments, alias, has_body),
            "{text}"
        );
    }
    let quoted = block("\"free key\" { }");
    assert!(quoted.quoted && quoted.word.value == "free key");
}

#[test]
fn statements_are_told_apart() {
    let text = "let a = 1\noption b: string = \"x\" { c = 1 }\nuse t as x { a = api }\ntemplate t(a: service, n: [int] = [1]) { }\nfor e, i in 0..4 { }\nif a { } else if b { } else { }\nif = 3\nparam c: [string]\nd { }\n";
    let kinds: Vec<&str> = healthy(text).statements.iter().map(kind).collect();
    let expected =
        ["let", "declaration", "use", "template", "for", "if", "attribute", "declaration", "block"];
    assert_eq!(kinds, expected);
}

fn kind(statement: &Statement) -> &'static str {
    match statement {
        Statement::Attribute(_) => "attribute",
        Statement::Declaration(_) => "declaration",
        Statement::Block(_) => "block",
        Statement::For(_) => "for",
        Statement::If(_) => "if",
        Statement::Let(_) => "let",
        Statement::Template(_) => "template",
        Statement::Use(_) => "use",
        Statement::Broken(_) => "broken",
    }
}

#[test]
fn else_if_is_a_body_that_holds_an_if() {
    let Statement::If(first) = only("if a {\n}\nelse if b {\n}\n// why\nelse {\n  c = 1\n}") else {
        panic!("an if")
    };
    let second = first.otherwise.expect("the first has an else");
    let [Statement::If(second)] = second.statements.as_slice() else { panic!("one if in the body") };
    assert_eq!(second.otherwise.as_ref().expect("the second has an else").statements.len(), 1);
}

#[test]
fn docs_belong_to_what_follows() {
    let text =
        "a = 1 /// not a doc\n\n/// One\n///  two\n\n///\n/// three\nstage x { }\n//// no doc\nstage y { }\n";
    let file = healthy(text);
    let docs: Vec<Option<String>> = file.statements.iter().map(doc).collect();
    assert_eq!(docs, [None, Some("One\n two\n\nthree".to_owned()), None]);
    assert_eq!(file.comments.len(), 6);
    assert_eq!(file.comments.iter().filter(|it| it.doc).count(), 4);
    assert_eq!(at(text, file.comments[0].span), "/// not a doc");
}

fn doc(statement: &Statement) -> Option<String> {
    match statement {
        Statement::Block(block) => block.doc.clone(),
        _ => None,
    }
}

#[test]
fn escapes_of_a_line() {
    let text = string(r#""a \"b\" \\ \t\n \$x ${run.id}""#);
    assert_eq!(text.value, "a \"b\" \\ \t\n \\$x ${run.id}");
    assert_eq!(text.parts[0], Part::Literal("a \"b\" \\ \t\n $x ".to_owned()));
    assert!(matches!(&text.parts[1..], [Part::Splice(_)]));
    assert_eq!(string("\"\"").parts, []);
}

#[test]
fn splices_are_expressions_with_their_places() {
    let source = "a = \"é ${a.b[0] + 1} ${{inputs.x}} $[[ y ]] ${1} ${VAR:-x} ${#a[@]} $HOME ${open\"";
    let Statement::Attribute(attribute) = only(source) else { panic!("an attribute") };
    let ExprKind::String(text) = attribute.value.kind else { panic!("a text") };
    let shown: Vec<String> = text.parts.iter().map(|part| part_of(source, part)).collect();
    let expected = [
        "literal é ",
        "splice a.b[0] + 1 = (Add a.b[0] 1)",
        "literal  ${{inputs.x}} $[[ y ]] ",
        "opaque ${1} at ${1}",
        "literal  ",
        "opaque ${VAR:-x} at ${VAR:-x}",
        "literal  ",
        "opaque ${#a[@]} at ${#a[@]}",
        "literal  $HOME ",
        "opaque ${open at ${open",
    ];
    assert_eq!(shown, expected);
}

fn part_of(source: &str, part: &Part) -> String {
    match part {
        Part::Literal(it) => format!("literal {it}"),
        Part::Splice(it) => format!("splice {} = {}", at(source, it.span), shape(it)),
        Part::Known { .. } => unreachable!("parsing works nothing out"),
        Part::Opaque(it) => format!("opaque {} at {}", it.value, at(source, it.span)),
    }
}

#[test]
fn blocks_of_text_lose_their_margin() {
    let source = "a = \"\"\"\n    one ${x} \\$y \\n\n\n      two\n    \"\"\"\n";
    for source in [source.to_owned(), source.replace('\n', "\r\n")] {
        let Statement::Attribute(attribute) = only(&source) else { panic!("an attribute") };
        let ExprKind::String(text) = attribute.value.kind else { panic!("a text") };
        assert_eq!(text.value, "one ${x} \\$y \\n\n\n  two");
        assert!(text.block && at(&source, text.raw).trim_start().starts_with("one"));
        let [Part::Literal(one), Part::Splice(x), Part::Literal(rest)] = text.parts.as_slice() else {
            panic!("three parts: {:?}", text.parts)
        };
        assert_eq!((one.as_str(), at(&source, x.span)), ("one ", "x"));
        assert_eq!(rest, " $y \\n\n\n  two");
    }
}

#[test]
fn longer_fences_hold_shorter_ones() {
    let text = string("\"\"\"\"\n  \"\"\"\n  x \"quoted\"\n  \"\"\"\n  \"\"\"\"");
    assert_eq!(text.value, "\"\"\"\nx \"quoted\"\n\"\"\"");
    assert_eq!(string("\"\"\"\n\"\"\"").value, "");
    assert_eq!(string("\"\"\"\n  \"\"\"doc\"\"\"\n  \"\"\"").value, "\"\"\"doc\"\"\"");
}

#[test]
fn numbers_keep_their_units() {
    for (text, digits, unit) in [
        ("20m", "20", "m"),
        ("1e-4", "1e-4", ""),
        ("0.5", "0.5", ""),
        ("2Ei", "2", "Ei"),
        ("-7d", "-7", "d"),
        ("60%", "60", "%"),
        ("0", "0", ""),
    ] {
        let ExprKind::Number(number) = value(text).kind else { panic!("{text} is a number") };
        assert_eq!((number.digits.as_str(), number.unit.as_str()), (digits, unit));
    }
    assert!(matches!(value("0..4").kind, ExprKind::Binary(Operator::Range, ..)));
}

#[test]
fn any_line_ends_and_blanks_do() {
    for (name, text) in super::syntax::cases("ok") {
        let expected = healthy(&text).statements.len();
        let variants = [
            text.replace('\n', "\r\n"),
            format!("\u{FEFF}{text}"),
            text.trim_end().to_owned(),
            text.replace("  ", "\t"),
            format!("{text}// the end"),
        ];
        for variant in variants {
            assert_eq!(healthy(&variant).statements.len(), expected, "{name}");
        }
    }
    assert_eq!(healthy("").statements, []);
    assert_eq!(healthy("\u{FEFF}").statements, []);
    assert_eq!(healthy("// only").comments.len(), 1);
    let bom = healthy("\u{FEFF}/// Doc.\nstage x { }");
    assert_eq!(doc(&bom.statements[0]).as_deref(), Some("Doc."));
}
