//! How hard a model thinks, in the fields that it takes.

use serde_json::{Map, Value};

use super::super::foreign::MORE_FIELDS;
use super::super::lesson::{Lesson, Parameter};
use super::super::{Request, Role};
use super::Fitting;
use crate::catalog::{Effort, Thinking};
use crate::task::Feature;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asked {
    effort: Effort,
    /// The tokens that a saved body gives.
    budget: Option<u64>,
}

/// How hard a model is asked to think, and in which way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thinks<'a> {
    effort: Effort,
    way: &'a Thinking,
    budget: Option<u64>,
}

/// The fewest tokens that a budget of thought may have.
const LEAST_BUDGET: u64 = 1_024;
/// The bound on the answer, among the names of parameters.
const MAX_TOKENS: &str = "max-tokens";
/// Tokens that a budget of thought leaves for the answer.
const FOR_THE_ANSWER: u64 = 1_024;

/// Whether something in a request is refused while a model thinks: a beginning of the answer, a tool that must be called, sampling.
#[must_use]
pub fn forbids_thinking(request: &Request) -> bool {
    let begun = request.turns.last().is_some_and(|turn| turn.role == Role::Assistant);
    let sampled = request.temperature.is_some_and(|share| share < 1.0) || request.top_p.is_some_and(|share| share < 0.95);
    begun || sampled || request.forces_a_tool()
}

impl<'a> Fitting<'a> {
    /// Reads what is asked for, in whatever words, and decides how it is sent.
    pub(super) fn thinking(&mut self) {
        let way = self.way();
        let Some(asked) = self.asked(way) else { return };
        self.without_fields();
        let Some(way) = way else {
            if asked.effort != Effort::None {
                self.note("the reasoning effort is not sent", "is not known to take one");
            }
            return;
        };
        if asked.effort == Effort::None && !way.always {
            self.thinks = way.none.is_some().then_some(Thinks { effort: Effort::None, way, budget: None });
            return;
        }
        let effort = self.nearest(asked.effort, way);
        if let Some(effort) = effort.filter(|_| self.may_think(way)) {
            let budget = asked.budget.filter(|_| effort == asked.effort).or_else(|| budget_of(effort, way));
            self.thinks = Some(Thinks { effort, way, budget });
            self.beside(way);
        }
    }

