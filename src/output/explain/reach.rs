//! From where a model can be called and by which ids, for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Dossier;
use super::text::from;
use crate::catalog::Way;
use crate::output::style::{BOLD, DIM, WARN};
use crate::output::{figures, json, table};
use crate::task::{ModelIndex, RegionSet};

/// The reach of a model; with Regions asked about exactly the ids to call there.
pub(super) fn reach(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex, wide: bool) {
    let catalog = dossier.catalog();
    let model = catalog.model(index);
    let all = catalog.ways(catalog.offers_of(index));
    let regions: RegionSet = catalog.offers_of(index).iter().map(|offer| offer.region).collect();
    let _ = writeln!(text, "\n{BOLD}Reach{BOLD:#}");
    if all.is_empty() {
        let _ =
            writeln!(text, "  no source says from where it can be called{}", from(&model.source));
    } else {
        let routes = figures::by_route(catalog.offers_of(index));
        let _ = writeln!(
            text,
            "  {}: {routes}{}",
            figures::regions(regions.len()),
            from(&model.source)
        );
    }
    if dossier.regions().is_empty() {
        text.push_str(&ways(dossier, &all, wide));
    } else {
        placed(text, dossier, index);
    }
    for own in &model.provisioned {
        let sold = catalog.codes(own.regions).join(", ");
        let _ = writeln!(
            text,
            "  {DIM}provisioned throughput only:{DIM:#} {} {DIM}in{DIM:#} {sold}",
            own.id
        );
    }
}

/// The ids with their Regions and where data goes.
pub(super) fn ways(dossier: &Dossier<'_>, ways: &[Way<'_>], wide: bool) -> String {
    let catalog = dossier.catalog();
    let mut table = table::bare();
    table.set_header(["  CALL", "ROUTE", "FROM", "DATA GOES TO"]);
    for way in ways {
        let from = if wide {
            catalog.codes(way.from()).join(", ")
        } else {
            figures::from(catalog, way.from())
        };
        let from = if way.is_inferred() { format!("{from} (inferred)") } else { from };
        table.add_row([
            format!("  {}", way.id),
            way.route.to_string(),
            from,
            figures::goes_to(catalog, way),
        ]);
    }
    if ways.is_empty() { String::new() } else { table::lines(&table) }
}

/// Exactly the ids to call from the Regions asked about.
pub(super) fn placed(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex) {
    let catalog = dossier.catalog();
    let offers = dossier.offers(index);
    let wanted = catalog.codes(dossier.regions()).join(", ");
    if offers.is_empty() {
        let from: RegionSet = catalog.offers_of(index).iter().map(|offer| offer.region).collect();
        let known = |word: &str| {
            let places = dossier.filter.some_regions(from);
            if from.is_empty() { String::new() } else { format!("; {word} from {places}") }
        };
        let unknown = catalog.reach_unknown(index, dossier.regions(), dossier.as_of());
        let (says, known) = if unknown.is_empty() {
            (format!("it cannot be called from {wanted}"), known("only"))
        } else {
            let unknown = catalog.codes(unknown).join(", ");
            (format!("no source says whether it can be called from {unknown}"), known("known"))
        };
        let _ = writeln!(text, "  {WARN}{says}{WARN:#}{known}");
        return;
    }
    let mut table = table::bare();
    table.set_header(["  CALL", "FROM", "ROUTE", "API", "DATA GOES TO"]);
    for offer in &offers {
        table.add_row([
            format!("  {}", catalog.invoke_id(offer)),
            catalog.code(offer.region).to_owned(),
            offer.route.to_string(),
            json::api(catalog, offer).to_owned(),
            figures::destinations(catalog, offer.destinations),
        ]);
    }
    text.push_str(&table::lines(&table));
    for line in offers.iter().filter_map(|offer| catalog.inference(offer)).collect::<BTreeSet<_>>()
    {
        let _ = writeln!(text, "  {DIM}{line}{DIM:#}");
    }
}
