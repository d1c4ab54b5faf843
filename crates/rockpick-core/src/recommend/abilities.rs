//! What a model takes and can do, by the API that serves it.

use super::filter::Filter;
use crate::catalog::{Model, Offer};
use crate::task::{Api, Feature, FeatureSet, Interface, Modality, ModalitySet, Route};

impl Filter<'_> {
    /// The features that a model must have: those asked for, and an API that takes what is sent.
    pub(super) fn features_of(&self, model: &Model) -> FeatureSet {
        let api = match self.constraints.api {
            None | Some(Api::Any) => return self.features,
            Some(Api::Runtime)
                if model.has(Feature::Converse) != Some(true) && self.is_talked_to(model) =>
            {
                Feature::Invoke
            }
            Some(Api::Runtime | Api::Converse) => Feature::Converse,
            Some(Api::Invoke) => Feature::Invoke,
        };
        self.features.or(FeatureSet::only(api))
    }

    /// What a model takes, can do and cannot do by the API asked for: its own body may have no place for what Converse takes.
    pub(super) fn abilities(&self, model: &Model) -> (ModalitySet, FeatureSet, FeatureSet) {
        let input = model.input;
        let (able, unable) = match self.constraints.api {
            Some(Api::Invoke) => model.features.by(Interface::Invoke),
            Some(Api::Any) => by_any(model),
            _ => model.features.by(model.runtime_api()),
        };
        if self.constraints.api != Some(Api::Invoke) {
            return (input, able, unable);
        }
        let form = self.catalog.form(&model.id);
        let Some((form, talk)) = form.and_then(|form| Some((form, form.talk.as_ref()?))) else {
            return (input, able, unable);
        };
        let media = [Modality::Image, Modality::Video, Modality::Audio].into_iter();
        let places = [(Feature::Tools, "TOOLS"), (Feature::Json, "SCHEMA")].into_iter();
        let lost: FeatureSet = places
            .filter(|(_, place)| !form.has_place(place))
            .map(|(feature, _)| feature)
            .collect();
        let documents = if talk.takes("document") {
            FeatureSet::EMPTY
        } else {
            FeatureSet::only(Feature::Documents)
        };
        let lost = lost.or(documents);
        (
            input.without(media.filter(|kind| !talk.takes(kind.name())).collect()),
            able.without(lost),
            unable.or(lost),
        )
    }

    /// Whether one API that serves an offer has every feature asked for. Only where any API will do can offers of one model
    /// differ in that: else the model itself is judged by its API.
    pub(super) fn serves_features(&self, offer: &Offer) -> bool {
        let model = self.catalog.model(offer.model);
        if self.constraints.api != Some(Api::Any)
            || self.features.is_empty()
            || model.features.by_api.is_empty()
        {
            return true;
        }
        match offer.route {
            Route::Mantle => self.mantle_api(offer).is_some(),
            _ => self.serves(model, model.runtime_api()),
        }
    }

    /// The API of bedrock-mantle by which an offer has every feature asked for; `None` for other routes.
    #[must_use]
    pub fn mantle_api(&self, offer: &Offer) -> Option<Interface> {
        let model = self.catalog.model(offer.model);
        let mut apis = model.mantle_apis.iter().copied().filter(|_| offer.route == Route::Mantle);
        apis.find(|api| self.serves(model, *api))
    }

    /// Whether a model has every feature asked for by one API.
    fn serves(&self, model: &Model, api: Interface) -> bool {
        let (able, unable) = model.features.by(api);
        let missing = self.features.without(able);
        missing.is_empty() || (self.constraints.allow_unknown && missing.without(unable) == missing)
    }

    /// Whether InvokeModel takes what is sent in a body that is known.
    fn is_talked_to(&self, model: &Model) -> bool {
        let talk = self.catalog.form(&model.id).and_then(|form| form.talk.as_ref());
        model.has(Feature::Invoke) == Some(true)
            && talk.is_some_and(|talk| talk.needs.is_within(self.input))
    }

    /// The features that a model lacks or that nobody knows of.
    pub(super) fn features_without(&self, model: &Model, known: bool) -> Vec<Feature> {
        let (_, able, unable) = self.abilities(model);
        let missing = self.features_of(model).without(able);
        let unknown = missing.without(unable);
        let set = if known { missing.without(unknown) } else { unknown };
        set.iter().collect()
    }
}

/// What one of the APIs that serve a model can do, and what none of them can.
fn by_any(model: &Model) -> (FeatureSet, FeatureSet) {
    if model.features.by_api.is_empty() {
        return (model.features.yes, model.features.no);
    }
    let apis = std::iter::once(model.runtime_api()).chain(model.mantle_apis.iter().copied());
    let each = apis.map(|api| model.features.by(api));
    let able = each.clone().fold(FeatureSet::EMPTY, |all, (yes, _)| all.or(yes));
    let unable = each.map(|(_, no)| no).reduce(FeatureSet::and).unwrap_or_default();
    (able, unable)
}
