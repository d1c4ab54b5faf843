//! What the catalog says of an ID as it is written.

use std::collections::HashSet;

use rockpick_core::catalog::{Catalog, Retired};
use rockpick_core::task::{ModelIndex, Route};

/// The catalog with what finds IDs in texts.
pub(crate) struct Known<'k> {
    pub catalog: &'k Catalog,
    /// `anthropic.claude`: providers with the words that their IDs go on with.
    families: HashSet<String>,
    /// Every ID, living or gone, without prefixes.
    ids: Vec<&'k str>,
    prefixes: HashSet<String>,
}

/// What an ID stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Subject<'k> {
    /// A model of the catalog.
    Model(ModelIndex),
    /// An ID that is gone.
    Retired(&'k Retired),
}

/// An ID with what it stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read<'k, 'i> {
    /// The prefix of a profile.
    pub prefix: Option<&'i str>,
    /// The ID without it, and without the size of a provisioned variant.
    pub base: &'i str,
    pub subject: Option<Subject<'k>>,
}

impl<'k> Known<'k> {
    pub(crate) fn of(catalog: &'k Catalog) -> Self {
        let models = catalog.models().iter().map(|model| model.id.as_str());
        let ids: Vec<&str> =
            models.chain(catalog.retired().iter().map(|retired| retired.id.as_str())).collect();
        let families = ids.iter().filter_map(|id| family(id)).map(str::to_owned).collect();
        let prefixes =
            catalog.offers().iter().filter_map(|offer| catalog.prefix(offer)).map(str::to_owned);
        Self { catalog, families, ids, prefixes: prefixes.collect() }
    }

    /// What IDs begin with: `anthropic.`.
    pub(crate) fn providers(&self) -> Vec<String> {
        let providers = self.ids.iter().filter_map(|id| id.split_once('.'));
        let all: HashSet<&str> = providers.map(|(provider, _)| provider).collect();
        let mut all: Vec<String> = all.into_iter().map(|provider| format!("{provider}.")).collect();
        all.sort();
        all
    }

    /// Whether a text begins with a provider and one of its families.
    pub(crate) fn has_family(&self, text: &str) -> bool {
        family(text).is_some_and(|family| self.families.contains(family))
    }

    pub(crate) fn is_prefix(&self, word: &str) -> bool {
        self.prefixes.contains(word)
    }

    /// Every ID without prefixes.
    pub(crate) fn ids(&self) -> &[&'k str] {
        &self.ids
    }

    /// Whether it is exactly an ID, with or without the prefix of a profile.
    pub(crate) fn names(&self, id: &str) -> bool {
        self.read(id).subject.is_some()
    }

    /// What an ID stands for.
    pub(crate) fn read<'i>(&self, id: &'i str) -> Read<'k, 'i> {
        let provider = |text: &str| self.has_family(text);
        let (prefix, base) = match id.split_once('.') {
            Some((prefix, rest)) if !provider(id) && provider(rest) => (Some(prefix), rest),
            _ => (None, id),
        };
        if let Some(subject) = self.subject(base) {
            return Read { prefix, base, subject: Some(subject) };
        }
        // A variant for provisioned throughput: the base with the size of its window.
        let variant = base.rsplit_once(':').filter(|(_, size)| size.ends_with(['k', 'K', 'm']));
        match variant.and_then(|(base, _)| Some((base, self.subject(base)?))) {
            Some((base, subject)) => Read { prefix, base, subject: Some(subject) },
            None => Read { prefix, base, subject: None },
        }
    }

    fn subject(&self, base: &str) -> Option<Subject<'k>> {
        if let Some(index) = self.catalog.index_of(base) {
            return Some(Subject::Model(index));
        }
        self.catalog.retired().iter().find(|retired| retired.id == base).map(Subject::Retired)
    }

    /// Whether a model has a profile of a prefix; `None` where nothing tells from where its profiles are called.
    pub(crate) fn has_profile(&self, model: ModelIndex, prefix: &str) -> Option<bool> {
        let mut any = false;
        for offer in
            self.catalog.offers_of(model).iter().filter(|offer| offer.route != Route::Mantle)
        {
            any = true;
            if self.catalog.prefix(offer) == Some(prefix) {
                return Some(true);
            }
        }
        let alias = self.catalog.model(model).alias_of.is_some();
        (any || alias).then_some(false)
    }
}

/// `anthropic.claude` of `anthropic.claude-3-…`: the provider, and the letters that begin the name.
fn family(text: &str) -> Option<&str> {
    let dot = text.find('.')?;
    let provider = &text.as_bytes()[..dot];
    if provider.is_empty()
        || !provider.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    {
        return None;
    }
    let letters =
        text.as_bytes()[dot + 1..].iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    (letters > 0).then(|| &text[..dot + 1 + letters])
}
