//! From a model that is gone or on its way out to the one that follows it: what changes in a call.

use super::Explanation;
use super::filter::Filter;
use super::listing::Listed;
use crate::catalog::model::{Model, Retired};
use crate::catalog::schema::SuccessorIs;
use crate::catalog::{Catalog, ListPrice, Status};
use crate::money::grouped;
use crate::task::{Feature, Modality, ModalitySet, ModelIndex};

/// The most successors that are followed: enough for any chain, and an end for a circle.
const LONGEST_CHAIN: usize = 8;
/// Features that a call relies on; the others are about how a model is run or sold.
const IN_A_CALL: [Feature; 10] = [
    Feature::Streaming,
    Feature::Tools,
    Feature::Vision,
    Feature::Documents,
    Feature::Reasoning,
    Feature::Caching,
    Feature::Json,
    Feature::Guardrails,
    Feature::Batch,
    Feature::ComputerUse,
];

/// A move from one model to the one that follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration<'a> {
    /// The id that is called so far.
    pub from: &'a str,
    /// What the catalog knows of it; nothing of ids that are long gone.
    pub before: Option<ModelIndex>,
    /// The model to call instead.
    pub after: ModelIndex,
    /// Whether a source names the successor.
    pub basis: Option<SuccessorIs>,
    /// Where that comes from: a key of `rules/sources.toml`.
    pub source: &'a str,
    /// Successors between the two that have ended as well.
    pub past: Vec<&'a str>,
}

impl<'a> Filter<'a> {
    /// The way from an id that cannot be called any more.
    #[must_use]
    pub fn from_retired(&self, retired: &'a Retired) -> Option<Migration<'a>> {
        let (after, past) = follow(self.catalog, retired.successor.as_deref()?, self.as_of)?;
        let (basis, source) = (retired.successor_is, retired.source.as_str());
        Some(Migration { from: &retired.id, before: None, after, basis, source, past })
    }

    /// The way from a model of the catalog to its successor, if it has one.
    #[must_use]
    pub fn from_model(&self, index: ModelIndex) -> Option<Migration<'a>> {
        let model = self.catalog.model(index);
        let life = &model.lifecycle;
        let (after, past) = follow(self.catalog, life.successor.as_deref()?, self.as_of)?;
        let (basis, source) = (life.successor_is, life.source.as_str());
        Some(Migration { from: &model.id, before: Some(index), after, basis, source, past })
    }

    /// What changes in a call: a stable code, words and the source of each.
    #[must_use]
    pub fn changes_in_a_call(&self, migration: &Migration<'a>) -> Vec<Explanation> {
        let before = migration.before.map(|index| self.catalog.model(index));
        let after = self.catalog.model(migration.after);
        let mut changes = vec![self.of_id(migration), of_api(before, after)];
        changes.extend(of_limits(before, after));
        changes.push(of_parameters(before, after));
        changes.push(of_system_prompt(before, after));
        changes.extend(of_modalities(before, after));
        changes.extend(self.of_lost_features(before, after));
        changes.push(self.of_price(migration));
        changes
    }

    fn of_id(&self, migration: &Migration<'a>) -> Explanation {
        let after = self.catalog.model(migration.after);
        let listed = Listed::of(self, migration.after);
        let anywhere = self.constraints.regions.is_empty();
        let text = match listed.offer {
            Some(offer) if !anywhere => {
                let id = self.catalog.invoke_id(offer);
                format!(
                    "call {id} from {} ({}) instead of {}",
                    self.catalog.code(offer.region),
                    offer.route,
                    migration.from
                )
            }
            Some(_) => {
                let ways = self.catalog.ways(listed.offers.iter().copied());
                let ids: Vec<String> = ways
                    .iter()
                    .map(|way| format!("{} ({}, {})", way.id, way.route, regions(way.offers.len())))
                    .collect();
                format!("call {} instead of {}", ids.join(" or "), migration.from)
            }
            None => {
                let elsewhere = self
                    .catalog
                    .offers_of(migration.after)
                    .iter()
                    .map(|offer| offer.region)
                    .collect();
                let unknown = self.unknown_reach(migration.after);
                if self.catalog.offers_of(migration.after).is_empty() {
                    format!("no source says from where {} can be called", after.id)
                } else if unknown.is_empty() {
                    let (wanted, only) = (self.wanted_regions(), self.some_regions(elsewhere));
                    format!(
                        "{} cannot be called from {wanted} under these constraints; only from {only}",
                        after.id
                    )
                } else {
                    let unknown = self.some_regions(unknown);
                    format!("no source says whether {} can be called from {unknown}", after.id)
                }
            }
        };
        explanation("id", text, Some(&after.source))
    }

