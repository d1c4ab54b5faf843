//! From the files under `rules/` to a vocabulary.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::learn::learn;
use super::markup::{Labeled, parse};
use super::meaning::{Claim, Meaning, Roles, RouteWord};
use super::parts::parts;
use super::schema::{MentionsFile, OnlyWords, Words, WordsFile};
use super::table::places;
use super::vocabulary::{Limits, Vocabulary};
use crate::catalog::Catalog;
use crate::catalog::schema::{Entries, ProviderEntry};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::phrase::Phrases;
use crate::source::RuleFile;
use crate::task::{Feature, Latency, Preference, Provider, ProviderSet};
use crate::text::fold;

/// Compiles the words of all rule files. Without `words.toml` nothing is read from words.
pub(crate) fn compile(
    files: &[RuleFile],
    catalog: &Catalog,
    diagnostics: &mut Diagnostics,
) -> Option<Vocabulary> {
    let Some(own) = files.iter().find(|file| file.path == "words.toml") else {
        return Some(Vocabulary::default());
    };
    let words: WordsFile = own.parse(diagnostics)?;
    let mut builder = Builder::default();
    places(&mut builder, files, catalog)?;
    builder.laws(&words, own, diagnostics);
    builder.providers(files, catalog)?;
    builder.origins(&words, own, catalog, diagnostics);
    builder.wishes(files, &words)?;
    builder.figures(&words);
    for (roles, list) in parts(&words) {
        builder.roles(roles, list);
    }
    builder.vocabulary.limits = limits(&words);
    let mut vocabulary = builder.finish();
    vocabulary.judge = learn(&vocabulary, &labeled(files, diagnostics));
    Some(vocabulary)
}

/// The labeled sentences of `mentions/*.toml`.
pub(crate) fn labeled(files: &[RuleFile], diagnostics: &mut Diagnostics) -> Vec<Labeled> {
    let mut sentences = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("mentions/")) {
        let Some(own) = file.parse::<MentionsFile>(diagnostics) else { continue };
        for (category, marked) in &own.needs {
            match parse(marked.get_ref()) {
                Ok(labeled) => sentences.push(Labeled { category: category.clone(), ..labeled }),
                Err(message) => diagnostics.push(
                    Diagnostic::error(Code::WrongValue, message).at(file.place(marked.span())),
                ),
            }
        }
    }
    sentences
}

/// Reads a file that somebody else keeps and checks: its mistakes are theirs to report.
pub(super) fn read<T: DeserializeOwned>(files: &[RuleFile], path: &str) -> Option<T> {
    files.iter().find(|file| file.path == path)?.parse(&mut Diagnostics::default())
}

fn limits(words: &WordsFile) -> Limits {
    Limits {
        longest_need: words.reading.longest_need as usize,
        longest_read: words.reading.longest_read as usize,
        negation_reach: words.reading.negation_reach as usize,
        largest_request: words.reading.largest_request,
        smallest_context: words.context.smallest,
        longest_wait: words.latency.longest_wait,
        month_from: words.money.month_from.0,
    }
}

/// Collects phrases with their meanings.
#[derive(Default)]
pub(super) struct Builder {
    pub vocabulary: Vocabulary,
    phrases: Vec<(String, Meaning)>,
    /// A word that stands in many lists is one phrase with many parts.
    roles: BTreeMap<String, Roles>,
}

