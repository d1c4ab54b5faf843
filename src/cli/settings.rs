//! What every command needs: the knowledge with people's own rules, today's date, how wide the terminal is.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::cache::{Cache, Key};
use super::{CliError, Global};
use crate::Knowledge;
use crate::diagnostic::Diagnostics;
use crate::knowledge::{laid_over_bundled, layered, read_overlays};
use crate::source::RuleFile;

/// Seconds since 1970; the only clock of the program.
#[allow(clippy::disallowed_methods, reason = "the time is read here once and passed on")]
pub(super) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}

/// Today's date where the user is.
pub(super) fn today() -> Date {
    let days = now() / 86_400;
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(days).unwrap_or_default()).unwrap_or(epoch)
}

/// The bundled knowledge with the folders of `--rules` and the user's own measurements laid over it. It is never dropped: the
/// operating system frees it faster.
pub(super) fn knowledge(global: &Global) -> Result<ManuallyDrop<Knowledge>, CliError> {
    let known = layered_knowledge(global)?;
    #[cfg(all(feature = "aws", feature = "history"))]
    let known = super::speed::laid_over(known);
    Ok(ManuallyDrop::new(known))
}

fn layered_knowledge(global: &Global) -> Result<Knowledge, CliError> {
    let (folders, _) = global.rule_folders();
    if folders.is_empty() {
        return Ok(crate::bundled());
    }
    let overlays = read_overlays(folders.iter().map(PathBuf::as_path)).map_err(unreadable)?;
    let cache = if global.no_rules_cache { None } else { Cache::of_user() };
    let key = Key::of(&overlays);
    if let Some(known) = cache.as_ref().and_then(|cache| cache.read(&key)) {
        return Ok(known);
    }
    let files = laid_over_bundled(overlays);
    let (knowledge, diagnostics) = Knowledge::compile(&files);
    let known = knowledge
        .filter(|_| !diagnostics.has_errors())
        .ok_or_else(|| CliError::rules(diagnostics, files))?;
    if let Some(cache) = cache {
        cache.write(&key, &known);
    }
    Ok(known)
}

/// The bundled rule files with those of folders laid over them.
pub(super) fn files<'p>(
    folders: impl IntoIterator<Item = &'p Path>,
) -> Result<Vec<RuleFile>, CliError> {
    layered(folders).map_err(unreadable)
}

fn unreadable(diagnostics: Diagnostics) -> CliError {
    CliError::rules(diagnostics, Vec::new())
}
