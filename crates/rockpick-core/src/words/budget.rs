//! Budgets: "under $200 a month", "menos de 2 centavos por petición".

use super::amount::Amount;
use super::number::{ONE, Quantity};
use super::reader::Reader;
use super::unit::Rate;
use crate::money::Usd;
use crate::task::{Budget, Per};

/// A trillion dollars: a larger budget is a slip, and too close to the largest amount there is.
const MOST: u128 = ONE * 1_000_000_000_000;

/// Sets the budget that an amount states; the first one counts.
pub(super) fn apply(reader: &mut Reader<'_, '_, '_>, amount: &Amount, rate: Option<&Rate<'_>>) {
    let words = rate.map_or(amount.words.clone(), |rate| {
        amount.words.start.min(rate.words.start)..amount.words.end.max(rate.words.end)
    });
    let said = reader.original(words.clone());
    if rate.is_some_and(|rate| rate.per().is_none()) {
        return reader.note(format!(
            "no budget read from \"{said}\": name it per request, image, month or million tokens"
        ));
    }
    let currency = reader.scan.vocabulary.currency(amount.currency);
    let Some(worth) = currency.usd else {
        let name = &currency.name;
        return reader.note(format!(
            "no budget read from \"{said}\": amounts in {name} are not converted; name it in USD"
        ));
    };
    let quantity = Quantity { value: amount.value, first: 0, end: 0, suffix: None, used: false };
    let (value, per) = match rate {
        Some(rate) => (rate.apply(quantity.times(worth)), rate.per().unwrap_or(Per::Month)),
        None => (quantity.times(worth), assumed_per(reader, quantity.times(worth), &said)),
    };
    if value > MOST {
        return reader
            .note(format!("\"{said}\" is more than any bill and is not read as a budget"));
    }
    let usd = Usd::from_picos(value);
    if let Some(first) = reader.reading.constraints.max_cost {
        if first != (Budget { usd, per }) {
            reader.note(format!("a second budget, \"{said}\", is not used"));
        }
        return;
    }
    if !currency.origin.is_empty() {
        let rate = format!("1 {} = {} USD", currency.name, worth.to_decimal());
        reader.note(format!("\"{said}\" is read as {usd}: {rate} ({})", currency.origin));
    }
    if let Some(because) = rate.map(Rate::because).filter(|because| !because.is_empty()) {
        reader.note(format!("\"{said}\" is brought to a month: {because}"));
    }
    reader.reading.constraints.max_cost = Some(Budget { usd, per });
    reader.said("max_cost", format!("{usd} per {per}"), words);
}

/// What a budget without a unit is for.
fn assumed_per(reader: &mut Reader<'_, '_, '_>, value: u128, said: &str) -> Per {
    let per =
        if value >= reader.scan.limits().month_from.picos() { Per::Month } else { Per::Request };
    reader.note(format!("\"{said}\" names no unit and is read as a budget per {per}"));
    per
}
