//! What is sent to the models of the bundled rules.

use serde_json::json;

use super::super::super::{Facts, Repair, fit};
use super::*;

/// What is sent to a model of the bundled rules.
fn sent(id: &str, request: &Request, lessons: &[Lesson]) -> (Value, Option<u64>, Vec<String>) {
    let known = rockpick_knowledge::bundled();
    let catalog = &known.catalog;
    let model = catalog.index_of(id).map(|index| catalog.model(index));
    let facts = Facts {
        model,
        lessons,
        thinking: catalog.thinking_fields(id),
        ways: catalog.ways_of_thinking(),
        quirks: catalog.quirks(id),
        ..Facts::default()
    };
    let (request, repairs) = fit(request, &facts).expect("it fits");
    let fields = request.extra.get(MORE_FIELDS).cloned().unwrap_or_default();
    (fields, request.max_tokens, repairs.iter().map(Repair::to_string).collect())
}

/// A request with fields of a saved body.
fn saved(fields: Value) -> Request {
    let mut request = Request::new("hi");
    request.extra.insert(MORE_FIELDS.to_owned(), fields);
    request
}

fn with(effort: Effort) -> Request {
    Request { effort: Some(effort), ..Request::new("hi") }
}

const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

#[test]
fn every_family_is_asked_in_its_own_fields() {
    let adaptive = |effort: &str| json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}});
    for (id, effort, fields, changed) in [
        ("anthropic.claude-opus-4-8", Effort::High, adaptive("high"), false),
        ("anthropic.claude-sonnet-4-6", Effort::None, Value::Null, false),
        ("anthropic.claude-sonnet-4-6", Effort::Minimal, adaptive("low"), true),
        (
            "anthropic.claude-sonnet-4-6",
            Effort::On,
            json!({"thinking": {"type": "adaptive"}}),
            false,
        ),
        (
            HAIKU,
            Effort::High,
            json!({"thinking": {"type": "enabled", "budget_tokens": 16_384}}),
            false,
        ),
        (
            HAIKU,
            Effort::On,
            json!({"thinking": {"type": "enabled", "budget_tokens": 8_192}}),
            false,
        ),
        (
            "anthropic.claude-opus-4-5-20251101-v1:0",
            Effort::Low,
            json!({"thinking": {"type": "enabled", "budget_tokens": 2_048}}),
            false,
        ),
        (
            "amazon.nova-2-lite-v1:0",
            Effort::Medium,
            json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"}}),
            false,
        ),
        ("openai.gpt-6-luna", Effort::Low, json!({"reasoning": {"effort": "low"}}), false),
        ("openai.gpt-6-luna", Effort::None, json!({"reasoning": {"effort": "none"}}), false),
        ("openai.gpt-6-astra", Effort::None, json!({"reasoning": {"effort": "low"}}), true),
        ("openai.gpt-oss-120b-1:0", Effort::High, json!({"reasoning_effort": "high"}), false),
        ("openai.gpt-oss-120b-1:0", Effort::Max, json!({"reasoning_effort": "high"}), true),
        ("anthropic.claude-opus-9-new", Effort::High, adaptive("high"), false),
        ("amazon.nova-pro-v1:0", Effort::High, Value::Null, true),
        ("amazon.nova-pro-v1:0", Effort::None, Value::Null, false),
    ] {
        let (found, _, repairs) = sent(id, &with(effort), &[]);
        assert_eq!((&found, !repairs.is_empty()), (&fields, changed), "{id} {effort}: {repairs:?}");
    }
}

#[test]
fn a_budget_leaves_room_for_the_answer() {
    let (_, most, _) = sent(HAIKU, &with(Effort::High), &[]);
    assert!(most.is_some_and(|most| most > 16_384), "{most:?}");
    let short = Request { max_tokens: Some(3_000), ..with(Effort::High) };
    assert_eq!(sent(HAIKU, &short, &[]).0["thinking"]["budget_tokens"], 1_976);
    let none = Request { max_tokens: Some(1_500), ..with(Effort::High) };
    let (fields, _, repairs) = sent(HAIKU, &none, &[]);
    assert_eq!((fields, repairs.len()), (Value::Null, 1));
}

#[test]
fn nova_has_no_bound_at_high_unless_somebody_sets_one() {
    let id = "amazon.nova-2-lite-v1:0";
    let (fields, most, _) = sent(id, &with(Effort::High), &[]);
    assert_eq!((&fields["reasoningConfig"]["maxReasoningEffort"], most), (&json!("high"), None));
    let bounded = Request { max_tokens: Some(500), ..with(Effort::High) };
    let (fields, most, repairs) = sent(id, &bounded, &[]);
    assert_eq!(
        (&fields["reasoningConfig"]["maxReasoningEffort"], most),
        (&json!("medium"), Some(500))
    );
    assert_eq!(repairs.len(), 1);
}

