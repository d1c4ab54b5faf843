//! Which rules about models are in force when several layers have some.

use super::Compiler;
use crate::diagnostic::{Code, Diagnostic};
use crate::rules::schema::{Action, CandidateEntry};
use crate::source::RuleFile;

impl Compiler<'_> {
    /// The rules that count, those with the same `when` one after the other. A layer that says which models may compete at all is not
    /// opened again by what stands below it, so all of that is dropped, and told.
    pub(super) fn in_force<'e>(
        &mut self,
        file: &RuleFile,
        rules: &'e [CandidateEntry],
    ) -> Vec<&'e CandidateEntry> {
        let layer = |rule: &CandidateEntry| file.layer_at(&rule.model.span());
        let closing =
            rules.iter().filter(|rule| rule.action == Action::Only).max_by_key(|rule| layer(rule));
        let lowest = closing.map_or(0, layer);
        let (mut in_force, dropped): (Vec<_>, Vec<_>) =
            rules.iter().partition(|rule| layer(rule) >= lowest);
        if let (Some(closing), Some(first)) = (closing, dropped.first()) {
            let message = format!(
                "an `only` in an overlay drops the {} rules about models below it",
                dropped.len()
            );
            let diagnostic = Diagnostic::warning(Code::OverlayDrops, message)
                .at(file.place(closing.model.span()));
            let diagnostic = diagnostic.related(
                file.place(first.model.span()),
                "this and what follows it no longer counts",
            );
            let help = "repeat those that should stay; where it is meant, write `replaces = [\"candidates\"]` at the top of the file";
            self.diagnostics.push(diagnostic.help(help));
        }
        let place = |rule: &&CandidateEntry| rules.iter().position(|first| first.when == rule.when);
        in_force.sort_by_key(place);
        in_force
    }
}
