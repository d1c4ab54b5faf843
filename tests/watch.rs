//! Jobs that go on without the caller, over a scripted Bedrock: started once, watched to their end. Time is paused: nothing waits.
#![cfg(feature = "route")]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/scripted.rs"]
mod scripted;

use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use jiff::civil::date;
use rockpick::router::{
    Event, Failure, Inspect, Job, JobReport, JobState, Kind, Lost, Pace, Plan, Policy, Reply,
    Request, Router, Sight, Start, Watch,
};
use rockpick::task::Task;
use rockpick::{Knowledge, Recommender};
use scripted::{Piece, Says, Scripted, fails};
use serde_json::json;
use tokio::time::Instant;

static KNOWN: LazyLock<Knowledge> = LazyLock::new(rockpick::bundled);

/// Jobs that are as a test says, one look after another; the last look stays.
struct Looks(Mutex<VecDeque<Result<JobState, Failure>>>);

impl Looks {
    fn new(looks: impl IntoIterator<Item = Result<JobState, Kind>>) -> Self {
        let failed = |kind: Kind| Failure::new(kind, kind.name());
        Self(Mutex::new(looks.into_iter().map(|look| look.map_err(failed)).collect()))
    }
}

impl Inspect for Looks {
    async fn inspect(&self, arn: &str) -> Result<JobReport, Failure> {
        let mut looks = self.0.lock().expect("a lock");
        let look = if looks.len() > 1 { looks.pop_front() } else { looks.front().cloned() };
        let state = look.expect("a look")?;
        let failure = (state == JobState::Failed).then(|| Failure::new(Kind::ModelError, "broke"));
        let (arn, model, to) = (arn.to_owned(), String::new(), Some("s3://bucket/v/".to_owned()));
        Ok(JobReport { arn, model, state, failure, to, started: 0, ended: None })
    }
}

