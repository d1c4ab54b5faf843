//! Endpoints that people name: what is no URL is told at once, before every call fails by it.

use std::env;

use super::CliError;
use crate::router::Kind;

/// Variables that name an endpoint.
const VARIABLES: [&str; 4] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "AWS_ENDPOINT_URL_BEDROCK",
    "AWS_ENDPOINT_URL_STS",
];
/// The schemes that the SDK speaks.
const SCHEMES: [&str; 2] = ["http", "https"];

/// Refuses an endpoint that no call could reach, whether the flag or the environment names it.
pub(super) fn check(flag: Option<&str>) -> Result<(), CliError> {
    let given = flag.map(|url| ("--endpoint-url", url.to_owned()));
    let of_environment = VARIABLES
        .iter()
        .filter_map(|name| Some((*name, env::var(name).ok().filter(|url| !url.is_empty())?)));
    let wrong =
        |(name, url): (&'static str, String)| wrong(&url).map(|(why, help)| (name, url, why, help));
    let Some((name, url, why, help)) = given.into_iter().chain(of_environment).find_map(wrong)
    else {
        return Ok(());
    };
    Err(CliError::usage(format!("{name} is `{}`, which {why}", without_user(&url)))
        .help(help)
        .code(Kind::BadEndpoint.name()))
}

/// What is wrong with an endpoint, and the cure.
fn wrong(url: &str) -> Option<(String, String)> {
    let give = || "give it with scheme and host, such as http://localhost:4566".to_owned();
    if url.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
        return Some(("has blanks or control characters in it".to_owned(), give()));
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some((
            "has no scheme".to_owned(),
            format!("did you mean `http://{}`?", without_user(url)),
        ));
    };
    if !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Some((format!("has the scheme `{scheme}`: an endpoint has http or https"), give()));
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = parts(authority);
    let is_host = |sign: char| sign.is_alphanumeric() || "-._~[]:%".contains(sign);
    if host.is_empty() || !host.chars().any(char::is_alphanumeric) && !host.starts_with('[') {
        return Some(("has no host".to_owned(), give()));
    }
    if !host.chars().all(is_host) {
        return Some((format!("has the host `{host}`, which cannot be one"), give()));
    }
    let is_port =
        |port: &str| port.bytes().all(|sign| sign.is_ascii_digit()) && port.parse::<u16>().is_ok();
    port.filter(|port| !port.is_empty() && !is_port(port))
        .map(|port| (format!("has the port `{port}`, which is none"), give()))
}

/// The host and the port; an address of IPv6 stands in brackets.
fn parts(authority: &str) -> (&str, Option<&str>) {
    if let Some(end) = authority.find(']') {
        let (host, rest) = authority.split_at(end + 1);
        return (host, rest.strip_prefix(':'));
    }
    authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
}

/// A name and a password before the host are nobody's business.
fn without_user(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    let host = rest.rsplit('@').next().unwrap_or_default();
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_call_could_reach_is_told() {
        for url in [
            "http://127.0.0.1:4700",
            "https://bedrock-runtime.us-east-1.amazonaws.com/",
            "HTTP://localhost",
            "http://[::1]:80/x",
        ] {
            assert_eq!(wrong(url), None, "{url}");
        }
        for (url, why) in [
            ("http://", "no host"),
            ("https://:80", "no host"),
            ("ftp://127.0.0.1:21", "`ftp`"),
            ("http://exa mple", "blanks"),
            ("http://a\nb", "blanks"),
            ("localhost:4566", "no scheme"),
            ("nonsense", "no scheme"),
            ("http://a:b", "port"),
            ("http://a:99999", "port"),
            ("http://a<b", "host"),
        ] {
            assert!(
                wrong(url).is_some_and(|(told, _)| told.contains(why)),
                "{url}: {:?}",
                wrong(url)
            );
        }
        assert_eq!(without_user("http://me:secret@host/x"), "http://host/x");
        assert_eq!(without_user("me:secret@host"), "host");
    }
}
