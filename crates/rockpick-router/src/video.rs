//! Jobs that go on without the caller, such as videos: started once, then watched to their end.
//!
//! A job is started like any other, with [`Request::start`](super::Request) saying where its result goes; [`Watch`] then looks how it
//! is, ever less often, and bears with a service that cannot be reached for a while.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::failure::{Failure, Kind, Rest};
use rockpick_core::vocabulary;

/// How long one look may take.
const LONGEST_LOOK: Duration = Duration::from_secs(30);
/// The file that a video is in.
const FILE: &str = "output.mp4";

/// How a job is started that goes on without the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The place in S3 that the result is written below: `s3://bucket/prefix`.
    pub to: String,
    /// Started twice with the same token, a job runs once.
    pub token: String,
    /// The KMS key that the result is encrypted with; `None` = as the bucket says.
    pub kms_key: Option<String>,
    /// The account that must own the bucket; `None` = any.
    pub bucket_owner: Option<String>,
}

vocabulary! {
    /// How far a job is.
    JobState {
        /// It goes on.
        InProgress = "in-progress",
        /// Its result is there.
        Completed = "completed",
        /// It ended without a result.
        Failed = "failed",
    }
}

/// What is known of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobReport {
    /// Its ARN.
    pub arn: String,
    /// The bare id of its model.
    pub model: String,
    /// How far it is.
    pub state: JobState,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// The place in S3 that its result goes to.
    pub to: Option<String>,
    /// When it was started, in seconds since 1970.
    pub started: i64,
    /// When it ended, in seconds since 1970.
    pub ended: Option<i64>,
}

impl JobReport {
    /// Where the video is when it is there: a file below the place that was asked for, in a folder with the job's id.
    #[must_use]
    pub fn video(&self) -> Option<String> {
        let folder = self.to.as_deref()?.trim_end_matches('/');
        let id = self.arn.rsplit('/').next().filter(|id| !id.is_empty())?;
        let own = folder.rsplit('/').next() == Some(id);
        Some(if own { format!("{folder}/{FILE}") } else { format!("{folder}/{id}/{FILE}") })
    }
}

/// The Region that an ARN names.
#[must_use]
pub fn region_of(arn: &str) -> Option<&str> {
    arn.strip_prefix("arn:")?.split(':').nth(2).filter(|region| !region.is_empty())
}

/// Looks how jobs are, once: waiting and asking again is done by [`Watch`].
pub trait Inspect: Sync {
    /// How a job is.
    fn inspect(&self, arn: &str) -> impl Future<Output = Result<JobReport, Failure>> + Send;
}

/// How often it is looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The time from the first look to the second; each is half as long again as the one before.
    pub first: Duration,
    /// The longest time between two looks.
    pub longest: Duration,
    /// How long nothing may be seen of the job before it is given up.
    pub outage: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(30),
            outage: Duration::from_mins(10),
        }
    }
}

/// What a look brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// How the job is.
    Report(JobReport),
    /// It could not be seen just now; it will be looked again.
    Unseen(Failure),
}

/// A job that is watched; dropping it leaves the job alone. It is read with [`Watch::next`], which may be dropped and called again.
#[derive(Debug)]
pub struct Watch<'w, I> {
    inspect: &'w I,
    arn: String,
    pace: Pace,
    pause: Duration,
    due: Instant,
    seen: Instant,
    over: bool,
}

impl<'w, I: Inspect> Watch<'w, I> {
    /// Watches a job from now on.
    #[must_use]
    pub fn new(inspect: &'w I, arn: impl Into<String>, pace: Pace) -> Self {
        let now = Instant::now();
        Self { inspect, arn: arn.into(), pace, pause: pace.first, due: now, seen: now, over: false }
    }

    /// The next look, when it is time for it; `None` after the job has ended.
    ///
    /// # Errors
    /// Why nothing more can be seen of the job; it may go on.
    pub async fn next(&mut self) -> Option<Result<Sight, Failure>> {
        if self.over {
            return None;
        }
        sleep_until(self.due).await;
        let late = || {
            Failure::new(Kind::Timeout, format!("nothing arrived for {} s", LONGEST_LOOK.as_secs()))
        };
        let seen = timeout(LONGEST_LOOK, self.inspect.inspect(&self.arn))
            .await
            .unwrap_or_else(|_| Err(late()));
        let now = Instant::now();
        let asked = match &seen {
            Ok(_) => Duration::ZERO,
            Err(failure) => failure.retry_after.unwrap_or_default(),
        };
        self.due = now + self.pause.max(asked);
        self.pause = self.pause.mul_f64(1.5).min(self.pace.longest);
        match seen {
            Ok(report) => {
                self.seen = now;
                self.over = report.state != JobState::InProgress;
                Some(Ok(Sight::Report(report)))
            }
            Err(failure) if passes(&failure) && now - self.seen < self.pace.outage => {
                Some(Ok(Sight::Unseen(failure)))
            }
            Err(failure) => {
                self.over = true;
                Some(Err(failure))
            }
        }
    }

    /// How the job ended, whatever lies between.
    ///
    /// # Errors
    /// Why nothing more can be seen of the job; it may go on.
    pub async fn end(&mut self) -> Result<JobReport, Failure> {
        loop {
            match self.next().await {
                Some(Ok(Sight::Report(report))) if report.state != JobState::InProgress => {
                    return Ok(report);
                }
                Some(Err(failure)) => return Err(failure),
                Some(Ok(_)) => {}
                None => {
                    return Err(Failure::new(
                        Kind::Cancelled,
                        "the job was watched to its end already",
                    ));
                }
            }
        }
    }
}

/// Whether it may be better in a while.
fn passes(failure: &Failure) -> bool {
    failure.kind.response().1 == Rest::While
}
