//! The models that were rejected, by the first reason against each.

use super::page::Page;
use super::style::{BOLD, DIM};
use crate::money::grouped;
use crate::recommend::{Reason, Recommendation};
use crate::task::ModelIndex;

/// The rejected models with the figure that keeps each out.
pub(super) fn list(page: &mut Page, answer: &Recommendation<'_>, most: Option<usize>) {
    let groups = by_first_reason(answer);
    let count: usize = groups.iter().map(|(_, models)| models.len()).sum();
    if count == 0 {
        return;
    }
    page.blank();
    let all = answer.catalog.models().len();
    let every = format!("{DIM}(every reason: -o wide, -o json){DIM:#}");
    page.item("", &format!("{BOLD}Rejected{BOLD:#} {count} of {all} {every}"));
    for (reason, models) in groups {
        page.item("  ", &format!("{BOLD}{reason}{BOLD:#} ({}): {}", models.len(), reason.about()));
        if reason == Reason::Kind {
            // Nobody could have meant these.
            continue;
        }
        let shown = models.iter().take(most.unwrap_or(usize::MAX));
        let names: Vec<String> = shown.map(|model| fact(answer, *model, reason)).collect();
        page.item("    ", &names.join(", "));
    }
}

/// The rejected models by the first reason against each.
fn by_first_reason(answer: &Recommendation<'_>) -> Vec<(Reason, Vec<ModelIndex>)> {
    let mut groups: Vec<(Reason, Vec<ModelIndex>)> = Vec::new();
    for (model, reasons) in answer.rejected() {
        let Some(first) = reasons.iter().next() else { continue };
        match groups.iter_mut().find(|(own, _)| *own == first) {
            Some((_, models)) => models.push(model),
            None => groups.push((first, vec![model])),
        }
    }
    groups.sort_by_key(|(reason, _)| *reason);
    groups
}

/// A rejected model's name, with the figure that keeps it out where there is one.
fn fact(answer: &Recommendation<'_>, model: ModelIndex, reason: Reason) -> String {
    let info = answer.catalog.model(model);
    let detail = match reason {
        Reason::OverBudget => answer
            .filter()
            .and_then(|filter| filter.least_spent(model))
            .map(|cost| cost.to_string()),
        Reason::Legacy | Reason::Eol => info.lifecycle.eol.map(|eol| {
            let word = if eol <= answer.task.as_of { "ended" } else { "ends" };
            format!("{word} {eol}")
        }),
        Reason::ContextTooSmall => info.limits.context.map(|context| grouped(u128::from(context))),
        _ => None,
    };
    let twin = if info.alias_of.is_some() { " on mantle" } else { "" };
    match detail {
        Some(detail) => format!("{}{twin} ({detail})", info.name),
        None => format!("{}{twin}", info.name),
    }
}
