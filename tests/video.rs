//! `rockpick video` against a small Bedrock on loopback.
#![cfg(all(feature = "cli", feature = "aws", feature = "history"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::process::{Output, Stdio};

use command::{err, json_of, out, run, tempfile};
use loopback::{Loopback, Says, error};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

const ARN: &str = "arn:aws:bedrock:us-west-2:123456789012:async-invoke/abc123";
const HERE: [&str; 8] =
    ["video", "a", "cat", "--to", "s3://my-bucket/v", "-r", "us-west-2", "--interval=0.001"];
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n...";

fn says(body: &Value) -> Says {
    Says::Json { status: 200, code: None, header: None, body: body.to_string().into_bytes() }
}

fn started() -> Says {
    says(&json!({ "invocationArn": ARN }))
}

fn job(status: &str, folder: &str, failure: Option<&str>) -> Value {
    json!({
        "invocationArn": ARN,
        "modelArn": "arn:aws:bedrock:us-west-2::foundation-model/luma.ray-v2:0",
        "status": status,
        "submitTime": "2026-11-21T10:00:00Z",
        "endTime": if status == "InProgress" { Value::Null } else { json!("2026-11-21T10:03:03Z") },
        "failureMessage": failure,
        "outputDataConfig": { "s3OutputDataConfig": { "s3Uri": folder } },
    })
}

fn is(status: &str) -> Says {
    says(&job(status, "s3://my-bucket/v", None))
}

async fn video(says: impl IntoIterator<Item = Says>, more: &[&str]) -> (Output, Loopback) {
    let server = Loopback::start(says).await;
    (run(&server, &[&HERE[..], more].concat(), None, &[]).await, server)
}

#[tokio::test]
async fn a_video_is_started_once_and_watched_through_trouble() {
    let throttled =
        error(429, "ThrottlingException", "Too many requests, please wait before trying again.");
    let says =
        [started(), is("InProgress"), throttled, Says::Reset, is("InProgress"), is("Completed")];
    let (output, server) = video(says, &["--seconds", "9", "--size", "960x540", "--loop"]).await;
    assert_eq!(out(&output), "s3://my-bucket/v/abc123/output.mp4\n", "{}", err(&output));
    assert_eq!(output.status.code(), Some(0));
    let told = err(&output);
    assert_eq!(
        told.lines().next(),
        Some(format!("job {ARN}").as_str()),
        "the ARN comes first: {told}"
    );
    assert!(
        told.contains("· video · $6.75 · 183 s ·")
            && told.contains("aws s3 cp s3://my-bucket/v/abc123/output.mp4"),
        "{told}"
    );
    assert_eq!(told.matches("cannot be seen just now").count(), 2, "{told}");
    let seen = server.seen();
    assert_eq!((seen.len(), seen[0].path.as_str()), (6, "/async-invoke"));
    let body = &seen[0].body;
    let input = json!({"prompt": "a cat", "aspect_ratio": "16:9", "duration": "9s", "resolution": "540p", "loop": true});
    assert_eq!((&body["modelId"], &body["modelInput"]), (&json!("luma.ray-v2:0"), &input));
    assert_eq!(
        body["outputDataConfig"],
        json!({"s3OutputDataConfig": {"s3Uri": "s3://my-bucket/v"}})
    );
    assert!(
        body["clientRequestToken"].as_str().is_some_and(|token| token.starts_with("rockpick-")),
        "{body}"
    );
    assert!(seen[1..].iter().all(|seen| seen.path.starts_with("/async-invoke/arn")), "{seen:?}");
}

