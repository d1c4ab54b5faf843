//! The bundled rules are sound, and mistakes in people's own are shown where they are.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use rockpick::Knowledge;
use rockpick::catalog::Offer;
use rockpick::check;
use rockpick::diagnostic::{Code, Diagnostics};
use rockpick::knowledge::bundled_files;
use rockpick::money::Usd;
use rockpick::output::diagnostics::{self, Texts};
use rockpick::source::RuleFile;

const AS_OF: Date = date(2026, 11, 21);

fn compiled(files: &[RuleFile]) -> Knowledge {
    let (knowledge, diagnostics) = Knowledge::compile(files);
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    knowledge.expect("rules without errors compile")
}

fn over(path: &str, text: &str) -> Vec<RuleFile> {
    laid_over(RuleFile::new(path, format!("mine/{path}"), text))
}

fn laid_over(file: RuleFile) -> Vec<RuleFile> {
    let mut files = bundled_files();
    match files.iter_mut().find(|own| own.path == file.path) {
        Some(own) => own.overlay(file),
        None => files.push(file),
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[test]
fn the_bundled_rules_have_no_diagnostics() {
    let files = bundled_files();
    let (knowledge, mut diagnostics) = Knowledge::compile(&files);
    diagnostics.extend(check::check(&files, &knowledge.expect("the bundled rules compile"), AS_OF));
    assert!(
        diagnostics.is_empty(),
        "{}",
        diagnostics::text(&diagnostics, &Texts::of(&files), false)
    );
}

#[test]
fn the_bundled_expectations_hold_and_examples_read_as_their_own_category() {
    let files = bundled_files();
    let knowledge = rockpick::bundled();
    let report = check::test(&files, &knowledge, AS_OF);
    assert!(
        report.diagnostics.is_empty(),
        "{}",
        diagnostics::text(&report.diagnostics, &Texts::of(&files), false)
    );
    for own in &report.accuracy {
        // What is only ever named has nothing to be learned from.
        let named_only =
            knowledge.rules.category(&own.category).is_some_and(|category| category.named_only);
        assert!(own.right == own.examples && (own.examples > 0 || named_only), "{}", own.category);
    }
}

/// Every file of `tests/rules/invalid` shows one mistake; its name states which. The first line may say over which of the
/// rules it is laid; otherwise it is a category of its own.
#[test]
fn every_mistake_is_shown_where_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/invalid");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    assert!(paths.len() >= 25);
    let shown: Vec<(String, String)> = std::thread::scope(|scope| {
        let halves: Vec<_> = paths
            .chunks(paths.len().div_ceil(2))
            .map(|half| scope.spawn(|| half.iter().map(|path| mistakes(path)).collect::<Vec<_>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().expect("no panic")).collect()
    });
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("rules/invalid");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, text) in shown {
            insta::assert_snapshot!(name, text);
        }
    });
}

fn mistakes(path: &Path) -> (String, String) {
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("readable");
    let inner = text
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# over "))
        .map_or(format!("tasks/{name}.toml"), str::to_owned);
    let shown = format!("tests/rules/invalid/{name}.toml");
    let files = laid_over(RuleFile::new(inner, shown.clone(), text));
    let (knowledge, mut found) = Knowledge::compile(&files);
    if let Some(knowledge) = knowledge.filter(|_| !found.has_errors()) {
        found.extend(check::check(&files, &knowledge, AS_OF));
        if name.starts_with("expect") {
            found.extend(check::test(&files, &knowledge, AS_OF).diagnostics);
        }
    }
    found.0.retain(|diagnostic| diagnostic.place.as_ref().is_none_or(|place| place.file == shown));
    assert!(!found.is_empty(), "{name} shows no mistake");
    (name, diagnostics::text(&found, &Texts::of(&files), false))
}

