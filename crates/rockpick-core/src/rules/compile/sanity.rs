//! Rules that have the right shape but cannot be meant.

use std::collections::HashMap;

use toml::Spanned;

use super::Compiler;
use crate::catalog::schema::{Decimal, Entries};
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::schema::{BenchmarkEntry, BoardEntry, ResultEntry, Scale, TaskFile, TokensEntry};
use crate::source::RuleFile;
use crate::text::fold;

/// The classifier learns a table for each.
pub(super) const MOST_CATEGORIES: usize = 256;
/// Benchmarks are counted in 8 bits.
pub(super) const MOST_BOARDS: usize = 255;
/// No context window is larger, in tokens.
const LARGEST_CONTEXT: u64 = 100_000_000;
/// No request holds more, of tokens or anything else.
const LARGEST_REQUEST: u64 = 1_000_000_000;
/// How much more or less than usual the tasks of a category make a model think.
const THINKING: std::ops::RangeInclusive<f64> = 0.25..=4.0;
/// No rating is higher: strengths are told apart by hundreds.
const LARGEST_RATING: f64 = 10_000.0;
/// The longest name of a category, in bytes.
const LONGEST_NAME: usize = 64;

impl Compiler<'_> {
    pub(super) fn wrong(
        &mut self,
        file: &RuleFile,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) {
        let diagnostic = Diagnostic::error(Code::WrongValue, message).at(file.place(span));
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    pub(super) fn too_many(&mut self, file: &RuleFile, most: usize, what: &str) {
        let message = format!("more than the {most} {what} that fit");
        self.diagnostics.push(Diagnostic::error(Code::TooLarge, message).at(file.place(0..0)));
    }

    /// A share of the whole.
    pub(super) fn share(&mut self, file: &RuleFile, key: &str, share: &Spanned<Decimal>) {
        if !(0.0..=1.0).contains(&share.get_ref().0) {
            let message =
                format!("`{key}` is {}, but a share from 0 to 1 is expected", share.get_ref().0);
            self.wrong(file, share.span(), message, "");
        }
    }

    /// A weight.
    pub(super) fn positive(&mut self, file: &RuleFile, key: &str, weight: &Spanned<f64>) {
        let value = *weight.get_ref();
        if !(value.is_finite() && value > 0.0 && value <= 1e6) {
            let message = format!("`{key}` is {value}, but a weight above 0 is expected");
            self.wrong(file, weight.span(), message, "leave the line out when it should not count");
        }
    }

    /// A figure on its board's scale.
    pub(super) fn result_sanity(&mut self, file: &RuleFile, row: &ResultEntry, scale: Scale) {
        let (most, name) = match scale {
            Scale::Rating => (LARGEST_RATING, "rating"),
            Scale::Share => (1.0, "share from 0 to 1"),
            Scale::Percent => (100.0, "percentage from 0 to 100"),
        };
        let figures = [Some(row.value), row.low, row.high];
        if row.low.is_some_and(|low| low.0 > row.value.0)
            || row.high.is_some_and(|high| high.0 < row.value.0)
        {
            let message =
                format!("the figure {} of this model is outside its own interval", row.value.0);
            self.wrong(file, row.model.span(), message, "");
        }
        if let Some(beyond) =
            figures.into_iter().flatten().find(|figure| !(0.0..=most).contains(&figure.0))
        {
            self.wrong(
                file,
                row.model.span(),
                format!("the figure {} of this model is no {name}", beyond.0),
                "",
            );
        }
    }

    pub(super) fn task_sanity(&mut self, file: &RuleFile, entry: &TaskFile) {
        let is_mended = file.is_told_of(self.diagnostics);
        self.category_name(file);
        self.signals(file, entry);
        self.blanks(file, entry);
        self.rules_about_models(file, entry);
        if let Some(weights) = &entry.weights {
            let value = weights.get_ref();
            if (value.quality, value.cost, value.speed) == (0, 0, 0) {
                self.wrong(
                    file,
                    weights.span(),
                    "all weights are 0",
                    "give at least one of quality, cost and speed a weight",
                );
            }
        }
        if let Some(context) =
            entry.requires.as_ref().and_then(|requires| requires.get_ref().context.as_ref())
            && !(1..=LARGEST_CONTEXT).contains(context.get_ref())
        {
            let message = format!("no model has a context window of {} tokens", context.get_ref());
            self.wrong(file, context.span(), message, "leave the key out when any window will do");
        }
        if let Some(tokens) = &entry.tokens {
            let TokensEntry { input, output, images, seconds, queries, thinking } =
                *tokens.get_ref();
            if thinking.is_some_and(|share| !THINKING.contains(&share.0)) {
                let help = "it is a multiple of the thinking before a typical answer";
                self.wrong(file, tokens.span(), "`thinking` is not a number from 0.25 to 4", help);
            }
            if let Some(most) = [input, output, images, seconds, queries]
                .into_iter()
                .find(|count| *count > LARGEST_REQUEST)
            {
                self.wrong(file, tokens.span(), format!("no request holds {most} of anything"), "");
            }
            if !is_mended && [input, output, images, seconds, queries] == [0; 5] {
                let help = "leave the table out, or say what a request holds; otherwise every model costs nothing";
                self.wrong(file, tokens.span(), "a request of this category holds nothing", help);
            }
        }
    }

    /// Texts without a word: such an example teaches nothing, and such a rule is never in force.
    fn blanks(&mut self, file: &RuleFile, entry: &TaskFile) {
        let (examples, blank) =
            (&entry.examples, |text: &&Spanned<String>| fold(text.get_ref()).is_empty());
        for example in examples.needs.iter().chain(&examples.prompts).filter(blank) {
            let message = format!("the example {:?} holds no word", example.get_ref());
            self.wrong(file, example.span(), message, "the classifier learns from words");
        }
        for rule in entry
            .candidates
            .iter()
            .filter(|rule| rule.when.iter().any(|word| fold(word).is_empty()))
        {
            self.wrong(
                file,
                rule.model.span(),
                "`when` of this rule has an entry without a word",
                "",
            );
        }
    }

    /// One layer says one thing of a model under the same words.
    fn rules_about_models(&mut self, file: &RuleFile, entry: &TaskFile) {
        let mut seen = HashMap::new();
        for rule in &entry.candidates {
            let key = (file.layer_at(&rule.model.span()), rule.model.get_ref(), &rule.when);
            let Some(first) = seen.insert(key, rule) else { continue };
            let message = format!(
                "there are two rules about `{}` under the same words",
                rule.model.get_ref()
            );
            let code =
                if first.action == rule.action { Code::Duplicate } else { Code::Contradiction };
            let diagnostic = Diagnostic::error(code, message).at(file.place(rule.model.span()));
            self.diagnostics
                .push(diagnostic.related(file.place(first.model.span()), "here is the other one"));
        }
    }

    /// No benchmark predicts another one that it is predicted from itself.
    pub(super) fn impute_circles(&mut self, file: &RuleFile, entries: &Entries<BenchmarkEntry>) {
        let from = |key: &str| -> Option<&Spanned<String>> {
            entries.iter().find(|(own, _)| own.get_ref() == key)?.1.impute_from.as_ref()
        };
        for key in entries.keys().map(|key| key.get_ref().as_str()) {
            let mut round = vec![key];
            while let Some(next) =
                round.last().and_then(|last| from(last)).map(|next| next.get_ref().as_str())
            {
                // Told once, by the first of the keys; a circle that this key only leads into is told by those in it.
                if next <= key || round.len() > MOST_BOARDS {
                    let is_round = next == key;
                    round.push(next);
                    if let Some(at) = from(key).filter(|_| is_round) {
                        let message =
                            format!("`{key}` is predicted from itself: {}", round.join(" → "));
                        self.diagnostics.push(
                            Diagnostic::error(Code::ImputeCycle, message).at(file.place(at.span())),
                        );
                    }
                    break;
                }
                round.push(next);
            }
        }
    }

    /// A model has one result for each effort on a board.
    pub(super) fn results_twice(&mut self, file: &RuleFile, entry: &BoardEntry) {
        let mut seen = HashMap::new();
        for row in &entry.rows {
            let Some(first) = seen.insert((row.model.get_ref(), &row.effort), row) else {
                continue;
            };
            let message =
                format!("`{}` stands twice on this board at the same effort", row.model.get_ref());
            let diagnostic =
                Diagnostic::error(Code::Duplicate, message).at(file.place(row.model.span()));
            self.diagnostics
                .push(diagnostic.related(file.place(first.model.span()), "here as well"));
        }
    }

    /// Labels of other systems may name a category as they are; what cannot stand after `--task`, in a list or in a path may not.
    fn category_name(&mut self, file: &RuleFile) {
        let name = file.stem();
        let apart =
            |sign: char| sign.is_whitespace() || sign.is_control() || ",;:=\"'`/\\".contains(sign);
        if name.len() > LONGEST_NAME
            || !name.starts_with(char::is_alphanumeric)
            || name.contains(apart)
        {
            let meant = fold(name).replace(' ', "-");
            let message = format!("`{name}` cannot be the name of a category");
            let diagnostic = Diagnostic::error(Code::CategoryName, message).at(file.place(0..0));
            self.diagnostics.push(diagnostic.help(format!(
                "the file's name is the category's name: a short word, or words joined by `-` or `_`, such as {}.toml",
                if meant.is_empty() || meant.len() > LONGEST_NAME { "support-tickets" } else { &meant }
            )));
        }
    }

    /// Every signal holds a word, and none speaks for its category as well as against it.
    fn signals(&mut self, file: &RuleFile, entry: &TaskFile) {
        let signals = &entry.signals;
        let mut against = HashMap::new();
        for signal in
            signals.strong.iter().chain(&signals.weak).chain(&signals.names).chain(&signals.against)
        {
            if fold(signal.get_ref()).is_empty() {
                self.wrong(
                    file,
                    signal.span(),
                    format!("the signal {:?} holds no word", signal.get_ref()),
                    "",
                );
            }
        }
        for signal in &signals.against {
            against.insert(folded(signal), signal);
        }
        for signal in signals.strong.iter().chain(&signals.weak).chain(&signals.names) {
            if let Some(other) = against.get(&folded(signal)) {
                let message = format!(
                    "the signal {:?} speaks for and against the category",
                    signal.get_ref()
                );
                let diagnostic =
                    Diagnostic::error(Code::SignalClash, message).at(file.place(signal.span()));
                self.diagnostics.push(diagnostic.related(file.place(other.span()), "against it"));
            }
        }
    }

    /// A rule about a model that is not there: perhaps it is gone.
    pub(super) fn unknown_candidate(&mut self, file: &RuleFile, id: &Spanned<String>) {
        let Some(retired) =
            self.catalog.retired().iter().find(|retired| retired.id == *id.get_ref())
        else {
            let ids = self.catalog.models().iter().map(|model| model.id.as_str());
            return self.unknown(file, Code::UnknownModel, "model", id, ids);
        };
        let message = format!("the model `{}` cannot be called any more", retired.id);
        let replacement = retired.successor.as_ref().map(|successor| format!("\"{successor}\""));
        self.diagnostics.push(
            Diagnostic::error(Code::UnknownModel, message)
                .at(file.place(id.span()))
                .replace_with(replacement),
        );
    }
}

/// A signal as it is compared; a star at its end makes it another one.
pub(crate) fn folded(signal: &Spanned<String>) -> String {
    let stem = if signal.get_ref().trim_end().ends_with('*') { "*" } else { "" };
    fold(signal.get_ref()) + stem
}