#[tokio::test]
async fn a_start_in_doubt_is_made_again_with_the_same_token() {
    let history = concat!(env!("CARGO_TARGET_TMPDIR"), "/video-in-doubt.db");
    let _ = std::fs::remove_file(history);
    // Money for one video: the second start is of the same one.
    let budget = ["--budget", "8/day", "--history", history];
    let arguments = [&["--kms-key", "k", "-o", "json"], &budget[..]].concat();
    let (output, server) = video([Says::Reset, started(), is("Completed")], &arguments).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let seen = server.seen();
    assert_eq!((&seen[0].body, seen.len()), (&seen[1].body, 3));
    assert_eq!(seen[0].body["outputDataConfig"]["s3OutputDataConfig"]["kmsKeyId"], "k");
    let document = json_of(&output.stdout);
    let found = (&document["schema"], &document["job"], &document["status"], &document["video"]);
    let video = json!("s3://my-bucket/v/abc123/output.mp4");
    assert_eq!(found, (&json!("rockpick.video.v1"), &json!(ARN), &json!("completed"), &video));
    assert_eq!(
        (&document["cost_usd"], &document["attempts"][0]["outcome"]),
        (&json!(7.5), &json!("reset"))
    );
    assert_eq!(document["ended"], "2026-11-21T10:03:03Z");
}

#[tokio::test]
async fn one_may_leave_at_once_and_come_back() {
    let (output, server) =
        video([started()], &["--no-wait", "--client-request-token", "mine"]).await;
    assert_eq!((out(&output).trim_end(), output.status.code()), (ARN, Some(0)), "{}", err(&output));
    assert_eq!(
        (server.seen().len(), &server.seen()[0].body["clientRequestToken"]),
        (1, &json!("mine"))
    );

    let folder = "s3://my-bucket/v/abc123";
    let server = Loopback::start([says(&job("Completed", folder, None))]).await;
    // Without a Region and a place: the ARN has the one, Bedrock tells the other.
    let output = run(&server, &["video", "--resume", ARN], None, &[]).await;
    assert_eq!(out(&output), format!("{folder}/output.mp4\n"), "{}", err(&output));
    assert!(server.seen()[0].authorization.contains("/us-west-2/"), "{:?}", server.seen());
}