    /// The way in which the model is asked: that of its family, or one that a refusal has named.
    fn way(&self) -> Option<&'a Thinking> {
        let named = |lesson: &Lesson| {
            let Lesson::ThinksBy(name) = lesson else { return None };
            self.facts.ways.iter().find(|way| way.name == *name)
        };
        if self.taught(&Lesson::NoThinking) || self.lacks_or_unknown(Feature::Reasoning) {
            return None;
        }
        self.facts.lessons.iter().rev().find_map(named).or(self.facts.thinking)
    }

    /// The effort that is asked for by itself, or by the fields of a body; `None` = nothing is, or it stays as it is.
    fn asked(&mut self, way: Option<&Thinking>) -> Option<Asked> {
        if let Some(effort) = self.request.effort.take() {
            return Some(Asked { effort, budget: None });
        }
        let more = self.request.extra.get(MORE_FIELDS)?.as_object()?;
        if let Some(way) = way {
            let takes = |asked: &Asked| self.takes(asked.effort, way);
            if let Some(own) = forms(way).find_map(|form| matched(way, &form, more)).filter(takes) {
                return Some(own);
            }
            if others(way).find_map(|form| matched(way, &form, more)).as_ref().is_some_and(takes) {
                return None;
            }
        }
        let found =
            self.facts.ways.iter().find_map(|way| forms(way).chain(others(way)).find_map(|form| matched(way, &form, more)))?;
        self.note("the saved fields for thinking are rewritten", "does not take them so");
        Some(Asked { budget: None, ..found })
    }

    /// Whether an effort is one that the model takes as it is.
    fn takes(&self, effort: Effort, way: &Thinking) -> bool {
        match effort {
            Effort::None => !way.always,
            Effort::On => way.on.is_some(),
            effort => self.known(way).contains(&effort),
        }
    }

    /// The efforts that the model takes.
    fn known(&self, way: &Thinking) -> Vec<Effort> {
        let taught = |lesson: &Lesson| if let Lesson::Efforts(efforts) = lesson { Some(efforts.clone()) } else { None };
        let facts = self.facts.model.map(|model| model.features.efforts.as_slice()).unwrap_or_default();
        self.facts.lessons.iter().rev().find_map(taught).unwrap_or_else(|| way.takes(facts))
    }

    /// The effort that is sent for the one that is wanted.
    fn nearest(&mut self, wanted: Effort, way: &Thinking) -> Option<Effort> {
        if self.takes(wanted, way) {
            return Some(wanted);
        }
        let meant = if wanted == Effort::On { way.usual } else { wanted };
        // Of two that are as near, the one that thinks less costs less.
        let nearest = self.known(way).into_iter().min_by_key(|effort| (*effort as usize).abs_diff(meant as usize))?;
        if nearest != meant {
            self.note(&format!("the reasoning effort is {nearest} instead of {wanted}"), "does not take that one");
        }
        Some(nearest)
    }

    /// Whether it may think: a tool that must be called and a beginning of the answer matter more than an effort.
    fn may_think(&mut self, way: &Thinking) -> bool {
        let begun = self.request.turns.last().is_some_and(|turn| turn.role == Role::Assistant);
        let forced = way.beside.iter().any(|name| name == Parameter::ToolChoice.name()) && self.request.forces_a_tool();
        let forbids = match (begun && !way.beside.is_empty(), forced) {
            (true, _) => "does not think where its answer is begun for it",
            (_, true) => "does not think where it must call a tool",
            _ => return true,
        };
        self.note("the reasoning effort is not sent", forbids);
        false
    }

    /// Leaves out what is refused while the model thinks.
    fn beside(&mut self, way: &Thinking) {
        for parameter in way.beside.iter().filter_map(|name| Parameter::named(name)) {
            let allowed = match parameter {
                Parameter::Temperature => self.request.temperature.is_none_or(|share| share >= 1.0),
                Parameter::TopP => self.request.top_p.is_none_or(|share| share >= 0.95),
                Parameter::ToolChoice => true,
                other => !other.is_in(&self.request),
            };
            if !allowed {
                parameter.remove_from(&mut self.request);
                self.note(&format!("{parameter} is not sent"), "does not take it while it thinks");
            }
        }
    }

    /// The tokens of thought that are meant, where the effort is a budget.
    pub(super) fn budget(&self) -> u64 {
        self.thinks.and_then(|thinks| thinks.budget).unwrap_or(0)
    }

    /// Writes the fields, now that the length of the answer is known.
    pub(super) fn think(&mut self) {
        let Some(Thinks { effort, way, budget }) = self.thinks else { return };
        let Some(effort) = self.within_length(effort, way, budget) else { return };
        for parameter in [Parameter::Temperature, Parameter::TopP] {
            if way.unsets(effort, parameter.name()) && parameter.is_in(&self.request) {
                parameter.remove_from(&mut self.request);
                self.note(&format!("{parameter} is not sent"), "does not take it at this effort");
            }
        }
        if way.unsets(effort, MAX_TOKENS) {
            self.request.max_tokens = None;
        }
        let template = match effort {
            Effort::None => way.none.as_deref(),
            Effort::On => way.on.as_deref(),
            _ => way.fields.as_deref(),
        };
        let budget = budget.map(|budget| self.room(budget));
        let fields = template.and_then(|template| written(template, effort, budget));
        let more = self.request.extra.entry(MORE_FIELDS).or_insert_with(|| Value::Object(Map::new()));
        merge(more, fields.unwrap_or_default());
    }

    /// The effort that goes with the length of the answer: a bound that somebody set stays one.
    fn within_length(&mut self, effort: Effort, way: &Thinking, budget: Option<u64>) -> Option<Effort> {
        if budget.is_some() && self.room(u64::MAX) < LEAST_BUDGET {
            self.note("the reasoning effort is not sent", "has no room to think in so short an answer");
            return None;
        }
        if !way.unsets(effort, MAX_TOKENS) || !(self.bounded || self.facts.affordable.is_some()) {
            return Some(effort);
        }
        let allows = |other: &Effort| *other < effort && !way.unsets(*other, MAX_TOKENS);
        let less = self.known(way).into_iter().filter(allows).max()?;
        self.note(&format!("the reasoning effort is {less} instead of {effort}"), "takes no bound on its answer at that one");
        Some(less)
    }

    /// What a budget may have beside the answer.
    fn room(&self, budget: u64) -> u64 {
        let most = self.request.max_tokens.unwrap_or(u64::MAX);
        budget.min(most.saturating_sub(FOR_THE_ANSWER))
    }

    /// Takes away the fields by which bodies ask for thinking, so that they are written once.
    fn without_fields(&mut self) {
        let Some(Value::Object(more)) = self.request.extra.get_mut(MORE_FIELDS) else { return };
        for way in self.facts.ways.iter().chain(self.facts.thinking) {
            forms(way).chain(others(way)).for_each(|form| take(more, &form));
        }
        if more.is_empty() {
            self.request.extra.remove(MORE_FIELDS);
        }
    }
}

