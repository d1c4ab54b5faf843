//! The command: what was typed becomes a task, the answer becomes text.

#[cfg(feature = "history")]
mod budget;
mod cache;
#[cfg(feature = "aws")]
mod call;
mod classify;
mod compare;
mod config;
mod constraints;
#[cfg(feature = "aws")]
mod doctor;
mod dollars;
#[cfg(feature = "aws")]
mod embed;
#[cfg(feature = "aws")]
mod endpoint;
mod environment;
mod error;
mod explain;
#[cfg(feature = "aws")]
mod image;
#[cfg(feature = "aws")]
mod job;
mod lines;
mod misplaced;
mod models;
mod output;
#[cfg(feature = "aws")]
mod pin;
#[cfg(all(feature = "aws", feature = "history"))]
mod ping;
mod recommend;
mod region;
#[cfg(feature = "aws")]
mod request;
#[cfg(feature = "aws")]
mod rerank;
#[cfg(feature = "aws")]
mod route;
mod rows;
mod rules;
mod scan;
mod settings;
mod shell;
#[cfg(all(feature = "aws", feature = "history"))]
mod speed;
#[cfg(feature = "history")]
mod spend;
#[cfg(feature = "aws")]
mod video;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

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

impl Cli {
    /// Reads the configuration, where the command has any use for it.
    fn configure(&mut self) -> Result<(), CliError> {
        if matches!(self.command, Command::Completions(_) | Command::Man(_)) {
            return Ok(());
        }
        environment::check(&environment::CONFIG)?;
        self.global.config = config::Config::load()?;
        let advice = matches!(
            self.command,
            Command::Recommend(_)
                | Command::Explain(_)
                | Command::Compare(_)
                | Command::Models(_)
                | Command::Config(_)
        );
        if advice && self.global.output.is_none() {
            self.global.output = self.global.config.output.as_ref().map(|form| form.value);
        }
        Ok(())
    }
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
    /// Folder of rules laid over the bundled ones (repeatable, the last one on top) [env: `ROCKPICK_RULES`, a list as `PATH` is].
    #[arg(long, global = true, value_name = "DIR")]
    rules: Vec<std::path::PathBuf>,
    /// Compile the rules of `--rules` again instead of reading them from the cache, and keep nothing there.
    #[arg(long, global = true, env = "ROCKPICK_NO_RULES_CACHE", value_parser = clap::builder::FalseyValueParser::new())]
    no_rules_cache: bool,
    /// When to use color.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Never show long answers through the pager that `PAGER` names.
    #[arg(long, global = true)]
    no_pager: bool,
    /// AWS profile whose Region is taken when none is given.
    #[arg(long, global = true, value_name = "NAME", env = "AWS_PROFILE")]
    profile: Option<String>,
    /// What the configuration files say.
    #[arg(skip)]
    config: config::Config,
}

impl Global {
    /// The folders of rules and where they are named: by `--rules`, else in the environment, else in the configuration.
    fn rule_folders(&self) -> (Vec<std::path::PathBuf>, String) {
        if !self.rules.is_empty() {
            return (self.rules.clone(), "--rules".to_owned());
        }
        let listed = std::env::var_os("ROCKPICK_RULES").unwrap_or_default();
        let listed: Vec<_> = std::env::split_paths(&listed)
            .filter(|folder| !folder.as_os_str().is_empty())
            .collect();
        match &self.config.rules {
            Some(own) if listed.is_empty() => (own.value.clone(), own.from.to_string()),
            _ => (listed, "ROCKPICK_RULES".to_owned()),
        }
    }
}

/// The forms of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// As a table.
    Table,
    /// With everything that does not fit a narrow one, such as every reason against every model.
    Wide,
    /// The whole answer; its `schema` names the shape.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated values with a header.
    Csv,
    /// Only ids.
    Id,
}

