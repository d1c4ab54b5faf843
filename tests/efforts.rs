//! The unit of choice is an offer at an effort: price and quality stand for the same one, the Region's geography is kept, and
//! nothing weak is called good.

use jiff::civil::{Date, date};
use rockpick::catalog::Destinations;
use rockpick::recommend::Standing;
use rockpick::rules::Grade;
use rockpick::task::{Effort, Preference, Route, Task};
use rockpick::{Knowledge, Recommender};

const TODAY: Date = date(2026, 11, 30);

/// Every category from every Region, by each of the preferences that matter here.
fn everywhere(
    knowledge: &Knowledge,
    mut check: impl FnMut(&rockpick::recommend::Recommendation<'_>),
) {
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    for category in knowledge.rules.categories() {
        for region in knowledge.catalog.regions() {
            for (preference, global) in [
                (None, None),
                (Some(Preference::Quality), None),
                (Some(Preference::Speed), None),
                (None, Some(true)),
            ] {
                let mut task = Task::new("", TODAY);
                task.category = Some(category.name.clone());
                task.preference = preference;
                task.constraints.global = global;
                task.constraints.regions.extend(knowledge.catalog.region(&region.code));
                check(&recommender.recommend(&task));
            }
        }
    }
}

#[test]
fn price_and_quality_stand_for_one_effort() {
    let knowledge = rockpick::bundled();
    everywhere(&knowledge, |answer| {
        for choice in answer.ranked() {
            let model = knowledge.catalog.model(choice.model);
            let level = model.thinking.levels()[choice.level];
            assert_eq!(level.effort, choice.effort, "{}", model.id);
            let billed = answer.filter().expect("a category").usage_at(&level);
            assert_eq!(choice.usage, billed, "{}", model.id);
            let cost = knowledge
                .catalog
                .price(choice.offer)
                .and_then(|price| price.cost(answer.filter()?.tier(), billed));
            assert_eq!(choice.cost, cost, "{}", model.id);
            let own = answer
                .category()
                .and_then(|category| category.evidence(choice.model)?.at(choice.level));
            assert_eq!(choice.quality, own, "{}", model.id);
            if let Some(quality) = choice.quality.filter(|quality| !quality.predicted) {
                assert_eq!(quality.measured_at, choice.effort, "{}", model.id);
            }
        }
    });
}

#[test]
fn a_model_stands_once_and_one_with_efforts_names_its_own() {
    let knowledge = rockpick::bundled();
    everywhere(&knowledge, |answer| {
        let mut models: Vec<_> = answer.ranked().iter().map(|choice| choice.model).collect();
        models.sort_unstable();
        models.dedup();
        assert_eq!(models.len(), answer.ranked().len());
        for choice in answer.ranked() {
            let thinking = &knowledge.catalog.model(choice.model).thinking;
            assert_eq!(
                choice.effort.is_some(),
                thinking.takes_efforts(),
                "{}",
                knowledge.catalog.model(choice.model).id
            );
        }
    });
}

#[test]
fn a_region_keeps_the_choice_in_its_geography_unless_global_is_allowed() {
    let knowledge = rockpick::bundled();
    everywhere(&knowledge, |answer| {
        if answer.understanding.constraints.global == Some(true) {
            return;
        }
        for choice in answer.ranked() {
            assert!(
                choice.offer.route != Route::Global
                    && choice.offer.destinations != Destinations::AnyCommercial
            );
        }
        if let Some(global) = answer.with_global() {
            assert_eq!(global.offer.route, Route::Global);
            assert!(
                answer.best().is_none_or(|best| answer.grade(best) == Grade::Weak),
                "it stands beside a weak choice"
            );
        }
    });
}

#[test]
fn nothing_weak_or_unmeasured_is_called_good() {
    let knowledge = rockpick::bundled();
    everywhere(&knowledge, |answer| {
        for choice in answer.ranked().iter().filter(|choice| choice.standing == Standing::Good) {
            let grade = answer.grade(choice);
            assert!(
                !matches!(grade, Grade::Weak | Grade::NotMeasured),
                "{}",
                knowledge.catalog.model(choice.model).id
            );
            let quality = choice.quality.expect("measured");
            assert!(
                quality.low >= answer.floor()
                    && quality.low <= quality.value
                    && quality.value <= quality.high
            );
        }
    });
}

#[test]
fn a_budget_does_not_lower_what_good_means() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let mut task = Task::new("", TODAY);
    task.category = Some("chatbot".into());
    task.constraints.regions.extend(knowledge.catalog.region("us-east-1"));
    let floor = recommender.recommend(&task).floor();
    let usd = rockpick::money::Usd::parse("0.0001").expect("an amount");
    task.constraints.max_cost =
        Some(rockpick::task::Budget { usd, per: rockpick::task::Per::Request });
    let poor = recommender.recommend(&task);
    assert!(!poor.ranked().is_empty() && (poor.floor() - floor).abs() < f32::EPSILON);
    assert!(
        poor.ranked().iter().all(|choice| choice.standing != Standing::Good),
        "so little buys nothing good"
    );
}

#[test]
fn an_effort_that_is_asked_for_is_the_only_one() {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let mut task = Task::new("", TODAY);
    task.category = Some("code".into());
    task.constraints.regions.extend(knowledge.catalog.region("us-east-1"));
    task.constraints.effort = Some(Effort::High);
    let high = recommender.recommend(&task);
    assert!(
        high.best().is_some()
            && high
                .ranked()
                .iter()
                .all(|choice| matches!(choice.effort, Some(Effort::High | Effort::On)))
    );
    task.constraints.effort = Some(Effort::None);
    let none = recommender.recommend(&task);
    assert!(none.ranked().iter().all(|choice| choice.usage.thinking == 0));
    assert!(
        none.ranked().iter().any(|choice| choice.effort.is_none()),
        "a model that never thinks does not think"
    );
    task.constraints.effort = None;
    task.constraints.no_thinking = true;
    let still = recommender.recommend(&task);
    assert!(
        still.best().is_some() && still.ranked().iter().all(|choice| choice.usage.thinking == 0)
    );
}

#[test]
fn more_thinking_costs_more_and_is_not_worse() {
    let knowledge = rockpick::bundled();
    for model in knowledge.catalog.models() {
        for pair in model.thinking.levels().windows(2) {
            assert!(
                pair[0].tokens <= pair[1].tokens && pair[0].behind >= pair[1].behind,
                "{}",
                model.id
            );
        }
    }
}

#[test]
fn speed_is_a_known_wait_or_said_not_to_be_known() {
    let knowledge = rockpick::bundled();
    everywhere(&knowledge, |answer| {
        if answer.understanding.preference != Preference::Speed {
            return;
        }
        if let Some(best) = answer.best() {
            let codes: Vec<&str> = answer.reasons(best).iter().map(|reason| reason.code).collect();
            assert!(best.wait.is_some() || !codes.contains(&"fastest"));
            let told = if best.wait.is_some() { "speed" } else { "no-speed-data" };
            assert!(answer.warnings().iter().any(|warning| warning.code == told));
        }
    });
}
