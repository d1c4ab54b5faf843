//! Reasons in words: every code with its text, the fact behind it and where the fact comes from.

use super::filter::{Filter, Reason};
use crate::catalog::{Destinations, Model, Offer, Status};
use crate::money::Usd;
use crate::rules::Action;
use crate::task::{ModelIndex, Per, RegionSet, Route};

/// A reason for or against, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Its stable code.
    pub code: &'static str,
    /// The reason with the facts that matter.
    pub text: String,
    /// Where the facts come from: a key of `rules/sources.toml`.
    pub source: Option<String>,
}

impl Explanation {
    pub(super) fn new(code: &'static str, text: String, source: Option<&str>) -> Self {
        let source = source.filter(|source| !source.is_empty()).map(str::to_owned);
        Self { code, text, source }
    }
}

impl Reason {
    /// What the reason says, without the facts of a model.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Kind => "another kind of model",
            Self::InputModality => "does not take what the task sends",
            Self::OutputModality => "does not give what the task needs",
            Self::FeatureMissing => "lacks a feature asked for",
            Self::FeatureUnknown => "no source says whether it has a feature asked for",
            Self::ContextTooSmall => "context too small, in tokens",
            Self::ContextUnknown => "context not known",
            Self::OutputTooShort => "answers too short",
            Self::Eol => "cannot be called any more",
            Self::NotLaunched => "not launched by then",
            Self::EndsTooSoon => "ends before the lifetime asked for is over",
            Self::Legacy => "on its way out (--include-legacy admits it)",
            Self::LimitedAccess => "only for accounts that are let in",
            Self::ProviderNotWanted => "another provider is wanted",
            Self::ProviderExcluded => "provider excluded",
            Self::NotNamed => "other models are named",
            Self::Barred => "barred by a rule",
            Self::KeptOut => "a rule admits only others",
            Self::Retention => "prompts may be kept",
            Self::NoOffer => "no source says from where it can be called",
            Self::NotInRegion => "cannot be called from there",
            Self::ReachUnknown => "no source says whether it can be called from there",
            Self::NotInEveryRegion => "not every Region named can call it",
            Self::OtherProfile => "only by another profile than the one named",
            Self::MantleOnly => {
                "there only on bedrock-mantle, not by Converse or InvokeModel (--api any admits it)"
            }
            Self::GlobalOnly => "there only by the global route",
            Self::OutsideResidency => "data could leave the place it must stay in",
            Self::TierNotOffered => "no price for that tier",
            Self::PriceUnknown => "price not known",
            Self::OverBudget => "over the budget",
            Self::TooSlow => "slower than asked",
            Self::EffortNotOffered => "does not take that reasoning effort",
            Self::AlwaysThinks => "thinks before every answer, which the request forbids",
        }
    }
}

