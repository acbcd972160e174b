//! What a credential looks like: the shapes that providers give their keys, and names under which people keep them.

use std::ops::Range;

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub range: Range<usize>,
    /// With its article: `a token of GitHub`.
    pub what: &'static str,
}

/// Nothing shorter is looked at.
const SHORTEST: usize = 16;

/// Everything in the text that has the shape of a credential, in order.
pub fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.as_bytes().get(start..) {
        let length = rest.iter().position(|it| !is_inside(*it)).unwrap_or(rest.len());
        let at = start + length;
        if length >= SHORTEST && may_be_one(&text[start..at]) {
            let token = &text[start..at];
            found.extend(
                of_token(token)
                    .map(|(range, what)| Found { range: start + range.start..start + range.end, what }),
            );
        }
        start = at + 1;
    }
    let key = text.match_indices("PRIVATE KEY-----").filter_map(|(at, word)| {
        let begin = text[..at].rfind("-----BEGIN ")?;
        let is_head = at - begin < 40 && !text[begin..at].contains('\n');
        is_head.then(|| Found { range: begin..at + word.len(), what: "a private key" })
    });
    found.extend(key);
    found.sort_by_key(|it| it.range.start);
    found
}

/// What a credential and the connection string around it are made of: asked for each byte of every source.
static INSIDE: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"_-+/=.~:@?&%;!#*^$";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] |= byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

fn is_inside(byte: u8) -> bool {
    INSIDE[usize::from(byte)]
}

/// A key of sixteen characters without any digit is a word; passwords in addresses are what people make up.
fn may_be_one(token: &str) -> bool {
    token.bytes().any(|it| it.is_ascii_digit()) || token.contains("://")
}

/// What begins so, and how many characters of a kind must follow.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("ghr_", 36, "a token of GitHub"),
    ("ghu_", 36, "a token of GitHub"),
    ("github_pat_", 40, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
    ("hooks.slack.com/services/T", 20, "a webhook of Slack"),
    ("webhook.office.com/webhookb2/", 30, "a webhook of Teams"),
    ("sk_live_", 20, "a key of Stripe"),
    ("rk_live_", 20, "a key of Stripe"),
    ("sk-ant-", 30, "a key of Anthropic"),
    ("sk-proj-", 30, "a key of OpenAI"),
    ("hf_", 34, "a token of Hugging Face"),
    ("npm_", 36, "a token of npm"),
    ("pypi-AgE", 30, "a token of PyPI"),
    ("dop_v1_", 40, "a token of DigitalOcean"),
    ("AIza", 35, "a key of Google"),
    ("SG.", 60, "a key of SendGrid"),
    ("AccountKey=", 40, "a connection string with an account key"),
    ("SharedAccessKey=", 30, "a connection string with an access key"),
];

/// Parts of the keys of Azure that its scanners look for.
const AZURE: &[&str] = &["+ASt", "+ACR", "+AMC", "AzSe", "AzFu", "AzCa", "ACDb", "APIM", "AZDO", "JQQJ99"];

type Part = (Range<usize>, &'static str);

fn of_token(token: &str) -> Option<Part> {
    of_prefix(token)
        .or_else(|| of_azure(token))
        .or_else(|| of_url(token))
        .or_else(|| signature(token))
        .or_else(|| json_web_token(token))
        .or_else(|| connection_string(token))
}

fn of_prefix(token: &str) -> Option<Part> {
    PREFIXES.iter().find_map(|(prefix, least, what)| {
        let start = token.find(prefix)?;
        // The middle of a longer word is something else.
        if prefix.ends_with(['_', '-', 'a'])
            && token[..start].ends_with(|it: char| it.is_ascii_alphanumeric())
        {
            return None;
        }
        let rest = &token[start + prefix.len()..];
        let length = rest.find([';', '&', '?', '@']).unwrap_or(rest.len());
        (length >= *least && is_varied(&rest[..length]))
            .then(|| (start..start + prefix.len() + length, *what))
    })
}

/// A key as Azure makes them: of a known length, with a mark inside; or a client's secret.
fn of_azure(token: &str) -> Option<Part> {
    let start = token.rfind(['=', ':', ';']).filter(|it| it + 1 < token.len()).map_or(0, |it| it + 1);
    let padded = token.trim_end_matches('=');
    let start =
        if padded.len() < start { padded.rfind(['=', ':', ';']).map_or(0, |it| it + 1) } else { start };
    let key = &token[start..];
    let is_key =
        matches!(key.len(), 52 | 84 | 88 | 56) && AZURE.iter().any(|it| key.contains(it)) && is_varied(key);
    let is_base64 = key.len() == 88
        && key.ends_with("==")
        && key[..86].bytes().all(|it| it.is_ascii_alphanumeric() || it == b'+' || it == b'/');
    if is_key || (is_base64 && is_varied(key)) {
        return Some((start..token.len(), "a key of Azure"));
    }
    let at = key.find("Q~")?;
    let legal = |it: &str| it.chars().all(|it| it.is_ascii_alphanumeric() || "_~.-".contains(it));
    let is_secret = at >= 4
        && key[..at].ends_with(|it: char| it.is_ascii_digit())
        && (34..=42).contains(&key.len())
        && legal(key);
    (is_secret && is_varied(key)).then_some((start..token.len(), "a client secret of Microsoft Entra"))
}

/// `https://name:password@host`
fn of_url(token: &str) -> Option<Part> {
    let start = token.find("://")? + 3;
    let authority = &token[start..];
    let authority = &authority[..authority.find(['/', '?', '#']).unwrap_or(authority.len())];
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    let end = start + user.len();
    (!is_placeholder(password)).then(|| (end - password.len()..end, "a password in an address"))
}

/// A shared access signature.
fn signature(token: &str) -> Option<Part> {
    let start = ["sig=", "&sig="].iter().filter_map(|it| token.find(it)).min()?;
    let start = start + token[start..].find('=')? + 1;
    let value = &token[start..];
    let value = &value[..value.find('&').unwrap_or(value.len())];
    let is_signed = ["se=", "sv=", "sp="].iter().any(|it| token.contains(it));
    (is_signed && value.len() >= 40 && is_varied(value))
        .then(|| (start..start + value.len(), "a shared access signature"))
}

fn json_web_token(token: &str) -> Option<Part> {
    let start = token.find("eyJ")?;
    let value = &token[start..];
    let parts: Vec<&str> = value.split('.').collect();
    let legal = |it: &&str| {
        it.len() >= 10 && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
    };
    let is_token = parts.len() == 3 && parts.iter().all(legal) && parts[1].starts_with("eyJ");
    is_token.then_some((start..token.len(), "a signed token"))
}

/// `Server=…;Password=…`
fn connection_string(token: &str) -> Option<Part> {
    let lower = token.to_ascii_lowercase();
    let (start, key) = [";password=", ";pwd="].iter().find_map(|it| Some((lower.find(it)?, it)))?;
    let start = start + key.len();
    let value = &token[start..];
    let value = &value[..value.find(';').unwrap_or(value.len())];
    (!is_placeholder(value)).then(|| (start..start + value.len(), "a connection string with a password"))
}

/// Letters that are all the same stand for something.
fn is_varied(text: &str) -> bool {
    let mut seen = [false; 256];
    text.bytes().for_each(|it| seen[it as usize] = true);
    seen.into_iter().filter(|it| *it).count() >= 8
}

/// Stands for a secret, and is none.
pub fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let marked = ["$", "<", "{{", "***", "...", "…"].iter().any(|it| value.contains(it));
    let words = [
        "true",
        "false",
        "none",
        "null",
        "yes",
        "no",
        "redacted",
        "placeholder",
        "password",
        "secret",
        "token",
    ];
    let is_word = words.iter().any(|it| value.eq_ignore_ascii_case(it));
    value.len() < 4
        || marked
        || is_word
        || value.starts_with(['/', '@', '%'])
        || value.bytes().all(|it| it == value.as_bytes()[0])
}

