//! Whatever is asked, the answer holds by the facts as they stand in `rules/`, read here without the library.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;

use jiff::civil::{Date, date};
use rockpick::Recommender;
use rockpick::catalog::Destinations;
use rockpick::money::Usd;
use rockpick::recommend::Reason;
use rockpick::task::{Budget, Per, Preference, Task};
use toml::{Table, Value};

const TODAY: Date = date(2026, 11, 21);
/// Places that data can be kept in, and the countries of their Regions.
const RESIDENCIES: &[(&str, &[&str])] = &[
    ("eu", &["de", "se", "it", "es", "ie", "fr"]),
    ("de", &["de"]),
    ("es", &["es"]),
    ("fr", &["fr"]),
    ("uk", &["uk"]),
    ("ch", &["ch"]),
    ("us", &["us"]),
    ("ca", &["ca"]),
    ("jp", &["jp"]),
    ("au", &["au"]),
    ("in", &["in"]),
    ("br", &["br"]),
    ("kr", &["kr"]),
    ("sg", &["sg"]),
    ("pt", &[]),
];

/// What the files say: the destinations of every id that can be called from a Region; `None` = any commercial Region or unknown.
struct Facts {
    callable: HashMap<(String, String), Option<BTreeSet<String>>>,
    eol: HashMap<String, String>,
    ids: BTreeSet<String>,
    countries: BTreeMap<String, String>,
}

