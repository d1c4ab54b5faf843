//! `rockpick video`: a prompt becomes a video in S3, by a job that is started once, watched, and found again.

mod job;
mod jobs;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::job::{JobArgs, block_on};
use super::{CliError, Exit, Global};

/// The category of its tasks.
const CATEGORY: &str = "video";

#[derive(Clone, Debug, Args)]
pub(super) struct VideoArgs {
    /// What the video shows; `-` reads it from stdin.
    #[arg(value_name = "PROMPT", required_unless_present_any = ["resume", "list"])]
    words: Vec<String>,
    /// Place in S3 that the video is written below; its bucket must be in the Region of the call.
    #[arg(long, value_name = "S3-URI", env = "ROCKPICK_VIDEO_TO")]
    to: Option<String>,
    /// How long the video is, in seconds.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_600))]
    seconds: Option<u32>,
    /// How large its picture is: 720p, or 1280x720.
    #[arg(long, value_name = "SIZE", value_parser = job::size)]
    size: Option<job::Size>,
    /// Width to height: 16:9, 9:16, 1:1 …
    #[arg(long, value_name = "W:H")]
    aspect_ratio: Option<String>,
    /// Picture that it begins with.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Picture that it ends with.
    #[arg(long, value_name = "FILE")]
    last_image: Option<PathBuf>,
    /// Make the end lead back to the beginning.
    #[arg(long = "loop")]
    endless: bool,
    /// The number that makes a video come out again.
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Another value of the model's body (repeatable).
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// KMS key that the video is encrypted with.
    #[arg(long, value_name = "ARN")]
    kms_key: Option<String>,
    /// Account that must own the bucket.
    #[arg(long, value_name = "ACCOUNT")]
    bucket_owner: Option<String>,
    /// Token of the job: started twice with the same one, it runs once.
    #[arg(long, value_name = "TOKEN")]
    client_request_token: Option<String>,
    /// Start the job, print its ARN, and leave it alone.
    #[arg(long, conflicts_with_all = ["resume", "list"])]
    no_wait: bool,
    /// Watch a job that was started before.
    #[arg(long, value_name = "ARN", conflicts_with_all = ["words", "list"])]
    resume: Option<String>,
    /// List the account's jobs.
    #[arg(long, conflicts_with = "words")]
    list: bool,
    /// List only jobs in this state: in-progress, completed, failed.
    #[arg(long, value_name = "STATE", requires = "list")]
    status: Option<String>,
    /// List at most so many jobs.
    #[arg(long, value_name = "N", requires = "list", default_value = "50", value_parser = clap::value_parser!(u16).range(1..))]
    max_results: u16,
    /// Seconds from the first look at the job to the second; later ones are further apart.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = super::call::seconds)]
    interval: Duration,
    /// Watch the job for so many seconds at most.
    #[arg(long, value_name = "SECONDS", value_parser = super::call::seconds)]
    max_wait: Option<Duration>,
    #[command(flatten)]
    job: JobArgs,
}

pub(super) fn run(args: &VideoArgs, global: &Global) -> Result<Exit, CliError> {
    if args.list {
        return block_on(jobs::list(args, global));
    }
    if let Some(arn) = &args.resume {
        return block_on(watch::resume(args, arn, global));
    }
    block_on(job::start(args, global))
}
