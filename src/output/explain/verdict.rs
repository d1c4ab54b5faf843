//! What a task makes of a model, and what changes in a call to its successor, for people.

use std::fmt::Write as _;

use super::Dossier;
use super::text::from;
use crate::catalog::SuccessorIs;
use crate::catalog::Usage;
use crate::output::figures;
use crate::output::page::{Page, Screen};
use crate::output::style::{BOLD, DIM, GOOD};
use crate::output::understood;
use crate::recommend::Explanation;
use crate::recommend::migration::Migration;
use crate::recommend::verdict::Verdict;

/// What the task and the constraints make of it.
pub(super) fn judged(text: &mut String, dossier: &Dossier<'_>, verdict: &Verdict<'_>) {
    let answer = dossier.answer;
    let catalog = dossier.catalog();
    let name = &catalog.model(verdict.model).name;
    text.push('\n');
    if answer.task.category.is_some() || !answer.task.text.trim().is_empty() {
        let mut page = Page::new(Screen::USUAL);
        page.item("", &understood::title(answer));
        understood::details(&mut page, answer);
        text.push_str(&page.finish());
    }
    let _ = writeln!(text, "{BOLD}{name} {}{BOLD:#}", standing(verdict));
    if let Some((offer, cost)) = verdict.offer {
        let cost = cost
            .filter(|_| dossier.filter.usage != Usage::default())
            .map(|cost| format!(" at {cost} a request"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  · call {} from {} ({}){cost}",
            catalog.invoke_id(offer),
            catalog.code(offer.region),
            offer.route
        );
    }
    for one in &verdict.reasons {
        reason(text, one, !verdict.fits());
    }
    if let Some(best) = answer.best().filter(|best| best.model != verdict.model) {
        let cost = best.cost.map(|cost| format!(" at {cost} a request")).unwrap_or_default();
        let quality = figures::quality(best.quality, best.evidence);
        let _ = writeln!(
            text,
            "  · the choice is {} ({}){cost}, quality {quality}",
            catalog.model(best.model).name,
            catalog.invoke_id(best.offer)
        );
    }
    changes(text, verdict);
}

fn changes(text: &mut String, verdict: &Verdict<'_>) {
    let settled = verdict.is_chosen() || (verdict.fits() && verdict.place.is_none());
    if settled {
        return;
    }
    let _ = writeln!(text, "{BOLD}What would change that{BOLD:#}");
    if verdict.changes.is_empty() {
        let _ = writeln!(text, "  · no change of one constraint alone");
    }
    for change in &verdict.changes {
        let _ = writeln!(text, "  · {}", change.text);
    }
}

fn standing(verdict: &Verdict<'_>) -> String {
    match (verdict.place, verdict.fits()) {
        (Some((1, fitting)), _) => format!("is the choice among {fitting} that fit"),
        (Some((place, fitting)), _) => format!("fits, as number {place} of {fitting}"),
        (None, true) => "fits".to_owned(),
        (None, false) => "does not fit".to_owned(),
    }
}

/// What changes in a call to the successor.
pub(super) fn moved(text: &mut String, dossier: &Dossier<'_>, migration: &Migration<'_>) {
    let after = dossier.catalog().model(migration.after);
    let _ = writeln!(
        text,
        "\n{BOLD}Moving to {}{BOLD:#}  {}{}",
        after.name,
        after.id,
        from(migration.source)
    );
    let words = basis(migration.basis).trim_start_matches(": ");
    if !words.is_empty() {
        let _ = writeln!(text, "  {DIM}{words}{DIM:#}");
    }
    if !migration.past.is_empty() {
        let _ = writeln!(
            text,
            "  {DIM}{} came between and ended as well{DIM:#}",
            migration.past.join(", ")
        );
    }
    for change in &dossier.changes {
        reason(text, change, false);
    }
}

/// A line with a reason; its code where that is what people look up.
fn reason(text: &mut String, reason: &Explanation, coded: bool) {
    let source = reason.source.as_deref().map(from).unwrap_or_default();
    let code = if coded { format!("{GOOD}{}{GOOD:#}: ", reason.code) } else { String::new() };
    let _ = writeln!(text, "  · {code}{}{source}", reason.text);
}

pub(super) fn basis(basis: Option<SuccessorIs>) -> &'static str {
    match basis {
        Some(SuccessorIs::Fact) => ": a source names it",
        Some(SuccessorIs::Judgement) => {
            ": the nearest in use and price, in this project's judgement"
        }
        None => "",
    }
}
