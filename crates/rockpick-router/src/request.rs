//! What is asked of a model, in no provider's words.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Job, Repair, Start};
use rockpick_core::catalog::Form;
use rockpick_core::task::Effort;
use rockpick_core::task::Tier;
use rockpick_core::vocabulary;

vocabulary! {
    /// Who speaks.
    Role {
        /// The person or program that asks.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

vocabulary! {
    /// What an attachment is.
    MediaKind {
        /// A picture.
        Image = "image",
        /// A document such as PDF.
        Document = "document",
        /// Moving pictures.
        Video = "video",
        /// Sound.
        Audio = "audio",
    }
}

vocabulary! {
    /// How long something stays in the cache.
    Life {
        /// Five minutes.
        Minutes = "5m",
        /// An hour; writing it costs more.
        Hour = "1h",
    }
}

/// A request for an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// The model that a whole body names; the caller decides whether it is called.
    pub model: Option<String>,
    /// What the model is told before the conversation.
    pub system: Vec<Block>,
    /// The conversation so far.
    pub turns: Vec<Turn>,
    /// What the model may call.
    pub tools: Vec<Tool>,
    /// Which of them it must call, as Converse's `toolChoice`; `None` leaves it to the model.
    pub tool_choice: Option<Value>,
    /// The longest answer, in tokens.
    pub max_tokens: Option<u64>,
    /// How much chance there is in the answer.
    pub temperature: Option<f64>,
    /// The share of likely words that it is drawn from.
    pub top_p: Option<f64>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// The JSON schema that the answer is held to.
    pub schema: Option<Schema>,
    /// How hard the model thinks first; `None` leaves it to the model.
    pub effort: Option<Effort>,
    /// The guardrail that is applied.
    pub guardrail: Option<Guardrail>,
    /// The tier it is billed at.
    pub tier: Option<Tier>,
    /// Whether latency-optimized inference is wanted.
    pub fast: bool,
    /// Tags for cost attribution.
    pub metadata: BTreeMap<String, String>,
    /// Whether the system part is cached.
    pub cache_system: bool,
    /// Whether the answer arrives as it is written.
    pub stream: bool,
    /// Work that is no conversation; what is said above then counts for nothing.
    pub job: Option<Job>,
    /// The job's body as the model takes it: InvokeModel is called with it, or StartAsyncInvoke.
    pub body: Option<Value>,
    /// How the job is started, when it goes on without the caller.
    pub start: Option<Start>,
    /// The form in which InvokeModel takes the conversation; `None` = Converse is called.
    pub form: Option<Form>,
    /// Fields of Converse that have no place above, as they are.
    pub extra: Map<String, Value>,
    /// What was changed when it was read from another form.
    pub repairs: Vec<Repair>,
    /// Tools that are sent under another name: the name that is sent, and their own.
    pub renamed: BTreeMap<String, String>,
}

/// What one side says in its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Who.
    pub role: Role,
    /// What.
    pub blocks: Vec<Block>,
}

/// A piece of what is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Text.
    Text(String),
    /// A file.
    Media(Media),
    /// A call of a tool by the model.
    ToolUse {
        /// The id that its result names.
        id: String,
        /// The tool.
        name: String,
        /// What it is called with.
        input: Value,
    },
    /// What a tool answered.
    ToolResult {
        /// The id of the call.
        id: String,
        /// What it answered.
        text: String,
        /// Whether it failed.
        failed: bool,
    },
    /// Everything before it is cached.
    CachePoint(Life),
    /// Anything else, as Converse's own JSON has it.
    Native(Value),
}

/// A file that is sent.
#[derive(Clone, PartialEq)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// Its format in Converse's words: `png`, `pdf`.
    pub format: String,
    /// Its name; only documents have one.
    pub name: String,
    /// Its content.
    pub bytes: Arc<[u8]>,
}

/// What the model may call.
#[derive(Clone, Debug, PartialEq)]
pub enum Tool {
    /// A function.
    Function {
        /// Its name.
        name: String,
        /// What it does.
        description: Option<String>,
        /// The JSON schema of its arguments.
        schema: Value,
        /// Whether calls are held to the schema; `None` leaves it to the model.
        strict: Option<bool>,
    },
    /// All tools before it are cached.
    CachePoint(Life),
    /// Anything else, as Converse's own JSON has it.
    Native(Value),
}

/// A JSON schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// The schema itself.
    pub json: Value,
}

/// A guardrail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardrail {
    /// Its id or ARN.
    pub id: String,
    /// Its version: a number or `DRAFT`.
    pub version: String,
}

impl Request {
    /// A request of one prompt.
    #[must_use]
    pub fn new(prompt: impl Into<String>) -> Self {
        Self {
            turns: vec![Turn { role: Role::User, blocks: vec![Block::Text(prompt.into())] }],
            ..Self::default()
        }
    }