/// Names under which people keep what nobody should see: the last word of `DB_PASSWORD`, `apiKey`.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "privatekey",
    "secretkey",
    "clientsecret",
    "sastoken",
    "storagekey",
];

/// Whether what goes by this name is to be kept secret.
pub fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    !matches!(plain.as_str(), "pwd" | "oldpwd") && NAMES.iter().any(|it| plain.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::{find, is_placeholder, is_secret_name};

    fn found(text: &str) -> Vec<(&str, &'static str)> {
        find(text).into_iter().map(|it| (&text[it.range], it.what)).collect()
    }

    /// Made up, and put together here so that no scanner takes this file for a leak.
    fn varied(length: usize) -> String {
        "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0z".chars().cycle().take(length).collect()
    }

    #[test]
    fn shapes_are_known() {
        let token = format!("ghp_{}", varied(36));
        assert_eq!(found(&format!("x = \"{token}\"")), [(token.as_str(), "a token of GitHub")]);
        let key = format!("{}==", varied(86));
        let text = format!("AccountName=st;AccountKey={key};EndpointSuffix=core.windows.net");
        assert_eq!(
            found(&text),
            [(format!("AccountKey={key}").as_str(), "a connection string with an account key")]
        );
        assert_eq!(found(&key), [(key.as_str(), "a key of Azure")]);
        assert_eq!(
            found("git clone https://ci:hunter22@example.invalid/x.git"),
            [("hunter22", "a password in an address")]
        );
        let sas = format!("https://st.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig={}%3D", varied(43));
        assert_eq!(found(&sas)[0].1, "a shared access signature");
        assert_eq!(
            found("Server=db;User=x;Password=hunter22;Encrypt=yes"),
            [("hunter22", "a connection string with a password")]
        );
        assert_eq!(
            found("-----BEGIN RSA PRIVATE KEY-----\nMII\n"),
            [("-----BEGIN RSA PRIVATE KEY-----", "a private key")]
        );
        let web = format!("eyJ{}.eyJ{}.{}", varied(20), varied(30), varied(40));
        assert_eq!(found(&format!("Bearer {web}")), [(web.as_str(), "a signed token")]);
        let client = format!("abc8Q~{}", varied(34));
        assert_eq!(found(&client), [(client.as_str(), "a client secret of Microsoft Entra")]);
    }

    #[test]
    fn what_only_looks_long_is_none() {
        for text in [
            "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:20250601.v1",
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-ml/providers/x",
            "sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865",
            "https://example.invalid/a/b?x=1&sig=short",
            "https://ci:$(token)@example.invalid https://ci:${TOKEN}@example.invalid https://host:8080/x",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "Server=db;Authentication=Active Directory Default;Password=<password>",
            "4355a46b19d348dc2f57c046f8ef63d4538ebb936",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn names_say_that_something_is_secret() {
        assert!(
            ["DB_PASSWORD", "apiKey", "api_key", "client_secret", "SAS_TOKEN", "token"]
                .iter()
                .all(|it| is_secret_name(it))
        );
        let plain = [
            "PWD",
            "TOKEN_URL",
            "max_tokens",
            "password_file",
            "secret_name",
            "key_vault",
            "TOKENIZER",
            "monkey",
        ];
        assert!(!plain.iter().any(|it| is_secret_name(it)));
        assert!(
            ["", "true", "$(x)", "${X}", "<token>", "/run/secrets/x", "xxxx"]
                .iter()
                .all(|it| is_placeholder(it))
        );
        assert!(!is_placeholder("hunter2"));
    }
}
