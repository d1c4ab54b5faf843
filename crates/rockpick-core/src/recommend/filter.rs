//! Which offers fit, and why the others do not.

use std::ops::ControlFlow;

use jiff::civil::Date;

use crate::catalog::{Catalog, Model, Offer, Status, Usage};
use crate::rules::{Action, Category};
use crate::task::{
    Api, Constraints, FeatureSet, Kind, ModalitySet, ModelIndex, RegionSet, Residency, Route, Tier,
};
use crate::vocabulary::{bit_set, vocabulary};

vocabulary! {
    /// Why a model or an offer does not fit. The names are stable.
    Reason {
        /// It is another kind of model.
        Kind = "kind",
        /// It does not take what is sent.
        InputModality = "input-modality",
        /// It does not give what is asked.
        OutputModality = "output-modality",
        /// It lacks a feature.
        FeatureMissing = "feature-missing",
        /// Nobody says whether it has a feature.
        FeatureUnknown = "feature-unknown",
        /// Its context window is too small.
        ContextTooSmall = "context-too-small",
        /// Its context window is not known.
        ContextUnknown = "context-unknown",
        /// Its answers are too short.
        OutputTooShort = "output-too-short",
        /// It does not take the reasoning effort.
        EffortNotOffered = "effort-not-offered",
        /// It thinks before every answer, and the request forbids that.
        AlwaysThinks = "always-thinks",
        /// It cannot be called any more.
        Eol = "eol",
        /// It came to Bedrock only after the day asked about.
        NotLaunched = "not-launched",
        /// Its dated end comes before the lifetime asked for is over.
        EndsTooSoon = "ends-too-soon",
        /// It is on its way out.
        Legacy = "legacy",
        /// Only some accounts may call it.
        LimitedAccess = "limited-access",
        /// Another provider is wanted.
        ProviderNotWanted = "provider-not-wanted",
        /// Its provider is barred.
        ProviderExcluded = "provider-excluded",
        /// Other models are named.
        NotNamed = "not-named",
        /// A rule bars it.
        Barred = "barred",
        /// A rule keeps all but some others out.
        KeptOut = "kept-out",
        /// Prompts would be kept by those who may not.
        Retention = "retention",
        /// From where it can be called is not known.
        NoOffer = "no-offer",
        /// It cannot be called from the Regions wanted.
        NotInRegion = "not-in-region",
        /// No source says whether it can be called from the Regions wanted.
        ReachUnknown = "reach-unknown",
        /// Not every one of the Regions can call it.
        NotInEveryRegion = "not-in-every-region",
        /// Converse and InvokeModel do not serve it there.
        MantleOnly = "mantle-only",
        /// Another profile of it was named.
        OtherProfile = "other-profile",
        /// Only the global route is left, and that is not wanted.
        GlobalOnly = "global-only",
        /// Data could leave the place it must stay in.
        OutsideResidency = "outside-residency",
        /// The tier is not listed.
        TierNotOffered = "tier-not-offered",
        /// What it costs is not known, and there is a budget.
        PriceUnknown = "price-unknown",
        /// It costs more than the budget.
        OverBudget = "over-budget",
        /// Its answers take longer than asked, by public medians.
        TooSlow = "too-slow",
    }
}

bit_set! {
    /// Some reasons.
    Reasons(u64) of Reason, |item: Reason| item as usize, |index| Reason::ALL.get(index).copied()
}

/// The demands on offers, by the reason when none meets them, in the order in which they narrow offers down.
const STEPS: [Reason; 11] = [
    Reason::NotInRegion,
    Reason::Eol,
    Reason::MantleOnly,
    Reason::OtherProfile,
    Reason::FeatureMissing,
    Reason::GlobalOnly,
    Reason::OutsideResidency,
    Reason::TierNotOffered,
    Reason::PriceUnknown,
    Reason::OverBudget,
    Reason::TooSlow,
];

/// What is asked of models and offers: the category's demands, the constraints, the date.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) category: &'a Category,
    pub(super) constraints: Constraints,
    /// What one request holds.
    pub usage: Usage,
    /// On which date.
    pub as_of: Date,
    /// From which Regions.
    pub(super) regions: RegionSet,
    pub(super) kind: Option<Kind>,
    pub(super) input: ModalitySet,
    pub(super) output: ModalitySet,
    pub(super) features: FeatureSet,
    /// The context window needed, in tokens.
    pub(super) context: u64,
    pub(super) tier: Tier,
}

