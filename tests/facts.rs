//! What the bundled facts say and do not say: absence, inferred offers, life cycles, features by API, odd prices.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use jiff::civil::{Date, date};
use rockpick::catalog::{Model, Offer};
use rockpick::recommend::{Filter, Reason, Reasons};
use rockpick::task::{
    Api, Constraints, Feature, FeatureSet, Interface, Lifetime, ModelIndex, RegionSet, Route, Task,
    Tier,
};
use rockpick::{Knowledge, Recommender};

const TODAY: Date = date(2026, 11, 30);
const GOV: [&str; 2] = ["us-gov-east-1", "us-gov-west-1"];

fn index(knowledge: &Knowledge, id: &str) -> ModelIndex {
    knowledge.catalog.index_of(id).unwrap_or_else(|| panic!("no model {id}"))
}

fn region(knowledge: &Knowledge, code: &str) -> RegionSet {
    RegionSet::only(knowledge.catalog.region(code).expect(code))
}

/// What stands against a model for a chatbot under some constraints.
fn against(knowledge: &Knowledge, id: &str, as_of: Date, constraints: Constraints) -> Reasons {
    let mut task = Task::new("", as_of);
    task.category = Some("chatbot".to_owned());
    task.constraints = constraints;
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    answer.filter().expect("a category").reasons(index(knowledge, id))
}

fn in_region(knowledge: &Knowledge, code: &str) -> Constraints {
    Constraints { regions: region(knowledge, code), ..Constraints::default() }
}

fn offers<'a>(knowledge: &'a Knowledge, id: &str, code: &str) -> &'a [Offer] {
    let region = knowledge.catalog.region(code).expect(code);
    knowledge.catalog.offers_from(index(knowledge, id), region)
}

#[test]
fn absence_is_a_fact_only_where_a_scan_looked_and_not_for_long() {
    let knowledge = rockpick::bundled();
    let reason = |id, code, as_of| against(&knowledge, id, as_of, in_region(&knowledge, code));
    let model = "anthropic.claude-opus-4-8";
    for (code, as_of, expected) in
        [("us-gov-west-1", TODAY, None), ("me-south-1", TODAY, Some(Reason::ReachUnknown))]
    {
        let reasons = reason(model, code, as_of);
        assert!(!reasons.contains(Reason::NotInRegion), "{code}");
        assert!(expected.is_none_or(|expected| reasons.contains(expected)), "{code}");
    }
    // Nova Micro is in no scan of Milan, and was there to be seen.
    let nova = "amazon.nova-2-multimodal-embeddings-v1:0";
    assert!(reason(nova, "eu-south-1", TODAY).contains(Reason::NotInRegion));
    assert!(
        reason(nova, "eu-south-1", date(2027, 1, 25)).contains(Reason::NotInRegion),
        "90 days after the scan"
    );
    let later = reason(nova, "eu-south-1", date(2027, 1, 26));
    assert!(
        later.contains(Reason::ReachUnknown) && !later.contains(Reason::NotInRegion),
        "{later:?}"
    );
}

#[test]
fn what_no_scan_covers_never_cannot_be_called() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for code in GOV.iter().chain(&["me-central-1", "me-south-1"]) {
        for model in catalog.models() {
            let reasons = against(&knowledge, &model.id, TODAY, in_region(&knowledge, code));
            assert!(!reasons.contains(Reason::NotInRegion), "{} from {code}", model.id);
        }
    }
}

#[test]
fn unknown_is_not_admitted_by_allow_unknown() {
    let knowledge = rockpick::bundled();
    let wanted = Constraints { allow_unknown: true, ..in_region(&knowledge, "me-south-1") };
    assert!(
        against(&knowledge, "anthropic.claude-opus-4-8", TODAY, wanted)
            .contains(Reason::ReachUnknown)
    );
}

