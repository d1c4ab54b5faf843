//! Categories that get in one another's way, or that leave nothing to choose from.

use std::collections::HashMap;

use jiff::civil::Date;
use toml::Spanned;

use super::{ParsedTask, task_files};
use crate::classify::{Classifier, Reading};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place};
use crate::knowledge::Knowledge;
use crate::recommend::Filter;
use crate::rules::{Action, Category};
use crate::source::RuleFile;
use crate::task::Constraints;
use crate::text::{Text, fold};

/// A text in a message is cut after so many characters.
const LONGEST_TEXT: usize = 60;

pub(super) fn check(
    files: &[RuleFile],
    knowledge: &Knowledge,
    as_of: Date,
    diagnostics: &mut Diagnostics,
) {
    let tasks = task_files(files);
    clashes(&tasks, Code::SignalClash, |task| &task.signals.strong, diagnostics);
    clashes(&tasks, Code::ExampleClash, |task| &task.examples.needs, diagnostics);
    clashes(&tasks, Code::ExampleClash, |task| &task.examples.prompts, diagnostics);
    for (file, task) in &tasks {
        let (signals, examples) = (&task.signals, &task.examples);
        let lists =
            [&signals.strong, &signals.weak, &signals.names, &examples.needs, &examples.prompts];
        if !task.named_only && lists.iter().all(|list| list.is_empty()) {
            let message = format!("nothing tells what belongs to the category `{}`", file.stem());
            let diagnostic = Diagnostic::warning(Code::EmptyCategory, message).at(file.place(0..0));
            diagnostics.push(diagnostic.help(
                "give it [examples] or [signals]; until then it has to be named with --task",
            ));
        }
        for misread in misread(file.stem(), task, knowledge.rules.classifier()) {
            diagnostics.push(misread.diagnostic(file));
        }
        if let Some(category) = knowledge.rules.category(file.stem()) {
            nothing_left((file, task), category, knowledge, as_of, diagnostics);
        }
    }
}

/// The same text in two categories: neither can be told by it.
fn clashes<'a>(
    tasks: &'a [ParsedTask<'a>],
    code: Code,
    list: impl Fn(&crate::rules::schema::TaskFile) -> &[Spanned<String>],
    diagnostics: &mut Diagnostics,
) {
    let what = if code == Code::SignalClash { "strong signal" } else { "example" };
    let mut seen: HashMap<String, (&str, Place)> = HashMap::new();
    for (file, task) in tasks {
        for text in list(task) {
            let star = if text.get_ref().ends_with('*') { "*" } else { "" };
            let (name, place) = (file.stem(), file.place(text.span()));
            let (other, first) =
                seen.entry(fold(text.get_ref()) + star).or_insert_with(|| (name, place.clone()));
            if *other != name {
                let message =
                    format!("the {what} {} stands in `{other}` as well", quoted(text.get_ref()));
                let diagnostic = Diagnostic::warning(code, message).at(place);
                diagnostics.push(diagnostic.related(first.clone(), "here"));
            }
        }
    }
}

/// A text as a message shows it: one line, not too long.
pub(super) fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => format!("\"{} …\"", &line[..at]),
        None => format!("\"{line}\""),
    }
}

/// Categories whose probabilities differ by no more than this are in doubt.
const IN_DOUBT: f32 = 0.15;

/// An example that reads as another category.
pub(super) struct Misread<'a> {
    example: &'a Spanned<String>,
    category: String,
    probability: f32,
    signals: Vec<&'a str>,
}

impl Misread<'_> {
    pub(super) fn diagnostic(&self, file: &RuleFile) -> Diagnostic {
        let message = format!(
            "this example reads as `{}` ({:.0} %)",
            self.category,
            self.probability * 100.0
        );
        let diagnostic =
            Diagnostic::warning(Code::ExampleMisread, message).at(file.place(self.example.span()));
        if self.signals.is_empty() {
            return diagnostic;
        }
        diagnostic.help(format!("signals for `{}`: {}", self.category, self.signals.join(", ")))
    }
}

/// The examples of a category that read as another one.
pub(super) fn misread<'a>(
    name: &str,
    task: &'a crate::rules::schema::TaskFile,
    classifier: &Classifier,
) -> Vec<Misread<'a>> {
    let heads = [(&task.examples.needs, Reading::Need), (&task.examples.prompts, Reading::Prompt)];
    let examples = heads
        .into_iter()
        .flat_map(|(examples, reading)| examples.iter().map(move |example| (example, reading)));
    let misread = examples.filter_map(|(example, reading)| {
        let found = classifier.classify(&Text::new(example.get_ref()), reading, &[]);
        let (best, probability) = *found.scores.first()?;
        let category = classifier.names().get(best).filter(|category| *category != name)?;
        // Of two that are about as likely both are shown: that is in doubt, and not misread.
        let is_own = |place: &usize| classifier.names().get(*place).is_some_and(|own| own == name);
        let own = found
            .scores
            .iter()
            .find(|(place, _)| is_own(place))
            .map_or(0.0, |(_, probability)| *probability);
        if own + IN_DOUBT >= probability {
            return None;
        }
        let signals =
            found.signals.iter().filter(|signal| signal.category == best && signal.weight > 0.0);
        let signals =
            signals.filter_map(|signal| example.get_ref().get(signal.span.clone())).collect();
        Some(Misread { example, category: category.clone(), probability, signals })
    });
    misread.collect()
}

/// A category whose demands and rules no model meets, wherever it is called from.
fn nothing_left(
    (file, task): (&RuleFile, &crate::rules::schema::TaskFile),
    category: &Category,
    knowledge: &Knowledge,
    as_of: Date,
    diagnostics: &mut Diagnostics,
) {
    let filter =
        Filter::new(&knowledge.catalog, category, Constraints::default(), category.usage, as_of);
    if knowledge.catalog.indices().any(|index| filter.best_offer(index).is_some()) {
        return;
    }
    let only = task
        .candidates
        .iter()
        .find(|candidate| candidate.action == Action::Only && candidate.when.is_empty());
    let requires = || task.requires.as_ref().map_or(0..0, Spanned::span);
    let span = only.map_or_else(requires, |candidate| candidate.model.span());
    let message = format!("the demands and rules of `{}` leave no model on {as_of}", category.name);
    let diagnostic = Diagnostic::error(Code::NoModelLeft, message).at(file.place(span));
    diagnostics.push(
        diagnostic.help(format!(
            "`rockpick recommend --task {}` tells why each is rejected",
            category.name
        )),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::RuleFile;

    #[test]
    fn an_example_of_another_category_is_misread() {
        let text = "title = \"Code\"\nabout = \"Code.\"\n[examples]\nneeds = [\"rerank search results with a cross-encoder\"]\n";
        let file = RuleFile::new("tasks/code.toml", "tasks/code.toml", text);
        let task = file.parse(&mut Diagnostics::default()).expect("a category");
        let knowledge = crate::bundled::knowledge();
        let misread = misread("code", &task, knowledge.rules.classifier());
        assert_eq!(misread.len(), 1);
        let told = misread[0].diagnostic(&file);
        assert_eq!(told.code, Code::ExampleMisread);
        assert!(told.message.contains("`rerank`"), "{}", told.message);
        assert!(super::misread("rerank", &task, knowledge.rules.classifier()).is_empty());
    }
}
