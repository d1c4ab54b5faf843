//! What flags name: Regions, places, features, providers, models; what is not known is told with the nearest that is.

use jiff::civil::Date;

use super::super::region::resolve;
use super::super::{CliError, Global};
use crate::catalog::{Catalog, Named, Status};
use crate::diagnostic::nearest;
use crate::task::{Defaults, Feature, ModelIndex, Region, Residency};

/// What the environment, the configuration and the profile say, for tasks that say nothing.
pub(super) fn defaults(catalog: &Catalog, global: &Global) -> Result<Defaults, CliError> {
    let residency = match &global.config.residency {
        None => None,
        Some(own) => {
            let found = place(catalog, &own.value).map_err(|error| error.found_in(&own.from));
            Some((found?, own.from.to_string()))
        }
    };
    let allow_global = global.config.allow_global.as_ref().is_some_and(|own| own.value);
    Ok(Defaults { region: region(catalog, global)?, residency, allow_global })
}

fn region(catalog: &Catalog, global: &Global) -> Result<Option<(Region, String)>, CliError> {
    let Some(resolved) = resolve(global) else { return Ok(None) };
    match catalog.region(&resolved.code) {
        Some(region) => Ok(Some((region, resolved.from))),
        None => {
            let error = CliError::usage(format!(
                "there is no Region `{}` (from {})",
                resolved.code, resolved.from
            ));
            Err(error.meant(catalog.nearest_region(&resolved.code)))
        }
    }
}

pub(super) fn known_region(catalog: &Catalog, code: &str) -> Result<Region, CliError> {
    catalog.region_named(code).ok_or_else(|| {
        let error = CliError::usage(format!("there is no Region `{code}`"))
            .meant(catalog.nearest_region(code));
        error.help("give a code, such as eu-central-1, or the city, such as frankfurt")
    })
}

/// A place that data is kept in; one without a Region of the catalog is an error.
pub(super) fn place(catalog: &Catalog, name: &str) -> Result<Residency, CliError> {
    let place = catalog.residency(name).ok_or_else(|| unknown_place(catalog, name))?;
    if place.regions.is_empty() {
        let title = catalog.place_name(&place);
        let error = CliError::usage(format!("no Region of the catalog is in {title} (`{name}`)"));
        return Err(error.help("give eu, eea, a country's code such as de, es, us, or a Region"));
    }
    Ok(place)
}

fn unknown_place(catalog: &Catalog, name: &str) -> CliError {
    let places = catalog.places().iter().map(|place| place.code.as_str());
    let known = places.chain(catalog.regions().iter().map(|region| region.code.as_str()));
    let error = CliError::usage(format!("there is no place `{name}` that data could be kept in"));
    error
        .meant(nearest(name, known))
        .help("give eu, eea, a country's code such as de, es, us, or a Region")
}

pub(super) fn unknown_feature(name: &str) -> CliError {
    let names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
    let error = CliError::usage(format!("there is no feature `{name}`"))
        .meant(nearest(name, names.iter().copied()));
    error.help(format!("the features are {}", names.join(", ")))
}

pub(super) fn unknown_provider(catalog: &Catalog, name: &str) -> CliError {
    let keys: Vec<&str> =
        catalog.providers().iter().map(|provider| provider.key.as_str()).collect();
    let error = CliError::usage(format!("there is no provider `{name}`"))
        .meant(nearest(name, keys.iter().copied()));
    error.help(format!("the providers are {}", keys.join(", ")))
}

/// The place of a retired id that a name stands for.
pub(super) fn retired(catalog: &Catalog, name: &str) -> Option<u16> {
    let Named::Retired(retired) = catalog.find(name) else { return None };
    let at = catalog.retired().iter().position(|own| own.id == retired.id)?;
    u16::try_from(at).ok()
}

/// The models that a name stands for.
pub(in crate::cli) fn models(catalog: &Catalog, name: &str) -> Result<Vec<ModelIndex>, CliError> {
    match catalog.find(name) {
        Named::Model(model) => Ok(vec![model]),
        Named::Several(models) => Ok(models),
        Named::Retired(retired) => {
            let error = CliError::usage(format!("`{}` cannot be called any more", retired.id));
            Err(error.help(format!("`rockpick explain {}` tells what follows it", retired.id)))
        }
        Named::Unknown(near) => {
            let error =
                CliError::usage(format!("there is no model `{name}` in the catalog")).meant(near);
            Err(error.help("`rockpick models` lists them"))
        }
    }
}

/// Of a family's models those that people mean by it: those that are there to stay, else those that can still be called.
pub(in crate::cli) fn living(
    catalog: &Catalog,
    models: Vec<ModelIndex>,
    today: Date,
) -> Vec<ModelIndex> {
    let up_to = |worst: Status| {
        let lives = |index: &ModelIndex| catalog.model(*index).lifecycle.status(today) <= worst;
        models.iter().copied().filter(lives).collect::<Vec<_>>()
    };
    let found =
        [Status::Limited, Status::Legacy].map(up_to).into_iter().find(|found| !found.is_empty());
    found.unwrap_or(models)
}
