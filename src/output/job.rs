//! Jobs that go on without the caller, as JSON (`rockpick.video.v1`, `rockpick.videos.v1`) and as a table.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::table::{bare, lines};
use crate::money::Usd;
use crate::output::reply;
use crate::router::{Attempt, JobReport, JobState};

/// The name and version of the shape of one job; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.video.v1";
/// The same of a list of jobs.
pub const LIST_SCHEMA: &str = "rockpick.videos.v1";

/// What whoever started a job knows of it beside Bedrock's own report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// What it costs when it is done; `None` where that is not known.
    pub cost: Option<Usd>,
    /// The model's name; empty where that is not known.
    pub name: String,
    /// The calls that started it, in order.
    pub attempts: Vec<Attempt>,
}

/// A job as a JSON value.
#[must_use]
pub fn document(report: &JobReport, known: &Known) -> Value {
    let mut fields = fields(report);
    fields["cost_usd"] = json!(known.cost);
    fields["attempts"] = json!(reply::attempts(&known.attempts));
    fields
}

/// Jobs as a JSON value.
#[must_use]
pub fn list(jobs: &[JobReport]) -> Value {
    json!({ "schema": LIST_SCHEMA, "jobs": jobs.iter().map(fields).collect::<Vec<_>>() })
}

fn fields(report: &JobReport) -> Value {
    json!({
        "schema": SCHEMA,
        "job": report.arn,
        "status": report.state,
        "failure": report.failure.as_ref().map(|failure| &failure.message),
        "outcome": report.failure.as_ref().map(|failure| failure.kind),
        "model": report.model,
        "to": report.to,
        "video": there(report),
        "started": time(report.started),
        "ended": report.ended.map(time),
    })
}

/// Where a video is that is there.
fn there(report: &JobReport) -> Option<String> {
    report.video().filter(|_| report.state == JobState::Completed)
}

/// Jobs as a table.
#[must_use]
pub fn table(jobs: &[JobReport]) -> String {
    let mut table = bare();
    table.set_header(["STATUS", "STARTED", "MODEL", "JOB", "VIDEO"]);
    for job in jobs {
        let video = job
            .failure
            .as_ref()
            .map(|failure| failure.message.clone())
            .or_else(|| there(job))
            .unwrap_or_default();
        table.add_row([
            job.state.name().to_owned(),
            time(job.started),
            job.model.clone(),
            job.arn.clone(),
            video,
        ]);
    }
    lines(&table)
}

/// A time as people and programs read it.
fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
