//! `rockpick explain`.

#![cfg(feature = "cli")]

mod support;

use serde_json::Value;
use support::{run, run_unread, run_with};

/// The ids of the advice that the project began with.
const OLD_IDS: [&str; 6] = [
    "anthropic.claude-v2",
    "ai21.j2-ultra-v1",
    "cohere.command-text-v14",
    "stability.stable-diffusion-xl-v1",
    "mistral.mistral-7b-instruct-v0:2",
    "amazon.titan-text-express-v1",
];

fn explained(arguments: &[&str]) -> Value {
    run(&[&["explain", "-o", "json"], arguments].concat()).json()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn codes(reasons: &Value) -> Vec<&str> {
    list(reasons).iter().filter_map(|reason| reason["code"].as_str()).collect()
}

#[test]
fn old_ids_tell_what_follows_them_and_what_changes_in_a_call() {
    for id in OLD_IDS {
        for region in ["us-east-1", "eu-central-1", "eu-south-2", "sa-east-1"] {
            let answer = explained(&[id, "-r", region]);
            assert_eq!(answer["schema"], "rockpick.explain.v1");
            let migration = &answer["migration"];
            assert_eq!(migration["from"], id);
            assert!(
                migration["to"].is_string() && migration["successor_is"].is_string(),
                "{id}: {migration}"
            );
            let changes = codes(&migration["changes"]);
            for code in ["id", "api", "parameters", "system-prompt", "price"] {
                assert!(changes.contains(&code), "{id} from {region}: no {code} in {changes:?}");
            }
            // From a Region that the successor cannot be called from, it is said from where it can.
            let told = migration["changes"][0]["text"].as_str().expect("words");
            let callable =
                list(&migration["reach"]).iter().any(|way| !list(&way["from"]).is_empty());
            assert!(
                told.contains(if callable { region } else { "only from" }),
                "{id} from {region}: {told}"
            );
            let text = run(&["explain", id, "-r", region]);
            assert_eq!(text.code, 0);
            assert!(text.stdout.contains("Moving to "), "{}", text.stdout);
        }
    }
}

#[test]
fn a_retired_id_and_a_legacy_one_are_told_apart() {
    let gone = explained(&["anthropic.claude-v2"]);
    assert_eq!(gone["model"], Value::Null);
    assert_eq!(gone["retired"]["model"], "anthropic.claude-v2");
    let legacy = explained(&["mistral.mistral-7b-instruct-v0:2"]);
    assert_eq!(legacy["retired"], Value::Null);
    assert_eq!(legacy["model"]["lifecycle"]["status"], "legacy");
    assert!(legacy["model"]["lifecycle"]["days_left"].as_i64().is_some_and(|days| days > 0));
    let dated =
        ["explain", "mistral.mistral-7b-instruct-v0:2", "--as-of", "2028-01-01", "-o", "json"];
    let later: support::Run = support::rockpick(&dated).output().expect("a run").into();
    assert_eq!(later.json()["model"]["lifecycle"]["status"], "eol");
    assert_eq!(
        later.json()["ids"],
        Value::Array(Vec::new()),
        "calls fail, so there is no id to call"
    );
}

#[test]
fn pictures_outside_their_region_say_where_they_exist() {
    let text = run(&["explain", "stability.stable-diffusion-xl-v1", "-r", "eu-central-1"]).stdout;
    assert!(text.contains("cannot be called from eu-central-1"), "{text}");
    assert!(text.contains("only from us-west-2"), "{text}");
}

#[test]
fn a_model_has_many_names() {
    let names = [
        "amazon.nova-lite-v1:0",
        "eu.amazon.nova-lite-v1:0",
        "us.amazon.nova-lite-v1:0",
        "AMAZON.NOVA-LITE-V1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
        "amazon.nova-lite-v1:0:24k",
        "Nova Lite",
        "nova lite",
    ];
    for name in names {
        let answer = explained(&[name]);
        assert_eq!(answer["model"]["model"], "amazon.nova-lite-v1:0", "{name}");
        assert_eq!(answer["asked"], name);
        assert_eq!(answer["notes"], Value::Array(Vec::new()), "{name}");
    }
    assert_eq!(
        explained(&["Claude Haiku 4.5"])["model"]["alias_of"],
        Value::Null,
        "a name means what bedrock-runtime serves"
    );
    assert_eq!(explained(&["qwen3 32b"])["model"]["alias_of"], Value::Null);
    let unlisted = explained(&["global.amazon.nova-lite-v1:0"]);
    assert_eq!(unlisted["notes"][0], "no source lists the profile global.amazon.nova-lite-v1:0");
}

#[test]
fn names_that_mean_nothing_or_much_are_refused() {
    run(&["explain", "amazon.nova-light-v1:0"]).refused(&[
        "there is no model `amazon.nova-light-v1:0`",
        "did you mean `amazon.nova-lite-v1:0`?",
    ]);
    run(&["explain", "nova-lita"]).refused(&["did you mean `"]);
    run(&["explain", "xyzzy"]).refused(&["there is no model `xyzzy`", "rockpick models"]);
    run(&["explain", "sonnet"])
        .refused(&["`sonnet` stands for ", "anthropic.claude-sonnet-5-5 (Claude Sonnet 5.5)"]);
    run(&["explain", "haiku"]).refused(&[
        "`haiku` stands for 2 models",
        "Claude Haiku 4.5",
        "Claude Haiku 5.5",
    ]);
    run(&["explain", "nova-lite", "-r", "mars-1"]).refused(&["there is no Region `mars-1`"]);
    run(&["explain", ""]).refused(&["there is no model"]);
}

#[test]
fn with_a_region_only_what_can_be_called_there_is_shown() {
    let answer = explained(&["claude-haiku-5-5", "-r", "eu-central-1"]);
    for way in list(&answer["reach"]) {
        for from in list(&way["from"]) {
            assert_eq!(from["region"], "eu-central-1");
            assert!(!list(&from["destinations"]).is_empty());
        }
    }
    let ids = run(&["explain", "claude-haiku-5-5", "-r", "eu-central-1", "-o", "id"]).stdout;
    let shown: Vec<&str> = list(&answer["ids"]).iter().filter_map(Value::as_str).collect();
    assert_eq!(ids.lines().collect::<Vec<_>>(), shown);
    assert!(ids.lines().all(|id| id.starts_with("eu.") || id.starts_with("global.")), "{ids}");
    let kept = run(&[
        "explain",
        "claude-haiku-5-5",
        "-r",
        "eu-central-1",
        "--residency",
        "eu",
        "-o",
        "id",
    ])
    .stdout;
    assert!(kept.lines().all(|id| id.starts_with("eu.")), "{kept}");
    let nowhere = run(&["explain", "luma.ray-v2:0", "-r", "eu-central-1", "-o", "id"]);
    assert_eq!((nowhere.code, nowhere.stdout.as_str()), (1, ""));
    assert!(nowhere.stderr.contains("nothing to call"), "{}", nowhere.stderr);
}

#[test]
fn the_verdict_is_that_of_the_recommendation() {
    let asked = ["summarise support tickets", "--task", "summarization", "-r", "eu-central-1"];
    let answer = run(&[&["recommend", "-o", "json"], &asked[..]].concat()).json();
    for (place, choice) in list(&answer["ranked"]).iter().enumerate().take(4) {
        let model = choice["model"].as_str().expect("an id");
        let verdict = explained(&[&[model], &asked[..]].concat())["verdict"].clone();
        assert_eq!(verdict["rank"], place + 1, "{model}");
        assert_eq!(verdict["chosen"], place == 0, "{model}");
        assert_eq!(verdict["call"]["invoke_id"], choice["invoke_id"], "{model}");
        assert_eq!(verdict["per_request_usd"], choice["cost"]["per_request_usd"], "{model}");
        assert_eq!(list(&verdict["changes"]).is_empty(), place == 0, "{model}");
    }
    for rejected in list(&answer["rejected"]).iter().step_by(20) {
        let model = rejected["model"].as_str().expect("an id");
        let verdict = explained(&[&[model], &asked[..]].concat())["verdict"].clone();
        assert_eq!(verdict["fits"], false, "{model}");
        assert_eq!(codes(&verdict["reasons"]), codes(&rejected["reasons"]), "{model}");
    }
}

#[test]
fn what_would_change_a_verdict_is_told() {
    let verdict = explained(&["luma.ray-v2:0", "-r", "eu-central-1"])["verdict"].clone();
    assert_eq!(codes(&verdict["reasons"]), ["not-in-region"]);
    assert_eq!(codes(&verdict["changes"]), ["region"]);
    assert_eq!(verdict["changes"][0]["text"], "from us-west-2, Luma Ray 2 would fit");
    let dear =
        explained(&["nova-lite", "-t", "chatbot", "--max-cost", "0.0000001"])["verdict"].clone();
    assert_eq!(codes(&dear["reasons"]), ["over-budget"]);
    assert_eq!(codes(&dear["changes"]), ["budget"]);
    run(&["explain", "nova-lite", "--max-cost", "0.01"])
        .refused(&["--max-cost cannot be measured"]);
}

#[test]
fn without_demands_nothing_is_judged() {
    assert_eq!(explained(&["nova-lite"])["verdict"], Value::Null);
    let placed =
        run_with(&[("AWS_REGION", "eu-central-1")], &["explain", "nova-lite", "-o", "json"]).json();
    assert_eq!(placed["verdict"], Value::Null, "a Region of the environment is no demand");
    assert_eq!(placed["constraints"]["regions"][0], "eu-central-1");
    assert_eq!(placed["notes"][0], "the Region is that of AWS_REGION");
    let unclear = explained(&["nova-lite", "qwzx vbnm"]);
    assert_eq!(unclear["category"], "general");
    assert!(
        unclear["notes"][0].as_str().is_some_and(|note| note.contains("--task CATEGORY")),
        "{}",
        unclear["notes"]
    );
}

#[test]
fn the_id_of_a_profile_that_cannot_be_called_from_there_is_refused_with_what_can() {
    for (id, region, instead) in [
        ("apac.anthropic.claude-opus-4-8", "ap-southeast-2", &["au.anthropic.claude-opus-4-8"][..]),
        ("us.anthropic.claude-opus-4-8", "ap-southeast-2", &["au.anthropic.claude-opus-4-8"]),
        ("eu.anthropic.claude-fable-5", "eu-west-1", &["global.anthropic.claude-fable-5"]),
        ("eu.anthropic.claude-opus-4-7", "us-east-1", &["us.anthropic.claude-opus-4-7"]),
        ("global.amazon.nova-micro-v1:0", "us-east-1", &["amazon.nova-micro-v1:0"]),
        ("eu.amazon.nova-micro-v1:0", "us-east-1", &["amazon.nova-micro-v1:0"]),
        (
            "ca.anthropic.claude-sonnet-4-6",
            "ca-central-1",
            &["us.anthropic.claude-sonnet-4-6", "global.anthropic.claude-sonnet-4-6"],
        ),
    ] {
        let refused = run(&["explain", id, "-r", region]);
        assert_eq!(refused.code, 1, "{id}: {}", refused.stderr);
        let first = refused.stdout.lines().next().unwrap_or_default().to_owned();
        assert!(first.contains(&format!("`{id}` cannot be called from {region}")), "{first}");
        assert!(instead.iter().all(|other| refused.stdout.contains(other)), "{}", refused.stdout);
        let told = run(&["recommend", "chatbot", "-m", id, "-r", region, "-o", "json"]);
        assert_eq!(told.code, 1, "{id}: {}", told.stdout);
        assert!(
            told.stderr.contains(&format!("`{id}` cannot be called from {region}")),
            "{id}: {}",
            told.stderr
        );
    }
    assert_eq!(run(&["explain", "eu.anthropic.claude-opus-4-7", "-r", "eu-west-1"]).code, 0);
}

#[test]
fn every_group_of_facts_names_a_source_that_is_listed() {
    let answer = explained(&["claude-haiku-5-5", "-r", "us-east-1"]);
    let listed: Vec<&str> =
        list(&answer["sources"]).iter().filter_map(|source| source["key"].as_str()).collect();
    for part in [
        &answer["model"],
        &answer["model"]["lifecycle"],
        &answer["model"]["limits"],
        &answer["model"]["features"],
    ] {
        assert!(listed.contains(&part["source"].as_str().expect("a source")), "{part}");
    }
    let prices = list(&answer["prices"]);
    assert!(!prices.is_empty());
    for price in prices {
        assert!(listed.contains(&price["source"].as_str().expect("a source")));
        assert!(price["as_of"].is_string() && price["standard"]["input"].is_number(), "{price}");
    }
}

#[test]
fn every_form_answers_and_a_reader_may_go_away() {
    for form in ["text", "table", "wide", "json", "jsonl", "csv", "id"] {
        let shown = run(&["explain", "nova-lite", "-o", form]);
        assert!(shown.code == 0 && !shown.stdout.is_empty(), "{form}: {}", shown.stderr);
    }
    let unread = run_unread(&["explain", "nova-lite", "-o", "wide"]);
    assert_eq!((unread.code, unread.stderr.as_str()), (0, ""));
}

/// What people call a model, the id to call from us-gov-west-1, and its list price there.
const GOVCLOUD: [(&str, &str, f64, f64); 6] = [
    ("opus-4.8", "us-gov.anthropic.claude-opus-4-8", 6.0, 30.0),
    ("sonnet-5.5", "us-gov.anthropic.claude-sonnet-5-5", 2.4, 12.0),
    ("gpt-oss-120b", "us-gov.openai.gpt-oss-120b-1:0", 0.18, 0.72),
    ("nemotron-super-3-120b", "us-gov.nvidia.nemotron-super-3-120b", 0.18, 0.78),
    ("grok-4.6", "us-gov.xai.grok-4.6", 2.64, 7.92),
    ("nvidia.nemotron-nano-3-30b", "us-gov.nvidia.nemotron-nano-3-30b", 0.072, 0.288),
];

#[test]
fn a_price_that_names_a_region_is_an_offer_that_says_what_it_rests_on() {
    for (name, id, input, output) in GOVCLOUD {
        let text = run(&["explain", name, "-r", "us-gov-west-1"]);
        assert_eq!(text.code, 0, "{name}: {}", text.stderr);
        assert!(!text.stdout.contains("cannot be called from"), "{name}: {}", text.stdout);
        assert!(
            text.stdout.contains("inferred: no complete scan covers us-gov-west-1"),
            "{name}: {}",
            text.stdout
        );
        let answer = explained(&[name, "-r", "us-gov-west-1"]);
        assert!(list(&answer["ids"]).contains(&id.into()), "{name}: {}", answer["ids"]);
        let way = list(&answer["reach"])
            .iter()
            .find(|way| way["invoke_id"] == id)
            .unwrap_or_else(|| panic!("{id}"));
        assert_eq!(way["from"][0]["inferred"], true, "{id}");
        let price = list(&answer["prices"])
            .iter()
            .find(|price| price.to_string().contains(id))
            .unwrap_or_else(|| panic!("{id}"));
        assert_eq!(
            (&price["standard"]["input"], &price["standard"]["output"]),
            (&input.into(), &output.into()),
            "{id}"
        );
    }
}

#[test]
fn what_no_source_says_is_not_denied() {
    let text = run(&["explain", "haiku 4.5", "-r", "us-gov-west-1"]).stdout;
    assert!(text.contains("no source says whether it can be called from us-gov-west-1"), "{text}");
    assert!(!text.contains("it cannot be called"), "{text}");
    let answer = explained(&["haiku 4.5", "-r", "us-gov-west-1", "-t", "chatbot"]);
    assert_eq!(codes(&answer["verdict"]["reasons"]), ["reach-unknown"]);
    let known =
        run(&["explain", "anthropic.claude-opus-4-1-20250805-v1:0", "-r", "eu-central-1"]).stdout;
    assert!(
        known.contains("it cannot be called from eu-central-1"),
        "a complete scan looked there: {known}"
    );
}

#[test]
fn features_ends_and_floors_are_told_apart() {
    let luna = explained(&["gpt-6 luna"]);
    let features = &luna["model"]["features"];
    assert_eq!(list(&features["by_api"]["converse"]["no"]), ["caching"]);
    assert_eq!(list(&features["by_api"]["responses"]["yes"]), ["caching"]);
    assert!(features["by_api"]["converse"]["source"].is_string());
    assert!(list(&features["no"]).contains(&"invoke".into()));
    assert_eq!(luna["model"]["lifecycle"]["eol_floor"], "2027-09-22");
    let text = run(&["explain", "gpt-6 luna"]).stdout;
    assert!(
        text.contains("by converse: no") && text.contains("ends no sooner than 2027-09-22"),
        "{text}"
    );
    let sonnet = explained(&["anthropic.claude-3-5-sonnet-20240620-v1:0"]);
    let ends = &sonnet["model"]["lifecycle"]["eol_in"];
    assert_eq!(ends[0]["eol"], "2026-10-17");
    assert_eq!(list(&ends[0]["regions"]), ["ap-northeast-2", "ap-south-1", "ap-southeast-1"]);
}

#[test]
fn an_odd_listed_price_is_shown_beside_the_estimate() {
    let titan = explained(&["amazon.titan-embed-text-v2:0", "-r", "eu-central-1"]);
    let price = &titan["prices"][0];
    assert_eq!(
        (&price["low"]["input"], &price["high"]["input"]),
        (&0.02.into(), &0.2.into()),
        "{price}"
    );
    assert_eq!(
        (&price["estimated"], &price["listed_source"]),
        (&true.into(), &"aws-price-list-2026-08".into())
    );
    let text = run(&["explain", "amazon.titan-embed-text-v2:0", "-r", "eu-central-1"]).stdout;
    assert!(
        text.contains("~$0.02–$0.20") && text.contains("aws-price-list-2026-08 lists $0.20"),
        "{text}"
    );
}

#[test]
fn a_context_variant_is_its_model() {
    for (variant, id) in [
        ("anthropic.claude-sonnet-4-6:200k", "anthropic.claude-sonnet-4-6"),
        ("us.anthropic.claude-sonnet-5[1m]", "anthropic.claude-sonnet-5"),
        ("amazon.titan-embed-text-v2:0:8k", "amazon.titan-embed-text-v2:0"),
        ("eu.anthropic.claude-opus-4-6-v1:1m", "anthropic.claude-opus-4-6-v1"),
    ] {
        assert_eq!(explained(&[variant])["model"]["model"], id, "{variant}");
    }
}