impl<'a> Filter<'a> {
    /// What a category and constraints ask on a date.
    #[must_use]
    pub fn new(
        catalog: &'a Catalog,
        category: &'a Category,
        constraints: Constraints,
        usage: Usage,
        as_of: Date,
    ) -> Self {
        let requires = &category.requires;
        let asked = usage.input.saturating_add(usage.output);
        let context =
            requires.context.unwrap_or(0).max(constraints.min_context.unwrap_or(0)).max(asked);
        Self {
            catalog,
            category,
            usage,
            as_of,
            regions: if constraints.regions.is_empty() {
                catalog.commercial()
            } else {
                constraints.regions
            },
            kind: requires.kind,
            input: requires.input.or(constraints.input_modalities),
            output: requires.output.or(constraints.output_modalities),
            features: requires.features.or(constraints.features),
            context,
            tier: constraints.tier.unwrap_or(Tier::Standard),
            constraints,
        }
    }

    /// Among equal offers the Region with the most models comes first.
    pub(super) fn distance(&self, offer: &Offer) -> usize {
        usize::MAX - self.catalog.reach(offer.region)
    }

    /// Whether an offer may be taken, whatever it costs.
    pub(super) fn allows(&self, offer: &Offer) -> bool {
        self.api_allows(offer)
            && self.is_the_pinned(offer)
            && self.global_allowed(offer)
            && self.inside(offer)
            && self.lives(offer)
            && self.serves_features(offer)
    }

    fn api_allows(&self, offer: &Offer) -> bool {
        offer.route != Route::Mantle || self.constraints.api == Some(Api::Any)
    }

    /// Whether it has the ID that was pinned of its model, where one was.
    fn is_the_pinned(&self, offer: &Offer) -> bool {
        let mut own =
            self.constraints.pinned.iter().filter(|(model, _)| *model == offer.model).peekable();
        own.peek().is_none() || own.any(|(_, id)| self.catalog.invoke_id(offer) == *id)
    }

    /// A pinned ID of the global route is its own permission.
    fn global_allowed(&self, offer: &Offer) -> bool {
        let pinned = || self.constraints.pinned.iter().any(|(model, _)| *model == offer.model);
        let open =
            || self.constraints.regions.is_empty() || (pinned() && self.is_the_pinned(offer));
        offer.route != Route::Global || self.constraints.global.unwrap_or_else(open)
    }

    fn inside(&self, offer: &Offer) -> bool {
        let stays = || offer.destinations.are_within(RegionSet::only(offer.region));
        let kept = |residency: &Residency| offer.destinations.are_within(residency.regions);
        self.constraints.residency.as_ref().is_none_or(kept)
            && (!self.constraints.in_region || stays())
    }

    /// Why a model cannot be meant at all, whatever the offer.
    #[must_use]
    pub fn model_reasons(&self, index: ModelIndex) -> Reasons {
        let mut reasons = Reasons::EMPTY;
        let _ = self.each_model_reason(index, |reason| {
            reasons.insert(reason);
            ControlFlow::Continue(())
        });
        reasons
    }

    /// Whether no reason stands against the model itself: most that do not fit are told by the first.
    pub(super) fn may_be_meant(&self, index: ModelIndex) -> bool {
        self.each_model_reason(index, |_| ControlFlow::Break(())).is_continue()
    }