fn read(path: &str) -> Table {
    let path = format!("{}/rules/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).expect(&path).parse().expect(&path)
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let array = value.and_then(Value::as_array);
    array.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn facts() -> Facts {
    let mut facts = Facts {
        callable: HashMap::new(),
        eol: HashMap::new(),
        ids: BTreeSet::new(),
        countries: BTreeMap::new(),
    };
    for (code, region) in read("regions.toml") {
        facts.countries.insert(code, region["country"].as_str().expect("a country").to_owned());
    }
    let models = format!("{}/rules/models", env!("CARGO_MANIFEST_DIR"));
    for file in fs::read_dir(models).expect("the models") {
        let name = file.expect("a file").file_name().into_string().expect("a name");
        for (id, model) in read(&format!("models/{name}")) {
            facts.ids.insert(id.clone());
            if let Some(eol) = model["lifecycle"].get("eol") {
                facts.eol.insert(id.clone(), eol.as_datetime().expect("a date").to_string());
            }
            for access in ["access", "inferred"].iter().filter_map(|table| model.get(table)) {
                for region in
                    ["in-region", "mantle"].iter().flat_map(|key| strings(access.get(key)))
                {
                    let own = Some(BTreeSet::from([region.clone()]));
                    facts.callable.insert((region, id.clone()), own);
                }
            }
        }
    }
    for profile in read("profiles.toml").values() {
        let prefix = profile["prefix"].as_str().expect("a prefix");
        for route in profile["routes"].as_array().expect("routes") {
            let to: BTreeSet<String> = strings(route.get("to")).into_iter().collect();
            let to = if to.is_empty() || to.contains("*") { None } else { Some(to) };
            for model in strings(profile.get("models")) {
                for region in strings(route.get("from")) {
                    facts.callable.insert((region, format!("{prefix}.{model}")), to.clone());
                }
            }
        }
    }
    facts
}

/// Every Region with every category and every residency, for one preference.
fn every_answer_holds(preference: Preference) {
    let facts = facts();
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let recommender = Recommender::new(catalog, &knowledge.rules);
    let residencies: Vec<_> = [None].into_iter().chain(RESIDENCIES.iter().map(Some)).collect();
    let mut answered = 0;
    for region in catalog.regions() {
        for category in knowledge.rules.categories() {
            for residency in &residencies {
                let mut task = Task::new("", TODAY);
                task.category = Some(category.name.clone());
                task.preference = Some(preference);
                task.constraints.regions.extend(catalog.region(&region.code));
                task.constraints.residency =
                    residency.map(|(place, _)| catalog.residency(place).expect(place));
                let answer = recommender.recommend(&task);
                let ranked: HashSet<_> =
                    answer.ranked().iter().map(|choice| choice.model).collect();
                assert_eq!(ranked.len(), answer.ranked().len(), "a model is ranked once");
                for choice in answer.ranked() {
                    answered += 1;
                    let id = catalog.invoke_id(choice.offer).into_owned();
                    let asked = format!(
                        "{id} for {} in {} staying in {residency:?}",
                        category.name, region.code
                    );
                    let destinations = facts
                        .callable
                        .get(&(region.code.clone(), id))
                        .unwrap_or_else(|| panic!("not callable: {asked}"));
                    if let Some(eol) = facts.eol.get(&catalog.model(choice.model).id) {
                        assert!(eol.as_str() > TODAY.to_string().as_str(), "gone: {asked}");
                    }
                    if let Some((_, countries)) = residency {
                        let destinations = destinations
                            .as_ref()
                            .unwrap_or_else(|| panic!("may go anywhere: {asked}"));
                        assert!(
                            destinations
                                .iter()
                                .all(|to| countries.contains(&facts.countries[to].as_str())),
                            "leaves: {asked}"
                        );
                    }
                }
            }
        }
    }
    assert!(answered > 10_000, "only {answered} offers were checked");
}

#[test]
fn every_choice_holds_when_cost_matters() {
    every_answer_holds(Preference::Cost);
}

#[test]
fn every_choice_holds_when_quality_matters() {
    every_answer_holds(Preference::Quality);
}

#[test]
fn every_choice_holds_when_speed_matters() {
    every_answer_holds(Preference::Speed);
}

#[test]
fn every_choice_holds_in_balance() {
    every_answer_holds(Preference::Balanced);
}

#[test]
fn ranked_and_rejected_cover_the_catalog() {
    let facts = facts();
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let recommender = Recommender::new(catalog, &knowledge.rules);
    for region in catalog.regions() {
        for category in knowledge.rules.categories() {
            let mut task = Task::new("", TODAY);
            task.category = Some(category.name.clone());
            task.constraints.regions.extend(catalog.region(&region.code));
            let answer = recommender.recommend(&task);
            let mut ids: Vec<String> = answer
                .ranked()
                .iter()
                .map(|choice| catalog.model(choice.model).id.clone())
                .collect();
            for (model, reasons) in answer.rejected() {
                assert!(
                    !reasons.is_empty(),
                    "{} is rejected without a reason",
                    catalog.model(model).id
                );
                ids.push(catalog.model(model).id.clone());
            }
            ids.sort();
            assert!(ids.iter().eq(facts.ids.iter()), "{} in {}", category.name, region.code);
        }
    }
}

#[test]
fn no_choice_costs_more_than_the_budget() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let recommender = Recommender::new(catalog, &knowledge.rules);
    for (amount, per) in [
        ("0.0005", Per::Request),
        ("20", Per::Month),
        ("1", Per::MillionTokens),
        ("0.05", Per::Image),
    ] {
        let usd = Usd::parse(amount).expect(amount);
        for region in catalog.regions() {
            for category in knowledge.rules.categories() {
                let mut task = Task::new("", TODAY);
                task.category = Some(category.name.clone());
                task.constraints.regions.extend(catalog.region(&region.code));
                task.constraints.per_month = Some(10_000);
                task.constraints.max_cost = Some(Budget { usd, per });
                let answer = recommender.recommend(&task);
                let filter = answer.filter().expect("a category");
                for choice in answer.ranked() {
                    let cost = choice.cost.expect("what is within a budget has a price");
                    let spent = filter.measured(cost, per).expect("a cost in the budget's unit");
                    assert!(spent <= usd, "{spent} is over {usd} per {per}");
                    assert_eq!(
                        catalog
                            .price(choice.offer)
                            .and_then(|price| price.cost(filter.tier(), choice.usage)),
                        Some(cost)
                    );
                }
                for (model, reasons) in answer.rejected() {
                    let only_money = reasons.len() == 1 && reasons.contains(Reason::OverBudget);
                    let least = filter.least_spent(model);
                    assert!(
                        !only_money || least.is_none_or(|least| least > usd),
                        "{} fits",
                        catalog.model(model).id
                    );
                }
            }
        }
    }
}

#[test]
fn a_profile_that_leaves_the_union_is_not_in_the_union() {
    let knowledge = rockpick::bundled();
    let catalog = &knowledge.catalog;
    let eu = catalog.residency("eu").expect("the EU");
    for code in ["eu-west-2", "eu-central-2"] {
        let region = catalog.region(code).expect(code);
        let outside = |offer: &&rockpick::catalog::Offer| {
            offer.region == region
                && matches!(offer.destinations, Destinations::Regions(own) if own.contains(region))
        };
        assert!(
            catalog
                .offers()
                .iter()
                .filter(outside)
                .all(|offer| !offer.destinations.are_within(eu.regions)),
            "{code}"
        );
    }
}
