//! What can go wrong before anything is recommended.

use std::fmt::{self, Display, Formatter};

use rockpick_core::diagnostic::Diagnostics;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A name that the catalog or the rules do not have.
    UnknownName,
    /// Rule files with mistakes.
    Rules,
    /// Nothing fits the constraints.
    NothingFits,
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Diagnostics>,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(super) fn unknown(what: &str, name: &str, meant: Option<&str>) -> Self {
        let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        Self {
            kind: ErrorKind::UnknownName,
            message: format!("there is no {what} `{name}`{meant}"),
            source: None,
        }
    }

    pub(super) fn rules(mistakes: Diagnostics) -> Self {
        Self {
            kind: ErrorKind::Rules,
            message: "the rule files have mistakes".to_owned(),
            source: Some(mistakes),
        }
    }

    pub(super) fn nothing_fits(changes: &[String]) -> Self {
        let changes =
            if changes.is_empty() { String::new() } else { format!(": {}", changes.join("; ")) };
        Self {
            kind: ErrorKind::NothingFits,
            message: format!("nothing fits{changes}"),
            source: None,
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|mistakes| mistakes as _)
    }
}
