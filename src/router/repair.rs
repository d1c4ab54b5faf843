//! Fits a request to what a model takes, by the catalogue's facts and by what its refusals have taught.

use std::fmt;

use serde_json::{Map, Value};

use super::lesson::{Lesson, Parameter};
use super::own_body;
use super::{Block, Request, Role, Turn};
use crate::catalog::{Form, Model};
use crate::task::Feature;

/// The longest answer that is asked for when nobody says: Bedrock counts all of it against the quota of tokens at once.
const USUAL_OUTPUT: u64 = 16_384;
/// The same for a model whose limit is not known.
const UNKNOWN_OUTPUT: u64 = 4_096;
/// Reasoning efforts, least first.
const EFFORTS: [&str; 7] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/// What is known about who will answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// The model, where the catalogue knows it.
    pub model: Option<&'a Model>,
    /// What its refusals have taught.
    pub lessons: &'a [Lesson],
    /// How a reasoning effort is written for it: JSON with `$EFFORT`.
    pub effort_form: Option<&'a str>,
    /// The form in which InvokeModel takes the conversation; `None` = Converse is called.
    pub form: Option<&'a Form>,
    /// The longest answer that the budget pays for.
    pub affordable: Option<u64>,
}

/// Where Converse takes what is a provider's own.
const MORE_FIELDS: &str = "additionalModelRequestFields";

/// Something that was changed in a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair(String);

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The request as the model takes it, and what was changed.
#[must_use]
pub fn fit(request: &Request, facts: &Facts<'_>) -> (Request, Vec<Repair>) {
    let mut fitting = Fitting { request: request.clone(), facts, repairs: Vec::new() };
    fitting.form();
    fitting.sampling();
    fitting.system();
    fitting.blanks();
    fitting.roles();
    fitting.caching();
    fitting.thinking();
    fitting.delivery();
    fitting.length();
    (fitting.request, fitting.repairs)
}

struct Fitting<'a> {
    request: Request,
    facts: &'a Facts<'a>,
    repairs: Vec<Repair>,
}

