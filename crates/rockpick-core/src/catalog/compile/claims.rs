//! Facts that exclude one another, though each has the right shape.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Compiler;
use super::offers::Layered;
use crate::catalog::Offer;
use crate::catalog::schema::{ModelEntry, PriceEntry};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::RuleFile;
use crate::task::{Kind, Modality};

impl Compiler<'_> {
    /// What a model says of itself in two ways that cannot both hold.
    pub(super) fn claims(&mut self, file: &RuleFile, id: &Range<usize>, entry: &ModelEntry) {
        // Lists that were missing or wrong are mended as empty ones, and have been told.
        if !self.mended.contains(file.path.as_str()) {
            self.modalities(file, id, entry);
        }
        if let Some(features) = &entry.features {
            for feature in &features.yes {
                if let Some(other) =
                    features.no.iter().find(|other| other.get_ref() == feature.get_ref())
                {
                    let message = format!(
                        "the feature `{}` stands in `yes` as well as in `no`",
                        feature.get_ref()
                    );
                    let diagnostic = Diagnostic::error(Code::Contradiction, message)
                        .at(file.place(feature.span()));
                    self.diagnostics
                        .push(diagnostic.related(file.place(other.span()), "it is denied here"));
                }
            }
            for (api, own) in &features.by_api {
                for feature in own.yes.iter().filter(|feature| own.no.contains(feature)) {
                    let message = format!(
                        "the feature `{feature}` stands in `yes` as well as in `no` of `{}`",
                        api.name()
                    );
                    self.contradiction(
                        file,
                        own.source.span(),
                        message,
                        "take it out of one of the two lists",
                    );
                }
            }
        }
        if let Some(access) = &entry.access {
            for region in &access.in_region {
                if let Some(other) = access
                    .in_region_unknown
                    .iter()
                    .find(|other| other.get_ref() == region.get_ref())
                {
                    let message = format!(
                        "`{}` stands in `in-region` as well as in `in-region-unknown`",
                        region.get_ref()
                    );
                    let diagnostic = Diagnostic::error(Code::Contradiction, message)
                        .at(file.place(region.span()));
                    self.diagnostics
                        .push(diagnostic.related(file.place(other.span()), "not known here"));
                }
            }
        }
        // An overlay may well give a private price where AWS publishes none.
        if let Some(unpriced) = &entry.unpriced
            && let Some(row) =
                entry.price.iter().find(|row| layer(file, row) == file.layer_at(&unpriced.span()))
        {
            let message = "`unpriced` says that there is no price, and here is one".to_owned();
            let diagnostic =
                Diagnostic::error(Code::Contradiction, message).at(file.place(row.source.span()));
            self.diagnostics
                .push(diagnostic.related(file.place(unpriced.span()), "no price is published"));
        }
        self.dates(file, id, entry);
    }

    fn dates(&mut self, file: &RuleFile, id: &Range<usize>, entry: &ModelEntry) {
        let life = &entry.lifecycle;
        let pairs = [
            (
                entry.launched,
                life.legacy_since,
                "its legacy phase begins",
                "before it was launched",
            ),
            (
                life.eol_floor,
                life.eol,
                "it ends",
                "before the day until which it is promised to stay",
            ),
            (
                life.legacy_since,
                life.extended_access_from,
                "its extended access begins",
                "before its legacy phase",
            ),
        ];
        for (first, second, what, before) in pairs {
            if let (Some(first), Some(second)) = (first, second)
                && second < first
            {
                let message = format!("{what} on {}, {before} on {}", second.0, first.0);
                self.contradiction(file, id.clone(), message, "look at the source again");
            }
        }
    }

    /// A model takes something in and gives something out, and that is what its kind does.
    fn modalities(&mut self, file: &RuleFile, id: &Range<usize>, entry: &ModelEntry) {
        let mut tell = |message: String, help: &str| {
            let diagnostic =
                Diagnostic::error(Code::NoModality, message).at(file.place(id.clone()));
            self.diagnostics.push(diagnostic.help(help));
        };
        for (list, key, what) in [
            (&entry.input, "input", "takes nothing in"),
            (&entry.output, "output", "gives nothing out"),
        ] {
            if list.is_empty() {
                tell(
                    format!("this model {what}, so it fits no task"),
                    &format!("name what in `{key}`, such as [\"text\"]"),
                );
            }
        }
        let own = match entry.kind {
            Kind::Text => Modality::Text,
            Kind::Image => Modality::Image,
            Kind::Video => Modality::Video,
            Kind::Embedding => Modality::Embedding,
            Kind::Speech => Modality::Speech,
            Kind::Rerank => return,
        };
        // A model that transcribes is one of speech as well.
        let speaks = entry.kind == Kind::Speech && entry.input.contains(&own);
        if !entry.output.is_empty() && !entry.output.contains(&own) && !speaks {
            let message = format!(
                "this model is of the kind `{}`, and `{own}` is not in its `output`",
                entry.kind
            );
            tell(message, "correct the kind or the list");
        }
    }

    fn contradiction(&mut self, file: &RuleFile, span: Range<usize>, message: String, help: &str) {
        self.diagnostics
            .push(Diagnostic::error(Code::Contradiction, message).at(file.place(span)).help(help));
    }

    /// Two rows of one layer that price the same offer and are no variants of one another: only one of them can be right.
    pub(super) fn rivals(&mut self, file: &RuleFile, offers: &[Offer], rows: &Layered<'_>) {
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for offer in offers {
            for layer in rows.of(&self.catalog, offer) {
                for (place, row) in layer.iter().enumerate() {
                    let Some(first) =
                        layer[..place].iter().find(|other| other.variant == row.variant)
                    else {
                        continue;
                    };
                    if !told.insert(row.source.span().start) {
                        continue;
                    }
                    let region = self.catalog.code(offer.region);
                    let message = format!(
                        "another row is as exact as this one for the route {} from {region}",
                        offer.route
                    );
                    let diagnostic = Diagnostic::error(Code::Contradiction, message)
                        .at(file.place(row.source.span()));
                    self.diagnostics.push(
                        diagnostic
                            .related(file.place(first.source.span()), "it has a price as well"),
                    );
                }
            }
        }
    }
}

fn layer(file: &RuleFile, row: &PriceEntry) -> usize {
    file.layer_at(&row.source.span())
}
