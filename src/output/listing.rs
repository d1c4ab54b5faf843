//! Answers to needs that do not tell a task: a list of the models that were named, or general text.

use comfy_table::{Cell, CellAlignment};

use super::table::{bare, lines};
use super::text::preference_words;
use crate::catalog::ListPrice;
use crate::money::Usd;
use crate::recommend::{Answer, Choice, Recommendation};
use crate::task::Tier;

/// How many categories are near.
const NEAREST: usize = 3;

/// What the list is of.
pub(super) fn title(answer: &Recommendation<'_>) -> String {
    let order = match answer.understanding.answer {
        Answer::Listing(order) => order.name(),
        _ => "",
    };
    let regions = answer.catalog.codes(answer.understanding.constraints.regions);
    let place = match regions.as_slice() {
        [] => String::new(),
        some => format!(" from {}", some.join(", ")),
    };
    let count = answer.ranked().len();
    let models = if count == 1 { "model" } else { "models" };
    format!("{count} {models} of those named can be called{place}, {order} first")
}

/// That the task is not told, what is assumed, and which categories are near.
pub(super) fn general(answer: &Recommendation<'_>) -> String {
    let words = preference_words(answer);
    format!(
        "The task is not stated: general text, {words} first (nearest: {}; --task sets it)",
        nearest(answer)
    )
}

/// The categories that the words are nearest to.
pub(super) fn nearest(answer: &Recommendation<'_>) -> String {
    let names = answer.rules.classifier().names();
    let scores = answer.understanding.classification.scores.iter().take(NEAREST);
    let near = scores.filter_map(|(place, score)| {
        Some(format!("{} ({:.0}%)", names.get(*place)?, score * 100.0))
    });
    near.collect::<Vec<_>>().join(", ")
}

/// The list: what to call, what it costs, where data goes, how long it lives.
pub(super) fn table(answer: &Recommendation<'_>, most: Option<usize>) -> String {
    let mut table = bare();
    table.set_header([
        "",
        "MODEL",
        "CALL",
        "FROM",
        "ROUTE",
        "$/M IN",
        "$/M OUT",
        "STATUS",
        "DATA GOES TO",
    ]);
    let filter = answer.filter();
    for (index, choice) in answer.ranked().iter().take(most.unwrap_or(usize::MAX)).enumerate() {
        let model = answer.catalog.model(choice.model);
        let price = price(answer, choice);
        let money = |rate: Option<Usd>| {
            let rate = rate.map_or_else(|| "?".to_owned(), |rate| rate.to_string());
            Cell::new(rate).set_alignment(CellAlignment::Right)
        };
        table.add_row([
            Cell::new(if index == 0 { "→" } else { "" }),
            Cell::new(&model.name),
            Cell::new(answer.catalog.invoke_id(choice.offer)),
            Cell::new(answer.catalog.code(choice.offer.region)),
            Cell::new(choice.offer.route),
            money(price.and_then(|price| price.input)),
            money(price.and_then(|price| price.output)),
            Cell::new(model.lifecycle.status(answer.task.as_of)),
            Cell::new(
                filter.as_ref().map(|filter| filter.goes_to(choice.offer)).unwrap_or_default(),
            ),
        ]);
    }
    format!("\n{}", lines(&table))
}

fn price(answer: &Recommendation<'_>, choice: &Choice<'_>) -> Option<ListPrice> {
    answer.catalog.price(choice.offer).and_then(|price| ListPrice::of(price, Tier::Standard))
}
