//! Everything that is known about an answer, for people: every choice, every reason, every rejection.

use super::page::{Page, Screen};
use super::style::{BOLD, DIM, WARN};
use super::{also, choice, listing, readings, rejected, text, understood};
use crate::money::grouped;
use crate::recommend::Recommendation;

/// The whole answer; longer than a screen.
#[must_use]
pub fn recommendation(answer: &Recommendation<'_>, most: Option<usize>, screen: Screen) -> String {
    let mut page = Page::new(screen);
    page.item("", &understood::title(answer));
    understood::details(&mut page, answer);
    page.blank();
    match answer.best() {
        Some(_) if answer.is_listing() => {
            page.block(&listing::table(answer, most, page.columns()));
        }
        Some(best) => {
            choice::first(&mut page, answer, best);
            page.blank();
            page.block(&choice::ranking(answer, most.unwrap_or(usize::MAX), page.columns()));
            page.blank();
            page.item("", &format!("{BOLD}Why {}{BOLD:#}", answer.catalog.model(best.model).name));
            for reason in answer.reasons(best) {
                let source = reason.source.map(|source| format!(" {DIM}[{source}]{DIM:#}"));
                page.item("  · ", &format!("{}{}", reason.text, source.unwrap_or_default()));
            }
            also::lines(&mut page, answer, best);
        }
        None => {
            page.block(&text::nothing(answer, screen));
            readings::without_words(&mut page, answer);
        }
    }
    also::by_global(&mut page, answer);
    readings::others(&mut page, answer);
    page.blank();
    for warning in text::warnings(answer) {
        page.item(&format!("{WARN}!{WARN:#} "), &warning);
    }
    rejected::list(&mut page, answer, most);
    page.blank();
    let (models, offers) = (answer.catalog.models().len(), answer.catalog.offers().len());
    let offers = grouped(offers as u128);
    page.item("", &format!("{DIM}{} · {models} models, {offers} offers{DIM:#}", text::age(answer)));
    page.finish()
}
