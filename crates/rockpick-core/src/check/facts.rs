//! Facts that are old, missing or lead nowhere.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::Spanned;

use crate::catalog::lifecycle::{STALE_AFTER, days_between};
use crate::catalog::schema::{
    Entries, ModelEntry, PlacesFile, RegionEntry, RetiredEntry, SourceEntry,
};
use crate::catalog::{Catalog, Status};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::RuleFile;

pub(super) fn check(
    files: &[RuleFile],
    catalog: &Catalog,
    as_of: Date,
    diagnostics: &mut Diagnostics,
) {
    sources(files, catalog, as_of, diagnostics);
    countries(files, diagnostics);
    for file in files.iter().filter(|file| file.path.starts_with("models/")) {
        let Some(entries) = file.parse::<Entries<ModelEntry>>(&mut Diagnostics::default()) else {
            continue;
        };
        for (id, entry) in &entries {
            unpriced(file, id, catalog, as_of, diagnostics);
            if let Some(successor) = &entry.lifecycle.successor {
                ending_successor(file, successor, catalog, as_of, diagnostics);
            }
        }
    }
    if let Some((file, entries)) = table::<Entries<RetiredEntry>>(files, "retired.toml") {
        for successor in entries.values().filter_map(|entry| entry.successor.as_ref()) {
            ending_successor(file, successor, catalog, as_of, diagnostics);
        }
    }
}

fn table<'f, T: serde::de::DeserializeOwned>(
    files: &'f [RuleFile],
    path: &str,
) -> Option<(&'f RuleFile, T)> {
    let file = files.iter().find(|file| file.path == path)?;
    file.parse(&mut Diagnostics::default()).map(|entries| (file, entries))
}

/// Sources of facts that have not been looked at for long. Evidence carries its own dates and counts less as it ages.
fn sources(files: &[RuleFile], catalog: &Catalog, as_of: Date, diagnostics: &mut Diagnostics) {
    let Some((file, entries)) = table::<Entries<SourceEntry>>(files, "sources.toml") else {
        return;
    };
    let models = catalog.models().iter();
    let mut used: BTreeSet<&str> = models
        .flat_map(|model| {
            [&model.source, &model.limits.source, &model.features.source, &model.lifecycle.source]
        })
        .map(String::as_str)
        .collect();
    used.extend(catalog.prices().map(|price| price.source.as_str()));
    used.extend(catalog.retired().iter().map(|retired| retired.source.as_str()));
    for (key, entry) in entries.iter().filter(|(key, _)| used.contains(key.get_ref().as_str())) {
        let age = days_between(entry.date.get_ref().0, as_of);
        if age > STALE_AFTER {
            let message = format!(
                "the source `{}` was last looked at {age} days before {as_of}",
                key.get_ref()
            );
            let diagnostic =
                Diagnostic::warning(Code::StaleFact, message).at(file.place(entry.date.span()));
            diagnostics.push(
                diagnostic.help("look whether its facts still hold, then put the new date here"),
            );
        }
    }
}

/// Residency rests on the country of every Region.
fn countries(files: &[RuleFile], diagnostics: &mut Diagnostics) {
    let places = table::<PlacesFile>(files, "places.toml");
    let regions = table::<Entries<RegionEntry>>(files, "regions.toml");
    let (Some((_, places)), Some((file, regions))) = (places, regions) else { return };
    for (code, region) in &regions {
        if !places.countries.keys().any(|country| country.get_ref() == &region.country) {
            let message =
                format!("the country `{}` of this Region is not in places.toml", region.country);
            let diagnostic =
                Diagnostic::error(Code::UnknownCountry, message).at(file.place(code.span()));
            diagnostics
                .push(diagnostic.help("add it to [countries], so that residency can be told"));
        }
    }
}

fn unpriced(
    file: &RuleFile,
    id: &Spanned<String>,
    catalog: &Catalog,
    as_of: Date,
    diagnostics: &mut Diagnostics,
) {
    let Some(index) = catalog.index_of(id.get_ref()) else { return };
    let offers = catalog.offers_of(index);
    let gone = catalog.model(index).lifecycle.status(as_of) == Status::Eol;
    let said = catalog.model(index).unpriced.is_some();
    if !gone && !said && !offers.is_empty() && offers.iter().all(|offer| offer.price.is_none()) {
        let message =
            format!("`{}` can be called, but none of its offers has a price", id.get_ref());
        let diagnostic = Diagnostic::warning(Code::Unpriced, message).at(file.place(id.span()));
        diagnostics.push(
            diagnostic.help(
                "a budget rejects it; add a [[price]], or where AWS publishes none, `unpriced` with the source that has none",
            ),
        );
    }
}

fn ending_successor(
    file: &RuleFile,
    id: &Spanned<String>,
    catalog: &Catalog,
    as_of: Date,
    diagnostics: &mut Diagnostics,
) {
    let Some(index) = catalog.index_of(id.get_ref()) else { return };
    if catalog.model(index).lifecycle.status(as_of) == Status::Eol {
        let message =
            format!("the successor `{}` cannot be called any more on {as_of}", id.get_ref());
        let diagnostic =
            Diagnostic::warning(Code::DeadSuccessor, message).at(file.place(id.span()));
        diagnostics.push(diagnostic.help("name the model that follows it"));
    }
}
