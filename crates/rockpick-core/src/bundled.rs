//! The bundled rules for the tests of this crate, compiled once.

use std::path::Path;
use std::sync::OnceLock;

use crate::Knowledge;
use crate::source::{RuleFile, read_folder};

/// The files of `rules/`.
pub(crate) fn files() -> Vec<RuleFile> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"))
        .expect("the bundled rules")
}

/// What is known by them.
pub(crate) fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(|| Knowledge::compile(&files()).0.expect("the bundled rules compile"))
}