impl Fitting<'_> {
    fn note(&mut self, what: &str, why: &str) {
        let who = self.facts.model.map_or("the model", |model| model.name.as_str());
        self.repairs.push(Repair(format!("{what}: {who} {why}")));
    }

    fn taught(&self, lesson: &Lesson) -> bool {
        self.facts.lessons.contains(lesson)
    }

    fn lacks(&self, feature: Feature) -> bool {
        self.facts.model.is_some_and(|model| model.has(feature) == Some(false))
    }

    fn lacks_or_unknown(&self, feature: Feature) -> bool {
        self.facts.model.is_some_and(|model| model.has(feature) != Some(true))
    }

    fn form(&mut self) {
        let Some(form) = self.facts.form else { return };
        for what in own_body::leave_out(&mut self.request, form) {
            self.note(&what, "has no place for it in its own body");
        }
        self.request.form = Some(form.clone());
    }

    fn sampling(&mut self) {
        for parameter in Parameter::ALL.iter().copied().filter(|parameter| parameter.is_in(&self.request)).collect::<Vec<_>>() {
            let refused =
                self.facts.model.is_some_and(|model| model.contract.refuses.iter().any(|name| name == parameter.name()));
            if refused || self.taught(&Lesson::Refuses(parameter)) {
                parameter.remove_from(&mut self.request);
                self.note(&format!("{parameter} is not sent"), "does not take it");
            }
        }
        let groups = self.facts.model.map(|model| model.contract.exclusive.as_slice()).unwrap_or_default();
        for group in groups {
            let given: Vec<Parameter> =
                group.iter().filter_map(|name| Parameter::named(name)).filter(|one| one.is_in(&self.request)).collect();
            // The first of a group says most about what is wanted.
            for parameter in given.iter().skip(1) {
                parameter.remove_from(&mut self.request);
                self.note(&format!("{parameter} is not sent"), &format!("takes it or {}, not both", given[0]));
            }
        }
    }

    fn system(&mut self) {
        let form = self.facts.form.and_then(|form| form.talk.as_ref());
        let lacks = self.lacks(Feature::SystemPrompt) || self.taught(&Lesson::NoSystem);
        if self.request.system.is_empty() || !(lacks || form.is_some_and(|talk| !talk.takes_system())) {
            return;
        }
        let system = std::mem::take(&mut self.request.system);
        match self.request.turns.first_mut().filter(|turn| turn.role == Role::User) {
            Some(first) => drop(first.blocks.splice(0..0, system)),
            None => self.request.turns.insert(0, Turn { role: Role::User, blocks: system }),
        }
        self.request.cache_system = false;
        self.note("the system prompt stands in the first turn", "takes none");
    }

    fn blanks(&mut self) {
        let count = |request: &Request| request.blocks().count();
        let before = count(&self.request);
        self.request.system.retain(|block| !block.is_blank());
        for turn in &mut self.request.turns {
            turn.blocks.retain(|block| !block.is_blank());
        }
        self.request.turns.retain(|turn| !turn.blocks.is_empty());
        if count(&self.request) < before {
            self.repairs.push(Repair("blank pieces of text are not sent: Bedrock refuses them".to_owned()));
        }
    }

    fn roles(&mut self) {
        let turns = std::mem::take(&mut self.request.turns);
        let before = turns.len();
        for turn in turns {
            match self.request.turns.last_mut().filter(|last| last.role == turn.role) {
                Some(last) => last.blocks.extend(turn.blocks),
                None => self.request.turns.push(turn),
            }
        }
        if self.request.turns.len() < before {
            self.repairs.push(Repair("turns of the same side are joined: Bedrock wants them to alternate".to_owned()));
        }
    }

    fn caching(&mut self) {
        let wanted = self.request.cache_system || self.request.blocks().any(|block| matches!(block, Block::CachePoint));
        if !wanted || !(self.lacks_or_unknown(Feature::Caching) || self.taught(&Lesson::NoCache)) {
            return;
        }
        self.request.cache_system = false;
        self.request.system.retain(|block| !matches!(block, Block::CachePoint));
        for turn in &mut self.request.turns {
            turn.blocks.retain(|block| !matches!(block, Block::CachePoint));
        }
        self.note("nothing is cached", "is not known to cache prompts");
    }

    /// An effort is written in the provider's own words, beside the fields of Converse.
    fn thinking(&mut self) {
        let Some(wanted) = self.request.effort.take() else { return };
        let known = self.facts.model.map(|model| model.features.efforts.as_slice()).unwrap_or_default();
        let (Some(form), false) = (self.facts.effort_form, known.is_empty()) else {
            self.note("the reasoning effort is not sent", "is not known to take one");
            return;
        };
        let effort = if known.contains(&wanted) { wanted } else { self.nearest_effort(&wanted, known) };
        let written = serde_json::from_str(&form.replace("$EFFORT", &effort));
        if let Ok(Value::Object(fields)) = written {
            let more = self.request.extra.entry(MORE_FIELDS).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(more) = more {
                more.extend(fields);
            }
        }
    }

    fn nearest_effort(&mut self, wanted: &str, known: &[String]) -> String {
        let place = |effort: &str| EFFORTS.iter().position(|own| *own == effort).unwrap_or(EFFORTS.len() / 2);
        let nearest = known.iter().min_by_key(|effort| place(effort).abs_diff(place(wanted))).cloned().unwrap_or_default();
        self.note(&format!("the reasoning effort is {nearest} instead of {wanted}"), "does not take that one");
        nearest
    }

    fn delivery(&mut self) {
        if self.request.stream && (self.lacks(Feature::Streaming) || self.taught(&Lesson::NoStream)) {
            self.request.stream = false;
            self.note("the answer arrives as a whole", "does not stream this");
        }
        if self.request.fast && self.lacks_or_unknown(Feature::LatencyOptimized) {
            self.request.fast = false;
            self.note("latency is not optimised", "is not known to offer it");
        }
    }

    fn length(&mut self) {
        let known = self.facts.model.and_then(|model| model.limits.max_output);
        let taught = self
            .facts
            .lessons
            .iter()
            .filter_map(|lesson| if let Lesson::MaxTokens(most) = lesson { Some(*most) } else { None })
            .min();
        let context = self.facts.model.and_then(|model| model.limits.context);
        let left = context.map(|context| context.saturating_sub(self.request.input_tokens()).max(1));
        let most = [known, taught, left, self.facts.affordable].into_iter().flatten().min();
        let wanted = self.request.max_tokens;
        let usual = if known.is_some() { USUAL_OUTPUT } else { UNKNOWN_OUTPUT };
        let length = wanted.unwrap_or(usual).min(most.unwrap_or(u64::MAX)).max(1);
        if wanted.is_some_and(|wanted| wanted > length) {
            self.note(&format!("the answer is at most {length} tokens"), "gives no longer one here");
        }
        self.request.max_tokens = Some(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Knowledge;

    /// A model of the catalogue with facts that a test gives it.
    fn model(change: impl FnOnce(&mut Model)) -> Model {
        let mut model = Knowledge::bundled().catalog.models()[0].clone();
        change(&mut model);
        model
    }

    fn fitted(request: &Request, model: &Model) -> (Request, Vec<String>) {
        let (request, repairs) = fit(request, &Facts { model: Some(model), ..Facts::default() });
        (request, repairs.iter().map(Repair::to_string).collect())
    }

    #[test]
    fn what_a_model_refuses_is_not_sent() {
        let model = model(|model| model.contract.refuses = vec!["temperature".into(), "top-p".into()]);
        let request = Request { temperature: Some(0.2), top_p: Some(0.9), ..Request::new("hi") };
        let (request, repairs) = fitted(&request, &model);
        assert_eq!((request.temperature, request.top_p), (None, None));
        assert_eq!(repairs.len(), 2);
    }

    #[test]
    fn of_what_excludes_each_other_the_first_stays() {
        let model = model(|model| {
            model.contract.refuses.clear();
            model.contract.exclusive = vec![vec!["temperature".into(), "top-p".into()]];
        });
        let request = Request { temperature: Some(0.2), top_p: Some(0.9), ..Request::new("hi") };
        let (request, repairs) = fitted(&request, &model);
        assert_eq!((request.temperature, request.top_p), (Some(0.2), None));
        assert_eq!(repairs.len(), 1);
    }

    #[test]
    fn the_length_is_explicit_and_within_the_limits() {
        let small = model(|model| (model.limits.max_output, model.limits.context) = (Some(4_000), Some(8_000)));
        assert_eq!(fitted(&Request::new("hi"), &small).0.max_tokens, Some(4_000));
        let long = Request { max_tokens: Some(3_000), ..Request::new("a".repeat(4 * 6_000)) };
        let (request, repairs) = fitted(&long, &small);
        assert_eq!(request.max_tokens, Some(2_000));
        assert_eq!(repairs.len(), 1);
        let (request, _) = fit(&Request::new("hi"), &Facts::default());
        assert_eq!(request.max_tokens, Some(UNKNOWN_OUTPUT));
    }

    #[test]
    fn a_system_prompt_that_is_not_taken_stands_in_the_first_turn() {
        let model = model(|model| {
            model.features.no.insert(Feature::SystemPrompt);
            model.features.yes = model.features.yes.without(crate::task::FeatureSet::only(Feature::SystemPrompt));
        });
        let request = Request { system: vec![Block::Text("be brief".into())], ..Request::new("hi") };
        let (request, repairs) = fitted(&request, &model);
        assert!(request.system.is_empty());
        assert_eq!(request.turns[0].blocks[0], Block::Text("be brief".into()));
        assert_eq!(repairs.len(), 1);
    }

    #[test]
    fn blanks_go_and_roles_alternate() {
        let user = |text: &str| Turn { role: Role::User, blocks: vec![Block::Text(text.into())] };
        let request = Request { turns: vec![user("a"), user(" \n"), user("b")], ..Request::default() };
        let (request, repairs) = fit(&request, &Facts::default());
        assert_eq!(request.turns.len(), 1);
        assert_eq!(request.turns[0].blocks.len(), 2);
        assert_eq!(repairs.len(), 2);
    }

    #[test]
    fn an_effort_that_is_not_taken_becomes_the_nearest_in_the_providers_words() {
        let model = model(|model| model.features.efforts = vec!["low".into(), "high".into()]);
        let request = Request { effort: Some("max".into()), ..Request::new("hi") };
        let facts =
            Facts { model: Some(&model), effort_form: Some(r#"{"thinking": {"effort": "$EFFORT"}}"#), ..Facts::default() };
        let (request, repairs) = fit(&request, &facts);
        assert_eq!(request.extra[MORE_FIELDS]["thinking"]["effort"], "high");
        assert_eq!((request.effort, repairs.len()), (None, 1));
    }

    #[test]
    fn a_lesson_counts_like_a_fact() {
        let lessons = [Lesson::NoStream, Lesson::MaxTokens(100), Lesson::Refuses(Parameter::Temperature)];
        let request = Request { stream: true, temperature: Some(1.0), ..Request::new("hi") };
        let (request, repairs) = fit(&request, &Facts { lessons: &lessons, ..Facts::default() });
        assert!(!request.stream && request.temperature.is_none());
        assert_eq!(request.max_tokens, Some(100));
        assert_eq!(repairs.len(), 2);
    }
}
