//! Today's answers to the six pieces of advice of a blog post of 2025, all of which have gone stale since: for a chatbot Claude, for
//! long-form Jurassic, for summaries Cohere Command, for images Stable Diffusion, for efficiency Mistral, for little money Amazon.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use rockpick::task::Task;
use rockpick::{Knowledge, Recommender};

const TODAY: Date = date(2026, 11, 21);
const REGIONS: [&str; 4] = ["us-east-1", "eu-central-1", "eu-south-2", "sa-east-1"];

/// A question in English and Spanish, the category it is, and the id to call from each of the Regions.
const ANSWERS: &[(&str, &str, &str, [&str; 4])] = &[
    (
        "I need a chatbot for our customers",
        "Busco un chatbot para nuestros clientes",
        "chatbot",
        [
            "mistral.mistral-large-3-675b-instruct",
            "qwen.qwen3-235b-a22b-2507-v1:0",
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "qwen.qwen3-next-80b-a3b",
        ],
    ),
    (
        "long-form content generation: articles and reports",
        "generación de contenido largo: artículos e informes",
        "long-form",
        [
            "us.openai.gpt-6-luna",
            "eu.anthropic.claude-sonnet-5-5",
            "eu.anthropic.claude-sonnet-5-5",
            "mistral.mistral-large-3-675b-instruct",
        ],
    ),
    (
        "summaries of long documents",
        "resúmenes de documentos largos",
        "summarization",
        [
            "amazon.nova-micro-v1:0",
            "eu.amazon.nova-micro-v1:0",
            "eu.amazon.nova-micro-v1:0",
            "openai.gpt-oss-20b-1:0",
        ],
    ),
    (
        "efficiency is key: a lightweight, fast chatbot",
        "la eficiencia es clave: un chatbot ligero y rápido",
        "chatbot",
        [
            "qwen.qwen3-next-80b-a3b",
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "qwen.qwen3-next-80b-a3b",
        ],
    ),
    (
        "something cheap",
        "algo barato",
        "general",
        [
            "us.openai.gpt-6-luna",
            "qwen.qwen3-235b-a22b-2507-v1:0",
            "eu.amazon.nova-2-lite-v1:0",
            "openai.gpt-oss-20b-1:0",
        ],
    ),
];

fn task(knowledge: &Knowledge, text: &str, region: &str) -> Task {
    let mut task = Task::new(text, TODAY);
    task.constraints.regions.extend(knowledge.catalog.region(region));
    task
}

#[test]
fn the_advice_of_today_is_the_same_in_both_languages() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    for (english, spanish, category, ids) in ANSWERS {
        for (region, expected) in REGIONS.iter().zip(ids) {
            for text in [english, spanish] {
                let answer = recommender.recommend(&task(&knowledge, text, region));
                assert_eq!(
                    answer.category().map(|category| category.name.as_str()),
                    Some(*category),
                    "{text}"
                );
                let best = answer.best().expect("something fits");
                assert_eq!(
                    knowledge.catalog.invoke_id(best.offer),
                    *expected,
                    "{text} in {region}"
                );
            }
        }
    }
}

#[test]
fn pictures_outside_their_region_say_where_they_exist() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    for text in ["generate images from a text prompt", "generar imágenes a partir de un texto"] {
        for region in REGIONS {
            let answer = recommender.recommend(&task(&knowledge, text, region));
            assert!(answer.best().is_none(), "{text} in {region}");
            let changes = answer.changes(None);
            let told =
                changes.iter().find(|change| change.code == "region").expect("another Region");
            assert!(
                told.text.starts_with("in us-west-2 3 models fit: Stable Diffusion 3.5 Large"),
                "{}",
                told.text
            );
        }
        let answer = recommender.recommend(&task(&knowledge, text, "us-west-2"));
        let best = answer.best().expect("pictures are made there");
        assert_eq!(knowledge.catalog.invoke_id(best.offer), "stability.stable-image-core-v1:1");
    }
}

#[test]
fn an_answer_that_must_stay_in_spain_does() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let text = "un chatbot, los datos no pueden salir de España";
    let answer = recommender.recommend(&Task::new(text, TODAY));
    let spain = knowledge.catalog.residency("es").expect("Spain").regions;
    assert_eq!(
        answer.understanding.constraints.residency.as_ref().map(|place| place.regions),
        Some(spain)
    );
    assert!(answer.ranked().iter().all(|choice| choice.offer.destinations.are_within(spain)));
    assert!(
        answer.best().is_none() && !answer.changes(None).is_empty(),
        "nothing that chats runs in Spain alone, and that is said"
    );
}

#[test]
fn facts_that_are_old_or_later_than_the_day_asked_about_say_so() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let said = |as_of| {
        let warnings = recommender.recommend(&Task::new("a chatbot", as_of)).warnings();
        warnings.into_iter().find(|warning| warning.code == "facts-age").map(|warning| warning.text)
    };
    assert_eq!(said(TODAY), None);
    assert!(said(date(2025, 6, 1)).expect("a warning").contains("may have been different"));
    assert!(said(date(2027, 6, 1)).expect("a warning").contains("days old"));
}
