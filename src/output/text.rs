//! A recommendation for people: what to call, why, what it costs, on one screen.

use super::page::{Page, Screen, height};
use super::style::{BOLD, DIM, WARN};
use super::{also, choice, listing, readings, understood};
use crate::catalog::lifecycle::days_between;
use crate::recommend::{Choice, Recommendation};

/// How many of the ranking are shown when nothing else is asked, at most and at least.
const SHORT_LIST: (usize, usize) = (5, 3);
/// Lines of warnings and of reasons, at most and at least.
const WARNINGS: (usize, usize) = (4, 2);
const REASONS: (usize, usize) = (3, 1);
/// The lines behind the warnings: an empty one, the counts, the age of the facts.
const FOOT: usize = 3;

/// The answer on one screen, as far as it can be: the task as understood, the choice, a short list, why, warnings.
#[must_use]
pub fn recommendation(answer: &Recommendation<'_>, most: Option<usize>, screen: Screen) -> String {
    let mut page = Page::new(screen);
    page.item("", &understood::title(answer));
    understood::details(&mut page, answer);
    match answer.best() {
        Some(_) if answer.is_listing() => {
            page.blank();
            page.block(&listing::table(answer, most, page.columns()));
        }
        Some(best) => chosen(&mut page, answer, best, most),
        None => {
            page.blank();
            page.block(&nothing(answer, screen));
            readings::without_words(&mut page, answer);
        }
    }
    also::by_global(&mut page, answer);
    readings::others(&mut page, answer);
    let warnings = warnings(answer);
    let room = page.left().saturating_sub(FOOT).clamp(WARNINGS.1, WARNINGS.0);
    let hidden = paragraphs(&mut page, &format!("{WARN}!{WARN:#} "), &warnings, room);
    foot(&mut page, answer, hidden);
    page.finish()
}

fn chosen(page: &mut Page, answer: &Recommendation<'_>, best: &Choice<'_>, most: Option<usize>) {
    page.blank();
    choice::first(page, answer, best);
    page.blank();
    let picks = choice::picks(answer);
    let rows = most.unwrap_or_else(|| {
        let below = picks.len() + 2 + REASONS.1 + WARNINGS.1 + FOOT + others(answer);
        page.left().saturating_sub(below).clamp(SHORT_LIST.1, SHORT_LIST.0)
    });
    page.block(&choice::ranking(answer, rows, page.columns()));
    for (label, pick) in picks {
        let told = choice::in_short(answer, &pick);
        page.item("  ", &format!("{BOLD}{label}{BOLD:#}: {told}"));
    }
    let below = WARNINGS.1 + FOOT + others(answer);
    page.gap(REASONS.1 + below);
    let reasons: Vec<String> = answer
        .reasons(best)
        .into_iter()
        .filter(|reason| says_why(reason.code))
        .map(|reason| reason.text)
        .collect();
    let room = page.left().saturating_sub(below).clamp(REASONS.1, REASONS.0);
    paragraphs(page, "· ", &reasons, room);
}

/// The lines that another reading of the task takes.
fn others(answer: &Recommendation<'_>) -> usize {
    if answer.readings().len() > 1 { 3 } else { 0 }
}

/// Where data goes is said beside the choice, and what was derived is a detail.
fn says_why(code: &str) -> bool {
    !matches!(code, "destinations" | "imputed" | "stale-board" | "inference")
}

/// Adds paragraphs while there is room, in lines; how many are left out.
fn paragraphs(page: &mut Page, mark: &str, texts: &[String], mut room: usize) -> usize {
    for (index, text) in texts.iter().enumerate() {
        let lines = height(page.columns(), mark, text);
        if lines > room && index > 0 {
            return texts.len() - index;
        }
        room = room.saturating_sub(lines);
        page.item(mark, text);
    }
    0
}

/// That nothing fits, why, and what would have to change.
#[must_use]
pub fn nothing(answer: &Recommendation<'_>, screen: Screen) -> String {
    let mut page = Page::new(screen);
    if let Some(refused) = &answer.understanding.refused {
        page.item("", &format!("{WARN}No answer:{WARN:#} {}", refused.text));
        return page.finish();
    }
    if answer.category().is_none() {
        page.item("", &format!("{WARN}The words do not tell what kind of task it is.{WARN:#}"));
        page.item(
            "  ",
            &format!("nearest: {}; --task CATEGORY says which", listing::nearest(answer)),
        );
        return page.finish();
    }
    page.item("", &format!("{WARN}Nothing fits.{WARN:#}"));
    let changes = answer.changes(None);
    if changes.is_empty() {
        page.item("  ", "no single change would let a model fit");
    }
    for change in changes {
        page.item("  · ", &change.text);
    }
    page.finish()
}

/// What should be known, but for what other lines say.
pub(super) fn warnings(answer: &Recommendation<'_>) -> Vec<String> {
    let understanding = &answer.understanding;
    let refused = understanding.refused.as_ref().map(|refused| refused.code);
    let warnings = answer.warnings().into_iter();
    warnings
        .filter(|warning| Some(warning.code) != refused)
        .map(|warning| warning.text)
        .filter(|text| !understanding.unused.contains(text))
        .collect()
}

/// What is not shown, and how old the facts are.
fn foot(page: &mut Page, answer: &Recommendation<'_>, hidden: usize) {
    let mut told = Vec::new();
    let fitting = answer.ranked().len();
    if fitting > 0 && !answer.is_listing() {
        told.push(format!("{fitting} {}", if fitting == 1 { "fits" } else { "fit" }));
    }
    let rejected = answer.rejected().count();
    if rejected > 0 {
        told.push(format!("{rejected} of {} rejected", answer.catalog.models().len()));
    }
    if hidden > 0 {
        told.push(format!("{hidden} more {}", if hidden == 1 { "note" } else { "notes" }));
    }
    page.gap(FOOT - 1);
    if !told.is_empty() {
        page.item("", &format!("{DIM}{}: --all shows them{DIM:#}", told.join(", ")));
    }
    let has_quality = answer.best().is_some_and(|best| best.quality.is_some());
    let legend = if has_quality && !answer.is_listing() {
        "; quality 100% = the best on Bedrock"
    } else {
        ""
    };
    page.item("", &format!("{DIM}{}{legend}{DIM:#}", age(answer)));
}

/// Of when the facts are.
pub(super) fn age(answer: &Recommendation<'_>) -> String {
    let (of, asked) = (answer.catalog.as_of(), answer.task.as_of);
    match days_between(of, asked) {
        ..=-1 => format!("facts of {of}, later than {asked}"),
        1 => format!("facts of {of}, 1 day old"),
        days => format!("facts of {of}, {days} days old"),
    }
}