/// When to use color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recommend offers for a described task: the exact id to call, what it costs, and why.
    #[command(visible_alias = "ask", after_help = include_str!("cli/examples/recommend.txt"))]
    Recommend(Box<recommend::RecommendArgs>),
    /// Explain one model: what it is, from where and at which price, and why it is or is not chosen for a task.
    #[command(after_help = include_str!("cli/examples/explain.txt"))]
    Explain(Box<explain::ExplainArgs>),
    /// Set models side by side: reach, price at your tokens, limits, features, evidence, lifecycle.
    #[command(after_help = include_str!("cli/examples/compare.txt"))]
    Compare(Box<compare::CompareArgs>),
    /// List the catalog, filtered and sorted: what can be called, from where, at which price.
    #[command(after_help = include_str!("cli/examples/models.txt"))]
    Models(Box<models::ModelsArgs>),
    /// Find IDs in source, configuration and docs that are dead, wrong, or called from the wrong Region, and mend them.
    #[command(after_help = include_str!("cli/examples/scan.txt"))]
    Scan(Box<scan::ScanArgs>),
    /// Print completions for a shell.
    Completions(shell::CompletionsArgs),
    /// Print the manual page, in roff.
    Man(shell::ManArgs),
    /// Show the configuration and where each value comes from.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Check, test and show the rules, and explain what was found.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Read texts: category, constraints, language, difficulty, and the words that carried it.
    #[command(after_help = include_str!("cli/examples/classify.txt"))]
    Classify(classify::ClassifyArgs),
    /// Answer a prompt: pick the model, call it, fall back inside the constraints.
    #[cfg(feature = "aws")]
    #[command(after_help = include_str!("cli/examples/route.txt"))]
    Route(Box<route::RouteArgs>),
    /// Check what stands between this machine and an answer, and the fix; spends no tokens.
    #[cfg(feature = "aws")]
    Doctor(Box<doctor::DoctorArgs>),
    /// Make a picture from a prompt, or edit one.
    #[cfg(feature = "aws")]
    Image(Box<image::ImageArgs>),
    /// Make a video from a prompt: start the job, watch it, find it again.
    #[cfg(feature = "aws")]
    Video(Box<video::VideoArgs>),
    /// Turn texts into vectors, all of one model.
    #[cfg(feature = "aws")]
    Embed(Box<embed::EmbedArgs>),
    /// Put texts into the order in which they answer a query.
    #[cfg(feature = "aws")]
    Rerank(Box<rerank::RerankArgs>),
    /// Show what calls have cost, and what is left of budgets.
    #[cfg(feature = "history")]
    Spend(spend::SpendArgs),
}

/// Flags before a command that take a value of their own.
const WITH_VALUE: [&str; 7] =
    ["-o", "--output", "--query", "--rules", "--color", "--profile", "-p"];

/// What was typed. `-o` names the file of `image` and the report of `scan`, where the form of every other answer is named by it.
fn arguments() -> Vec<std::ffi::OsString> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    let mut skips = false;
    let is_command = |argument: &std::ffi::OsString| {
        let argument = argument.to_string_lossy();
        let is_value = std::mem::replace(&mut skips, WITH_VALUE.contains(&&*argument));
        !is_value && !argument.starts_with('-')
    };
    let command = arguments
        .iter()
        .enumerate()
        .skip(1)
        .map(|(at, _)| at)
        .zip(arguments.iter().skip(1).map(is_command));
    let command = command.filter(|(_, is)| *is).map(|(at, _)| at).next();
    let Some(at) = command else { return arguments };
    if arguments[at] == "image" {
        for argument in arguments[at..].iter_mut().filter(|argument| *argument == "-o") {
            *argument = "--out".into();
        }
    } else if arguments[at] == "scan" {
        arguments[at..].iter_mut().for_each(report);
    }
    arguments
}

/// A scan has forms of its own.
fn report(argument: &mut std::ffi::OsString) {
    let Some(text) = argument.to_str() else { return };
    let form = text.strip_prefix("--output=").or_else(|| text.strip_prefix("-o"));
    match form {
        _ if text == "--output" || text == "-o" => *argument = "--report".into(),
        Some(form) => *argument = format!("--report={}", form.trim_start_matches('=')).into(),
        None => {}
    }
}

fn parse() -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let mut matches = command.try_get_matches_from_mut(arguments())?;
    #[cfg(feature = "aws")]
    recommend::refuse_idle_flags(&mut command, &matches)?;
    Cli::from_arg_matches_mut(&mut matches)
}

/// Runs the command line and returns its exit code.
#[must_use]
pub fn run() -> Exit {
    let mut cli = match parse() {
        Ok(cli) => cli,
        Err(refusal) => return error::refused(&refusal),
    };
    match cli.global.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    if let Err(error) = cli.configure() {
        return error.report(false);
    }
    let json = matches!(cli.global.output, Some(Form::Json | Form::Jsonl));
    let result = match cli.command {
        Command::Recommend(args) => recommend::run(&args, &cli.global),
        Command::Explain(args) => explain::run(&args, &cli.global),
        Command::Compare(args) => compare::run(&args, &cli.global),
        Command::Models(args) => models::run(&args, &cli.global),
        Command::Scan(args) => scan::run(&args, &cli.global),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
        Command::Config(command) => config::run(&command, &cli.global),
        Command::Rules(command) => rules::run(&command, &cli.global),
        Command::Classify(args) => classify::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Route(args) => route::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Doctor(args) => doctor::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Image(args) => image::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Video(args) => video::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Embed(args) => embed::run(&args, &cli.global),
        #[cfg(feature = "aws")]
        Command::Rerank(args) => rerank::run(&args, &cli.global),
        #[cfg(feature = "history")]
        Command::Spend(args) => spend::run(&args, &cli.global),
    };
    result.unwrap_or_else(|error| error.report(json))
}
