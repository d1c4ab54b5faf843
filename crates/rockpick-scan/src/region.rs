//! The Region of a call, as the file itself states it.

use aho_corasick::AhoCorasick;
use rockpick_core::catalog::Catalog;
use rockpick_core::task::Region;

use crate::lines::{Lines, floor};
use crate::mention::Mention;
use crate::place::Places;
use crate::words::SERVICES;

/// How far before a Region's code its key is looked for, in bytes.
const KEY: usize = 100;
/// How much of a line tells whose Region it names, in bytes.
const TELLING: usize = 400;
/// How many lines above a Region tell whose it is.
const OPENING: usize = 3;
/// More Regions than these in a file are data, not calls.
const MOST: usize = 1_000;

/// Finds codes of Regions, as they are and as constants: `US_EAST_1`.
pub(crate) struct Codes {
    finder: Option<AhoCorasick>,
    regions: Vec<Region>,
}

/// What speaks for a Region, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// A name or a host that says Bedrock.
    Bedrock,
    /// Any other name of a Region.
    Any,
}

/// A Region that a file names.
#[derive(Clone, Debug)]
struct Evidence {
    region: Region,
    line: usize,
    /// Where the code begins.
    at: usize,
    end: usize,
    key: String,
    strength: Strength,
}

/// The Regions that a file names.
pub(crate) struct Stated {
    all: Vec<Evidence>,
    /// Where the code of a Region stands as a key.
    keys: Vec<(usize, usize, Region)>,
}

/// A Region and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub region: Region,
    pub from: String,
    /// Whether it is said at the ID itself, and not for the whole file.
    pub near: bool,
}

impl Codes {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let mut patterns = Vec::new();
        let mut regions = Vec::new();
        for info in catalog.regions() {
            let Some(region) = catalog.region(&info.code) else { continue };
            patterns.push(info.code.clone());
            patterns.push(info.code.to_ascii_uppercase().replace('-', "_"));
            regions.extend([region, region]);
        }
        Self { finder: AhoCorasick::new(&patterns).ok(), regions }
    }

    /// The Regions that a text names.
    pub(crate) fn stated(&self, lines: &Lines<'_>, places: &Places) -> Stated {
        let mut stated = Stated { all: Vec::new(), keys: Vec::new() };
        let Some(finder) = &self.finder else { return stated };
        for found in finder.find_iter(lines.text) {
            if stated.all.len() + stated.keys.len() >= MOST {
                break;
            }
            let (at, end) = (found.start(), found.end());
            let region = self.regions[found.pattern().as_usize()];
            if !is_whole(lines.text, at, end) || places.is_comment(at) {
                continue;
            }
            let line = lines.at(at);
            if is_key(lines.after(end)) {
                stated.keys.push((line, end, region));
                continue;
            }
            if let Some((key, strength)) = named(lines, at, end) {
                stated.all.push(Evidence { region, line, at, end, key, strength });
            }
        }
        stated
    }
}

/// Whether no longer word or zone holds the code.
fn is_whole(text: &str, at: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map(|at| bytes[at]);
    let joins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let before_joins = before.is_some_and(joins)
        // `${AWS_REGION:-us-east-1}` and `\nus-east-1`
        && !matches!(&bytes[..at], [.., b':', b'-'] | [.., b'\\', b'n']);
    !before_joins && !bytes.get(end).copied().is_some_and(joins)
}

/// Whether what follows a code makes it a key: `"eu-west-1": …`.
fn is_key(after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'', '`', ']']).trim_start();
    (after.starts_with(':')
        && !after.starts_with("::")
        && after.len() > 1
        && after[1..].starts_with([' ', '"', '\'', '`', '{']))
        || after.starts_with("=>")
        || after.starts_with("= \"")
}

/// The name that a code is given to, and how much it says; `None` where it says nothing of a call.
fn named(lines: &Lines<'_>, at: usize, end: usize) -> Option<(String, Strength)> {
    let before = lines.before(at);
    let before = &before[floor(before, before.len().saturating_sub(KEY))..];
    let line = lines.at(at);
    if before.ends_with("bedrock-runtime.")
        || before.ends_with("bedrock.")
        || before.ends_with("bedrock-agent-runtime.")
    {
        return Some(("endpoint".to_owned(), Strength::Bedrock));
    }
    if before.ends_with("com.amazonaws.") {
        let bedrock = lines.after(end).starts_with(".bedrock");
        return bedrock.then(|| ("endpoint".to_owned(), Strength::Bedrock));
    }
    // Hosts, ARNs and paths of anything else.
    if before.ends_with(['.', '/']) && !before.ends_with("Region.") && !before.ends_with("Regions.")
    {
        return None;
    }
    if before.contains("arn:") && before.ends_with(':') {
        return None;
    }
    let lower = before.to_ascii_lowercase();
    let word = lower.rfind("region")?;
    let between = &lower[word..];
    if ["==", "!=", " in ", "startswith", "case ", " is ", "match"]
        .iter()
        .any(|test| between.contains(test))
    {
        return None;
    }
    let key = key(before, word);
    let own_line = lines.get(line);
    let tells = own_line[..floor(own_line, TELLING)].to_ascii_lowercase();
    if key.to_ascii_lowercase().contains("bedrock") || tells.contains("bedrock") {
        return Some((key, Strength::Bedrock));
    }
    if is_of_service(&tells) {
        return None;
    }
    // A client whose call began on a line above.
    let own = lines.indent(line).unwrap_or(0);
    for above in (line.saturating_sub(OPENING)..line).rev() {
        let Some(indent) = lines.indent(above) else { break };
        let text = lines.get(above).to_ascii_lowercase();
        let opens =
            indent < own || text.contains("client(") || text.trim_start().starts_with(['"', '\'']);
        if own > 0 && opens {
            if text.contains("bedrock") {
                return Some((key, Strength::Bedrock));
            }
            if text.contains("client") && is_of_service(&text) {
                return None;
            }
            if indent < own {
                break;
            }
        }
    }
    Some((key, Strength::Any))
}

