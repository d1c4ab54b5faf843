//! What an answer says beside its choice: other ways to call it, other choices, and what the global route would give.

use super::choice::{named, per_thousand, picks};
use super::figures;
use super::page::Page;
use super::style::{BOLD, WARN};
use crate::catalog::Offer;
use crate::recommend::{Choice, Recommendation, Standing};

/// So many cheaper models are named.
const FEW: usize = 3;

/// Other ways to call the choice and other choices, a line each.
pub(super) fn lines(page: &mut Page, answer: &Recommendation<'_>, best: &Choice<'_>) {
    let picks = picks(answer).into_iter();
    let mut lines: Vec<String> =
        picks.map(|(label, choice)| format!("{label}: {}", named(answer, &choice))).collect();
    lines.extend(cheaper(answer, best));
    lines.extend(ways(answer, best));
    if lines.is_empty() {
        return;
    }
    page.blank();
    page.item("", &format!("{BOLD}Also{BOLD:#}"));
    for line in lines {
        page.item("  · ", &line);
    }
}

/// The best global offer, where the choice is kept close and there is none, or only a weak one.
pub(super) fn by_global(page: &mut Page, answer: &Recommendation<'_>) {
    let Some(choice) = answer.with_global() else { return };
    page.blank();
    page.item("", &format!("{WARN}With --allow-global{WARN:#} {}", named(answer, &choice)));
    page.block(&format!("  {}", answer.catalog.invoke_id(choice.offer)));
    let from = answer.catalog.code(choice.offer.region);
    let to = goes_to(answer, choice.offer);
    page.item("  ", &format!("called from {from}; data is processed in {to}"));
}

/// Models that cost less than the choice, and why they do not come first.
fn cheaper(answer: &Recommendation<'_>, best: &Choice<'_>) -> Vec<String> {
    let below = [
        (Standing::LessProven, "cheaper, less proven"),
        (Standing::BelowFloor, "cheaper, not good enough"),
    ];
    let line = |(standing, label): (Standing, &str)| {
        let mut found: Vec<&Choice<'_>> = answer
            .ranked()
            .iter()
            .filter(|choice| choice.standing == standing && choice.cost < best.cost)
            .collect();
        found.sort_by_key(|choice| (choice.cost.is_none(), choice.cost));
        let shown: Vec<String> =
            found.iter().take(FEW).map(|choice| named(answer, choice)).collect();
        let more = found.len().saturating_sub(FEW);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        (!shown.is_empty()).then(|| format!("{label}: {}{more}", shown.join("; ")))
    };
    below.into_iter().filter_map(line).collect()
}

/// Other tiers and routes of the choice.
fn ways(answer: &Recommendation<'_>, best: &Choice<'_>) -> Vec<String> {
    let catalog = answer.catalog;
    let mut lines = Vec::new();
    for other in answer.tiers(best) {
        lines.push(format!(
            "the {} tier costs {} per 1k requests ({:+.0}%)",
            other.tier,
            per_thousand(other.cost),
            other.percent
        ));
    }
    if let Some((other, cost)) = answer.without_residency(best).zip(best.cost) {
        let adds = (cost.as_f64() / other.cost.as_f64() - 1.0) * 100.0;
        let place = answer
            .understanding
            .constraints
            .residency
            .as_ref()
            .map_or("there", |place| place.name.as_str());
        let id = catalog.invoke_id(other.offer);
        lines.push(format!(
            "keeping data in {} adds {adds:.0}%: {id} would cost {} per 1k requests",
            place.to_uppercase(),
            per_thousand(other.cost)
        ));
    }
    if let Some(other) = answer.kept_closer(best) {
        let id = catalog.invoke_id(other.offer);
        lines.push(format!(
            "{id} keeps data closer for {} per 1k requests ({:+.0}%)",
            per_thousand(other.cost),
            other.percent
        ));
    }
    if let Some(other) = answer.if_global(best) {
        let id = catalog.invoke_id(other.offer);
        let to = goes_to(answer, other.offer);
        lines.push(format!(
            "--allow-global saves {:.0}%: {id} for {} per 1k requests, data in {to}",
            -other.percent,
            per_thousand(other.cost)
        ));
    }
    lines
}

fn goes_to(answer: &Recommendation<'_>, offer: &Offer) -> String {
    figures::destinations(answer.catalog, offer.destinations)
}
