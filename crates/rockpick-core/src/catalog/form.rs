//! How InvokeModel and StartAsyncInvoke take what is asked in a model's own body: `rules/bodies.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::schema::{BodyEntry, TurnsEntry};
use crate::task::ModalitySet;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// How a body holds a conversation.
    Dialect {
        /// As one text, by a template.
        Prompt = "prompt",
        /// As Converse's own messages.
        Converse = "converse",
        /// As messages of typed blocks: the Messages API.
        Messages = "messages",
        /// As messages of texts and parts: chat completions.
        Chat = "chat-completions",
        /// As the last message and those before it.
        History = "chat-history",
    }
}

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
    /// How it takes a conversation; `None` = it takes none.
    pub talk: Option<Talk>,
}

/// How a body takes a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// How the conversation is written.
    pub dialect: Dialect,
    /// Which of Converse's blocks it takes besides text, by their names there.
    pub blocks: Vec<String>,
    /// What must be sent besides text.
    pub needs: ModalitySet,
    /// The template of a prompt.
    pub turns: Turns,
    /// What stands before and after a thought in the text of an answer.
    pub thoughts: Option<(String, String)>,
}

/// The template of a prompt: texts in which `$TEXT` stands for what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    /// What everything begins with.
    pub start: String,
    /// The system prompt; empty where there is none.
    pub system: String,
    /// A turn of the user.
    pub user: String,
    /// A turn of the model.
    pub assistant: String,
    /// What asks the model to go on.
    pub ask: String,
}

impl Form {
    pub(super) fn compile(name: String, entry: BodyEntry) -> Self {
        let BodyEntry {
            models,
            body,
            words,
            choices,
            prompt,
            edit,
            batch,
            result,
            talk,
            blocks,
            needs,
            turns,
            thoughts,
        } = entry;
        let batch = batch.unwrap_or(1).max(1);
        let turns = turns.map(Turns::from).unwrap_or_default();
        let needs = needs.into_iter().collect();
        let talk = talk.map(|dialect| Talk { dialect, blocks, needs, turns, thoughts });
        Self {
            name,
            models,
            body: body.into_inner(),
            words,
            choices,
            prompt,
            edit,
            batch,
            result,
            talk,
        }
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

impl Talk {
    /// Whether it takes one of Converse's blocks.
    #[must_use]
    pub fn takes(&self, block: &str) -> bool {
        block == "text" || self.blocks.iter().any(|own| own == block)
    }

    /// Whether it takes files by their place in S3.
    #[must_use]
    pub fn takes_places(&self) -> bool {
        matches!(self.dialect, Dialect::Converse | Dialect::Prompt)
    }

    /// Whether it takes a system prompt apart from the turns.
    #[must_use]
    pub fn takes_system(&self) -> bool {
        self.dialect != Dialect::Prompt || !self.turns.system.is_empty()
    }
}

impl From<TurnsEntry> for Turns {
    fn from(entry: TurnsEntry) -> Self {
        let TurnsEntry { start, system, user, assistant, ask } = entry;
        Self { start, system, user, assistant, ask }
    }
}
