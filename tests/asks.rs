//! Needs that name models, families, partitions or several Regions, and needs that name no task.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use rockpick::recommend::{Answer, Reason};
use rockpick::task::{Effort, Feature, Lifetime, Preference, Task};
use rockpick::{Knowledge, Recommendation, Recommender};

const TODAY: Date = date(2026, 11, 30);

fn ask<'k>(knowledge: &'k Knowledge, text: &str) -> Recommendation<'k> {
    Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&Task::new(text, TODAY))
}

fn ids(answer: &Recommendation<'_>) -> Vec<String> {
    answer.ranked().iter().map(|choice| answer.catalog.model(choice.model).id.clone()).collect()
}

fn regions(answer: &Recommendation<'_>) -> BTreeSet<String> {
    answer
        .ranked()
        .iter()
        .map(|choice| answer.catalog.code(choice.offer.region).to_owned())
        .collect()
}

fn warned(answer: &Recommendation<'_>, code: &str) -> Option<String> {
    answer.warnings().into_iter().find(|warning| warning.code == code).map(|warning| warning.text)
}

/// A need, its category (none = a list), what all ids begin with, and the Region they are called from.
type Named = (&'static str, Option<&'static str>, &'static [&'static str], Option<&'static str>);

const NAMED: &[Named] = &[
    ("best Claude for coding in Frankfurt", Some("code"), &["anthropic."], Some("eu-central-1")),
    (
        "el mejor Claude para programar en Fráncfort",
        Some("code"),
        &["anthropic."],
        Some("eu-central-1"),
    ),
    ("el Claude más barato en Irlanda", None, &["anthropic.claude-"], Some("eu-west-1")),
    ("¿hay algún Llama en Londres?", None, &["meta.llama3-"], Some("eu-west-2")),
    ("cheapest Claude in eu-west-1", None, &["anthropic.claude-"], Some("eu-west-1")),
    (
        "qué Claude puedo usar desde Madrid sin que los datos salgan de la UE",
        None,
        &["anthropic.claude-"],
        Some("eu-south-2"),
    ),
    ("newest Haiku for eu-central-1", None, &["anthropic.claude-haiku-"], Some("eu-central-1")),
    ("which Llama can I run in London", None, &["meta.llama3-"], Some("eu-west-2")),
    ("Nova Pro from Frankfurt, EU only", None, &["amazon.nova-pro-v1:0"], Some("eu-central-1")),
    ("which Claude model works in Frankfurt?", None, &["anthropic.claude-"], Some("eu-central-1")),
    (
        "what Claude models are available in Frankfurt?",
        None,
        &["anthropic.claude-"],
        Some("eu-central-1"),
    ),
    (
        "claude sonnet or haiku for summarising emails in Ireland",
        Some("summarization"),
        &["anthropic.claude-sonnet-", "anthropic.claude-haiku-"],
        Some("eu-west-1"),
    ),
    ("which Nova models are there in Seoul?", None, &["amazon.nova-"], Some("ap-northeast-2")),
    ("¿qué modelos Nova hay en Seúl?", None, &["amazon.nova-"], Some("ap-northeast-2")),
    ("the ID of Sonnet 5 for Milan", None, &["anthropic.claude-sonnet-5"], Some("eu-south-1")),
    (
        "only Mistral models for translation in Paris",
        Some("translation"),
        &["mistral."],
        Some("eu-west-3"),
    ),
    (
        "gpt-oss-120b for classification of tickets",
        Some("extraction"),
        &["openai.gpt-oss-120b-1:0"],
        None,
    ),
    (
        "a chatbot with Llama 3.3 70B in Ohio",
        Some("chatbot"),
        &["meta.llama3-3-70b-"],
        Some("us-east-2"),
    ),
    (
        "resumen de contratos con Qwen o DeepSeek",
        Some("summarization"),
        &["qwen.", "deepseek."],
        None,
    ),
    ("which Kimi should I use for coding", Some("code"), &["moonshot"], None),
];

