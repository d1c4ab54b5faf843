//! The styles of text for people. None carries a meaning that the words do not.

use anstyle::{AnsiColor, Style};

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
/// What is chosen.
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What somebody should look at; magenta is readable on light and on dark.
pub(super) const WARN: Style = AnsiColor::Magenta.on_default().bold();
