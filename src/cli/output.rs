//! Writing answers: stdout is the answer, and when nobody reads it any more that is no error.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::{Command, Stdio};
use std::thread;

use anstream::{AutoStream, ColorChoice, StripStream};
use clap::ValueEnum as _;
use serde_json::Value;

use super::{CliError, Form, Global};
use crate::output::{Screen, shown, shown_json};

/// The parser of queries descends with every sign: longer ones, in bytes, would only fill its stack.
const LONGEST_QUERY: usize = 2_000;
/// The stack for a query, in bytes.
const DEEP: usize = 64 << 20;
/// In bytes.
const BUFFER: usize = 1 << 16;

/// stdout, buffered, without color where none is wanted. What takes the color out writes in bits, so there is a buffer behind it.
pub(super) fn stdout() -> BufWriter<Box<dyn Write>> {
    let out: Box<dyn Write> = if AutoStream::choice(&io::stdout()) == ColorChoice::Never {
        let behind: Box<dyn Write> =
            Box::new(BufWriter::with_capacity(BUFFER, io::stdout().lock()));
        Box::new(StripStream::new(behind))
    } else {
        Box::new(anstream::stdout().lock())
    };
    BufWriter::with_capacity(BUFFER, out)
}

/// stdout for lines of JSON, which have no color that would have to be taken out; on a terminal nothing in them steers it.
pub(super) fn plain() -> Box<dyn Write> {
    let out = io::stdout().lock();
    if out.is_terminal() {
        return Box::new(ForPeople(out));
    }
    Box::new(BufWriter::with_capacity(BUFFER, out))
}

/// A terminal that JSON is written to, line by line.
struct ForPeople<W: Write>(W);

impl<W: Write> Write for ForPeople<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // JSON is written in whole characters.
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.write_all(shown_json(text).as_bytes())?,
            Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What a model wrote: byte for byte into a file or a pipe; on a terminal nothing of it steers the terminal.
pub(super) struct Answer {
    out: io::StdoutLock<'static>,
    for_people: bool,
}

impl Answer {
    pub(super) fn new() -> Self {
        let out = io::stdout().lock();
        Self { for_people: out.is_terminal(), out }
    }

