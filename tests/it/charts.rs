//! Charts that exist: which values their templates read, what their schema allows, what is written for them.

use crate::support::render;
use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver::{self, Analysis};
use mlopsc::emit::helm;

const METADATA: &str = "apiVersion: v2\nname: api\nversion: 1.2.3\n";
const AROUND: &str =
    "environment prod { target aks { cluster = \"c\", resource_group = \"rg\", namespace = \"n\" } }\n";

/// A project with this chart and these values.
fn analysis(chart: &[(&str, &str)], values: &str) -> Analysis {
    let head = "chart \"charts/api\" { image_repository = \"none\", image_tag = \"none\" }";
    whole(
        chart,
        &format!("service api {{\nimage = \"team/api\"\n{head}\nvalues {{\n{values}\n}}\n}}\n{AROUND}"),
    )
}

fn whole(chart: &[(&str, &str)], text: &str) -> Analysis {
    let mut files: Vec<(String, String)> =
        chart.iter().map(|(path, text)| (format!("charts/api/{path}"), (*text).to_owned())).collect();
    if !chart.iter().any(|it| it.0 == "Chart.yaml") {
        files.push(("charts/api/Chart.yaml".to_owned(), METADATA.to_owned()));
    }
    let mut sources = Sources::default();
    sources.add("x.mlops".to_owned(), text.to_owned());
    driver::analyze(sources, &Memory(files.into_iter().collect()))
}

/// The values that are told to be read by nobody.
fn unread(template: &str, values: &str) -> Vec<String> {
    told(&analysis(&[("templates/all.yaml", template)], values), "chart-value-unread")
}

fn told(analysis: &Analysis, code: &str) -> Vec<String> {
    let found = analysis.findings.iter().filter(|it| it.code == code);
    found.map(|it| it.message.split('`').nth(1).unwrap_or(&it.message).to_owned()).collect()
}

const NESTED: &str = "a { b { c = 1, d = 2 }, e = 3 }\nf = 4";

#[test]
fn what_is_read_by_its_path() {
    assert_eq!(unread("{{ .Values.a.b.c }}", NESTED), ["a.b.d", "a.e", "f"]);
    assert_eq!(unread("{{- $.Values.a.b.c | quote -}}", NESTED), ["a.b.d", "a.e", "f"]);
    assert_eq!(unread("{{ toYaml .Values.a | nindent 4 }}", NESTED), ["f"]);
    assert_eq!(unread("{{ if and .Values.f (not .Values.a.e) }}x{{ end }}", NESTED), ["a.b"]);
    assert_eq!(unread("{{/* .Values.a */}}{{ .Values.f }} .Values.a", NESTED), ["a"]);
    assert_eq!(unread("{{ \".Values.a\" }}{{ `{{ .Values.a }}` }}", NESTED), ["a", "f"]);
    assert_eq!(unread("{{ (.Values.a).e }}", NESTED), ["f"]);
}

#[test]
fn what_is_read_by_functions() {
    let keys = "\"a-b\" { \"c.d\" = 1, e = 2 }\nf = 3";
    assert_eq!(unread("{{ index .Values \"a-b\" \"c.d\" }}", keys), ["a-b.e", "f"]);
    assert_eq!(unread("{{ get .Values \"f\" }}{{ hasKey .Values \"a-b\" }}", keys), [""; 0]);
    assert_eq!(unread("{{ index .Values $x }}", keys), [""; 0]);
    assert_eq!(unread("{{ .Values | toYaml }}", keys), [""; 0]);
    assert_eq!(unread("{{ dig \"a-b\" \"x\" 1 .Values }}", keys), [""; 0]);
}

