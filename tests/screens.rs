//! What a person sees on 24 rows of 80 columns.
#![cfg(feature = "cli")]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use support::{Run, run_with};

/// The six questions of the blog post, in English and in Spanish, and one that may mean two things.
const QUESTIONS: [&str; 13] = [
    "a chatbot for customer support",
    "long-form articles for a blog",
    "summaries of meeting notes",
    "images for a newsletter",
    "a light and fast model",
    "something cheap",
    "un chatbot para atención al cliente",
    "artículos largos para un blog",
    "resúmenes de actas de reuniones",
    "imágenes para un boletín",
    "un modelo ligero y rápido",
    "algo barato",
    "contenido",
];
const REGIONS: [&str; 4] = ["us-east-1", "eu-central-1", "eu-south-2", "sa-east-1"];

fn screen(columns: &str, arguments: &[&str]) -> Run {
    let arguments = [&["recommend"][..], arguments].concat();
    run_with(&[("COLUMNS", columns), ("LINES", "24")], &arguments)
}

fn width(line: &str) -> usize {
    line.chars().count()
}

#[test]
fn an_answer_fits_one_screen() {
    for (question, region) in
        QUESTIONS.iter().flat_map(|question| REGIONS.map(|region| (question, region)))
    {
        let seen = screen("80", &[question, "-r", region]);
        let lines: Vec<&str> = seen.stdout.lines().collect();
        // One row is the prompt's.
        assert!(
            lines.len() < 24,
            "{question} from {region}: {} lines\n{}",
            lines.len(),
            seen.stdout
        );
        let widest = lines.iter().map(|line| width(line)).max();
        assert!(widest <= Some(80), "{question} from {region}: {widest:?}\n{}", seen.stdout);
    }
}

#[test]
fn the_model_id_stands_alone_on_a_line() {
    for region in REGIONS {
        let id = screen("80", &["chatbot", "-r", region, "-o", "id"]).stdout;
        let seen = screen("80", &["chatbot", "-r", region]).stdout;
        assert!(seen.lines().any(|line| line.trim() == id.trim()), "{id}{seen}");
    }
}

#[test]
fn wider_screens_show_more_columns_and_all_shows_everything() {
    let header = |columns| {
        let seen = screen(columns, &["chatbot", "-r", "eu-central-1"]).stdout;
        seen.lines().find(|line| line.contains("MODEL")).expect("a table").to_owned()
    };
    assert!(!header("80").contains("MODEL ID"));
    assert!(header("140").contains("MODEL ID"));
    assert!(header("180").contains("ROUTE"), "{}", header("180"));
    assert!(header("60").contains("QUALITY"), "{}", header("60"));
    let all = screen("80", &["chatbot", "-r", "eu-central-1", "--all"]).stdout;
    for part in ["Why ", "Also", "Rejected", "legacy"] {
        assert!(all.contains(part), "{part}\n{all}");
    }
    assert!(all.lines().all(|line| width(line) <= 80), "{all}");
}

#[test]
fn flags_are_told_like_words() {
    let seen =
        screen("80", &["chatbot", "-r", "paris", "--residency", "eu", "--per-month", "40000"]);
    for part in ["flags", "Region eu-west-3", "data stays in eu", "40,000 requests a month"] {
        assert!(seen.stdout.contains(part), "{part}\n{}", seen.stdout);
    }
    let seen = screen("80", &["chatbot in Frankfurt, our users are in Dublin"]);
    assert!(seen.stdout.contains("Region eu-central-1 (\"Frankfurt\")"), "{}", seen.stdout);
}

#[test]
fn screens_stay_as_they_are() {
    for (name, arguments) in [
        ("chatbot", &["chatbot", "-r", "eu-central-1"][..]),
        ("listing", &["which Claude models are there in Frankfurt?"]),
        ("nothing", &["imágenes para un boletín", "-r", "eu-west-1"]),
        ("budget", &["20k chats a month under $100 in Oregon"]),
    ] {
        insta::assert_snapshot!(name, screen("80", arguments).stdout);
    }
}
