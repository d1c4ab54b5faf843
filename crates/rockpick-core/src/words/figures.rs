//! Numbers, money, units and sizes, with their tables.

use super::compile::Builder;
use super::meaning::Meaning;
use super::number::ONE;
use super::numeral::numerals;
use super::schema::{CurrencyEntry, SizeEntry, UnitEntry, WordsFile};
use super::vocabulary::{CurrencyRow, Shown, SizeRow, UnitRow};

impl Builder {
    /// Numbers, money, units and sizes.
    pub(super) fn figures(&mut self, words: &WordsFile) {
        for (value, list) in &words.numbers {
            self.add(Meaning::Number(u64::try_from(value.0.picos()).unwrap_or(u64::MAX)), list);
        }
        for (value, word) in words.numerals.values().flat_map(numerals) {
            self.add(Meaning::Number(value.saturating_mul(ONE as u64)), [&word]);
        }
        for (value, list) in &words.multipliers {
            let whole = value.0.picos() / ONE;
            self.add_with_suffix(
                Meaning::Multiplier(u64::try_from(whole).unwrap_or(u64::MAX)),
                list,
            );
        }
        for (index, (name, entry)) in (0..).zip(&words.currencies) {
            self.currency(index, name, entry);
        }
        for (index, (name, entry)) in (0..).zip(&words.units) {
            self.add(Meaning::Unit(index), &entry.words);
            self.add(Meaning::Rate(index), &entry.rates);
            self.vocabulary.units.push(unit(name, entry));
        }
        for (index, (name, entry)) in (0..).zip(&words.sizes) {
            self.add_with_suffix(Meaning::Size(index), &entry.words);
            self.vocabulary.sizes.push(size(name, entry));
        }
    }

    fn currency(&mut self, index: u8, name: &str, entry: &CurrencyEntry) {
        self.add_with_suffix(Meaning::Currency(index), &entry.words);
        self.add(Meaning::Cents(index), &entry.cents);
        let signs = &mut self.vocabulary.signs;
        signs.extend(entry.signs.iter().map(|sign| (sign.to_lowercase(), index, false)));
        signs.extend(entry.cent_signs.iter().map(|sign| (sign.to_lowercase(), index, true)));
        let day = entry.as_of.map(|day| format!(", {}", day.0)).unwrap_or_default();
        let origin =
            entry.source.as_ref().map(|source| format!("{source}{day}")).unwrap_or_default();
        self.vocabulary.currencies.push(CurrencyRow {
            name: name.to_uppercase(),
            usd: entry.usd.map(|usd| usd.0),
            origin,
        });
    }
}

fn unit(name: &str, entry: &UnitEntry) -> UnitRow {
    UnitRow {
        name: name.to_owned(),
        per: entry.per,
        a_month: entry.a_month,
        months: entry.months.max(1),
        busy: entry.busy,
        because: entry.because.clone().unwrap_or_default(),
    }
}

fn size(name: &str, entry: &SizeEntry) -> SizeRow {
    let because = entry.because.clone().unwrap_or_default();
    let shown = entry.shown.as_ref().map(|shown| Shown {
        tokens: shown.tokens.0,
        at_most: shown.at_most,
        because: shown.because.clone(),
    });
    SizeRow { name: name.to_owned(), tokens: entry.tokens.0, manner: entry.manner, because, shown }
}
