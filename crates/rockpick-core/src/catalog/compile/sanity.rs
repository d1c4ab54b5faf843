//! Facts of a model that have the right shape but cannot be right.

use std::ops::Range;

use super::Compiler;
use crate::catalog::schema::{ModelEntry, PerMillion, PriceEntry, RatesEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::money::Usd;
use crate::source::RuleFile;
use crate::task::Kind;

/// Models are counted in 16 bits.
const MOST_MODELS: usize = u16::MAX as usize;
/// Providers, prefixes and the like are counted in 8 bits.
const MOST_SMALL: usize = u8::MAX as usize;
/// No price is higher: dollars for a million tokens, and for one of anything else.
const HIGHEST_PRICE: (u64, u64) = (10_000, 1_000);
/// No model takes more tokens.
const LARGEST_CONTEXT: u64 = 100_000_000;

impl Compiler<'_> {
    /// Whether there are few enough of everything that is counted in few bits.
    pub(super) fn within_limits(&mut self) -> bool {
        let catalog = &self.catalog;
        let counts = [
            (catalog.models.len(), MOST_MODELS, "models"),
            (catalog.prices.len(), MOST_MODELS, "different prices"),
            (catalog.providers.len(), MOST_SMALL, "providers"),
            (catalog.prefixes.len(), MOST_SMALL, "prefixes of profiles"),
        ];
        let mut within = true;
        for (count, most, what) in counts {
            if count > most {
                within = false;
                self.diagnostics.push(Diagnostic::error(
                    Code::TooLarge,
                    format!("{count} {what}, more than the {most} that fit"),
                ));
            }
        }
        within
    }

    /// What is odd about a model: its limits, dates and prices.
    pub(super) fn sanity(&mut self, file: &RuleFile, id: &Range<usize>, entry: &ModelEntry) {
        for row in &entry.price {
            self.price_sanity(file, row);
            if matches!(entry.kind, Kind::Text | Kind::Speech) && is_half(row) {
                let message = "this row has a price for the tokens that are sent, and none for those that come back";
                let diagnostic =
                    Diagnostic::error(Code::HalfPrice, message).at(file.place(row.source.span()));
                self.diagnostics.push(
                    diagnostic.help("add `output` beside `input`, in each tier that the row has"),
                );
            }
        }
        let wrong =
            |message: &str| Diagnostic::error(Code::WrongValue, message).at(file.place(id.clone()));
        if entry
            .limits
            .as_ref()
            .is_some_and(|limits| limits.context == Some(0) || limits.max_output == Some(0))
        {
            self.diagnostics.push(
                wrong("a limit of 0 tokens cannot be meant")
                    .help("leave the key out when the limit is not known"),
            );
        }
        let limits = entry.limits.as_ref().map(|limits| {
            (limits.context.unwrap_or(LARGEST_CONTEXT), limits.max_output.unwrap_or(0))
        });
        if let Some((context, output)) = limits
            && (context > LARGEST_CONTEXT || output > context)
        {
            let message = format!(
                "it gives out {output} tokens at the most, and its context holds {context}"
            );
            self.diagnostics.push(
                wrong(&message).help(
                    "the answer is a part of the context, and no context is above 100,000,000",
                ),
            );
        }
        if let (Some(launched), Some(eol)) = (entry.launched, entry.lifecycle.eol)
            && eol <= launched
        {
            self.diagnostics.push(wrong(&format!(
                "it ends on {}, before it was launched on {}",
                eol.0, launched.0
            )));
        }
        if let (Some(since), Some(eol)) = (entry.lifecycle.legacy_since, entry.lifecycle.eol)
            && eol < since
        {
            self.diagnostics.push(wrong(&format!(
                "it ends on {}, before its legacy phase begins on {}",
                eol.0, since.0
            )));
        }
    }

    fn price_sanity(&mut self, file: &RuleFile, row: &PriceEntry) {
        let is_mended = self.mended.contains(file.path.as_str());
        let mut odd = |message: String| {
            self.diagnostics.push(
                Diagnostic::warning(Code::OddPrice, message).at(file.place(row.source.span())),
            );
        };
        for (tier, rates) in [("batch", &row.batch), ("flex", &row.flex)] {
            let Some(rates) = rates else { continue };
            if dearer(rates.input, row.input) || dearer(rates.output, row.output) {
                odd(format!("the {tier} tier of this row is dearer than the standard one"));
            }
        }
        if row.long.as_ref().is_some_and(|long| long.above == 0) {
            odd("every request of this row is a long one".to_owned());
        }
        if is_empty(row) {
            odd("this row holds no price".to_owned());
        }
        let is_free = [row.input, row.output]
            .into_iter()
            .all(|price| price.is_some_and(|price| price.0 == Usd::ZERO));
        if is_free && !is_mended {
            odd("this row makes the model free, so that it comes before all others where cost counts".to_owned());
        }
        if dearer(row.cache_read, row.input) {
            odd("tokens read from the cache are dearer in this row than tokens sent anew"
                .to_owned());
        }
        if let Some(price) = absurd(row) {
            let message = format!("no model costs {price}");
            let diagnostic =
                Diagnostic::error(Code::OddPrice, message).at(file.place(row.source.span()));
            self.diagnostics
                .push(diagnostic.help("prices of tokens are in dollars for a million of them"));
        }
    }
}

