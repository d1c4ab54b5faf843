//! Overlays that say again what the bundled rules say.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use rockpick_core::catalog::Catalog;
use rockpick_core::diagnostic::Diagnostics;
use rockpick_core::source::RuleFile;
use rockpick_core::{Knowledge, money::Usd};
use rockpick_knowledge::{bundled, bundled_files, laid_over_bundled, pack, unpack};

static BUNDLED: LazyLock<Knowledge> = LazyLock::new(bundled);

/// The tables of the bundled models, each with the path of its file.
static TABLES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let files = bundled_files();
    let models = files.iter().filter(|file| file.path.starts_with("models/"));
    let of = |file: &RuleFile| {
        let text = file.texts().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
        let tables = text.split("\n\n").filter(|table| table.starts_with('['));
        tables.map(|table| (file.path.clone(), format!("{table}\n\n"))).collect::<Vec<_>>()
    };
    models.flat_map(of).collect()
});

/// The catalog with some tables laid over it once more.
fn restated(tables: &[(String, String)]) -> Catalog {
    let mut overlays: Vec<RuleFile> = Vec::new();
    for (path, table) in tables {
        let same = |(other, _): &&(String, String)| other == path;
        if overlays.iter().all(|file| file.path != *path) {
            let texts = tables.iter().filter(same).map(|(_, text)| text.as_str());
            overlays.push(RuleFile::new(path, "overlay", texts.collect::<String>()));
        }
        assert!(!table.is_empty());
    }
    let mut diagnostics = Diagnostics::default();
    let catalog = Catalog::compile(&laid_over_bundled(overlays), &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics}");
    catalog.expect("a catalog")
}

fn some_tables() -> impl Strategy<Value = Vec<(String, String)>> {
    subsequence(TABLES.clone(), 1..12)
}

/// The cost of a million tokens in and out by each offer.
fn prices(catalog: &Catalog) -> Vec<Option<String>> {
    let shown = |price: &rockpick_core::catalog::Price| format!("{price:?}");
    catalog.offers().iter().map(|offer| catalog.price(offer).map(shown)).collect()
}

proptest! {
    // Each case compiles the catalog anew.
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_overlay_that_says_the_same_changes_nothing(tables in some_tables()) {
        // Rows of prices stay side by side, so their number would differ.
        let is_price = |(_, table): &(String, String)| table.starts_with("[[");
        let facts: Vec<_> = tables.into_iter().filter(|table| !is_price(table)).collect();
        prop_assert!(restated(&facts) == BUNDLED.catalog, "{facts:#?}");
    }

    #[test]
    fn what_is_packed_comes_out_the_same(index in any::<Index>(), dollars in 1u32..1000) {
        // A price of one's own, so that there is something to pack.
        let ids: Vec<&str> = BUNDLED.catalog.models().iter().map(|model| model.id.as_str()).collect();
        let price = Usd::from(dollars).to_decimal();
        let text = format!(
            "[[\"{}\".price]]\ninput = \"{price}\"\noutput = \"{price}\"\nsource = \"litellm\"\n",
            index.get(&ids)
        );
        let provider = index.get(BUNDLED.catalog.models()).provider;
        let file = format!("models/{}.toml", BUNDLED.catalog.provider(provider).key);
        let catalog = restated(&[(file, text)]);
        let known = Knowledge { catalog, rules: BUNDLED.rules.clone() };
        let [catalog, rules] = pack(&known);
        prop_assert!(rules.is_empty(), "the bundled rules are not kept again");
        let unpacked = unpack([Vec::leak(catalog), Vec::leak(rules)]).expect("what was packed");
        prop_assert!(unpacked == known);
        prop_assert_eq!(prices(&unpacked.catalog), prices(&known.catalog));
    }
}
