//! What to write instead of an ID, and when that is done by itself.

use rockpick_core::catalog::Status;
use rockpick_core::task::{Kind, ModelIndex, Route};

use crate::finding::{Finding, Fix, Rule, Successor};
use crate::judge::Case;
use crate::known::Subject;
use crate::place::Place;
use crate::successor::{self, Call};

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// The same model, called in the right form.
    Safe,
    /// Successors as well.
    All,
}

/// Models that are not moved, because policies or tables of prices elsewhere name them.
pub type Held = std::collections::HashSet<String>;

impl Fixes {
    /// The text to write instead of a finding's ID, when these fixes do that.
    #[must_use]
    pub fn replacement<'f>(self, finding: &'f Finding, held: &Held) -> Option<&'f str> {
        let fix = finding.fix.as_ref()?;
        let kept = finding.suppressed.is_some()
            || matches!(finding.place, Place::Comment | Place::Docs | Place::Test | Place::Output);
        let moves = !fix.safe;
        let held = moves && finding.model.as_ref().is_some_and(|model| held.contains(model));
        if kept || held || (moves && self == Self::Safe) {
            return None;
        }
        fix.replacement.as_deref()
    }
}

/// The fix of a finding by its first rule.
pub(crate) fn of(case: &Case<'_, '_>, rule: Rule, successor: Option<&Successor>) -> Option<Fix> {
    match rule {
        Rule::ProfileRequired | Rule::WrongRegion => Some(same_model(case)),
        Rule::UnknownId => case.meant().map(|meant| by_name(case, meant)),
        Rule::Eol | Rule::EolSoon | Rule::Legacy => Some(to_successor(case, successor)),
        Rule::RefusesParameter => Some(none("take the parameter out of the request")),
        Rule::LeavesResidency => Some(none("choose a profile that stays, or a Region inside")),
        Rule::RetiredService => Some(none("the resource has to be replaced, not its model")),
        Rule::Cheaper => None,
    }
}

/// Takes back the moves of models that policies or tables of prices name: both change, or none.
pub fn hold(finding: &mut Finding, held: &Held) {
    let is_held = finding.model.as_ref().is_some_and(|model| held.contains(model));
    let Some(fix) = finding.fix.as_mut().filter(|fix| !fix.safe && is_held) else { return };
    if fix.replacement.take().is_some() {
        "a policy or a table of prices names it: change both".clone_into(&mut fix.why);
    }
}

fn none(why: impl Into<String>) -> Fix {
    Fix { replacement: None, safe: false, why: why.into() }
}

/// The form in which the same model is called from the Region.
fn same_model(case: &Case<'_, '_>) -> Fix {
    let catalog = case.known.catalog;
    let Some(Subject::Model(model)) = case.read.subject else {
        return none("the model is not known");
    };
    let Some(found) = &case.region else {
        return none("the Region is not known: give it with --region");
    };
    let offers = catalog.offers_from(model, found.region);
    // Data never goes further than it went: a global profile only where there was one.
    let was_global = case.read.prefix.is_some_and(|prefix| {
        successor::runtime(catalog, model)
            .any(|offer| offer.route == Route::Global && catalog.prefix(offer) == Some(prefix))
    });
    let geo = successor::nearest(offers, |offer| offer.route == Route::Geo && !offer.inferred);
    let near = geo.or_else(|| successor::nearest(offers, |offer| offer.route == Route::InRegion));
    if let Some(offer) = near {
        return Fix {
            replacement: Some(catalog.invoke_id(offer).into_owned()),
            safe: !case.mention.around.foundation,
            why: "the same model, called from this Region".to_owned(),
        };
    }
    match successor::nearest(offers, |offer| offer.route == Route::Global) {
        Some(offer) => Fix {
            replacement: Some(catalog.invoke_id(offer).into_owned()),
            safe: was_global,
            why: "the global profile may be answered in any commercial Region".to_owned(),
        },
        None => none(format!("nothing calls it from {}", found.name(catalog))),
    }
}

/// The ID that was meant by one that does not exist.
fn by_name(case: &Case<'_, '_>, meant: ModelIndex) -> Fix {
    let catalog = case.known.catalog;
    let model = catalog.model(meant);
    if model.lifecycle.status(case.as_of) == Status::Eol {
        return none(format!("`{}` has ended as well", model.id));
    }
    let prefix =
        case.read.prefix.filter(|prefix| case.known.has_profile(meant, prefix) == Some(true));
    let region = case.region.as_ref().map(|found| found.region);
    let replacement = if case.mention.around.foundation || case.mention.around.expression {
        Some(model.id.clone())
    } else if let Some(prefix) = prefix {
        Some(format!("{prefix}.{}", model.id))
    } else if let Some(region) = region {
        let offers = catalog.offers_from(meant, region);
        successor::nearest(offers, |offer| offer.route != Route::Global)
            .map(|offer| catalog.invoke_id(offer).into_owned())
    } else {
        let bare = successor::runtime(catalog, meant).any(|offer| offer.route == Route::InRegion);
        bare.then(|| model.id.clone())
    };
    match replacement {
        Some(id) => {
            Fix { replacement: Some(id), safe: true, why: "the ID of this model".to_owned() }
        }
        None => none("nothing tells by which ID it is called from here"),
    }
}

fn to_successor(case: &Case<'_, '_>, successor: Option<&Successor>) -> Fix {
    let Some(next) = successor else { return none("no successor is known") };
    let embeds = matches!(case.read.subject, Some(Subject::Model(index))
        if case.known.catalog.model(index).kind == Kind::Embedding);
    let Some(id) = &next.invoke_id else {
        return none(format!(
            "nothing tells by which ID {} is called from here: give --region",
            next.model
        ));
    };
    if embeds {
        return none("another model makes other vectors: everything has to be embedded again");
    }
    if !next.refuses.is_empty() {
        return none(format!("{} refuses {}", next.model, next.refuses.join(", ")));
    }
    if case.mention.around.arn {
        return none("a policy names it: change the policy with the call");
    }
    let priced = case.place == Place::Prices || case.map_key;
    if priced {
        return none("a table names it: its other columns would be wrong");
    }
    Fix { replacement: Some(id.clone()), safe: false, why: "another model".to_owned() }
}

/// The successor as it is reported.
pub(crate) fn successor(case: &Case<'_, '_>) -> Option<Successor> {
    let catalog = case.known.catalog;
    let region = case.region.as_ref().map(|found| found.region);
    let next = successor::next(catalog, case.read.subject?, case.as_of, region)?;
    let call =
        Call { region, prefix: case.read.prefix, expression: case.mention.around.expression };
    let invoke_id = if case.mention.around.foundation {
        Some(catalog.model(next.model).id.clone())
    } else {
        successor::invoke_id(catalog, next.model, call)
    };
    Some(Successor {
        model: catalog.model(next.model).id.clone(),
        invoke_id,
        is: next.is,
        refuses: crate::parameters::refused(catalog, next.model, &case.sent),
    })
}