/// The first price of a row that is too high to be one.
fn absurd(row: &PriceEntry) -> Option<String> {
    let (tokens, media) = HIGHEST_PRICE;
    let rates = |rates: &RatesEntry| {
        [rates.input, rates.output, rates.cache_read, rates.cache_write, rates.cache_write_1h]
    };
    let tiers = [&row.batch, &row.flex, &row.priority].into_iter().flatten().flat_map(rates);
    let long = row.long.iter().flat_map(|long| {
        [long.input, long.output, long.cache_read, long.cache_write, long.cache_write_1h]
    });
    let own = [
        row.input,
        row.output,
        row.cache_read,
        row.cache_write,
        row.cache_write_1h,
        row.audio_input,
        row.audio_output,
    ];
    let high = |price: PerMillion| price.0.million() > Usd::dollars(tokens);
    let token = own.into_iter().chain(tiers).chain(long).flatten().find(|price| high(*price));
    let one = [row.per_image, row.per_second, row.per_query].into_iter().flatten();
    let one = one.map(|price| price.0).find(|price| *price > Usd::dollars(media));
    token
        .map(|price| format!("{} for a million tokens", price.0.million()))
        .or(one.map(|price| format!("{price} for one")))
}

fn dearer(price: Option<PerMillion>, usual: Option<PerMillion>) -> bool {
    let usd = |price: PerMillion| -> Usd { price.0 };
    price.map(usd).zip(usual.map(usd)).is_some_and(|(price, usual)| price > usual)
}

/// Whether some tier prices what is sent and not what comes back, which would count as free.
fn is_half(row: &PriceEntry) -> bool {
    let tiers = [&row.batch, &row.flex, &row.priority]
        .into_iter()
        .flatten()
        .map(|rates| (rates.input, rates.output));
    let long = row.long.iter().map(|long| (long.input, long.output));
    tiers
        .chain(long)
        .chain([(row.input, row.output)])
        .any(|(input, output)| input.is_some() && output.is_none())
}

fn is_empty(row: &PriceEntry) -> bool {
    let rates = |rates: &RatesEntry| rates.input.is_some() || rates.output.is_some();
    let tokens = [row.input, row.output, row.audio_input, row.audio_output];
    let media = [row.per_image, row.per_second, row.per_query];
    let tiers = [&row.batch, &row.flex, &row.priority];
    !(tokens.iter().any(Option::is_some)
        || media.iter().any(Option::is_some)
        || tiers.into_iter().flatten().any(rates))
}
