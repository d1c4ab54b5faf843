//! How a request says how hard a model thinks: `rules/thinking.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::schema::entry;
use crate::task::Effort;

entry! {
    /// A table of `thinking.toml`.
    ThinkingFieldsEntry {
        models: Vec<String>,
        fields: Option<String>,
        on: Option<String>,
        none: Option<String>,
        #[serde(default)] also: Vec<String>,
        #[serde(default)] loose: Vec<String>,
        #[serde(default)] always: bool,
        #[serde(default)] efforts: Vec<Effort>,
        usual: Option<Effort>,
        #[serde(default)] budgets: BTreeMap<Effort, u64>,
        #[serde(default)] unset: BTreeMap<Effort, Vec<String>>,
        #[serde(default)] beside: Vec<String>,
        #[serde(default)] told: Vec<String>,
    }
}

/// How some models are asked to think.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThinkingFields {
    /// Its name.
    pub name: String,
    /// What the IDs of its models begin with.
    pub models: Vec<String>,
    /// JSON with `$EFFORT` or `$BUDGET`; `None` = no field is known.
    pub fields: Option<String>,
    /// JSON that asks for thinking and leaves the effort open.
    pub on: Option<String>,
    /// JSON that asks for no thinking; `None` = nothing is sent.
    pub none: Option<String>,
    /// Other JSON that is understood in saved bodies.
    pub also: Vec<String>,
    /// JSON of saved bodies that says the same and that no model takes as it is.
    pub loose: Vec<String>,
    /// Whether the model cannot be kept from thinking.
    pub always: bool,
    /// The efforts that it takes, where the model's own facts list none.
    pub efforts: Vec<Effort>,
    /// What [`Effort::On`] means.
    pub usual: Effort,
    /// Tokens of thought for each effort; empty where the effort is sent as a word.
    pub budgets: BTreeMap<Effort, u64>,
    /// Names of parameters that must be left out at an effort.
    pub unset: BTreeMap<Effort, Vec<String>>,
    /// Names of parameters that are refused while the model thinks.
    pub beside: Vec<String>,
    /// Words of a refusal that point to this way, in lower case.
    pub told: Vec<String>,
}

impl ThinkingFields {
    pub(super) fn compile(name: String, entry: ThinkingFieldsEntry) -> Self {
        Self {
            name,
            models: entry.models,
            fields: entry.fields,
            on: entry.on,
            none: entry.none,
            also: entry.also,
            loose: entry.loose,
            always: entry.always,
            efforts: entry.efforts,
            usual: entry.usual.unwrap_or(Effort::Medium),
            budgets: entry.budgets,
            unset: entry.unset,
            beside: entry.beside,
            told: entry.told,
        }
    }

    /// The efforts that a model takes whose own facts list `known`; `None` is not among them.
    #[must_use]
    pub fn takes(&self, known: &[String]) -> Vec<Effort> {
        let own: Vec<Effort> = known.iter().filter_map(|word| Effort::named(word)).collect();
        let all = match (self.budgets.is_empty(), own.is_empty()) {
            (false, _) => self.budgets.keys().copied().collect(),
            (true, false) => own,
            (true, true) => self.efforts.clone(),
        };
        all.into_iter().filter(|effort| !matches!(effort, Effort::None | Effort::On)).collect()
    }

    /// Whether a request can ask a model for an effort whose own facts list `known`.
    #[must_use]
    pub fn asks(&self, effort: Effort, known: &[String]) -> bool {
        match effort {
            Effort::None => self.none.is_some(),
            Effort::On => self.fields.is_some(),
            effort => self.fields.is_some() && self.takes(known).contains(&effort),
        }
    }

    /// Whether a parameter must be left out at an effort.
    #[must_use]
    pub fn unsets(&self, effort: Effort, parameter: &str) -> bool {
        self.unset.get(&effort).is_some_and(|names| names.iter().any(|name| name == parameter))
    }
}
