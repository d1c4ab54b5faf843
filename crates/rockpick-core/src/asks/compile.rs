//! From the files under `rules/` to the words of asks.

use toml::Spanned;

use super::hints::Hint;
use super::schema::{AsksFile, HintEntry, NounEntry, PartitionEntry, Words};
use super::{Asks, Meaning, Noun, Part, Partition};
use crate::catalog::Catalog;
use crate::catalog::schema::{Entries, FamilyEntry};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::phrase::Phrases;
use crate::source::RuleFile;
use crate::task::RegionSet;

/// Hints, nouns and partitions are counted in 8 bits.
const MOST: usize = 255;

/// Compiles the words of asks. Without `asks.toml` nothing is asked for by name.
pub(crate) fn compile(
    files: &[RuleFile],
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> Option<Asks> {
    let Some(own) = files.iter().find(|file| file.path == "asks.toml") else {
        return Some(Asks::default());
    };
    let entries: AsksFile = own.parse(diagnostics)?;
    let mut builder =
        Builder { files, catalog, diagnostics, phrases: Vec::new(), asks: Asks::default() };
    builder.parts(&entries);
    for (effort, words) in &entries.effort {
        builder.add(words, Meaning::Effort(*effort));
    }
    builder.numbers(&entries.lifetime.numbers);
    builder.families()?;
    builder.partitions(own, entries.partitions);
    builder.hints();
    builder.nouns();
    builder.asks.compass = entries.unknown_regions.compass;
    builder.asks.longest = entries.names.longest as usize;
    let Builder { mut asks, phrases, .. } = builder;
    asks.phrases =
        Phrases::new(phrases.iter().map(|(phrase, meaning)| (phrase.as_str(), *meaning)));
    Some(asks)
}

struct Builder<'a> {
    files: &'a [RuleFile],
    catalog: &'a Catalog,
    diagnostics: &'a mut Diagnostics,
    phrases: Vec<(String, Meaning)>,
    asks: Asks,
}

impl<'a> Builder<'a> {
    fn add(&mut self, words: &Words, meaning: Meaning) {
        self.phrases.extend(words.iter().map(|word| (word.clone(), meaning)));
    }

    fn parts(&mut self, entries: &AsksFile) {
        let names = &entries.names;
        let lists = [
            (&names.before, Part::Before),
            (&names.fillers, Part::Filler),
            (&names.models, Part::Models),
            (&names.after, Part::After),
            (&names.joints, Part::Joint),
            (&names.negations, Part::Negation),
            (&names.newest, Part::Newest),
            (&names.places, Part::Place),
            (&names.place_fillers, Part::PlaceFiller),
            (&names.blank, Part::Blank),
            (&entries.every_region.before, Part::Every),
            (&entries.every_region.anywhere, Part::EveryAnywhere),
            (&entries.lifetime.before, Part::Lasting),
            (&entries.lifetime.years, Part::Year),
            (&entries.lifetime.months, Part::Month),
        ];
        for (words, part) in lists {
            self.add(words, Meaning::Part(part));
        }
    }

    fn numbers(&mut self, entries: &Entries<u16>) {
        let word = |(word, number): (&Spanned<String>, &u16)| {
            (word.get_ref().clone(), Meaning::Number(*number))
        };
        self.phrases.extend(entries.iter().map(word));
    }

    /// The families' words; their models are the catalog's.
    fn families(&mut self) -> Option<()> {
        let Some(file) = self.files.iter().find(|file| file.path == "families.toml") else {
            return Some(());
        };
        let entries: Entries<FamilyEntry> = file.parse(&mut Diagnostics::default())?;
        for (index, family) in (0..).zip(self.catalog.families()) {
            let Some((_, entry)) = entries.iter().find(|(key, _)| *key.get_ref() == family.key)
            else {
                continue;
            };
            self.add(&entry.words, Meaning::Family(index));
            self.add(&entry.weak_words, Meaning::WeakFamily(index));
            self.add(&entry.certain_words, Meaning::CertainFamily(index));
        }
        Some(())
    }

    fn partitions(&mut self, file: &RuleFile, entries: Entries<PartitionEntry>) {
        for (index, (_, entry)) in (0..).zip(entries).take(MOST) {
            self.add(&entry.words, Meaning::Partition(index));
            let mut regions = RegionSet::EMPTY;
            for code in &entry.regions {
                match self.catalog.region(code.get_ref()) {
                    Some(region) => regions.insert(region),
                    None => {
                        let known =
                            self.catalog.regions().iter().map(|region| region.code.as_str());
                        self.diagnostics.push(file.unknown(
                            Code::UnknownRegion,
                            "Region",
                            code,
                            known,
                        ));
                    }
                }
            }
            self.check_source(file, &entry.source);
            let source = entry.source.into_inner();
            self.asks.partitions.push(Partition {
                name: entry.name,
                codes: entry.codes,
                regions,
                says: entry.says,
                source,
            });
        }
    }

    fn table<T: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
    ) -> Option<(&'a RuleFile, Entries<T>)> {
        let file = self.files.iter().find(|file| file.path == path)?;
        let entries: Entries<T> = file.parse(self.diagnostics)?;
        if entries.len() > MOST {
            let message = format!("more than the {MOST} entries that fit");
            self.diagnostics.push(Diagnostic::error(Code::TooLarge, message).at(file.place(0..0)));
            return None;
        }
        Some((file, entries))
    }

    fn hints(&mut self) {
        let Some((file, entries)) = self.table::<HintEntry>("hints.toml") else { return };
        for (index, (name, entry)) in (0..).zip(entries) {
            self.add(&entry.words, Meaning::Hint(index));
            self.add(&entry.with, Meaning::HintWith(index));
            self.add(&entry.unless, Meaning::HintUnless(index));
            if let Some(source) = &entry.source {
                self.check_source(file, source);
            }
            if let Some(category) = &entry.category {
                self.check_category(file, category);
            }
            self.asks.hints.push(Hint {
                name: name.into_inner(),
                about: entry.about,
                category: entry.category.map(Spanned::into_inner),
                input: entry.input.into_iter().collect(),
                says: entry.says,
                source: entry.source.map(Spanned::into_inner),
                paired: !entry.with.is_empty(),
            });
        }
    }

    fn nouns(&mut self) {
        let Some((file, entries)) = self.table::<NounEntry>("nouns.toml") else { return };
        for (index, (name, entry)) in (0..).zip(entries) {
            self.add(&entry.words, Meaning::Noun(index));
            self.check_source(file, &entry.source);
            let source = entry.source.into_inner();
            self.asks.nouns.push(Noun {
                name: name.into_inner(),
                tokens: entry.tokens,
                because: entry.because,
                source,
            });
        }
    }

    fn check_source(&mut self, file: &RuleFile, source: &Spanned<String>) {
        if self.catalog.source(source.get_ref()).is_none() {
            let known = self.catalog.sources().iter().map(|source| source.key.as_str());
            self.diagnostics.push(file.unknown(Code::UnknownSource, "source", source, known));
        }
    }

    fn check_category(&mut self, file: &RuleFile, name: &Spanned<String>) {
        let names =
            || self.files.iter().filter(|file| file.path.starts_with("tasks/")).map(RuleFile::stem);
        if !names().any(|own| own == name.get_ref()) {
            let names: Vec<&str> = names().collect();
            self.diagnostics.push(file.unknown(Code::UnknownCategory, "category", name, names));
        }
    }
}
