//! Reading a folder of rule files.

use std::fs;
use std::path::Path;

use super::RuleFile;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};

/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 4 << 20;
/// The most rule files of one folder.
const MOST_FILES: usize = 10_000;
/// The folders below that hold rule files.
const BELOW: [&str; 4] = ["", "mentions", "models", "tasks"];

/// Reads a folder of rule files, in the order of their paths: `*.toml` there and in its folders `mentions`, `models` and `tasks`.
///
/// # Errors
/// A diagnostic for every file that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<RuleFile>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut files = Vec::new();
    if let Some(why) = not_a_folder(folder) {
        diagnostics.push(why);
        return Err(diagnostics);
    }
    for below in BELOW {
        read_level(folder, below, &mut files, &mut diagnostics);
    }
    for below in misnamed(folder) {
        read_level(folder, &below, &mut files, &mut diagnostics);
    }
    if files.is_empty() && diagnostics.is_empty() {
        let message = format!("the folder {} holds no rule files", folder.display());
        diagnostics
            .push(unreadable(message).help("a category is a file tasks/<category>.toml in it"));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(files) }
}

fn not_a_folder(folder: &Path) -> Option<Diagnostic> {
    let shown = folder.display();
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => None,
        Ok(_) => {
            let diagnostic = unreadable(format!("{shown} is a file, not a folder of rules"));
            let above = folder
                .parent()
                .filter(|above| !above.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            Some(
                diagnostic
                    .help(format!("name the folder that holds it, such as {}", above.display())),
            )
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(
            unreadable(format!("there is no folder {shown}"))
                .help("rules stand in a folder as in rules/: tasks/<category>.toml and so on"),
        ),
        Err(error) => Some(unreadable(format!("the folder {shown} cannot be read: {error}"))),
    }
}

/// Folders that were probably meant to be one of those below; their files are told to be none of the rules.
fn misnamed(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| !BELOW.contains(&name.as_str()) && nearest(name, BELOW).is_some()).collect()
}

fn unreadable(message: String) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, message)
}

fn read_level(
    folder: &Path,
    below: &str,
    files: &mut Vec<RuleFile>,
    diagnostics: &mut Diagnostics,
) {
    let level = if below.is_empty() { folder.to_path_buf() } else { folder.join(below) };
    if !below.is_empty() && !level.exists() {
        return;
    }
    let entries = match fs::read_dir(&level) {
        Ok(entries) => entries,
        Err(error) => {
            return diagnostics.push(unreadable(format!(
                "the folder {} cannot be read: {error}",
                level.display()
            )));
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "toml") || path.is_dir() {
            continue;
        }
        if files.len() == MOST_FILES {
            let message = format!("{} holds more than {MOST_FILES} rule files", folder.display());
            return diagnostics.push(Diagnostic::error(Code::TooLarge, message));
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = if below.is_empty() { name } else { format!("{below}/{name}") };
        match read_file(&path) {
            Ok(text) => files.push(RuleFile::new(inner, path.display().to_string(), text)),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
}

fn read_file(path: &Path) -> Result<String, Box<Diagnostic>> {
    let shown = path.display();
    let failed =
        |error: std::io::Error| Box::new(unreadable(format!("{shown} cannot be read: {error}")));
    let found = fs::metadata(path).map_err(failed)?;
    if !found.is_file() {
        return Err(Box::new(unreadable(format!("{shown} is not a file"))));
    }
    if found.len() > LARGEST {
        let message =
            format!("{shown} has {} bytes, more than the {LARGEST} that are read", found.len());
        let help = "split it: any number of files may stand in tasks/ and models/";
        return Err(Box::new(Diagnostic::error(Code::TooLarge, message).help(help)));
    }
    let bytes = fs::read(path).map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
        Box::new(
            unreadable(format!("{shown} is not UTF-8 at byte {at}, in line {line}"))
                .help("save it as UTF-8"),
        )
    })?;
    // Some editors put a byte order mark in front.
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
