//! What an answer says beside its choice: other ways to call it, other choices, and what the global route would give.

use std::fmt::Write as _;

use super::figures;
use super::text::{BOLD, WARN};
use crate::catalog::Offer;
use crate::recommend::{Choice, Recommendation, Standing};
use crate::task::Preference;

/// So many cheaper models are named.
const FEW: usize = 3;

/// Other ways to call the choice and other choices, a line each.
pub(super) fn lines(text: &mut String, answer: &Recommendation<'_>, best: &Choice<'_>) {
    let mut lines = picks(answer, best);
    lines.extend(cheaper(answer, best));
    lines.extend(ways(answer, best));
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{BOLD}Also{BOLD:#}");
    for line in lines {
        let _ = writeln!(text, "  · {line}");
    }
}

/// The best global offer, where the choice is kept close and there is none, or only a weak one.
pub(super) fn by_global(text: &mut String, answer: &Recommendation<'_>) {
    let Some(choice) = answer.with_global() else { return };
    let _ = writeln!(text, "\n{WARN}With --allow-global{WARN:#} {}", named(answer, &choice));
    let _ = writeln!(text, "  {}", answer.catalog.invoke_id(choice.offer));
    let _ = writeln!(
        text,
        "  called from {}; data goes to {}",
        answer.catalog.code(choice.offer.region),
        goes_to(answer, choice.offer)
    );
}

/// The best value, the best quality and the cheapest, where they are another choice than the first.
fn picks(answer: &Recommendation<'_>, best: &Choice<'_>) -> Vec<String> {
    let labels = [
        ("best value", Preference::Balanced),
        ("best quality", Preference::Quality),
        ("cheapest", Preference::Cost),
    ];
    let mut seen = vec![(best.model, best.effort)];
    let mut lines = Vec::new();
    for (label, preference) in
        labels.into_iter().filter(|(_, own)| *own != answer.understanding.preference)
    {
        let Some(choice) = answer.first_by(preference) else { continue };
        if !seen.contains(&(choice.model, choice.effort)) {
            seen.push((choice.model, choice.effort));
            lines.push(format!("{label}: {}", named(answer, &choice)));
        }
    }
    lines
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
            "the {} tier costs {} a request ({:+.0}%)",
            other.tier, other.cost, other.percent
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
            "keeping data in {} adds {adds:.0}%: {id} would cost {}",
            place.to_uppercase(),
            other.cost
        ));
    }
    if let Some(other) = answer.kept_closer(best) {
        let id = catalog.invoke_id(other.offer);
        lines.push(format!(
            "{id} keeps data closer for {} a request ({:+.0}%)",
            other.cost, other.percent
        ));
    }
    if let Some(other) = answer.if_global(best) {
        let id = catalog.invoke_id(other.offer);
        let to = goes_to(answer, other.offer);
        lines.push(format!(
            "--allow-global saves {:.0}%: {id} for {} a request, data in {to}",
            -other.percent, other.cost
        ));
    }
    lines
}

/// A choice in a line: `Claude Sonnet 5.5 at medium effort, $0.02 a request, quality 0.80 (strong)`.
pub(super) fn named(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    let name = &answer.catalog.model(choice.model).name;
    let effort = choice.effort.map(|effort| format!(" at {effort} effort")).unwrap_or_default();
    let cost = choice.cost.map(|cost| format!(", {cost} a request")).unwrap_or_default();
    format!(
        "{name}{effort}{cost}, quality {} ({})",
        figures::quality(choice.quality, None),
        answer.grade(choice)
    )
}

fn goes_to(answer: &Recommendation<'_>, offer: &Offer) -> String {
    figures::destinations(answer.catalog, offer.destinations)
}
