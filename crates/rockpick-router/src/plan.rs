//! What may be called, in which order: the ranking, and of each model every offer that fits.

use super::Target;
use rockpick_core::catalog::{Catalog, Form, Model, Offer, Price, QuirkSet, ThinkingFields};
use rockpick_core::money::Usd;
use rockpick_core::recommend::{Choice, Filter, Recommendation};
use rockpick_core::task::{Api, Effort, Feature, ModelIndex, Per, Region, Route, Tier};

/// What may be called.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    source: Source<'a>,
    /// The ways in which models are asked to think.
    pub(super) ways: &'a [ThinkingFields],
    /// The tier that calls are billed at.
    pub tier: Tier,
    /// The most that one request may cost.
    pub budget: Option<Usd>,
    /// The API that conversations are called by; without one, Converse where it serves the model, else InvokeModel.
    pub api: Option<Api>,
}

#[derive(Clone, Debug)]
enum Source<'a> {
    /// The ranking of a recommendation.
    Ranking {
        catalog: &'a Catalog,
        filter: Option<Box<Filter<'a>>>,
        ranked: Vec<Ranked<'a>>,
        only: Option<String>,
    },
    /// One id, as somebody gave it.
    Pinned(Candidate<'a>),
}

/// A model of the ranking: its best offer, and the effort that it is asked for.
#[derive(Clone, Copy, Debug)]
struct Ranked<'a> {
    model: ModelIndex,
    best: &'a Offer,
    level: usize,
    effort: Option<Effort>,
}

/// One offer that may be called.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// What is called.
    pub target: Target,
    /// The model, where the catalog knows it.
    pub model: Option<&'a Model>,
    /// How it is asked to think, where a way is known.
    pub thinking: Option<&'a ThinkingFields>,
    /// The effort that it was chosen at; `None` where the model has none, does so unasked, or an ID is pinned.
    pub effort: Option<Effort>,
    /// What it refuses in a request.
    pub quirks: QuirkSet,
    /// The body that InvokeModel takes of it.
    pub form: Option<&'a Form>,
    /// Its price, where known.
    pub price: Option<&'a Price>,
    /// What one request is expected to cost.
    pub cost: Option<Usd>,
}

impl<'a> Plan<'a> {
    /// The ranking of a recommendation. Offers of bedrock-mantle are left out: they are not called by Converse.
    #[must_use]
    pub fn of(answer: &Recommendation<'a>) -> Self {
        let filter = answer.filter();
        let tier = filter.as_ref().map_or(Tier::Standard, Filter::tier);
        let budget = filter
            .as_ref()
            .and_then(Filter::budget)
            .filter(|budget| budget.per == Per::Request)
            .map(|budget| budget.usd);
        let callable = |choice: &&Choice<'a>| {
            answer.catalog.offers_of(choice.model).iter().any(|offer| offer.route != Route::Mantle)
        };
        let ranked = answer.ranked().iter().filter(callable).map(|choice| Ranked {
            model: choice.model,
            best: choice.offer,
            level: choice.level,
            effort: sent(answer.catalog.model(choice.model), choice.effort),
        });
        let ranked = ranked.collect();
        Self {
            source: Source::Ranking {
                catalog: answer.catalog,
                filter: filter.map(Box::new),
                ranked,
                only: None,
            },
            ways: answer.catalog.ways_of_thinking(),
            tier,
            budget,
            api: answer.understanding.constraints.api,
        }
    }

    /// Exactly one id, in one Region, whatever the rules say. What the catalog knows of its model still holds.
    #[must_use]
    pub fn pinned(catalog: &'a Catalog, invoke_id: &str, region: &str, tier: Tier) -> Self {
        let id = invoke_id.rsplit('/').next().unwrap_or(invoke_id);
        let index = catalog.index_of(id).or_else(|| catalog.index_of(catalog.bare(id)));
        let offer = index
            .zip(catalog.region(region))
            .and_then(|(model, region)| exact(catalog, model, region, id));
        let candidate = Candidate {
            target: Target { invoke_id: invoke_id.to_owned(), region: region.to_owned() },
            model: index.map(|index| catalog.model(index)),
            thinking: catalog.thinking_fields(catalog.bare(id)),
            effort: None,
            quirks: catalog.quirks(catalog.bare(id)),
            form: catalog.form(catalog.bare(id)).or_else(|| catalog.form(invoke_id)),
            price: offer.and_then(|offer| catalog.price(offer)),
            cost: None,
        };
        Self {
            source: Source::Pinned(candidate),
            ways: catalog.ways_of_thinking(),
            tier,
            budget: None,
            api: None,
        }
    }

    /// The same pinned id with what is known of a model: that of an application inference profile, say.
    #[must_use]
    pub fn knowing(mut self, catalog: &'a Catalog, model: &str) -> Self {
        let index = catalog.index_of(catalog.bare(model));
        if let (Source::Pinned(candidate), Some(index)) = (&mut self.source, index) {
            let here = catalog
                .region(&candidate.target.region)
                .map(|region| catalog.offers_from(index, region))
                .unwrap_or_default();
            candidate.model = Some(catalog.model(index));
            candidate.thinking = catalog.thinking_fields(&catalog.model(index).id);
            candidate.quirks = catalog.quirks(&catalog.model(index).id);
            candidate.form = catalog.form(&catalog.model(index).id);
            candidate.price = here.first().and_then(|offer| catalog.price(offer));
        }
        self
    }

    /// The same, but only offers that are called by this id.
    #[must_use]
    pub fn only(mut self, invoke_id: &str) -> Self {
        if let Source::Ranking { only, .. } = &mut self.source {
            *only = Some(invoke_id.to_owned());
        }
        self
    }

    /// The same, but only one model: results of several must not be mixed.
    #[must_use]
    pub fn of_model(mut self, id: &str) -> Self {
        if let Source::Ranking { catalog, ranked, .. } = &mut self.source {
            let catalog = *catalog;
            ranked.retain(|ranked| catalog.model(ranked.model).id == id);
        }
        self
    }

    /// Whether nothing may be called.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        (0..self.models()).all(|place| self.offers(place).is_empty())
    }

    /// How many models may be called.
    #[must_use]
    pub fn models(&self) -> usize {
        match &self.source {
            Source::Ranking { ranked, .. } => ranked.len(),
            Source::Pinned(_) => 1,
        }
    }

    /// The offers of the model at a place of the ranking that may be called, the best first.
    #[must_use]
    pub fn offers(&self, place: usize) -> Vec<Candidate<'a>> {
        match &self.source {
            Source::Pinned(candidate) if place == 0 => vec![candidate.clone()],
            Source::Ranking { catalog, filter: Some(filter), ranked, only } => {
                let mut all = ranked
                    .get(place)
                    .map(|ranked| offers(catalog, filter, ranked))
                    .unwrap_or_default();
                all.retain(|candidate| {
                    only.as_ref().is_none_or(|id| *id == candidate.target.invoke_id)
                });
                all
            }
            _ => Vec::new(),
        }
    }
}