    /// Roughly how many tokens are sent: a quarter of the characters of text, a fixed number for each file.
    #[must_use]
    pub fn input_tokens(&self) -> u64 {
        let tools: u64 = self.tools.iter().map(Tool::tokens).sum();
        let job = self.job.as_ref().map_or(0, |job| job.values.values().map(value_tokens).sum());
        self.blocks().map(Block::tokens).sum::<u64>() + tools + job
    }

    /// The pieces of the system part and of all turns.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.system.iter().chain(self.turns.iter().flat_map(|turn| &turn.blocks))
    }

    /// The files that are sent.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        self.blocks()
            .filter_map(|block| if let Block::Media(media) = block { Some(media) } else { None })
    }

    /// Whether the model must call a tool.
    #[must_use]
    pub fn forces_a_tool(&self) -> bool {
        self.tool_choice
            .as_ref()
            .is_some_and(|choice| choice.get("any").is_some() || choice.get("tool").is_some())
    }

    /// The last text of the user: what the request is about.
    #[must_use]
    pub fn prompt(&self) -> &str {
        let turn = self.turns.iter().rev().find(|turn| turn.role == Role::User);
        let text = turn.and_then(|turn| turn.blocks.iter().rev().find_map(Block::text));
        text.unwrap_or_default()
    }
}

/// A file costs about this many tokens.
const MEDIA_TOKENS: u64 = 1_500;

impl Block {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Its name among Converse's blocks.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::Media(media) => media.kind.name(),
            Self::ToolUse { .. } => "toolUse",
            Self::ToolResult { .. } => "toolResult",
            Self::CachePoint(_) => "cachePoint",
            Self::Native(value) => {
                value.as_object().and_then(|block| block.keys().next()).map_or("", String::as_str)
            }
        }
    }

    /// The ID and the tool of a call.
    #[must_use]
    pub fn tool_use(&self) -> Option<(&str, &str)> {
        match self {
            Self::ToolUse { id, name, .. } => Some((id, name)),
            Self::Native(value) => {
                let call = value.get("toolUse")?;
                let text =
                    |field: &str| call.get(field).and_then(Value::as_str).unwrap_or_default();
                Some((text("toolUseId"), text("name")))
            }
            _ => None,
        }
    }

    /// The ID of the call that a result answers.
    #[must_use]
    pub fn tool_result(&self) -> Option<&str> {
        match self {
            Self::ToolResult { id, .. } => Some(id),
            Self::Native(value) => Some(
                value
                    .get("toolResult")?
                    .get("toolUseId")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            ),
            _ => None,
        }
    }

    pub(super) fn rename_tool(&mut self, rename: &impl Fn(&mut String)) {
        match self {
            Self::ToolUse { name, .. } => rename(name),
            Self::Native(value) => {
                if let Some(Value::String(name)) = value.pointer_mut("/toolUse/name") {
                    rename(name);
                }
            }
            _ => {}
        }
    }

    pub(super) fn set_tool_id(&mut self, new: &str) {
        match self {
            Self::ToolUse { id, .. } | Self::ToolResult { id, .. } => new.clone_into(id),
            Self::Native(value) => {
                for kind in ["toolUse", "toolResult"] {
                    if let Some(call) = value.get_mut(kind) {
                        call["toolUseId"] = new.into();
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether it only names a file in S3.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        let Self::Native(value) = self else { return false };
        value.as_object().is_some_and(|block| {
            block.values().any(|media| media.pointer("/source/s3Location").is_some())
        })
    }

    /// Whether Bedrock would refuse it as blank.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }

    fn tokens(&self) -> u64 {
        match self {
            Self::Text(text) | Self::ToolResult { text, .. } => of_characters(text),
            Self::ToolUse { input, .. } => of_characters(&input.to_string()),
            Self::Media(_) => MEDIA_TOKENS,
            Self::CachePoint(_) => 0,
            // A native block may hold a file: its base64 is no text.
            Self::Native(value) => of_characters(&value.to_string()).min(MEDIA_TOKENS),
        }
    }
}

impl Tool {
    fn tokens(&self) -> u64 {
        match self {
            Self::Function { description, schema, .. } => {
                of_characters(&schema.to_string()) + description.as_deref().map_or(0, of_characters)
            }
            Self::CachePoint(_) => 0,
            Self::Native(value) => of_characters(&value.to_string()),
        }
    }

    /// The name, if it is a function.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        if let Self::Function { name, .. } = self { Some(name) } else { None }
    }
}

/// Text in a value; a file in base64 is no text.
fn value_tokens(value: &Value) -> u64 {
    match value {
        Value::String(text) => of_characters(text).min(128 * MEDIA_TOKENS),
        Value::Array(list) => list.iter().map(value_tokens).sum(),
        _ => 0,
    }
}

fn of_characters(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4)
}

/// Names and sizes only: content belongs in no log.
impl std::fmt::Debug for Media {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} of {} bytes", self.format, self.kind, self.bytes.len())
    }
}
