//! Picks the right Amazon Bedrock model for a described task, says why, and can call it.

pub mod money;
pub mod phrase;
pub mod task;
pub mod text;
