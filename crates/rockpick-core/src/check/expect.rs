//! Rules as tests: every `[[expect]]` holds, every example reads as its own category.

use jiff::civil::Date;
use toml::Spanned;

use super::task_files;
use super::tasks::{misread, quoted};
use crate::catalog::Catalog;
use crate::catalog::names::Named;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::knowledge::Knowledge;
use crate::recommend::{Reason, Recommendation, Recommender};
use crate::rules::schema::{ExpectEntry, RejectedEntry};
use crate::source::RuleFile;
use crate::task::{ModelIndex, Preference, Task};

/// What a run of the rules' tests found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TestReport {
    /// What does not hold, at its line.
    pub diagnostics: Diagnostics,
    /// How many expectations there are, and how many hold.
    pub expectations: (usize, usize),
    /// How many examples of each category read as it.
    pub accuracy: Vec<Accuracy>,
}

/// How many examples of a category read as it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accuracy {
    /// The category.
    pub category: String,
    /// How many it has.
    pub examples: usize,
    /// How many of them read as it.
    pub right: usize,
}

/// Tests the rules; expectations without a date of their own have to hold on `as_of`.
#[must_use]
pub fn test(files: &[RuleFile], knowledge: &Knowledge, as_of: Date) -> TestReport {
    let mut report = TestReport::default();
    for (file, task) in &task_files(files) {
        let wrong = misread(file.stem(), task, knowledge.rules.classifier());
        let examples = task.examples.needs.len() + task.examples.prompts.len();
        report.accuracy.push(Accuracy {
            category: file.stem().to_owned(),
            examples,
            right: examples - wrong.len(),
        });
        for misread in wrong {
            report.diagnostics.push(misread.diagnostic(file));
        }
        for entry in &task.expect {
            let mut expectation =
                Expectation { file, entry, knowledge, found: Diagnostics::default() };
            expectation.hold(as_of);
            report.expectations.0 += 1;
            report.expectations.1 += usize::from(expectation.found.is_empty());
            report.diagnostics.extend(expectation.found);
        }
    }
    report.diagnostics.sort();
    report
}

struct Expectation<'a> {
    file: &'a RuleFile,
    entry: &'a ExpectEntry,
    knowledge: &'a Knowledge,
    found: Diagnostics,
}

