//! `rockpick doctor` against a small AWS on loopback.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use command::{err, json_of, out, run};
use loopback::{Loopback, Says, error, reply};
use serde_json::{Value, json};

fn caller(date: Option<&str>) -> Says {
    let body = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
        <Arn>arn:aws:sts::123456789012:assumed-role/a/b</Arn><UserId>u</UserId><Account>123456789012</Account>\
        </GetCallerIdentityResult></GetCallerIdentityResponse>";
    Says::Json {
        status: 200,
        code: None,
        header: date.map(|date| ("date", date.to_owned())),
        body: body.as_bytes().to_vec(),
    }
}

fn answer(body: &Value) -> Says {
    Says::Json { status: 200, code: None, header: None, body: body.to_string().into_bytes() }
}

async fn doctor(says: Vec<Says>, arguments: &[&str]) -> std::process::Output {
    let server = Loopback::start(says).await;
    let credentials = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    run(&server, &[&["doctor"], arguments].concat(), None, &credentials).await
}

#[tokio::test]
async fn what_is_well_is_said_and_what_may_not_be_seen_is_no_problem() {
    let denied = error(
        403,
        "AccessDeniedException",
        "User is not authorized to perform: bedrock:GetAccountDataRetention",
    );
    let output = doctor(vec![caller(None), denied], &[]).await;
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", err(&output));
    assert!(
        text.contains(
            "✓ identity   arn:aws:sts::123456789012:assumed-role/a/b of account 123456789012"
        ),
        "{text}"
    );
    assert!(text.contains("! retention  cannot be seen"), "{text}");
}

#[tokio::test]
async fn a_wrong_clock_is_a_problem() {
    let output = doctor(
        vec![caller(Some("Tue, 17 Nov 2020 06:38:22 GMT")), answer(&json!({"mode": "default"}))],
        &[],
    )
    .await;
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("✗ clock"), "{}", out(&output));
}

#[tokio::test]
async fn who_is_not_known_is_told_the_fix() {
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is \
        expired</Message></Error><RequestId>r</RequestId></ErrorResponse>";
    let expired =
        Says::Json { status: 403, code: None, header: None, body: body.as_bytes().to_vec() };
    let output = doctor(vec![expired], &["-o", "json"]).await;
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    let document = json_of(&output.stdout);
    let identity = document["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .find(|check| check["check"] == "identity")
        .expect("identity");
    assert_eq!(identity["verdict"], "problem");
    assert!(identity["fix"].as_str().is_some_and(|fix| fix.contains("aws sso login")));
}

#[tokio::test]
async fn a_missing_agreement_is_found() {
    let access = json!({
        "modelId": "x", "agreementAvailability": {"status": "NOT_AVAILABLE"}, "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE",
    });
    let no_form = error(
        404,
        "ResourceNotFoundException",
        "The use case form data for this account could not be found.",
    );
    let says = vec![caller(None), answer(&json!({"mode": "default"})), answer(&access), no_form];
    let output = doctor(says, &["amazon.titan-embed-text-v2:0"]).await;
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("✗ agreement") && text.contains("✗ use-case") && text.contains("✓ lifecycle"),
        "{text}"
    );
}

#[tokio::test]
async fn the_model_of_an_application_profile_is_looked_up() {
    let profile = json!({
        "inferenceProfileName": "shop", "inferenceProfileId": "abc", "inferenceProfileArn": "arn", "status": "ACTIVE", "type": "APPLICATION",
        "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}],
    });
    let server = Loopback::start([answer(&profile), reply("ok")]).await;
    let arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
    let endpoint = [
        ("AWS_ENDPOINT_URL", server.url.as_str()),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let output =
        run(&server, &["route", "hi", "--model", arn, "--no-stream"], None, &endpoint).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("ok\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(
        err(&output).contains("▸ Nova Lite") && err(&output).contains(" · $0."),
        "{}",
        err(&output)
    );
}

#[tokio::test]
async fn a_family_stands_for_its_members_that_live() {
    let all = answer(&json!({
        "modelId": "x", "agreementAvailability": {"status": "AVAILABLE"}, "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE", "regionAvailability": "AVAILABLE",
        "inferenceProfileName": "p", "inferenceProfileId": "p", "inferenceProfileArn": "arn", "status": "ACTIVE", "type": "SYSTEM_DEFINED",
        "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/x"}],
    }));
    let output =
        doctor(vec![caller(None), answer(&json!({"mode": "default"})), all], &["haiku"]).await;
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", err(&output));
    assert!(
        text.contains("Haiku 4.5") && text.contains("Haiku 5.5") && !text.contains("Haiku 3"),
        "{text}"
    );
}

#[tokio::test]
async fn a_misplaced_id_is_told_with_all_that_can_be_called() {
    let output =
        doctor(vec![caller(None)], &["us.anthropic.claude-opus-4-8", "-r", "ap-southeast-2"]).await;
    let text = out(&output);
    assert!(text.contains("fix: call `au.anthropic.claude-opus-4-8`"), "{text}");
    assert_eq!(text.matches("cannot be called from").count(), 1, "{text}");
}