#[tokio::test]
async fn a_job_that_failed_says_why() {
    for (message, exit, code) in [
        ("The generated video was blocked by our content filters.", 2, "content-filtered"),
        ("Something broke.", 4, "model-error"),
        ("Bedrock has no access to the S3 bucket.", 3, "access-denied"),
    ] {
        let (output, _) =
            video([started(), says(&job("Failed", "s3://b/v", Some(message)))], &["-o", "json"])
                .await;
        assert_eq!(
            (output.status.code(), out(&output).as_str()),
            (Some(exit), ""),
            "{}",
            err(&output)
        );
        let error = json_of(err(&output).lines().last().unwrap_or_default().as_bytes());
        assert_eq!(
            (&error["code"], &error["error"]),
            (&json!(code), &json!(format!("the job failed: {message}")))
        );
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_watched_may_go_on() {
    let denied = error(
        403,
        "AccessDeniedException",
        "User is not authorized to perform: bedrock:GetAsyncInvoke",
    );
    let (output, _) = video([started(), denied], &[]).await;
    let told = err(&output);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(3), ""), "{told}");
    assert!(
        told.contains("bedrock:GetAsyncInvoke")
            && told.contains(&format!("rockpick video --resume {ARN}")),
        "{told}"
    );
    let (output, _) = video([started(), is("InProgress")], &["--max-wait", "0.01"]).await;
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    assert!(
        err(&output).contains("still goes on") && err(&output).contains("--resume"),
        "{}",
        err(&output)
    );
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupt_leaves_the_job_alone() {
    let server = Loopback::start([started(), is("InProgress")]).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command.args(HERE).env_clear().env("HOME", "/nonexistent").env("AWS_ENDPOINT_URL", &server.url);
    command
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stderr(Stdio::piped())
        .stdout(Stdio::null());
    let mut child = command.spawn().expect("rockpick");
    let mut told = BufReader::new(child.stderr.take().expect("stderr")).lines();
    let mut lines = Vec::new();
    while let Some(line) = told.next_line().await.expect("a line") {
        if line.starts_with("in progress") {
            let id = child.id().expect("it runs").to_string();
            assert!(
                Command::new("kill").args(["-INT", &id]).status().await.expect("kill").success()
            );
        }
        lines.push(line);
    }
    assert_eq!(child.wait().await.expect("an end").code(), Some(130), "{lines:?}");
    assert!(lines.contains(&"error: interrupted; the job goes on".to_owned()), "{lines:?}");
    assert!(lines.last().is_some_and(|last| last.contains("--resume")), "{lines:?}");
}

#[tokio::test]
async fn jobs_are_listed() {
    let page = |next: Value| json!({ "nextToken": next, "asyncInvokeSummaries": [job("Completed", "s3://my-bucket/v", None)] });
    let server = Loopback::start([says(&page(json!("more"))), says(&page(Value::Null))]).await;
    let output =
        run(&server, &["video", "--list", "-o", "json", "--status", "completed"], None, &[]).await;
    let document = json_of(&output.stdout);
    assert_eq!(
        (&document["schema"], document["jobs"].as_array().map(Vec::len)),
        (&json!("rockpick.videos.v1"), Some(2))
    );
    assert_eq!(document["jobs"][0]["video"], "s3://my-bucket/v/abc123/output.mp4");
    let seen = server.seen();
    assert!(
        seen[0].path.contains("statusEquals=Completed") && seen[1].path.contains("nextToken=more"),
        "{seen:?}"
    );
    assert!(seen[0].authorization.contains("/us-west-2/"), "where videos are made: {seen:?}");

    let server = Loopback::start([says(
        &json!({ "asyncInvokeSummaries": [job("Failed", "s3://b", Some("Why."))] }),
    )])
    .await;
    let output = run(&server, &["video", "--list", "-r", "us-west-2"], None, &[]).await;
    assert!(
        out(&output).contains("failed")
            && out(&output).contains(ARN)
            && out(&output).contains("Why."),
        "{}",
        out(&output)
    );
}

#[tokio::test]
async fn pictures_begin_and_end_it() {
    let picture = tempfile("video-frame.png", PIXEL);
    let (output, server) =
        video([started()], &["--no-wait", "--image", &picture, "--last-image", &picture]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let frames = &server.seen()[0].body["modelInput"]["keyframes"];
    assert_eq!(frames["frame0"], frames["frame1"]);
    assert_eq!(frames["frame0"]["source"]["media_type"], "image/png");
}

#[tokio::test]
async fn nothing_is_started_that_cannot_be() {
    let server = Loopback::start([started()]).await;
    let rockpick = async |arguments: &[&str]| {
        let output = run(&server, arguments, None, &[]).await;
        (output.status.code(), err(&output))
    };
    for (arguments, words) in [
        (&["video", "cat", "-r", "us-west-2"][..], "--to s3://BUCKET/PREFIX"),
        (&["video", "cat", "--to", "my-bucket"], "no place in S3"),
        (&["video", "cat", "--to", "s3://b/x"], "no place in S3"),
        (&[&HERE[..], &["--seconds", "7"]].concat(), "takes 5, 9 for seconds, not 7"),
        (&[&HERE[..], &["--seed", "7"]].concat(), "takes no seed"),
        (&[&HERE[..], &["--size", "big"]].concat(), "720p or 1280x720"),
        (&["video", "--resume", "abc"], "not the ARN of a job"),
        (&["video", "--list", "--status", "done"], "in-progress"),
        (
            &["recommend", "-t", "video", "-r", "us-west-2", "a cat", "--invoke", "a cat"],
            "rockpick video PROMPT --to",
        ),
        (&["route", "-t", "images", "a cat"], "rockpick image PROMPT"),
    ] {
        let (code, told) = rockpick(arguments).await;
        assert_eq!(code, Some(2), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    let (code, told) = rockpick(&[&HERE[..], &["--max-cost", "5"]].concat()).await;
    assert_eq!(code, Some(1), "{told}");
    assert!(server.seen().is_empty(), "{:?}", server.seen());
    let (code, told) =
        rockpick(&[&HERE[..], &["--max-cost", "5", "--size", "540p", "--no-wait"]].concat()).await;
    assert_eq!(code, Some(0), "a smaller picture costs less: {told}");
}