#[test]
fn models_and_families_that_are_asked_for_are_all_that_is_offered() {
    let knowledge = rockpick::bundled();
    for (text, category, prefixes, region) in NAMED {
        let answer = ask(&knowledge, text);
        let read = answer
            .category()
            .filter(|_| !answer.is_listing())
            .map(|category| category.name.as_str());
        assert_eq!(read, *category, "{text}");
        assert!(!answer.ranked().is_empty(), "{text}");
        for id in ids(&answer) {
            assert!(prefixes.iter().any(|prefix| id.starts_with(prefix)), "{text}: {id}");
        }
        if let Some(region) = region {
            assert_eq!(regions(&answer), BTreeSet::from([(*region).to_owned()]), "{text}");
        }
    }
}

#[test]
fn a_list_begins_with_what_the_words_ask_for() {
    let knowledge = rockpick::bundled();
    let first = |text: &str| ids(&ask(&knowledge, text)).first().cloned().expect(text);
    assert_eq!(first("newest Haiku for eu-central-1"), "anthropic.claude-haiku-5-5");
    assert_eq!(first("the newest Sonnet for us-east-1"), "anthropic.claude-sonnet-5-5");
    let cheapest = ask(&knowledge, "cheapest Claude in us-east-1");
    let costs: Vec<_> = cheapest.ranked().iter().filter_map(|choice| choice.cost).collect();
    let active = costs.len()
        - cheapest.ranked().iter().filter(|choice| is_legacy(&cheapest, choice.model)).count();
    assert!(costs[..active].is_sorted(), "{costs:?}");
}

fn is_legacy(answer: &Recommendation<'_>, model: rockpick::task::ModelIndex) -> bool {
    answer.catalog.model(model).lifecycle.status(TODAY) == rockpick::catalog::Status::Legacy
}

#[test]
fn a_list_says_which_models_are_on_their_way_out() {
    let knowledge = rockpick::bundled();
    let answer = ask(&knowledge, "which Llama can I run in London");
    assert_eq!(ids(&answer), ["meta.llama3-70b-instruct-v1:0", "meta.llama3-8b-instruct-v1:0"]);
    let told = warned(&answer, "legacy").expect("a warning");
    assert!(told.contains("Llama 3 8B") && told.contains("Llama 3 70B"), "{told}");
}

#[test]
fn nothing_but_what_was_named_is_offered_where_none_of_it_fits() {
    let knowledge = rockpick::bundled();
    let answer = ask(
        &knowledge,
        "which Claude can I use from ca-central-1 without requests leaving Canada?",
    );
    assert!(answer.best().is_none());
    assert!(matches!(answer.understanding.answer, Answer::Listing(_)));
    assert!(!answer.changes(None).is_empty());
}

#[test]
fn mentions_constrain_nothing() {
    let knowledge = rockpick::bundled();
    for text in [
        "something like GPT-4 for our support chatbot",
        "a rival runs on Grok, we need a chatbot for support",
        "we use OpenAI today and want to leave, a chatbot for our shop",
        "our Llama 3 model is being retired, summarize contracts",
        "a chatbot as good as Claude",
        "move our chatbot away from Claude",
        "translate contracts, it doesn't have to be Mistral",
        "un chatbot parecido a ChatGPT",
        "queremos dejar OpenAI: resumir actas",
        "write a haiku about the sea",
        "write a sonnet in the style of Shakespeare",
    ] {
        let answer = ask(&knowledge, text);
        let wanted = &answer.understanding.constraints;
        assert!(
            wanted.models.is_empty() && wanted.providers.is_empty(),
            "{text}: {:?}",
            answer.understanding.said
        );
        assert!(!answer.ranked().is_empty() && !answer.is_listing(), "{text}");
    }
}

