//! The forms in which fields ask for thinking: written for one model, read in bodies for any.

use serde_json::{Map, Value};

use super::Asked;
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

/// What else it means in saved bodies.
pub(super) fn others(way: &ThinkingFields) -> impl Iterator<Item = Map<String, Value>> + '_ {
    way.also.iter().filter_map(|text| serde_json::from_str(text).ok())
}

pub(super) fn written(template: &str, effort: Effort, budget: Option<u64>) -> Option<Value> {
    let budget = budget.map(|budget| budget.to_string()).unwrap_or_default();
    serde_json::from_str(&template.replace("$EFFORT", effort.name()).replace("\"$BUDGET\"", &budget)).ok()
}

/// What fields ask for that hold all that a form names.
pub(super) fn matched(way: &ThinkingFields, form: &Map<String, Value>, fields: &Map<String, Value>) -> Option<Asked> {
    let mut asked: Option<Asked> = None;
    for (key, wanted) in form {
        let found = fields.get(key)?;
        let own = match wanted {
            Value::Object(wanted) => matched(way, wanted, found.as_object()?)?,
            Value::String(mark) if mark == "$EFFORT" => Asked { effort: Effort::named(found.as_str()?)?, budget: None },
            Value::String(mark) if mark == "$BUDGET" => {
                let budget = found.as_u64()?;
                Asked { effort: effort_of(budget, way)?, budget: Some(budget) }
            }
            Value::String(word) if found.as_str() == Some(word) => {
                let off = ["disabled", "none"].contains(&word.as_str());
                Asked { effort: if off { Effort::None } else { Effort::On }, budget: None }
            }
            _ => return None,
        };
        // That it thinks says less than how hard.
        asked = asked.filter(|asked| asked.effort != Effort::On).or(Some(own));
    }
    asked
}

/// Takes out of fields what a form names: a whole choice with its `type`, else the single fields.
pub(super) fn take(fields: &mut Map<String, Value>, form: &Map<String, Value>) {
    for (key, wanted) in form {
        if let (Value::Object(wanted), Some(Value::Object(own))) = (wanted, fields.get_mut(key))
            && !wanted.contains_key("type")
        {
            take(own, wanted);
            if !own.is_empty() {
                continue;
            }
        }
        fields.remove(key);
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
