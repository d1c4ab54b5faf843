//! The forms in which fields ask for thinking: written for one model, read in bodies for any.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Asked, LEAST_BUDGET};
use rockpick_core::catalog::ThinkingFields;
use rockpick_core::task::Effort;

pub(super) fn budget_of(effort: Effort, way: &ThinkingFields) -> Option<u64> {
    way.budgets.get(&effort).copied()
}

/// The effort whose budget is nearest to one that a body gives.
fn effort_of(budget: u64, way: &ThinkingFields) -> Option<Effort> {
    way.budgets.iter().min_by_key(|(_, own)| own.abs_diff(budget)).map(|(effort, _)| *effort)
}

/// How a way writes it, the most exact form first.
pub(super) fn forms(way: &ThinkingFields) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let texts = [&way.fields, &way.on, &way.none].into_iter().flatten();
    texts.filter_map(|text| serde_json::from_str(text).ok())
}

/// What says the same and is taken by no model as it is.
pub(super) fn loose(way: &ThinkingFields) -> impl Iterator<Item = Map<String, Value>> + '_ {
    way.loose.iter().filter_map(|text| serde_json::from_str(text).ok())
}

/// What else it means in saved bodies.
pub(super) fn others(way: &ThinkingFields) -> impl Iterator<Item = Map<String, Value>> + '_ {
    way.also.iter().filter_map(|text| serde_json::from_str(text).ok())
}

pub(super) fn written(template: &str, effort: Effort, budget: Option<u64>) -> Option<Value> {
    let budget = budget.map(|budget| budget.to_string()).unwrap_or_default();
    serde_json::from_str(
        &template.replace("$EFFORT", effort.name()).replace("\"$BUDGET\"", &budget),
    )
    .ok()
}

/// What fields ask for that hold all that a form names.
pub(super) fn matched(
    way: &ThinkingFields,
    form: &Map<String, Value>,
    fields: &Map<String, Value>,
) -> Option<Asked> {
    let mut asked: Option<Asked> = None;
    for (key, wanted) in form {
        let own = value(way, wanted, fields.get(key)?)?;
        // That it thinks says less than how hard.
        asked = asked.filter(|asked| asked.effort != Effort::On).or(Some(own));
    }
    asked
}

fn value(way: &ThinkingFields, wanted: &Value, found: &Value) -> Option<Asked> {
    match wanted {
        Value::Object(wanted) => matched(way, wanted, found.as_object()?),
        Value::String(mark) if mark == "$EFFORT" => {
            let word = found.as_str()?;
            let effort = effort_named(word)?;
            Some(Asked { exact: effort.name() == word, ..Asked::of(effort) })
        }
        Value::String(mark) if mark == "$BUDGET" => {
            let budget = found.as_u64().or_else(|| found.as_str()?.trim().parse().ok())?;
            let exact = found.is_u64() && budget >= LEAST_BUDGET;
            let budget = budget.max(LEAST_BUDGET);
            Some(Asked { effort: effort_of(budget, way)?, budget: Some(budget), exact })
        }
        Value::String(word) if found.as_str() == Some(word) => {
            let off = ["disabled", "none"].contains(&word.as_str());
            Some(Asked::of(if off { Effort::None } else { Effort::On }))
        }
        _ => None,
    }
}

fn effort_named(word: &str) -> Option<Effort> {
    Effort::named(&word.trim().to_lowercase())
}

/// The field where a form has an effort and fields have a word that is none, with that word.
pub(super) fn unknown_effort(
    form: &Map<String, Value>,
    fields: &Map<String, Value>,
) -> Option<(String, String)> {
    form.iter().find_map(|(key, wanted)| match (wanted, fields.get(key)?) {
        (Value::Object(wanted), Value::Object(found)) => {
            unknown_effort(wanted, found).map(|(field, word)| (format!("{key}.{field}"), word))
        }
        (Value::String(mark), Value::String(word)) if mark == "$EFFORT" => {
            effort_named(word).is_none().then(|| (key.clone(), word.clone()))
        }
        (Value::String(mark), found) if mark == "$EFFORT" && !found.is_null() => {
            Some((key.clone(), found.to_string()))
        }
        _ => None,
    })
}

/// Takes out of fields what a form names, field by field.
pub(super) fn take(fields: &mut Map<String, Value>, form: &Map<String, Value>) {
    for (key, wanted) in form {
        if let (Value::Object(wanted), Some(Value::Object(own))) = (wanted, fields.get_mut(key)) {
            take(own, wanted);
            if !own.is_empty() {
                continue;
            }
        }
        fields.shift_remove(key);
    }
}

/// What nobody takes any more of the fields by which bodies ask for thinking: those of other families, and those that need a type
/// and have none.
pub(super) fn strays(
    fields: &Map<String, Value>,
    ways: &[ThinkingFields],
    own: Option<&ThinkingFields>,
) -> Vec<String> {
    let all = ways.iter().flat_map(|way| forms(way).chain(others(way)).chain(loose(way)));
    let known: BTreeSet<String> =
        all.flat_map(|form| form.into_iter().map(|(key, _)| key)).collect();
    let own: Vec<Map<String, Value>> =
        own.iter().flat_map(|way| forms(way).chain(others(way))).collect();
    let is_stray = |key: &&String| {
        let mut taken = own.iter().filter_map(|form| form.get(key.as_str())).peekable();
        let typeless = fields.get(key.as_str()).is_some_and(|value| value.get("type").is_none());
        taken.peek().is_none() || typeless && taken.all(|form| form.get("type").is_some())
    };
    known.iter().filter(|key| fields.contains_key(key.as_str())).filter(is_stray).cloned().collect()
}

/// A field by its name, or each of those in it.
pub(super) fn names(key: &str, value: &Value) -> String {
    match value.as_object().filter(|fields| !fields.is_empty()) {
        Some(fields) => {
            fields.keys().map(|field| format!("`{key}.{field}`")).collect::<Vec<_>>().join(", ")
        }
        None => format!("`{key}`"),
    }
}

/// Adds fields to an object, field by field all the way down.
pub(super) fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (_, Value::Null) => {}
        (into, from) => *into = from,
    }
}