impl Expectation<'_> {
    fn hold(&mut self, as_of: Date) {
        let Some(task) = self.task(as_of) else { return };
        let knowledge = self.knowledge;
        let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
        // When the task is read as something else, everything that follows is about another question.
        if !self.category(&answer) {
            return;
        }
        self.choice(&answer);
        for model in &self.entry.ranked {
            self.ranked(model, &answer);
        }
        for rejected in &self.entry.rejected {
            self.rejected(rejected, &answer);
        }
        self.nothing_fits(&answer);
    }

    fn fail<T>(&mut self, at: &Spanned<T>, message: String, help: Option<String>) {
        let diagnostic =
            Diagnostic::error(Code::ExpectationFailed, message).at(self.file.place(at.span()));
        self.found.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic.related(self.file.place(self.entry.task.span()), "for this task"),
        });
    }

    fn unknown<'k>(
        &mut self,
        code: Code,
        what: &str,
        name: &Spanned<String>,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.found.push(self.file.unknown(code, what, name, known));
    }

    /// The task of the entry; `None` when it names something that does not exist.
    fn task(&mut self, as_of: Date) -> Option<Task> {
        let (entry, catalog) = (self.entry, &self.knowledge.catalog);
        let mut task =
            Task::new(entry.task.get_ref().clone(), entry.as_of.map_or(as_of, |day| day.0));
        task.constraints.per_month = entry.per_month;
        if let Some(code) = &entry.region {
            match catalog.region(code.get_ref()) {
                Some(region) => task.constraints.regions.insert(region),
                None => {
                    self.unknown(
                        Code::UnknownRegion,
                        "Region",
                        code,
                        catalog.regions().iter().map(|region| region.code.as_str()),
                    );
                }
            }
        }
        if let Some(name) = &entry.residency {
            task.constraints.residency = catalog.residency(name.get_ref());
            if task.constraints.residency.is_none() {
                let known = catalog.places().iter().map(|place| place.code.as_str());
                self.unknown(Code::UnknownRegion, "place", name, known);
            }
        }
        if let Some(name) = &entry.prefer {
            task.preference = Preference::named(name.get_ref());
            if task.preference.is_none() {
                self.unknown(
                    Code::WrongValue,
                    "preference",
                    name,
                    Preference::ALL.iter().map(|preference| preference.name()),
                );
            }
        }
        self.found.is_empty().then_some(task)
    }

    fn category(&mut self, answer: &Recommendation<'_>) -> bool {
        let entry = self.entry;
        let wanted = entry
            .category
            .as_ref()
            .map_or(self.file.stem(), |category| category.get_ref().as_str());
        if let Some(category) = &entry.category
            && self.knowledge.rules.category(wanted).is_none()
        {
            let known =
                self.knowledge.rules.categories().iter().map(|category| category.name.as_str());
            self.unknown(Code::UnknownCategory, "category", category, known);
            return false;
        }
        let read = answer.category().map(|category| category.name.as_str());
        if read == Some(wanted) {
            return true;
        }
        let read = read.map_or("nothing in particular".to_owned(), |read| format!("`{read}`"));
        let sure = answer.understanding.confidence * 100.0;
        let message = format!("this should read as `{wanted}`, but reads as {read} ({sure:.0} %)");
        match &entry.category {
            Some(category) => self.fail(category, message, None),
            None => {
                let help = "without `category`, that of the file is expected".to_owned();
                self.fail(&entry.task, message, Some(help));
            }
        }
        false
    }

    fn choice(&mut self, answer: &Recommendation<'_>) {
        let catalog = answer.catalog;
        let best = answer.best();
        if let Some(wanted) = &self.entry.model
            && let Some(index) = self.model(wanted)
            && best.is_none_or(|best| best.model != index)
        {
            let chosen = best
                .map_or("nothing".to_owned(), |best| format!("`{}`", catalog.model(best.model).id));
            let help = standing(answer, index);
            self.fail(
                wanted,
                format!("`{}` should be chosen, but {chosen} is", wanted.get_ref()),
                Some(help),
            );
        }
        if let Some(wanted) = &self.entry.invoke_id {
            let id = best.map(|best| catalog.invoke_id(best.offer));
            if id.as_deref() != Some(wanted.get_ref().as_str()) {
                let chosen = id.map_or("nothing".to_owned(), |id| format!("`{id}`"));
                self.fail(
                    wanted,
                    format!("`{}` should be called, but {chosen} is", wanted.get_ref()),
                    None,
                );
            }
        }
    }

    fn ranked(&mut self, wanted: &Spanned<String>, answer: &Recommendation<'_>) {
        let Some(index) = self.model(wanted) else { return };
        if position(answer, index).is_none() {
            let help = standing(answer, index);
            self.fail(
                wanted,
                format!("`{}` should be ranked, but is rejected", wanted.get_ref()),
                Some(help),
            );
        }
    }

    fn rejected(&mut self, wanted: &RejectedEntry, answer: &Recommendation<'_>) {
        let Some(index) = self.model(&wanted.model) else { return };
        if let Some(code) =
            wanted.reason.as_ref().filter(|code| Reason::named(code.get_ref()).is_none())
        {
            return self.unknown(
                Code::WrongValue,
                "reason",
                code,
                Reason::ALL.iter().map(|reason| reason.name()),
            );
        }
        let reasons =
            answer.rejected().find(|(model, _)| *model == index).map(|(_, reasons)| reasons);
        let Some(reasons) = reasons else {
            let help = standing(answer, index);
            return self.fail(
                &wanted.model,
                format!("`{}` should be rejected, but is ranked", wanted.model.get_ref()),
                Some(help),
            );
        };
        if let Some(code) = &wanted.reason
            && Reason::named(code.get_ref()).is_some_and(|reason| !reasons.contains(reason))
        {
            let help = standing(answer, index);
            self.fail(
                code,
                format!(
                    "`{}` should be rejected for this reason, but is not",
                    wanted.model.get_ref()
                ),
                Some(help),
            );
        }
    }

    fn nothing_fits(&mut self, answer: &Recommendation<'_>) {
        let Some(wanted) = &self.entry.nothing_fits else { return };
        if let (true, Some(best)) = (*wanted.get_ref(), answer.best()) {
            let id = &answer.catalog.model(best.model).id;
            self.fail(wanted, format!("nothing should fit, but `{id}` does"), None);
        } else if !wanted.get_ref() && answer.best().is_none() {
            self.fail(wanted, "something should fit, but nothing does".to_owned(), None);
        }
    }

    fn model(&mut self, id: &Spanned<String>) -> Option<ModelIndex> {
        let catalog: &Catalog = &self.knowledge.catalog;
        let found = match catalog.find(id.get_ref()) {
            Named::Model(index) => Some(index),
            _ => None,
        };
        if found.is_none() {
            self.unknown(
                Code::UnknownModel,
                "model",
                id,
                catalog.models().iter().map(|model| model.id.as_str()),
            );
        }
        found
    }
}

fn position(answer: &Recommendation<'_>, model: ModelIndex) -> Option<usize> {
    answer.ranked().iter().position(|choice| choice.model == model)
}

/// Where a model stands in an answer, as advice.
fn standing(answer: &Recommendation<'_>, model: ModelIndex) -> String {
    let task = quoted(&answer.task.text);
    if let Some(at) = position(answer, model) {
        return format!("for {task} it is number {} of {}", at + 1, answer.ranked().len());
    }
    let reasons = answer
        .rejected()
        .find(|(rejected, _)| *rejected == model)
        .map(|(_, reasons)| reasons)
        .unwrap_or_default();
    let reasons: Vec<String> =
        reasons.iter().map(|reason| format!("{reason} ({})", reason.about())).collect();
    format!("for {task} it is rejected: {}", reasons.join(", "))
}