#[test]
fn a_price_speaks_for_an_offer_only_where_no_scan_does() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let scanned =
        catalog.sources().iter().fold(RegionSet::EMPTY, |all, source| all.or(source.scans));
    assert_eq!(scanned.len(), 31);
    for offer in catalog.offers().iter().filter(|offer| offer.inferred) {
        let id = catalog.invoke_id(offer);
        assert!(!scanned.contains(offer.region), "{id} from {}", catalog.code(offer.region));
        let price =
            catalog.price(offer).unwrap_or_else(|| panic!("{id} is inferred from no price"));
        assert!(!price.estimated, "{id}");
    }
    let tokyo = offers(&knowledge, "anthropic.claude-opus-5", "ap-northeast-1");
    assert!(!tokyo.is_empty() && tokyo.iter().all(|offer| catalog.prefix(offer) != Some("jp")));
}

#[test]
fn govcloud_has_what_its_prices_name() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for (id, invoke_id, input, output) in [
        ("anthropic.claude-opus-4-8", "us-gov.anthropic.claude-opus-4-8", "6", "30"),
        ("anthropic.claude-opus-5-5", "us-gov.anthropic.claude-opus-5-5", "4.8", "24"),
        ("anthropic.claude-sonnet-5-5", "us-gov.anthropic.claude-sonnet-5-5", "2.4", "12"),
        ("openai.gpt-oss-120b-1:0", "us-gov.openai.gpt-oss-120b-1:0", "0.18", "0.72"),
        ("nvidia.nemotron-super-3-120b", "us-gov.nvidia.nemotron-super-3-120b", "0.18", "0.78"),
        ("nvidia.nemotron-nano-3-30b", "us-gov.nvidia.nemotron-nano-3-30b", "0.072", "0.288"),
        ("xai.grok-4.6", "us-gov.xai.grok-4.6", "2.64", "7.92"),
        (
            "amazon.nova-2-multimodal-embeddings-v1:0",
            "amazon.nova-2-multimodal-embeddings-v1:0",
            "0.162",
            "",
        ),
    ] {
        let offer = offers(&knowledge, id, "us-gov-west-1")
            .iter()
            .find(|offer| catalog.invoke_id(offer) == invoke_id);
        let offer = offer.unwrap_or_else(|| panic!("{invoke_id}"));
        assert!(offer.inferred, "{invoke_id}");
        let rates =
            catalog.price(offer).and_then(|price| price.rates(Tier::Standard)).expect(invoke_id);
        let million = |rate: Option<rockpick::money::Usd>| {
            rate.map(|rate| rate.million().to_decimal()).unwrap_or_default()
        };
        assert_eq!(
            (million(rates.input).as_str(), million(rates.output).as_str()),
            (input, output),
            "{invoke_id}"
        );
    }
    // What a scan lists there is no guess, and a profile is not offered by its bare id as well.
    assert!(
        offers(&knowledge, "amazon.nova-pro-v1:0", "us-gov-west-1")
            .iter()
            .all(|offer| !offer.inferred)
    );
    let sonnet = offers(&knowledge, "anthropic.claude-sonnet-4-5-20250929-v1:0", "us-gov-west-1");
    assert!(sonnet.iter().all(|offer| offer.route == Route::Geo && !offer.inferred));
    // No source gives the id by which a model is called that is known by profiles of other geographies only.
    assert!(offers(&knowledge, "moonshotai.kimi-k3", "us-gov-west-1").is_empty());
    let west = catalog.region("us-gov-west-1").expect("a Region");
    let live = |index: &ModelIndex| {
        let model = catalog.model(*index);
        let serves = catalog.offers_from(*index, west);
        !serves.is_empty() && model.lifecycle.eol.is_none_or(|eol| eol > TODAY)
    };
    let count = catalog.indices().filter(live).count();
    assert!((28..=40).contains(&count), "{count} live models in GovCloud (US-West)");
}

#[test]
fn govcloud_profiles_stay_in_govcloud() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let gov = GOV.iter().map(|code| catalog.region(code).expect(code)).collect();
    let profiles = catalog.offers().iter().filter(|offer| catalog.prefix(offer) == Some("us-gov"));
    assert!(profiles.clone().count() > 20);
    assert!(profiles.clone().all(|offer| offer.destinations.are_within(gov)));
}