    /// Writes a piece at once.
    pub(super) fn write(&mut self, text: &str) -> Result<(), CliError> {
        let text = if self.for_people { shown(text) } else { text.into() };
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// Writes a line of JSON.
    #[cfg(feature = "aws")]
    pub(super) fn write_json(&mut self, json: &str) -> Result<(), CliError> {
        let json = if self.for_people { shown_json(json) } else { json.into() };
        writeln!(self.out, "{json}")?;
        Ok(self.out.flush()?)
    }
}

/// How much room the terminal has: as `COLUMNS` and `LINES` say, else as it says itself.
pub(super) fn screen() -> Screen {
    let said = |name| std::env::var(name).ok()?.parse().ok().filter(|count| *count > 0);
    let own = terminal_size::terminal_size();
    let own = own.map(|(width, height)| (usize::from(width.0), usize::from(height.0)));
    let (columns, rows) = own.unwrap_or((Screen::USUAL.columns, Screen::USUAL.rows));
    Screen { columns: said("COLUMNS").unwrap_or(columns), rows: said("LINES").unwrap_or(rows) }
}

/// Writes text that may be longer than the screen: through a pager on a terminal, as `PAGER` says.
pub(super) fn paged(long: &str, global: &Global) -> Result<(), CliError> {
    let fits = long.lines().count() < screen().rows;
    if global.no_pager || fits || !io::stdout().is_terminal() {
        return text(long);
    }
    let pager = std::env::var("PAGER").unwrap_or_else(|_| "less -FRX".to_owned());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else {
        return text(long);
    };
    let pager = Command::new(program).args(words).stdin(Stdio::piped()).spawn();
    // Without the pager that is named, the text is still the answer.
    let Ok(mut pager) = pager else { return text(long) };
    if let Some(pipe) = pager.stdin.take() {
        let pipe: Box<dyn Write> = Box::new(pipe);
        let colors = AutoStream::choice(&io::stdout());
        // Who leaves the pager early has read enough.
        let _ = AutoStream::new(pipe, colors).write_all(long.as_bytes());
    }
    pager.wait()?;
    Ok(())
}

/// Says something beside the answer, on stderr.
fn note(text: &str) -> Result<(), CliError> {
    Ok(writeln!(anstream::stderr(), "note: {text}")?)
}

/// Writes text.
pub(super) fn text(text: &str) -> Result<(), CliError> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes JSON, or what `--query` picks from it.
pub(super) fn json(value: Value, global: &Global) -> Result<(), CliError> {
    let value = match &global.query {
        Some(expression) => query(expression, &value)?,
        None => value,
    };
    if global.query.is_some() && value.is_null() {
        note("nothing stands where --query looks; -o json shows the whole answer")?;
    }
    match (&global.query, global.output, &value) {
        (Some(_), Some(Form::Text), _) | (Some(_), None, Value::String(_)) => {
            return Answer::new().write(&tabbed(&value));
        }
        (Some(_), Some(form @ (Form::Table | Form::Wide | Form::Csv | Form::Id)), _) => {
            let form = form.to_possible_value().map(|form| form.get_name().to_owned());
            let form = form.unwrap_or_default();
            let error =
                CliError::usage(format!("--query picks from JSON; `-o {form}` cannot show it"));
            return Err(error.help("give -o json, -o jsonl or -o text"));
        }
        _ => {}
    }
    let mut out = plain();
    if global.output == Some(Form::Jsonl) {
        writeln!(out, "{value}")?;
    } else {
        serde_json::to_writer_pretty(&mut out, &value)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

/// A value as the AWS CLI's `--output text` shows it: a row a line, its values between tabs.
fn tabbed(value: &Value) -> String {
    let is_nested = |value: &Value| value.is_array() || value.is_object();
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        Value::String(text) => return format!("{text}\n"),
        Value::Null => return "None\n".to_owned(),
        other => return format!("{other}\n"),
    };
    if items.iter().any(|item| is_nested(item)) {
        return items.into_iter().map(tabbed).collect();
    }
    let cells: Vec<String> =
        items.into_iter().map(|item| tabbed(item).trim_end().to_owned()).collect();
    format!("{}\n", cells.join("\t"))
}

fn query(expression: &str, value: &Value) -> Result<Value, CliError> {
    let wrong = |error: &dyn std::fmt::Display| {
        let first = error.to_string().lines().next().unwrap_or_default().to_owned();
        CliError::usage(format!("--query cannot be used: {first}"))
            .help("it is a JMESPath expression, such as choice.invoke_id")
    };
    if expression.len() > LONGEST_QUERY {
        let error = CliError::usage(format!(
            "--query has {} bytes, more than the {LONGEST_QUERY} that are read",
            expression.len()
        ));
        return Err(error.help("it is a JMESPath expression, such as choice.invoke_id"));
    }
    let search = || {
        let compiled = jmespath::compile(expression).map_err(|error| wrong(&error))?;
        let found = compiled.search(value).map_err(|error| wrong(&error))?;
        serde_json::to_value(&*found).map_err(|error| wrong(&error))
    };
    // On a stack that holds the deepest expression of that length.
    let searched = thread::scope(|scope| {
        let deep = thread::Builder::new().stack_size(DEEP);
        deep.spawn_scoped(scope, search).map(|searching| searching.join())
    });
    searched?.unwrap_or_else(|_| Err(CliError::usage("--query cannot be used")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_tabbed_as_aws_does() {
        for (value, text) in [
            (json!("a b"), "a b\n"),
            (json!(["a", 1, null]), "a\t1\tNone\n"),
            (json!([["a", 1], ["b", 2]]), "a\t1\nb\t2\n"),
            (json!([{"id": "x", "usd": 0.5}]), "x\t0.5\n"),
            (json!(null), "None\n"),
        ] {
            assert_eq!(tabbed(&value), text);
        }
    }
}