#[test]
fn open_weights_leave_no_closed_model() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let open = &catalog
        .families()
        .iter()
        .find(|family| family.narrows)
        .expect("open weights")
        .members
        .models;
    for text in [
        "open source model for coding in eu-north-1",
        "not Anthropic, not Amazon: open weights only, chat, Stockholm",
        "chatbot, no closed models",
        "modelo de código abierto para chat en Irlanda",
        "an open-weight LLM for translation",
        "resumir contratos, sin modelos propietarios",
    ] {
        let answer = ask(&knowledge, text);
        assert!(!answer.ranked().is_empty(), "{text}");
        for choice in answer.ranked() {
            assert!(open.contains(&choice.model), "{text}: {}", catalog.model(choice.model).id);
        }
    }
    for (text, category) in [
        ("open source embeddings model in Ireland", "embeddings"),
        ("open source reranker", "rerank"),
        ("open source chat model in Oregon", "chatbot"),
    ] {
        let answer = ask(&knowledge, text);
        let read = answer.category().map(|category| category.name.as_str());
        assert_eq!(read, Some(category), "{text}");
        assert!(!answer.understanding.constraints.models.is_empty(), "{text}");
    }
    let both = ask(&knowledge, "open-weights Mistral for chat");
    assert!(!both.ranked().is_empty());
    assert!(ids(&both).iter().all(|id| id.starts_with("mistral.")), "{:?}", ids(&both));
}

#[test]
fn words_without_a_task_are_answered_for_general_text() {
    let knowledge = rockpick::bundled();
    for (text, preference) in [
        ("cheap", Preference::Cost),
        ("barato", Preference::Cost),
        ("something cheap", Preference::Cost),
        ("lo más barato posible", Preference::Cost),
        ("the cheapest possible model", Preference::Cost),
        ("the best there is", Preference::Quality),
        ("best quality, money is no object", Preference::Quality),
        ("cheap, paid with AWS credits", Preference::Cost),
        ("el mejor que haya", Preference::Quality),
        ("the fastest", Preference::Speed),
        ("the fastest model", Preference::Speed),
    ] {
        let answer = ask(&knowledge, text);
        assert_eq!(answer.understanding.answer, Answer::General, "{text}");
        assert_eq!(answer.category().expect("general text").name, "general", "{text}");
        assert_eq!(answer.understanding.preference, preference, "{text}");
        assert!(answer.best().is_some(), "{text}");
        let read = rockpick::read::ReadText::of(
            text,
            rockpick::classify::Reading::Need,
            &knowledge.catalog,
            &knowledge.rules,
            0,
        );
        assert_eq!((read.category, read.words.preference), (None, Some(preference)), "{text}");
    }
    let mut task = Task::new("hello there", TODAY);
    task.strict = true;
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    assert!(answer.category().is_none() && answer.best().is_none());
}

#[test]
fn categories_that_are_only_named_are_never_read_from_texts() {
    let knowledge = rockpick::bundled();
    let learned = knowledge.rules.classifier().names();
    for (name, preference) in [
        ("general", Preference::Balanced),
        ("cheap", Preference::Cost),
        ("fast", Preference::Speed),
        ("quality", Preference::Quality),
    ] {
        assert!(knowledge.rules.category(name).expect(name).named_only);
        assert!(!learned.iter().any(|own| own == name), "{name} is read from texts");
        let mut task = Task::new("", TODAY);
        task.category = Some(name.to_owned());
        let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
        assert_eq!(answer.understanding.preference, preference, "{name}");
        assert!(answer.best().is_some(), "{name}");
    }
    for (learned, category) in learned.iter().zip(knowledge.rules.categories()) {
        assert_eq!(*learned, category.name, "the classifier counts the categories in their order");
    }
}

#[test]
fn a_partition_in_words_or_as_residency_is_called_from_its_own_regions() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for text in [
        "chat assistant on GovCloud",
        "for our GovCloud account: classify tickets",
        "chatbot, data must stay in GovCloud",
        "govcloud west embeddings",
        "un chatbot en GovCloud",
        "summarize case files, we are in AWS GovCloud (US)",
    ] {
        let answer = ask(&knowledge, text);
        assert!(!answer.ranked().is_empty(), "{text}");
        for choice in answer.ranked() {
            assert!(catalog.code(choice.offer.region).starts_with("us-gov-"), "{text}");
            assert!(!catalog.invoke_id(choice.offer).starts_with("global."), "{text}");
        }
        let said = answer.understanding.said.iter().any(|said| {
            matches!(said.field, "regions" | "residency")
                && text[said.span.clone()].to_lowercase().contains("govcloud")
        });
        assert!(said, "{text}: {:?}", answer.understanding.said);
    }
    for residency in ["govcloud", "us-gov-west-1"] {
        let mut task = Task::new("", TODAY);
        task.category = Some("chatbot".to_owned());
        let mut there = task.clone();
        there.constraints.regions.extend(catalog.region("us-gov-west-1"));
        task.constraints.residency = catalog.residency(residency);
        let recommender = Recommender::new(catalog, &knowledge.rules);
        let (stays, there) = (recommender.recommend(&task), recommender.recommend(&there));
        assert!(!stays.ranked().is_empty(), "{residency}");
        assert_eq!(ids(&stays), ids(&there), "{residency}");
    }
    for text in ["a chatbot in Ohio, no GovCloud needed", "we left GovCloud, a chatbot in Ohio"] {
        assert_eq!(
            regions(&ask(&knowledge, text)),
            BTreeSet::from(["us-east-2".to_owned()]),
            "{text}"
        );
    }
}

