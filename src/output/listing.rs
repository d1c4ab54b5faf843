//! Answers to needs that do not tell a task: a list of the models that were named, or general text.

use super::choice::list_price;
use super::figures;
use super::table::{Column, fitting};
use super::understood::order;
use crate::recommend::{Answer, Recommendation};

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
    let order = order(answer);
    format!(
        "The task is not stated: general text, {order} first (nearest: {}; --task sets it)",
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
pub(super) fn table(answer: &Recommendation<'_>, most: Option<usize>, width: usize) -> String {
    let columns = [
        Column::left(""),
        Column::left("MODEL ID"),
        Column::left("FROM"),
        Column::left("$/1M IN / OUT"),
        Column::left("STATUS"),
        Column::left("MODEL"),
        Column::left("ROUTE"),
        Column::left("DATA GOES TO"),
    ];
    let filter = answer.filter();
    let shown = answer.ranked().iter().take(most.unwrap_or(usize::MAX)).enumerate();
    let rows = shown.map(|(index, choice)| {
        let model = answer.catalog.model(choice.model);
        vec![
            if index == 0 { "→" } else { "" }.to_owned(),
            answer.catalog.invoke_id(choice.offer).into_owned(),
            answer.catalog.code(choice.offer.region).to_owned(),
            figures::price(list_price(answer, choice)),
            model.lifecycle.status(answer.task.as_of).to_string(),
            model.name.clone(),
            choice.offer.route.to_string(),
            filter.as_ref().map(|filter| filter.goes_to(choice.offer)).unwrap_or_default(),
        ]
    });
    fitting(&columns, &rows.collect::<Vec<_>>(), width)
}
