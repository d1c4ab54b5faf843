//! Files of texts, one a line, read with flat memory: a bad line is reported with its number and the rest goes on.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

use serde::Deserialize;

use super::CliError;
use crate::output::shown_line;

/// The longest line, and the longest text on stdin, in bytes.
const LONGEST: u64 = 1 << 20;

/// What some editors write before the first letter of a text.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a line has no answer.
pub(super) enum LineError {
    /// It is wrong; the others go on.
    Bad(String),
    /// Its answer cannot be written.
    Write(CliError),
}

/// A line that is JSON.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(default)]
    id: serde_json::Value,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// The id and the text of a line: JSON with `id` and `text`, or text without an id.
pub(super) fn id_and_text(line: &str) -> Result<(serde_json::Value, Cow<'_, str>), LineError> {
    if !line.starts_with('{') {
        return Ok((serde_json::Value::Null, line.into()));
    }
    let entry: Entry<'_> =
        serde_json::from_str(line).map_err(|error| LineError::Bad(error.to_string()))?;
    Ok((entry.id, entry.text))
}

/// Answers every line of a file, or of stdin for `-`; whether there was a bad one.
pub(super) fn each(
    path: &Path,
    mut answer: impl FnMut(&str) -> Result<(), LineError>,
) -> Result<bool, CliError> {
    let unreadable =
        |error: io::Error| CliError::usage(format!("cannot read {}: {error}", path.display()));
    let mut input = open(path).map_err(unreadable)?;
    let mut any_bad = false;
    let mut buffer = Vec::new();
    for number in 1u64.. {
        buffer.clear();
        if input.by_ref().take(LONGEST).read_until(b'\n', &mut buffer).map_err(unreadable)? == 0 {
            break;
        }
        let line = match buffer.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if number == 1 => rest,
            _ => &buffer,
        };
        let answered = match text_of(line, buffer.len() as u64) {
            Ok("") => Ok(()),
            Ok(text) => answer(text),
            Err(error) => Err(error),
        };
        match answered {
            Ok(()) => {}
            Err(LineError::Write(error)) => return Err(error),
            Err(LineError::Bad(why)) => {
                any_bad = true;
                let told = format!("{}:{number}: {why}", path.display());
                writeln!(anstream::stderr(), "error: {}", shown_line(&told))?;
                skip_rest(&mut input, &buffer).map_err(unreadable)?;
            }
        }
    }
    Ok(any_bad)
}

fn open(path: &Path) -> io::Result<Box<dyn io::BufRead>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)))
}

fn text_of(bytes: &[u8], read: u64) -> Result<&str, LineError> {
    // First the length: a line that is cut within a letter is not UTF-8 either.
    if read == LONGEST && !bytes.ends_with(b"\n") {
        return Err(LineError::Bad(format!("the line is longer than {LONGEST} bytes")));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| LineError::Bad(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    Ok(text.trim())
}

/// Passes over the rest of a line that was too long.
fn skip_rest(input: &mut dyn io::BufRead, read: &[u8]) -> io::Result<()> {
    let mut ended = read.ends_with(b"\n") || (read.len() as u64) < LONGEST;
    while !ended {
        let available = input.fill_buf()?;
        let length = available.len();
        let end = available.iter().position(|byte| *byte == b'\n');
        ended = end.is_some() || length == 0;
        input.consume(end.map_or(length, |end| end + 1));
    }
    Ok(())
}

/// All of stdin as one text.
pub(super) fn stdin_text() -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let unreadable = |error: io::Error| CliError::usage(format!("cannot read stdin: {error}"));
    // One byte more than is allowed, so that a text that is too long is told from one that just fits.
    io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST {
        return Err(CliError::usage(format!("the text on stdin is longer than {LONGEST} bytes")));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CliError::usage(format!("stdin is not UTF-8 at byte {at}"))
            .help("convert it, for instance with iconv")
    })
}
