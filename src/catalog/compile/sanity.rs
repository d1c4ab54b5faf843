//! Facts of a model that have the right shape but cannot be right.

use super::Compiler;
use crate::catalog::schema::{ModelEntry, PerMillion, PriceEntry, RatesEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::money::Usd;
use crate::source::RuleFile;
use std::ops::Range;

/// Models are counted in 16 bits.
const MOST_MODELS: usize = u16::MAX as usize;
/// Providers, prefixes and the like are counted in 8 bits.
const MOST_SMALL: usize = u8::MAX as usize;

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
                self.diagnostics
                    .push(Diagnostic::error(Code::TooLarge, format!("{count} {what}, more than the {most} that fit")));
            }
        }
        within
    }

    /// What is odd about a model: its limits, dates and prices.
    pub(super) fn sanity(&mut self, file: &RuleFile, id: &Range<usize>, entry: &ModelEntry) {
        for row in &entry.price {
            self.price_sanity(file, row);
        }
        let wrong = |message: &str| Diagnostic::error(Code::WrongValue, message).at(file.place(id.clone()));
        if entry.limits.as_ref().is_some_and(|limits| limits.context == Some(0) || limits.max_output == Some(0)) {
            self.diagnostics
                .push(wrong("a limit of 0 tokens cannot be meant").help("leave the key out when the limit is not known"));
        }
        if let (Some(launched), Some(eol)) = (entry.launched, entry.lifecycle.eol)
            && eol <= launched
        {
            self.diagnostics.push(wrong(&format!("it ends on {}, before it was launched on {}", eol.0, launched.0)));
        }
        if let (Some(since), Some(eol)) = (entry.lifecycle.legacy_since, entry.lifecycle.eol)
            && eol < since
        {
            self.diagnostics.push(wrong(&format!("it ends on {}, before its legacy phase begins on {}", eol.0, since.0)));
        }
    }

    fn price_sanity(&mut self, file: &RuleFile, row: &PriceEntry) {
        let mut odd = |message: String| {
            self.diagnostics.push(Diagnostic::warning(Code::OddPrice, message).at(file.place(row.source.span())));
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
    }
}

fn dearer(price: Option<PerMillion>, usual: Option<PerMillion>) -> bool {
    let usd = |price: PerMillion| -> Usd { price.0 };
    price.map(usd).zip(usual.map(usd)).is_some_and(|(price, usual)| price > usual)
}

fn is_empty(row: &PriceEntry) -> bool {
    let rates = |rates: &RatesEntry| rates.input.is_some() || rates.output.is_some();
    let tokens = [row.input, row.output, row.audio_input, row.audio_output];
    let media = [row.per_image, row.per_second, row.per_query];
    let tiers = [&row.batch, &row.flex, &row.priority];
    !(tokens.iter().any(Option::is_some) || media.iter().any(Option::is_some) || tiers.into_iter().flatten().any(rates))
}