fn budget_of(effort: Effort, way: &Thinking) -> Option<u64> {
    way.budgets.get(&effort).copied()
}

/// The effort whose budget is nearest to one that a body gives.
fn effort_of(budget: u64, way: &Thinking) -> Option<Effort> {
    way.budgets.iter().min_by_key(|(_, own)| own.abs_diff(budget)).map(|(effort, _)| *effort)
}

/// How a way writes it, the most exact form first.
fn forms(way: &Thinking) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let texts = [&way.fields, &way.on, &way.none].into_iter().flatten();
    texts.filter_map(|text| serde_json::from_str(text).ok())
}

/// What else it means in saved bodies.
fn others(way: &Thinking) -> impl Iterator<Item = Map<String, Value>> + '_ {
    way.also.iter().filter_map(|text| serde_json::from_str(text).ok())
}

fn written(template: &str, effort: Effort, budget: Option<u64>) -> Option<Value> {
    let budget = budget.map(|budget| budget.to_string()).unwrap_or_default();
    serde_json::from_str(&template.replace("$EFFORT", effort.name()).replace("\"$BUDGET\"", &budget)).ok()
}

/// What fields ask for that hold all that a form names.
fn matched(way: &Thinking, form: &Map<String, Value>, fields: &Map<String, Value>) -> Option<Asked> {
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
fn take(fields: &mut Map<String, Value>, form: &Map<String, Value>) {
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
fn merge(into: &mut Value, from: Value) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::{Facts, Repair, fit};
    use super::*;
    use crate::Knowledge;

    /// What is sent to a model of the bundled rules.
    fn sent(id: &str, request: &Request, lessons: &[Lesson]) -> (Value, Option<u64>, Vec<String>) {
        let known = Knowledge::bundled();
        let catalog = &known.catalog;
        let model = catalog.index_of(id).map(|index| catalog.model(index));
        let facts = Facts {
            model,
            lessons,
            thinking: catalog.thinking(id),
            ways: catalog.ways_of_thinking(),
            quirks: catalog.quirks(id),
            ..Facts::default()
        };
        let (request, repairs) = fit(request, &facts).expect("it fits");
        let fields = request.extra.get(MORE_FIELDS).cloned().unwrap_or_default();
        (fields, request.max_tokens, repairs.iter().map(Repair::to_string).collect())
    }

    fn with(effort: Effort) -> Request {
        Request { effort: Some(effort), ..Request::new("hi") }
    }

    const HAIKU: &str = "anthropic.claude-haiku-4-5-20251001-v1:0";

    #[test]
    fn every_family_is_asked_in_its_own_fields() {
        let adaptive = |effort: &str| json!({"thinking": {"type": "adaptive"}, "output_config": {"effort": effort}});
        for (id, effort, fields, changed) in [
            ("anthropic.claude-opus-4-8", Effort::High, adaptive("high"), false),
            ("anthropic.claude-sonnet-4-6", Effort::None, Value::Null, false),
            ("anthropic.claude-sonnet-4-6", Effort::Minimal, adaptive("low"), true),
            ("anthropic.claude-sonnet-4-6", Effort::On, json!({"thinking": {"type": "adaptive"}}), false),
            (HAIKU, Effort::High, json!({"thinking": {"type": "enabled", "budget_tokens": 16_384}}), false),
            (HAIKU, Effort::On, json!({"thinking": {"type": "enabled", "budget_tokens": 8_192}}), false),
            (
                "anthropic.claude-opus-4-5-20251101-v1:0",
                Effort::Low,
                json!({"thinking": {"type": "enabled", "budget_tokens": 2_048}}),
                false,
            ),
            (
                "amazon.nova-2-lite-v1:0",
                Effort::Medium,
                json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"}}),
                false,
            ),
            ("openai.gpt-6-luna", Effort::Low, json!({"reasoning": {"effort": "low"}}), false),
            ("openai.gpt-6-luna", Effort::None, json!({"reasoning": {"effort": "none"}}), false),
            ("openai.gpt-6-astra", Effort::None, json!({"reasoning": {"effort": "low"}}), true),
            ("openai.gpt-oss-120b-1:0", Effort::High, json!({"reasoning_effort": "high"}), false),
            ("openai.gpt-oss-120b-1:0", Effort::Max, json!({"reasoning_effort": "high"}), true),
            ("anthropic.claude-opus-9-new", Effort::High, adaptive("high"), false),
            ("amazon.nova-pro-v1:0", Effort::High, Value::Null, true),
            ("amazon.nova-pro-v1:0", Effort::None, Value::Null, false),
        ] {
            let (found, _, repairs) = sent(id, &with(effort), &[]);
            assert_eq!((&found, !repairs.is_empty()), (&fields, changed), "{id} {effort}: {repairs:?}");
        }
    }

    #[test]
    fn a_budget_leaves_room_for_the_answer() {
        let (_, most, _) = sent(HAIKU, &with(Effort::High), &[]);
        assert!(most.is_some_and(|most| most > 16_384), "{most:?}");
        let short = Request { max_tokens: Some(3_000), ..with(Effort::High) };
        assert_eq!(sent(HAIKU, &short, &[]).0["thinking"]["budget_tokens"], 1_976);
        let none = Request { max_tokens: Some(1_500), ..with(Effort::High) };
        let (fields, _, repairs) = sent(HAIKU, &none, &[]);
        assert_eq!((fields, repairs.len()), (Value::Null, 1));
    }

    #[test]
    fn nova_has_no_bound_at_high_unless_somebody_sets_one() {
        let id = "amazon.nova-2-lite-v1:0";
        let (fields, most, _) = sent(id, &with(Effort::High), &[]);
        assert_eq!((&fields["reasoningConfig"]["maxReasoningEffort"], most), (&json!("high"), None));
        let bounded = Request { max_tokens: Some(500), ..with(Effort::High) };
        let (fields, most, repairs) = sent(id, &bounded, &[]);
        assert_eq!((&fields["reasoningConfig"]["maxReasoningEffort"], most), (&json!("medium"), Some(500)));
        assert_eq!(repairs.len(), 1);
    }

    #[test]
    fn a_body_for_another_model_is_rewritten_and_one_for_this_model_stays() {
        let body = |fields: Value| {
            let mut request = Request { max_tokens: Some(8_000), ..Request::new("hi") };
            request.extra.insert(MORE_FIELDS.to_owned(), fields);
            request
        };
        let enabled = json!({"thinking": {"type": "enabled", "budget_tokens": 4_000}, "anthropic_beta": ["x"]});
        let (fields, _, repairs) = sent("anthropic.claude-opus-4-8", &body(enabled.clone()), &[]);
        let adaptive = json!({"anthropic_beta": ["x"], "thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}});
        assert_eq!((fields, repairs.len()), (adaptive.clone(), 1));
        let (fields, _, repairs) = sent(HAIKU, &body(enabled.clone()), &[]);
        assert_eq!((fields["thinking"].clone(), repairs.len()), (enabled["thinking"].clone(), 0));
        let (fields, _, repairs) = sent("anthropic.claude-opus-4-8", &body(adaptive.clone()), &[]);
        assert_eq!((fields, repairs.len()), (adaptive, 0));
        let (fields, _, repairs) = sent("openai.gpt-6-luna", &body(json!({"reasoning_effort": "high"})), &[]);
        assert_eq!((fields, repairs.len()), (json!({"reasoning": {"effort": "high"}}), 1));
        let (fields, ..) =
            sent("anthropic.claude-opus-4-8", &body(json!({"output_config": {"effort": "low", "format": {}}})), &[]);
        assert_eq!(fields, json!({"output_config": {"effort": "low", "format": {}}}));
    }

    #[test]
    fn what_thinking_forbids_is_left_out_and_what_forbids_thinking_wins() {
        let warm = Request { temperature: Some(0.2), top_p: Some(0.99), ..with(Effort::High) };
        let (fields, _, repairs) = sent(HAIKU, &warm, &[]);
        assert!(fields["thinking"].is_object() && repairs.len() == 1, "{repairs:?}");
        let forced = Request { tool_choice: Some(json!({"any": {}})), ..with(Effort::High) };
        assert_eq!(sent(HAIKU, &forced, &[]).0, Value::Null);
        assert!(forbids_thinking(&forced) && forbids_thinking(&warm) && !forbids_thinking(&with(Effort::High)));
    }

    #[test]
    fn a_refusal_that_names_the_cure_is_heard() {
        let lessons = [Lesson::ThinksBy("claude-budget".into())];
        assert_eq!(sent("anthropic.claude-opus-9", &with(Effort::Low), &lessons).0["thinking"]["budget_tokens"], 2_048);
        let lessons = [Lesson::Efforts(vec![Effort::Low, Effort::Medium])];
        assert_eq!(sent("openai.gpt-9", &with(Effort::Max), &lessons).0["reasoning"]["effort"], "medium");
        assert_eq!(sent("openai.gpt-9", &with(Effort::Max), &[Lesson::NoThinking]).0, Value::Null);
    }
}
