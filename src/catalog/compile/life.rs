//! Ids that are gone, and what follows a model.

use toml::Spanned;

use super::{Compiler, ModelEntries};
use crate::catalog::Retired;
use crate::catalog::schema::{Entries, RetiredEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::RuleFile;

impl<'a> Compiler<'a> {
    pub(super) fn retired(&mut self) {
        let Some((file, entries)) = self.table::<RetiredEntry>("retired.toml") else { return };
        self.successors_of_retired(file, &entries);
        for (id, entry) in entries {
            self.check_source(file, &entry.source);
            if self.is_model(id.get_ref()) {
                let message = format!("`{}` is among the models as well as among the retired ids", id.get_ref());
                self.diagnostics.push(Diagnostic::error(Code::Duplicate, message).at(file.place(id.span())));
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

    /// Every successor is a model, and no chain of successors leads back to where it began.
    pub(super) fn successors(&mut self, models: &ModelEntries<'a>) {
        for (id, (file, span, entry)) in models {
            if let Some(alias) = &entry.alias_of {
                self.check_model(file, alias);
            }
            let Some(successor) = &entry.lifecycle.successor else { continue };
            if self.catalog.retired.iter().any(|retired| retired.id == *successor.get_ref()) {
                self.dead(file, successor, None);
            } else {
                self.check_model(file, successor);
            }
            if let Some(round) = circle(id, models) {
                let message = format!("the successors of `{id}` lead back to it: {round}");
                let diagnostic = Diagnostic::error(Code::SuccessorCycle, message).at(file.place(successor.span()));
                self.diagnostics.push(diagnostic.related(file.place(span.clone()), "begins here"));
            }
        }
    }

    fn dead(&mut self, file: &RuleFile, successor: &Spanned<String>, retired: Option<(&RuleFile, &Spanned<String>)>) {
        let message = format!("the successor `{}` cannot be called any more", successor.get_ref());
        let diagnostic = Diagnostic::error(Code::DeadSuccessor, message).at(file.place(successor.span()));
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

/// The circle of successors that a model is in, told once: by the first of its ids.
fn circle(id: &str, models: &ModelEntries<'_>) -> Option<String> {
    let mut round = vec![id];
    for _ in 0..models.len() {
        let (_, _, entry) = models.get(*round.last()?)?;
        let next = entry.lifecycle.successor.as_ref()?.get_ref().as_str();
        round.push(next);
        if next == id {
            return round.iter().all(|other| id <= *other).then(|| round.join(" → "));
        }
    }
    None
}
