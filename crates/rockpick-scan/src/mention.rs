//! Where IDs stand in a text.

use crate::known::Known;
use crate::lines::floor;
use crate::test_of;
use crate::words::NO_PREFIXES;

/// The longest prefix of a profile, in bytes.
const LONGEST_PREFIX: usize = 6;
/// Longer ones are no IDs.
const LONGEST_ID: usize = 128;
/// How far back the start of an ARN is looked for.
const LONGEST_ARN: usize = 200;

/// An ID in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The ID as written.
    pub id: String,
    /// What stands around it.
    pub around: Around,
}

/// What stands around an ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Around {
    /// The ARN of a foundation model.
    pub foundation: bool,
    /// Any ARN.
    pub arn: bool,
    /// The Region of the ARN or of a path such as `bedrock/REGION/`.
    pub region: Option<String>,
    /// A prefix that the program adds: `${p}.` or `p + "."`.
    pub expression: bool,
}

/// The mention whose provider begins at a byte, when it is one.
pub(crate) fn at(text: &str, provider: usize, known: &Known<'_>) -> Option<Mention> {
    let (start, expression) = start(text, provider, known)?;
    let (end, id) = end(text, start, provider)?;
    let family = &text[provider..];
    if !known.has_family(family) {
        return None;
    }
    let digits = id.bytes().any(|byte| byte.is_ascii_digit());
    if !(digits || known.names(&id)) || test_of::is_test(text, start, end) {
        return None;
    }
    let mut around = around(text, start);
    around.expression = expression;
    Some(Mention { start, end, id, around })
}

/// Where the ID begins, and whether a program puts a prefix before it; `None` where none can begin.
fn start(text: &str, provider: usize, known: &Known<'_>) -> Option<(usize, bool)> {
    let before = &text.as_bytes()[..provider];
    let Some(&last) = before.last() else { return Some((provider, false)) };
    if last != b'.' {
        return begins(before).then_some((provider, false));
    }
    let dot = provider - 1;
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let word_start = before[..dot].iter().rposition(|byte| !is_word(byte)).map_or(0, |at| at + 1);
    let (word, ahead) = (&text[word_start..dot], &before[..word_start]);
    if word.is_empty() {
        return match before[..dot].last() {
            Some(b'*' | b'\\' | b' ' | b'\n' | b'\t' | b'.') | None => None,
            Some(_) => Some((provider, true)),
        };
    }
    if matches!(ahead.last(), Some(b'$' | b'%')) {
        return Some((provider, true));
    }
    // `\nus.` in JSON: the sign of an escape is no part of the word.
    let (word, word_start) = match word.strip_prefix(['n', 't', 'r']) {
        Some(rest) if ahead.last() == Some(&b'\\') => (rest, word_start + 1),
        _ => (word, word_start),
    };
    let free = begins(&before[..word_start]);
    if known.is_prefix(word) {
        return free.then_some((word_start, false));
    }
    let looks_right = word.len() >= 2
        && word.len() <= LONGEST_PREFIX
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
        && !NO_PREFIXES.contains(&word);
    if looks_right && free && word.len() <= 4 {
        return Some((word_start, false));
    }
    let id = end(text, provider, provider)?.1;
    known.names(&id).then_some((provider, false))
}

/// Whether an ID can begin behind these bytes.
fn begins(before: &[u8]) -> bool {
    match before {
        [] | [.., b'\\', b'n' | b't' | b'r'] | [.., b':' | b' ', b'-'] => true,
        [.., last] => !(last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-' | b'.' | b'@')),
    }
}

/// Where the ID ends, and the ID; `None` for patterns, templates, attributes, hosts and files.
fn end(text: &str, start: usize, provider: usize) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let name = provider + bytes[provider..].iter().position(|byte| *byte == b'.')? + 1;
    let mut at = name;
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    while byte(at).is_ascii_alphanumeric()
        || byte(at) == b'-'
        || (byte(at) == b'.' && byte(at + 1).is_ascii_digit())
    {
        at += 1;
    }
    if at == name || at - start > LONGEST_ID || byte(at - 1) == b'-' {
        return None;
    }
    if matches!((byte(at), byte(at + 1)), (b'.', next) if next.is_ascii_alphabetic() || matches!(next, b'*' | b'\\' | b'+' | b'{'))
    {
        return None;
    }
    let mut id = text.get(start..at)?.to_owned();
    while let Some(more) = version(&bytes[at..]) {
        let digits = more.checked_sub(if byte(at) == b'%' { 3 } else { 1 })?;
        id.push(':');
        id.push_str(text.get(at + more - digits..at + more)?);
        at += more;
    }
    let stops = match (byte(at), byte(at + 1)) {
        (b'*' | b'+' | b'{' | b'$' | b'_' | b'%' | b'^', _) => true,
        (b':', next) => matches!(next, b'*' | b'$' | b'{' | b'%' | b'['),
        (b'\\', next) => !matches!(next, b'"' | b'\'' | b'n' | b't' | b'r' | b'\\' | b'/' | b'u'),
        (b'[', next) => !next.is_ascii_digit() || !is_window(&bytes[at..]),
        (b'(', next) => next == b'?' || next == b':',
        (b'.', next) => matches!(next, b'*' | b'+'),
        _ => false,
    };
    (!stops).then_some((at, id))
}

/// The length of `:0` or `:200k`.
fn version(rest: &[u8]) -> Option<usize> {
    let sign = match rest {
        [b':', ..] => 1,
        [b'%', b'3', b'A' | b'a', ..] => 3,
        _ => return None,
    };
    let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = sign + digits;
    if matches!(rest.get(at), Some(b'k' | b'K' | b'm')) {
        at += 1;
    }
    let free = !rest.get(at).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_');
    (digits > 0 && digits <= 4 && free).then_some(at)
}

/// Whether `[1m]` stands there.
fn is_window(rest: &[u8]) -> bool {
    let digits = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    matches!(rest.get(1 + digits..3 + digits), Some([b'm' | b'k', b']']))
}

/// The ARN or path around an ID.
fn around(text: &str, start: usize) -> Around {
    let from = floor(text, start.saturating_sub(LONGEST_ARN));
    let before = text[from..start].rsplit(['\n', '"', '\'', '`', ' ']).next().unwrap_or_default();
    if let Some(at) = before.rfind("arn:") {
        let arn = &before[at..];
        // `${AWS::Region}` has colons of its own.
        let region = arn.split(':').nth(3).map(str::to_owned);
        return Around {
            foundation: arn.ends_with("foundation-model/"),
            arn: true,
            region,
            expression: false,
        };
    }
    let path = before.strip_suffix('/').and_then(|path| path.rsplit_once('/'));
    let region =
        path.filter(|(rest, _)| rest.ends_with("bedrock")).map(|(_, code)| code.to_owned());
    let foundation = before.ends_with("foundation-model/");
    Around { foundation, arn: foundation, region, expression: false }
}
