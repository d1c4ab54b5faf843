//! Watching a job to its end; whatever ends the watching leaves the job alone.

use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, interval, sleep};

use super::{CATEGORY, VideoArgs};
use crate::bedrock::Bedrock;
use crate::cli::call::{exit_of, prints_json, tell};
use crate::cli::{CliError, Exit, Global, output, settings};
use crate::output::job::{Known, document};
use crate::router::{Failure, JobReport, JobState, Kind, Pace, Sight, Watch, region_of};

/// How far apart lines about a job that goes on are, where they are not overwritten.
const LINES_APART: Duration = Duration::from_mins(1);
/// Longer than anybody waits.
const FOR_EVER: Duration = Duration::from_hours(24 * 365);

/// Watches a job that was started before.
pub(super) async fn resume(args: &VideoArgs, arn: &str, global: &Global) -> Result<Exit, CliError> {
    if region_of(arn).is_none() || !arn.contains(":async-invoke/") {
        return Err(CliError::usage(format!("`{arn}` is not the ARN of a job"))
            .help("`rockpick video --list` shows them; they look like arn:aws:bedrock:REGION:ACCOUNT:async-invoke/ID"));
    }
    let bedrock = args.job.bedrock(global).await?;
    to_the_end(&bedrock, arn, args, Known::default(), global).await
}

/// Watches a job to its end and says where the video is.
pub(super) async fn to_the_end(
    bedrock: &Bedrock,
    arn: &str,
    args: &VideoArgs,
    known: Known,
    global: &Global,
) -> Result<Exit, CliError> {
    let pace = Pace {
        first: args.interval,
        longest: Pace::default().longest.max(args.interval),
        ..Pace::default()
    };
    let mut watch = Watch::new(bedrock, arn, pace);
    let mut progress = Progress::new();
    let mut second = interval(Duration::from_secs(1));
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let mut late = pin!(sleep(args.max_wait.unwrap_or(FOR_EVER)));
    loop {
        // One look may outlast many seconds: it is not begun anew with each of them.
        let mut look = pin!(watch.next());
        let sight = loop {
            tokio::select! {
                sight = &mut look => break sight,
                _ = second.tick() => progress.tick(),
                _ = &mut interrupted => {
                    progress.clear();
                    return Err(CliError::new("interrupted; the job goes on", Exit::Interrupted).help(again(arn)));
                }
                () = &mut late => {
                    progress.clear();
                    return Err(still_going(args.max_wait, arn));
                }
            }
        };
        match sight {
            Some(Ok(Sight::Report(report))) if report.state == JobState::InProgress => {
                progress.report(&report);
            }
            Some(Ok(Sight::Report(report))) => {
                progress.clear();
                return finish(&report, &known, global);
            }
            Some(Ok(Sight::Unseen(failure))) => {
                progress.say(&format!("the job cannot be seen just now: {failure}"));
            }
            Some(Err(failure)) => {
                progress.clear();
                return Err(unseen(&failure, arn));
            }
            None => {
                return Err(CliError::new("the job has ended", Exit::Unavailable).help(again(arn)));
            }
        }
    }
}

fn still_going(waited: Option<Duration>, arn: &str) -> CliError {
    let seconds = waited.unwrap_or(FOR_EVER).as_secs_f64();
    let error =
        CliError::new(format!("the job still goes on after {seconds} s"), Exit::Unavailable);
    error.code(Kind::Timeout.name()).help(again(arn))
}

fn again(arn: &str) -> String {
    format!("`rockpick video --resume {arn}` watches it")
}

/// Nothing more can be seen of the job.
fn unseen(failure: &Failure, arn: &str) -> CliError {
    let error =
        CliError::new(format!("the job cannot be watched: {failure}"), exit_of(failure.kind))
            .code(failure.kind.name());
    let error = match failure.kind {
        Kind::AccessDenied => error.help("ask for the IAM permission bedrock:GetAsyncInvoke"),
        Kind::InvalidId => error.help("`rockpick video --list` shows the jobs that there are"),
        kind => kind.fix().into_iter().fold(error, CliError::help),
    };
    error.help(format!("it may go on; {}", again(arn)))
}

/// How the job ended.
fn finish(report: &JobReport, known: &Known, global: &Global) -> Result<Exit, CliError> {
    if let Some(failure) = &report.failure {
        let error = CliError::new(format!("the job failed: {failure}"), exit_of(failure.kind))
            .code(failure.kind.name());
        let fix = match failure.kind {
            Kind::AccessDenied => Some(
                "Bedrock must be allowed to write there: s3:PutObject, a bucket in the same Region, its KMS key",
            ),
            kind => kind.fix(),
        };
        return Err(fix
            .into_iter()
            .fold(error, CliError::help)
            .help(format!("it was {}", report.arn)));
    }
    if prints_json(global) {
        output::json(document(report, known), global)?;
        return Ok(Exit::Answer);
    }
    let video = report.video().unwrap_or_default();
    let name = if known.name.is_empty() { &report.model } else { &known.name };
    let cost = known.cost.map(|cost| format!(" · {cost}")).unwrap_or_default();
    let took =
        report.ended.map(|ended| format!(" · {} s", ended - report.started)).unwrap_or_default();
    tell(&format!("▸ {name} · {CATEGORY}{cost}{took} · `aws s3 cp {video} .` fetches it"));
    output::text(&format!("{video}\n"))?;
    Ok(Exit::Answer)
}

/// What is told while the job goes on: one line that is overwritten on a terminal, else a line now and then.
struct Progress {
    terminal: bool,
    started: Option<i64>,
    shown: bool,
    said: Option<Instant>,
}

impl Progress {
    fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), started: None, shown: false, said: None }
    }

    fn report(&mut self, report: &JobReport) {
        self.started = Some(report.started);
        if self.terminal {
            return self.tick();
        }
        if self.said.is_none_or(|said| said.elapsed() >= LINES_APART) {
            self.said = Some(Instant::now());
            tell(&self.line());
        }
    }

    fn line(&self) -> String {
        let seconds = self.started.map_or(0, |started| (settings::now() - started).max(0));
        format!("in progress for {seconds} s")
    }

    fn tick(&mut self) {
        if self.terminal && self.started.is_some() {
            self.shown = true;
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r\x1b[2K{}", self.line());
            let _ = err.flush();
        }
    }

    fn say(&mut self, text: &str) {
        self.clear();
        tell(text);
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}
