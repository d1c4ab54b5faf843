//! Sizes of one request: "300-page contracts", "2,000 word blog posts", "50k tokens of context".

use std::ops::Range;

use super::direction::{Direction, direction, of_bare};
use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity, rounded};
use super::reader::Reader;
use super::scan::Scan;
use super::vocabulary::{Manner, Shown, SizeRow};
use crate::task::Modality;

/// How far a context word may stand from its number, in words.
const CONTEXT_REACH: usize = 4;
/// How far what is said may stand from its minutes, in words.
const SPOKEN_REACH: usize = 3;
/// How far pictures may stand from the size of what they are for, in words.
const PICTURE_REACH: usize = 12;

/// A number with the size that it counts.
struct Sized<'s> {
    /// Its row; `None` for a bare number, which counts tokens where "context" stands beside it.
    row: Option<&'s SizeRow>,
    words: Range<usize>,
    /// What the same time of video has, where the size is that of a video.
    shown: Option<&'s Shown>,
}

impl<'s> Sized<'s> {
    fn tokens(&self, quantity: &Quantity) -> u64 {
        if let Some(shown) = self.shown {
            return rounded(quantity.times(shown.tokens)).min(shown.at_most);
        }
        rounded(self.row.map_or(quantity.value, |row| quantity.times(row.tokens)))
    }

    fn because(&self) -> &'s str {
        let own = self.row.map_or("", |row| row.because.as_str());
        self.shown.map_or(own, |shown| shown.because.as_str())
    }

    fn is(&self, manner: Manner) -> bool {
        self.row.is_some_and(|row| row.manner == manner)
    }
}

/// Reads context windows, then the tokens that go in and come out.
pub(super) fn read(reader: &mut Reader<'_, '_>, quantities: &mut [Quantity]) {
    let mut last: Option<&SizeRow> = None;
    for index in 0..quantities.len() {
        let quantity = quantities[index];
        if quantity.used {
            continue;
        }
        let Some(mut sized) = sized(&reader.scan, &quantity) else { continue };
        // "Half a page", "media hora"; but half of a word is nothing.
        if quantity.value < ONE && !(sized.is(Manner::Counted) || sized.is(Manner::Spoken)) {
            continue;
        }
        // "Between 800 and 1,000 words": the upper end counts, what is said of it stands before the lower one.
        let lower = index.checked_sub(1).map(|before| quantities[before]).filter(|before| !before.used);
        let lower = lower.filter(|lower| joins_range(&reader.scan, lower.end, quantity.first));
        sized.words.start = lower.map_or(sized.words.start, |lower| lower.first);
        let bare = last.filter(|_| sized.row.is_none() && !is_year(&reader.scan, &quantity));
        if let Some((row, direction)) = bare.and_then(|row| Some((row, bare_direction(&reader.scan, &quantity)?))) {
            set(reader, rounded(quantity.times(row.tokens)), direction, &sized);
            quantities[index].used = true;
            continue;
        }
        last = sized.row.filter(|row| matches!(row.manner, Manner::Written | Manner::Exact)).or(last);
        quantities[index].used = size(reader, &quantity, &sized);
    }
}

/// Reads one size; whether it was one.
fn size(reader: &mut Reader<'_, '_>, quantity: &Quantity, sized: &Sized<'_>) -> bool {
    let tokens = sized.tokens(quantity);
    if let Some(words) = context(&reader.scan, sized, tokens) {
        set_context(reader, tokens, words);
        return true;
    }
    let timed = sized.is(Manner::Spoken) && sized.shown.is_none();
    if sized.row.is_none() || (timed && !is_spoken(&reader.scan, &sized.words)) {
        return false;
    }
    if is_depicted(&reader.scan, sized.words.start) {
        return true;
    }
    // "A page" may be a web page; it is a size when something says what it is the size of.
    let certain = quantity.value > ONE || reader.scan.text.word(quantity.first).starts_with(|first: char| first.is_ascii_digit());
    // Nobody counts the words of what there is, and nobody asks for a whole book of them.
    let written = sized.is(Manner::Written) && tokens <= reader.scan.limits().longest_answer;
    let known = direction(&reader.scan, &sized.words, written, is_attribute(&reader.scan, sized, quantity));
    let usual = if written { Direction::Output } else { Direction::Input };
    // What is said is listened to, where something is done with it.
    let heard = sized.is(Manner::Spoken)
        && reader.scan.has(reader.scan.before(sized.words.start, reader.scan.limits().clause_reach), Roles::CONSUME);
    let known = if heard { Some(Direction::Input) } else { known };
    if let Some(direction) = known.or((certain || sized.is(Manner::Spoken)).then_some(usual)) {
        set(reader, tokens, direction, sized);
    }
    true
}

