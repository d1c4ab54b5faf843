//! All that is known of one model, for people.

use std::fmt::Write as _;

use super::{Dossier, Subject, prices};
use crate::catalog::lifecycle::days_between;
use crate::catalog::schema::SuccessorIs;
use crate::catalog::{Model, Retired, Status, Usage, Way};
use crate::output::text::{BOLD, DIM, GOOD, WARN, understood, wrapped};
use crate::output::{figures, json, table};
use crate::recommend::Explanation;
use crate::recommend::migration::Migration;
use crate::recommend::verdict::Verdict;
use crate::rules::evidence::{Age, figure};
use crate::task::{FeatureSet, ModelIndex, RegionSet, Retention};

/// The whole dossier; `wide` shows every Region and every price.
#[must_use]
pub fn dossier(dossier: &Dossier<'_>, wide: bool) -> String {
    let mut text = String::new();
    match dossier.subject {
        Subject::Model(index) => model(&mut text, dossier, index, wide),
        Subject::Retired(id) => retired(&mut text, dossier, id),
    }
    for note in &dossier.notes {
        let _ = writeln!(text, "{WARN}!{WARN:#} {note}");
    }
    sources(&mut text, dossier);
    text
}

fn model(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex, wide: bool) {
    let model = dossier.catalog().model(index);
    identity(text, dossier, model);
    if let Some(verdict) = &dossier.verdict {
        judged(text, dossier, verdict);
    }
    lifecycle(text, dossier, model);
    reach(text, dossier, index, wide);
    abilities(text, dossier, model);
    let _ = writeln!(text, "\n{BOLD}Prices{BOLD:#} {DIM}in US dollars for a million tokens{DIM:#}");
    text.push_str(&prices::table(dossier, index, wide));
    evidence(text, dossier, index);
    if let Some(migration) = &dossier.migration {
        moved(text, dossier, migration);
    }
}

fn identity(text: &mut String, dossier: &Dossier<'_>, model: &Model) {
    let provider = &dossier.catalog().provider(model.provider).name;
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}  {}", model.name, model.id);
    let launched = model.launched.map(|date| format!(", on Bedrock since {date}")).unwrap_or_default();
    let (takes, gives) = (figures::modalities(model.input), figures::modalities(model.output));
    let _ = writeln!(text, "  a model of kind {} by {provider}; takes {takes}; gives {gives}{launched}{}", model.kind, from(&model.source));
    if let Some(id) = &model.alias_of {
        let _ = writeln!(text, "  the name of {id} on bedrock-mantle");
    }
    if model.retention > Retention::None {
        let _ = writeln!(text, "  {WARN}!{WARN:#} prompts may be kept: retention class {}", model.retention);
    }
}

fn lifecycle(text: &mut String, dossier: &Dossier<'_>, model: &Model) {
    let life = &model.lifecycle;
    let date = dossier.as_of();
    let status = life.status(date);
    let _ = writeln!(text, "\n{BOLD}Lifecycle{BOLD:#}");
    let words = match status {
        Status::Active => "active: can be called, no end is dated",
        Status::Limited => "limited: only accounts that are let in may call it",
        Status::Legacy => "legacy: still answers, on its way out",
        Status::Eol => "ended: calls fail",
    };
    let words = if status == Status::Active && life.eol.is_some() { "active: can be called, its end is dated" } else { words };
    let _ = writeln!(text, "  {words} {DIM}(on {date}; the API says {}){DIM:#}{}", life.api_status, from(&life.source));
    let dated = [
        (life.legacy_since, "legacy since", "legacy from"),
        (life.extended_access_from, "dearer extended access since", "dearer extended access from"),
        (life.eol, "ended on", "ends on"),
    ];
    for (day, past, future) in dated {
        let Some(day) = day else { continue };
        let days = days_between(date, day);
        let ahead = if days > 0 { format!(", in {days} days") } else { String::new() };
        let _ = writeln!(text, "  {} {day}{ahead}", if days > 0 { future } else { past });
    }
    if let Some(floor) = life.eol_floor {
        let _ = writeln!(text, "  ends no sooner than {floor}");
    }
    if let Some(successor) = &life.successor {
        let _ = writeln!(text, "  {successor} follows it{}", basis(life.successor_is));
    }
}

