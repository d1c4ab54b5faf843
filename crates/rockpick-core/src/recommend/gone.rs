//! Models that are named and cannot be called any more: since when, and what follows them.

use jiff::civil::Date;

use super::Explanation;
use crate::asks::Asked;
use crate::catalog::{Catalog, Retired, Status};
use crate::task::{Constraints, ModelIndex, Task};

/// So many of one family are told of; they share their fate.
const FEW: usize = 4;
/// No chain of successors is longer.
const LONGEST_CHAIN: usize = 8;

/// A model that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its id.
    pub id: String,
    /// The name people use.
    pub name: String,
    /// The day from which calls fail, where known.
    pub eol: Option<Date>,
    /// The living model that follows it.
    pub successor: Option<ModelIndex>,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

impl Gone {
    fn retired(catalog: &Catalog, retired: &Retired, as_of: Date) -> Self {
        Self {
            id: retired.id.clone(),
            name: retired.name.clone().unwrap_or_else(|| retired.id.clone()),
            eol: retired.eol,
            successor: living(catalog, retired.successor.as_deref(), as_of),
            source: retired.source.clone(),
        }
    }

    fn ended(catalog: &Catalog, index: ModelIndex, as_of: Date) -> Self {
        let model = catalog.model(index);
        Self {
            id: model.id.clone(),
            name: model.name.clone(),
            eol: model.lifecycle.eol,
            successor: living(catalog, model.lifecycle.successor.as_deref(), as_of),
            source: model.lifecycle.source.clone(),
        }
    }

    pub(super) fn told(&self, catalog: &Catalog) -> Explanation {
        Explanation { code: "retired", text: self.text(catalog), source: Some(self.source.clone()) }
    }

    /// That it is gone, since when, and what follows it.
    #[must_use]
    pub fn text(&self, catalog: &Catalog) -> String {
        let since = self
            .eol
            .map_or_else(|| "is retired".to_owned(), |eol| format!("is retired since {eol}"));
        let next = self.successor.map(|index| catalog.model(index));
        let next = next.map_or_else(String::new, |model| {
            format!("; {} ({}) follows it", model.name, model.id)
        });
        format!("{} ({}) {since}{next}", self.name, self.id)
    }
}

/// The model at the end of a chain of successors, if it can still be called.
fn living(catalog: &Catalog, successor: Option<&str>, as_of: Date) -> Option<ModelIndex> {
    let mut next = successor.and_then(|id| catalog.index_of(id));
    for _ in 0..LONGEST_CHAIN {
        let lifecycle = &catalog.model(next?).lifecycle;
        if lifecycle.status(as_of) != Status::Eol {
            return next;
        }
        next = lifecycle.successor.as_deref().and_then(|id| catalog.index_of(id));
    }
    None
}

/// The models named that are gone, explicitly or in words. Where all that are named have ended, they are no constraint any more.
pub(super) fn named(
    task: &Task,
    asked: &Asked<'_>,
    catalog: &Catalog,
    constraints: &mut Constraints,
) -> Vec<Gone> {
    let asked_from = constraints.regions;
    let has_ended = |model: &ModelIndex| {
        let own = catalog.regions_of(*model);
        let regions = if asked_from.is_empty() { own } else { own.and(asked_from) };
        catalog.model(*model).lifecycle.status_within(regions, task.as_of) == Status::Eol
    };
    // What is named in passing is told of where nothing living goes by its name.
    let passing = &asked.mentioned;
    let lives = passing.models.iter().any(|model| !has_ended(model));
    let in_passing: &[u16] = if lives { &[] } else { &passing.retired };
    let retired = task
        .retired
        .iter()
        .chain(&asked.gone)
        .chain(in_passing)
        .filter_map(|gone| catalog.retired().get(usize::from(*gone)));
    let mut gone: Vec<Gone> = Vec::new();
    for retired in retired {
        if !gone.iter().any(|known| known.name == retired.name.as_deref().unwrap_or_default()) {
            gone.push(Gone::retired(catalog, retired, task.as_of));
        }
    }
    if !lives {
        gone.extend(passing.models.iter().map(|index| Gone::ended(catalog, *index, task.as_of)));
    }
    if !task.is_prompt && !constraints.models.is_empty() && constraints.models.iter().all(has_ended)
    {
        gone.extend(
            constraints.models.drain(..).map(|index| Gone::ended(catalog, index, task.as_of)),
        );
    }
    gone.truncate(FEW);
    gone
}

/// The living models that follow those that are gone.
pub(super) fn successors(gone: &[Gone]) -> Vec<ModelIndex> {
    let mut models: Vec<ModelIndex> = gone.iter().filter_map(|gone| gone.successor).collect();
    models.sort_unstable();
    models.dedup();
    models
}
