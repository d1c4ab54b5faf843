//! What a recommendation says of one model: whether it is chosen, why or why not, and what would change that.

use super::listing::Listed;
use super::{Change, Choice, Explanation, Recommendation, Recommender, Standing};
use crate::catalog::Offer;
use crate::money::Usd;
use crate::task::{ModelIndex, Preference, Task};

/// What a recommendation says of one model.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The model.
    pub model: ModelIndex,
    /// Its place among what fits, counted from 1, and how many fit; `None` when it does not fit or nothing is ranked.
    pub place: Option<(usize, usize)>,
    /// The best of its offers that fit, and what a request costs by it.
    pub offer: Option<(&'a Offer, Option<Usd>)>,
    /// Why it stands where it does, or everything that stands against it.
    pub reasons: Vec<Explanation>,
    /// What would let it fit, or let it be chosen, each change alone.
    pub changes: Vec<Change>,
}

impl Verdict<'_> {
    /// Whether it meets every demand.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.offer.is_some()
    }

    /// Whether it is the choice.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        self.place.is_some_and(|(place, _)| place == 1)
    }
}

impl<'a> Recommendation<'a> {
    /// What this recommendation says of one model.
    #[must_use]
    pub fn verdict(&self, model: ModelIndex) -> Verdict<'a> {
        let at = self.ranked().iter().position(|choice| choice.model == model);
        let choice = at.and_then(|at| self.ranked().get(at));
        let filter = self.filter();
        // Where nothing is ranked, what a request holds may not be known either: then list prices tell which offer is best.
        let fits = filter.as_ref().filter(|filter| filter.best_offer(model).is_some());
        let listed = fits.map(|filter| Listed::of(filter, model));
        let listed = listed.and_then(|listed| listed.offer.map(|offer| (offer, listed.cost)));
        let offer = choice.map(|choice| (choice.offer, choice.cost)).or(listed);
        let against = || {
            filter.iter().flat_map(|filter| {
                filter.reasons(model).iter().map(|reason| filter.explain(model, reason))
            })
        };
        Verdict {
            model,
            place: at.map(|at| (at + 1, self.ranked().len())),
            offer,
            reasons: choice.map_or_else(|| against().collect(), |choice| self.reasons(choice)),
            changes: match (choice, offer) {
                (Some(choice), _) => self.to_be_chosen(choice),
                (None, Some(_)) => Vec::new(),
                (None, None) => self.changes(Some(model)),
            },
        }
    }

    /// What would let a model that fits be the choice.
    fn to_be_chosen(&self, choice: &Choice<'a>) -> Vec<Change> {
        if self.best().is_some_and(|best| best.model == choice.model) {
            return Vec::new();
        }
        let others = Preference::ALL
            .iter()
            .filter(|preference| **preference != self.understanding.preference);
        let mut changes: Vec<Change> = others
            .filter(|preference| {
                self.chosen_by(choice.model, |task| task.preference = Some(**preference))
            })
            .map(|preference| {
                change(
                    "preference",
                    format!("with --prefer {} it would be chosen", flag(*preference)),
                )
            })
            .collect();
        changes.extend(self.lower_floor(choice));
        let id = &self.catalog.model(choice.model).id;
        changes.push(change("model", format!("with --model {id} nothing else competes")));
        changes
    }

    /// The quality floor at which a choice below it would be good enough.
    fn lower_floor(&self, choice: &Choice<'a>) -> Option<Change> {
        let quality = choice.quality.filter(|_| choice.standing == Standing::BelowFloor)?;
        let best = self.best_quality().filter(|best| *best > 0.0)?;
        // Rounded down, so that the figure shown lets it pass.
        let share = (f64::from(quality.value / best) * 100.0).floor() / 100.0;
        let chosen = self.chosen_by(choice.model, |task| task.quality_floor = Some(share));
        let then = if chosen { "it would be chosen" } else { "it would be good enough" };
        Some(change("quality-floor", format!("with --quality-floor {share} {then}")))
    }

    fn chosen_by(&self, model: ModelIndex, alter: impl FnOnce(&mut Task)) -> bool {
        let mut task = self.task.clone();
        alter(&mut task);
        let other = Recommender::new(self.catalog, self.rules).recommend(&task);
        other.best().is_some_and(|best| best.model == model)
    }
}

fn change(code: &'static str, text: String) -> Change {
    Change { code, text, fitting: 1 }
}

/// What `--prefer` calls a preference.
const fn flag(preference: Preference) -> &'static str {
    match preference {
        Preference::Cost => "cost",
        Preference::Speed => "speed",
        Preference::Quality | Preference::Balanced => preference.name(),
    }
}
