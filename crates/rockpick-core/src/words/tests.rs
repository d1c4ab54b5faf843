//! Sentences with exactly what is to be read from them. `rules/` is read as it is bundled.

mod english;
mod nothing;
mod others;
mod spanish;
mod wide;

use std::sync::LazyLock;

use super::{Reading, Vocabulary, compile};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostics;
use crate::task::{Feature, Modality, ModalitySet, ProviderSet, RegionSet};
use crate::text::Text;

static BUNDLED: LazyLock<(Catalog, Vocabulary)> = LazyLock::new(|| {
    let (files, mut diagnostics) = (crate::bundled::files(), Diagnostics::default());
    let catalog = Catalog::compile(&files, &mut diagnostics).expect("a catalog");
    let vocabulary = compile(&files, &catalog, &mut diagnostics).expect("a vocabulary");
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    (catalog, vocabulary)
});

fn read(text: &str) -> Reading {
    BUNDLED.1.read(&Text::new(text))
}

fn codes(regions: RegionSet) -> String {
    BUNDLED.0.codes(regions).join(",")
}

/// A reading in one line: only what was read, in a fixed order.
fn shown(reading: &Reading) -> String {
    let demands = &reading.constraints;
    let mut parts: Vec<String> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        parts
            .extend(value.filter(|value| !value.is_empty()).map(|value| format!("{name}={value}")));
    };
    let number = |value: Option<u64>| value.map(|value| value.to_string());
    let providers = |set: ProviderSet| {
        let key = |provider| BUNDLED.0.provider(provider).key.as_str();
        set.iter().map(key).collect::<Vec<_>>().join(",")
    };
    let modalities =
        |set: ModalitySet| set.iter().map(Modality::name).collect::<Vec<_>>().join(",");
    add("regions", Some(codes(demands.regions)));
    add("residency", demands.residency.as_ref().map(|residency| residency.name.clone()));
    add(
        "cost",
        demands.max_cost.map(|budget| format!("{}/{}", budget.usd.to_decimal(), budget.per)),
    );
    add("volume", number(demands.per_month));
    add("in", number(demands.tokens.input));
    add("out", number(demands.tokens.output));
    add("context", number(demands.min_context));
    add("takes", Some(modalities(demands.input_modalities)));
    add("gives", Some(modalities(demands.output_modalities)));
    add("features", Some(demands.features.iter().map(Feature::name).collect::<Vec<_>>().join(",")));
    add("providers", Some(providers(demands.providers)));
    add("exclude", Some(providers(demands.exclude)));
    add("latency", demands.latency.map(|latency| latency.name().to_owned()));
    add("prefers", reading.preference.map(|preference| preference.name().to_owned()));
    parts.join(" ")
}

/// Checks that so many of a hundred sentences are read exactly, and shows every one that is misread.
fn check(sentences: &[(&str, &str)], percent: usize) {
    let wrong = sentences.iter().filter_map(|(text, expected)| {
        let read = shown(&read(text));
        (read != *expected).then(|| format!("{text}\n  expected: {expected}\n  read:     {read}\n"))
    });
    let wrong: Vec<String> = wrong.collect();
    let right = sentences.len() - wrong.len();
    assert!(
        right * 100 >= sentences.len() * percent,
        "{right} of {} read\n{}",
        sentences.len(),
        wrong.concat()
    );
}

/// In capitals, without accents, and with blanks around it a sentence says the same.
fn check_variants(sentences: &[(&str, &str)]) {
    let unaccented = |text: &str| -> String {
        use unicode_normalization::UnicodeNormalization as _;
        text.nfd().filter(|part| !unicode_normalization::char::is_combining_mark(*part)).collect()
    };
    for (text, _) in sentences {
        let expected = shown(&read(text));
        for variant in [text.to_uppercase(), unaccented(text), format!("  {text}  \n")] {
            assert_eq!(shown(&read(&variant)), expected, "{variant}");
        }
    }
}

#[test]
fn every_demand_names_the_words_it_was_read_from() {
    let text = "Resumir 40k tickets al mes en Fráncfort, €300 al mes como máximo";
    let reading = read(text);
    let said: Vec<(&str, &str)> =
        reading.found.iter().map(|said| (said.field, &text[said.span.clone()])).collect();
    assert_eq!(
        said,
        [
            ("per_month", "40k tickets al mes"),
            ("regions", "Fráncfort"),
            ("max_cost", "€300 al mes")
        ]
    );
}