    fn of_lost_features(&self, before: Option<&Model>, after: &Model) -> Option<Explanation> {
        let before = before?;
        let mut lost = Vec::new();
        for feature in IN_A_CALL.into_iter().filter(|feature| before.has(*feature) == Some(true)) {
            let title = self.catalog.feature_title(feature).to_lowercase();
            match after.has(feature) {
                Some(true) => {}
                Some(false) => lost.push(title),
                None => lost.push(format!("{title} (not known)")),
            }
        }
        let text = format!("no longer there: {}", lost.join(", "));
        (!lost.is_empty()).then(|| explanation("features", text, Some(&after.features.source)))
    }

    fn of_price(&self, migration: &Migration<'a>) -> Explanation {
        let before = migration.before.and_then(|index| self.list_price(index));
        let after = self.list_price(migration.after);
        let known = |price: Option<(String, &str)>| {
            price.map_or_else(|| "not known".to_owned(), |(price, _)| price)
        };
        let source = after.as_ref().or(before.as_ref()).map(|(_, source)| *source);
        let text = match (before, after) {
            (None, None) => "neither price is known".to_owned(),
            (None, after) => {
                format!("it costs {}; what {} cost is not known", known(after), migration.from)
            }
            (before, after) => format!("{} → {}", known(before), known(after)),
        };
        explanation("price", text, source)
    }

    /// The cheapest price of a model under the constraints, else that from elsewhere, in words and with its source.
    fn list_price(&self, index: ModelIndex) -> Option<(String, &'a str)> {
        let catalog = self.catalog;
        let listed = Listed::of(self, index);
        if let Some((price, offer)) = listed.price.zip(listed.offer) {
            return Some((price.to_string(), catalog.price(offer)?.source.as_str()));
        }
        let tariffs = catalog.tariffs(catalog.offers_of(index));
        let found = tariffs
            .iter()
            .find_map(|tariff| Some((ListPrice::of(tariff.price, self.tier)?, tariff)));
        found.map(|(price, tariff)| (format!("{price} (elsewhere)"), tariff.price.source.as_str()))
    }
}

/// The first successor that has not ended, and those before it that have.
fn follow<'a>(
    catalog: &'a Catalog,
    first: &'a str,
    as_of: jiff::civil::Date,
) -> Option<(ModelIndex, Vec<&'a str>)> {
    let mut past = Vec::new();
    let mut id = first;
    for _ in 0..LONGEST_CHAIN {
        let next = match catalog.index_of(id) {
            Some(index) if catalog.model(index).lifecycle.status(as_of) != Status::Eol => {
                return Some((index, past));
            }
            Some(index) => catalog.model(index).lifecycle.successor.as_deref(),
            None => catalog
                .retired()
                .iter()
                .find(|retired| retired.id == id)
                .and_then(|retired| retired.successor.as_deref()),
        };
        let Some(next) = next else { return catalog.index_of(id).map(|index| (index, past)) };
        past.push(id);
        id = next;
    }
    None
}

fn explanation(code: &'static str, text: String, source: Option<&str>) -> Explanation {
    let source = source.filter(|source| !source.is_empty()).map(str::to_owned);
    Explanation { code, text, source }
}

fn regions(count: usize) -> String {
    if count == 1 { "1 Region".to_owned() } else { format!("{count} Regions") }
}