    #[inline]
    fn each_model_reason(
        &self,
        index: ModelIndex,
        mut found: impl FnMut(Reason) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let model = self.catalog.model(index);
        let wanted = &self.constraints;
        let mut check = |fails: bool, reason: Reason| {
            if fails { found(reason) } else { ControlFlow::Continue(()) }
        };
        check(self.kind.is_some_and(|kind| kind != model.kind), Reason::Kind)?;
        let (input, able, unable) = self.abilities(model);
        check(!self.input.is_within(input), Reason::InputModality)?;
        check(!self.output.is_within(model.output), Reason::OutputModality)?;
        let missing = self.features_of(model).without(able);
        let unknown = missing.without(unable);
        check(!missing.without(unknown).is_empty(), Reason::FeatureMissing)?;
        check(!unknown.is_empty() && !wanted.allow_unknown, Reason::FeatureUnknown)?;
        match model.limits.context {
            // A reranker reads one text after another: what it takes at once is not what a request holds.
            Some(context) if model.kind == Kind::Rerank => {
                check(
                    wanted.min_context.is_some_and(|least| context < least),
                    Reason::ContextTooSmall,
                )?;
            }
            Some(context) => check(context < self.context, Reason::ContextTooSmall)?,
            // Only of text models is a context known as a rule; who asks for one outright means it.
            None => {
                let needed =
                    wanted.min_context.is_some() || (self.context > 0 && model.kind == Kind::Text);
                check(needed && !wanted.allow_unknown, Reason::ContextUnknown)?;
            }
        }
        check(
            model.limits.max_output.is_some_and(|most| most < self.usage.output),
            Reason::OutputTooShort,
        )?;
        check(
            wanted.effort.is_some() && self.levels(model).next().is_none(),
            Reason::EffortNotOffered,
        )?;
        check(wanted.no_thinking && self.levels(model).next().is_none(), Reason::AlwaysThinks)?;
        check(self.is_not_launched(model), Reason::NotLaunched)?;
        check(self.ends_too_soon(model) == Some(true), Reason::EndsTooSoon)?;
        match self.status_of(index) {
            Status::Active => {}
            Status::Limited => check(true, Reason::LimitedAccess)?,
            Status::Legacy => check(!wanted.include_legacy, Reason::Legacy)?,
            Status::Eol => check(true, Reason::Eol)?,
        }
        check(
            !wanted.providers.is_empty() && !wanted.providers.contains(model.provider),
            Reason::ProviderNotWanted,
        )?;
        check(wanted.exclude.contains(model.provider), Reason::ProviderExcluded)?;
        check(!wanted.models.is_empty() && !wanted.models.contains(&index), Reason::NotNamed)?;
        check(self.retention_exceeds(model), Reason::Retention)?;
        let action = self.category.action(index).map(|candidate| candidate.action);
        check(action == Some(Action::Bar), Reason::Barred)?;
        // A model that is named is meant, whatever the category would have chosen.
        check(
            action != Some(Action::Only)
                && self.category.only().is_some()
                && wanted.models.is_empty(),
            Reason::KeptOut,
        )
    }

    fn retention_exceeds(&self, model: &Model) -> bool {
        self.constraints.retention.is_some_and(|most| model.retention > most)
    }

    /// Every reason why a model does not fit.
    #[must_use]
    pub fn reasons(&self, index: ModelIndex) -> Reasons {
        let mut own = self.model_reasons(index);
        if self.constraints.every_region && !self.is_everywhere(index) {
            own.insert(Reason::NotInEveryRegion);
        }
        let of_offers = if self.catalog.offers_of(index).is_empty() {
            Reasons::only(Reason::NoOffer)
        } else {
            self.narrowed(index, None).1
        };
        own.or(of_offers)
    }

    /// The offers of a model that are left after the steps before `until`, and the reasons why there are not more.
    ///
    /// Offers are narrowed down step by step; a step that would leave none is a reason and is skipped, so that the later
    /// steps are judged as well.
    fn narrowed(&self, index: ModelIndex, until: Option<Reason>) -> (Vec<&'a Offer>, Reasons) {
        let mut left: Vec<&Offer> = self.catalog.offers_of(index).iter().collect();
        let mut passing = Vec::with_capacity(left.len());
        let mut reasons = Reasons::EMPTY;
        for reason in STEPS.into_iter().take_while(|reason| Some(*reason) != until) {
            passing.clear();
            passing.extend(left.iter().copied().filter(|offer| self.passes(reason, offer)));
            if passing.is_empty() {
                reasons.insert(self.named_by_knowledge(index, reason));
            } else {
                std::mem::swap(&mut left, &mut passing);
            }
        }
        (left, reasons)
    }

    /// Whether an offer meets the demand that a reason is about.
    #[inline]
    fn passes(&self, reason: Reason, offer: &Offer) -> bool {
        match reason {
            Reason::NotInRegion => self.regions.contains(offer.region),
            Reason::Eol => self.lives(offer),
            Reason::FeatureMissing => self.serves_features(offer),
            Reason::MantleOnly => self.api_allows(offer),
            Reason::OtherProfile => self.is_the_pinned(offer),
            Reason::GlobalOnly => self.global_allowed(offer),
            Reason::OutsideResidency => self.inside(offer),
            Reason::TierNotOffered => self.tier == Tier::Standard || self.cost(offer).is_some(),
            Reason::PriceUnknown => self.budget().is_none() || self.cost(offer).is_some(),
            Reason::OverBudget => {
                self.budget().is_none()
                    || self.cost(offer).is_none_or(|cost| self.affordable(Some(cost)))
            }
            Reason::TooSlow => !self.is_too_slow(self.least_wait(self.catalog.model(offer.model))),
            _ => true,
        }
    }

    /// The offers that the reasons about offers are told of: those that are left after every step that leaves some.
    pub(super) fn nearest_offers(&self, index: ModelIndex, until: Reason) -> Vec<&'a Offer> {
        self.narrowed(index, Some(until)).0
    }

    /// The tier it is billed at.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.tier
    }
}
