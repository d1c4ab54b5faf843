//! `rockpick compare`.

#![cfg(feature = "cli")]

mod support;

use support::{run, run_unread};

#[test]
fn models_stand_side_by_side_in_the_order_given() {
    let answer = run(&[
        "compare",
        "claude-haiku-5-5",
        "amazon.nova-lite-v1:0",
        "-t",
        "chatbot",
        "-r",
        "eu-central-1",
        "-o",
        "json",
    ])
    .json();
    assert_eq!(answer["schema"], "rockpick.compare.v1");
    assert_eq!(answer["models"][0]["model"], "anthropic.claude-haiku-5-5");
    assert_eq!(answer["models"][1]["model"], "amazon.nova-lite-v1:0");
    for side in answer["models"].as_array().expect("a list") {
        assert_eq!(side["best"]["region"], "eu-central-1");
        assert!(side["best"]["per_request_usd"].is_number());
        assert_eq!(side["fits"], true);
    }
}

#[test]
fn the_price_is_that_of_the_tokens_given() {
    let query = "models[].best.[price.standard.input, price.standard.output, per_request_usd]";
    let arguments = [
        "compare",
        "nova-lite",
        "nova-micro",
        "-r",
        "us-east-1",
        "--tokens",
        "1m/1m",
        "-o",
        "json",
        "--query",
        query,
    ];
    for figures in run(&arguments).json().as_array().expect("a list") {
        let figure = |at: usize| figures[at].as_f64().expect("a figure");
        assert!(
            (figure(0) + figure(1) - figure(2)).abs() < 1e-9,
            "a million in and out cost what the list says: {figures}"
        );
    }
}

#[test]
fn a_model_that_cannot_be_called_there_says_so() {
    let answer =
        run(&["compare", "luma.ray-v2:0", "nova-lite", "-r", "eu-central-1", "-o", "json"]).json();
    assert_eq!(answer["models"][0]["fits"], false);
    assert_eq!(answer["models"][0]["best"], serde_json::Value::Null);
    assert_eq!(answer["models"][0]["reasons"][0]["code"], "not-in-region");
}

#[test]
fn rows_have_a_cell_for_each_model() {
    let sheet = run(&[
        "compare",
        "nova-lite",
        "nova-micro",
        "nova pro",
        "-t",
        "summarization",
        "-o",
        "csv",
    ]);
    let (header, rows) = sheet.csv();
    assert_eq!(
        header,
        ["field", "amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0", "amazon.nova-pro-v1:0"]
    );
    let titles: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    for title in
        ["status", "call", "Regions", "price", "context", "quality, summarization", "Tool use"]
    {
        assert!(titles.contains(&title), "no {title} in {titles:?}");
    }
    assert!(!titles.contains(&"quality, chatbot"), "only the task's own evidence");
}

#[test]
fn people_see_only_the_features_that_differ() {
    let wide = run(&["compare", "nova-lite", "nova-micro", "-o", "table"]).stdout;
    let text = run(&["compare", "nova-lite", "nova-micro"]).stdout;
    assert!(wide.lines().any(|line| line.trim_start().starts_with("Tool use")));
    assert!(!text.lines().any(|line| line.trim_start().starts_with("Tool use")));
    assert!(text.contains("alike: ") && text.contains("Tool use"), "{text}");
    assert!(text.lines().any(|line| line.trim_start().starts_with("Image input")), "{text}");
}

#[test]
fn wrong_usage_is_told_with_the_fix() {
    run(&["compare", "nova-lite"]).refused(&["one model alone", "two to eight"]);
    run(&["compare", "nova-lite", "amazon.nova-lite-v1:0"]).refused(&["one model alone"]);
    run(&["compare", "nova-lite", "nova-liter"])
        .refused(&["there is no model `nova-liter`", "did you mean"]);
    run(&["compare", "nova-lite", "sonnet"]).refused(&["`sonnet` stands for"]);
    let listed = run(&["models", "-o", "id", "--max-results", "9"]).stdout;
    let many: Vec<&str> = ["compare"].into_iter().chain(listed.lines()).collect();
    run(&many).refused(&["9 models are too many"]);
}

#[test]
fn what_follows_a_retired_id_stands_in_its_place() {
    let old = run(&["compare", "nova-lite", "claude-v2", "-o", "json"]).json();
    let notes = old["notes"].to_string();
    assert!(
        notes.contains("anthropic.claude-v2 is retired") && notes.contains("stands in its place"),
        "{notes}"
    );
    assert_eq!(old["models"].as_array().map(Vec::len), Some(2));
}

#[test]
fn every_form_answers_and_a_reader_may_go_away() {
    for form in ["text", "table", "wide", "json", "jsonl", "csv", "id"] {
        let shown = run(&["compare", "nova-lite", "nova-micro", "-o", form]);
        assert!(shown.code == 0 && !shown.stdout.is_empty(), "{form}: {}", shown.stderr);
    }
    let unread = run_unread(&["compare", "nova-lite", "nova-micro", "-o", "table"]);
    assert_eq!((unread.code, unread.stderr.as_str()), (0, ""));
}
