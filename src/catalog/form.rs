//! How InvokeModel and StartAsyncInvoke take what Converse does not: `rules/bodies.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::schema::BodyEntry;

/// The body that some models want, and where the result stands in their answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name.
    pub name: String,
    /// What the ids of its models begin with.
    pub models: Vec<String>,
    /// JSON in which `"$NAME"` stands for a value; a field without its value is left out.
    pub body: String,
    /// The models' own words for some values.
    pub words: BTreeMap<String, String>,
    /// The only values that it takes for some names; where one is always meant, the first.
    pub choices: BTreeMap<String, Vec<String>>,
    /// The longest prompt, in characters; `None` = not known.
    pub prompt: Option<usize>,
    /// What its models do to a picture; `None` when they make one, or something else.
    pub edit: Option<String>,
    /// How many texts one call takes.
    pub batch: usize,
    /// Where the result stands: JSON pointers, the first that is there; `*` stands for every element of a list.
    pub result: Vec<String>,
}

impl Form {
    pub(super) fn compile(name: String, entry: BodyEntry) -> Self {
        let BodyEntry { models, body, words, choices, prompt, edit, batch, result } = entry;
        let batch = batch.unwrap_or(1).max(1);
        Self { name, models, body: body.into_inner(), words, choices, prompt, edit, batch, result }
    }

    /// Whether a model wants this body; how many letters of its id say so.
    #[must_use]
    pub fn fits(&self, id: &str) -> Option<usize> {
        self.models.iter().filter(|start| id.starts_with(start.as_str())).map(String::len).max()
    }

    /// Whether the body has a place for a value.
    #[must_use]
    pub fn has_place(&self, value: &str) -> bool {
        self.body.contains(&format!("\"${value}\""))
    }
}
