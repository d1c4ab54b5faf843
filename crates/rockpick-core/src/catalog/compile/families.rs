//! Families of models, from `families.toml`.

use toml::Spanned;

use super::Compiler;
use crate::catalog::families::{Family, Members};
use crate::catalog::schema::FamilyEntry;
use crate::diagnostic::Code;
use crate::source::RuleFile;
use crate::task::ModelIndex;
use crate::text::{fold, glob};

impl Compiler<'_> {
    pub(super) fn families(&mut self) {
        if self.file("families.toml").is_none() {
            return;
        }
        let Some((file, entries)) = self.table::<FamilyEntry>("families.toml") else { return };
        for (key, entry) in entries {
            if let Some(source) = &entry.source {
                self.check_source(file, source);
            }
            let mut members = Members::default();
            for pattern in &entry.models {
                members.extend(&self.members(file, pattern));
            }
            let named = [key.get_ref(), &entry.name];
            let mut words: Vec<String> = entry
                .words
                .iter()
                .chain(&entry.weak_words)
                .chain(named)
                .map(|word| fold(word))
                .collect();
            words.sort_unstable();
            words.dedup();
            let narrows = entry.source.is_some();
            let source = entry.source.map(Spanned::into_inner);
            self.catalog.families.push(Family {
                key: key.into_inner(),
                name: entry.name,
                words,
                members,
                narrows,
                source,
            });
        }
    }

    /// The models and retired ids that a pattern stands for; names on bedrock-mantle stand for the model on bedrock-runtime.
    fn members(&mut self, file: &RuleFile, pattern: &Spanned<String>) -> Members {
        let fits = |id: &str| glob(pattern.get_ref(), id);
        let catalog = &self.catalog;
        let own = |index: &ModelIndex| {
            fits(&catalog.model(*index).id) && catalog.model(*index).alias_of.is_none()
        };
        let models: Vec<ModelIndex> = catalog.indices().filter(own).collect();
        let retired = (0..)
            .zip(catalog.retired())
            .filter(|(_, gone)| fits(&gone.id))
            .map(|(index, _)| index)
            .collect();
        let members = Members { models, retired };
        if members.is_empty() {
            let ids = self.catalog.models.iter().map(|model| model.id.as_str());
            self.diagnostics.push(file.unknown(Code::UnknownModel, "model", pattern, ids));
        }
        members
    }
}