#[test]
fn a_file_with_ten_examples_is_a_category() {
    let text = r#"
[examples]
needs = [
  "count the parrots in the aviary", "how many parrots are there", "parrot census for the zoo", "number of macaws per cage",
  "tally cockatoos every morning", "cuenta los loros del aviario", "cuántos loros hay", "censo de loros del zoo",
  "número de guacamayos por jaula", "recuento diario de cacatúas",
]
"#;
    let files = over("tasks/parrot-census.toml", text);
    let knowledge = compiled(&files);
    let category = knowledge.rules.category("parrot-census").expect("the category");
    assert_eq!(category.title, "Parrot census");
    let found = check::check(&files, &knowledge, AS_OF);
    assert!(
        found.0.iter().all(|diagnostic| diagnostic
            .place
            .as_ref()
            .is_none_or(|place| !place.file.starts_with("mine/"))),
        "{found}"
    );
    let task = rockpick::task::Task::new("how many macaws are there in the zoo", AS_OF);
    let answer = rockpick::Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    assert_eq!(answer.category().map(|category| category.name.as_str()), Some("parrot-census"));
    assert!(
        answer.best().is_some_and(|choice| choice.cost.is_some()),
        "a model that writes, with what a request costs"
    );
}

#[test]
fn tables_merge_and_lists_are_replaced() {
    let bundled = rockpick::bundled();
    let files = over(
        "tasks/code.toml",
        "title = \"Programs\"\n[weights]\ncost = 9\n[requires]\nfeatures = [\"tools\"]\n",
    );
    let knowledge = compiled(&files);
    let (own, below) = (
        knowledge.rules.category("code").expect("code"),
        bundled.rules.category("code").expect("code"),
    );
    assert_eq!(own.title, "Programs");
    assert_eq!(
        (own.weights.cost, own.weights.quality),
        (9, below.weights.quality),
        "a table is merged"
    );
    assert_eq!(own.requires.features.len(), 1, "a list is replaced");
    assert_eq!((&own.about, own.usage), (&below.about, below.usage), "the rest stays");
    assert_eq!(knowledge.catalog, bundled.catalog);
}

/// What a token costs, in dollars for a million, by the ID to call and the Region: `input/output`, then the batch tier where it has one.
fn prices(knowledge: &Knowledge, model: &str) -> BTreeMap<(String, String), String> {
    let catalog = &knowledge.catalog;
    let index = catalog.index_of(model).expect("the model");
    let shown = |offer: &Offer| {
        let Some(price) = catalog.price(offer) else { return "none".to_owned() };
        let usd =
            |rate: Option<Usd>| rate.map_or("none".to_owned(), |rate| rate.million().to_decimal());
        let batch = price.batch.map_or(String::new(), |batch| {
            format!(" batch {}/{}", usd(batch.input), usd(batch.output))
        });
        format!(
            "{}/{}{batch} by {}",
            usd(price.standard.input),
            usd(price.standard.output),
            price.source
        )
    };
    let offers = catalog.offers_of(index).iter();
    offers
        .map(|offer| {
            (
                (catalog.invoke_id(offer).into_owned(), catalog.code(offer.region).to_owned()),
                shown(offer),
            )
        })
        .collect()
}

const MODEL: &str = "amazon.nova-2-lite-v1:0";

/// Rules with rows of prices laid over those of the model.
fn over_prices(rows: &str) -> (Vec<RuleFile>, Knowledge, Diagnostics) {
    let files = over(
        "models/amazon.toml",
        &rows.replace("PRICE", &format!("[[\"{MODEL}\".price]]\nsource = \"judgement\"")),
    );
    let (knowledge, found) = Knowledge::compile(&files);
    assert!(!found.has_errors(), "{found}");
    (files, knowledge.expect("rules without errors compile"), found)
}

