//! What thinking costs and gives (`effort.toml`, which can be left out), how requests ask for it, and what models refuse.

use serde::Deserialize;
use toml::Spanned;

use super::Compiler;
use crate::catalog::quirk::QuirkEntry;
use crate::catalog::schema::{Decimal, Entries, entry};
use crate::catalog::thinking::{Level, Measured, Thinking};
use crate::catalog::thinking_fields::ThinkingFieldsEntry;
use crate::catalog::{Quirk, QuirkInfo, ThinkingFields};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::RuleFile;
use crate::task::Effort;

/// No answer is preceded by more tokens of thinking.
const MOST_THINKING: u64 = 10_000_000;
/// No model lies farther behind itself, in log-odds.
const MOST_BEHIND: f64 = 10.0;
/// No first token takes longer, in seconds.
const LONGEST_WAIT: f64 = 3_600.0;

entry! {
    /// A table of `effort.toml`.
    ThinkingEntry {
        first_token: Option<Decimal>,
        tokens_per_second: Option<u32>,
        #[serde(default)] on_bedrock: bool,
        default: Option<Spanned<Effort>>,
        #[serde(default)] efforts: Vec<Spanned<LevelEntry>>,
        source: Spanned<String>,
    }
}

entry! {
    /// What thinking costs and gives at one effort.
    LevelEntry {
        effort: Option<Effort>,
        thinking: u64,
        behind: Decimal,
        #[serde(default)] estimated: bool,
        #[serde(default)] predicted: bool,
    }
}

impl Compiler<'_> {
    pub(super) fn thinking_fields(&mut self) {
        let Some((_, entries)) = self.table::<ThinkingFieldsEntry>("thinking.toml") else { return };
        for (name, entry) in entries {
            self.catalog.thinking.push(ThinkingFields::compile(name.into_inner(), entry));
        }
    }

    pub(super) fn quirks(&mut self) {
        let Some((file, entries)) = self.table::<QuirkEntry>("quirks.toml") else { return };
        for (name, entry) in entries {
            let Some(quirk) = Quirk::named(name.get_ref()) else {
                let known = Quirk::ALL.iter().map(|quirk| quirk.name());
                self.diagnostics.push(file.unknown(Code::WrongValue, "quirk", &name, known));
                continue;
            };
            self.check_source(file, &entry.source);
            self.catalog.quirks.push(QuirkInfo {
                quirk,
                models: entry.models,
                except: entry.except,
            });
        }
    }

    pub(super) fn thinking(&mut self) {
        let Some(file) = self.file("effort.toml") else { return };
        let Some(entries) = file.parse::<Entries<ThinkingEntry>>(self.diagnostics) else { return };
        for (id, entry) in &entries {
            self.check_source(file, &entry.source);
            self.check_thinking(file, entry);
            match self.catalog.models.iter_mut().find(|model| model.id == *id.get_ref()) {
                Some(model) => model.thinking = compiled(entry),
                None => {
                    let known = self.catalog.models.iter().map(|model| model.id.as_str());
                    let diagnostic = file.unknown(Code::UnknownModel, "model", id, known);
                    self.diagnostics.push(diagnostic);
                }
            }
        }
        self.inherit_thinking();
        self.askable();
    }

    /// Which efforts a request can ask for. What a model does unasked it does without a field; where that is not known, the
    /// highest effort is assumed, which is the dearer reading.
    fn askable(&mut self) {
        let fields: Vec<Option<ThinkingFields>> = self
            .catalog
            .models
            .iter()
            .map(|model| self.catalog.thinking_fields(&model.id).cloned())
            .collect();
        for (model, fields) in self.catalog.models.iter_mut().zip(fields) {
            let known = &model.features.efforts;
            let unasked = model.thinking.default.or(model
                .thinking
                .levels
                .last()
                .and_then(|level| level.effort));
            for level in &mut model.thinking.levels {
                let asked =
                    |effort| fields.as_ref().is_some_and(|fields| fields.asks(effort, known));
                level.askable =
                    level.effort.is_none_or(|effort| Some(effort) == unasked || asked(effort));
            }
        }
    }

    /// The other name of a model thinks as the model does.
    fn inherit_thinking(&mut self) {
        let of = |id: &String| {
            self.catalog
                .models
                .iter()
                .find(|model| model.id == *id)
                .map(|model| model.thinking.clone())
        };
        let found: Vec<Option<Thinking>> =
            self.catalog.models.iter().map(|model| model.alias_of.as_ref().and_then(of)).collect();
        for (model, thinking) in self.catalog.models.iter_mut().zip(found) {
            if model.thinking == Thinking::default() {
                model.thinking = thinking.unwrap_or_default();
            }
        }
    }

    fn check_thinking(&mut self, file: &RuleFile, entry: &ThinkingEntry) {
        let mut wrong = |span, message: String, help: &str| {
            self.diagnostics
                .push(Diagnostic::error(Code::WrongValue, message).at(file.place(span)).help(help));
        };
        if entry.first_token.is_some_and(|seconds| !(0.0..=LONGEST_WAIT).contains(&seconds.0)) {
            let span = entry.source.span();
            wrong(
                span,
                "`first-token` is not a wait in seconds".to_owned(),
                "give seconds from 0 to 3600, such as \"0.8\"",
            );
        }
        let mut last = None;
        for level in &entry.efforts {
            let (span, level) = (level.span(), level.get_ref());
            if level.thinking > MOST_THINKING || !(0.0..=MOST_BEHIND).contains(&level.behind.0) {
                let message =
                    "an effort costs `thinking` tokens and lies `behind` the best by log-odds"
                        .to_owned();
                wrong(
                    span.clone(),
                    message,
                    "give up to 10,000,000 tokens, and a number from 0 to 10",
                );
            }
            if last.is_some() && last >= Some(level.effort) {
                let help = "each effort stands once, the least first; a model without efforts has one row without a name";
                wrong(span, "the efforts are not in order".to_owned(), help);
            }
            last = Some(level.effort);
        }
        let named = |default: &Spanned<_>| {
            entry.efforts.iter().any(|level| level.get_ref().effort == Some(*default.get_ref()))
        };
        if let Some(default) = entry.default.as_ref().filter(|default| !named(default)) {
            let message =
                format!("the default effort `{}` is not among the efforts", default.get_ref());
            wrong(default.span(), message, "name one of the efforts, or leave the line out");
        }
    }
}

fn compiled(entry: &ThinkingEntry) -> Thinking {
    Thinking {
        first_token_ms: entry.first_token.map(|seconds| (seconds.0 * 1_000.0).round() as u32),
        tokens_per_second: entry.tokens_per_second,
        measured: if entry.on_bedrock { Measured::OnBedrock } else { Measured::Elsewhere },
        default: entry.default.as_ref().map(|default| *default.get_ref()),
        levels: entry.efforts.iter().map(|entry| level(entry.get_ref())).collect(),
        source: entry.source.get_ref().clone(),
    }
}

fn level(entry: &LevelEntry) -> Level {
    Level {
        effort: entry.effort,
        tokens: entry.thinking,
        behind: entry.behind.0 as f32,
        estimated: entry.estimated,
        predicted: entry.predicted,
        askable: true,
    }
}