fn basis(basis: Option<SuccessorIs>) -> &'static str {
    match basis {
        Some(SuccessorIs::Fact) => ": a source names it",
        Some(SuccessorIs::Judgement) => ": the nearest in use and price, in this project's judgement",
        None => "",
    }
}

fn reach(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex, wide: bool) {
    let catalog = dossier.catalog();
    let model = catalog.model(index);
    let all = catalog.ways(catalog.offers_of(index));
    let regions: RegionSet = catalog.offers_of(index).iter().map(|offer| offer.region).collect();
    let _ = writeln!(text, "\n{BOLD}Reach{BOLD:#}");
    if all.is_empty() {
        let _ = writeln!(text, "  no source says from where it can be called{}", from(&model.source));
    } else {
        let routes = figures::by_route(catalog.offers_of(index));
        let _ = writeln!(text, "  {}: {routes}{}", figures::regions(regions.len()), from(&model.source));
    }
    if dossier.regions().is_empty() {
        text.push_str(&ways(dossier, &all, wide));
    } else {
        placed(text, dossier, index);
    }
    for own in &model.provisioned {
        let sold = catalog.codes(own.regions).join(", ");
        let _ = writeln!(text, "  {DIM}provisioned throughput only:{DIM:#} {} {DIM}in{DIM:#} {sold}", own.id);
    }
}

/// The ids with their Regions and where data goes.
fn ways(dossier: &Dossier<'_>, ways: &[Way<'_>], wide: bool) -> String {
    let catalog = dossier.catalog();
    let mut table = table::bare();
    table.set_header(["  CALL", "ROUTE", "FROM", "DATA GOES TO"]);
    for way in ways {
        let from = if wide { catalog.codes(way.from()).join(", ") } else { figures::from(catalog, way.from()) };
        table.add_row([format!("  {}", way.id), way.route.to_string(), from, figures::goes_to(catalog, way)]);
    }
    if ways.is_empty() { String::new() } else { table::lines(&table) }
}

/// Exactly the ids to call from the Regions asked about.
fn placed(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex) {
    let catalog = dossier.catalog();
    let offers = dossier.offers(index);
    let wanted = catalog.codes(dossier.regions()).join(", ");
    if offers.is_empty() {
        let from: RegionSet = catalog.offers_of(index).iter().map(|offer| offer.region).collect();
        let only = if from.is_empty() { String::new() } else { format!("; only from {}", dossier.filter.some_regions(from)) };
        let _ = writeln!(text, "  {WARN}it cannot be called from {wanted}{WARN:#}{only}");
        return;
    }
    let mut table = table::bare();
    table.set_header(["  CALL", "FROM", "ROUTE", "API", "DATA GOES TO"]);
    for offer in offers {
        table.add_row([
            format!("  {}", catalog.invoke_id(offer)),
            catalog.code(offer.region).to_owned(),
            offer.route.to_string(),
            json::api(catalog, offer).to_owned(),
            figures::destinations(catalog, offer.destinations),
        ]);
    }
    text.push_str(&table::lines(&table));
}

fn abilities(text: &mut String, dossier: &Dossier<'_>, model: &Model) {
    let _ = writeln!(text, "\n{BOLD}Limits{BOLD:#}");
    let (context, most) = (figures::tokens(model.limits.context), figures::tokens(model.limits.max_output));
    let _ = writeln!(text, "  context {context} tokens, longest answer {most} tokens{}", from(&model.limits.source));
    let _ = writeln!(text, "\n{BOLD}Features{BOLD:#}{}", from(&model.features.source));
    let groups = [("yes", model.features.yes), ("no", model.features.no), ("not known", figures::unknown(model))];
    for (word, set) in groups.into_iter().filter(|(_, set)| !set.is_empty()) {
        let _ = writeln!(text, "  {DIM}{word}{DIM:#}\n{}", wrapped(&titles(dossier, set)));
    }
    if !model.features.efforts.is_empty() {
        let _ = writeln!(text, "  {DIM}reasoning efforts{DIM:#} {}", model.features.efforts.join(", "));
    }
    let _ = writeln!(text, "\n{BOLD}Parameters{BOLD:#}{}", from(&model.contract.source));
    let contract = &model.contract;
    if !contract.refuses.is_empty() {
        let _ = writeln!(text, "  a request with {} fails", contract.refuses.join(", "));
    }
    for group in &contract.exclusive {
        let _ = writeln!(text, "  only one of {} may be sent", group.join(", "));
    }
    if contract.refuses.is_empty() && contract.exclusive.is_empty() {
        let _ = writeln!(text, "  no source names parameters that it refuses");
    }
}