#[test]
fn a_model_has_to_be_launched_and_to_last() {
    let knowledge = rockpick::bundled();
    let opus = "anthropic.claude-opus-5-5";
    assert!(
        against(&knowledge, opus, date(2026, 9, 21), Constraints::default())
            .contains(Reason::NotLaunched)
    );
    assert!(
        !against(&knowledge, opus, date(2026, 9, 22), Constraints::default())
            .contains(Reason::NotLaunched)
    );
    let lasting = |months, days| Constraints {
        min_lifetime: Some(Lifetime::For { months, days }),
        ..Constraints::default()
    };
    let ends = "meta.llama3-3-70b-instruct-v1:0"; // on 2027-03-30
    assert!(!against(&knowledge, ends, TODAY, lasting(4, 0)).contains(Reason::EndsTooSoon));
    assert!(against(&knowledge, ends, TODAY, lasting(4, 1)).contains(Reason::EndsTooSoon));
    // A floor that is not reached rejects nothing, but it is said.
    assert!(!against(&knowledge, opus, TODAY, lasting(12, 0)).contains(Reason::EndsTooSoon));
    let mut task = Task::new("", TODAY);
    task.category = Some("chatbot".to_owned());
    task.constraints = lasting(12, 0);
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    let filter = answer.filter().expect("a category");
    let unknown = |filter: &Filter<'_>, id| {
        filter.lifetime_unknown(index(&knowledge, id)).map(|told| told.text)
    };
    assert!(
        unknown(&filter, opus)
            .is_some_and(|text| text.contains("2027-09-22") && text.contains("2027-11-30"))
    );
    task.constraints = lasting(9, 0);
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    assert_eq!(
        unknown(&answer.filter().expect("a category"), opus),
        None,
        "the floor is 2027-09-22"
    );
}

#[test]
fn floors_and_launches_are_known() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let life = |id: &str| &catalog.model(index(&knowledge, id)).lifecycle;
    assert_eq!(life("openai.gpt-6-luna").eol_floor, Some(date(2027, 9, 22)));
    assert_eq!(life("xai.grok-4.7").eol_floor, Some(date(2027, 9, 28)));
    assert_eq!(life("anthropic.claude-opus-5-5").eol_floor, Some(date(2027, 9, 22)));
    assert_eq!(life("openai.gpt-5.6-sol").eol_floor, Some(date(2027, 7, 13)));
    assert_eq!(
        life("anthropic.claude-haiku-4-5-20251001-v1:0").eol_floor,
        Some(date(2026, 10, 16))
    );
    assert_eq!(life("zai.glm-4.7").legacy_since, Some(date(2026, 9, 30)));
    let active = |model: &&Model| model.lifecycle.eol.is_none();
    let without = |known: fn(&Model) -> bool| {
        catalog.models().iter().filter(active).filter(|model| !known(model)).count()
    };
    assert!(without(|model| model.launched.is_some()) <= 20, "launches");
    assert!(without(|model| model.lifecycle.eol_floor.is_some()) <= 20, "floors");
}

#[test]
fn an_end_by_region_holds_there_alone() {
    let knowledge = rockpick::bundled();
    let september = date(2026, 9, 1);
    let sonnet = "anthropic.claude-3-5-sonnet-20240620-v1:0";
    let reason = |code, as_of| against(&knowledge, sonnet, as_of, in_region(&knowledge, code));
    for code in ["ap-south-1", "ap-northeast-2", "ap-southeast-1"] {
        assert!(!reason(code, september).contains(Reason::Eol), "{code}");
        assert!(reason(code, date(2026, 10, 17)).contains(Reason::Eol), "{code}");
    }
    assert!(reason("us-east-1", september).contains(Reason::Eol));
    assert!(!reason("us-east-1", date(2026, 7, 29)).contains(Reason::Eol));
}