fn offers<'a>(
    catalog: &'a Catalog,
    filter: &Filter<'a>,
    ranked: &Ranked<'a>,
) -> Vec<Candidate<'a>> {
    let Ranked { model, best, level, effort } = *ranked;
    let mut fitting: Vec<(&'a Offer, Option<Usd>)> =
        filter.offers(model, level).filter(|(offer, _)| offer.route != Route::Mantle).collect();
    let near = |offer: &Offer| usize::MAX - catalog.reach(offer.region);
    fitting.sort_by_key(|(offer, cost)| {
        (*offer != best, cost.is_none(), *cost, offer.route, near(offer))
    });
    let candidate = |(offer, cost): (&'a Offer, Option<Usd>)| Candidate {
        target: Target {
            invoke_id: catalog.invoke_id(offer).into_owned(),
            region: catalog.code(offer.region).to_owned(),
        },
        model: Some(catalog.model(model)),
        thinking: catalog.thinking_fields(&catalog.model(model).id),
        effort,
        quirks: catalog.quirks(&catalog.model(model).id),
        form: catalog.form(&catalog.model(model).id),
        price: catalog.price(offer),
        cost,
    };
    fitting.into_iter().map(candidate).collect()
}

/// The effort that a request has to name: none where the model does so without being asked.
fn sent(model: &Model, effort: Option<Effort>) -> Option<Effort> {
    effort.filter(|effort| Some(*effort) != model.thinking.default)
}

fn exact<'a>(
    catalog: &'a Catalog,
    model: ModelIndex,
    region: Region,
    id: &str,
) -> Option<&'a Offer> {
    catalog.offers_from(model, region).iter().find(|offer| catalog.invoke_id(offer) == id)
}

impl<'a> Candidate<'a> {
    /// The form in which a conversation is sent, where that is InvokeModel's business; `Err` when nobody knows it.
    pub(super) fn conversation(&self, api: Option<Api>) -> Result<Option<&'a Form>, ()> {
        let form = self.form.filter(|form| form.talk.is_some());
        let has = |feature| self.model.and_then(|model| model.has(feature)) == Some(true);
        match api {
            Some(Api::Converse) => Ok(None),
            Some(Api::Invoke) => form.map(Some).ok_or(()),
            _ => Ok(form.filter(|_| has(Feature::Invoke) && !has(Feature::Converse))),
        }
    }

    /// How many tokens of an answer an amount pays for beside the tokens sent; `None` where no price is known.
    #[must_use]
    pub fn affordable(&self, amount: Usd, input_tokens: u64, tier: Tier) -> Option<u64> {
        let size = rockpick_core::catalog::Usage { input: input_tokens, ..Default::default() };
        let rates = self.price?.rates_for(tier, size)?;
        let output = rates.output.filter(|rate| *rate > Usd::ZERO)?;
        let left = amount.picos().saturating_sub((rates.input? * input_tokens).picos());
        u64::try_from(left / output.picos()).ok()
    }
}
