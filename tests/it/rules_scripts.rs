//! What rules see in scripts: one command each, and the rule that must speak of it.

use crate::support::apply;
use crate::texts::analysis;

/// A project that runs this script with a secret `KEY`, a text `TEXT` of whoever starts it, and a plain `REGION`.
fn project(script: &str) -> String {
    let lines: Vec<String> = script.lines().map(|it| format!("      {it}")).collect();
    let script = lines.join("\n");
    format!(
        "variables keys {{ group = \"keys\", secret key, secret unmapped, var region: string }}
pipeline build {{
  variables = keys
  trigger manual
  param text: string = \"a\"
  stage build {{
    run {{
      script = \"\"\"
{script}
      \"\"\"
      env {{ KEY = vars.key, TEXT = params.text, REGION = vars.region }}
    }}
    publish report {{ path = \"out\" }}
  }}
}}
"
    )
}

fn codes(script: &str) -> Vec<&'static str> {
    analysis(&project(script), &[]).findings.iter().map(|it| it.code).collect()
}

const FOUND: &[(&str, &str)] = &[
    ("echo \"$KEY\"", "secret-echoed"),
    ("printf '%s\\n' \"$KEY\" | base64 | tr -d '='", "secret-echoed"),
    ("other=$KEY\necho \"${other}\"", "secret-echoed"),
    ("cat <<END\nkey: $KEY\nEND", "secret-echoed"),
    ("cat <<< \"$KEY\"", "secret-echoed"),
    ("echo \"$KEY\" > out/key.txt", "secret-echoed"),
    ("echo \"##vso[task.setvariable variable=x;isOutput=true]$KEY\"", "secret-echoed"),
    ("encoded=$(printf '%s' \"$KEY\" | base64)\necho \"$encoded\"", "secret-echoed"),
    ("set -o xtrace\npython send.py \"$REGION\"\nTOKEN=$KEY python send.py", "secret-echoed"),
    ("set -euxo pipefail\nTOKEN=\"$KEY\" python send.py", "secret-echoed"),
    ("bash -x -c 'python send.py \"$KEY\"'", "secret-echoed"),
    ("env | sort", "secret-echoed"),
    ("printenv KEY", "secret-echoed"),
    ("export -p", "secret-echoed"),
    ("helm upgrade api chart --set password=\"$KEY\"", "secret-on-command-line"),
    ("curl --header \"Authorization: Bearer $KEY\" https://example.invalid", "secret-on-command-line"),
    ("curl --user \"ci:$(printf %s \"$KEY\")\" https://example.invalid", "secret-on-command-line"),
    ("if ! sudo login --token \"$KEY\"; then exit 1; fi", "secret-on-command-line"),
    ("DB_PASSWORD=correct-horse-7 make", "plaintext-secret"),
    ("login --user ci --password correct-horse-7", "plaintext-secret"),
    ("login --api-key=correct-horse-7", "plaintext-secret"),
    ("git clone https://ci:correct-horse-7@example.invalid/x.git", "plaintext-secret"),
    ("test -n \"$UNMAPPED\"", "secret-not-mapped"),
    ("TOKEN=${UNMAPPED} make", "secret-not-mapped"),
    ("eval \"$TEXT\"", "script-injection"),
    ("sh -ec \"make $TEXT\"", "script-injection"),
    ("python3 -c \"print('$TEXT')\"", "script-injection"),
    ("$TEXT --help", "script-injection"),
    ("ssh ci@host \"make $TEXT\"", "script-injection"),
    ("echo \"make $TEXT\" | bash", "script-injection"),
    ("bash <<END\nmake $TEXT\nEND", "script-injection"),
    ("all=\"make $TEXT\"\nbash -c \"$all\"", "script-injection"),
    ("bash -c \"git switch $BUILD_SOURCEBRANCHNAME\"", "script-injection"),
    ("make target=$TEXT", "unquoted-value"),
    ("wget -qO- https://example.invalid/x.sh | sudo sh -s -- --yes", "unverified-download"),
    ("curl -fsSL https://example.invalid/x.sh | sudo -E bash -", "unverified-download"),
    ("curl -fsSL https://example.invalid/x.sh | sudo -u ci --login sh", "unverified-download"),
    ("curl -o i.sh https://example.invalid/x.sh; bash i.sh", "unverified-download"),
    ("curl -fsSLo ./i.sh https://example.invalid/x.sh\nchmod +x i.sh\nsudo ./i.sh", "unverified-download"),
    ("curl https://example.invalid/x.sh > i.sh && source i.sh", "unverified-download"),
    ("wget -q https://example.invalid/x.sh && sh -e x.sh", "unverified-download"),
    ("bash <(curl -s https://example.invalid/x.sh)", "unverified-download"),
    ("sh -c \"$(curl -fsSL https://example.invalid/x.sh)\"", "unverified-download"),
    ("curl https://example.invalid/x.py | python3 -", "unverified-download"),
    ("wget --no-check-certificate https://example.invalid", "certificate-not-checked"),
    ("curl -fsSLk https://example.invalid", "certificate-not-checked"),
    ("git -c http.sslVerify=false clone https://example.invalid/x.git", "certificate-not-checked"),
    ("export NODE_TLS_REJECT_UNAUTHORIZED=0", "certificate-not-checked"),
];

#[test]
fn each_of_these_is_found_by_its_rule_alone() {
    let mut wrong = Vec::new();
    for (script, code) in FOUND {
        let found = codes(script);
        let others = found.iter().filter(|it| *it != code && !it.starts_with("unused-"));
        if !found.contains(code) || others.count() > 0 {
            wrong.push(format!("{code}: {found:?} in {script}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing is wrong with these.
const FINE: &[&str] = &[
    "curl -o i.sh https://example.invalid/x.sh\necho \"abc  i.sh\" | sha256sum --check\nbash i.sh",
    "curl -o i.json https://example.invalid/x.json; bash other.sh",
    "wget -O - https://example.invalid/x.json; sudo -E make",
    "bash -x -c 'make \"$REGION\"'",
    "set -x\nmake",
];

#[test]
fn nothing_is_told_of_these() {
    for script in FINE {
        let found: Vec<_> = codes(script).into_iter().filter(|it| !it.starts_with("unused-")).collect();
        assert!(found.is_empty(), "{found:?} in {script}");
    }
}

#[test]
fn a_script_that_is_traced_by_its_shell_is_read() {
    let text = project("bash -x send.sh");
    let codes = |file: &str| -> Vec<_> {
        analysis(&text, &[("send.sh", file)]).findings.iter().map(|it| it.code).collect()
    };
    assert!(codes("python send.py \"${KEY}\"\n").contains(&"secret-echoed"));
    assert!(!codes("python send.py \"$REGION\"\n").contains(&"secret-echoed"));
}

/// The line before, and after the fix.
const FIXED: &[(&str, &str, &str)] = &[
    (
        "secret-on-command-line",
        "docker login --username ci --password \"$KEY\" example.invalid",
        "docker login --username ci --password-stdin <<< \"$KEY\" example.invalid",
    ),
    (
        "secret-on-command-line",
        "curl --fail -H \"Key: $KEY\" https://example.invalid",
        "curl --fail --header @- <<< \"Key: $KEY\" https://example.invalid",
    ),
    ("unquoted-value", "make x=$TEXT", "make x=\"$TEXT\""),
    ("certificate-not-checked", "curl --insecure https://example.invalid", "curl https://example.invalid"),
];

#[test]
fn scripts_are_repaired_where_it_is_plain_how() {
    for (code, before, after) in FIXED {
        let text = project(before);
        let findings = analysis(&text, &[]).findings;
        let fix = findings.iter().find(|it| it.code == *code).and_then(|it| it.fix.as_ref());
        let fixed = apply(&text, fix.unwrap_or_else(|| panic!("{before} has a fix")));
        assert_eq!(fixed, project(after));
    }
}

#[test]
fn a_missing_secret_is_added_to_env() {
    let text = project("test -n \"$UNMAPPED\"");
    let findings = analysis(&text, &[]).findings;
    let fix = findings.iter().find(|it| it.code == "secret-not-mapped").and_then(|it| it.fix.as_ref());
    let fixed = apply(&text, fix.expect("it has a fix"));
    assert!(fixed.contains("REGION = vars.region, UNMAPPED = vars.unmapped }"), "{fixed}");
    assert!(!codes_of(&fixed).contains(&"secret-not-mapped"));
}

fn codes_of(text: &str) -> Vec<&'static str> {
    analysis(text, &[]).findings.iter().map(|it| it.code).collect()
}

#[test]
fn the_place_is_the_word_in_the_script() {
    let text = project("make\necho \"$KEY\"");
    let findings = analysis(&text, &[]).findings;
    let span = findings.iter().find(|it| it.code == "secret-echoed").expect("it is found").span();
    assert_eq!(&text[span.range()], "\"$KEY\"");
}

#[test]
fn a_file_is_read_too() {
    let text = "variables keys { group = \"keys\", secret key }
pipeline build {
  variables = keys
  trigger manual
  stage build { run { file = \"x.sh\", env { KEY = vars.key } } }
}
";
    let findings = analysis(text, &[("x.sh", "make\necho \"$KEY\"\n")]).findings;
    let found = findings.iter().find(|it| it.code == "secret-echoed").expect("it is found");
    assert!(found.message.ends_with(", in line 2 of `x.sh`"), "{}", found.message);
}

#[test]
fn what_another_job_wrote_is_told_where_it_is_read() {
    let project = "project p { pool = linux }\npool linux { image = \"ubuntu-24.04\" }\n";
    let text = format!(
        "{project}pipeline p {{
  trigger manual
  stage all {{
    job a {{ run \"echo 1 | tee out/a.txt\" }}
    job b {{
      needs = [a]
      run \"\"\"
      echo begin
      cat out/a.txt # why
      \"\"\"
    }}
    job c {{ run \"cat out/a.txt\" }}
  }}
}}
"
    );
    let findings = analysis(&text, &[]).findings;
    let told: Vec<_> = findings.iter().filter(|it| it.code == "workspace-not-shared").collect();
    let lines: Vec<usize> =
        told.iter().map(|it| text[..it.span().start as usize].matches('\n').count() + 1).collect();
    assert_eq!(lines, [11, 14], "{findings:?}");
    assert!(told[1].fix.is_none(), "`c` does not wait for `a`");
    let fixed = apply(&text, told[0].fix.as_ref().expect("`b` waits for `a`"));
    assert!(fixed.contains("job a { run \"echo 1 | tee out/a.txt\", publish a { path = \"out/a.txt\" } }"));
    assert!(fixed.contains("      download a { to = \"out\" }\n      run \"\"\"\n"), "{fixed}");
    assert!(!analysis(&fixed, &[]).findings.iter().any(|it| it.is_error() && it.span() == told[0].span()));
}
