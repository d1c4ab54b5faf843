//! What is wrong, in words.

use rockpick_core::catalog::lifecycle::days_between;

use crate::finding::{Fix, Rule, Successor};
use crate::judge::Case;
use crate::known::Subject;
use crate::parameters;

/// The message of a finding.
pub(crate) fn message(
    case: &Case<'_, '_>,
    rule: Rule,
    next: Option<&Successor>,
    fix: Option<&Fix>,
) -> String {
    let id = &case.mention.id;
    let end = case.end();
    let mut text = match rule {
        Rule::Eol => match end {
            Some(day) => format!("`{id}` reached its end of life on {day}: calls fail"),
            None => format!("`{id}` is retired: calls fail"),
        },
        Rule::EolSoon => {
            let day = end.map(|day| day.to_string()).unwrap_or_default();
            let left = end.map_or(0, |day| days_between(case.as_of, day));
            format!("`{id}` reaches its end of life on {day}, in {left} days")
        }
        Rule::Legacy => match end {
            Some(day) => format!("`{id}` is legacy, closed to new accounts, and ends on {day}"),
            None => format!("`{id}` is legacy and closed to new accounts"),
        },
        Rule::UnknownId => format!("no model or inference profile has the ID `{id}`"),
        Rule::WrongRegion => format!("`{id}` cannot be called from {}", from(case)),
        Rule::ProfileRequired => match &case.region {
            Some(_) => format!("`{id}` is called through an inference profile from {}", from(case)),
            None => format!("`{id}` is called through an inference profile, not by its bare ID"),
        },
        Rule::RefusesParameter => format!("`{id}` refuses {}", refused(case).join(", ")),
        Rule::LeavesResidency => format!("data sent to `{id}` may leave the residency"),
        Rule::Cheaper => format!("an offer of at least the quality of `{id}` costs less"),
        Rule::RetiredService => {
            format!(
                "`{id}` belongs to an agent of Bedrock Agents (Classic), closed to new accounts"
            )
        }
    };
    text.push_str(&advice(rule, next, fix));
    text
}

fn advice(rule: Rule, next: Option<&Successor>, fix: Option<&Fix>) -> String {
    if matches!(rule, Rule::Eol | Rule::EolSoon | Rule::Legacy) {
        let Some(next) = next else { return String::new() };
        let id = next.invoke_id.as_ref().unwrap_or(&next.model);
        let refuses = match next.refuses.as_slice() {
            [] => String::new(),
            all => format!(", which refuses {}", all.join(", ")),
        };
        return format!("; move to `{id}`{refuses}");
    }
    match fix.and_then(|fix| fix.replacement.as_ref()) {
        Some(id) if rule == Rule::UnknownId => format!("; did you mean `{id}`?"),
        Some(id) => format!("; call `{id}`"),
        None => String::new(),
    }
}

fn from(case: &Case<'_, '_>) -> String {
    let found = case.region.as_ref();
    found.map_or_else(String::new, |found| {
        format!("{} ({})", found.name(case.known.catalog), found.from)
    })
}

fn refused(case: &Case<'_, '_>) -> Vec<&'static str> {
    match case.read.subject {
        Some(Subject::Model(model)) => parameters::refused(case.known.catalog, model, &case.sent),
        _ => Vec::new(),
    }
}

/// Where the fact comes from.
pub(crate) fn source(case: &Case<'_, '_>) -> String {
    match case.read.subject {
        Some(Subject::Model(model)) => {
            let model = case.known.catalog.model(model);
            let life = &model.lifecycle.source;
            if life.is_empty() { model.source.clone() } else { life.clone() }
        }
        Some(Subject::Retired(gone)) => gone.source.clone(),
        None => String::new(),
    }
}
