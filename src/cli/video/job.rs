//! Starting a video: where it goes, what its body holds, and the job's ARN as soon as there is one.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::path::Path;

use serde_json::Value;

use super::{CATEGORY, VideoArgs, watch};
use crate::cli::call::{prints_json, tell};
use crate::cli::job::{JobArgs, picture, setting};
use crate::cli::recommend::words;
use crate::cli::{CliError, Exit, Global, output, settings};
use crate::output::job::{Known, document};
use crate::router::{Job, JobReport, JobState, Request, Start};
use crate::task::Task;

/// How large the picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    lines: u64,
    /// Width to height, where both are said.
    ratio: Option<(u64, u64)>,
}

/// `720p` or `1280x720`.
pub(super) fn size(text: &str) -> Result<Size, String> {
    let number =
        |text: &str| text.parse::<u64>().ok().filter(|number| (1..=10_000).contains(number));
    let lines = text.strip_suffix('p').and_then(number).map(|lines| Size { lines, ratio: None });
    let both = text
        .split_once('x')
        .and_then(|(width, height)| number(width).zip(number(height)))
        .map(|(width, height)| {
            let common = gcd(width, height);
            Size { lines: width.min(height), ratio: Some((width / common, height / common)) }
        });
    lines
        .or(both)
        .ok_or_else(|| "give lines or width and height, such as 720p or 1280x720".to_owned())
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Starts a job, and watches it unless that is not wanted.
pub(super) async fn start(args: &VideoArgs, global: &Global) -> Result<Exit, CliError> {
    let start = args.start()?;
    let job = args.body()?;
    let knowledge = JobArgs::knowledge(global)?;
    let fit = |task: &mut Task| {
        task.constraints.tokens.seconds = args.seconds.map(u64::from);
        task.constraints.tokens.lines = args.size.map(|size| size.lines);
    };
    let caller = args.job.caller(CATEGORY, &knowledge, global, fit).await?;
    let request = Request { job: Some(job), start: Some(start.clone()), ..Request::default() };
    let (results, reply) =
        caller.ask(caller.plan.clone(), request).await.map_err(|error| match error.exit() {
            Exit::Unavailable | Exit::Interrupted => error.help(format!(
                "the same again with --client-request-token {} starts no second job",
                start.token
            )),
            _ => error,
        })?;
    let arn = results.first().and_then(Value::as_str).unwrap_or_default();
    // At once, so that the job can be found again whatever becomes of this process.
    tell(&format!("job {arn}"));
    if !prints_json(global) {
        caller.tell(&reply, CATEGORY);
    }
    let known =
        Known { cost: reply.cost, name: caller.name(&reply).to_owned(), attempts: reply.attempts };
    if !args.no_wait {
        return watch::to_the_end(caller.bedrock(), arn, args, known, global).await;
    }
    if prints_json(global) {
        let report = JobReport {
            arn: arn.to_owned(),
            model: reply.model.unwrap_or(reply.invoke_id),
            state: JobState::InProgress,
            failure: None,
            to: Some(start.to),
            started: settings::now(),
            ended: None,
        };
        output::json(document(&report, &known), global)?;
    } else {
        output::text(&format!("{arn}\n"))?;
    }
    Ok(Exit::Answer)
}

impl VideoArgs {
    /// Where the video goes, and the token of the job.
    fn start(&self) -> Result<Start, CliError> {
        let Some(to) = self.to.as_deref().filter(|to| !to.is_empty()) else {
            return Err(CliError::usage("a video is written to S3, and no place is given")
                .help("give --to s3://BUCKET/PREFIX, or set ROCKPICK_VIDEO_TO; the bucket must be in the Region of the call"));
        };
        let bucket = to.strip_prefix("s3://").and_then(|rest| rest.split('/').next());
        let legal = |sign: u8| {
            sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, b'-' | b'.')
        };
        if !bucket
            .is_some_and(|bucket| (3..=63).contains(&bucket.len()) && bucket.bytes().all(legal))
        {
            return Err(CliError::usage(format!("`{to}` is no place in S3"))
                .help("places look like s3://my-bucket/videos"));
        }
        Ok(Start {
            to: to.to_owned(),
            token: self.client_request_token.clone().unwrap_or_else(token),
            kms_key: self.kms_key.clone(),
            bucket_owner: self.bucket_owner.clone(),
        })
    }

    /// What the body holds.
    fn body(&self) -> Result<Job, CliError> {
        let ratio = self
            .size
            .and_then(|size| size.ratio)
            .map(|(width, height)| format!("{width}:{height}"));
        let (image, image_type) = still(self.image.as_deref())?;
        let (last, last_type) = still(self.last_image.as_deref())?;
        let mut job = Job::default()
            .demand("PROMPT", Some(words(&self.words, false)?))
            .demand("SECONDS", self.seconds)
            .demand("RESOLUTION", self.size.map(|size| format!("{}p", size.lines)))
            .demand("ASPECT", self.aspect_ratio.clone().or(ratio))
            .demand("LOOP", self.endless.then_some(true))
            .demand("SEED", self.seed)
            .demand("IMAGE", image)
            .with("IMAGE_TYPE", image_type)
            .demand("LAST_IMAGE", last)
            .with("LAST_IMAGE_TYPE", last_type);
        for pair in &self.set {
            let (name, value) = setting(pair)?;
            job = job.demand(&name, Some(value));
        }
        Ok(job)
    }
}

/// A picture and its type, if there is one.
fn still(path: Option<&Path>) -> Result<(Option<String>, Option<String>), CliError> {
    path.map_or(Ok((None, None)), |path| {
        picture(path).map(|(bytes, kind)| (Some(bytes), Some(kind)))
    })
}

/// A token that no other job has; the hasher's keys are random.
fn token() -> String {
    let part = || RandomState::new().hash_one(settings::now());
    format!("rockpick-{:016x}{:016x}", part(), RandomState::new().hash_one(part()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_lines_or_both() {
        assert_eq!(size("720p"), Ok(Size { lines: 720, ratio: None }));
        assert_eq!(size("1280x720"), Ok(Size { lines: 720, ratio: Some((16, 9)) }));
        assert_eq!(size("540x960"), Ok(Size { lines: 540, ratio: Some((9, 16)) }));
        for wrong in ["", "720", "p", "x", "0x5", "-1p", "99999999p", "axb"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let (one, other) = (token(), token());
        assert!(
            one != other && one.len() == 41 && one.bytes().all(|sign| sign.is_ascii_graphic()),
            "{one} {other}"
        );
    }
}
