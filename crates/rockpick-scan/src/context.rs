//! What a file says around its mentions: whether it adds prefixes, calls Mantle, names Bedrock or another platform.

use rockpick_core::catalog::Catalog;

use crate::known::Known;
use crate::lines::Lines;
use crate::mention::Mention;
use crate::words::{AWS, OTHERS};

/// What holds for a whole file.
pub(crate) struct FileWords {
    /// Whether the file puts prefixes of profiles before IDs.
    pub adds_prefixes: bool,
    /// Whether it is a client of bedrock-mantle.
    pub mantle: bool,
    /// Whether it names Bedrock or AWS.
    pub aws: bool,
    /// Whether it names another platform.
    pub other: bool,
}

impl FileWords {
    pub(crate) fn of(known: &Known<'_>, text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        Self {
            adds_prefixes: adds_prefixes(known.catalog, text),
            mantle: lower.contains("mantle"),
            aws: any(&AWS),
            other: any(&OTHERS),
        }
    }
}

/// Whether a prefix stands alone before a dot: `"us."`, `f"us.{id}"`, `${prefix}.`.
fn adds_prefixes(catalog: &Catalog, text: &str) -> bool {
    if text.contains("refix}.") || text.contains("REFIX}.") || text.contains("refix + \".") {
        return true;
    }
    catalog.prefixes().any(|prefix| {
        text.match_indices(prefix).any(|(at, _)| {
            let before = text.as_bytes()[..at].last();
            let opens = matches!(before, Some(b'"' | b'\'' | b'`'));
            let after = &text[at + prefix.len()..];
            opens
                && after
                    .strip_prefix('.')
                    .is_some_and(|rest| rest.starts_with(['"', '\'', '`', '{', '$', '%']))
        })
    })
}

/// Names beside an ID that say that the base model is meant and not what is called.
pub(crate) fn says_base(lines: &Lines<'_>, mention: &Mention) -> bool {
    if mention.around.foundation {
        return true;
    }
    let line = lines.at(mention.start);
    let mut before = flat(lines.before(mention.start));
    if before.len() < 4 && line > 0 {
        before.insert_str(0, &flat(lines.get(line - 1)));
    }
    let base = before.contains("basemodel")
        || before.contains("foundationmodelid")
        || before.contains("foundationmodelarn")
        || before.contains("foundationmodel.");
    base || (before.contains("foundationmodel") && !in_agent(lines, line))
}

/// How many lines above an ID tell which resource it belongs to.
const RESOURCE: usize = 25;

/// Whether a line belongs to an agent of Agents Classic.
pub(crate) fn in_agent(lines: &Lines<'_>, line: usize) -> bool {
    let mut least = lines.indent(line).unwrap_or(0).max(1);
    for above in (line.saturating_sub(RESOURCE)..line).rev() {
        let Some(indent) = lines.indent(above) else { continue };
        // Only what encloses the line, or stands beside its parents.
        if indent > least {
            continue;
        }
        least = indent;
        let text = lines.get(above).trim_end();
        if text.contains("\"aws_bedrockagent_agent\"")
            || text.contains("CfnAgent(")
            || text.contains("create_agent(")
            || text.trim_end_matches(['"', '\'', ',']).ends_with("AWS::Bedrock::Agent")
        {
            return true;
        }
        if indent == 0 {
            return false;
        }
    }
    false
}

/// Whether an ID is a key of a table, or one of its values under a name of its own: a map of names to models, not a call.
pub(crate) fn in_map(lines: &Lines<'_>, mention: &Mention) -> bool {
    let after = lines.after(mention.end).trim_start_matches(['"', '\'', '`']).trim_start();
    let is_key = after.starts_with("=>")
        || after.starts_with("] =")
        || (after.starts_with(':') && !lines.after(mention.end).starts_with("::"))
        || after.starts_with("\" = {");
    if is_key {
        return true;
    }
    let before = lines.before(mention.start).trim_end_matches(['"', '\'', '`']).trim_end();
    let Some(before) = before.strip_suffix(':').or_else(|| before.strip_suffix("=>")) else {
        return false;
    };
    let key = before.trim_end().trim_end_matches(['"', '\'', '`', ']']);
    let key = key.rsplit(|sign: char| sign.is_whitespace() || "\"'`[{,".contains(sign)).next();
    let key = key.unwrap_or_default().to_ascii_lowercase();
    let spoken = key
        .split(|sign: char| !sign.is_ascii_alphabetic())
        .any(|word| word.len() > 2 && word != "model" && mention.id.contains(word));
    spoken && !key.contains("model")
}

/// A text without case and without what joins words.
pub(crate) fn flat(text: &str) -> String {
    text.chars()
        .filter(|sign| !matches!(sign, '_' | '-'))
        .map(|sign| sign.to_ascii_lowercase())
        .collect()
}