#[test]
fn what_no_source_knows_is_refused_and_nothing_is_offered_from_elsewhere() {
    let knowledge = rockpick::bundled();
    for text in [
        "chatbot in cn-north-1",
        "AWS China (Ningxia) chatbot",
        "chatbot in eusc-de-east-1",
        "AWS European Sovereign Cloud chatbot",
        "chatbot in us-iso-east-1",
        "summaries in eu-west-9",
        "un chatbot en la nube soberana europea de AWS",
        "which Claude models are in cn-northwest-1?",
    ] {
        let answer = ask(&knowledge, text);
        assert!(answer.best().is_none() && answer.ranked().is_empty(), "{text}");
        let refused = answer
            .understanding
            .refused
            .as_ref()
            .unwrap_or_else(|| panic!("{text} is not refused"));
        assert!(warned(&answer, refused.code).is_some(), "{text}");
    }
    let told = ask(&knowledge, "a chatbot in eu-central-1 and eu-west-9");
    assert!(told.best().is_some());
    assert!(
        told.understanding.notes.iter().any(|note| note.contains("eu-west-9")),
        "{:?}",
        told.understanding.notes
    );
    assert!(ask(&knowledge, "a chatbot in us-east-1a").understanding.refused.is_none());
}

#[test]
fn every_region_named_can_call_what_is_offered() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for (text, wanted) in [
        (
            "a model available in every one of eu-west-1, us-west-2 and ap-south-1, for classification",
            &["ap-south-1", "eu-west-1", "us-west-2"][..],
        ),
        (
            "one model id that works in Frankfurt, Singapore and Sao Paulo for a chatbot",
            &["ap-southeast-1", "eu-central-1", "sa-east-1"],
        ),
        ("failover between Ireland and Frankfurt for a chatbot", &["eu-central-1", "eu-west-1"]),
        ("chatbot, both Dublin and Stockholm must work", &["eu-north-1", "eu-west-1"]),
        ("a chatbot for both Oregon and Ohio", &["us-east-2", "us-west-2"]),
        (
            "un chatbot que funcione tanto en Fráncfort como en Dublín, el mismo modelo en ambas regiones",
            &["eu-central-1", "eu-west-1"],
        ),
    ] {
        let answer = ask(&knowledge, text);
        let constraints = &answer.understanding.constraints;
        assert!(constraints.every_region, "{text}");
        assert_eq!(catalog.codes(constraints.regions), wanted, "{text}");
        let filter = answer.filter().expect("a category");
        assert!(answer.best().is_some() || answer.with_global().is_some(), "{text}");
        for choice in answer.ranked() {
            assert_eq!(filter.everywhere(choice.model).len(), wanted.len(), "{text}");
        }
        for (model, reasons) in answer.rejected() {
            assert!(!reasons.is_empty(), "{text}: {}", catalog.model(model).id);
        }
        let partly = answer
            .rejected()
            .filter(|(_, reasons)| reasons.contains(Reason::NotInEveryRegion))
            .count();
        assert!(partly > 0, "{text}");
    }
    assert!(
        !ask(&knowledge, "a chatbot in Frankfurt or Dublin").understanding.constraints.every_region
    );
    assert!(
        !ask(&knowledge, "classify all of our tickets in Frankfurt")
            .understanding
            .constraints
            .every_region
    );
}