#[test]
fn a_private_price_leaves_all_others_as_they_are() {
    let listed = prices(&rockpick::bundled(), MODEL);
    let geo = (format!("eu.{MODEL}"), "eu-south-1".to_owned());
    assert!(listed.len() > 20 && listed[&geo].contains(" batch "), "{listed:?}");
    let row = "PRICE\nroutes = [\"geo\"]\nregions = [\"eu-south-1\", \"eu-central-1\"]\ninput = \"0.2\"\noutput = \"2\"\n";
    let (files, knowledge, mut found) = over_prices(row);
    found.extend(check::check(&files, &knowledge, AS_OF));
    assert!(found.is_empty(), "{found}");
    let own = prices(&knowledge, MODEL);
    let changed: Vec<_> = listed
        .iter()
        .filter(|(offer, price)| own[*offer] != **price)
        .map(|(offer, _)| offer)
        .collect();
    assert_eq!(changed, [&(format!("eu.{MODEL}"), "eu-central-1".to_owned()), &geo]);
    let batch = listed[&geo]
        .split(" by ")
        .next()
        .and_then(|price| price.split_once(" batch "))
        .map_or("", |(_, batch)| batch);
    assert_eq!(
        own[&geo],
        format!("0.2/2 batch {batch} by judgement"),
        "the tier that the row does not name stays"
    );
    let bundled = rockpick::bundled();
    for other in bundled.catalog.models().iter().map(|model| &model.id).filter(|id| *id != MODEL) {
        assert_eq!(prices(&knowledge, other), prices(&bundled, other));
    }
}

#[test]
fn a_row_of_the_upper_layer_goes_before_more_exact_ones_below() {
    let listed = prices(&rockpick::bundled(), MODEL);
    let own = |rows| prices(&over_prices(rows).1, MODEL);
    let everywhere = own("PRICE\ninput = \"0.2\"\noutput = \"2\"\n");
    assert!(everywhere.values().all(|price| price.starts_with("0.2/2")), "{everywhere:?}");
    let region = own("PRICE\nregions = [\"eu-west-1\"]\ninput = \"0.2\"\noutput = \"2\"\n");
    for (offer, price) in &region {
        assert_eq!(price.starts_with("0.2/2"), offer.1 == "eu-west-1", "{offer:?}");
        assert!(offer.1 == "eu-west-1" || *price == listed[offer]);
    }
    let prefix = own("PRICE\nprefix = \"eu\"\ninput = \"0.2\"\noutput = \"2\"\n");
    assert!(
        prefix.iter().all(|((id, _), price)| price.starts_with("0.2/2") == id.starts_with("eu.")),
        "{prefix:?}"
    );
    let two = own(
        "PRICE\ninput = \"0.2\"\noutput = \"2\"\nPRICE\nroutes = [\"global\"]\ninput = \"0.1\"\noutput = \"1\"\n",
    );
    for ((id, _), price) in &two {
        assert!(
            price.starts_with(if id.starts_with("global.") { "0.1/1" } else { "0.2/2" }),
            "within a layer the exact row wins"
        );
    }
    let batch = own(
        "PRICE\nroutes = [\"geo\"]\nregions = [\"eu-west-1\"]\nbatch = { input = \"0.1\", output = \"1\" }\n",
    );
    let geo = (format!("eu.{MODEL}"), "eu-west-1".to_owned());
    let (usual, _) = listed[&geo].split_once(" batch ").expect("a batch tier");
    assert_eq!(
        batch[&geo],
        format!("{usual} batch 0.1/1 by {}", listed[&geo].rsplit(' ').next().unwrap_or_default())
    );
    let only = format!(
        "[\"{MODEL}\"]\nreplaces = [\"price\"]\nPRICE\nroutes = [\"geo\"]\ninput = \"0.2\"\noutput = \"2\"\n"
    );
    let (files, knowledge, mut found) = over_prices(&only);
    found.extend(check::check(&files, &knowledge, AS_OF));
    assert!(found.is_empty(), "{found}");
    let only = prices(&knowledge, MODEL);
    assert!(
        only.iter().all(|((id, _), price)| (price == "none") == id.starts_with("global.")),
        "what is meant to go is gone: {only:?}"
    );
}

