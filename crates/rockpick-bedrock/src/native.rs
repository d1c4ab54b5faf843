//! Conversations by InvokeModel: from Converse's JSON to a model's own body, and from its own answer to pieces.
//!
//! `rules/bodies.toml` says which body a model takes. What an answer is, its own shape tells: some models answer in several.

mod body;
mod chat;
mod messages;
mod prompt;
mod reader;
mod shape;
#[cfg(test)]
mod tests;
mod thoughts;

pub(super) use self::body::body;
pub(super) use self::reader::Reader;
