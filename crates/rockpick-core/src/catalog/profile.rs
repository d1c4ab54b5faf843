//! IDs of inference profiles as people paste them.

use super::Catalog;
use crate::task::ModelIndex;

/// The longest prefix of a profile, in bytes.
const LONGEST_PREFIX: usize = 6;

impl Catalog {
    /// The model whose id follows what looks like the prefix of a profile, also one that no source lists.
    pub(super) fn behind_prefix(&self, id: &str) -> Option<ModelIndex> {
        let (prefix, rest) = id.split_once('.')?;
        let looks_right =
            prefix.len() <= LONGEST_PREFIX && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
        self.index_of(rest).filter(|_| looks_right)
    }
}
