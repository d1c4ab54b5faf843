//! Calling the choice: the answer streams to stdout, what it took goes to stderr.

use std::io::Write as _;
use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::error::short;
use super::{CliError, Exit, Form, Global, endpoint, environment, output};
use crate::bedrock::{Access, Bedrock};
use crate::output::{reply, shown_line};
use crate::router::{Call, Event, Failure, Kind, Lost, Plan, Policy, Reply, Request, Router};

/// The heading of flags that are about a call.
pub(super) const HEADING: &str = "Call";

/// How it is called.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = HEADING)]
pub(super) struct CallArgs {
    /// Print the answer as it is written (default for text).
    #[arg(long, overrides_with = "no_stream")]
    stream: bool,
    /// Wait for the whole answer (default for JSON).
    #[arg(long, overrides_with = "stream")]
    no_stream: bool,
    /// Fail instead of changing the request so that the model takes it.
    #[arg(long)]
    strict: bool,
    /// The longest time for everything, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = seconds)]
    timeout: Duration,
    /// The longest time without anything new, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = seconds)]
    idle_timeout: Duration,
    /// The most calls for one request, with every retry and fallback.
    #[arg(long, value_name = "N", default_value = "32", value_parser = clap::value_parser!(u16).range(1..))]
    max_attempts: u16,
    /// Another endpoint than that of the Region.
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Tell on stderr what becomes of each call.
    #[arg(long)]
    debug: bool,
    /// Tell as well what is sent and answered, prompts with it; nothing else ever logs that.
    #[arg(long)]
    debug_content: bool,
    #[cfg(feature = "history")]
    #[command(flatten)]
    budget: super::budget::BudgetArgs,
}

/// What is called, for the line on stderr and for JSON.
pub(super) struct Decision<'a> {
    pub plan: Plan<'a>,
    /// The name of what is called by an id: the model's name and the category.
    pub name: &'a dyn Fn(&Reply) -> String,
    pub category: Option<&'a str>,
    /// What was recommended, as JSON.
    pub document: Value,
    /// What should be known about the decision.
    pub notes: Vec<String>,
    /// That the ID is not called from there, as far as is known. When Bedrock says the same, that is the error.
    pub misplaced: Option<String>,
}

impl CallArgs {
    fn streams(&self, global: &Global) -> bool {
        self.stream || !(self.no_stream || prints_json(global))
    }

    /// What calls Bedrock within these bounds.
    pub(super) async fn router(&self, global: &Global) -> Result<Router<Bedrock>, CliError> {
        #[cfg(feature = "history")]
        let history = self.budget.ledger()?;
        let router = Router::new(self.bedrock(global).await?, self.policy())
            .seeded(u64::from(std::process::id()));
        #[cfg(feature = "history")]
        if let Some(history) = history {
            return Ok(router.accounted(Box::new(history)));
        }
        Ok(router)
    }

    /// Bedrock, as the flags say that it is reached.
    pub(super) async fn bedrock(&self, global: &Global) -> Result<Bedrock, CliError> {
        self.log();
        endpoint::check(self.endpoint_url.as_deref())?;
        environment::check(&environment::FOR_CALLS)?;
        environment::certificates()?;
        let access = Access {
            profile: global.profile.clone().filter(|name| !name.is_empty()),
            endpoint_url: self.endpoint_url.clone(),
            debug_content: self.debug_content,
        };
        Ok(Bedrock::connect(&access).await)
    }

    /// What can be told wrong of the flags where nothing is called.
    pub(super) fn check(&self) -> Result<(), CliError> {
        #[cfg(feature = "history")]
        self.budget.check()?;
        endpoint::check(self.endpoint_url.as_deref())
    }

    /// Our own events alone: those of the SDK would show headers.
    fn log(&self) {
        if self.debug || self.debug_content {
            let ours = Targets::new().with_target("rockpick", LevelFilter::DEBUG);
            let lines = tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(false)
                .with_filter(ours);
            // Refused when somebody has set up logs before; they then go there.
            let _ = tracing_subscriber::registry().with(lines).try_init();
        }
    }

    fn policy(&self) -> Policy {
        Policy {
            attempts: usize::from(self.max_attempts),
            first_byte: self.idle_timeout,
            idle: self.idle_timeout,
            total: self.timeout,
            strict: self.strict,
            ..Policy::default()
        }
    }

    /// Calls what was decided and prints the answer.
    pub(super) fn run(
        &self,
        decision: &Decision<'_>,
        mut request: Request,
        global: &Global,
    ) -> Result<Exit, CliError> {
        request.stream = self.streams(global);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let router = self.router(global).await?;
            let mut call = router.call(decision.plan.clone(), request);
            let ended = read(&mut call, global).await;
            finish(&ended?, &call.reply(), decision, global)
        })
    }
}

/// Whether the answer is JSON, so that nothing else is printed.
pub(super) fn prints_json(global: &Global) -> bool {
    global.query.is_some() || matches!(global.output, Some(Form::Json | Form::Jsonl))
}

/// How a call ended.
enum Ended {
    Whole,
    Lost(Lost),
    Interrupted,
}