#[test]
fn old_names_are_told_and_the_task_is_answered() {
    let knowledge = rockpick::bundled();
    for (text, name) in [
        ("resúmenes con Cohere Command", "Command"),
        ("long-form articles with AI21 Jurassic", "Jurassic-2"),
        ("summaries with Claude v2", "Claude 2"),
        ("a chatbot using Titan Text", "Titan Text G1"),
        ("artículos largos con AI21 Jurassic", "Jurassic-2"),
        ("summarize contracts with Claude 3 Haiku", "Claude 3 Haiku"),
        ("our chatbot currently uses Claude 3 Haiku, what should it use?", "Claude 3 Haiku"),
        ("replace Titan Text in our chatbot", "Titan Text"),
    ] {
        let answer = ask(&knowledge, text);
        let told = warned(&answer, "retired").unwrap_or_else(|| panic!("{text}: nothing is told"));
        assert!(told.contains(name) && told.contains("follows it"), "{text}: {told}");
        assert!(answer.best().is_some(), "{text}");
    }
}

#[test]
fn names_of_families_and_old_names_stand_for_what_people_mean() {
    use rockpick::catalog::Named;
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for (name, members) in [
        ("haiku", &["anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-haiku-5-5"][..]),
        ("sonnet", &["anthropic.claude-sonnet-5", "anthropic.claude-sonnet-5-5"]),
        ("open weights", &["openai.gpt-oss-120b-1:0", "qwen.qwen3-32b-v1:0"]),
        ("gpt-oss", &["openai.gpt-oss-120b-1:0", "openai.gpt-oss-20b-1:0"]),
    ] {
        let Named::Several(found) = catalog.find(name) else {
            panic!("{name} stands for no family")
        };
        for id in members {
            assert!(found.contains(&catalog.index_of(id).expect(id)), "{name} without {id}");
        }
    }
    for (name, id) in [
        ("sonnet 5", "anthropic.claude-sonnet-5"),
        ("nova pro", "amazon.nova-pro-v1:0"),
        ("Haiku 4.5", "anthropic.claude-haiku-4-5-20251001-v1:0"),
    ] {
        assert_eq!(catalog.find(name), Named::Model(catalog.index_of(id).expect(id)), "{name}");
    }
    for (name, id) in [
        ("claude-v2", "anthropic.claude-v2"),
        ("claude v2", "anthropic.claude-v2"),
        ("jurassic", "ai21.j2-"),
        ("AI21 Jurassic", "ai21.j2-"),
        ("Cohere Command", "cohere.command-text-v14"),
        ("command r", "cohere.command-r-v1:0"),
        ("titan text", "amazon.titan-text-"),
        ("titan image", "amazon.titan-image-generator-"),
    ] {
        let Named::Retired(retired) = catalog.find(name) else {
            panic!("{name} is not retired: {:?}", catalog.find(name))
        };
        assert!(retired.id.starts_with(id), "{name}: {}", retired.id);
    }
    for (id, near) in [
        ("us.anthropic.claude-sonnet-5-v1:0", "anthropic.claude-sonnet-5"),
        ("anthropic.claude-opus-4-8-20260101-v1:0", "anthropic.claude-opus-4-8"),
    ] {
        assert_eq!(catalog.find(id), Named::Unknown(Some(near)), "{id}");
    }
    for typo in ["claud-v2", "claude-v3", "titan-imge", "nova-prro"] {
        if let Named::Unknown(Some(near)) = catalog.find(typo) {
            assert!(
                !matches!(catalog.find(near), Named::Unknown(_)),
                "{typo}: {near} is suggested and unknown"
            );
        }
    }
    for retired in catalog.retired() {
        let short = retired.id.split_once('.').map_or(retired.id.as_str(), |(_, rest)| rest);
        for name in [retired.id.as_str(), short] {
            assert!(!matches!(catalog.find(name), Named::Unknown(_)), "{name} is not found");
        }
    }
}