#[test]
fn a_body_for_another_model_is_rewritten_and_one_for_this_model_stays() {
    let body = |fields: Value| {
        let mut request = Request { max_tokens: Some(8_000), ..Request::new("hi") };
        request.extra.insert(MORE_FIELDS.to_owned(), fields);
        request
    };
    let enabled =
        json!({"thinking": {"type": "enabled", "budget_tokens": 4_000}, "anthropic_beta": ["x"]});
    let (fields, _, repairs) = sent("anthropic.claude-opus-4-8", &body(enabled.clone()), &[]);
    let adaptive = json!({"anthropic_beta": ["x"], "thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}});
    assert_eq!((fields, repairs.len()), (adaptive.clone(), 1));
    let (fields, _, repairs) = sent(HAIKU, &body(enabled.clone()), &[]);
    assert_eq!((fields["thinking"].clone(), repairs.len()), (enabled["thinking"].clone(), 0));
    let (fields, _, repairs) = sent("anthropic.claude-opus-4-8", &body(adaptive.clone()), &[]);
    assert_eq!((fields, repairs.len()), (adaptive, 0));
    let (fields, _, repairs) =
        sent("openai.gpt-6-luna", &body(json!({"reasoning_effort": "high"})), &[]);
    assert_eq!((fields, repairs.len()), (json!({"reasoning": {"effort": "high"}}), 1));
    let (fields, ..) = sent(
        "anthropic.claude-opus-4-8",
        &body(json!({"output_config": {"effort": "low", "format": {}}})),
        &[],
    );
    assert_eq!(fields, json!({"output_config": {"effort": "low", "format": {}}}));
}

#[test]
fn what_thinking_forbids_is_left_out_and_what_forbids_thinking_wins() {
    let warm = Request { temperature: Some(0.2), top_p: Some(0.99), ..with(Effort::High) };
    let (fields, _, repairs) = sent(HAIKU, &warm, &[]);
    assert!(fields["thinking"].is_object() && repairs.len() == 1, "{repairs:?}");
    let forced = Request { tool_choice: Some(json!({"any": {}})), ..with(Effort::High) };
    assert_eq!(sent(HAIKU, &forced, &[]).0, Value::Null);
    assert!(
        forbids_thinking(&forced)
            && forbids_thinking(&warm)
            && !forbids_thinking(&with(Effort::High))
    );
}

#[test]
fn the_effort_of_a_choice_takes_nothing_away() {
    let known = rockpick_knowledge::bundled();
    let catalog = &known.catalog;
    let model = catalog.index_of(HAIKU).map(|index| catalog.model(index));
    let thinking = catalog.thinking_fields(HAIKU);
    let facts = Facts {
        model,
        thinking,
        effort: Some(Effort::On),
        ways: catalog.ways_of_thinking(),
        ..Facts::default()
    };
    let (plain, _) = fit(&Request::new("hi"), &facts).expect("it fits");
    assert!(plain.extra.contains_key(MORE_FIELDS));
    let warm = Request { temperature: Some(0.2), ..Request::new("hi") };
    let (warm, repairs) = fit(&warm, &facts).expect("it fits");
    assert!(
        warm.temperature.is_some() && !warm.extra.contains_key(MORE_FIELDS) && repairs.is_empty(),
        "{repairs:?}"
    );
}

#[test]
fn a_refusal_that_names_the_cure_is_heard() {
    let lessons = [Lesson::ThinksBy("claude-budget".into())];
    assert_eq!(
        sent("anthropic.claude-opus-9", &with(Effort::Low), &lessons).0["thinking"]["budget_tokens"],
        2_048
    );
    let lessons = [Lesson::Efforts(vec![Effort::Low, Effort::Medium])];
    assert_eq!(
        sent("openai.gpt-9", &with(Effort::Max), &lessons).0["reasoning"]["effort"],
        "medium"
    );
    assert_eq!(sent("openai.gpt-9", &with(Effort::Max), &[Lesson::NoThinking]).0, Value::Null);
}

#[test]
fn what_no_model_takes_as_it_is_is_rewritten_with_a_word() {
    let enabled = json!({"thinking": {"type": "enabled"}});
    let adaptive = json!({"thinking": {"type": "adaptive"}});
    let budget = |tokens: u64| json!({"thinking": {"type": "enabled", "budget_tokens": tokens}});
    let config = json!({"reasoningConfig": {"type": "enabled"}});
    let off = json!({"reasoning_config": {"type": "disabled"}});
    let nova = json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"}});
    for (id, given, fields) in [
        (HAIKU, enabled.clone(), budget(8_192)),
        ("anthropic.claude-opus-4-1-20250805-v1:0", enabled.clone(), budget(8_192)),
        ("anthropic.claude-opus-4-5-20251101-v1:0", enabled.clone(), budget(8_192)),
        ("anthropic.claude-sonnet-4-6", enabled.clone(), adaptive.clone()),
        ("anthropic.claude-opus-4-8", enabled, adaptive.clone()),
        (HAIKU, budget(500), budget(1_024)),
        (HAIKU, json!({"thinking": {"type": "enabled", "budget_tokens": "4000"}}), budget(4_000)),
        ("amazon.nova-2-lite-v1:0", config.clone(), nova),
        ("amazon.nova-pro-v1:0", config.clone(), Value::Null),
        ("anthropic.claude-sonnet-4-6", config.clone(), adaptive),
        (HAIKU, config, budget(8_192)),
        ("openai.gpt-6-luna", off.clone(), json!({"reasoning": {"effort": "none"}})),
        ("anthropic.claude-haiku-5-5", off.clone(), Value::Null),
        ("anthropic.claude-fable-5", off, Value::Null),
        (
            "openai.gpt-6-luna",
            json!({"reasoning": {"effort": "High"}}),
            json!({"reasoning": {"effort": "high"}}),
        ),
    ] {
        let (found, _, repairs) = sent(id, &saved(given.clone()), &[]);
        assert_eq!((&found, repairs.is_empty()), (&fields, false), "{id} {given}: {repairs:?}");
    }
}

#[test]
fn none_stays_none_whatever_effort_was_chosen() {
    let catalog = &rockpick_knowledge::bundled().catalog;
    for id in ["anthropic.claude-haiku-5-5", "openai.gpt-6-luna"] {
        let model = catalog.index_of(id).map(|index| catalog.model(index));
        let (thinking, ways) = (catalog.thinking_fields(id), catalog.ways_of_thinking());
        let facts = Facts { model, thinking, effort: Some(Effort::Low), ways, ..Facts::default() };
        let (request, repairs) =
            fit(&saved(json!({"reasoning_config": {"type": "disabled"}})), &facts)
                .expect("it fits");
        assert!(
            !format!("{:?}", request.extra).contains("low") && !repairs.is_empty(),
            "{id} {:?}",
            request.extra
        );
    }
}

#[test]
fn nothing_of_a_thinking_field_goes_without_a_word() {
    let summary = json!({"reasoning": {"effort": "low", "summary": "auto"}});
    let (fields, _, repairs) = sent("anthropic.claude-sonnet-4-6", &saved(summary.clone()), &[]);
    assert_eq!(
        fields,
        json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}})
    );
    assert!(repairs.iter().any(|repair| repair.contains("`reasoning.summary`")), "{repairs:?}");
    let (fields, _, repairs) = sent("openai.gpt-6-luna", &saved(summary.clone()), &[]);
    assert_eq!(
        (fields, repairs.len()),
        (json!({"reasoning": {"summary": "auto", "effort": "low"}}), 0)
    );
    let shown = json!({"thinking": {"type": "adaptive", "display": "omitted"}, "output_config": {"effort": "low"}});
    let (fields, _, repairs) = sent("anthropic.claude-sonnet-4-6", &saved(shown.clone()), &[]);
    assert_eq!((fields, repairs.len()), (shown, 0));
    let short = Request {
        max_tokens: Some(3_000),
        ..saved(json!({"thinking": {"type": "enabled", "budget_tokens": 4_000}}))
    };
    let (fields, _, repairs) = sent(HAIKU, &short, &[]);
    assert_eq!((&fields["thinking"]["budget_tokens"], repairs.len()), (&json!(1_976), 1));
}