#[test]
fn what_is_converted_refused_or_contradictory_is_noted() {
    for (text, expected) in [
        (
            "Chatbot, £300 a month at most",
            "\"£300 a month\" is read as $401.97: 1 GBP = 1.3399 USD",
        ),
        (
            "Chatbot por menos de 3.000 pesos al mes",
            "no budget read from \"3.000 pesos al mes\": amounts in PESOS are not converted",
        ),
        (
            "Chatbot hosted in Frankfurt, data must stay in the US",
            "eu-central-1 is outside us, where data must stay",
        ),
        ("A cheap chatbot of the highest quality", "pull in opposite directions"),
        (
            "Only Claude for this chatbot, nothing from Anthropic",
            "anthropic is both wanted and barred",
        ),
        ("Classify tickets, deployed in Portugal", "AWS has no Region with Bedrock in Portugal"),
        ("Process 300 tickets a day", "is 9000 a month: a month of thirty days"),
        ("Spend at most $500 on this chatbot", "names no unit and is read as a budget per month"),
    ] {
        let notes = read(text).notes;
        assert!(notes.iter().any(|note| note.contains(expected)), "{text}: {notes:?}");
    }
}

#[test]
fn what_is_no_demand_is_shown_with_the_reason() {
    for (text, expected) in [
        (
            "We closed Paris last year, all of it runs in Dublin now: a chatbot",
            "not used: \"Paris\" (being left)",
        ),
        ("A chatbot, doesn't have to be Mistral", "not used: \"Mistral\" (no demand)"),
        ("Chatbot, no need to keep data in Germany", "not used: \"Germany\" (no demand)"),
        (
            "The former supplier took 1,200 € a year, chatbot",
            "not used: \"1,200 € a year\" (what was paid)",
        ),
        (
            "The developers sit in Osaka, the stack is in us-east-2",
            "not used: \"Osaka\" (where people are)",
        ),
    ] {
        assert_eq!(read(text).not_used(text).as_deref(), Some(expected), "{text}");
    }
    let text = "A chatbot in Ohio, HIPAA is a must";
    assert_eq!(
        read(text).not_checked(text).as_deref(),
        Some("not checked, as no fact here covers it: \"HIPAA\"")
    );
}

#[test]
fn need_not_is_never_a_filter() {
    for text in [
        "a chatbot, doesn't have to be Mistral",
        "doesn't need to stay within the EU, summarize tickets",
        "die Daten müssen nicht in Deutschland bleiben, Chatbot",
        "Die Daten müssen nicht in Italien bleiben: Assistent für Ärzte",
        "les données n'ont pas besoin de rester en Allemagne, chatbot",
        "os dados não precisam ficar na Espanha, um chatbot",
        "chatbot, no need to keep data in Germany",
        "chatbot, no tienen por qué quedarse en España los datos",
    ] {
        assert_eq!(shown(&read(text)), "", "{text}");
    }
}

#[test]
fn a_closed_route_keeps_data_in_the_region_that_is_called() {
    for (text, expected) in [
        ("chatbot in Frankfurt, data must stay in the region", "regions=eu-central-1"),
        ("chatbot in eu-west-1, in-region only", "regions=eu-west-1"),
    ] {
        assert_eq!(shown(&read(text)), expected, "{text}");
        assert!(read(text).constraints.in_region, "{text}");
    }
    assert_eq!(read("chatbot, no global endpoint please").constraints.global, Some(false));
}

#[test]
fn residency_is_the_set_of_regions_of_the_place() {
    let regions = |text: &str| {
        read(text).constraints.residency.map(|residency| codes(residency.regions)).expect(text)
    };
    assert_eq!(regions("Data must stay in Germany or Ireland"), "eu-central-1,eu-west-1");
    assert_eq!(regions("Los datos no pueden salir de Portugal"), "");
    assert!(!regions("Data must not leave the EU").contains("eu-west-2"));
    assert!(regions("Data must stay in the US").contains("us-gov-west-1"));
}

#[test]
fn any_text_can_be_read() {
    let odd = [
        "",
        " ",
        "$",
        "€ 5",
        "$$5/",
        "1,,2",
        "1.2.3.4",
        "99999999999999999999999999999999999999999 a month",
        "per per per",
        "in",
        "0 a day",
        "🤖 5 €",
        "no no no no",
        "1/0",
        "５００ tokens",
        "$1e400",
        "or Claude",
        "Claude or",
        "EU EU EU",
        "%",
        "5 5 5 a a a day day",
        "\u{301}",
        "in\u{a0}the\u{a0}EU",
    ];
    for text in odd {
        let _ = read(text);
        let _ = read(&text.repeat(300));
    }
    let all = english::SENTENCES.iter().chain(spanish::SENTENCES).chain(others::SENTENCES);
    for (text, _) in all {
        for (cut, _) in text.char_indices() {
            let _ = read(&text[..cut]);
            let _ = read(&text[cut..]);
        }
    }
}

#[test]
fn compiled_bytes_read_back_the_same() {
    let bytes = postcard::to_stdvec(&BUNDLED.1).expect("bytes");
    let back: Vocabulary = postcard::from_bytes(bytes.leak()).expect("a vocabulary");
    assert!(back == BUNDLED.1);
}
