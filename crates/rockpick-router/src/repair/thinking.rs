//! How hard a model thinks, in the fields that it takes.

mod forms;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::forms::{
    budget_of, forms, loose, matched, merge, names, others, strays, take, unknown_effort, written,
};
use super::super::foreign::MORE_FIELDS;
use super::super::lesson::{Lesson, Parameter};
use super::super::{Request, Role};
use super::Fitting;
use rockpick_core::catalog::ThinkingFields;
use rockpick_core::task::Effort;
use rockpick_core::task::Feature;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Asked {
    effort: Effort,
    /// The tokens that a saved body gives.
    budget: Option<u64>,
    /// Whether it is said as a model takes it: numbers as numbers, within their bounds.
    exact: bool,
}

impl Asked {
    fn of(effort: Effort) -> Self {
        Self { effort, budget: None, exact: true }
    }
}

/// What the fields of a body come to for one model.
enum Saved {
    /// They are its own, and are written again.
    Own(Asked),
    /// They are taken as they are.
    Stays(Asked),
    /// They are for others, or for nobody.
    Rewritten(Asked),
}

impl Saved {
    fn asked(&self) -> Asked {
        let (Self::Own(asked) | Self::Stays(asked) | Self::Rewritten(asked)) = self;
        *asked
    }
}

/// How hard a model is asked to think, and in which way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thinks<'a> {
    effort: Effort,
    way: &'a ThinkingFields,
    budget: Option<u64>,
    /// Whether somebody gave the budget, which is then not changed without a word.
    given: bool,
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
    let sampled = request.temperature.is_some_and(|share| share < 1.0)
        || request.top_p.is_some_and(|share| share < 0.95);
    begun || sampled || request.forces_a_tool()
}

impl<'a> Fitting<'a> {
    /// Reads what is asked for, in whatever words, and decides how it is sent.
    ///
    /// # Errors
    /// The field whose effort is a word that nobody knows.
    pub(super) fn thinking(&mut self) -> Result<(), String> {
        let way = self.way();
        let Some(asked) = self.asked(way)? else { return Ok(()) };
        self.without_fields();
        let Some(way) = way else {
            if asked.effort != Effort::None {
                self.note("the reasoning effort is not sent", "is not known to take one");
            }
            return Ok(());
        };
        if asked.effort == Effort::None && !way.always {
            let none = Thinks { effort: Effort::None, way, budget: None, given: false };
            self.thinks = way.none.is_some().then_some(none);
            return Ok(());
        }
        let effort = self.nearest(asked.effort, way);
        if let Some(effort) = effort.filter(|_| self.may_think(way)) {
            let given = asked.budget.filter(|_| effort == asked.effort && !way.budgets.is_empty());
            self.thinks = Some(Thinks {
                effort,
                way,
                budget: given.or_else(|| budget_of(effort, way)),
                given: given.is_some(),
            });
            self.beside(way);
        }
        Ok(())
    }