impl Builder {
    pub(super) fn add<'w>(
        &mut self,
        meaning: Meaning,
        words: impl IntoIterator<Item = &'w String>,
    ) {
        for word in words {
            match word.strip_prefix('=') {
                Some(exact) => self.spelled(exact, meaning),
                None => self.phrases.push((word.clone(), meaning)),
            }
        }
    }

    fn spelled(&mut self, exact: &str, meaning: Meaning) {
        let index = self.vocabulary.spelled.len() as u16;
        self.vocabulary.spelled.push((exact.to_owned(), meaning));
        self.phrases.push((exact.to_owned(), Meaning::Spelled(index)));
    }

    fn roles(&mut self, roles: Roles, words: &Words) {
        for word in words {
            self.role(same(word), roles);
            // Spanish "de" runs into the article: "salir de", "salir del".
            if word.ends_with(" de") {
                self.role(same(word) + "l", roles);
            }
        }
    }

    fn role(&mut self, word: String, roles: Roles) {
        let known = self.roles.entry(word).or_default();
        *known = known.or(roles);
    }

    /// Words that may also stand right behind digits.
    pub(super) fn add_with_suffix(&mut self, meaning: Meaning, words: &Words) {
        self.add(meaning, words);
        self.suffixes(meaning, words);
    }

    fn suffixes(&mut self, meaning: Meaning, words: &Words) {
        let single = words.iter().map(|word| fold(word)).filter(|word| !word.contains(' '));
        self.vocabulary.suffixes.extend(single.map(|word| (word, meaning)));
    }

    fn laws(&mut self, words: &WordsFile, file: &RuleFile, diagnostics: &mut Diagnostics) {
        for (code, list) in &words.residency.laws {
            let places = &self.vocabulary.places;
            if let Some(index) = places.iter().position(|place| place.code == *code.get_ref()) {
                self.add(Meaning::Law(index as u16), list);
                continue;
            }
            let replacement =
                nearest(code.get_ref(), places.iter().map(|place| place.code.as_str()));
            let message = format!("there is no place `{}`", code.get_ref());
            let error = Diagnostic::error(Code::WrongValue, message).at(file.place(code.span()));
            diagnostics.push(error.replace_with(replacement.map(str::to_owned)));
        }
    }

    /// Providers by their origin.
    fn origins(
        &mut self,
        words: &WordsFile,
        file: &RuleFile,
        catalog: &Catalog,
        diagnostics: &mut Diagnostics,
    ) {
        let keys = || catalog.providers().iter().map(|info| info.key.as_str());
        for (index, origin) in (0..).zip(words.provider.origins.values()) {
            let mut providers = ProviderSet::EMPTY;
            for key in &origin.providers {
                match keys().position(|known| known == key.get_ref()) {
                    Some(at) => providers.insert(Provider(at as u8)),
                    None => {
                        diagnostics.push(file.unknown(Code::WrongValue, "provider", key, keys()));
                    }
                }
            }
            self.vocabulary.origins.push(providers);
            self.add(Meaning::Origin(index), &origin.words);
        }
    }

    fn providers(&mut self, files: &[RuleFile], catalog: &Catalog) -> Option<()> {
        let entries: Entries<ProviderEntry> = read(files, "providers.toml")?;
        for (index, info) in (0..).zip(catalog.providers()) {
            self.vocabulary.providers.push(info.key.clone());
            let Some((_, entry)) = entries.iter().find(|(key, _)| *key.get_ref() == info.key)
            else {
                continue;
            };
            self.add(Meaning::Provider(Provider(index)), &entry.words);
            self.add(Meaning::WeakProvider(Provider(index)), &entry.weak_words);
        }
        Some(())
    }

    /// Features, preferences, latency and modalities.
    fn wishes(&mut self, files: &[RuleFile], words: &WordsFile) -> Option<()> {
        for (name, entry) in read::<BTreeMap<String, OnlyWords>>(files, "features.toml")? {
            self.add_named(Feature::named(&name).map(Meaning::Feature), &entry.words);
        }
        for (name, entry) in read::<BTreeMap<String, OnlyWords>>(files, "preferences.toml")? {
            self.add_named(Preference::named(&name).map(Meaning::Preference), &entry.words);
        }
        for (preference, list) in &words.wishes {
            self.add(Meaning::WeakPreference(*preference), list);
        }
        for (feature, list) in &words.features {
            self.add(Meaning::Feature(*feature), list);
        }
        self.add(Meaning::Latency(Latency::Low), &words.latency.low);
        self.add(Meaning::Latency(Latency::Batch), &words.latency.batch);
        self.add(Meaning::Latency(Latency::Batch), &words.latency.patient);
        self.add(Meaning::Latency(Latency::Batch), &words.latency.later);
        self.suffixes(Meaning::Part(Roles::SECONDS), &words.latency.seconds);
        self.suffixes(Meaning::Part(Roles::MILLISECONDS), &words.latency.milliseconds);
        self.roles(Roles::FIRST_TOKEN, &words.latency.first_token);
        self.roles(Roles::DEPICT, &words.direction.depict);
        self.add(Meaning::Route(RouteWord::InRegion), &words.route.in_region);
        self.add(Meaning::Route(RouteWord::NoGlobal), &words.route.no_global);
        self.add(Meaning::Route(RouteWord::Global), &words.route.global);
        self.add(Meaning::Route(RouteWord::Open), &words.route.open);
        for (index, (topic, list)) in (0..).zip(&words.claims) {
            self.vocabulary.claims.push(topic.clone());
            self.add(Meaning::Claim(Claim::Other(index)), list);
        }
        for (modality, entry) in &words.modalities {
            self.add(Meaning::Depicted(*modality), &entry.nouns);
            self.add(Meaning::Taken(*modality), &entry.input);
            self.add(Meaning::Given(*modality), &entry.output);
        }
        Some(())
    }

    fn add_named(&mut self, meaning: Option<Meaning>, words: &Words) {
        if let Some(meaning) = meaning {
            self.add(meaning, words);
        }
    }

    fn finish(mut self) -> Vocabulary {
        for (word, roles) in std::mem::take(&mut self.roles) {
            self.add(Meaning::Part(roles), [&word]);
        }
        let Self { mut vocabulary, phrases, .. } = self;
        vocabulary.suffixes.sort_by(|a, b| a.0.cmp(&b.0));
        vocabulary.signs.sort_by_key(|sign| std::cmp::Reverse(sign.0.len()));
        vocabulary.phrases =
            Phrases::new(phrases.iter().map(|(phrase, meaning)| (phrase.as_str(), *meaning)));
        vocabulary
    }
}

/// One spelling for phrases that match the same words.
fn same(phrase: &str) -> String {
    if phrase.starts_with('=') {
        return phrase.to_owned();
    }
    let word = |part: &str| fold(part) + if part.ends_with('*') { "*" } else { "" };
    phrase.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}
