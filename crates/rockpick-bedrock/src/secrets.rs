//! Secrets that a server quotes: the canonical request of a refused signature holds the session's token.

use std::env;

/// Variables whose values are secrets.
const VARIABLES: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"];
/// Shorter values are words that also mean something else.
const SHORTEST: usize = 8;
/// What stands before a secret, in lower case.
const NAMES: [&str; 7] = [
    "security-token",
    "authorization",
    "credential",
    "signature",
    "bearer",
    "session_token",
    "secret",
];
/// Runs of base64 of this length are tokens, not words.
const TOKEN: usize = 40;
/// Keys begin with these and have twenty characters.
const KEYS: [&str; 2] = ["AKIA", "ASIA"];
const KEY: usize = 20;
/// Keys of Bedrock begin with these, whatever their length.
const BEARERS: [&str; 2] = ["ABSK", "bedrock-api-key-"];
/// The word behind this one is a token.
const BEARER: &str = "bearer";
const GONE: &str = "…";

/// The text without secrets.
pub(super) fn cut(text: &str) -> String {
    let known = VARIABLES
        .iter()
        .filter_map(|name| env::var(name).ok())
        .filter(|value| value.len() >= SHORTEST);
    cut_known(text, known)
}

fn cut_known(text: &str, known: impl Iterator<Item = String>) -> String {
    let text = known.fold(text.to_owned(), |text, secret| text.replace(&secret, GONE));
    let mut behind_bearer = false;
    let mut words = |word: &str| {
        let is_blank = word.trim().is_empty();
        let cut = if behind_bearer && !is_blank { whole(word) } else { behind_name(word) };
        behind_bearer = is_bearer(word) || behind_bearer && is_blank;
        cut
    };
    let mut text: String = text.split_inclusive(char::is_whitespace).map(&mut words).collect();
    for start in BEARERS {
        text = beginning_with(&text, start);
    }
    runs(&text)
}

/// `Bearer`, alone or behind a name: `authorization:Bearer`.
fn is_bearer(word: &str) -> bool {
    let word = word.trim_end().trim_end_matches([':', '=']);
    word.rsplit(|sign: char| !sign.is_ascii_alphanumeric())
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case(BEARER))
}

/// A token without what stands around it; a word of the language is none.
fn whole(word: &str) -> String {
    let is_token = |sign: char| sign.is_ascii_alphanumeric() || "-._~+/=".contains(sign);
    let token = word.trim_matches(|sign| !is_token(sign)).trim_end_matches('.');
    let is_word = token.len() < KEY && token.chars().skip(1).all(|sign| sign.is_ascii_lowercase());
    if is_word { word.to_owned() } else { word.replacen(token, GONE, 1) }
}

/// Runs that begin with the mark of a key.
fn beginning_with(text: &str, start: &str) -> String {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || "-_+/=%".contains(sign);
    let mut cut = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(start) {
        let begins = !rest[..at].ends_with(|sign: char| sign.is_ascii_alphanumeric());
        let behind = at + start.len();
        let end =
            rest[behind..].find(|sign| !is_part(sign)).map_or(rest.len(), |length| behind + length);
        let is_key = begins && end > behind;
        cut.push_str(&rest[..at]);
        cut.push_str(if is_key { GONE } else { &rest[at..end] });
        rest = &rest[end..];
    }
    cut + rest
}

/// A word like `x-amz-security-token:IQoJ…`: what stands behind the sign goes.
fn behind_name(word: &str) -> String {
    let Some(at) = word.find([':', '=']) else { return word.to_owned() };
    let name = word[..at].to_lowercase();
    let value = word[at + 1..].trim_end();
    if value.is_empty() || !NAMES.iter().any(|secret| name.ends_with(secret)) {
        return word.to_owned();
    }
    format!("{}{GONE}{}", &word[..=at], &word[at + 1 + value.len()..])
}

/// Long runs of base64 and keys.
fn runs(text: &str) -> String {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/' | '=');
    let mut cut = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let end =
            rest[start..].find(|sign| !is_part(sign)).map_or(rest.len(), |length| start + length);
        cut.push_str(&rest[..start]);
        let run = &rest[start..end];
        cut.push_str(if is_secret(run) { GONE } else { run });
        rest = &rest[end..];
    }
    cut + rest
}

fn is_secret(run: &str) -> bool {
    let has = |test: fn(&u8) -> bool| run.as_bytes().iter().any(test);
    let token = run.len() >= TOKEN
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase);
    token || run.len() >= KEY && KEYS.iter().any(|start| run.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        cut_known(text, ["wJalrXUtnFEMI".to_owned()].into_iter())
    }

    #[test]
    fn what_a_refused_signature_quotes_is_cut() {
        let said = "should have been 'POST /model/us.amazon.nova-micro-v1:0/converse host:bedrock.example \
            x-amz-date:20251117T063822Z x-amz-security-token:IQoJb3JpZ2luX2VjEJ and Credential=AKIAIOSFODNN7EXAMPLE/20251117, \
            Signature=abc and wJalrXUtnFEMI";
        let told = cut(said);
        for secret in ["IQoJ", "AKIA", "Signature=abc", "wJalr"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
        assert!(
            told.contains("/model/us.amazon.nova-micro-v1:0/converse")
                && told.contains("x-amz-date:20251117T063822Z")
        );
    }

    #[test]
    fn tokens_and_keys_are_cut_wherever_they_stand() {
        let token = "bedrockApiKey1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789==";
        assert_eq!(cut(&format!("key `{token}` of ASIAIOSFODNN7EXAMPLE")), "key `…` of …");
        let plain = "The provided model identifier is invalid: global.anthropic.claude-haiku-4-5-20251001-v1:0";
        assert_eq!(cut(plain), plain);
    }

    #[test]
    fn keys_of_bedrock_and_what_follows_bearer_are_cut() {
        for said in [
            "the header was Bearer ABSKQmVkcm9ja0FQSUtleS1abcd",
            "`Authorization: Bearer  abcd1234EFGH.x-y_z`",
            "authorization:Bearer Abcd.1234",
            "key ABSKQmVk is unknown",
            "bedrock-api-key-YmVkcm9ja Qm",
        ] {
            let told = cut(said);
            for secret in ["ABSK", "Abcd", "abcd1234", "YmVkcm9ja"] {
                assert!(!told.contains(secret), "{secret}: {told}");
            }
            assert!(told.contains(GONE), "{told}");
        }
        let plain =
            "The bearer token is missing; give a bearer token with bedrock:CallWithBearerToken";
        assert_eq!(cut(plain), plain);
    }
}