#[test]
fn a_model_takes_what_the_words_send_whatever_the_category_is_called() {
    use rockpick::task::Modality;
    let knowledge = rockpick::bundled();
    for (text, taken) in [
        ("image embeddings for product search", Modality::Image),
        ("photo search in our archive", Modality::Image),
        ("find similar product photos", Modality::Image),
        ("embeddings de imágenes para buscar productos", Modality::Image),
        ("describe what happens in our security camera videos", Modality::Video),
        ("summarize 2-hour video recordings", Modality::Video),
        ("resumir vídeos de formación", Modality::Video),
        ("classify photos of damaged parts", Modality::Image),
    ] {
        let answer = ask(&knowledge, text);
        assert!(!answer.ranked().is_empty(), "{text}");
        for choice in answer.ranked() {
            assert!(
                answer.catalog.model(choice.model).input.contains(taken),
                "{text}: {:?}",
                ids(&answer)
            );
        }
    }
}

#[test]
fn jobs_of_other_services_and_jobs_for_no_language_model_are_told() {
    let knowledge = rockpick::bundled();
    for (text, code, word) in [
        ("transcribe call center audio", "service", "Transcribe"),
        ("transcribir llamadas", "service", "Transcribe"),
        ("text to speech for audiobooks", "service", "Polly"),
        ("predict customer churn", "not-a-language-model", "SageMaker"),
        ("fraud detection on card transactions", "not-a-language-model", "SageMaker"),
        ("previsión de demanda para nuestras tiendas", "not-a-language-model", "SageMaker"),
        ("cheap, paid with AWS credits", "credits", "Activate"),
        ("un chatbot pagado con créditos de AWS", "credits", "Activate"),
    ] {
        let answer = ask(&knowledge, text);
        let told = warned(&answer, code).unwrap_or_else(|| panic!("{text}: nothing is told"));
        assert!(told.contains(word), "{text}: {told}");
    }
    let explained = ask(&knowledge, "a chatbot that explains fraud detection alerts to analysts");
    assert_eq!(warned(&explained, "not-a-language-model"), None);
}

#[test]
fn a_request_about_one_piece_has_its_size() {
    let knowledge = rockpick::bundled();
    let usage = |text: &str| ask(&knowledge, text).understanding.usage;
    let tweet = usage("classify 5 million tweets a day");
    assert!((40..=80).contains(&tweet.input) && (4..=10).contains(&tweet.output), "{tweet:?}");
    let spanish = usage("clasificar 5 millones de tuits al día");
    assert_eq!(spanish.input, tweet.input);
    assert!(usage("summarize customer reviews").input < 500);
    assert!(usage("review 50 pull requests a day, code review").input > 3_000);
    assert_eq!(
        usage("summarize 300-page contracts in emails").input,
        150_000,
        "a size in the words counts more"
    );
    let video = usage("summarize 10-minute videos");
    assert_eq!(video.input, 172_800, "frames, not speech");
    assert_eq!(
        usage("summarise 2-hour video recordings").input,
        276_480,
        "no more frames than models look at"
    );
    assert_eq!(usage("summarize 10-minute phone calls").input, 2_025, "speech stays speech");
}

#[test]
fn what_only_the_global_route_has_stands_beside_an_empty_list() {
    let knowledge = rockpick::bundled();
    let answer = ask(&knowledge, "is there an Opus in Sao Paulo");
    assert!(answer.is_listing() && answer.best().is_none());
    let global = answer.with_global().expect("the global profile is called from there");
    let id = knowledge.catalog.invoke_id(global.offer);
    assert!(id.starts_with("global.anthropic.claude-opus-"), "{id}");
}

#[test]
fn an_effort_in_words_is_the_one_that_is_asked_for() {
    let cases: &[(&str, Option<Effort>)] = &[
        ("chatbot from Ohio with high reasoning effort", Some(Effort::High)),
        ("code review in Ohio at low effort", Some(Effort::Low)),
        ("chatbot from Ohio without thinking", Some(Effort::None)),
        ("agents in Oregon, extended thinking off", Some(Effort::None)),
        ("chatbot en Ohio con esfuerzo de razonamiento medio", Some(Effort::Medium)),
        ("chatbot en Madrid sin razonamiento", Some(Effort::None)),
        ("Chatbot in Frankfurt ohne Denken", Some(Effort::None)),
        ("chatbot, it does not need high reasoning effort", None),
        ("chatbot, compare low effort with high effort", None),
        ("we put a lot of effort into our chatbot", None),
    ];
    let knowledge = rockpick::bundled();
    for (text, effort) in cases {
        let answer = ask(&knowledge, text);
        assert_eq!(answer.understanding.constraints.effort, *effort, "{text}");
        let features = answer.understanding.constraints.features;
        assert!(*effort != Some(Effort::None) || !features.contains(Feature::Reasoning), "{text}");
        assert!(answer.best().is_some(), "{text}");
        for choice in answer.ranked() {
            let thinks =
                choice.effort.is_some_and(|own| own != Effort::None) || choice.usage.thinking > 0;
            assert!(*effort != Some(Effort::None) || !thinks, "{text}");
        }
    }
}