/// "300-page contracts", "500 word articles": the size stands before what has it, as an adjective.
fn is_attribute(scan: &Scan<'_, '_>, sized: &Sized<'_>, quantity: &Quantity) -> bool {
    let last = sized.words.end - 1;
    scan.gap(last) == "-" || (quantity.value > ONE && !scan.text.word(last).ends_with('s'))
}

/// "Pictures for a 32-page story", "ilustrar un libro de 24 páginas": of what is drawn no token is read or written.
fn is_depicted(scan: &Scan<'_, '_>, first: usize) -> bool {
    let before = scan.before(first, PICTURE_REACH);
    let picture = |meaning| matches!(meaning, Meaning::Depicted(Modality::Image | Modality::Video) | Meaning::Given(_));
    let mut pictures = scan.within(before.clone()).iter().filter(|hit| picture(hit.meaning));
    let made_for = pictures.any(|hit| scan.has(hit.end..first, Roles::FOR));
    (made_for && !scan.has(before.clone(), Roles::CONSUME)) || scan.has(before, Roles::DEPICT)
}

/// Four digits that are rather a year.
fn is_year(scan: &Scan<'_, '_>, quantity: &Quantity) -> bool {
    let written = scan.text.word(quantity.first);
    written.len() == 4
        && quantity.end == quantity.first + 1
        && written.parse().is_ok_and(|year: u16| (1900..2100).contains(&year))
}

/// Which way a bare number goes that counts what the size before it counted: "3,000 tokens in, 400 out", "answers of 400".
fn bare_direction(scan: &Scan<'_, '_>, quantity: &Quantity) -> Option<Direction> {
    if is_cut_to(scan, quantity) {
        return Some(Direction::Output);
    }
    let words = quantity.first..quantity.end;
    let end = scan.role_at(words.end, Roles::OUTPUT.or(Roles::INPUT)).unwrap_or(words.end);
    let ends =
        scan.clause_ends(words.end) || scan.clause_ends(end) || scan.role_at(end, Roles::GOES_ON.or(Roles::EACH)).is_some();
    of_bare(scan, &words).filter(|_| ends)
}

/// "Transcripts of 24,000 words, cut down to 300": a bare number that something written is shortened to.
fn is_cut_to(scan: &Scan<'_, '_>, quantity: &Quantity) -> bool {
    let first = quantity.first;
    let ends = scan.clause_ends(quantity.end) || scan.role_at(quantity.end, Roles::GOES_ON).is_some();
    let into = scan.role_before(first, Roles::INTO);
    ends && into.is_some_and(|into| into == 0 || scan.has(scan.clause(into).start..first, Roles::CONSUME))
}

/// Whether two numbers are the ends of a range: "800 to 1,000", "5-10".
fn joins_range(scan: &Scan<'_, '_>, end: usize, first: usize) -> bool {
    let dash = end == first && scan.gap(first).contains(['-', '–']);
    dash || scan.role_at(end, Roles::INTO.or(Roles::OR)) == Some(first)
}

/// The size right behind the number, with at most one word between: "500 output tokens".
fn sized<'s>(scan: &Scan<'s, '_>, quantity: &Quantity) -> Option<Sized<'s>> {
    let row = |size: u8, end| {
        let (row, words) = (scan.size(size), quantity.first..end);
        Sized { row: Some(row), shown: row.shown.as_ref().filter(|_| is_shown(scan, &words)), words }
    };
    match quantity.suffix {
        Some(Meaning::Size(size)) => return Some(row(size, quantity.end)),
        Some(_) => return None,
        None => {}
    }
    let size_at = |index: usize| {
        let sizes = scan.at(index).iter().filter_map(|hit| match hit.meaning {
            Meaning::Size(size) => Some((size, hit.end)),
            _ => None,
        });
        let (size, end) = sizes.max_by_key(|(_, end)| *end).filter(|_| !scan.clause_ends(index))?;
        Some(row(size, end))
    };
    let between = Roles::INPUT.or(Roles::OUTPUT).or(Roles::OF);
    let next = || scan.role_at(quantity.end, between).filter(|_| !scan.clause_ends(quantity.end)).and_then(size_at);
    let bare = || Some(Sized { row: None, words: quantity.first..quantity.end, shown: None });
    size_at(quantity.end).or_else(next).or_else(bare)
}