#[test]
fn three_layers_of_prices_are_taken_from_the_top() {
    let row = |price: &str, regions: &str| {
        format!(
            "[[\"{MODEL}\".price]]\nroutes = [\"geo\"]\nregions = [{regions}]\n{price}source = \"judgement\"\n"
        )
    };
    let company = row(
        "input = \"0.3\"\noutput = \"3\"\nflex = { input = \"0.2\", output = \"2\" }\n",
        "\"eu-west-1\", \"eu-west-3\"",
    );
    let mut files = over("models/amazon.toml", &company);
    let own = files.iter_mut().find(|file| file.path == "models/amazon.toml").expect("the file");
    let team = row("input = \"0.1\"\noutput = \"1\"\n", "\"eu-west-1\"");
    own.overlay(RuleFile::new("models/amazon.toml", "team/models/amazon.toml", team));
    let knowledge = compiled(&files);
    let prices = prices(&knowledge, MODEL);
    assert!(prices[&(format!("eu.{MODEL}"), "eu-west-1".to_owned())].starts_with("0.1/1"));
    assert!(prices[&(format!("eu.{MODEL}"), "eu-west-3".to_owned())].starts_with("0.3/3"));
    let shown = files
        .iter()
        .find(|file| file.path == "models/amazon.toml")
        .and_then(|file| file.effective(true))
        .expect("TOML");
    let line = |text: &str| shown.find(text).unwrap_or(usize::MAX);
    let (top, middle) = (
        line("input = \"0.1\"  # team/models/amazon.toml:4"),
        line("input = \"0.3\"  # mine/models/amazon.toml:4"),
    );
    assert!(
        top < middle && middle < line("input = \"0.396\"  # rules/models/amazon.toml:"),
        "those that count first"
    );
}

#[test]
fn own_results_and_expectations_leave_the_others() {
    let rows =
        "[arena-coding]\nrows = [{ model = \"amazon.nova-2-lite-v1:0\", value = \"1499\" }]\n";
    let files = over("evidence.toml", rows);
    compiled(&files);
    let results = |files: &[RuleFile]| {
        let file = files
            .iter()
            .find(|file| file.path == "evidence.toml")
            .and_then(|file| file.effective(false))
            .expect("TOML");
        let table: toml::Table = file.parse().expect("what is shown is TOML");
        table["arena-coding"]["rows"].as_array().expect("rows").clone()
    };
    let (own, below) = (results(&files), results(&bundled_files()));
    let (kept, added): (Vec<_>, Vec<_>) = own.iter().partition(|row| below.contains(row));
    assert_eq!(added.len(), 1, "{added:?}");
    assert!(kept.len() >= below.len() - 1 && below.len() > 20);
    let bundled = rockpick::bundled();
    let files = over("tasks/images.toml", "[[expect]]\ntask = \"a logo\"\n");
    let (own, below) = (
        check::test(&files, &compiled(&files), AS_OF),
        check::test(&bundled_files(), &bundled, AS_OF),
    );
    assert_eq!(own.expectations.0, below.expectations.0 + 1);
}

#[test]
fn own_rules_about_models_add_unless_they_close_the_list() {
    let rule = |model: &str, action: &str| {
        format!(
            "[[candidates]]\nmodel = \"{model}\"\naction = \"{action}\"\nbecause = \"ours\"\nsource = \"judgement\"\n"
        )
    };
    let images = |text: &str| {
        compiled(&over("tasks/images.toml", text)).rules.category("images").expect("images").clone()
    };
    let bundled = rockpick::bundled().rules.category("images").expect("images").clone();
    let barred = images(&rule("stability.sd3-5-large-v1:0", "bar"));
    assert_eq!(barred.candidates.len(), bundled.candidates.len() + 1);
    assert_eq!(barred.variants.len(), bundled.variants.len());
    let closed = images(&rule("stability.sd3-5-large-v1:0", "only"));
    assert_eq!(
        (closed.candidates.len(), closed.variants.len()),
        (1, 0),
        "a closed list is not opened again from below"
    );
}

