//! What is wrong with a mention.

use std::cell::OnceCell;

use jiff::civil::Date;
use rockpick_core::catalog::lifecycle::days_between;
use rockpick_core::catalog::{Catalog, Offer, Status};
use rockpick_core::task::{ModelIndex, RegionSet, Route};

use crate::context::{self, FileWords};
use crate::finding::Rule;
use crate::known::{Known, Read, Subject};
use crate::lines::Lines;
use crate::mention::Mention;
use crate::parameters::{self, Sent};
use crate::place::Place;
use crate::region::Found;
use crate::scanner::Options;
use crate::{successor, unknown};

/// A mention with all that its file says about it.
pub(crate) struct Case<'k, 't> {
    pub known: &'t Known<'k>,
    pub lines: &'t Lines<'t>,
    pub words: &'t FileWords,
    pub mention: &'t Mention,
    pub read: Read<'k, 't>,
    pub place: Place,
    pub region: Option<Found>,
    pub sent: Sent,
    pub as_of: Date,
    /// Whether it is a key of a table, or a value under a name for it.
    pub map_key: bool,
    /// Whether the same model stands nearby with another prefix.
    pub variants: bool,
    pub meant: OnceCell<Option<ModelIndex>>,
}

/// The rules that a mention breaks, first the one that is told.
pub(crate) fn broken(case: &Case<'_, '_>, options: &Options) -> Vec<Rule> {
    let mut broken = Vec::new();
    broken.extend(case.life(options.soon));
    match case.read.subject {
        None => broken.extend(unknown::is_reported(case).then_some(Rule::UnknownId)),
        Some(Subject::Model(model)) => {
            broken.extend(case.profile_is_unknown(model).then_some(Rule::UnknownId));
            if broken.last() != Some(&Rule::UnknownId) {
                broken.extend(case.reach(model));
            }
            let refused = parameters::refused(case.known.catalog, model, &case.sent);
            broken.extend((!refused.is_empty()).then_some(Rule::RefusesParameter));
            broken.extend(case.leaves(model, options).then_some(Rule::LeavesResidency));
        }
        Some(Subject::Retired(_)) => {}
    }
    let line = case.lines.at(case.mention.start);
    let known = case.read.subject.is_some() || !broken.is_empty();
    if known && case.place == Place::Code && context::in_agent(case.lines, line) {
        broken.push(Rule::RetiredService);
    }
    broken.retain(|rule| options.rules.contains(rule));
    broken.sort_unstable();
    broken
}