fn titles(dossier: &Dossier<'_>, set: FeatureSet) -> Vec<String> {
    set.iter().map(|feature| dossier.catalog().feature_title(feature).to_owned()).collect()
}

fn evidence(text: &mut String, dossier: &Dossier<'_>, index: ModelIndex) {
    let rules = dossier.answer.rules;
    let _ = writeln!(text, "\n{BOLD}Evidence{BOLD:#}");
    let seen: Vec<_> = rules.boards().iter().filter_map(|board| board.result(index).map(|result| (board, result))).collect();
    if seen.is_empty() {
        let _ = writeln!(text, "  no public evidence");
        return;
    }
    let mut categories = table::bare();
    categories.set_header(["  CATEGORY", "QUALITY", "MAY BE", "CONFIDENCE", "NEWEST", "PREDICTED"]);
    for category in rules.categories() {
        let Some(quality) = category.quality(index) else { continue };
        let predicted: Vec<&str> = quality.imputed.iter().map(|board| rules.boards()[usize::from(*board)].title.as_str()).collect();
        categories.add_row([
            format!("  {}", category.name),
            format!("{:.2}", quality.value),
            format!("{:.2}–{:.2}", quality.low, quality.high),
            format!("{:.2}", quality.confidence(Age::on(dossier.as_of()))),
            quality.as_of().map(|date| date.to_string()).unwrap_or_default(),
            predicted.join(", "),
        ]);
    }
    text.push_str(&table::lines(&categories));
    let mut boards = table::bare();
    boards.set_header(["  BOARD", "FIGURE", "EFFORT", "DATE", "SOURCE"]);
    for (board, result) in seen {
        boards.add_row([
            format!("  {}", board.title),
            figure(result.value, board.scale),
            result.effort.clone().unwrap_or_default(),
            result.date.to_string(),
            board.source.clone(),
        ]);
    }
    let _ = write!(text, "\n{}", table::lines(&boards));
}

fn retired(text: &mut String, dossier: &Dossier<'_>, id: &Retired) {
    let name = id.name.as_deref().unwrap_or("A retired model");
    let _ = writeln!(text, "{BOLD}{name}{BOLD:#}  {}", id.id);
    let since = match id.eol {
        Some(eol) if eol > dossier.as_of() => format!("ends on {eol}"),
        Some(eol) => format!("calls fail since {eol}"),
        None => "calls fail; no source gives the day of its end".to_owned(),
    };
    let _ = writeln!(text, "  {WARN}{since}{WARN:#}{}", from(&id.source));
    match &dossier.migration {
        Some(migration) => {
            moved(text, dossier, migration);
            placed_successor(text, dossier, migration);
        }
        None => {
            let _ = writeln!(text, "  nothing is known to follow it");
        }
    }
    if let Some(verdict) = &dossier.verdict {
        judged(text, dossier, verdict);
    }
}

fn placed_successor(text: &mut String, dossier: &Dossier<'_>, migration: &Migration<'_>) {
    if dossier.regions().is_empty() {
        let catalog = dossier.catalog();
        let _ = writeln!(text);
        text.push_str(&ways(dossier, &catalog.ways(catalog.offers_of(migration.after)), false));
    } else if !dossier.offers(migration.after).is_empty() {
        let _ = writeln!(text);
        placed(text, dossier, migration.after);
    }
}

