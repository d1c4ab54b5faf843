//! The command: what was typed becomes a task, the answer becomes text.

#[cfg(feature = "aws")]
mod call;
mod constraints;
#[cfg(feature = "aws")]
mod doctor;
#[cfg(feature = "aws")]
mod embed;
mod error;
#[cfg(feature = "aws")]
mod image;
#[cfg(feature = "aws")]
mod job;
mod output;
#[cfg(feature = "aws")]
mod pin;
mod recommend;
mod region;
#[cfg(feature = "aws")]
mod request;
#[cfg(feature = "aws")]
mod rerank;
#[cfg(feature = "aws")]
mod route;
mod settings;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::error::{CliError, Exit};

/// Picks the right Amazon Bedrock model for a described task, says why, and what it costs.
///
/// Everything but calls to AWS works with no credentials and no network.
#[derive(Debug, Parser)]
#[command(name = "rockpick", version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command, named as in the AWS CLI.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Form of the answer.
    #[arg(short, long, global = true, value_name = "FORM")]
    output: Option<Form>,
    /// JMESPath expression that picks from the JSON answer.
    #[arg(long, global = true, value_name = "JMESPATH")]
    query: Option<String>,
    /// Folder of rules laid over the bundled ones (repeatable, the last one on top).
    #[arg(long, global = true, value_name = "DIR", env = "ROCKPICK_RULES", value_delimiter = ':')]
    rules: Vec<std::path::PathBuf>,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    /// AWS profile whose Region is taken when none is given.
    #[arg(long, global = true, value_name = "NAME", env = "AWS_PROFILE")]
    profile: Option<String>,
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people: the choice, the ranking, why, and what was rejected.
    Text,
    /// The ranking as a table.
    Table,
    /// A wider table, and every reason against every model.
    Wide,
    /// The whole answer, `rockpick.recommendation.v1`.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
    /// Only the id to call.
    Id,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recommend offers for a described task: the exact id to call, what it costs, and why.
    #[command(visible_alias = "ask")]
    Recommend(Box<recommend::RecommendArgs>),
    /// Answer a prompt: pick the model, call it, fall back inside the constraints.
    #[cfg(feature = "aws")]
    Route(Box<route::RouteArgs>),
    /// Check what stands between this machine and an answer, and the fix; spends no tokens.
    #[cfg(feature = "aws")]
    Doctor(Box<doctor::DoctorArgs>),
    /// Make a picture from a prompt, or edit one.
    #[cfg(feature = "aws")]
    Image(Box<image::ImageArgs>),
    /// Turn texts into vectors, all of one model.
    #[cfg(feature = "aws")]
    Embed(Box<embed::EmbedArgs>),
    /// Put texts into the order in which they answer a query.
    #[cfg(feature = "aws")]
    Rerank(Box<rerank::RerankArgs>),
}

/// What was typed. `-o` names the file of `image`, where the form of every other answer is named by it.
fn arguments() -> Vec<std::ffi::OsString> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.iter().skip(1).find(|argument| !argument.to_string_lossy().starts_with('-')).is_some_and(|command| command == "image") {
        for argument in arguments.iter_mut().filter(|argument| *argument == "-o") {
            *argument = "--out".into();
        }
    }
    arguments
}

/// Runs the command line and returns its exit code.
#[must_use]
pub fn run() -> Exit {
    let cli = match Cli::try_parse_from(arguments()) {
        Ok(cli) => cli,
        Err(refusal) => return error::refused(&refusal),
    };
    match cli.global.color {
        Colour::Auto => {}
        Colour::Always => anstream::ColorChoice::Always.write_global(),
        Colour::Never => anstream::ColorChoice::Never.write_global(),
    }
    let json = matches!(cli.global.output, Some(Form::Json | Form::Jsonl));
    let result = match cli.command {
        Command::Recommend(args) => recommend::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Route(args) => route::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Doctor(args) => doctor::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Image(args) => image::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Embed(args) => embed::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Rerank(args) => rerank::run(&args, &cli.global),
    };
    result.unwrap_or_else(|error| error.report(json))
}
