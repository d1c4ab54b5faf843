//! What else a need may mean: two readings where its category is in doubt, and answers without what was read from its words.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use rockpick::task::Task;
use rockpick::{Knowledge, Recommendation, Recommender, output};
use serde_json::Value;

const TODAY: Date = date(2026, 11, 30);

fn ask<'k>(knowledge: &'k Knowledge, text: &str) -> Recommendation<'k> {
    Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&Task::new(text, TODAY))
}

fn json(answer: &Recommendation<'_>) -> Value {
    output::json::document(answer, Some(3)).expect("JSON")
}

/// Needs between two categories, in English and Spanish: what they may mean, in any order.
const BETWEEN: &[(&str, [&str; 2])] = &[
    ("meeting notes from recordings", ["summarization", "speech"]),
    ("ask our contracts things or have them summarized", ["qa", "summarization"]),
    ("Read the invoices in the photos and give me the totals", ["extraction", "vision"]),
    ("leer las facturas de las fotos y sacar los totales", ["extraction", "vision"]),
    ("preguntar cosas a los contratos o tenerlos resumidos", ["qa", "summarization"]),
    ("apuntes de la reunión a partir de la grabación", ["summarization", "speech"]),
];

#[test]
fn where_the_category_is_in_doubt_both_readings_are_shown_with_their_choices() {
    let knowledge = rockpick::bundled();
    let mut shown = 0;
    for (text, meant) in BETWEEN {
        let answer = ask(&knowledge, text);
        let readings = answer.readings();
        let first = answer.understanding.classification.scores[0].1;
        assert!(first < 0.8 || readings.is_empty(), "{text}: {first}");
        let Some((one, other)) = readings.first().zip(readings.get(1)) else { continue };
        shown += 1;
        assert!(one.probability >= other.probability, "{text}");
        assert!(meant.contains(&one.category.name.as_str()), "{text}: {}", one.category.name);
        let choice = other.choice.as_ref().expect("something fits");
        let alone = Task { category: Some(other.category.name.clone()), ..Task::new(*text, TODAY) };
        let alone = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&alone);
        assert_eq!(alone.best().map(|best| best.model), Some(choice.model), "{text}");
        let document = json(&answer);
        assert_eq!(document["readings"][1]["category"], other.category.name.as_str(), "{text}");
        assert!(document["readings"][1]["choice"]["invoke_id"].is_string(), "{text}");
        let told = uncolored(&output::text::recommendation(
            &answer,
            None,
            rockpick::output::Screen::USUAL,
        ));
        assert!(told.contains(&format!("If it is {}", other.category.title)), "{text}: {told}");
    }
    assert!(shown >= 3, "{shown} of these are in doubt");
}

#[test]
fn a_category_that_is_sure_or_given_has_no_second_reading() {
    let knowledge = rockpick::bundled();
    for text in [
        "a chatbot for our customers",
        "Translate our contracts into German",
        "Traducir contratos del español al inglés",
    ] {
        let answer = ask(&knowledge, text);
        assert!(answer.readings().is_empty(), "{text}");
        assert_eq!(json(&answer)["readings"], Value::Array(Vec::new()), "{text}");
    }
    for (text, _) in BETWEEN {
        let task = Task { category: Some("qa".into()), ..Task::new(*text, TODAY) };
        let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
        assert!(answer.readings().is_empty(), "{text}");
    }
}

/// Needs that nothing fits, in English and Spanish, and a field whose words alone keep everything out.
const DEAD_ENDS: &[(&str, &str)] = &[
    ("video generation, data must stay in Switzerland", "residency"),
    ("generate short videos, at most $0.000001 per request", "max_cost"),
    ("speech to speech voice assistant, only models by Cohere", "models"),
    ("generación de vídeo, los datos deben quedarse en Suiza", "residency"),
    ("generar vídeos cortos, como mucho 0,000001 dólares por petición", "max_cost"),
    ("asistente de voz en tiempo real, solo modelos de Cohere", "models"),
];

#[test]
fn a_filter_read_from_words_that_leaves_nothing_is_named_with_the_answer_without_it() {
    let knowledge = rockpick::bundled();
    for (text, field) in DEAD_ENDS {
        let answer = ask(&knowledge, text);
        assert!(answer.best().is_none(), "{text}");
        let ways = answer.without_words();
        let way = ways.iter().find(|way| way.dropped.iter().all(|said| said.field == *field));
        let way = way.unwrap_or_else(|| {
            panic!("{text}: {:?}", ways.iter().map(|way| &way.dropped).collect::<Vec<_>>())
        });
        let document = json(&answer);
        assert_eq!(document["choice"], Value::Null, "{text}");
        let without = document["without"].as_array().expect("a list");
        assert!(
            without.iter().any(|way| way["constraints"][0]["constraint"] == *field),
            "{text}: {without:?}"
        );
        assert!(without.iter().all(|way| way["choice"]["invoke_id"].is_string()), "{text}");
        let words = text.get(way.dropped[0].span.clone()).expect("a span of the text");
        let told = uncolored(&output::text::recommendation(
            &answer,
            None,
            rockpick::output::Screen::USUAL,
        ));
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(&format!("(read from \"{words}\"); without it:")), "{text}: {told}");
    }
}

#[test]
fn what_was_given_by_a_flag_is_not_taken_back() {
    let knowledge = rockpick::bundled();
    for (text, field) in DEAD_ENDS.iter().filter(|(_, field)| *field == "residency") {
        let read = ask(&knowledge, text).understanding.constraints;
        let task = Task { constraints: read, ..Task::new(*text, TODAY) };
        let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
        assert!(answer.best().is_none() && answer.without_words().is_empty(), "{text}: {field}");
    }
}

/// The text without codes of color.
fn uncolored(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}