#[test]
fn a_cache_that_has_a_price_exists() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    for offer in catalog.offers() {
        let model = catalog.model(offer.model);
        let priced = catalog.price(offer).is_some_and(|price| price.standard.cache_read.is_some());
        if priced {
            assert_eq!(
                model.has(Feature::Caching),
                Some(true),
                "{} has a price for its cache",
                model.id
            );
        }
    }
}

#[test]
fn features_are_those_of_the_api_that_serves_an_offer() {
    let knowledge = rockpick::bundled();
    let wanted = |feature, api| Constraints {
        features: FeatureSet::only(feature),
        api,
        ..Constraints::default()
    };
    let fails = |id, feature, api| {
        let reasons = against(&knowledge, id, TODAY, wanted(feature, api));
        reasons.contains(Reason::FeatureMissing) || reasons.contains(Reason::FeatureUnknown)
    };
    for id in ["openai.gpt-6-luna", "openai.gpt-5.6-sol"] {
        assert!(fails(id, Feature::Caching, None), "{id}: Converse does not cache");
        assert!(!fails(id, Feature::Caching, Some(Api::Any)), "{id}: Responses does");
        assert!(!fails(id, Feature::Guardrails, None), "{id}");
        assert!(fails(id, Feature::Invoke, None), "{id}");
    }
    assert!(!fails("openai.gpt-6-luna", Feature::Json, None));
    assert!(fails("openai.gpt-5.6-sol", Feature::Json, None));
    assert!(!fails("xai.grok-4.7", Feature::Caching, None));
    // With any API, the offer taken is one by which the feature is served.
    let mut task = Task::new("", TODAY);
    task.category = Some("chatbot".to_owned());
    task.constraints = wanted(Feature::Caching, Some(Api::Any));
    task.constraints.models = vec![index(&knowledge, "openai.gpt-6-luna")];
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    let best = answer.best().expect("it fits");
    assert_eq!(best.offer.route, Route::Mantle);
    let api = answer.filter().and_then(|filter| filter.mantle_api(best.offer));
    assert_eq!(api, Some(Interface::Responses), "not the first of its APIs");
}

#[test]
fn invoke_is_never_assumed_of_a_model_that_talks() {
    let knowledge = rockpick::bundled();
    let known = |id: &str| knowledge.catalog.model(index(&knowledge, id)).has(Feature::Invoke);
    assert_eq!(known("openai.gpt-6-luna"), Some(false));
    assert_eq!(known("anthropic.claude-opus-5-5"), Some(true));
    assert_eq!(known("zai.glm-5.3"), None);
}

#[test]
fn limited_access_is_known() {
    let knowledge = rockpick::bundled();
    assert!(
        against(&knowledge, "zai.glm-5.3", TODAY, Constraints::default())
            .contains(Reason::LimitedAccess)
    );
}

#[test]
fn an_odd_price_stands_beside_the_estimate_and_the_newer_of_two_holds() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let price = |id: &str, code: &str| {
        let offer =
            offers(&knowledge, id, code).first().unwrap_or_else(|| panic!("{id} in {code}"));
        catalog.price(offer).unwrap_or_else(|| panic!("{id} in {code}"))
    };
    let titan = price("amazon.titan-embed-text-v2:0", "eu-central-1");
    assert!(titan.estimated);
    let odd = titan.listed.as_ref().and_then(|listed| listed.input).expect("a listed price");
    assert_eq!(odd.million().to_decimal(), "0.2");
    for (code, input) in [
        ("us-east-1", "0.14"),
        ("sa-east-1", "0.168"),
        ("eu-west-2", "0.217"),
        ("ap-southeast-2", "0.1442"),
    ] {
        let rates = price("qwen.qwen3-next-80b-a3b", code).rates(Tier::Standard).expect(code);
        assert_eq!(
            rates.input.map(|rate| rate.million().to_decimal()).as_deref(),
            Some(input),
            "{code}"
        );
    }
}
