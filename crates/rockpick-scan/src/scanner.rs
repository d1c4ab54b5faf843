//! The scanner: the bytes of a file in, its findings out.

use std::borrow::Cow;
use std::cell::OnceCell;

use aho_corasick::AhoCorasick;
use jiff::civil::Date;
use rockpick_core::Catalog;
use rockpick_core::task::{Region, Residency};

use crate::context::{self, FileWords};
use crate::finding::{Finding, From, Level, Rule};
use crate::ignores::{Ignores, Unused};
use crate::judge::{Case, broken};
use crate::known::{Known, Subject};
use crate::lines::Lines;
use crate::mention::{self, Mention};
use crate::place::{Place, Places};
use crate::region::{Codes, Found};
use crate::{fix, parameters, tell};

/// So many lines around an ID show whether the same model stands there with another prefix.
const NEAR: usize = 15;
/// So many first bytes show whether a file is text.
const HEAD: usize = 8_192;
/// So many mentions on each side are compared.
const MOST_NEAR: usize = 40;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day.
    pub as_of: Date,
    /// Ends within so many days are soon.
    pub soon: i64,
    /// The Region of calls where a file states none, and where it is given.
    pub region: Option<(Region, String)>,
    /// Where data must stay.
    pub residency: Option<Residency>,
    /// The rules that are looked at.
    pub rules: Vec<Rule>,
    /// Whether remarks in files leave findings out.
    pub ignores: bool,
    /// Whether mentions without findings are listed.
    pub list: bool,
}

impl Options {
    /// Everything that is on by default, on a day.
    #[must_use]
    pub fn on(as_of: Date) -> Self {
        Self {
            as_of,
            soon: 90,
            region: None,
            residency: None,
            rules: Rule::ALL.to_vec(),
            ignores: true,
            list: false,
        }
    }
}

/// Why a finding does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suppressed {
    /// By a remark at the line.
    Inline,
    /// By a remark for the file.
    File,
    /// It is in the baseline.
    Baseline,
}

impl Suppressed {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::File => "file",
            Self::Baseline => "baseline",
        }
    }
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It is no text.
    Binary,
}

/// A mention with nothing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The ID as written.
    pub id: String,
    /// The model that is meant, where known.
    pub model: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// The Region of the call, where known.
    pub region: Option<From>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileScan {
    /// How many IDs stand in it.
    pub mentions: usize,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What is not, where that was asked for.
    pub sound: Vec<Sound>,
    /// Remarks that leave nothing out.
    pub unused: Vec<Unused>,
    /// Why it was not read.
    pub skipped: Option<Skip>,
    /// Models that policies or tables of prices name: their calls are not moved alone.
    pub held: Vec<String>,
    /// Whether positions are those of the file's own bytes, so that it can be changed.
    pub editable: bool,
}

/// Finds IDs in files.
pub struct Scanner<'k> {
    known: Known<'k>,
    codes: Codes,
    finder: Option<AhoCorasick>,
}

impl<'k> Scanner<'k> {
    /// A scanner for the IDs of a catalog.
    #[must_use]
    pub fn new(catalog: &'k Catalog) -> Self {
        let known = Known::of(catalog);
        let finder = AhoCorasick::new(known.providers()).ok();
        Self { codes: Codes::of(catalog), known, finder }
    }

    /// What is wrong with the IDs of a file. The path tells what kind of file it is.
    #[must_use]
    pub fn scan(&self, path: &str, bytes: &[u8], options: &Options) -> FileScan {
        let (text, editable) = match decode(bytes) {
            Some((Text::Borrowed(bytes), editable)) => {
                if self.finder.as_ref().is_none_or(|finder| finder.find(bytes).is_none()) {
                    return FileScan { editable, ..FileScan::default() };
                }
                match std::str::from_utf8(bytes) {
                    Ok(text) => (Cow::Borrowed(text), editable),
                    // One byte for a byte: positions stay.
                    Err(_) => (Cow::Owned(ascii(bytes)), editable),
                }
            }
            Some((Text::Owned(text), editable)) => (Cow::Owned(text), editable),
            None => return FileScan { skipped: Some(Skip::Binary), ..FileScan::default() },
        };
        self.read(path, &text, options, editable)
    }

    fn read(&self, path: &str, text: &str, options: &Options, editable: bool) -> FileScan {
        let mut scan = FileScan { editable, ..FileScan::default() };
        let mentions = self.mentions(text);
        if mentions.is_empty() {
            return scan;
        }
        let lines = Lines::of(text);
        let places = Places::of(path, text);
        let words = FileWords::of(&self.known, text);
        let stated = self.codes.stated(&lines, &places);
        let mut ignores = Ignores::of(&lines);
        scan.mentions = mentions.len();
        for (at, mention) in mentions.iter().enumerate() {
            let region = stated.of(self.known.catalog, &lines, mention).or_else(|| {
                let (region, from) = options.region.clone()?;
                Some(Found { region, from, near: false })
            });
            let case = Case {
                known: &self.known,
                lines: &lines,
                words: &words,
                mention,
                read: self.known.read(&mention.id),
                place: places.at(&lines, mention),
                region,
                sent: parameters::near(&lines, mention),
                as_of: options.as_of,
                map_key: context::in_map(&lines, mention),
                variants: self.has_variants(&lines, &mentions, at),
                meant: OnceCell::new(),
            };
            if case.place == Place::Prices || mention.around.arn || is_policy(text, &case) {
                scan.held.extend(model(&case));
            }
            let earlier = scan.findings.last().map(|last| (last.start, last.column));
            match self.finding(path, &case, options, earlier) {
                Some(mut finding) => {
                    let line = finding.line - 1;
                    if options.ignores && ignores.whole {
                        finding.suppressed = Some(Suppressed::File);
                    } else if options.ignores && ignores.take(line, finding.rule) {
                        finding.suppressed = Some(Suppressed::Inline);
                    }
                    scan.findings.push(finding);
                }
                None if options.list => scan.sound.push(sound(&case)),
                None => {}
            }
        }
        if options.ignores {
            scan.unused = ignores.unused();
        }
        scan
    }