/// Reads the answer to its end; text is printed as it arrives.
async fn read(call: &mut Call<'_, Bedrock>, global: &Global) -> Result<Ended, CliError> {
    let mut out = (!prints_json(global)).then(output::Answer::new);
    let mut written = '\n';
    let ended = loop {
        let next = tokio::select! {
            next = call.next() => next,
            _ = tokio::signal::ctrl_c() => break Ended::Interrupted,
        };
        match next {
            None => break Ended::Whole,
            Some(Err(lost)) => break Ended::Lost(lost),
            Some(Ok(Event::Text(text))) => {
                if let Some(out) = &mut out {
                    out.write(&text)?;
                    written = text.chars().next_back().unwrap_or(written);
                }
            }
            Some(Ok(_)) => {}
        }
    };
    if let Some(out) = &mut out {
        if written != '\n' {
            out.write("\n")?;
        }
        for tool in call.reply().tool_calls {
            out.write_json(&serde_json::to_string(&tool)?)?;
        }
    }
    Ok(ended)
}

/// Tells how it ended: the reply as JSON, or a line on stderr.
fn finish(
    ended: &Ended,
    reply: &Reply,
    decision: &Decision<'_>,
    global: &Global,
) -> Result<Exit, CliError> {
    // Also what ended badly has arrived, when nothing else could mend it.
    let arrived = reply.stop_reason.is_some();
    let delivered = arrived
        || !matches!(ended, Ended::Lost(Lost::NothingFits | Lost::Strict(_) | Lost::Failed(_)));
    let refused = matches!(ended, Ended::Lost(lost) if kind_of(lost) == Some(Kind::InvalidId));
    let misplaced = decision.misplaced.iter().filter(|_| !refused);
    let notes = misplaced.chain(&decision.notes).chain(&reply.warnings);
    if prints_json(global) {
        if delivered {
            let warnings = notes.cloned().collect();
            output::json(reply::document(reply, decision.document.clone(), warnings)?, global)?;
        }
    } else {
        let mut err = anstream::stderr().lock();
        for note in notes {
            writeln!(err, "warning: {}", shown_line(&short(note)))?;
        }
        if delivered {
            writeln!(
                err,
                "{}",
                shown_line(&reply::line(reply, &(decision.name)(reply), decision.category))
            )?;
        }
    }
    match ended {
        Ended::Whole => Ok(Exit::Answer),
        Ended::Interrupted => Err(CliError::new("interrupted", Exit::Interrupted)),
        Ended::Lost(lost) => Err(error_of(lost, reply)),
    }
}

/// What the last call failed by, when it did.
fn kind_of(lost: &Lost) -> Option<Kind> {
    match lost {
        Lost::NothingFits | Lost::Strict(_) => None,
        Lost::Incomplete(failure) | Lost::Stopped(failure) | Lost::Failed(failure) => {
            Some(failure.kind)
        }
    }
}

/// A call that was lost, as an error with its exit code.
pub(super) fn error_of(lost: &Lost, reply: &Reply) -> CliError {
    let kind = kind_of(lost);
    let exit = match lost {
        Lost::NothingFits => Exit::Nothing,
        Lost::Strict(_) => Exit::Usage,
        Lost::Incomplete(_) => Exit::Truncated,
        Lost::Stopped(failure) | Lost::Failed(failure) => exit_of(failure.kind),
    };
    let mut error = CliError::new(lost.to_string(), exit);
    if let Some(kind) = kind {
        error = error.code(kind.name());
    }
    if reply.attempts.len() > 1 {
        error = error.help(format!(
            "{} calls were made: {}",
            reply.attempts.len(),
            reply::tried(reply)
        ));
    } else if let Some(attempt) = reply.attempts.first() {
        error = error.help(format!("it was {} from {}", attempt.invoke_id, attempt.region));
    }
    match kind.and_then(Kind::fix) {
        Some(fix) => error.help(fix),
        None => error,
    }
}

/// A call that failed by itself, as an error with its exit code.
pub(super) fn error_of_failure(failure: &Failure) -> CliError {
    let error = CliError::new(failure.to_string(), exit_of(failure.kind)).code(failure.kind.name());
    failure.kind.fix().into_iter().fold(error, CliError::help)
}

#[allow(clippy::match_same_arms, reason = "a table reads row by row")]
pub(super) fn exit_of(kind: Kind) -> Exit {
    match kind {
        Kind::Throttled
        | Kind::DailyLimit
        | Kind::Quota
        | Kind::Unavailable
        | Kind::NotReady
        | Kind::Timeout => Exit::Unavailable,
        Kind::ModelError | Kind::Internal | Kind::Connect | Kind::Reset | Kind::Corrupt => {
            Exit::Unavailable
        }
        Kind::AccessDenied | Kind::PolicyDenied | Kind::AgreementMissing => Exit::Access,
        Kind::CredentialsExpired | Kind::CredentialsMissing | Kind::ClockSkew => Exit::Access,
        Kind::ProfileOnly | Kind::InvalidId | Kind::Eol | Kind::BadEndpoint => Exit::Usage,
        Kind::TooLong
        | Kind::Unsupported
        | Kind::InvalidRequest
        | Kind::ContentFiltered
        | Kind::Ledger => Exit::Usage,
        Kind::Guardrail | Kind::Refused => Exit::Usage,
        Kind::Malformed | Kind::Empty | Kind::UnknownStop => Exit::Unavailable,
        Kind::Truncated | Kind::MaxTokens | Kind::ContextFull | Kind::Paused => Exit::Truncated,
        Kind::OverBudget => Exit::Budget,
        Kind::Cancelled => Exit::Interrupted,
    }
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number > 0.0 && *number <= 86_400.0);
    number
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "give a number of seconds up to 86400".to_owned())
}

/// A warning is no answer: it goes to stderr.
pub(super) fn warn(text: &str) {
    tell(&format!("warning: {}", short(text)));
}

/// A line on stderr; that it is closed is nobody's loss.
pub(super) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr(), "{}", shown_line(line));
}