impl Filter<'_> {
    /// A reason against a model, in words.
    #[must_use]
    pub fn explain(&self, index: ModelIndex, reason: Reason) -> Explanation {
        let model = self.catalog.model(index);
        let (text, source) = match reason {
            Reason::Kind | Reason::InputModality | Reason::OutputModality => {
                (self.of_kind(model, reason), model.source.as_str())
            }
            Reason::FeatureMissing | Reason::FeatureUnknown => {
                (self.of_features(model, reason), model.features.source.as_str())
            }
            Reason::ContextTooSmall | Reason::ContextUnknown | Reason::OutputTooShort => {
                (self.of_limits(model, reason), model.limits.source.as_str())
            }
            Reason::EffortNotOffered | Reason::AlwaysThinks => {
                (self.of_thinking(model, reason), model.thinking.source.as_str())
            }
            Reason::NotLaunched => (of_launch(model), model.source.as_str()),
            Reason::EndsTooSoon => (self.of_lifetime(model), model.lifecycle.source.as_str()),
            Reason::Eol | Reason::Legacy | Reason::LimitedAccess => {
                (self.of_lifecycle(model), model.lifecycle.source.as_str())
            }
            Reason::Barred | Reason::KeptOut => self.of_rule(index),
            Reason::NotInEveryRegion => (self.missing(index), model.source.as_str()),
            Reason::ProviderNotWanted
            | Reason::ProviderExcluded
            | Reason::NotNamed
            | Reason::Retention => (self.of_wishes(model, reason), model.source.as_str()),
            _ => return self.of_offers(index, reason),
        };
        Explanation::new(reason.name(), text, Some(source))
    }

    fn of_kind(&self, model: &Model, reason: Reason) -> String {
        let list = |set: crate::task::ModalitySet| {
            set.iter().map(|modality| modality.name()).collect::<Vec<_>>().join(", ")
        };
        match reason {
            Reason::Kind => {
                let wanted = self.kind.map_or("another", |kind| kind.name());
                format!("it is a model of kind {}, the task needs {wanted}", model.kind)
            }
            Reason::InputModality => {
                format!(
                    "it takes {}, the task sends {}",
                    list(model.input),
                    list(self.input.without(model.input))
                )
            }
            _ => format!(
                "it gives {}, the task needs {}",
                list(model.output),
                list(self.output.without(model.output))
            ),
        }
    }

    fn of_features(&self, model: &Model, reason: Reason) -> String {
        let titles = |known| {
            let features = self.features_without(model, known);
            features
                .iter()
                .map(|feature| self.catalog.feature_title(*feature).to_lowercase())
                .collect::<Vec<_>>()
                .join(", ")
        };
        if reason == Reason::FeatureMissing {
            format!("it lacks {}", titles(true))
        } else {
            format!("no source says whether it has {} (--allow-unknown admits it)", titles(false))
        }
    }

    fn of_limits(&self, model: &Model, reason: Reason) -> String {
        match reason {
            Reason::ContextTooSmall => {
                let context = model.limits.context.unwrap_or(0);
                format!(
                    "its context of {context} tokens is smaller than the {} needed",
                    self.context
                )
            }
            Reason::ContextUnknown => {
                format!(
                    "no source gives its context; {} tokens are needed (--allow-unknown admits it)",
                    self.context
                )
            }
            _ => {
                let most = model.limits.max_output.unwrap_or(0);
                format!(
                    "it answers with {most} tokens at the most, {} are asked",
                    self.usage.output
                )
            }
        }
    }

    fn of_thinking(&self, model: &Model, reason: Reason) -> String {
        let efforts: Vec<&str> =
            model.thinking.levels().iter().filter_map(|level| Some(level.effort?.name())).collect();
        match self.constraints.effort.filter(|_| reason == Reason::EffortNotOffered) {
            Some(effort) if efforts.is_empty() => format!("it takes no reasoning effort; {effort} is asked"),
            Some(effort) => format!("it takes the efforts {}; {effort} is asked", efforts.join(", ")),
            None => "it thinks before every answer; a begun answer, a temperature or a forced tool forbids that".to_owned(),
        }
    }

    fn of_lifecycle(&self, model: &Model) -> String {
        let life = &model.lifecycle;
        let successor =
            life.successor.as_ref().map(|id| format!("; {id} follows it")).unwrap_or_default();
        match (life.status(self.as_of), life.eol) {
            (Status::Eol, Some(eol)) => format!("calls fail since {eol}{successor}"),
            (Status::Eol, None) => format!("it cannot be called any more{successor}"),
            (Status::Limited, _) => "only accounts that are let in may call it".to_owned(),
            (_, Some(eol)) => format!(
                "it is in its legacy phase and ends on {eol}{successor} (--include-legacy admits it)"
            ),
            (_, None) => {
                format!("it is in its legacy phase{successor} (--include-legacy admits it)")
            }
        }
    }

    fn of_lifetime(&self, model: &Model) -> String {
        let asked =
            self.constraints.min_lifetime.map_or(self.as_of, |lifetime| lifetime.until(self.as_of));
        let eol = model.lifecycle.eol.map(|eol| eol.to_string()).unwrap_or_default();
        format!("it ends on {eol}; it has to last until {asked}")
    }

    /// That no source tells whether a model lasts as long as asked; `None` when one does, or nothing is asked.
    #[must_use]
    pub fn lifetime_unknown(&self, index: ModelIndex) -> Option<Explanation> {
        let asked = self.constraints.min_lifetime?.until(self.as_of);
        let life = &self.catalog.model(index).lifecycle;
        if life.ends_before(asked).is_some() {
            return None;
        }
        let text = match life.eol_floor {
            Some(floor) => format!(
                "it is only sure to last until {floor}; no source says whether it lasts until {asked}"
            ),
            None => format!(
                "no source says whether it lasts until {asked}: no end and no floor is known"
            ),
        };
        Some(Explanation::new("lifetime-unknown", text, Some(&life.source)))
    }

    fn of_rule(&self, index: ModelIndex) -> (String, &str) {
        let own = self.category.action(index).filter(|candidate| candidate.action == Action::Bar);
        match own.or_else(|| self.category.only()) {
            Some(rule) if rule.action == Action::Bar => {
                (format!("a rule bars it: {}", rule.because), rule.source.as_str())
            }
            Some(rule) => {
                (format!("a rule admits only some models: {}", rule.because), rule.source.as_str())
            }
            None => ("a rule keeps it out".to_owned(), ""),
        }
    }

    fn of_wishes(&self, model: &Model, reason: Reason) -> String {
        let name = &self.catalog.provider(model.provider).name;
        let wanted = || {
            let names = self
                .constraints
                .providers
                .iter()
                .map(|provider| self.catalog.provider(provider).name.as_str());
            names.collect::<Vec<_>>().join(" or ")
        };
        match reason {
            Reason::ProviderNotWanted => {
                format!("it is made by {name}; only {} is wanted", wanted())
            }
            Reason::ProviderExcluded => format!("it is made by {name}, which is excluded"),
            Reason::Retention => format!("prompts may be kept by {}", keeper(model)),
            _ => "other models are named".to_owned(),
        }
    }

    fn of_offers(&self, index: ModelIndex, reason: Reason) -> Explanation {
        let model = self.catalog.model(index);
        let nearest = self.nearest_offers(index, reason);
        let text = match reason {
            Reason::NoOffer if model.lifecycle.status(self.as_of) == Status::Limited => "no Region lists it".to_owned(),
            Reason::NoOffer => "no source says from which Regions it can be called".to_owned(),
            Reason::NotInRegion => {
                let from: RegionSet = nearest.iter().map(|offer| offer.region).collect();
                format!("it cannot be called from {}; only from {}", self.wanted_regions(), self.some_regions(from))
            }
            Reason::ReachUnknown => {
                let unknown = self.unknown_reach(index);
                format!("no source says whether it can be called from {}", self.some_regions(unknown))
            }
            Reason::MantleOnly => {
                "there only bedrock-mantle serves it, not Converse or InvokeModel (--api any admits it)".to_owned()
            }
            Reason::OtherProfile => "there it can be called only by another profile than the one that is named".to_owned(),
            Reason::GlobalOnly => "there it can be called by its global profile only, and that is not wanted".to_owned(),
            Reason::OutsideResidency => self.of_residency(&nearest),
            Reason::TierNotOffered => format!("no price is listed for the {} tier", self.tier),
            Reason::TooSlow => self.of_wait(index),
            Reason::PriceUnknown => "no source gives its price, so it cannot be held to the budget".to_owned(),
            _ => self.of_budget(&nearest),
        };
        let price = nearest
            .first()
            .and_then(|offer| self.catalog.price(offer))
            .map(|price| price.source.as_str());
        let source =
            if matches!(reason, Reason::OverBudget) { price } else { Some(model.source.as_str()) };
        Explanation::new(reason.name(), text, source)
    }

    fn of_residency(&self, offers: &[&Offer]) -> String {
        let residency = self.constraints.residency.as_ref();
        let place = residency
            .map_or("the Region that is called", |residency| self.catalog.place_name(residency));
        let Some(offer) =
            offers.iter().min_by_key(|offer| (offer.route == Route::Global, offer.route))
        else {
            return format!("no offer stays in {place}");
        };
        let id = self.catalog.invoke_id(offer);
        let code = self.catalog.code(offer.region);
        match offer.destinations {
            Destinations::Regions(regions) => {
                let inside =
                    residency.map_or(RegionSet::only(offer.region), |residency| residency.regions);
                let outside = self.catalog.codes(regions.without(inside)).join(", ");
                format!("{id} called from {code} may process data in {outside}, outside {place}")
            }
            Destinations::AnyCommercial => {
                format!("{id} may process data in any commercial Region, outside {place}")
            }
            Destinations::Unknown => format!("no source says where {id} processes data"),
        }
    }

    fn of_wait(&self, index: ModelIndex) -> String {
        let fastest = self.least_wait(self.catalog.model(index));
        match self.constraints.max_wait.zip(fastest) {
            Some((most, wait)) => format!(
                "public medians give {} to its {} token, not measured on Bedrock; {} are asked",
                seconds(super::unit::of(most, wait)),
                if most.first_token { "first" } else { "last" },
                seconds(most.millis)
            ),
            None => String::new(),
        }
    }

    fn of_budget(&self, offers: &[&Offer]) -> String {
        let Some(budget) = self.budget() else { return String::new() };
        let unit = per(budget.per);
        match self.least(offers, budget.per) {
            Some(cost) => format!("it costs {cost} {unit}, over the budget of {}", budget.usd),
            None => format!("its cost cannot be measured {unit}"),
        }
    }

    fn least(&self, offers: &[&Offer], per: Per) -> Option<Usd> {
        offers
            .iter()
            .filter_map(|offer| self.cost(offer))
            .filter_map(|cost| self.measured(cost, per))
            .min()
    }

    /// The least that a model over the budget would cost, in the budget's unit.
    #[must_use]
    pub fn least_spent(&self, index: ModelIndex) -> Option<Usd> {
        self.least(&self.nearest_offers(index, Reason::OverBudget), self.budget()?.per)
    }

    /// Where data of an offer may go, for people.
    #[must_use]
    pub fn goes_to(&self, offer: &Offer) -> String {
        match offer.destinations {
            Destinations::Regions(regions) => self.catalog.codes(regions).join(", "),
            Destinations::AnyCommercial => "any commercial Region".to_owned(),
            Destinations::Unknown => "Regions that are not known".to_owned(),
        }
    }

    /// The Regions wanted, for people.
    #[must_use]
    pub fn wanted_regions(&self) -> String {
        if self.constraints.regions.is_empty() {
            "any commercial Region".to_owned()
        } else {
            self.some_regions(self.constraints.regions)
        }
    }

    /// Some Regions for people: all of a few, the first of many.
    #[must_use]
    pub fn some_regions(&self, regions: RegionSet) -> String {
        let mut codes: Vec<_> = regions.iter().collect();
        codes.sort_by_key(|region| std::cmp::Reverse(self.catalog.reach(*region)));
        let shown: Vec<&str> =
            codes.iter().take(4).map(|region| self.catalog.code(*region)).collect();
        match regions.len().saturating_sub(shown.len()) {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }
}

fn of_launch(model: &Model) -> String {
    let day = model.launched.map(|day| day.to_string()).unwrap_or_default();
    format!("it came to Bedrock on {day}, after the day asked about")
}

fn keeper(model: &Model) -> &'static str {
    match model.retention {
        crate::task::Retention::None => "nobody",
        crate::task::Retention::Aws => "AWS",
        crate::task::Retention::Provider => "the provider",
    }
}

/// Milliseconds as seconds for people.
#[must_use]
pub fn seconds(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis} ms"),
        1_000..10_000 => format!("{:.1} s", millis as f64 / 1_000.0),
        _ => format!("{} s", (millis + 500) / 1_000),
    }
}

/// The unit of a budget, for people.
#[must_use]
pub fn per(per: Per) -> &'static str {
    match per {
        Per::Request => "a request",
        Per::Month => "a month",
        Per::MillionTokens => "a million tokens",
        Per::Image => "an image",
    }
}
