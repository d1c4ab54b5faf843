//! How texts are read, as `rules/reading.toml` says.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The file `reading.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manner {
    /// Described needs.
    pub need: Sureness,
    /// Concrete prompts.
    pub prompt: Sureness,
    /// What signals say.
    pub signals: SignalWeights,
    /// Words that say nothing about a task, by language, separated by blanks.
    pub fillers: BTreeMap<String, String>,
    /// Words that negate what follows, by language, separated by blanks.
    pub negations: BTreeMap<String, String>,
    /// What languages are told by, by their codes.
    pub language: BTreeMap<String, LanguageEntry>,
    /// What makes a prompt difficult.
    pub difficulty: DifficultyEntry,
}

/// How sure a reading has to be.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sureness {
    /// Below this probability a category is a guess.
    pub floor: f32,
    /// Log-odds are divided by this, so that probabilities come true.
    pub temperature: f32,
}

impl Default for Sureness {
    fn default() -> Self {
        Self { floor: 0.0, temperature: 1.0 }
    }
}

/// What a signal says, in log-odds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalWeights {
    /// A strong one.
    pub strong: f32,
    /// A weak one.
    pub weak: f32,
    /// An opposing one.
    pub against: f32,
    /// A name of the activity or of what comes out of it, in needs.
    #[serde(default)]
    pub names: f32,
    /// What a need asks for, for the categories that give it.
    pub gives: f32,
}

/// What a language is told by.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LanguageEntry {
    /// Its name for people.
    pub name: String,
    /// Its frequent words, separated by blanks.
    pub words: String,
    /// Letters that few other languages have.
    pub letters: String,
    /// Its script, when that tells it.
    pub script: Option<Script>,
}

/// A script that tells a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Script {
    /// Japanese syllables.
    Kana,
    /// Chinese characters without Japanese syllables.
    Han,
}

/// What makes a prompt difficult: what each mark adds to the log-odds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/reading.toml says what each key means")]
pub struct DifficultyEntry {
    pub base: f32,
    pub length: f32,
    pub numbers: f32,
    pub long_words: f32,
    pub signs: f32,
    pub quantities: f32,
    pub quantity_words: String,
}