    /// The way in which the model is asked: that of its family, or one that a refusal has named.
    fn way(&self) -> Option<&'a ThinkingFields> {
        let named = |lesson: &Lesson| {
            let Lesson::ThinksBy(name) = lesson else { return None };
            self.facts.ways.iter().find(|way| way.name == *name)
        };
        if self.knows_none() {
            return None;
        }
        self.facts.lessons.iter().rev().find_map(named).or(self.facts.thinking)
    }

    /// The effort that is asked for by itself, or by the fields of a body; `None` = nothing is, or it stays as it is.
    fn asked(&mut self, way: Option<&ThinkingFields>) -> Result<Option<Asked>, String> {
        let saved = self.saved(way)?;
        if let Some(effort) = self.request.effort.take() {
            if saved.is_some_and(|saved| saved.asked().effort != effort) {
                self.note(
                    &format!("the effort is {effort}, not that of the saved fields"),
                    "takes one effort",
                );
            }
            return Ok(Some(Asked::of(effort)));
        }
        // What the choice would like never takes away what somebody asked for.
        let may = way.is_some() && !forbids_thinking(&self.request);
        Ok(match saved {
            None => self.facts.effort.filter(|_| may).map(Asked::of),
            Some(Saved::Own(asked)) => Some(asked),
            Some(Saved::Stays(_)) => None,
            Some(Saved::Rewritten(asked)) => {
                self.note("the saved fields for thinking are rewritten", "does not take them so");
                Some(asked)
            }
        })
    }

    /// What the fields of a body ask for, if anything.
    fn saved(&self, way: Option<&ThinkingFields>) -> Result<Option<Saved>, String> {
        let Some(more) = self.request.extra.get(MORE_FIELDS).and_then(Value::as_object) else {
            return Ok(None);
        };
        let known = || self.facts.ways.iter().chain(self.facts.thinking);
        if let Some((field, word)) = known()
            .flat_map(|way| forms(way).chain(loose(way)))
            .find_map(|form| unknown_effort(&form, more))
        {
            let efforts: Vec<&str> = Effort::ALL.iter().map(|effort| effort.name()).collect();
            return Err(format!(
                "takes no effort `{word}` in `{field}`: the efforts are {}",
                efforts.join(", ")
            ));
        }
        if let Some(way) = way {
            let takes = |asked: &Asked| asked.exact && self.takes(asked.effort, way);
            if let Some(own) = forms(way).find_map(|form| matched(way, &form, more)).filter(takes) {
                return Ok(Some(Saved::Own(own)));
            }
            if let Some(other) =
                others(way).find_map(|form| matched(way, &form, more)).filter(takes)
            {
                return Ok(Some(Saved::Stays(other)));
            }
        }
        let exact =
            known().flat_map(|way| forms(way).chain(others(way)).map(move |form| (way, form)));
        // A model that thinks in a way that is not known may take what others do not.
        let rest = known()
            .filter(|_| way.is_some() || self.knows_none())
            .flat_map(|way| loose(way).map(move |form| (way, form)));
        let found = exact.chain(rest).find_map(|(way, form)| matched(way, &form, more));
        Ok(found.map(Saved::Rewritten))
    }

    /// Whether the model is known not to think, or has said so.
    fn knows_none(&self) -> bool {
        self.taught(&Lesson::NoThinking) || self.lacks_or_unknown(Feature::Reasoning)
    }

    /// Whether an effort is one that the model takes as it is.
    fn takes(&self, effort: Effort, way: &ThinkingFields) -> bool {
        match effort {
            Effort::None => !way.always,
            Effort::On => way.on.is_some(),
            effort => self.known(way).contains(&effort),
        }
    }

    /// The efforts that the model takes.
    fn known(&self, way: &ThinkingFields) -> Vec<Effort> {
        let taught = |lesson: &Lesson| {
            if let Lesson::Efforts(efforts) = lesson { Some(efforts.clone()) } else { None }
        };
        let facts =
            self.facts.model.map(|model| model.features.efforts.as_slice()).unwrap_or_default();
        self.facts.lessons.iter().rev().find_map(taught).unwrap_or_else(|| way.takes(facts))
    }

    /// The effort that is sent for the one that is wanted.
    fn nearest(&mut self, wanted: Effort, way: &ThinkingFields) -> Option<Effort> {
        if self.takes(wanted, way) {
            return Some(wanted);
        }
        let meant = if wanted == Effort::On { way.usual } else { wanted };
        // Of two that are as near, the one that thinks less costs less.
        let nearest = self
            .known(way)
            .into_iter()
            .min_by_key(|effort| (*effort as usize).abs_diff(meant as usize))?;
        if nearest != meant {
            self.note(
                &format!("the reasoning effort is {nearest} instead of {wanted}"),
                "does not take that one",
            );
        }
        Some(nearest)
    }

    /// Whether it may think: a tool that must be called and a beginning of the answer matter more than an effort.
    fn may_think(&mut self, way: &ThinkingFields) -> bool {
        let begun = self.request.turns.last().is_some_and(|turn| turn.role == Role::Assistant);
        let forced = way.beside.iter().any(|name| name == Parameter::ToolChoice.name())
            && self.request.forces_a_tool();
        let forbids = match (begun && !way.beside.is_empty(), forced) {
            (true, _) => "does not think where its answer is begun for it",
            (_, true) => "does not think where it must call a tool",
            _ => return true,
        };
        self.note("the reasoning effort is not sent", forbids);
        false
    }

    /// Leaves out what is refused while the model thinks.
    fn beside(&mut self, way: &ThinkingFields) {
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
        let Some(Thinks { effort, way, budget, given }) = self.thinks else { return };
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
        let room = budget.map(|budget| self.room(budget));
        if let Some(room) = room.filter(|_| given && room < budget) {
            self.note(
                &format!("the budget of thought is {room} tokens"),
                "thinks within the length of its answer",
            );
        }
        let fields = template.and_then(|template| written(template, effort, room));
        let more =
            self.request.extra.entry(MORE_FIELDS).or_insert_with(|| Value::Object(Map::new()));
        merge(more, fields.unwrap_or_default());
    }

    /// The effort that goes with the length of the answer: a bound that somebody set stays one.
    fn within_length(
        &mut self,
        effort: Effort,
        way: &ThinkingFields,
        budget: Option<u64>,
    ) -> Option<Effort> {
        if budget.is_some() && self.room(u64::MAX) < LEAST_BUDGET {
            self.note(
                "the reasoning effort is not sent",
                "has no room to think in so short an answer",
            );
            return None;
        }
        if !way.unsets(effort, MAX_TOKENS) || !(self.bounded || self.facts.affordable.is_some()) {
            return Some(effort);
        }
        let allows = |other: &Effort| *other < effort && !way.unsets(*other, MAX_TOKENS);
        let less = self.known(way).into_iter().filter(allows).max()?;
        self.note(
            &format!("the reasoning effort is {less} instead of {effort}"),
            "takes no bound on its answer at that one",
        );
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
            forms(way).chain(others(way)).chain(loose(way)).for_each(|form| take(more, &form));
        }
        if more.is_empty() {
            self.request.extra.remove(MORE_FIELDS);
        }
    }

    /// Names what is left of fields for thinking that the model refuses, and leaves it out.
    pub(super) fn strays(&mut self) {
        let way = self.way();
        if way.is_none() && !self.knows_none() {
            return;
        }
        let Some(Value::Object(more)) = self.request.extra.get_mut(MORE_FIELDS) else { return };
        let keys = strays(more, self.facts.ways, way);
        let gone: Vec<String> =
            keys.iter().filter_map(|key| Some(names(key, &more.shift_remove(key)?))).collect();
        if more.is_empty() {
            self.request.extra.remove(MORE_FIELDS);
        }
        for name in gone {
            self.note(&format!("{name} is not sent"), "does not take it");
        }
    }
}
