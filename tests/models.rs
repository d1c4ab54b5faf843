//! `rockpick models`, `completions` and `man`.

#![cfg(feature = "cli")]

mod support;

use std::collections::BTreeSet;

use support::{run, run_unread, run_with};

fn ids(arguments: &[&str]) -> Vec<String> {
    let listed = run(&[&["models", "-o", "id"], arguments].concat());
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    listed.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn what_can_be_called_is_listed_and_what_ended_only_with_all() {
    let some = run(&["models", "-o", "csv"]);
    let status: BTreeSet<String> = some.column("status").into_iter().collect();
    assert!(status.contains("active") && status.contains("legacy"), "{status:?}");
    assert!(!status.contains("eol"));
    assert!(
        some.column("routes").iter().all(|routes| !routes.is_empty() && !routes.contains("mantle"))
    );
    let all = run(&["models", "--all", "-o", "csv"]);
    assert!(all.column("status").iter().any(|status| status == "eol"));
    let (some, all): (BTreeSet<String>, BTreeSet<String>) =
        (some.column("model").into_iter().collect(), all.column("model").into_iter().collect());
    assert!(some.is_subset(&all));
    let catalog = run(&["models", "--all", "-o", "json", "--query", "catalog.models"]).json();
    assert_eq!(catalog, all.len(), "--all leaves nothing out");
}

#[test]
fn a_region_gives_exactly_the_ids_to_call_there() {
    let listed = run(&["models", "-r", "eu-central-1", "-o", "csv"]);
    for ((model, id), region) in
        listed.column("model").iter().zip(listed.column("invoke_id")).zip(listed.column("region"))
    {
        assert_eq!(region, "eu-central-1", "{model}");
        assert!(id == *model || id.ends_with(&format!(".{model}")), "{id} calls {model}");
    }
    assert_eq!(ids(&["-r", "eu-central-1"]), listed.column("invoke_id"));
    assert!(listed.column("regions").iter().all(|regions| regions == "eu-central-1"));
}

#[test]
fn residency_keeps_ids_with_other_destinations_out() {
    let listed = run(&["models", "-r", "eu-west-2", "--residency", "eu", "-o", "csv"]);
    assert_eq!(
        listed.code, 1,
        "London is not in the EU, and what is called there may be processed there: {}",
        listed.stdout
    );
    assert!(listed.stderr.contains("outside-residency"), "{}", listed.stderr);
}

#[test]
fn lists_are_sorted_with_what_is_not_known_last() {
    for (key, column) in [("context", "context"), ("input-price", "input_usd_per_million")] {
        for reverse in [false, true] {
            let mut arguments = vec!["models", "-o", "csv", "--sort-by", key];
            arguments.extend(reverse.then_some("--reverse"));
            let cells = run(&arguments).column(column);
            let unknown = cells.iter().position(String::is_empty).unwrap_or(cells.len());
            assert!(
                cells[unknown..].iter().all(String::is_empty),
                "{key}: what is not known is not last"
            );
            let values: Vec<f64> =
                cells[..unknown].iter().map(|cell| cell.parse().expect("a figure")).collect();
            let ascending = (key == "input-price") != reverse;
            assert!(
                values.windows(2).all(|pair| if ascending {
                    pair[0] <= pair[1]
                } else {
                    pair[0] >= pair[1]
                }),
                "{key}: {values:?}"
            );
        }
    }
    let names = run(&["models", "-o", "csv", "--sort-by", "name"]).column("name");
    assert!(names.windows(2).all(|pair| pair[0].to_lowercase() <= pair[1].to_lowercase()));
    let quality = run(&["models", "-o", "csv", "--sort-by", "quality", "--task", "summarization"])
        .column("quality");
    let quality: Vec<f64> = quality
        .iter()
        .filter(|cell| !cell.is_empty())
        .map(|cell| cell.parse().expect("a figure"))
        .collect();
    assert!(quality.len() > 5 && quality.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn what_is_cut_off_is_said() {
    let all = ids(&[]).len();
    let cut = run(&["models", "-o", "id", "--max-results", "5"]);
    assert_eq!(cut.stdout.lines().count(), 5);
    assert_eq!(cut.stderr, format!("NOTE: {} entries were truncated\n", all - 5));
    assert_eq!(
        run(&["models", "-o", "json", "--max-results", "5", "--query", "truncated"]).json(),
        all - 5
    );
}

#[test]
fn features_and_providers_narrow_the_list() {
    let tools = run(&["models", "-f", "tools", "--provider", "amazon", "-o", "json"]).json();
    let models = tools["models"].as_array().expect("a list");
    assert_eq!(tools["schema"], "rockpick.models.v1");
    assert!(!models.is_empty());
    for model in models {
        assert_eq!(model["provider"], "amazon");
        assert!(model["features"]["yes"].as_array().expect("a list").contains(&"tools".into()));
        assert!(model["best"]["price"]["standard"]["input"].is_number(), "{model}");
    }
    let lines = run(&["models", "-f", "tools", "--provider", "amazon", "-o", "jsonl"]).stdout;
    let parsed: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(parsed, *models, "a line holds what the list holds");
}

#[test]
fn every_form_answers() {
    for form in ["text", "table", "wide", "json", "jsonl", "csv", "id"] {
        for extra in [&["--task", "chatbot"][..], &["--retired"]] {
            let shown = run(&[&["models", "-o", form], extra].concat());
            assert_eq!(shown.code, 0, "{form}: {}", shown.stderr);
            assert!(shown.stdout.lines().count() > 10, "{form} {extra:?}");
        }
    }
}

#[test]
fn ids_that_are_gone_are_listed_with_what_follows_them() {
    let gone = run(&["models", "--retired", "--provider", "anthropic", "-o", "csv"]);
    let ids = gone.column("model");
    assert!(
        ids.contains(&"anthropic.claude-v2".to_owned())
            && ids.iter().all(|id| id.starts_with("anthropic.")),
        "{ids:?}"
    );
    assert!(gone.column("successor").iter().all(|id| !id.is_empty()));
}

#[test]
fn the_region_of_the_environment_is_taken_and_told() {
    let listed = run_with(&[("AWS_REGION", "eu-south-2")], &["models", "-o", "csv"]);
    assert!(listed.column("region").iter().all(|region| region == "eu-south-2"));
    assert_eq!(listed.stderr, "NOTE: the Region is that of AWS_REGION\n");
    let wrong = run_with(&[("AWS_REGION", "eu-sud-2")], &["models"]);
    wrong.refused(&["there is no Region `eu-sud-2` (from AWS_REGION)"]);
    let all = run_with(&[("AWS_REGION", "eu-south-2")], &["models", "--all", "-o", "id"]);
    assert_eq!(
        all.stdout,
        run(&["models", "--all", "-o", "id"]).stdout,
        "--all is all, wherever one is"
    );
}

#[test]
fn wrong_usage_is_told_with_the_fix() {
    run(&["models", "--sort-by", "regoins"])
        .refused(&["there is no sort key `regoins`", "did you mean `regions`?"]);
    run(&["models", "--sort-by", "quality"]).refused(&["quality is measured for a task", "--task"]);
    run(&["models", "-r", "eu-centrall-1"])
        .refused(&["there is no Region `eu-centrall-1`", "did you mean `eu-central-1`?"]);
    run(&["models", "-f", "toolz"])
        .refused(&["there is no feature `toolz`", "did you mean `tools`?"]);
    run(&["models", "-m", "claude-v2x"]).refused(&["there is no model"]);
    run(&["models", "--max-cost", "1/1m"])
        .refused(&["--max-cost cannot be measured", "--tokens IN/OUT"]);
    run(&["models", "--query", "models["]).refused(&["--query cannot be used"]);
}

#[test]
fn that_nothing_fits_is_told_with_why() {
    let nothing = run(&["models", "--min-context", "900m"]);
    assert_eq!(nothing.code, 1);
    assert_eq!(nothing.stdout, "");
    assert!(
        nothing.stderr.starts_with("nothing fits:\n")
            && nothing.stderr.contains("context-too-small"),
        "{}",
        nothing.stderr
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for arguments in [
        &["models", "-o", "wide", "--all"][..],
        &["models", "-o", "json"],
        &["completions", "bash"],
        &["man"],
    ] {
        let unread = run_unread(arguments);
        assert_eq!((unread.code, unread.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn shells_and_manuals_are_served() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script: support::Run =
            support::rockpick(&["completions", shell]).output().expect("a run").into();
        assert!(script.code == 0 && script.stdout.contains("rockpick"), "{shell}");
    }
    let page: support::Run = support::rockpick(&["man", "explain"]).output().expect("a run").into();
    assert!(page.stdout.contains(".TH rockpick-explain 1"), "{}", page.stdout);
    let wrong: support::Run =
        support::rockpick(&["man", "explian"]).output().expect("a run").into();
    wrong.refused(&["there is no command `explian`", "did you mean `explain`?"]);
}