fn of_api(before: Option<&Model>, after: &Model) -> Explanation {
    let has = |feature| after.has(feature) == Some(true);
    let was = |feature| before.map(|model| model.has(feature) == Some(true));
    let text = match (has(Feature::Converse), has(Feature::Invoke)) {
        (true, _) if was(Feature::Converse) == Some(true) => {
            "Converse takes the same request; a body for InvokeModel has to be rewritten".to_owned()
        }
        (true, true) => {
            "call it by Converse, or by InvokeModel with the body that this model takes".to_owned()
        }
        (true, false) => "call it by Converse".to_owned(),
        (false, true) => {
            "call it by InvokeModel with the body that this model takes; Converse does not serve it"
                .to_owned()
        }
        (false, false) if !after.mantle_apis.is_empty() => {
            let apis: Vec<&str> = after.mantle_apis.iter().map(|api| api.name()).collect();
            format!("only bedrock-mantle serves it: {}", apis.join(", "))
        }
        (false, false) => "no source says which API serves it".to_owned(),
    };
    explanation("api", text, Some(&after.features.source))
}

fn of_limits(before: Option<&Model>, after: &Model) -> Vec<Explanation> {
    let known = |tokens: Option<u64>| {
        tokens.map_or_else(|| "not known".to_owned(), |tokens| grouped(u128::from(tokens)))
    };
    let limits = [
        ("context", "context", before.map(|model| model.limits.context), after.limits.context),
        (
            "max-output",
            "longest answer",
            before.map(|model| model.limits.max_output),
            after.limits.max_output,
        ),
    ];
    let told = limits.into_iter().filter(|(_, _, before, after)| {
        after.is_some() || before.is_some_and(|before| before.is_some())
    });
    told.map(|(code, what, before, after_limit)| {
        let text = match before {
            Some(Some(before)) if after_limit == Some(before) => {
                format!("{what} stays at {} tokens", known(after_limit))
            }
            Some(before) => format!("{what}: {} → {} tokens", known(before), known(after_limit)),
            None => format!("{what}: {} tokens", known(after_limit)),
        };
        explanation(code, text, Some(&after.limits.source))
    })
    .collect()
}

fn of_parameters(before: Option<&Model>, after: &Model) -> Explanation {
    let contract = &after.contract;
    let mut parts = Vec::new();
    if !contract.refuses.is_empty() {
        parts.push(format!("leave out {}: a request with them fails", contract.refuses.join(", ")));
    }
    parts.extend(
        contract.exclusive.iter().map(|group| format!("send only one of {}", group.join(", "))),
    );
    if parts.is_empty() {
        let rest = if before.is_some_and(|before| !before.contract.refuses.is_empty()) {
            " any more"
        } else {
            ""
        };
        parts.push(format!("no source names parameters that it refuses{rest}"));
    }
    explanation("parameters", parts.join("; "), Some(&contract.source))
}

fn of_system_prompt(before: Option<&Model>, after: &Model) -> Explanation {
    let text = match (
        before.and_then(|model| model.has(Feature::SystemPrompt)),
        after.has(Feature::SystemPrompt),
    ) {
        (Some(true), Some(true)) => "it takes a system prompt, as before",
        (_, Some(true)) => "it takes a system prompt",
        (_, Some(false)) => {
            "it takes no system prompt: what stood there belongs into the first message"
        }
        (_, None) => "no source says whether it takes a system prompt",
    };
    explanation("system-prompt", text.to_owned(), Some(&after.features.source))
}

fn of_modalities(before: Option<&Model>, after: &Model) -> Option<Explanation> {
    let before = before?;
    let names = |set: ModalitySet| set.iter().map(Modality::name).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    for (verb, before, after) in
        [("takes", before.input, after.input), ("gives", before.output, after.output)]
    {
        if !before.is_within(after) {
            parts.push(format!("it no longer {verb} {}", names(before.without(after))));
        }
    }
    (!parts.is_empty()).then(|| explanation("modalities", parts.join("; "), Some(&after.source)))
}
