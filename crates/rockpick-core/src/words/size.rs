//! What numbers count: requests a month, tokens sent and received, a context window.

use std::ops::Range;

use super::demand::set_latency;
use super::mention::Count;
use super::number::rounded;
use super::reader::Reader;
use super::role::Role;
use super::vocabulary::{Manner, SizeRow};
use crate::task::Latency;

/// Sets what the number states in its role. A bare number counts what the one before it did: "3,000 words in, 400 out".
pub(super) fn apply(
    reader: &mut Reader<'_, '_, '_>,
    count: &Count<'_>,
    role: Role,
    last: Option<&SizeRow>,
    words: Range<usize>,
) {
    match role {
        Role::Volume => volume(reader, count, words),
        Role::Context => context(reader, count, words),
        Role::Input | Role::Output => tokens(reader, count, role, last, words),
        Role::Batch => set_latency(reader, Latency::Batch, words),
        _ => {}
    }
}

/// Requests a month; the first number counts.
fn volume(reader: &mut Reader<'_, '_, '_>, count: &Count<'_>, words: Range<usize>) {
    let Some(rate) = &count.rate else { return };
    // Four a year are less than one a month, and still some.
    let Some(monthly) = rate.monthly(count.quantity.value).map(|monthly| monthly.max(1)) else {
        return;
    };
    let words = words.start.min(rate.words.start)..words.end.max(rate.words.end);
    let said = reader.scan.text.original(words.clone()).to_owned();
    if let Some(first) = reader.reading.constraints.per_month {
        if first != monthly {
            reader.note(format!("a second volume, \"{said}\", is not used"));
        }
        return;
    }
    if !rate.because().is_empty() {
        reader.note(format!("\"{said}\" is {monthly} a month: {}", rate.because()));
    }
    reader.reading.constraints.per_month = Some(monthly);
    reader.said("per_month", monthly.to_string(), words);
}

/// The tokens that are counted; a bare number counts tokens where its role says so.
fn size_of(count: &Count<'_>) -> u64 {
    rounded(count.size.map_or(count.quantity.value, |row| count.quantity.times(row.tokens)))
}

fn context(reader: &mut Reader<'_, '_, '_>, count: &Count<'_>, words: Range<usize>) {
    let tokens = size_of(count);
    let fits = tokens >= reader.scan.limits().smallest_context;
    if fits && reader.reading.constraints.min_context.is_none_or(|known| known < tokens) {
        reader.reading.constraints.min_context = Some(tokens);
        reader.said("min_context", tokens.to_string(), words);
    }
}

fn tokens(
    reader: &mut Reader<'_, '_, '_>,
    count: &Count<'_>,
    role: Role,
    last: Option<&SizeRow>,
    words: Range<usize>,
) {
    let written = |row: &&SizeRow| matches!(row.manner, Manner::Written | Manner::Exact);
    let Some(row) = count.size.or(last.filter(written)) else { return };
    let measured = rounded(count.quantity.times(row.tokens));
    let seen =
        count.shown.map(|shown| rounded(count.quantity.times(shown.tokens)).min(shown.at_most));
    let (tokens, because) =
        (seen.unwrap_or(measured), count.shown.map_or(&row.because, |shown| &shown.because));
    let said = reader.original(words.clone());
    if tokens > reader.scan.limits().largest_request {
        return reader.note(format!(
            "\"{said}\" is more than one request can hold and is not taken for its size"
        ));
    }
    let known = &mut reader.reading.constraints.tokens;
    let (side, name) = match role {
        Role::Input => (&mut known.input, "input"),
        _ => (&mut known.output, "output"),
    };
    if side.is_some() {
        return;
    }
    *side = Some(tokens);
    if !because.is_empty() {
        reader.note(format!("\"{said}\" is taken for {tokens} tokens: {because}"));
    }
    reader.said("tokens", format!("{name} {tokens}"), words);
}
