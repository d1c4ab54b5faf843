//! Every fact names a source that is known.

use toml::Spanned;

use super::Compiler;
use crate::catalog::schema::ModelEntry;
use crate::diagnostic::Code;
use crate::source::RuleFile;

impl Compiler<'_> {
    pub(super) fn check_source(&mut self, file: &RuleFile, key: &Spanned<String>) {
        if !self.sources.contains_key(key.get_ref()) {
            let known = self.sources.keys().map(String::as_str);
            self.diagnostics.push(file.unknown(Code::UnknownSource, "source", key, known));
        }
    }
}

impl ModelEntry {
    pub(super) fn sources(&self) -> impl Iterator<Item = &Spanned<String>> {
        let groups = [
            Some(&self.source),
            self.unpriced.as_ref(),
            self.limits.as_ref().map(|group| &group.source),
            self.features.as_ref().map(|group| &group.source),
            self.contract.as_ref().map(|group| &group.source),
            self.retention.as_ref().map(|group| &group.source),
            Some(&self.lifecycle.source),
            self.access.as_ref().map(|group| &group.source),
            self.inferred.as_ref().map(|group| &group.source),
        ];
        let by_api = self
            .features
            .iter()
            .flat_map(|features| features.by_api.values().map(|own| &own.source));
        let listed =
            self.price.iter().filter_map(|row| row.listed.as_ref()).map(|listed| &listed.source);
        groups
            .into_iter()
            .flatten()
            .chain(by_api)
            .chain(self.price.iter().map(|row| &row.source))
            .chain(listed)
    }
}
