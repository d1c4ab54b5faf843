//! What `doctor` is asked about: models, a family, or an ID that only AWS may know.

use jiff::civil::Date;

use super::super::{CliError, constraints};
use crate::catalog::{Catalog, Named};
use crate::task::{ModelIndex, Region};

/// What is to be checked.
pub(super) enum Asked {
    /// Models, and the ID of the profile by which one of them was named.
    Models(Vec<ModelIndex>, Option<String>),
    /// An ID that the catalog does not know.
    Unknown(String),
}

/// What a name stands for: a family for its members that live, where some can be called from the Region for those.
pub(super) fn asked(
    catalog: &Catalog,
    name: &str,
    region: Option<Region>,
    today: Date,
) -> Result<Asked, CliError> {
    let id = catalog.written(name.rsplit('/').next().unwrap_or(name));
    let is_id = id.contains('.')
        && id.bytes().all(|sign| sign.is_ascii_alphanumeric() || b".:-_".contains(&sign));
    match constraints::models(catalog, name) {
        Ok(models) if models.len() > 1 => {
            let living = constraints::living(catalog, models, today);
            let is_here = |index: &ModelIndex| {
                region.is_some_and(|region| !catalog.offers_from(*index, region).is_empty())
            };
            let here: Vec<ModelIndex> = living.iter().copied().filter(is_here).collect();
            Ok(Asked::Models(if here.is_empty() { living } else { here }, None))
        }
        Ok(models) => Ok(Asked::Models(models, (catalog.bare(id) != id).then(|| id.to_owned()))),
        Err(_) if is_id && matches!(catalog.find(name), Named::Unknown(_)) => {
            Ok(Asked::Unknown(id.to_owned()))
        }
        Err(error) => Err(error),
    }
}
