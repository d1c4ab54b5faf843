//! Fits a request to the model that is to answer: by the catalog's facts, and by what its refusals have taught.

mod caching;
mod thinking;
mod tools;

use std::fmt;

use super::lesson::{Lesson, Parameter};
use super::own_body;
use super::{Request, Role, Turn};
use rockpick_core::catalog::{Form, Model, Quirk, QuirkSet, ThinkingFields};
use rockpick_core::task::{Effort, Feature};

use self::thinking::Thinks;
pub use self::thinking::forbids_thinking;

/// The longest answer that is asked for when nobody says: Bedrock counts all of it against the quota of tokens at once.
const USUAL_OUTPUT: u64 = 16_384;
/// The same for a model whose limit is not known.
const UNKNOWN_OUTPUT: u64 = 4_096;
/// The field by which one provider's features are asked for that are still tried out.
const BETAS: &str = "anthropic_beta";
/// What follows a beginning of the answer where a model takes none.
const GO_ON: &str =
    "Continue your last message exactly where it ends, without repeating any of it.";

/// What is known about who will answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// The model, where the catalog knows it.
    pub model: Option<&'a Model>,
    /// What its refusals have taught.
    pub lessons: &'a [Lesson],
    /// How it is asked to think; `None` = no way is known.
    pub thinking: Option<&'a ThinkingFields>,
    /// The effort that it was chosen at; what the request itself asks for goes before it.
    pub effort: Option<Effort>,
    /// Every way in which models are asked to think: bodies may be written for another model.
    pub ways: &'a [ThinkingFields],
    /// What it refuses.
    pub quirks: QuirkSet,
    /// The form in which InvokeModel takes the conversation; `None` = Converse is called.
    pub form: Option<&'a Form>,
    /// The longest answer that the budget pays for.
    pub affordable: Option<u64>,
}

/// Something that was changed in a request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair(String);

impl Repair {
    pub(super) fn new(what: String) -> Self {
        Self(what)
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The request as the model takes it, and what was changed. The request has been [mended](super::mend).
///
/// # Errors
/// Why this model cannot take it.
pub fn fit(request: &Request, facts: &Facts<'_>) -> Result<(Request, Vec<Repair>), String> {
    let bounded = request.max_tokens.is_some();
    let mut fitting =
        Fitting { request: request.clone(), facts, repairs: Vec::new(), bounded, thinks: None };
    fitting.form();
    fitting.system();
    fitting.prefill();
    fitting.tools()?;
    fitting.caching();
    fitting.thinking()?;
    fitting.sampling();
    fitting.delivery();
    fitting.length();
    fitting.think();
    fitting.strays();
    fitting.fields();
    Ok((fitting.request, fitting.repairs))
}

struct Fitting<'a> {
    request: Request,
    facts: &'a Facts<'a>,
    repairs: Vec<Repair>,
    /// Whether somebody said how long the answer may be.
    bounded: bool,
    thinks: Option<Thinks<'a>>,
}

impl Fitting<'_> {
    fn note(&mut self, what: &str, why: &str) {
        let who = self.facts.model.map_or("the model", |model| model.name.as_str());
        self.repairs.push(Repair(format!("{what}: {who} {why}")));
    }

    fn taught(&self, lesson: &Lesson) -> bool {
        self.facts.lessons.contains(lesson)
    }

    fn has(&self, quirk: Quirk) -> bool {
        self.facts.quirks.contains(quirk)
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
        for parameter in Parameter::ALL.iter().copied() {
            if !parameter.is_in(&self.request) {
                continue;
            }
            let refuses =
                |model: &Model| model.contract.refuses.iter().any(|name| name == parameter.name());
            if self.facts.model.is_some_and(refuses) || self.taught(&Lesson::Refuses(parameter)) {
                parameter.remove_from(&mut self.request);
                self.note(&format!("{parameter} is not sent"), "does not take it");
            }
        }
        let groups =
            self.facts.model.map(|model| model.contract.exclusive.as_slice()).unwrap_or_default();
        for group in groups {
            let named = group.iter().filter_map(|name| Parameter::named(name));
            let given: Vec<Parameter> = named.filter(|one| one.is_in(&self.request)).collect();
            // The first of a group says most about what is wanted.
            for parameter in given.iter().skip(1) {
                parameter.remove_from(&mut self.request);
                self.note(
                    &format!("{parameter} is not sent"),
                    &format!("takes it or {}, not both", given[0]),
                );
            }
        }
    }

    fn system(&mut self) {
        let form = self.facts.form.and_then(|form| form.talk.as_ref());
        let lacks = self.lacks(Feature::SystemPrompt) || self.taught(&Lesson::NoSystem);
        if self.request.system.is_empty()
            || !(lacks || form.is_some_and(|talk| !talk.takes_system()))
        {
            return;
        }
        let system = std::mem::take(&mut self.request.system);
        match self.request.turns.first_mut().filter(|turn| turn.role == Role::User) {
            Some(first) => drop(first.blocks.splice(0..0, system)),
            None => self.request.turns.insert(0, Turn { role: Role::User, blocks: system }),
        }
        self.note("the system prompt stands in the first turn", "takes none");
    }

    /// A model that takes no beginning of its answer is asked to go on from it.
    fn prefill(&mut self) {
        let begun = self.request.turns.last().is_some_and(|turn| turn.role == Role::Assistant);
        if begun && (self.has(Quirk::Prefill) || self.taught(&Lesson::NoPrefill)) {
            let blocks = vec![super::Block::Text(GO_ON.to_owned())];
            self.request.turns.push(Turn { role: Role::User, blocks });
            self.note("it is asked to go on from the beginning of the answer", "does not take one");
        }
    }