    fn mentions(&self, text: &str) -> Vec<Mention> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let mut mentions: Vec<Mention> = Vec::new();
        for found in finder.find_iter(text) {
            let behind = mentions.last().is_some_and(|last| found.start() < last.end);
            if !behind && let Some(mention) = mention::at(text, found.start(), &self.known) {
                mentions.push(mention);
            }
        }
        mentions
    }

    /// Whether the same model stands nearby with another prefix.
    fn has_variants(&self, lines: &Lines<'_>, mentions: &[Mention], at: usize) -> bool {
        let own = &mentions[at];
        let read = self.known.read(&own.id);
        let line = lines.at(own.start);
        let near = |other: &&Mention| lines.at(other.start).abs_diff(line) <= NEAR;
        let before = mentions[..at].iter().rev().take_while(near);
        before
            .take(MOST_NEAR)
            .chain(mentions[at + 1..].iter().take_while(near).take(MOST_NEAR))
            .any(|other| {
                let other = self.known.read(&other.id);
                other.base == read.base && other.prefix != read.prefix
            })
    }

    fn finding(
        &self,
        path: &str,
        case: &Case<'_, '_>,
        options: &Options,
        earlier: Option<(usize, usize)>,
    ) -> Option<Finding> {
        let rules = broken(case, options);
        let (&rule, also) = rules.split_first()?;
        let mention = case.mention;
        let line = case.lines.at(mention.start);
        let successor = fix::successor(case);
        let fix = fix::of(case, rule, successor.as_ref());
        let column = case.lines.column(mention.start, earlier);
        let written = mention.end - mention.start;
        let catalog = self.known.catalog;
        Some(Finding {
            start: mention.start,
            end: mention.end,
            line: line + 1,
            column,
            end_column: column + written,
            id: mention.id.clone(),
            model: model(case),
            rule,
            also: also.to_vec(),
            level: level(catalog, case, rule),
            place: case.place,
            region: from(catalog, case),
            eol: case.end(),
            message: tell::message(case, rule, successor.as_ref(), fix.as_ref()),
            fingerprint: fingerprint(path, rule, &mention.id, case.lines.get(line)),
            suppressed: None,
            source: tell::source(case),
            successor,
            fix,
        })
    }
}

fn sound(case: &Case<'_, '_>) -> Sound {
    Sound {
        line: case.lines.at(case.mention.start) + 1,
        column: case.lines.column(case.mention.start, None),
        id: case.mention.id.clone(),
        model: model(case),
        place: case.place,
        region: from(case.known.catalog, case),
    }
}

fn from(catalog: &Catalog, case: &Case<'_, '_>) -> Option<From> {
    let found = case.region.as_ref()?;
    Some(From { name: catalog.code(found.region).to_owned(), from: found.from.clone() })
}

fn model(case: &Case<'_, '_>) -> Option<String> {
    match case.read.subject? {
        Subject::Model(index) => Some(case.known.catalog.model(index).id.clone()),
        Subject::Retired(gone) => Some(gone.id.clone()),
    }
}

/// How bad a rule is where the mention stands.
fn level(catalog: &Catalog, case: &Case<'_, '_>, rule: Rule) -> Level {
    let commercial =
        case.region.as_ref().is_none_or(|found| catalog.region_info(found.region).commercial);
    let listed = case.read.prefix.is_none_or(|prefix| !prefix.contains('-'));
    if case.place == Place::Code && commercial && listed { rule.level() } else { Level::Note }
}

/// Whether the mention stands in a policy, written without an ARN around it.
fn is_policy(text: &str, case: &Case<'_, '_>) -> bool {
    case.mention.around.foundation && text.contains("bedrock:Invoke")
}

/// A finding as a baseline knows it: without line numbers, so that it stays the same when lines move.
#[must_use]
pub fn fingerprint(path: &str, rule: Rule, id: &str, line: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let path = path.replace('\\', "/");
    let parts = [path.trim_start_matches("./"), rule.name(), id, line.trim()];
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

enum Text<'b> {
    Borrowed(&'b [u8]),
    Owned(String),
}

/// The text of a file, and whether positions in it are those of the file; `None` for what is no text.
fn decode(bytes: &[u8]) -> Option<(Text<'_>, bool)> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let signs = char::decode_utf16(units).map(|sign| sign.unwrap_or('\u{fffd}'));
        Some((Text::Owned(signs.collect()), false))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ if bytes[..bytes.len().min(HEAD)].contains(&0) => None,
        _ => Some((Text::Borrowed(bytes), true)),
    }
}

/// The bytes with every one that is not ASCII replaced.
fn ascii(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect()
}
