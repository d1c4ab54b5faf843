//! What else a task may mean, for people: a second category, and the answer without what was read from the words.

use super::choice::named;
use super::page::Page;
use super::style::WARN;
use crate::recommend::{Choice, Recommendation};
use crate::words::Said;

/// The lines of a reading, and of what follows it on a screen.
const LINES: usize = 8;

/// The readings beside the one that was answered, each with its first choice.
pub(super) fn others(page: &mut Page, answer: &Recommendation<'_>) {
    let answered = answer.category().map(|category| category.name.as_str());
    for reading in
        answer.readings().iter().filter(|reading| Some(reading.category.name.as_str()) != answered)
    {
        let percent = reading.probability * 100.0;
        let name = &reading.category.name;
        let title = &reading.category.title;
        page.gap(LINES);
        page.item("", &format!("{WARN}If it is {title}{WARN:#} ({percent:.0}%; --task {name})"));
        match &reading.choice {
            Some(choice) => first(page, answer, choice),
            None => page.item("  ", "nothing fits"),
        }
    }
}

/// The answers without what was read from the words, where nothing fits with it.
pub(super) fn without_words(page: &mut Page, answer: &Recommendation<'_>) {
    for way in answer.without_words() {
        let dropped: Vec<String> = way.dropped.iter().map(|said| told(answer, said)).collect();
        let it = if dropped.len() > 1 { "them" } else { "it" };
        let dropped = dropped.join(" and ");
        page.blank();
        page.item("", &format!("{WARN}Nothing fits with{WARN:#} {dropped}; without {it}:"));
        first(page, answer, &way.choice);
    }
}

/// A constraint with its words: `residency ch (read from "Switzerland")`.
fn told(answer: &Recommendation<'_>, said: &Said) -> String {
    let words = answer.task.text.get(said.span.clone()).unwrap_or_default();
    format!("{} {} (read from \"{words}\")", said.field.replace('_', " "), said.value)
}

fn first(page: &mut Page, answer: &Recommendation<'_>, choice: &Choice<'_>) {
    page.item("  ", &named(answer, choice));
    page.block(&format!("  {}", answer.catalog.invoke_id(choice.offer)));
}
