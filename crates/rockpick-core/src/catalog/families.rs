//! Families of models: what people call them, and which models, living or gone, belong to them.

use serde::{Deserialize, Serialize};

use super::Catalog;
use crate::task::ModelIndex;
use crate::text::fold;

/// Models that go by one name: "Sonnet", "gpt-oss", "open weights".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// The key in `rules/families.toml`.
    pub key: String,
    /// The name people use.
    pub name: String,
    /// What people write for it, folded.
    pub words: Vec<String>,
    /// Its models.
    pub members: Members,
    /// Whether it is a property that narrows other names down: "open-weights Llama".
    pub narrows: bool,
    /// The source of that property: a key of `rules/sources.toml`.
    pub source: Option<String>,
}

/// Models and retired ids, by their places in the catalog, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// Models of the catalog.
    pub models: Vec<ModelIndex>,
    /// Ids that are gone.
    pub retired: Vec<u16>,
}

impl Members {
    /// Whether it has no member at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.models.is_empty() && self.retired.is_empty()
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            models: self
                .models
                .iter()
                .copied()
                .filter(|model| other.models.contains(model))
                .collect(),
            retired: self
                .retired
                .iter()
                .copied()
                .filter(|gone| other.retired.contains(gone))
                .collect(),
        }
    }

    /// Adds what is in the other.
    pub fn extend(&mut self, other: &Self) {
        self.models.extend(&other.models);
        self.models.sort_unstable();
        self.models.dedup();
        self.retired.extend(&other.retired);
        self.retired.sort_unstable();
        self.retired.dedup();
    }
}

/// How much of a name is left over beside what was said of it, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Beyond {
    /// Nothing: it is the name itself.
    Nothing,
    /// Words without a digit: "Claude", "Luna".
    Words,
    /// A version or a size: "5.5", "70B".
    Numbers,
}

impl Catalog {
    /// The families, by key.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The members that are meant when a family's name is followed by these words, and how many of the words belong to the name:
    /// "pro" of "Nova Pro", "3", "8b" of "Llama 3 8B", none of "Claude for".
    #[must_use]
    pub fn narrowed<'w>(
        &self,
        family: &str,
        members: &Members,
        words: impl IntoIterator<Item = &'w str>,
    ) -> (Members, usize) {
        let mut said: Vec<&str> = family.split(' ').collect();
        let (mut best, mut used) = (members.clone(), 0);
        for word in words {
            said.push(word);
            let kept = self.called(&best, &said);
            if kept.is_empty() {
                break;
            }
            (best, used) = (kept, used + 1);
        }
        said.truncate(family.split(' ').count() + used);
        (if used == 0 { best } else { self.closest(best, &said) }, used)
    }

    /// The members in whose names or ids all the words stand.
    fn called(&self, members: &Members, said: &[&str]) -> Members {
        self.members_that(members, |spelling| beyond(spelling, said).is_some())
    }

    /// Of members that fit, those that have the least beside what was said: "Sonnet 5" is not also Sonnet 5.5.
    fn closest(&self, members: Members, said: &[&str]) -> Members {
        [Beyond::Nothing, Beyond::Words]
            .into_iter()
            .map(|most| {
                self.members_that(&members, |spelling| {
                    beyond(spelling, said).is_some_and(|beyond| beyond <= most)
                })
            })
            .find(|close| !close.is_empty())
            .unwrap_or(members)
    }

    fn members_that(&self, members: &Members, test: impl Fn(&str) -> bool) -> Members {
        let models = members.models.iter().copied().filter(|index| {
            let model = self.model(*index);
            test(&fold(&model.name)) || test(&fold(&model.id))
        });
        let retired = members.retired.iter().copied().filter(|gone| {
            let retired = &self.retired()[usize::from(*gone)];
            retired.name.as_deref().is_some_and(|name| test(&fold(name)))
                || test(&fold(&retired.id))
        });
        Members { models: models.collect(), retired: retired.collect() }
    }

    /// What a whole text stands for, when it is a family's name with what may follow it.
    #[must_use]
    pub fn named_family(&self, text: &str) -> Option<Members> {
        let folded = fold(text);
        let words: Vec<&str> = folded.split(' ').collect();
        let begins = self
            .families()
            .iter()
            .flat_map(|family| family.words.iter().map(move |word| (family, word)));
        let begins =
            begins.filter(|(_, word)| folded == **word || folded.starts_with(&format!("{word} ")));
        let (family, word) = begins.max_by_key(|(_, word)| word.len())?;
        let length = word.split(' ').count();
        let rest = &words[length..];
        let (members, used) = self.narrowed(word, &family.members, rest.iter().copied());
        if used == rest.len() {
            return Some(members).filter(|members| !members.is_empty());
        }
        // "AI21 Jurassic", "Cohere Command": one family's name behind another's.
        let inner = self.named_family(&rest[used..].join(" "))?;
        Some(members.and(&inner)).filter(|both| !both.is_empty())
    }
}

/// What a spelling has beside the words said; `None` when one of them is not in it.
fn beyond(spelling: &str, said: &[&str]) -> Option<Beyond> {
    let mut left: Vec<&str> = spelling.split(' ').collect();
    for word in said {
        let at = left.iter().position(|own| own == word)?;
        left.remove(at);
    }
    let numbered = |word: &&str| word.contains(|sign: char| sign.is_ascii_digit());
    Some(match (left.is_empty(), left.iter().any(numbered)) {
        (true, _) => Beyond::Nothing,
        (false, false) => Beyond::Words,
        (false, true) => Beyond::Numbers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_name_tells_versions_apart() {
        assert_eq!(beyond("claude sonnet 5", &["sonnet", "5"]), Some(Beyond::Words));
        assert_eq!(beyond("claude sonnet 5 5", &["sonnet", "5"]), Some(Beyond::Numbers));
        assert_eq!(beyond("claude sonnet 5 5", &["sonnet", "5", "5"]), Some(Beyond::Words));
        assert_eq!(beyond("nova pro", &["nova", "pro"]), Some(Beyond::Nothing));
        assert_eq!(beyond("nova pro", &["nova", "lite"]), None);
    }
}
