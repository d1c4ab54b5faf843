//! What the prices of an overlay do to those below them.

use std::collections::{BTreeMap, BTreeSet};

use super::Compiler;
use super::offers::{Layered, exact_rows};
use crate::catalog::schema::PriceEntry;
use crate::catalog::{Offer, Price};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::RuleFile;

/// So many prices are shown.
const MOST_PRICES: usize = 4;

impl Compiler<'_> {
    /// Tells of rows of an overlay that no offer is priced by, and of those that make offers equal which are told apart below.
    pub(super) fn shadows(&mut self, file: &RuleFile, offers: &[Offer], rows: &Layered<'_>) {
        for (above, layer) in
            rows.layers.iter().enumerate().take(rows.layers.len().saturating_sub(1))
        {
            for row in layer {
                let counts = |offer: &&Offer| {
                    exact_rows(&self.catalog, offer, layer)
                        .iter()
                        .any(|other| std::ptr::eq(*other, *row))
                };
                let priced: Vec<&Offer> = offers.iter().filter(counts).collect();
                let told = if priced.is_empty() {
                    let message = "no offer of this model is priced by this row".to_owned();
                    let help = "look at its `routes`, `regions` and `prefix`, and at more exact rows beside it";
                    Some(Diagnostic::warning(Code::OverlayShadows, message).help(help))
                } else {
                    self.flattened(row, &priced, &rows.layers[above + 1..])
                };
                if let Some(diagnostic) = told {
                    self.diagnostics.push(diagnostic.at(file.place(row.source.span())));
                }
            }
        }
    }

    /// That a row says neither route nor Region, where the rows below have different prices by them.
    fn flattened(
        &self,
        row: &PriceEntry,
        priced: &[&Offer],
        below: &[Vec<&PriceEntry>],
    ) -> Option<Diagnostic> {
        if !says_standard(row) {
            return None;
        }
        let below = Layered { layers: below.to_vec() };
        let mut groups: BTreeMap<(Option<_>, Option<_>), BTreeSet<String>> = BTreeMap::new();
        for offer in priced {
            let route = (!row.routes.is_empty()).then_some(offer.route);
            let region = (!row.regions.is_empty()).then_some(offer.region);
            let layers = below
                .of(&self.catalog, offer)
                .map(|rows| Price::compile(&rows, self.catalog.as_of));
            let Some(price) = layers.reduce(Price::over) else { continue };
            groups.entry((route, region)).or_default().insert(figures(&price));
        }
        let found = groups.into_values().find(|found| found.len() > 1)?;
        let shown: Vec<&str> = found.iter().map(String::as_str).take(MOST_PRICES).collect();
        let more = if found.len() > MOST_PRICES { " and more" } else { "" };
        let open = match (row.routes.is_empty(), row.regions.is_empty()) {
            (true, true) => "route and no Region",
            (true, false) => "route",
            _ => "Region",
        };
        let message = format!(
            "this row names no {open}, so it hides {} different prices below it: {}{more}",
            found.len(),
            shown.join(", ")
        );
        let help = "name its `routes` and `regions`; where it is meant for all, write `replaces = [\"price\"]` in the model's table";
        Some(Diagnostic::warning(Code::OverlayShadows, message).help(help))
    }
}

/// Whether a row has a figure besides those of other tiers.
fn says_standard(row: &PriceEntry) -> bool {
    let tokens = [row.input, row.output, row.audio_input, row.audio_output];
    let media = [row.per_image, row.per_second, row.per_query];
    tokens.iter().any(Option::is_some) || media.iter().any(Option::is_some)
}

/// What a price says of the usual tier: `$0.30 in, $2.50 out`.
fn figures(price: &Price) -> String {
    let tokens = [(price.standard.input, "in"), (price.standard.output, "out")];
    let tokens =
        tokens.into_iter().filter_map(|(rate, what)| Some(format!("{} {what}", rate?.million())));
    let media = price.media.iter().flat_map(|media| {
        [(media.image, "an image"), (media.second, "a second"), (media.query, "a query")]
    });
    let media = media.filter_map(|(rate, what)| Some(format!("{} {what}", rate?)));
    tokens.chain(media).collect::<Vec<_>>().join(" and ")
}