impl<'k> Case<'k, '_> {
    /// The model that an unknown ID means, where only one can be meant.
    pub(crate) fn meant(&self) -> Option<ModelIndex> {
        *self.meant.get_or_init(|| unknown::meant(self))
    }

    fn catalog(&self) -> &'k Catalog {
        self.known.catalog
    }

    /// The Regions in which the ID can be called: that of the call, those of its profile, all.
    fn regions(&self, model: ModelIndex) -> RegionSet {
        match (&self.region, self.read.prefix) {
            (Some(found), _) => RegionSet::only(found.region),
            (None, Some(prefix)) => successor::runtime(self.catalog(), model)
                .filter(|offer| self.catalog().prefix(offer) == Some(prefix))
                .map(|offer| offer.region)
                .collect(),
            (None, None) => self.catalog().regions_of(model),
        }
    }

    /// The day from which calls fail; with several Regions the last one.
    pub(crate) fn end(&self) -> Option<Date> {
        match self.read.subject? {
            Subject::Retired(gone) => gone.eol,
            Subject::Model(model) => {
                let life = &self.catalog().model(model).lifecycle;
                let ends =
                    self.regions(model).iter().filter_map(|region| life.eol_from(region)).max();
                ends.or(life.eol)
            }
        }
    }

    fn life(&self, soon: i64) -> Option<Rule> {
        let status = match self.read.subject? {
            Subject::Retired(_) => Status::Eol,
            Subject::Model(model) => {
                let life = &self.catalog().model(model).lifecycle;
                life.status_within(self.regions(model), self.as_of)
            }
        };
        match (status, self.end()) {
            (Status::Eol, _) => Some(Rule::Eol),
            (_, Some(end)) if days_between(self.as_of, end) <= soon => Some(Rule::EolSoon),
            (Status::Legacy, _) => Some(Rule::Legacy),
            _ => None,
        }
    }

    /// Whether the model has no profile of the prefix at all.
    fn profile_is_unknown(&self, model: ModelIndex) -> bool {
        let Some(prefix) = self.read.prefix else { return false };
        self.known.has_profile(model, prefix) == Some(false)
    }

    /// Whether the ID cannot be called from where it is.
    fn reach(&self, model: ModelIndex) -> Option<Rule> {
        if self.mention.around.expression || self.mention.around.foundation {
            return None;
        }
        match self.read.prefix {
            Some(prefix) => self.profile_reach(model, prefix),
            None => self.bare_reach(model),
        }
    }

    fn profile_reach(&self, model: ModelIndex, prefix: &str) -> Option<Rule> {
        let found = self.region.as_ref()?;
        if !found.near && (self.variants || self.names_prefix(prefix)) {
            return None;
        }
        let catalog = self.catalog();
        let has = |offer: &Offer| catalog.prefix(offer) == Some(prefix);
        let here = catalog.offers_from(model, found.region);
        if here.iter().any(has) {
            return None;
        }
        let scanned = here.iter().any(|offer| offer.route != Route::Mantle && !offer.inferred);
        let absent = here.is_empty() && !self.may_be_there(model);
        let foreign =
            || !catalog.offers().iter().any(|offer| offer.region == found.region && has(offer));
        (scanned || absent || foreign()).then_some(Rule::WrongRegion)
    }

    fn bare_reach(&self, model: ModelIndex) -> Option<Rule> {
        let catalog = self.catalog();
        let is_bare = |offer: &Offer| offer.route == Route::InRegion;
        let is_profile = |offer: &Offer| matches!(offer.route, Route::Geo | Route::Global);
        let Some(found) = &self.region else {
            let offers = || successor::runtime(catalog, model);
            let profiled = offers().any(is_profile) && !offers().any(is_bare);
            return (profiled && !self.means_base()).then_some(Rule::ProfileRequired);
        };
        let here = catalog.offers_from(model, found.region);
        if here.iter().any(is_bare) {
            return None;
        }
        if here.iter().any(is_profile) {
            return (!self.means_base()).then_some(Rule::ProfileRequired);
        }
        let served = !here.is_empty() || catalog.offers_of(model).is_empty();
        let tells = found.near || !self.map_key;
        (!served && tells && !self.may_be_there(model)).then_some(Rule::WrongRegion)
    }

    /// Whether no source decides that the model cannot be called from the Region.
    fn may_be_there(&self, model: ModelIndex) -> bool {
        self.region.as_ref().is_some_and(|found| {
            let here = RegionSet::only(found.region);
            !self.catalog().reach_unknown(model, here, self.as_of).is_empty()
        })
    }

    /// Whether the base model is meant and not what is called.
    fn means_base(&self) -> bool {
        self.words.adds_prefixes
            || self.words.mantle
            || self.map_key
            || self.place == Place::Prices
            || context::says_base(self.lines, self.mention)
            || (self.place == Place::Docs
                && self.lines.before(self.mention.start).trim_start().starts_with('|'))
    }

    /// Whether the name beside the ID is that of the prefix: a table of prefixes.
    fn names_prefix(&self, prefix: &str) -> bool {
        let before = self.lines.before(self.mention.start).to_ascii_lowercase();
        let mut words = before.split(|sign: char| !sign.is_ascii_alphanumeric());
        words.any(|word| word == prefix)
    }

    fn leaves(&self, model: ModelIndex, options: &Options) -> bool {
        let Some(residency) = &options.residency else { return false };
        if self.mention.around.expression || self.mention.around.foundation {
            return false;
        }
        let catalog = self.catalog();
        let own = |offer: &&Offer| match self.read.prefix {
            Some(prefix) => catalog.prefix(offer) == Some(prefix),
            None => offer.route == Route::InRegion,
        };
        let mut offers = match &self.region {
            Some(found) => catalog.offers_from(model, found.region),
            None => catalog.offers_of(model),
        }
        .iter()
        .filter(own)
        .peekable();
        // A bare ID stays where it is called from.
        let decided = self.region.is_some() || self.read.prefix.is_some();
        decided
            && offers.peek().is_some()
            && offers.all(|offer| !offer.destinations.are_within(residency.regions))
    }
}