#[test]
fn efforts_that_nobody_knows_are_named_with_those_there_are() {
    for id in [
        "anthropic.claude-opus-4-8",
        HAIKU,
        "openai.gpt-6-luna",
        "openai.gpt-oss-120b-1:0",
        "amazon.nova-pro-v1:0",
        "zai.glm-5",
    ] {
        let catalog = &rockpick_knowledge::bundled().catalog;
        let model = catalog.index_of(id).map(|index| catalog.model(index));
        let facts = Facts {
            model,
            thinking: catalog.thinking_fields(id),
            ways: catalog.ways_of_thinking(),
            ..Facts::default()
        };
        for fields in
            [json!({"reasoning_effort": "ultra"}), json!({"output_config": {"effort": 3}})]
        {
            let why = fit(&saved(fields.clone()), &facts).expect_err("it is refused");
            assert!(
                why.contains("none, minimal, low, medium, high, xhigh, max, on"),
                "{id} {fields}: {why}"
            );
        }
    }
}

#[test]
fn the_field_of_one_providers_betas_is_sent_to_it_alone() {
    let betas = || saved(json!({"anthropic_beta": ["x"]}));
    assert_eq!(
        sent("anthropic.claude-opus-4-8", &betas(), &[]).0,
        json!({"anthropic_beta": ["x"]})
    );
    let (fields, _, repairs) = sent("openai.gpt-6-luna", &betas(), &[]);
    assert_eq!((fields, repairs.len()), (Value::Null, 1));
}