#[test]
fn what_is_read_inside_of_with() {
    assert_eq!(
        unread("{{ with .Values.a }}{{ .e }}{{ with .b }}{{ .c }}{{ end }}{{ end }}", NESTED),
        ["a.b.d", "f"]
    );
    assert_eq!(unread("{{ with .Values.a }}{{ toYaml . }}{{ end }}", NESTED), ["f"]);
    assert_eq!(unread("{{ with .Values.a }}x{{ end }}", NESTED), ["f"]);
    assert_eq!(unread("{{ with .Values.a }}{{ $.Values.f }}{{ .e }}{{ end }}", NESTED), ["a.b"]);
    assert_eq!(unread("{{ with .Values.a }}{{ .e }}{{ else }}{{ .Values.f }}{{ end }}", NESTED), ["a.b"]);
    assert_eq!(unread("{{ $a := .Values.a }}{{ $a.e }}", NESTED), ["a.b", "f"]);
    assert_eq!(unread("{{ with $a := .Values.a }}{{ $a.e }}{{ .b.c }}{{ end }}", NESTED), ["a.b.d", "f"]);
    assert_eq!(unread("{{ range $k, $v := .Values.a }}{{ $v }}{{ end }}", NESTED), ["f"]);
    assert_eq!(unread("{{ range .Values.a }}{{ .x }}{{ end }}{{ .Values.f }}", NESTED), [""; 0]);
}

#[test]
fn what_named_templates_read() {
    let define = "{{ define \"n\" }}{{ .Values.a.e }}{{ .b }}{{ end }}";
    assert_eq!(unread(&format!("{define}{{{{ include \"n\" . }}}}"), NESTED), ["a.b", "f"]);
    assert_eq!(unread(&format!("{define}{{{{ include \"n\" .Values.f }}}}"), NESTED), ["a.b"]);
    assert_eq!(unread("{{ include \"of.a.library\" . }}", NESTED), [""; 0], "nobody knows what it reads");
    let helper = [("templates/_helpers.tpl", define), ("templates/x.yaml", "{{ template \"n\" $ }}")];
    assert_eq!(told(&analysis(&helper, NESTED), "chart-value-unread"), ["a.b", "f"]);
}

#[test]
fn values_that_are_templates() {
    let own = [("templates/x.yaml", "{{ tpl .Values.f . }}"), ("values.yaml", "f: \"{{ .Values.a.e }}\"\n")];
    assert_eq!(told(&analysis(&own, NESTED), "chart-value-unread"), ["a.b"]);
}

#[test]
fn charts_inside() {
    let metadata =
        format!("{METADATA}dependencies:\n- {{name: db, version: 1.0.0, condition: db.enabled}}\n");
    let values = "db { enabled = true, size = 1, sise = 2 }\nglobal { x = 1 }\ncache { x = 1 }\nother = 1";
    let files = [
        ("Chart.yaml", metadata.as_str()),
        ("charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("charts/db/templates/x.yaml", "{{ .Values.size }}"),
        ("charts/cache-1.2.3.tgz", "packed"),
    ];
    assert_eq!(told(&analysis(&files, values), "chart-value-unread"), ["db.sise", "other"]);
    let fetched_later = [("Chart.yaml", metadata.as_str())];
    assert_eq!(told(&analysis(&fetched_later, values), "chart-value-unread"), ["cache", "other"]);
}

#[test]
fn a_slip_is_answered_with_the_key_that_is_read() {
    let analysis = analysis(&[("templates/x.yaml", "{{ .Values.replicaCount }}")], "replicaCuont = 3");
    insta::assert_snapshot!(render(&analysis.sources, &analysis.findings));
}

#[test]
fn the_image_goes_where_the_chart_takes_it() {
    let chart = [("templates/x.yaml", "{{ .Values.web.image }}{{ .Values.image.tag }}")];
    let text = |head: &str| {
        format!("service api {{\nimage = \"team/api\"\nchart \"charts/api\" {head}\n}}\n{AROUND}")
    };
    assert_eq!(told(&whole(&chart, &text("")), "chart-value-unread"), ["image.repository"]);
    assert_eq!(
        told(&whole(&chart, &text("{ image_repository = \"web.image\" }")), "chart-value-unread"),
        [""; 0]
    );
}

/// What the schema says against the values.
fn mismatches(schema: &str, values: &str) -> Vec<String> {
    let chart = [("templates/x.yaml", "{{ toYaml .Values }}"), ("values.schema.json", schema)];
    let analysis = analysis(&chart, values);
    let found = analysis.findings.iter().filter(|it| it.code == "chart-value-mismatch");
    found.map(|it| it.message.clone()).collect()
}

#[test]
fn values_against_a_schema() {
    let schema = r##"{
      "type": "object",
      "required": ["name"],
      "additionalProperties": false,
      "properties": {
        "name": { "type": "string", "minLength": 2, "pattern": "^[a-z]+$" },
        "count": { "$ref": "#/definitions/count" },
        "mode": { "enum": ["one", "two"] },
        "list": { "type": "array", "maxItems": 2, "items": { "type": "integer" } },
        "port": { "anyOf": [{ "type": "string" }, { "type": "integer", "maximum": 65535 }] },
        "free": { "type": "object", "additionalProperties": { "type": "string" } }
      },
      "definitions": { "count": { "type": ["integer", "null"], "minimum": 1 } }
    }"##;
    let cases = [
        ("name = \"ab\"\ncount = 3\nmode = \"one\"\nlist = [1, 2]\nport = 80\nfree { a = \"b\" }", ""),
        ("count = 3", "`name` is required by the chart"),
        ("name = \"a\"", "`name` has 1 characters, and the chart takes at least 2"),
        ("name = \"aB\"", "`name` does not match `^[a-z]+$`"),
        ("name = \"ab\"\ncount = \"3\"", "`count` is a text, and the chart takes integer or null"),
        ("name = \"ab\"\ncount = 0", "`count` is below 1"),
        ("name = \"ab\"\nmode = \"three\"", "`mode` is none of `\"one\"`, `\"two\"`"),
        ("name = \"ab\"\nlist = [1, \"x\"]", "`list.1` is a text, and the chart takes integer"),
        ("name = \"ab\"\nlist = [1, 2, 3]", "`list` has 3 items, and the chart takes at most 2"),
        ("name = \"ab\"\nport = 70000", "`port` is above 65535"),
        ("name = \"ab\"\nport = true", "`port` has no form that the chart takes"),
        ("name = \"ab\"\nfree { a = 1 }", "`free.a` is a number, and the chart takes string"),
        ("name = \"ab\"\nnaem = 1", "`naem` is no key that the chart takes"),
    ];
    for (values, expected) in cases {
        let found = mismatches(schema, values);
        assert_eq!(found.join("; "), expected, "{values}");
    }
}