#[tokio::test(start_paused = true)]
async fn looks_are_ever_further_apart() {
    let looks = Looks::new([Ok(JobState::InProgress)]);
    let mut watch = Watch::new(&looks, "arn:x/id", Pace::default());
    let mut last = Instant::now();
    let mut apart = Vec::new();
    for _ in 0..8 {
        assert!(matches!(watch.next().await, Some(Ok(Sight::Report(_)))));
        apart.push(last.elapsed().as_secs());
        last = Instant::now();
    }
    assert_eq!(apart, [0, 5, 7, 11, 16, 25, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_passes_is_borne_and_an_end_is_an_end() {
    let trouble = [
        Kind::Throttled,
        Kind::Connect,
        Kind::Reset,
        Kind::Internal,
        Kind::Timeout,
        Kind::Unavailable,
    ];
    let looks = Looks::new(
        trouble.map(Err).into_iter().chain([Ok(JobState::InProgress), Ok(JobState::Completed)]),
    );
    let mut watch = Watch::new(&looks, "arn:x/id", Pace::default());
    let end = watch.end().await.expect("an end");
    assert_eq!(
        (end.state, end.video().as_deref()),
        (JobState::Completed, Some("s3://bucket/v/id/output.mp4"))
    );
    assert_eq!(watch.next().await, None);

    let looks = Looks::new([Ok(JobState::Failed)]);
    let end = Watch::new(&looks, "arn:x/id", Pace::default()).end().await.expect("an end");
    assert_eq!(end.failure.map(|failure| failure.kind), Some(Kind::ModelError));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_ends_the_watching_and_so_does_a_long_outage() {
    for kind in [Kind::AccessDenied, Kind::CredentialsExpired, Kind::InvalidId] {
        let looks = Looks::new([Ok(JobState::InProgress), Err(kind), Ok(JobState::Completed)]);
        let mut watch = Watch::new(&looks, "arn:x/id", Pace::default());
        assert_eq!(watch.end().await.expect_err("no end").kind, kind);
        assert_eq!(watch.next().await, None);
    }
    let looks = Looks::new([Ok(JobState::InProgress), Err(Kind::Connect)]);
    let begun = Instant::now();
    let lost = Watch::new(&looks, "arn:x/id", Pace::default()).end().await.expect_err("no end");
    let minutes = begun.elapsed().as_secs() / 60;
    assert_eq!((lost.kind, minutes), (Kind::Connect, 10));
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_is_asked_for_is_kept_and_a_look_that_is_dropped_is_not_lost() {
    let looks = Looks::new([Ok(JobState::InProgress), Ok(JobState::Completed)]);
    looks.0.lock().expect("a lock")[0] = Err(Failure {
        retry_after: Some(Duration::from_mins(1)),
        ..Failure::new(Kind::Throttled, "slow down")
    });
    let mut watch = Watch::new(&looks, "arn:x/id", Pace::default());
    assert!(matches!(watch.next().await, Some(Ok(Sight::Unseen(_)))));
    let begun = Instant::now();
    for _ in 0..59 {
        assert!(
            tokio::time::timeout(Duration::from_secs(1), watch.next()).await.is_err(),
            "{:?}",
            begun.elapsed()
        );
    }
    assert!(
        matches!(watch.next().await, Some(Ok(Sight::Report(report))) if report.state == JobState::Completed)
    );
    assert_eq!(begun.elapsed().as_secs(), 60);
}

fn arn() -> Says {
    let events =
        [Event::Native(json!({"invocationArn": "arn:x/id"})), Event::Stop("complete".into())];
    Says::Pieces(events.into_iter().map(Piece::Is).collect())
}

/// Starts a job in any Region; a second rule, for a model that does not exist, shows that nothing else is called.
async fn started(says: impl IntoIterator<Item = Says>) -> (Result<Reply, Lost>, Router<Scripted>) {
    let mut task = Task::new("", date(2026, 11, 21));
    task.category = Some("video".into());
    let answer = Recommender::new(&KNOWN.catalog, &KNOWN.rules).recommend(&task);
    let router = Router::new(Scripted::default().on("", says), Policy::default());
    let start = Start {
        to: "s3://bucket/v".into(),
        token: "one".into(),
        kms_key: None,
        bucket_owner: None,
    };
    let job = Job::default().with("PROMPT", Some("a cat")).with("SECONDS", Some(9));
    let reply = router
        .route(
            Plan::of(&answer),
            Request { job: Some(job), start: Some(start), ..Request::default() },
        )
        .await;
    (reply, router)
}

#[tokio::test(start_paused = true)]
async fn a_job_in_doubt_is_started_again_only_as_the_same() {
    for kind in [Kind::Timeout, Kind::Reset, Kind::Internal, Kind::Corrupt] {
        let (reply, router) = started([fails(kind), fails(Kind::Throttled), arn()]).await;
        let reply = reply.expect("an answer");
        assert_eq!(
            reply.cost.map(|cost| cost.to_decimal()).as_deref(),
            Some("13.5"),
            "nine seconds at the default size"
        );
        let requests = router.invoke().requests();
        assert!(
            requests.len() == 3 && requests.iter().all(|request| *request == requests[0]),
            "{requests:?}"
        );
        assert_eq!(router.invoke().counts().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn doubt_that_stays_is_said() {
    let (reply, router) = started([fails(Kind::Reset)]).await;
    let Err(Lost::Failed(failure)) = reply else { panic!("{reply:?}") };
    assert_eq!(
        (failure.kind, failure.message.starts_with("whether the job was started is not known")),
        (Kind::Reset, true)
    );
    let counts = router.invoke().counts();
    assert_eq!((counts.len(), counts.values().sum::<usize>()), (1, 5));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_leaves_no_doubt() {
    let (reply, router) = started([fails(Kind::AccessDenied)]).await;
    assert!(matches!(reply, Err(Lost::Failed(failure)) if failure.message == "access-denied"));
    assert_eq!(router.invoke().called().len(), 1);
}
