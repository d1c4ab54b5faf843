//! How texts are read: the rules' own examples, languages, difficulty, negations, misleading words, people's own categories.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

use rockpick::classify::Reading;
use rockpick::read::ReadText;
use rockpick::text::Text;

/// The bundled examples of a kind: category and text.
fn examples(kind: &str) -> Vec<(String, String)> {
    let files = rockpick::knowledge::bundled_files();
    let tasks = files.iter().filter(|file| file.path.starts_with("tasks/"));
    tasks
        .flat_map(|file| {
            let (_, text) = file.texts().next().unwrap();
            let table: toml::Table = text.parse().unwrap();
            // A category that is only named has no examples.
            let examples = table.get("examples").and_then(|examples| examples[kind].as_array());
            let texts = examples.cloned().unwrap_or_default();
            texts
                .into_iter()
                .map(|text| (file.stem().to_owned(), text.as_str().unwrap().to_owned()))
        })
        .collect()
}

fn misread(kind: &str, reading: Reading) -> Vec<String> {
    let knowledge = rockpick::bundled();
    let classifier = knowledge.rules.classifier();
    let scores = |text: &str| classifier.classify(&Text::new(text), reading, &[]).scores;
    let read_as = |text: &str| classifier.names()[scores(text)[0].0].clone();
    // Of two categories that are about as likely, both are shown.
    let is_shown = |category: &str, text: &str| {
        let scores = scores(text);
        let own = scores.iter().find(|(place, _)| classifier.names()[*place] == category);
        own.is_some_and(|(_, probability)| probability + 0.15 >= scores[0].1)
    };
    let wrong = examples(kind).into_iter().filter(|(category, text)| !is_shown(category, text));
    wrong
        .map(|(category, text)| format!("{category}: read as {}: {text}", read_as(&text)))
        .collect()
}

#[test]
fn every_need_of_the_rules_is_read_as_its_own_category() {
    let misread = misread("needs", Reading::Need);
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

#[test]
fn every_prompt_of_the_rules_is_read_as_its_own_category() {
    let misread = misread("prompts", Reading::Prompt);
    assert!(misread.is_empty(), "{}", misread.join("\n"));
}

#[test]
fn misleading_words_are_read_as_a_person_would() {
    let knowledge = rockpick::bundled();
    let expected = [
        ("a chatbot that writes SQL", &["code"][..]),
        ("translate our pipeline from Python to Go", &["code"]),
        ("image of our brand", &["images"]),
        ("classify scanned invoices", &["vision", "extraction"]),
        ("cheap flights assistant", &["chatbot", "agents"]),
        ("images for a newsletter", &["images"]),
        ("not a chatbot, only summaries", &["summarization"]),
    ];
    for (text, categories) in expected {
        let read = ReadText::of(text, Reading::Need, &knowledge.catalog, &knowledge.rules, 0);
        assert!(
            read.category.is_some_and(|category| categories.contains(&category)),
            "{text}: {:?}",
            read.category
        );
    }
}

#[test]
fn languages_are_told_by_words_letters_and_scripts() {
    let knowledge = rockpick::bundled();
    let language = |text: &str| {
        ReadText::of(text, Reading::Need, &knowledge.catalog, &knowledge.rules, 0)
            .classification
            .language
    };
    let expected = [
        ("a bot for our web shop that answers in the evening", Some("en")),
        ("¿Qué modelo me conviene para resumir las actas?", Some("es")),
        ("un assistant pour les clients de notre boutique", Some("fr")),
        ("ein Assistent für die Kunden und ihre Fragen", Some("de")),
        ("um assistente para os nossos clientes, não muito caro", Some("pt")),
        ("un assistente per i clienti che non sia troppo caro", Some("it")),
        ("会議の議事録を要約したい", Some("ja")),
        ("总结这些会议记录", Some("zh")),
        ("чат-бот для магазина", None),
        ("12345", None),
    ];
    for (text, code) in expected {
        assert_eq!(language(text).as_deref(), code, "{text}");
    }
}

#[test]
fn difficulty_is_a_share_and_grows_with_length_and_steps() {
    let knowledge = rockpick::bundled();
    let of = |text: &str| knowledge.rules.classifier().difficulty(&Text::new(text));
    let short = "Write a haiku about rust";
    let steps = "A tank is half full. Every hour a third of the rest is used, then 20 litres more are added, until there are less than \
                 40 litres left in total. After how many hours is that, if each litre costs twice the average of the hour before?";
    assert!(of(short) < of(steps));
    assert!(of(steps) < of(&steps.repeat(4)));
    for text in ["", "hi", short, steps, &"word ".repeat(100_000)] {
        assert!((0.0..=1.0).contains(&of(text)));
    }
}

#[test]
fn what_changes_nothing_for_a_person_changes_nothing() {
    let knowledge = rockpick::bundled();
    let classify = |text: &str| {
        ReadText::of(text, Reading::Need, &knowledge.catalog, &knowledge.rules, 0)
            .category
            .map(str::to_owned)
    };
    for text in [
        "resúmenes de reuniones en español",
        "transcribe the calls of our hotline",
        "vectors for product search",
    ] {
        let expected = classify(text);
        assert!(expected.is_some(), "{text}");
        for changed in [
            text.to_uppercase(),
            format!("{text}   \n"),
            format!("um, {text}"),
            text.replace('ú', "u"),
        ] {
            assert_eq!(classify(&changed), expected, "{changed}");
        }
    }
}

#[test]
fn explanations_name_words_of_the_text() {
    let knowledge = rockpick::bundled();
    let text = "¡Resúmenes cortos de actas, por favor!";
    let read = ReadText::of(text, Reading::Need, &knowledge.catalog, &knowledge.rules, 1);
    let strongest = read.explained.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
    assert_eq!(&text[strongest.span.clone()], "Resúmenes");
}

#[test]
fn nothing_is_not_taken_for_something() {
    let knowledge = rockpick::bundled();
    for text in ["", "   ", "…", &"a".repeat(1_000_000), &"3f9c".repeat(100)] {
        assert_eq!(
            ReadText::of(text, Reading::Need, &knowledge.catalog, &knowledge.rules, 2).category,
            None
        );
    }
}

#[test]
fn a_category_of_ones_own_needs_ten_examples_of_one_kind() {
    let folder = std::env::temp_dir().join(format!("rockpick-own-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("tasks")).unwrap();
    let text = "title = \"Horoscopes\"\nabout = \"What the stars say.\"\n[examples]\nprompts = []\nneeds = [\n\"daily horoscopes\", \
                \"horoscopes for our magazine\", \"what the stars say for each zodiac sign\", \"weekly zodiac column\", \
                \"astrology forecasts\", \"birth chart readings\", \"horóscopo diario\", \"predicciones para cada signo del zodiaco\", \
                \"carta astral\", \"astrological advice for subscribers\"]\n[requires]\nkind = \"text\"\n";
    std::fs::write(folder.join("tasks/Horoscope_today.toml"), text).unwrap();
    let knowledge = rockpick::knowledge::with_overlays([folder.as_path()]).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    for text in ["horoscopes for an app", "el horóscopo de cada signo"] {
        for reading in [Reading::Need, Reading::Prompt] {
            let category =
                ReadText::of(text, reading, &knowledge.catalog, &knowledge.rules, 0).category;
            assert_eq!(category, Some("Horoscope_today"), "{reading:?} {text}");
        }
    }
}
