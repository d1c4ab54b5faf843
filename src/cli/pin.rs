//! `--model` for calls: also ids that the catalog does not know, exactly as they are given.

use std::borrow::Cow;

use super::CliError;
use super::constraints::ConstraintArgs;
use crate::catalog::Catalog;
use crate::catalog::Named;
use crate::recommend::{Filter, Recommendation};
use crate::task::{ModelIndex, Route};

/// What a single `--model` stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pin {
    /// Nothing, or several models.
    None,
    /// A model by its bare id or name: any of its offers.
    Model(ModelIndex),
    /// A profile's id or an ARN of a known model: only that.
    Exact(String),
    /// An id that the catalog does not know, or knows as gone, and what is said about it.
    Unknown { id: String, note: String },
}

/// Reads the only `--model`, if there is exactly one.
pub(super) fn of(flags: &ConstraintArgs, catalog: &Catalog) -> Result<Pin, CliError> {
    let Some(given) = flags.only_model() else { return Ok(Pin::None) };
    let given = if given.starts_with("arn:") {
        given
    } else {
        catalog.written(given.rsplit('/').next().unwrap_or(given))
    };
    let id = given.rsplit('/').next().unwrap_or(given);
    Ok(match catalog.find(given) {
        Named::Model(_) if given.starts_with("arn:") || catalog.bare(id) != id => {
            Pin::Exact(given.to_owned())
        }
        Named::Model(model) => Pin::Model(model),
        Named::Several(_) => Pin::None,
        Named::Retired(retired) => {
            let note = format!(
                "`{}` is among the ids that cannot be called any more; it is called as given",
                retired.id
            );
            Pin::Unknown { id: given.to_owned(), note }
        }
        Named::Unknown(near) => unknown(given, near)?,
    })
}

fn unknown(given: &str, near: Option<&str>) -> Result<Pin, CliError> {
    let is_id = given
        .chars()
        .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | ':' | '/' | '-' | '_'));
    if !is_id || given.is_empty() {
        return Err(CliError::usage(format!("there is no model `{given}` in the catalog"))
            .meant(near)
            .help("`rockpick models` lists them"));
    }
    let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let note = format!(
        "`{given}` is not in the catalog: its limits, contract and price are not known{meant}"
    );
    Ok(Pin::Unknown { id: given.to_owned(), note })
}

impl Pin {
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// The id to call although no offer fits, and what is said about it.
    pub(super) fn as_given(
        &self,
        catalog: &Catalog,
        answer: &Recommendation<'_>,
    ) -> (String, String) {
        let known = |id: &str, model: Option<ModelIndex>| {
            let told = |(filter, model): (Filter<'_>, ModelIndex)| -> Vec<String> {
                let reasons = filter.reasons(model);
                reasons.iter().map(|reason| filter.explain(model, reason).text).collect()
            };
            let reasons = answer.filter().zip(model).map(told).unwrap_or_default();
            let why = if reasons.is_empty() {
                "there is no such offer from here".to_owned()
            } else {
                reasons.join("; ")
            };
            (
                id.to_owned(),
                format!("`{id}` is called as given although the rules speak against it: {why}"),
            )
        };
        match self {
            Self::None => (String::new(), String::new()),
            Self::Unknown { id, note } => (id.clone(), note.clone()),
            Self::Model(model) => {
                // Where the model has an offer from here, that is the id that works.
                let regions = answer.understanding.constraints.regions;
                let here = catalog
                    .offers_of(*model)
                    .iter()
                    .filter(|offer| regions.contains(offer.region) && offer.route != Route::Mantle);
                let id = here
                    .min_by_key(|offer| offer.route)
                    .map_or(Cow::Borrowed(catalog.model(*model).id.as_str()), |offer| {
                        catalog.invoke_id(offer)
                    });
                known(&id, Some(*model))
            }
            Self::Exact(id) => {
                let bare = id.rsplit('/').next().unwrap_or(id);
                known(id, catalog.index_of(catalog.bare(bare)))
            }
        }
    }
}
