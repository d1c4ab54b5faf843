//! Ids that are gone, and what follows a model.

use std::collections::HashSet;

use toml::Spanned;

use super::{Compiler, ModelEntries};
use crate::catalog::Retired;
use crate::catalog::schema::{Entries, ModelEntry, RetiredEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::RuleFile;

impl<'a> Compiler<'a> {
    pub(super) fn retired(&mut self) {
        let Some((file, entries)) = self.table::<RetiredEntry>("retired.toml") else { return };
        self.successors_of_retired(file, &entries);
        for (id, entry) in entries {
            self.check_source(file, &entry.source);
            if self.is_model(id.get_ref()) {
                let message = format!(
                    "`{}` is among the models as well as among the retired ids",
                    id.get_ref()
                );
                self.diagnostics
                    .push(Diagnostic::error(Code::Duplicate, message).at(file.place(id.span())));
            }
            self.catalog.retired.push(Retired {
                id: id.into_inner(),
                name: entry.name,
                eol: entry.eol.map(|day| day.0),
                successor: entry.successor.map(Spanned::into_inner),
                successor_is: entry.successor_is,
                source: entry.source.into_inner(),
            });
        }
    }

    fn successors_of_retired(&mut self, file: &RuleFile, entries: &Entries<RetiredEntry>) {
        for successor in entries.values().filter_map(|entry| entry.successor.as_ref()) {
            match entries.iter().find(|(id, _)| id.get_ref() == successor.get_ref()) {
                Some((id, _)) => self.dead(file, successor, Some((file, id))),
                None => self.check_model(file, successor),
            }
        }
    }

    /// Every alias and successor is a model, and no chain of them leads back to where it began.
    pub(super) fn successors(&mut self, models: &ModelEntries<'a>) {
        for (file, _, entry) in models.values() {
            if let Some(alias) = &entry.alias_of {
                self.check_model(file, alias);
            }
            let Some(successor) = &entry.lifecycle.successor else { continue };
            if self.catalog.retired.iter().any(|retired| retired.id == *successor.get_ref()) {
                self.dead(file, successor, None);
            } else {
                self.check_model(file, successor);
            }
        }
        let aliases = circles(models, alias);
        for round in &aliases {
            self.circle(models, round, Code::AliasCycle, "aliases");
        }
        // An alias is the model that it stands for, with that model's successor.
        for round in circles(models, follower).iter().filter(|round| !aliases.contains(round)) {
            self.circle(models, round, Code::SuccessorCycle, "successors");
        }
    }

    fn circle(&mut self, models: &ModelEntries<'a>, round: &[&str], code: Code, what: &str) {
        let Some((id, (file, span, entry))) =
            round.first().and_then(|id| models.get_key_value(*id))
        else {
            return;
        };
        let Some(next) = follower(entry).or(alias(entry)) else { return };
        let message = format!("the {what} of `{id}` lead back to it: {} → {id}", round.join(" → "));
        let diagnostic = Diagnostic::error(code, message).at(file.place(next.span()));
        self.diagnostics.push(diagnostic.related(file.place(span.clone()), "begins here"));
    }

    fn dead(
        &mut self,
        file: &RuleFile,
        successor: &Spanned<String>,
        retired: Option<(&RuleFile, &Spanned<String>)>,
    ) {
        let message = format!("the successor `{}` cannot be called any more", successor.get_ref());
        let diagnostic =
            Diagnostic::error(Code::DeadSuccessor, message).at(file.place(successor.span()));
        let diagnostic = diagnostic.help("name the model that follows it");
        self.diagnostics.push(match retired {
            Some((file, id)) => diagnostic.related(file.place(id.span()), "it is retired"),
            None => diagnostic,
        });
    }

    fn is_model(&self, id: &str) -> bool {
        self.catalog.models.binary_search_by(|model| model.id.as_str().cmp(id)).is_ok()
    }

    fn check_model(&mut self, file: &RuleFile, id: &Spanned<String>) {
        if !self.is_model(id.get_ref()) {
            let known = self.catalog.models.iter().map(|model| model.id.as_str());
            self.diagnostics.push(file.unknown(Code::UnknownModel, "model", id, known));
        }
    }
}

fn alias(entry: &ModelEntry) -> Option<&Spanned<String>> {
    entry.alias_of.as_ref()
}

fn follower(entry: &ModelEntry) -> Option<&Spanned<String>> {
    entry.lifecycle.successor.as_ref().or(alias(entry))
}

/// The circles that models lead one another in, each once, from the first of its ids on.
fn circles<'m>(
    models: &'m ModelEntries<'_>,
    next: impl Fn(&'m ModelEntry) -> Option<&'m Spanned<String>>,
) -> Vec<Vec<&'m str>> {
    let mut done: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for id in models.keys() {
        let mut chain: Vec<&str> = Vec::new();
        let mut here = Some(id.as_str());
        while let Some(id) = here.filter(|id| done.insert(id)) {
            chain.push(id);
            here = models
                .get(id)
                .and_then(|(_, _, entry)| next(entry))
                .map(|id| id.get_ref().as_str());
        }
        // It ends at a model that was seen before: in this chain, or in an earlier one.
        if let Some(start) = chain.iter().position(|seen| here == Some(*seen)) {
            let mut round = chain.split_off(start);
            let first = (0..round.len()).min_by_key(|place| round[*place]).unwrap_or(0);
            round.rotate_left(first);
            found.push(round);
        }
    }
    found
}
