//! What some models refuse in a request that Converse as such takes: `rules/quirks.toml`.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::schema::entry;
use crate::vocabulary::{bit_set, vocabulary};

vocabulary! {
    /// Something that a model refuses.
    Quirk {
        /// A beginning of the answer.
        Prefill = "prefill",
        /// A choice of tools that makes it call one.
        ForcedTool = "forced-tool",
        /// Tools in an answer that streams.
        StreamedTools = "streamed-tools",
        /// Any cache point, though it may cache by itself.
        CachePoints = "cache-points",
        /// A cache point among the tools.
        CachedTools = "cached-tools",
        /// A cache point behind a document that is not a PDF.
        CachedDocuments = "cached-documents",
        /// A union at the root of a tool's schema.
        RootUnion = "root-union",
        /// Names of a tool's properties with other characters than letters, digits, `_`, `.` and `-`.
        PropertyNames = "property-names",
        /// Anthropic's field for features that are still tried out.
        Betas = "betas",
    }
}

bit_set! {
    /// Some quirks.
    QuirkSet(u16) of Quirk, |item: Quirk| item as usize, |index| Quirk::ALL.get(index).copied()
}

entry! {
    /// A table of `quirks.toml`.
    QuirkEntry {
        models: Vec<String>,
        #[serde(default)] except: Vec<String>,
        source: Spanned<String>,
    }
}

/// Which models have a quirk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuirkInfo {
    /// The quirk.
    pub quirk: Quirk,
    /// What the IDs of its models begin with.
    pub models: Vec<String>,
    /// Longer beginnings of those that do not have it.
    pub except: Vec<String>,
}

impl QuirkInfo {
    /// Whether a model has it.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        let begins = |starts: &[String]| starts.iter().any(|start| id.starts_with(start.as_str()));
        begins(&self.models) && !begins(&self.except)
    }
}