/// The words of a demand for a context window, when the size is one.
fn context(scan: &Scan<'_, '_>, sized: &Sized<'_>, tokens: u64) -> Option<Range<usize>> {
    if sized.row.is_none() && tokens < scan.limits().smallest_context {
        return None;
    }
    let behind = scan.role_at(sized.words.end, Roles::OF).unwrap_or(sized.words.end);
    let after = scan.role_at(behind, Roles::CONTEXT).filter(|_| !scan.clause_ends(sized.words.end));
    if let Some(end) = after {
        return Some(sized.words.start..end);
    }
    // "A context window of at least 200k": nothing but such words may stand between.
    let mut first = sized.words.start;
    for _ in 0..CONTEXT_REACH {
        if let Some(context) = scan.role_before(first, Roles::CONTEXT) {
            return Some(context..sized.words.end);
        }
        first = scan.role_before(first, Roles::OF.or(Roles::AT_MOST).or(Roles::MORE_THAN).or(Roles::LINK))?;
    }
    None
}

fn set_context(reader: &mut Reader<'_, '_>, tokens: u64, words: Range<usize>) {
    if reader.reading.constraints.min_context.is_none_or(|known| known < tokens) {
        reader.reading.constraints.min_context = Some(tokens);
        reader.said("min_context", tokens.to_string(), words);
    }
}

/// Whether minutes or hours are those of something said, and not a wait.
fn is_spoken(scan: &Scan<'_, '_>, words: &Range<usize>) -> bool {
    let after = scan.after(words.end, SPOKEN_REACH);
    let before = scan.before(words.start, SPOKEN_REACH);
    let of = before.clone().rev().find(|at| scan.role_at(*at, Roles::OF).is_some());
    // "Recordings of meetings, an hour each".
    let of =
        of.or_else(|| (scan.clause_ends(words.start) && scan.role_at(words.end, Roles::APIECE).is_some()).then_some(words.start));
    let said = |of: usize| scan.has(of.saturating_sub(SPOKEN_REACH)..of, Roles::SPOKEN);
    scan.has(after, Roles::SPOKEN) || of.is_some_and(said) || (of.is_some() && scan.has(before, Roles::SPOKEN))
}

/// Whether minutes or hours are those of a video that is looked at, not made.
fn is_shown(scan: &Scan<'_, '_>, words: &Range<usize>) -> bool {
    let video = |meaning| matches!(meaning, Meaning::Depicted(Modality::Video) | Meaning::Taken(Modality::Video));
    let near = [scan.before(words.start, SPOKEN_REACH), scan.after(words.end, SPOKEN_REACH)];
    let mut hits = near.into_iter().flat_map(|words| scan.within(words));
    hits.any(|hit| video(hit.meaning)) && !scan.has(scan.before(words.start, PICTURE_REACH), Roles::MAKE)
}

fn set(reader: &mut Reader<'_, '_>, tokens: u64, direction: Direction, sized: &Sized<'_>) {
    let said = reader.original(sized.words.clone());
    if tokens > reader.scan.limits().largest_request {
        return reader.note(format!("\"{said}\" is more than one request can hold and is not taken for its size"));
    }
    let known = &mut reader.reading.constraints.tokens;
    let (side, name) = match direction {
        Direction::Input => (&mut known.input, "input"),
        Direction::Output => (&mut known.output, "output"),
    };
    if side.is_some() {
        return;
    }
    *side = Some(tokens);
    if !sized.because().is_empty() {
        reader.note(format!("\"{said}\" is taken for {tokens} tokens: {}", sized.because()));
    }
    reader.said("tokens", format!("{name} {tokens}"), sized.words.clone());
}