/// The whole name around the word `region`.
fn key(before: &str, word: usize) -> String {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
    let start = before[..word].rfind(|sign| !is_name(sign)).map_or(0, |at| at + 1);
    before.get(start..).unwrap_or_default().chars().take_while(|sign| is_name(*sign)).collect()
}

/// Whether a line names another service of AWS.
fn is_of_service(line: &str) -> bool {
    line.split(|sign: char| !sign.is_ascii_alphanumeric()).any(|word| SERVICES.contains(&word))
}

impl Stated {
    /// The Region of a mention: that of its ARN or path, of its call, block or table, of a name that says Bedrock, of the file.
    pub(crate) fn of(
        &self,
        catalog: &Catalog,
        lines: &Lines<'_>,
        mention: &Mention,
    ) -> Option<Found> {
        if let Some(code) = &mention.around.region
            && let Some(region) = catalog.region(code)
        {
            let from = if mention.around.arn { "the ARN" } else { "the path" };
            return Some(Found { region, from: from.to_owned(), near: true });
        }
        match self.beside(lines, mention) {
            Ok(Some(found)) => return Some(found),
            Err(Disagree) => return None,
            Ok(None) => {}
        }
        for strength in [Strength::Bedrock, Strength::Any] {
            let all = || self.all.iter().filter(|own| own.strength == strength);
            match one(all()) {
                Ok(Some(first)) => return Some(found(first, false)),
                Err(Disagree) => return None,
                Ok(None) => {}
            }
        }
        None
    }

    /// What stands on the line, and beside the ID in the blocks around it.
    fn beside(&self, lines: &Lines<'_>, mention: &Mention) -> Result<Option<Found>, Disagree> {
        let line = lines.at(mention.start);
        let key =
            self.keys.iter().rev().find(|(own, end, _)| *own == line && *end <= mention.start);
        if let Some((_, _, region)) = key {
            let from = format!("the key, line {}", line + 1);
            return Ok(Some(Found { region: *region, from, near: true }));
        }
        if let Some(first) = one(self.all.iter().filter(|own| own.line == line))? {
            return Ok(Some(found(first, true)));
        }
        let Some(mut indent) = lines.indent(line).filter(|indent| *indent > 0) else {
            return Ok(None);
        };
        let (mut top, mut bottom) = (line, line);
        loop {
            (top, bottom) = block(lines, top, bottom, indent);
            let direct = |own: &&Evidence| {
                (top..=bottom).contains(&own.line) && lines.indent(own.line) == Some(indent)
            };
            if let Some(first) = one(self.all.iter().filter(direct))? {
                return Ok(Some(found(first, true)));
            }
            // A table of Regions: the line that opens the block is the key.
            let Some(opening) = top.checked_sub(1) else { return Ok(None) };
            if let Some((_, _, region)) = self.keys.iter().find(|(own, ..)| *own == opening) {
                let from = format!("the key, line {}", opening + 1);
                return Ok(Some(Found { region: *region, from, near: true }));
            }
            match lines.indent(opening) {
                Some(outer) if outer < indent && outer > 0 => {
                    indent = outer;
                    top = opening;
                }
                _ => return Ok(None),
            }
        }
    }
}

/// Regions that disagree say nothing.
struct Disagree;

fn one<'e>(mut all: impl Iterator<Item = &'e Evidence>) -> Result<Option<&'e Evidence>, Disagree> {
    let Some(first) = all.next() else { return Ok(None) };
    if all.all(|other| other.region == first.region) { Ok(Some(first)) } else { Err(Disagree) }
}

fn found(evidence: &Evidence, near: bool) -> Found {
    debug_assert!(evidence.at < evidence.end);
    Found {
        region: evidence.region,
        from: format!("{}, line {}", evidence.key, evidence.line + 1),
        near,
    }
}

/// The lines around some lines that are indented at least so far.
fn block(lines: &Lines<'_>, mut top: usize, mut bottom: usize, indent: usize) -> (usize, usize) {
    let inside = |line: usize| lines.indent(line).is_none_or(|own| own >= indent);
    let begins = |line: usize| lines.is_item(line) && lines.indent(line) == Some(indent);
    while top > 0 && !begins(top) && inside(top - 1) {
        top -= 1;
    }
    while bottom + 1 < lines.len() && inside(bottom + 1) && !begins(bottom + 1) {
        bottom += 1;
    }
    (top, bottom)
}

impl Found {
    /// The code of the Region.
    pub(crate) fn name<'c>(&self, catalog: &'c Catalog) -> &'c str {
        catalog.code(self.region)
    }
}
