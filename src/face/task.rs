//! A task by names, which are looked up when it is answered.

use jiff::civil::Date;
use rockpick_core::Knowledge;
use rockpick_core::catalog::{Catalog, Named};
use rockpick_core::diagnostic::nearest;
use rockpick_core::task::{
    Budget, Constraints, Effort, Feature, ModelIndex, Preference, Task as CoreTask,
};

use super::Error;

/// What is asked: a need in words, and constraints by name. What is not set is read from the words.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Task {
    text: String,
    category: Option<String>,
    regions: Vec<String>,
    residency: Option<String>,
    models: Vec<String>,
    providers: Vec<String>,
    excluded: Vec<String>,
    features: Vec<String>,
    preference: Option<Preference>,
    day: Option<Date>,
    constraints: Constraints,
}

impl Task {
    /// A need in the user's own words, in English or Spanish; may be empty when a category is set.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The category, such as `summarization`, instead of the one that the words are read as.
    pub fn category(mut self, name: impl Into<String>) -> Self {
        self.category = Some(name.into());
        self
    }

    /// A Region to call from, such as `eu-west-1`; several mean any of them.
    pub fn region(mut self, code: impl Into<String>) -> Self {
        self.regions.push(code.into());
        self
    }

    /// Every one of the Regions has to be able to call the model.
    pub fn every_region(mut self) -> Self {
        self.constraints.every_region = true;
        self
    }

    /// Where data must stay: `eu`, `eea`, the code of a country, or a Region.
    pub fn residency(mut self, place: impl Into<String>) -> Self {
        self.residency = Some(place.into());
        self
    }

    /// Lets the global route compete, or keeps it out.
    pub fn allow_global(mut self, allowed: bool) -> Self {
        self.constraints.global = Some(allowed);
        self
    }

    /// Data stays in the Region that is called.
    pub fn in_region(mut self) -> Self {
        self.constraints.in_region = true;
        self
    }

    /// A model by ID, profile ID, ARN, or name; several mean any of them.
    pub fn model(mut self, name: impl Into<String>) -> Self {
        self.models.push(name.into());
        self
    }

    /// A provider that is wanted; several mean any of them.
    pub fn provider(mut self, name: impl Into<String>) -> Self {
        self.providers.push(name.into());
        self
    }

    /// A provider that is not wanted.
    pub fn exclude(mut self, name: impl Into<String>) -> Self {
        self.excluded.push(name.into());
        self
    }

    /// A feature that the model must have, such as `tools`.
    pub fn feature(mut self, name: impl Into<String>) -> Self {
        self.features.push(name.into());
        self
    }

    /// The most that it may cost.
    pub fn max_cost(mut self, budget: Budget) -> Self {
        self.constraints.max_cost = Some(budget);
        self
    }

    /// Requests a month.
    pub fn per_month(mut self, requests: u64) -> Self {
        self.constraints.per_month = Some(requests);
        self
    }

    /// Tokens of one request, sent and received.
    pub fn tokens(mut self, input: u64, output: u64) -> Self {
        self.constraints.tokens.input = Some(input);
        self.constraints.tokens.output = Some(output);
        self
    }

    /// The least context window, in tokens.
    pub fn min_context(mut self, tokens: u64) -> Self {
        self.constraints.min_context = Some(tokens);
        self
    }

    /// The reasoning effort, instead of the one that serves best.
    pub fn effort(mut self, effort: Effort) -> Self {
        self.constraints.effort = Some(effort);
        self
    }

    /// What weighs most.
    pub fn prefer(mut self, preference: Preference) -> Self {
        self.preference = Some(preference);
        self
    }

    /// Models in their legacy phase may be chosen.
    pub fn include_legacy(mut self) -> Self {
        self.constraints.include_legacy = true;
        self
    }

    /// The day on which the answer has to hold; without it, the day of the facts.
    pub fn on(mut self, day: Date) -> Self {
        self.day = Some(day);
        self
    }

    /// The task with its names looked up.
    pub(super) fn resolved(&self, known: &Knowledge) -> Result<CoreTask, Error> {
        let catalog = &known.catalog;
        let mut task = CoreTask::new(self.text.clone(), self.day.unwrap_or(catalog.as_of()));
        task.preference = self.preference;
        task.category = self.category.as_deref().map(|name| category(known, name)).transpose()?;
        task.constraints = self.constraints.clone();
        let wanted = &mut task.constraints;
        for code in &self.regions {
            let region = catalog.region_named(code);
            wanted.regions.insert(
                region
                    .ok_or_else(|| Error::unknown("Region", code, catalog.nearest_region(code)))?,
            );
        }
        if let Some(place) = &self.residency {
            let codes = catalog.places().iter().map(|place| place.code.as_str());
            let found = catalog.residency(place);
            wanted.residency =
                Some(found.ok_or_else(|| Error::unknown("place", place, nearest(place, codes)))?);
        }
        for name in &self.features {
            let names = Feature::ALL.iter().map(|feature| feature.name());
            let feature = catalog.feature_named(name);
            wanted.features.insert(
                feature.ok_or_else(|| Error::unknown("feature", name, nearest(name, names)))?,
            );
        }
        for (names, set) in
            [(&self.providers, &mut wanted.providers), (&self.excluded, &mut wanted.exclude)]
        {
            for name in names {
                let keys = catalog.providers().iter().map(|provider| provider.key.as_str());
                let provider = catalog.provider_named(name);
                set.insert(
                    provider
                        .ok_or_else(|| Error::unknown("provider", name, nearest(name, keys)))?,
                );
            }
        }
        for name in &self.models {
            wanted.models.extend(models(catalog, name)?);
            wanted.pinned.extend(catalog.pinned(name));
        }
        Ok(task)
    }
}

fn category(known: &Knowledge, name: &str) -> Result<String, Error> {
    let names = || known.rules.categories().iter().map(|category| category.name.as_str());
    let found = names().find(|own| *own == name);
    found.map(str::to_owned).ok_or_else(|| Error::unknown("category", name, nearest(name, names())))
}

fn models(catalog: &Catalog, name: &str) -> Result<Vec<ModelIndex>, Error> {
    match catalog.find(name) {
        Named::Model(model) => Ok(vec![model]),
        Named::Several(models) => Ok(models),
        Named::Retired(retired) => {
            Err(Error::unknown("living model", &retired.id, retired.successor.as_deref()))
        }
        Named::Unknown(near) => Err(Error::unknown("model", name, near)),
    }
}
