//! An ID that is written out is meant to the letter, and constraints hold for it.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use support::run;

fn choice(arguments: &[&str]) -> Option<(String, String)> {
    let found = run(&[arguments, &["-o", "json"]].concat());
    let document: serde_json::Value =
        serde_json::from_str(&found.stdout).unwrap_or_else(|_| panic!("{}", found.stderr));
    let choice = document["choice"].as_object()?;
    let text = |key: &str| choice[key].as_str().expect(key).to_owned();
    Some((text("invoke_id"), text("region")))
}

#[test]
fn a_pinned_profile_is_what_is_called() {
    for id in [
        "eu.amazon.nova-micro-v1:0",
        "us.anthropic.claude-opus-4-8",
        "global.anthropic.claude-opus-4-8",
    ] {
        let (called, _) = choice(&["recommend", "chatbot", "-m", id]).expect("an offer");
        assert_eq!(called, id);
    }
}

#[test]
fn a_pinned_global_id_is_its_own_permission_unless_global_is_closed() {
    for (region, id) in [
        ("af-south-1", "global.anthropic.claude-opus-4-8"),
        ("eu-west-1", "global.openai.gpt-6-luna"),
        ("eu-west-1", "global.anthropic.claude-opus-4-8"),
    ] {
        let asked = ["recommend", "chatbot", "-r", region, "-m", id];
        assert_eq!(choice(&asked), Some((id.to_owned(), region.to_owned())));
        assert_eq!(choice(&[&asked[..], &["--no-global"]].concat()), None);
        let words = format!("chatbot with {id} from {region}");
        assert_eq!(
            choice(&["recommend", &words]),
            Some((id.to_owned(), region.to_owned())),
            "{words}"
        );
    }
    let closed =
        choice(&["recommend", "chatbot", "-r", "eu-west-1", "--allow-global", "--no-global"]);
    assert!(!closed.expect("an offer").0.starts_with("global."));
}

#[test]
fn a_profile_that_cannot_be_called_from_the_region_is_told_first_by_flag_and_in_words() {
    let id = "us.anthropic.claude-opus-4-8";
    for arguments in [
        &["recommend", "chatbot", "-r", "ap-southeast-2", "-m", id][..],
        &["recommend", "chatbot with us.anthropic.claude-opus-4-8 from ap-southeast-2"],
        &["models", "-r", "ap-southeast-2", "-m", id],
    ] {
        let found = run(arguments);
        assert_eq!(found.code, 1, "{arguments:?}");
        let first = found.stderr.lines().next().unwrap_or_default();
        assert!(
            first.contains("cannot be called from ap-southeast-2") && first.contains("au."),
            "{first}"
        );
    }
}

#[test]
fn a_residency_in_govcloud_is_called_from_its_own_region() {
    for region in ["us-gov-west-1", "us-gov-east-1"] {
        if let Some((_, from)) = choice(&["recommend", "chatbot", "--residency", region]) {
            assert_eq!(from, region);
        }
    }
}

#[test]
fn a_model_that_ended_elsewhere_is_offered_where_it_lives() {
    let id = "anthropic.claude-3-5-sonnet-20240620-v1:0";
    let asked = |region: &str, day: &str| {
        let arguments = [
            "recommend",
            "chatbot",
            "-r",
            region,
            "-m",
            id,
            "--include-legacy",
            "-o",
            "id",
            "--as-of",
            day,
        ];
        let found: support::Run = support::rockpick(&arguments).output().expect("a run").into();
        found.stdout.trim().ends_with(id)
    };
    for region in ["ap-south-1", "ap-northeast-2", "ap-southeast-1"] {
        assert!(asked(region, "2026-09-01"), "{region}");
        assert!(!asked(region, "2026-10-18"), "{region}");
    }
    assert!(!asked("us-east-1", "2026-09-01"));
}

#[test]
fn before_any_launch_nothing_is_recommended() {
    for day in ["2022-01-01", "2023-06-01"] {
        let arguments = ["recommend", "chatbot", "-r", "us-east-1", "-o", "id", "--as-of", day];
        let found: support::Run = support::rockpick(&arguments).output().expect("a run").into();
        assert_eq!((found.code, found.stdout.as_str()), (1, ""), "{day}");
    }
}

#[test]
fn what_is_known_to_last_comes_first() {
    let arguments =
        ["recommend", "chatbot", "-r", "us-east-1", "--min-lifetime", "6m", "-o", "json"];
    let found = run(&arguments).json();
    let floor = found["choice"]["lifecycle"]["eol_floor"].as_str().expect("a floor");
    assert!(floor >= "2027-05-21", "{floor}");
}

#[test]
fn a_prefix_that_nothing_lists_is_refused_before_a_call() {
    let id = "uk.anthropic.claude-opus-4-8";
    let calls = ["--endpoint-url", "http://127.0.0.1:9"];
    let arguments = [&["route", "hi", "-m", id, "-r", "eu-west-2"][..], &calls].concat();
    let found: support::Run = support::rockpick(&arguments).output().expect("a run").into();
    assert_eq!(found.code, 1, "{}", found.stderr);
    assert!(
        found.stderr.contains(id) && found.stderr.contains("cannot be called from eu-west-2"),
        "{}",
        found.stderr
    );
}
