//! `rockpick recommend`: a described need becomes ranked offers.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::constraints::ConstraintArgs;
use super::{CliError, Exit, Form, Global, output, settings};
use crate::knowledge::Knowledge;
use crate::output::{json, table, text};
use crate::recommend::{Recommendation, Recommender};
use crate::task::Task;

/// The longest line of a file of tasks, in bytes.
const LONGEST_LINE: u64 = 1 << 20;
/// How many ids of the ranking a line shows.
const LINE_RANKING: usize = 3;

#[derive(Clone, Debug, Args)]
pub(super) struct RecommendArgs {
    /// The task in your own words, in English or Spanish; `-` reads it from stdin.
    #[arg(value_name = "TASK", required_unless_present_any = ["file", "task"])]
    words: Vec<String>,
    /// File of tasks, one a line: text, or JSON with `id` and `text`; answers are written one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    file: Option<PathBuf>,
    /// Show at most so many of the ranking and of the rejected.
    #[arg(long, value_name = "N")]
    max_results: Option<usize>,
    /// Call the choice with this prompt and print its answer.
    #[cfg(feature = "aws")]
    #[arg(long, value_name = "PROMPT", conflicts_with = "file")]
    invoke: Option<String>,
    #[cfg(feature = "aws")]
    #[command(flatten)]
    call: super::call::CallArgs,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

pub(super) fn run(args: &RecommendArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = settings::knowledge(global)?;
    if let Some(path) = &args.file {
        return many(args, global, &knowledge, path);
    }
    let task = args.constraints.task(words(&args.words, args.constraints.names_a_category())?, &knowledge, global)?;
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    #[cfg(feature = "aws")]
    if let Some(prompt) = &args.invoke {
        let plan = crate::router::Plan::of(&answer);
        let request = crate::router::Request::new(prompt.as_str());
        return super::route::call_it(&args.call, &answer, plan, Vec::new(), request, global);
    }
    write(&answer, args.max_results, global)?;
    Ok(if answer.best().is_some() { Exit::Answer } else { Exit::Nothing })
}

/// The words of the task: the arguments, or stdin.
pub(super) fn words(arguments: &[String], may_be_empty: bool) -> Result<String, CliError> {
    let text = if arguments == ["-"] { from_stdin()? } else { arguments.join(" ") };
    if text.trim().is_empty() && !may_be_empty {
        return Err(CliError::usage("the task is empty").help("describe it in a few words, or give --task CATEGORY"));
    }
    Ok(text)
}

fn from_stdin() -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let unreadable = |error: io::Error| CliError::usage(format!("cannot read stdin: {error}"));
    // One byte more than is allowed, so that a text that is too long is told from one that just fits.
    io::stdin().lock().take(LONGEST_LINE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CliError::usage(format!("stdin is not UTF-8 at byte {at}")).help("convert it, for instance with iconv")
    })
}

/// Writes an answer in the form that is asked for.
pub(super) fn write(answer: &Recommendation<'_>, most: Option<usize>, global: &Global) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(json::document(answer, most)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json | Form::Jsonl => return output::json(json::document(answer, most)?, global),
        Form::Text => out.write_all(text::recommendation(answer, most).as_bytes())?,
        Form::Table => out.write_all(table::ranking(answer, most, false).as_bytes())?,
        Form::Wide => out.write_all(table::ranking(answer, most, true).as_bytes())?,
        Form::Csv => table::csv(answer, most, &mut out)?,
        Form::Id => {
            for choice in answer.ranked().iter().take(most.unwrap_or(1)) {
                writeln!(out, "{}", answer.catalog.invoke_id(choice.offer))?;
            }
        }
    }
    out.flush()?;
    if answer.best().is_none() && global.output == Some(Form::Id) {
        io::stderr().write_all(text::nothing(answer).as_bytes())?;
    }
    Ok(())
}

/// A line of a file of tasks.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
}

/// Answers a file of tasks line by line, with flat memory; a bad line is reported and the rest goes on.
fn many(args: &RecommendArgs, global: &Global, knowledge: &Knowledge, path: &PathBuf) -> Result<Exit, CliError> {
    let unreadable = |error: io::Error| CliError::usage(format!("cannot read {}: {error}", path.display()));
    let mut input: Box<dyn io::BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::with_capacity(1 << 16, File::open(path).map_err(unreadable)?))
    };
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let mut task = args.constraints.task(String::new(), knowledge, global)?;
    let mut out = output::stdout();
    let mut exit = Exit::Answer;
    let mut buffer = Vec::new();
    for number in 1u64.. {
        buffer.clear();
        if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut buffer).map_err(unreadable)? == 0 {
            break;
        }
        match answer_line(&buffer, &recommender, &mut task, args.max_results.unwrap_or(LINE_RANKING), &mut out) {
            Ok(()) => {}
            Err(LineError::Write(error)) => return Err(error),
            Err(LineError::Bad(why)) => {
                exit = Exit::Usage;
                writeln!(io::stderr(), "error: {}:{number}: {why}", path.display())?;
                skip_rest(&mut input, &buffer).map_err(unreadable)?;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

enum LineError {
    Bad(String),
    Write(CliError),
}

fn answer_line(
    bytes: &[u8],
    recommender: &Recommender<'_>,
    task: &mut Task,
    most: usize,
    out: &mut impl io::Write,
) -> Result<(), LineError> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| LineError::Bad(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
    if bytes.len() as u64 == LONGEST_LINE && !text.ends_with('\n') {
        return Err(LineError::Bad(format!("the line is longer than {LONGEST_LINE} bytes")));
    }
    let text = text.trim();
    if text.is_empty() {
        return Ok(());
    }
    let mut id = serde_json::Value::Null;
    task.text.clear();
    if text.starts_with('{') {
        let line: Line = serde_json::from_str(text).map_err(|error| LineError::Bad(error.to_string()))?;
        id = line.id;
        task.text = line.text;
    } else {
        task.text.push_str(text);
    }
    let answer = recommender.recommend(task);
    serde_json::to_writer(&mut *out, &json::line(&answer, &id, most)).map_err(|error| LineError::Write(error.into()))?;
    out.write_all(b"\n").map_err(|error| LineError::Write(error.into()))
}

/// Passes over the rest of a line that was too long.
fn skip_rest(input: &mut dyn io::BufRead, read: &[u8]) -> io::Result<()> {
    let mut ended = read.ends_with(b"\n") || (read.len() as u64) < LONGEST_LINE;
    while !ended {
        let available = input.fill_buf()?;
        let length = available.len();
        let end = available.iter().position(|byte| *byte == b'\n');
        ended = end.is_some() || length == 0;
        input.consume(end.map_or(length, |end| end + 1));
    }
    Ok(())
}