/// What changes in a call to the successor.
fn moved(text: &mut String, dossier: &Dossier<'_>, migration: &Migration<'_>) {
    let after = dossier.catalog().model(migration.after);
    let _ = writeln!(text, "\n{BOLD}Moving to {}{BOLD:#}  {}{}", after.name, after.id, from(migration.source));
    let words = basis(migration.basis).trim_start_matches(": ");
    if !words.is_empty() {
        let _ = writeln!(text, "  {DIM}{words}{DIM:#}");
    }
    if !migration.past.is_empty() {
        let _ = writeln!(text, "  {DIM}{} came between and ended as well{DIM:#}", migration.past.join(", "));
    }
    for change in &dossier.changes {
        reason(text, change, false);
    }
}

/// What the task and the constraints make of it.
fn judged(text: &mut String, dossier: &Dossier<'_>, verdict: &Verdict<'_>) {
    let answer = dossier.answer;
    let catalog = dossier.catalog();
    let name = &catalog.model(verdict.model).name;
    text.push('\n');
    if answer.task.category.is_some() || !answer.task.text.trim().is_empty() {
        text.push_str(&understood(answer));
    }
    let _ = writeln!(text, "{BOLD}{name} {}{BOLD:#}", standing(verdict));
    if let Some((offer, cost)) = verdict.offer {
        let cost =
            cost.filter(|_| dossier.filter.usage != Usage::default()).map(|cost| format!(" at {cost} a request")).unwrap_or_default();
        let _ = writeln!(text, "  · call {} from {} ({}){cost}", catalog.invoke_id(offer), catalog.code(offer.region), offer.route);
    }
    for one in &verdict.reasons {
        reason(text, one, !verdict.fits());
    }
    if let Some(best) = answer.best().filter(|best| best.model != verdict.model) {
        let cost = best.cost.map(|cost| format!(" at {cost} a request")).unwrap_or_default();
        let quality = figures::quality(best.quality);
        let _ = writeln!(
            text,
            "  · the choice is {} ({}){cost}, quality {quality}",
            catalog.model(best.model).name,
            catalog.invoke_id(best.offer)
        );
    }
    changes(text, verdict);
}

fn changes(text: &mut String, verdict: &Verdict<'_>) {
    let settled = verdict.is_chosen() || (verdict.fits() && verdict.place.is_none());
    if settled {
        return;
    }
    let _ = writeln!(text, "{BOLD}What would change that{BOLD:#}");
    if verdict.changes.is_empty() {
        let _ = writeln!(text, "  · no change of one constraint alone");
    }
    for change in &verdict.changes {
        let _ = writeln!(text, "  · {}", change.text);
    }
}

fn standing(verdict: &Verdict<'_>) -> String {
    match (verdict.place, verdict.fits()) {
        (Some((1, fitting)), _) => format!("is the choice among {fitting} that fit"),
        (Some((place, fitting)), _) => format!("fits, as number {place} of {fitting}"),
        (None, true) => "fits".to_owned(),
        (None, false) => "does not fit".to_owned(),
    }
}

/// A line with a reason; its code where that is what people look up.
fn reason(text: &mut String, reason: &Explanation, coded: bool) {
    let source = reason.source.as_deref().map(from).unwrap_or_default();
    let code = if coded { format!("{GOOD}{}{GOOD:#}: ", reason.code) } else { String::new() };
    let _ = writeln!(text, "  · {code}{}{source}", reason.text);
}

fn sources(text: &mut String, dossier: &Dossier<'_>) {
    let catalog = dossier.catalog();
    let _ = writeln!(text, "\n{BOLD}Sources{BOLD:#}");
    for source in dossier.sources().into_iter().filter_map(|key| catalog.source(key)) {
        let _ = writeln!(text, "  {DIM}[{}]{DIM:#} {} ({})", source.key, source.what, source.date);
    }
}

fn from(source: &str) -> String {
    if source.is_empty() { String::new() } else { format!(" {DIM}[{source}]{DIM:#}") }
}
