//! Jobs that go on at Bedrock without the caller: StartAsyncInvoke, GetAsyncInvoke, ListAsyncInvokes.

use aws_sdk_bedrockruntime::types::{
    AsyncInvokeOutputDataConfig, AsyncInvokeStatus, SortAsyncInvocationBy, SortOrder,
};
use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use super::stream::BedrockAnswer;
use super::{Bedrock, error};
use rockpick_router::{Failure, Inspect, JobReport, JobState, Kind, Start, Target, region_of};

/// The most jobs that a page of a list holds.
const PAGE: i32 = 1_000;

impl Inspect for Bedrock {
    async fn inspect(&self, arn: &str) -> Result<JobReport, Failure> {
        let region = region_of(arn).ok_or_else(|| {
            Failure::new(Kind::InvalidId, format!("`{arn}` is not the ARN of a job"))
        })?;
        let call = self.client(region).get_async_invoke().invocation_arn(arn).send().await;
        let job = call.map_err(|error| error::of_call(&error))?;
        Ok(report(Said {
            arn: job.invocation_arn(),
            model_arn: job.model_arn(),
            status: Some(job.status()),
            failure: job.failure_message(),
            output: job.output_data_config(),
            started: *job.submit_time(),
            ended: job.end_time(),
        }))
    }
}

impl Bedrock {
    /// Starts a job; the answer holds its ARN.
    pub(super) async fn start(
        &self,
        target: &Target,
        body: &Value,
        start: &Start,
    ) -> Result<BedrockAnswer, Failure> {
        let mut place = json!({ "s3Uri": start.to });
        for (key, value) in [("kmsKeyId", &start.kms_key), ("bucketOwner", &start.bucket_owner)] {
            if let Some(value) = value {
                place[key] = value.as_str().into();
            }
        }
        let body = json!({
            "clientRequestToken": start.token,
            "modelId": target.invoke_id,
            "modelInput": body,
            "outputDataConfig": { "s3OutputDataConfig": place },
        });
        let call =
            self.client(&target.region).start_async_invoke().model_id(&target.invoke_id).send();
        BedrockAnswer::result(self.send(&body, Vec::new(), call).await?).await
    }

    /// The account's jobs in a Region, the latest first, at most so many; only those in a state when one is given.
    ///
    /// # Errors
    /// Why they cannot be seen.
    pub async fn jobs(
        &self,
        region: &str,
        state: Option<JobState>,
        most: usize,
    ) -> Result<Vec<JobReport>, Failure> {
        let mut jobs = Vec::new();
        let mut next = None;
        loop {
            let page = i32::try_from(most - jobs.len()).unwrap_or(PAGE).clamp(1, PAGE);
            let call = self
                .client(region)
                .list_async_invokes()
                .max_results(page)
                .set_next_token(next.take());
            let call = call
                .set_status_equals(state.map(status))
                .sort_by(SortAsyncInvocationBy::SubmissionTime);
            let answer = call
                .sort_order(SortOrder::Descending)
                .send()
                .await
                .map_err(|error| error::of_call(&error))?;
            jobs.extend(answer.async_invoke_summaries().iter().map(|job| {
                report(Said {
                    arn: job.invocation_arn(),
                    model_arn: job.model_arn(),
                    status: job.status(),
                    failure: job.failure_message(),
                    output: job.output_data_config(),
                    started: *job.submit_time(),
                    ended: job.end_time(),
                })
            }));
            next = answer.next_token().map(str::to_owned);
            if next.is_none() || jobs.len() >= most {
                jobs.truncate(most);
                return Ok(jobs);
            }
        }
    }
}

/// What both operations say of a job.
#[derive(Clone, Copy)]
struct Said<'a> {
    arn: &'a str,
    model_arn: &'a str,
    status: Option<&'a AsyncInvokeStatus>,
    failure: Option<&'a str>,
    output: Option<&'a AsyncInvokeOutputDataConfig>,
    started: DateTime,
    ended: Option<&'a DateTime>,
}

fn report(said: Said<'_>) -> JobReport {
    let state = match said.status {
        Some(AsyncInvokeStatus::Completed) => JobState::Completed,
        Some(AsyncInvokeStatus::Failed) => JobState::Failed,
        // A state that is not known yet is none that it ended in.
        _ => JobState::InProgress,
    };
    let place = said.output.and_then(|output| output.as_s3_output_data_config().ok());
    JobReport {
        arn: said.arn.to_owned(),
        model: said.model_arn.rsplit('/').next().unwrap_or_default().to_owned(),
        state,
        failure: (state == JobState::Failed)
            .then(|| error::of_job(said.failure.unwrap_or("Bedrock does not say why it failed"))),
        to: place.map(|place| place.s3_uri().to_owned()),
        started: said.started.secs(),
        ended: said.ended.map(DateTime::secs),
    }
}

fn status(state: JobState) -> AsyncInvokeStatus {
    match state {
        JobState::InProgress => AsyncInvokeStatus::InProgress,
        JobState::Completed => AsyncInvokeStatus::Completed,
        JobState::Failed => AsyncInvokeStatus::Failed,
    }
}
