//! `rockpick recommend`: a described need becomes ranked offers.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::constraints::ConstraintArgs;
use super::lines::{self, LineError};
use super::rows::Rows;
use super::{CliError, Exit, Form, Global, misplaced, output, settings};
use crate::Knowledge;
use crate::output::{full, json, table, text};
use crate::recommend::{Recommendation, Recommender};
use crate::task::Per;

#[derive(Clone, Debug, Args)]
pub(super) struct RecommendArgs {
    /// The task in your own words, in English or Spanish; `-` reads it from stdin.
    #[arg(value_name = "TASK")]
    words: Vec<String>,
    /// File of tasks, one a line: text, or JSON with `id` and `text`; answers are written one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    file: Option<PathBuf>,
    /// Show at most so many of the ranking and of the rejected.
    #[arg(long, value_name = "N")]
    max_results: Option<usize>,
    /// Show everything: the whole ranking, every reason, what was rejected and why.
    #[arg(long)]
    all: bool,
    /// Call the choice with this prompt and print its answer.
    #[cfg(feature = "aws")]
    #[arg(long, value_name = "PROMPT", conflicts_with = "file", group = "calls")]
    invoke: Option<String>,
    #[cfg(feature = "aws")]
    #[command(flatten)]
    call: super::call::CallArgs,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

/// Refuses flags of calls where nothing is called: what they say would be ignored. What the environment says is for whoever calls.
#[cfg(feature = "aws")]
pub(super) fn refuse_idle_flags(
    command: &mut clap::Command,
    matches: &clap::ArgMatches,
) -> Result<(), clap::Error> {
    let Some(("recommend", given)) = matches.subcommand() else { return Ok(()) };
    if given.contains_id("invoke") {
        return Ok(());
    }
    let Some(own) = command.find_subcommand_mut("recommend") else { return Ok(()) };
    let calls =
        own.get_arguments().filter(|flag| flag.get_help_heading() == Some(super::call::HEADING));
    let typed = |flag: &&clap::Arg| {
        given.value_source(flag.get_id().as_str()) == Some(clap::parser::ValueSource::CommandLine)
    };
    let Some(idle) = calls.into_iter().find(typed).and_then(clap::Arg::get_long).map(str::to_owned)
    else {
        return Ok(());
    };
    let message =
        format!("`--{idle}` is about a call, and nothing is called without `--invoke PROMPT`");
    Err(own.error(clap::error::ErrorKind::MissingRequiredArgument, message))
}

pub(super) fn run(args: &RecommendArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = settings::knowledge(global)?;
    if let Some(path) = &args.file {
        return many(args, global, &knowledge, path);
    }
    let words = words(&args.words, args.constraints.names_a_category())?;
    let task = if args.calls() {
        args.constraints.task(words, &knowledge, global)?
    } else {
        args.constraints.advice(words, &knowledge, global)?
    };
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    if let Some(wrong) =
        misplaced::named(&args.constraints, &knowledge.catalog, &answer.understanding.constraints)
    {
        return Err(wrong.into());
    }
    #[cfg(feature = "aws")]
    if let Some(prompt) = &args.invoke {
        let plan = crate::router::Plan::of(&answer);
        let request = crate::router::Request::new(prompt.as_str());
        return super::route::call_it(
            &args.call,
            &answer,
            plan,
            Default::default(),
            request,
            global,
        );
    }
    budgeted(&answer, global)?;
    write(&answer, args.max_results, args.all, global)?;
    Ok(if answer.best().is_some() { Exit::Answer } else { Exit::Nothing })
}

/// A budget for a month says nothing without a volume: where nobody would see the warning, that is an error.
fn budgeted(answer: &Recommendation<'_>, global: &Global) -> Result<(), CliError> {
    let wanted = &answer.understanding.constraints;
    let monthly = wanted.max_cost.is_some_and(|budget| budget.per == Per::Month)
        && wanted.per_month.is_none();
    if monthly && matches!(global.output, Some(Form::Id | Form::Csv)) {
        let error = CliError::usage(
            "a budget for a month cannot be checked: how many requests there are is not known",
        );
        return Err(error.help("give --per-month N, or a budget for one request"));
    }
    Ok(())
}

impl RecommendArgs {
    /// Whether the choice is called.
    #[cfg(feature = "aws")]
    fn calls(&self) -> bool {
        self.invoke.is_some()
    }

    /// Nothing is called in this build.
    #[cfg(not(feature = "aws"))]
    #[allow(clippy::unused_self, reason = "the same shape as in builds that call")]
    fn calls(&self) -> bool {
        false
    }
}

/// The words of the task: the arguments, or stdin, which a pipe needs no `-` for.
pub(super) fn words(arguments: &[String], may_be_empty: bool) -> Result<String, CliError> {
    let is_piped = || arguments.is_empty() && !may_be_empty && !std::io::stdin().is_terminal();
    let text =
        if arguments == ["-"] || is_piped() { lines::stdin_text()? } else { arguments.join(" ") };
    if text.trim().is_empty() && !may_be_empty {
        return Err(CliError::usage("the task is empty")
            .help("describe it in a few words, or give --task CATEGORY"));
    }
    Ok(text)
}

/// Writes an answer in the form that is asked for; `all`: everything that is known about it.
pub(super) fn write(
    answer: &Recommendation<'_>,
    most: Option<usize>,
    all: bool,
    global: &Global,
) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(json::document(answer, most)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json | Form::Jsonl => return output::json(json::document(answer, most)?, global),
        Form::Text if all => {
            return output::paged(&full::recommendation(answer, most, output::screen()), global);
        }
        Form::Text => {
            out.write_all(text::recommendation(answer, most, output::screen()).as_bytes())?;
        }
        Form::Table => out.write_all(table::ranking(answer, most, false).as_bytes())?,
        Form::Wide => return output::paged(&table::ranking(answer, most, true), global),
        Form::Csv => table::csv(answer, most, &mut out)?,
        Form::Id => {
            for choice in answer.ranked().iter().take(most.unwrap_or(1)) {
                writeln!(out, "{}", answer.catalog.invoke_id(choice.offer))?;
            }
        }
    }
    out.flush()?;
    if answer.best().is_none() && global.output == Some(Form::Id) {
        anstream::stderr().write_all(text::nothing(answer, output::screen()).as_bytes())?;
    }
    Ok(())
}

/// Answers a file of tasks line by line, with flat memory; a bad line is reported and the rest goes on.
fn many(
    args: &RecommendArgs,
    global: &Global,
    knowledge: &Knowledge,
    path: &Path,
) -> Result<Exit, CliError> {
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let mut task = args.constraints.task(String::new(), knowledge, global)?;
    let mut rows = Rows::new(global, args.max_results)?;
    let bad = lines::each(path, |line| {
        let (id, text) = lines::id_and_text(line)?;
        task.text.clear();
        task.text.push_str(&text);
        rows.add(&recommender.recommend(&task), &id).map_err(LineError::Write)
    })?;
    rows.finish()?;
    Ok(if bad { Exit::Usage } else { Exit::Answer })
}
