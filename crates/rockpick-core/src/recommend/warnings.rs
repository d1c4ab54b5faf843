//! What is to be known about the best choice: its end, its price, its thinking, where data goes.

use super::reasons::seconds;
use super::{Choice, Explanation, Recommendation};
use crate::catalog::Destinations;
use crate::catalog::lifecycle::{STALE_AFTER, days_between};
use crate::catalog::thinking::Measured;
use crate::money::{Usd, grouped};
use crate::rules::{Grade, Order};
use crate::task::{Per, RegionSet, Retention, Route};

/// Days before an end of life within which it is a warning.
const ENDS_SOON: i64 = 90;
/// So many Regions are named that would serve as well; more are counted.
const FEW: usize = 6;

fn warn(code: &'static str, text: String, source: Option<&str>) -> Explanation {
    Explanation {
        code,
        text,
        source: source.filter(|source| !source.is_empty()).map(str::to_owned),
    }
}

impl Recommendation<'_> {
    /// What is to be known about the best choice: its end, its price, where data goes.
    #[must_use]
    pub fn warnings(&self) -> Vec<Explanation> {
        let mut warnings = self.told_first();
        let notes = self.understanding.unused.iter().chain(&self.understanding.notes);
        warnings.extend(notes.map(|note| warn("note", note.clone(), None)));
        warnings.extend(self.facts_age());
        let Some(best) = self.best() else { return warnings };
        let found = [
            self.of_weakness(best),
            self.budget_unchecked(best),
            self.ends_soon(best),
            self.filter().and_then(|filter| filter.lifetime_unknown(best.model)),
            self.of_price(best),
            self.of_effort(best),
            self.of_speed(best),
            self.of_destinations_abroad(best),
            self.of_no_region(best),
            self.of_retention(best),
        ];
        warnings.extend(found.into_iter().flatten());
        warnings
    }

    /// That the best of what fits is weak, and where a better one is.
    fn of_weakness(&self, best: &Choice<'_>) -> Option<Explanation> {
        // A list is in an order of its own: its first need not be its best.
        let strength = |choice: &&Choice<'_>| choice.quality.map_or(0.0, |quality| quality.value);
        let best = self
            .ranked()
            .iter()
            .max_by(|a, b| strength(a).total_cmp(&strength(b)))
            .filter(|_| self.is_listing())
            .unwrap_or(best);
        let quality = best.quality.filter(|_| self.grade(best) == Grade::Weak)?;
        let category = self.category()?;
        let strongest = self
            .catalog
            .indices()
            .filter_map(|index| Some((index, category.evidence(index)?.best()?.value)));
        let strongest = strongest.filter(|(index, _)| !self.catalog.offers_of(*index).is_empty());
        let (index, value) = strongest.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let text = format!(
            "the best that fits is weak at this task: {:.0}% where the best on Bedrock, {}, has {:.0}%",
            quality.value * 100.0,
            self.catalog.model(index).name,
            value * 100.0
        );
        Some(warn("weak", text, None))
    }

    fn ends_soon(&self, best: &Choice<'_>) -> Option<Explanation> {
        let model = self.catalog.model(best.model);
        let days = model.lifecycle.days_left(self.task.as_of).filter(|days| *days <= ENDS_SOON)?;
        let text = format!("{} ends on {}, in {days} days", model.name, model.lifecycle.eol?);
        Some(warn("ends-soon", text, Some(&model.lifecycle.source)))
    }

    fn of_price(&self, best: &Choice<'_>) -> Option<Explanation> {
        let name = &self.catalog.model(best.model).name;
        match self.catalog.price(best.offer) {
            Some(price) if price.estimated => {
                let odd =
                    price.listed.as_ref().and_then(|odd| Some((&odd.source, odd.input?.million())));
                let odd = odd
                    .map(|(source, usd)| format!("; {source} lists {usd} a million tokens sent"))
                    .unwrap_or_default();
                let text =
                    format!("the price of {name} is estimated from another Region or route{odd}");
                Some(warn("price-estimated", text, Some(&price.source)))
            }
            None => {
                Some(warn("price-unknown", format!("no source gives the price of {name}"), None))
            }
            Some(_) => None,
        }
    }

    /// What the thinking of the choice costs, and what its quality rests on.
    fn of_effort(&self, best: &Choice<'_>) -> Option<Explanation> {
        let thinking = &self.catalog.model(best.model).thinking;
        let level = thinking.levels().get(best.level)?;
        let mut parts = Vec::new();
        if best.usage.thinking > 0 {
            let about = if level.estimated { "about " } else { "" };
            let tokens = grouped(u128::from(best.usage.thinking));
            parts.push(format!("the cost includes {about}{tokens} tokens of thinking an answer"));
        }
        if let Some(quality) = best.quality.filter(|quality| quality.predicted) {
            let at = quality.measured_at.map_or("another", |effort| effort.name());
            parts.push(format!("its quality is predicted from results at {at} effort"));
        }
        if parts.is_empty() {
            return None;
        }
        let effort = best.effort.map_or(String::new(), |effort| format!(" at {effort} effort"));
        let text = format!("{}{effort}: {}", self.catalog.model(best.model).name, parts.join("; "));
        Some(warn("effort", text, Some(&thinking.source)))
    }

    /// What is known of the time to an answer, when speed is asked for.
    fn of_speed(&self, best: &Choice<'_>) -> Option<Explanation> {
        let limit = self.understanding.constraints.max_wait;
        let asked =
            limit.is_some() || self.preference().is_some_and(|rule| rule.order == Order::Speed);
        let thinking = &self.catalog.model(best.model).thinking;
        let Some((first, last)) = best.wait else {
            let text = format!(
                "no speed data for {}: how fast it answers is not known",
                self.catalog.model(best.model).name
            );
            return asked.then(|| warn("no-speed-data", text, None));
        };
        let place = match thinking.measured {
            Measured::Elsewhere => "a public median, not measured on Bedrock".to_owned(),
            Measured::OnBedrock => "measured on Bedrock".to_owned(),
            Measured::Here(day) => format!("measured by you on {day}"),
        };
        let times = format!(
            "{} to the first token, {} to the last ({place})",
            seconds(first),
            seconds(last)
        );
        let text = match limit.filter(|_| self.all_too_slow()) {
            Some(limit) => format!(
                "nothing is known to answer within {}; {times} for this one",
                seconds(limit.millis)
            ),
            None => times,
        };
        let own = matches!(thinking.measured, Measured::Here(_));
        asked.then(|| warn("speed", text, Some(thinking.source.as_str()).filter(|_| !own)))
    }

    /// That data may be processed in another country than that of the Region, and in which.
    fn of_destinations_abroad(&self, best: &Choice<'_>) -> Option<Explanation> {
        if best.offer.route == Route::Global {
            let text = "the global route may process data in any commercial Region; --no-global or --residency keeps it closer";
            return Some(warn("global-route", text.to_owned(), None));
        }
        let Destinations::Regions(to) = best.offer.destinations else { return None };
        let country = |region| self.catalog.region_info(region).country.as_str();
        let home = country(best.offer.region);
        let mut abroad: Vec<&str> = to.iter().map(country).filter(|code| *code != home).collect();
        abroad.sort_unstable();
        abroad.dedup();
        if abroad.is_empty() {
            return None;
        }
        let names: Vec<&str> = abroad.iter().map(|code| self.catalog.place_named(code)).collect();
        let text = format!(
            "data may be processed in other countries than {}: {}",
            self.catalog.place_named(home),
            names.join(", ")
        );
        Some(warn("other-countries", text, None))
    }

    /// Which Regions would do as well, where none was given.
    fn of_no_region(&self, best: &Choice<'_>) -> Option<Explanation> {
        if !self.understanding.constraints.regions.is_empty() {
            return None;
        }
        let filter = self.filter()?;
        let same = filter
            .offers(best.model, best.level)
            .filter(|(_, cost)| *cost == best.cost)
            .map(|(offer, _)| offer.region);
        let others = same.collect::<RegionSet>().without(RegionSet::only(best.offer.region));
        let code = self.catalog.code(best.offer.region);
        let text = match others.len() {
            0 => format!(
                "no Region is given, and {code} is the only one at this price; --region says which"
            ),
            1..=FEW => format!(
                "no Region is given; {code} and {} would do as well",
                self.catalog.codes(others).join(", ")
            ),
            many => format!(
                "no Region is given; {code} and {many} others would do as well; --region says which"
            ),
        };
        Some(warn("no-region", text, None))
    }

    fn of_retention(&self, best: &Choice<'_>) -> Option<Explanation> {
        let model = self.catalog.model(best.model);
        let text =
            format!("prompts to {} may be kept: retention class {}", model.name, model.retention);
        (model.retention > Retention::None).then(|| warn("retention", text, None))
    }

    /// Facts that are old, or that were gathered after the day asked about.
    fn facts_age(&self) -> Option<Explanation> {
        let (facts, asked) = (self.catalog.as_of(), self.task.as_of);
        let text = match days_between(facts, asked) {
            ..0 => format!(
                "the facts are of {facts}: what could be called on {asked}, and its price, may have been different"
            ),
            0..=STALE_AFTER => return None,
            days => format!("the facts are {days} days old: a newer rockpick may know better"),
        };
        Some(warn("facts-age", text, None))
    }

    /// A budget for a month without a volume cannot be held to; how many requests it buys is said instead.
    fn budget_unchecked(&self, best: &Choice<'_>) -> Option<Explanation> {
        let wanted = &self.understanding.constraints;
        let budget = wanted
            .max_cost
            .filter(|budget| budget.per == Per::Month && wanted.per_month.is_none())?;
        let bought = best
            .cost
            .filter(|cost| *cost > Usd::ZERO)
            .map(|cost| budget.usd.picos() / cost.picos());
        let bought = bought
            .map(|count| format!(" {} a month buys {} requests;", budget.usd, grouped(count)))
            .unwrap_or_default();
        let text = format!(
            "the monthly budget is not checked:{bought} --per-month N says how many there are"
        );
        Some(warn("budget-unchecked", text, None))
    }
}
