//! Writing answers: stdout is the answer, and when nobody reads it any more that is no error.

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::thread;

use anstream::{AutoStream, ColorChoice, StripStream};
use serde_json::Value;

use super::{CliError, Form, Global};
use crate::output::{shown, shown_json};

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
    let mut out = plain();
    let one_line = global.output == Some(Form::Jsonl);
    match (&global.query, &value) {
        // As the AWS CLI's `--output text` shows a scalar.
        (Some(_), Value::String(text)) if global.output.is_none_or(|form| form == Form::Text) => {
            return Answer::new().write(&format!("{text}\n"));
        }
        _ if one_line => writeln!(out, "{value}")?,
        _ => {
            serde_json::to_writer_pretty(&mut out, &value)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(())
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