#[test]
fn a_lifetime_in_words_counts_as_the_flag_does() {
    let months = |months| Some(Lifetime::For { months, days: 0 });
    let until = |year| Some(Lifetime::Until(date(year, 1, 1)));
    let cases: &[(&str, Option<Lifetime>)] = &[
        ("chatbot in Ireland, the model must be supported for at least a year", months(12)),
        ("chatbot in Ireland that will not be retired before 2028", until(2028)),
        ("summaries in Ohio with a model that lasts at least 18 months", months(18)),
        ("code in Ohio, it has to last two years", months(24)),
        ("chatbot en Madrid, que el modelo dure al menos 18 meses", months(18)),
        ("resúmenes en Ohio con soporte hasta 2028", until(2028)),
        ("traducciones en Ohio, que no lo retiren antes de 2029", until(2029)),
        ("chatbot in Ireland, it does not have to last for a year", None),
        ("summaries of calls that last at least 20 minutes", None),
        ("a chatbot that has been around for a year", None),
    ];
    let knowledge = rockpick::bundled();
    for (text, lifetime) in cases {
        let answer = ask(&knowledge, text);
        assert_eq!(answer.understanding.constraints.min_lifetime, *lifetime, "{text}");
        let Some(lifetime) = lifetime else { continue };
        for choice in answer.ranked() {
            let life = &knowledge.catalog.model(choice.model).lifecycle;
            assert!(life.eol.is_none_or(|eol| eol >= lifetime.until(TODAY)), "{text}");
        }
    }
}

#[test]
fn what_replaces_a_retired_model_is_answered_with_what_follows_it() {
    let knowledge = rockpick::bundled();
    for text in [
        "Which model replaces Claude v2?",
        "what replaces Titan Text Express?",
        "¿qué sustituye a Claude 2?",
    ] {
        let answer = ask(&knowledge, text);
        assert!(answer.is_listing(), "{text}");
        let gone =
            warned(&answer, "retired").unwrap_or_else(|| panic!("nothing is told of {text}"));
        let best = answer.best().expect("a successor");
        assert!(gone.contains(&knowledge.catalog.model(best.model).id), "{text}: {gone}");
    }
}

#[test]
fn a_categorys_own_name_is_that_category() {
    let knowledge = rockpick::bundled();
    for category in knowledge.rules.categories().iter().filter(|category| !category.named_only) {
        for name in [category.name.clone(), category.name.to_uppercase()] {
            let answer = ask(&knowledge, &name);
            assert_eq!(answer.category().map(|own| &own.name), Some(&category.name), "{name}");
        }
    }
}

#[test]
fn weak_names_of_families_count_where_a_region_is_named() {
    let knowledge = rockpick::bundled();
    let cases: &[(&str, &[&str])] = &[
        ("Nova or Llama, Milan, within the EU", &["amazon.nova-", "meta.llama"]),
        ("Llama or Nova in Milan", &["amazon.nova-", "meta.llama"]),
        ("Nova in Milan", &["amazon.nova-"]),
        ("Claude o Nova para resumir correos en Madrid", &["amazon.nova-", "anthropic.claude-"]),
        ("Haiku for classification in Stockholm", &["anthropic.claude-haiku-"]),
        (
            "Fable or Opus for agents in us-east-1",
            &["anthropic.claude-fable-", "anthropic.claude-opus-"],
        ),
    ];
    for (text, prefixes) in cases {
        let answer = ask(&knowledge, text);
        assert!(answer.best().is_some(), "{text}");
        for id in ids(&answer) {
            assert!(prefixes.iter().any(|prefix| id.starts_with(prefix)), "{text}: {id}");
        }
    }
}
