//! Flags that name what is gone, or places of which nothing is known.

use super::ConstraintArgs;
use super::names::retired;
use crate::Knowledge;
use crate::cli::{CliError, Global};
use crate::task::Task;

impl ConstraintArgs {
    /// The task that the words and flags describe, for advice: what follows a model that is gone stands in for it.
    pub(in crate::cli) fn advice(
        &self,
        text: String,
        knowledge: &Knowledge,
        global: &Global,
    ) -> Result<Task, CliError> {
        let is_gone = |name: &String| retired(&knowledge.catalog, name).is_some();
        let (gone, living): (Vec<String>, Vec<String>) =
            self.model.iter().cloned().partition(is_gone);
        let mut task = Self { model: living, ..self.clone() }.task(text, knowledge, global)?;
        task.retired = gone.iter().filter_map(|name| retired(&knowledge.catalog, name)).collect();
        Ok(task)
    }

    /// Refuses Regions and places in a partition of which nothing is known.
    pub(super) fn partitions(&self, knowledge: &Knowledge) -> Result<(), CliError> {
        let named = self.region.iter().chain(&self.residency);
        let unknown = named.filter(|name| knowledge.catalog.residency(name).is_none());
        let mut partitions = unknown.filter_map(|name| knowledge.rules.asks().partition_of(name));
        match partitions.find(|(regions, _)| regions.is_empty()) {
            Some((_, refusal)) => Err(CliError::usage(refusal.text)),
            None => Ok(()),
        }
    }
}
