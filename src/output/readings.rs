//! What else a task may mean, for people: a second category, and the answer without what was read from the words.

use std::fmt::Write as _;

use super::also::named;
use super::text::WARN;
use crate::recommend::{Choice, Recommendation};
use crate::words::Said;

/// The readings beside the one that was answered, each with its first choice.
pub(super) fn others(text: &mut String, answer: &Recommendation<'_>) {
    let answered = answer.category().map(|category| category.name.as_str());
    for reading in
        answer.readings().iter().filter(|reading| Some(reading.category.name.as_str()) != answered)
    {
        let percent = reading.probability * 100.0;
        let name = &reading.category.name;
        let _ = writeln!(
            text,
            "\n{WARN}If it is {}{WARN:#} ({percent:.0} %; --task {name})",
            reading.category.title
        );
        match &reading.choice {
            Some(choice) => first(text, answer, choice),
            None => drop(writeln!(text, "  nothing fits")),
        }
    }
}

/// The answers without what was read from the words, where nothing fits with it.
pub(super) fn without_words(text: &mut String, answer: &Recommendation<'_>) {
    for way in answer.without_words() {
        let dropped: Vec<String> = way.dropped.iter().map(|said| told(answer, said)).collect();
        let it = if dropped.len() > 1 { "them" } else { "it" };
        let _ = writeln!(
            text,
            "\n{WARN}Nothing fits with{WARN:#} {}; without {it}:",
            dropped.join(" and ")
        );
        first(text, answer, &way.choice);
    }
}

/// A constraint with its words: `residency ch (read from "Switzerland")`.
fn told(answer: &Recommendation<'_>, said: &Said) -> String {
    let words = answer.task.text.get(said.span.clone()).unwrap_or_default();
    format!("{} {} (read from \"{words}\")", said.field.replace('_', " "), said.value)
}

fn first(text: &mut String, answer: &Recommendation<'_>, choice: &Choice<'_>) {
    let _ = writeln!(text, "  {}", named(answer, choice));
    let _ = writeln!(text, "  {}", answer.catalog.invoke_id(choice.offer));
}
