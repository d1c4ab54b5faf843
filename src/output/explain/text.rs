//! All that is known of one model, for people.

use std::fmt::Write as _;

use super::reach::{placed, reach, ways};
use super::verdict::{basis, judged, moved};
use super::{Dossier, Subject, prices};
use crate::catalog::lifecycle::days_between;
use crate::catalog::{Model, Retired, Status};
use crate::output::page::wrapped;
use crate::output::style::{BOLD, DIM, WARN};
use crate::output::{figures, table};
use crate::recommend::migration::Migration;
use crate::rules::evidence::{Age, figure};
use crate::task::{FeatureSet, ModelIndex, Retention};

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
    let launched =
        model.launched.map(|date| format!(", on Bedrock since {date}")).unwrap_or_default();
    let (takes, gives) = (figures::modalities(model.input), figures::modalities(model.output));
    let _ = writeln!(
        text,
        "  a model of kind {} by {provider}; takes {takes}; gives {gives}{launched}{}",
        model.kind,
        from(&model.source)
    );
    if let Some(id) = &model.alias_of {
        let _ = writeln!(text, "  the name of {id} on bedrock-mantle");
    }
    if model.retention > Retention::None {
        let _ = writeln!(
            text,
            "  {WARN}!{WARN:#} prompts may be kept: retention class {}",
            model.retention
        );
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
    let words = if status == Status::Active && life.eol.is_some() {
        "active: can be called, its end is dated"
    } else {
        words
    };
    let _ = writeln!(
        text,
        "  {words} {DIM}(on {date}; the API says {}){DIM:#}{}",
        life.api_status,
        from(&life.source)
    );
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
    for end in &life.eol_in {
        let past = days_between(date, end.eol) <= 0;
        let places = dossier.catalog().codes(end.regions).join(", ");
        let _ = writeln!(
            text,
            "  {} {} in {places}",
            if past { "ended on" } else { "ends on" },
            end.eol
        );
    }
    if let Some(floor) = life.eol_floor {
        let past = if floor <= date { "; that day has passed" } else { "" };
        let _ = writeln!(text, "  ends no sooner than {floor}{past}");
    }
    if let Some(successor) = &life.successor {
        let _ = writeln!(text, "  {successor} follows it{}", basis(life.successor_is));
    }
}

fn abilities(text: &mut String, dossier: &Dossier<'_>, model: &Model) {
    let _ = writeln!(text, "\n{BOLD}Limits{BOLD:#}");
    let (context, most) =
        (figures::tokens(model.limits.context), figures::tokens(model.limits.max_output));
    let _ = writeln!(
        text,
        "  context {context} tokens, longest answer {most} tokens{}",
        from(&model.limits.source)
    );
    let _ = writeln!(text, "\n{BOLD}Features{BOLD:#}{}", from(&model.features.source));
    let groups = [
        ("yes", model.features.yes),
        ("no", model.features.no),
        ("not known", figures::unknown(model)),
    ];
    for (word, set) in groups.into_iter().filter(|(_, set)| !set.is_empty()) {
        let _ = writeln!(text, "  {DIM}{word}{DIM:#}\n{}", wrapped(&titles(dossier, set)));
    }
    for own in &model.features.by_api {
        for (word, set) in
            [("yes", own.yes), ("no", own.no)].into_iter().filter(|(_, set)| !set.is_empty())
        {
            let lines = wrapped(&titles(dossier, set));
            let _ = writeln!(
                text,
                "  {DIM}by {}: {word}{DIM:#}{}\n{lines}",
                own.api,
                from(&own.source)
            );
        }
    }
    if !model.features.efforts.is_empty() {
        let _ =
            writeln!(text, "  {DIM}reasoning efforts{DIM:#} {}", model.features.efforts.join(", "));
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
    let seen: Vec<_> = rules
        .boards()
        .iter()
        .flat_map(|board| board.results_of(index).iter().map(move |result| (board, result)))
        .collect();
    if seen.is_empty() {
        let _ = writeln!(text, "  no public evidence");
        return;
    }
    let mut categories = table::bare();
    categories.set_header([
        "  CATEGORY",
        "EFFORT",
        "QUALITY",
        "MAY BE",
        "CONFIDENCE",
        "NEWEST",
        "FROM OTHER BOARDS",
    ]);
    for category in rules.categories() {
        let Some(evidence) = category.evidence(index) else { continue };
        let imputed: Vec<&str> = evidence
            .imputed
            .iter()
            .map(|board| rules.boards()[usize::from(*board)].title.as_str())
            .collect();
        for (at, level) in dossier.catalog().model(index).thinking.levels().iter().enumerate() {
            let Some(quality) = evidence.at(at) else { continue };
            categories.add_row([
                if at == 0 { format!("  {}", category.name) } else { String::new() },
                figures::effort(level.effort),
                figures::quality(Some(quality), None),
                format!("{:.2}–{:.2}", quality.low, quality.high),
                format!("{:.2}", evidence.confidence(Age::on(dossier.as_of()))),
                evidence.as_of().map(|date| date.to_string()).unwrap_or_default(),
                imputed.join(", "),
            ]);
        }
    }
    text.push_str(&table::lines(&categories));
    let mut boards = table::bare();
    boards.set_header(["  BOARD", "FIGURE", "EFFORT", "DATE", "SOURCE"]);
    for (board, result) in seen {
        boards.add_row([
            format!("  {}", board.title),
            figure(result.value, board.scale),
            figures::effort(result.effort),
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

fn sources(text: &mut String, dossier: &Dossier<'_>) {
    let catalog = dossier.catalog();
    let _ = writeln!(text, "\n{BOLD}Sources{BOLD:#}");
    for source in dossier.sources().into_iter().filter_map(|key| catalog.source(key)) {
        let _ = writeln!(text, "  {DIM}[{}]{DIM:#} {} ({})", source.key, source.what, source.date);
    }
}

pub(super) fn from(source: &str) -> String {
    if source.is_empty() { String::new() } else { format!(" {DIM}[{source}]{DIM:#}") }
}