    fn delivery(&mut self) {
        let tools = self.has(Quirk::StreamedTools) && !self.request.tools.is_empty();
        if self.request.stream
            && (tools || self.lacks(Feature::Streaming) || self.taught(&Lesson::NoStream))
        {
            self.request.stream = false;
            self.note("the answer arrives as a whole", "does not stream this");
        }
        if self.request.fast && self.lacks_or_unknown(Feature::LatencyOptimized) {
            self.request.fast = false;
            self.note("latency is not optimized", "is not known to offer it");
        }
    }

    fn length(&mut self) {
        let known = self.facts.model.and_then(|model| model.limits.max_output);
        let taught =
            |lesson: &Lesson| if let Lesson::MaxTokens(most) = lesson { Some(*most) } else { None };
        let taught = self.facts.lessons.iter().filter_map(taught).min();
        let context = self.facts.model.and_then(|model| model.limits.context);
        let left =
            context.map(|context| context.saturating_sub(self.request.input_tokens()).max(1));
        let most = [known, taught, left, self.facts.affordable].into_iter().flatten().min();
        let wanted = self.request.max_tokens;
        let usual = if known.is_some() { USUAL_OUTPUT } else { UNKNOWN_OUTPUT };
        let length = wanted.unwrap_or(usual + self.budget()).min(most.unwrap_or(u64::MAX)).max(1);
        if wanted.is_some_and(|wanted| wanted > length) {
            self.note(
                &format!("the answer is at most {length} tokens"),
                "gives no longer one here",
            );
        }
        self.request.max_tokens = Some(length);
    }

    /// Fields of one provider, and those that its refusals have named.
    fn fields(&mut self) {
        if self.has(Quirk::Betas) && super::lesson::remove_field(&mut self.request, BETAS) {
            self.note(&format!("`{BETAS}` is not sent"), "does not take it");
        }
        let named = |lesson: &Lesson| {
            if let Lesson::NoField(name) = lesson { Some(name.clone()) } else { None }
        };
        for name in self.facts.lessons.iter().filter_map(named).collect::<Vec<_>>() {
            if super::lesson::remove_field(&mut self.request, &name) {
                self.note(&format!("`{name}` is not sent"), "does not take it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, mend};
    use super::*;

    /// A model of the catalog with facts that a test gives it.
    fn model(change: impl FnOnce(&mut Model)) -> Model {
        let mut model = rockpick_knowledge::bundled().catalog.models()[0].clone();
        change(&mut model);
        model
    }

    fn fitted(request: &Request, model: &Model) -> (Request, Vec<String>) {
        let (request, repairs) =
            fit(request, &Facts { model: Some(model), ..Facts::default() }).expect("it fits");
        (request, repairs.iter().map(Repair::to_string).collect())
    }

    #[test]
    fn what_a_model_refuses_is_not_sent() {
        let model =
            model(|model| model.contract.refuses = vec!["temperature".into(), "top-p".into()]);
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
        let small = model(|model| {
            (model.limits.max_output, model.limits.context) = (Some(4_000), Some(8_000));
        });
        assert_eq!(fitted(&Request::new("hi"), &small).0.max_tokens, Some(4_000));
        let long = Request { max_tokens: Some(3_000), ..Request::new("a".repeat(4 * 6_000)) };
        let (request, repairs) = fitted(&long, &small);
        assert_eq!(request.max_tokens, Some(2_000));
        assert_eq!(repairs.len(), 1);
        let (request, _) = fit(&Request::new("hi"), &Facts::default()).expect("it fits");
        assert_eq!(request.max_tokens, Some(UNKNOWN_OUTPUT));
    }

    #[test]
    fn a_system_prompt_that_is_not_taken_stands_in_the_first_turn() {
        let model = model(|model| {
            model.features.no.insert(Feature::SystemPrompt);
            model.features.yes = model
                .features
                .yes
                .without(rockpick_core::task::FeatureSet::only(Feature::SystemPrompt));
        });
        let request =
            Request { system: vec![Block::Text("be brief".into())], ..Request::new("hi") };
        let (request, repairs) = fitted(&request, &model);
        assert!(request.system.is_empty());
        assert_eq!(request.turns[0].blocks[0], Block::Text("be brief".into()));
        assert_eq!(repairs.len(), 1);
    }

    #[test]
    fn a_beginning_that_is_not_taken_is_gone_on_from() {
        let mut request = Request::new("JSON");
        request.turns.push(Turn { role: Role::Assistant, blocks: vec![Block::Text("{".into())] });
        let facts = Facts { quirks: QuirkSet::only(Quirk::Prefill), ..Facts::default() };
        let (request, repairs) = fit(&request, &facts).expect("it fits");
        assert_eq!((request.turns.len(), repairs.len()), (3, 1));
        assert!(mend(request).is_ok_and(|(_, repairs)| repairs.is_empty()));
    }

    #[test]
    fn a_lesson_counts_like_a_fact() {
        let lessons =
            [Lesson::NoStream, Lesson::MaxTokens(100), Lesson::Refuses(Parameter::Temperature)];
        let request = Request { stream: true, temperature: Some(1.0), ..Request::new("hi") };
        let (request, repairs) =
            fit(&request, &Facts { lessons: &lessons, ..Facts::default() }).expect("it fits");
        assert!(!request.stream && request.temperature.is_none());
        assert_eq!(request.max_tokens, Some(100));
        assert_eq!(repairs.len(), 2);
    }
}