#[test]
fn the_last_layer_is_on_top_and_mistakes_name_their_own_file() {
    let mut files = over("tasks/code.toml", "title = \"First\"\n");
    let own = files.iter_mut().find(|file| file.path == "tasks/code.toml").expect("code");
    own.overlay(RuleFile::new("tasks/code.toml", "top/tasks/code.toml", "title = 3\nabout = 4\n"));
    let (knowledge, diagnostics) = Knowledge::compile(&files);
    assert!(knowledge.is_none());
    let places: Vec<(&str, usize)> = diagnostics
        .0
        .iter()
        .filter_map(|diagnostic| diagnostic.place.as_ref())
        .map(|place| (place.file.as_str(), place.span.start))
        .collect();
    assert_eq!(places, [("top/tasks/code.toml", 8), ("top/tasks/code.toml", 18)]);
}

#[test]
fn limits_on_counts_are_told() {
    let regions: String = (0..60)
        .map(|number| format!("[xx-north-{number}]\nname = \"X\"\ncountry = \"us\"\n"))
        .collect();
    let (_, diagnostics) = Knowledge::compile(&over("regions.toml", &regions));
    assert!(has(&diagnostics, Code::TooLarge, "more than the 64"), "{diagnostics}");
    let model = |number: u32| {
        format!(
            "[\"amazon.m{number}\"]\nname=\"M\"\nkind=\"text\"\ninput=[]\noutput=[]\nsource=\"judgement\"\nlifecycle={{status=\"active\",source=\"judgement\"}}\n"
        )
    };
    let models: String = (0..66_000).map(model).collect();
    let (_, diagnostics) = Knowledge::compile(&over("models/many.toml", &models));
    assert!(has(&diagnostics, Code::TooLarge, "more than the 65535"), "{diagnostics}");
    let mut files = bundled_files();
    files.extend(
        (0..300).map(|number| {
            RuleFile::new(format!("tasks/n{number}.toml"), "n.toml", "title = \"N\"\n")
        }),
    );
    let (_, diagnostics) = Knowledge::compile(&files);
    assert!(has(&diagnostics, Code::TooLarge, "more than the 256"), "{diagnostics}");
}

#[test]
fn a_file_full_of_mistakes_is_told_in_time_and_not_without_end() {
    let text: String = (0..20_000).map(|number| format!("key-{number} = 1\n")).collect();
    let (_, diagnostics) = Knowledge::compile(&over("tasks/long.toml", &text));
    assert!((2..=101).contains(&diagnostics.0.len()), "{}", diagnostics.0.len());
}

#[test]
fn a_file_cut_or_garbled_anywhere_is_no_reason_to_panic() {
    let files = bundled_files();
    let (_, text) = files
        .iter()
        .find(|file| file.path == "models/ai21.toml")
        .and_then(|file| file.texts().next())
        .expect("a file");
    for number in 0..40 {
        let at = text.floor_char_boundary(text.len() * number / 40);
        let garbled = text[..at].to_owned()
            + ["", "\u{0}", "= [[", "\"ñ"][number % 4]
            + &text[at..].replace("input", "inptu");
        for text in [text[..at].to_owned(), garbled] {
            let files = over("models/ai21.toml", &text);
            let (_, diagnostics) = Knowledge::compile(&files);
            assert_eq!(
                diagnostics.is_empty(),
                diagnostics::text(&diagnostics, &Texts::of(&files), true).is_empty()
            );
        }
    }
}

fn has(diagnostics: &Diagnostics, code: Code, text: &str) -> bool {
    diagnostics
        .0
        .iter()
        .any(|diagnostic| diagnostic.code == code && diagnostic.message.contains(text))
}