#[test]
fn a_mismatch_of_an_environment_stands_there() {
    let chart = [
        ("templates/x.yaml", "{{ toYaml .Values }}"),
        ("values.yaml", "replicas: 1\n"),
        ("values.schema.json", r#"{ "properties": { "replicas": { "type": "integer" } } }"#),
    ];
    let text = "service api {\nimage = \"team/api\"\nchart \"charts/api\"\nvalues { replicas = 2 }\n}\n\
        environment prod {\ntarget aks { cluster = \"c\", resource_group = \"rg\", namespace = \"n\" }\nservice api { values { replicas = \"2\" } }\n}\n";
    let analysis = whole(&chart, text);
    insta::assert_snapshot!(render(&analysis.sources, &analysis.findings));
}

#[test]
fn charts_that_helm_refuses() {
    let broken = |files: &[(&str, &str)]| {
        let analysis = analysis(files, "");
        let found = analysis.findings.iter().find(|it| it.code == "chart-broken");
        found.map(|it| it.message.clone()).unwrap_or_default()
    };
    assert_eq!(broken(&[("Chart.yaml", METADATA)]), "");
    let cases = [
        ("name: api\nversion: 1.2.3\n", "has no `apiVersion: v2`"),
        ("apiVersion: v2\nversion: 1.2.3\n", "has no `name`"),
        ("apiVersion: v2\nname: api\nversion: one\n", "has no `version`"),
        ("- a\n", "is no map"),
        ("a: [\n", "is no YAML"),
    ];
    for (text, expected) in cases {
        let found = broken(&[("Chart.yaml", text)]);
        assert!(found.contains("`charts/api/Chart.yaml`") && found.contains(expected), "{text}: {found}");
    }
    assert!(broken(&[("values.yaml", "[1]")]).contains("`charts/api/values.yaml` is no map"));
    assert!(broken(&[("values.schema.json", "{")]).contains("is no JSON"));
    let nothing = whole(
        &[("README.md", "x"), ("Chart.yaml", METADATA)],
        &format!("service api {{ image = \"x\", chart \"charts\" }}\n{AROUND}"),
    );
    assert_eq!(told(&nothing, "chart-broken"), ["charts/Chart.yaml"]);
}

#[test]
fn a_chart_is_a_folder_of_the_project() {
    let text = |folder: &str| format!("service api {{ image = \"x\", chart \"{folder}\" }}\n{AROUND}");
    for (folder, message) in [
        ("charts/none", "there is no folder"),
        ("../charts", "leaves the project"),
        ("charts/api/Chart.yaml", "there is no folder"),
    ] {
        let analysis = whole(&[], &text(folder));
        assert!(
            analysis.findings.iter().any(|it| it.code == "missing-file" && it.message.contains(message)),
            "{folder}"
        );
    }
}

#[test]
fn a_chart_that_exists_gets_values_only() {
    let chart = [("templates/x.yaml", "{{ toYaml .Values }}")];
    let text = "container_registry acr { name = \"acrdigitre\", existing = true }\n\
        service api {\nimage = \"team/api\"\nregistry = acr\nchart \"charts/api\"\nvalues { image { pullPolicy = \"Always\" }, replicas = 2, list = [{ a = 1.5 }, \"on\"] }\n}\n\
        environment prod {\ntarget aks { cluster = \"c\", resource_group = \"rg\", namespace = \"n\" }\nservice api { values { replicas = 3 } }\n}\n\
        environment qa {\ntarget aks { cluster = \"c\", resource_group = \"rg\", namespace = \"q\" }\nservice api {}\n}\n";
    let analysis = whole(&chart, text);
    assert!(!analysis.has_errors(), "{}", render(&analysis.sources, &analysis.findings));
    let files = helm::emit(&analysis.project, &analysis.sources);
    let written: String = files.iter().flat_map(|it| ["==> ", &it.path, "\n", &it.text]).collect();
    insta::assert_snapshot!(written);
}

const DEPLOYED: &str = "connection azure { type = azure_rm }\npipeline go {\ntrigger manual\nconnection = azure\nstage all {\nenvironment = prod\n";

#[test]
fn values_of_one_deployment_are_checked_like_those_of_the_service() {
    let chart = [
        ("templates/x.yaml", "{{ .Values.weight }}"),
        ("values.schema.json", r#"{ "properties": { "weight": { "type": "integer", "maximum": 100 } } }"#),
    ];
    let service = "service api { chart \"charts/api\" { image_tag = \"none\" }, values { weight = 0 } }\n";
    let of = |values: &str| {
        whole(&chart, &format!("{service}{AROUND}{DEPLOYED}deploy api {{ values {{ {values} }} }}\n}}\n}}\n"))
    };
    assert!(!of("weight = 10").has_errors());
    assert_eq!(told(&of("weight = 101"), "chart-value-mismatch"), ["weight"]);
    assert_eq!(told(&of("wieght = 10"), "chart-value-unread"), ["wieght"]);
}

#[test]
fn only_a_chart_that_brings_its_image_is_deployed_without_a_tag() {
    let chart = [("templates/x.yaml", "{{ toYaml .Values }}")];
    for (service, missing) in [
        ("chart \"charts/api\"", false),
        ("image = \"team/api\", chart \"charts/api\" { image_tag = \"none\" }", false),
        ("image = \"team/api\", chart \"charts/api\"", true),
        ("image = \"team/api\"", true),
    ] {
        let found =
            whole(&chart, &format!("service api {{ {service} }}\n{AROUND}{DEPLOYED}deploy api\n}}\n}}\n"));
        assert_eq!(found.findings.iter().any(|it| it.code == "missing-attribute"), missing, "{service}");
    }
}

#[test]
fn a_generated_chart_takes_no_values() {
    let text = format!(
        "service api {{ image = \"team/api\", port = 80 }}\n{AROUND}{DEPLOYED}deploy api {{ tag = run.id, values {{ weight = 1 }} }}\n}}\n}}\n"
    );
    let found = whole(&[], &text);
    assert!(
        found.findings.iter().any(|it| it.code == "invalid-value" && it.message.contains("takes no values"))
    );
}
