//! Models and families that a need asks for: "best Claude for coding", "the ID of Sonnet 5", "Nova or Llama".

use std::ops::Range;

use super::sentence::Sentence;
use super::{LIKELY, Meaning, Part};
use crate::catalog::{Catalog, Members};
use crate::task::Provider;
use crate::words::{Reading, Role};

/// How many words may stand between what asks for a name and the name.
const FILLERS: usize = 3;
/// How many words may stand between "not" and a name.
const NEGATION_REACH: usize = 3;
/// No version is longer, in bytes.
const LONGEST_VERSION: usize = 4;
/// The most words behind a family's name that belong to the name.
const LONGEST_REST: usize = 8;

/// So many words make a short text; in longer ones a role counts from this probability.
const SHORT: usize = 15;
const UNSURE: f32 = 0.4;

/// What is said of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Wanted,
    Barred,
    Mentioned,
    /// "It doesn't have to be Mistral": neither wanted nor barred.
    NotNeeded,
}

/// A name in the text.
struct Name {
    members: Members,
    words: Range<usize>,
    weak: bool,
    certain: bool,
    narrows: bool,
    /// How many of its words are the family's own.
    own: usize,
    /// Whether a version follows that no model of the family has.
    unknown: bool,
}

/// What is wished for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// The models.
    pub members: Members,
    /// The names, in bytes.
    pub spans: Vec<Range<usize>>,
    /// What is named in passing: an old model that is to be replaced.
    pub mentioned: Members,
    /// The names of those, in bytes.
    pub passing: Vec<Range<usize>>,
}

/// Reads the models that are wished for; what was read of their providers gives way to them. `located`: whether a Region is spoken of.
pub(super) fn read(
    sentence: &Sentence<'_, '_>,
    catalog: &Catalog,
    located: bool,
    read: &mut Reading,
) -> Wanted {
    let names = names(sentence, catalog);
    let mut wishes: Vec<Option<Wish>> =
        names.iter().map(|name| wish(sentence, name, located, read)).collect();
    join(sentence, &names, &mut wishes);
    // An ordinary word that is neither asked for nor joined to what is says nothing of its maker.
    for (name, wish) in names.iter().zip(&mut wishes).filter(|(name, _)| name.weak) {
        let told = read.found.iter().any(|said| {
            said.field == "providers"
                && overlaps(&said.span, &sentence.text.span(name.words.clone()))
        });
        *wish = wish.or(told.then_some(Wish::Mentioned));
    }
    let mut wanted = Wanted::default();
    let mut narrowing: Option<Members> = None;
    for (name, wish) in names.iter().zip(&wishes) {
        let span = sentence.text.span(name.words.clone());
        // An old name is told of, whatever is said of it.
        let is_old = name.members.models.is_empty() && !name.weak;
        match wish.or(is_old.then_some(Wish::Mentioned)) {
            Some(Wish::Wanted) => {
                forget(catalog, read, &span, "providers");
                let told = sentence.text.span(told(sentence, name));
                read.found.push(said(catalog, name, told.clone(), "models"));
                if name.unknown {
                    let written = sentence.text.original(name.words.clone());
                    read.notes.push(format!("no source knows \"{written}\" on Bedrock: the models of its family are meant"));
                }
                wanted.spans.push(told);
                if name.narrows {
                    narrowing = Some(name.members.clone());
                } else {
                    wanted.members.extend(&name.members);
                }
            }
            Some(Wish::Mentioned) => {
                forget(catalog, read, &span, "providers");
                wanted.mentioned.extend(&name.members);
                wanted.passing.push(span);
            }
            Some(Wish::NotNeeded) => {
                forget(catalog, read, &span, "providers");
                forget(catalog, read, &span, "exclude");
            }
            Some(Wish::Barred) | None => {}
        }
    }
    for (name, _) in names.iter().zip(&wishes).filter(|(_, wish)| **wish == Some(Wish::Barred)) {
        wanted.members.models.retain(|model| !name.members.models.contains(model));
    }
    // A name that stands for living models as well as for retired ones means the living.
    if !wanted.members.models.is_empty() {
        wanted.members.retired.clear();
    }
    if let Some(property) = narrowing {
        wanted.members =
            if wanted.members.is_empty() { property } else { wanted.members.and(&property) };
        wanted.members.retired.clear();
    }
    wanted
}

/// The words of a name that tell nothing of the task: "open source" of "open source embeddings".
fn told(sentence: &Sentence<'_, '_>, name: &Name) -> Range<usize> {
    let opens_with_models = sentence.at(name.words.start, Part::Models).is_some();
    let has_task = name.narrows && name.words.len() > 2 && !opens_with_models;
    name.words.start..name.words.end - usize::from(has_task)
}

/// The names of a text, each with what follows that belongs to it; the longest where they overlap.
fn names(sentence: &Sentence<'_, '_>, catalog: &Catalog) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for hit in &sentence.hits {
        let (family, weak, certain) = match hit.meaning {
            Meaning::Family(family) => (family, false, false),
            Meaning::WeakFamily(family) => (family, true, false),
            Meaning::CertainFamily(family) => (family, false, true),
            _ => continue,
        };
        let Some(family) = catalog.families().get(usize::from(family)) else { continue };
        let said: Vec<&str> = (hit.first..hit.end).map(|index| sentence.text.word(index)).collect();
        let behind = (hit.end..sentence.text.len())
            .take(LONGEST_REST)
            .take_while(|index| is_of_one_name(sentence.gap(*index)));
        let behind = behind.map(|index| sentence.text.word(index));
        let (members, used) = if certain {
            (family.members.clone(), 0)
        } else {
            catalog.narrowed(&said.join(" "), &family.members, behind)
        };
        let unknown = used == 0 && !certain && is_version(sentence, hit.end);
        let end = hit.end + used.max(usize::from(unknown));
        // What has the version of a model beside it is a name, however ordinary the word.
        let weak = weak && used == 0;
        let name = Name {
            members,
            words: hit.first..end,
            weak,
            certain,
            narrows: family.narrows,
            own: hit.end - hit.first,
            unknown,
        };
        add(sentence, &mut names, name);
    }
    names
}

/// Adds a name to those before it: as part of the last one, instead of it, or as the next.
fn add(sentence: &Sentence<'_, '_>, names: &mut Vec<Name>, name: Name) {
    let Some(last) = names.last_mut() else { return names.push(name) };
    if name.words.start >= last.words.end {
        let both = last.members.and(&name.members);
        // "Amazon Nova Pro", "Anthropic's Claude": one name behind the other.
        let near =
            name.words.start == last.words.end && is_of_one_name(sentence.gap(name.words.start));
        if near && !both.is_empty() && !last.certain {
            *last = Name { members: both, words: last.words.start..name.words.end, ..name };
            last.weak = false;
        } else {
            names.push(name);
        }
        return;
    }
    // Overlapping: what reaches further says more; of two that reach as far, what both say.
    let both = last.members.and(&name.members);
    if last.words == name.words {
        // "Titan Text" is a family of its own, more than what follows "Titan".
        if name.own > last.own {
            *last = name;
        }
    } else if name.words.start == last.words.start && name.words.end > last.words.end {
        *last = name;
    } else if !both.is_empty() && name.words.end >= last.words.end {
        last.members = both;
        last.words.end = name.words.end;
        last.weak &= name.weak;
    }
}

/// Whether a version stands at the word: "4o" of "GPT-4o".
fn is_version(sentence: &Sentence<'_, '_>, index: usize) -> bool {
    let word = sentence.text.word(index);
    let numbered = word.trim_start_matches('v').starts_with(|sign: char| sign.is_ascii_digit());
    numbered && word.len() <= LONGEST_VERSION && matches!(sentence.gap(index), " " | "-" | "")
}

/// Whether the signs between two words leave them one name: "gpt-oss-120b", "Sonnet 5.5", "Mistral Large (24.02)".
fn is_of_one_name(gap: &str) -> bool {
    matches!(gap, "" | " " | "-" | "." | ":" | "_" | " (")
}

fn wish(sentence: &Sentence<'_, '_>, name: &Name, located: bool, read: &Reading) -> Option<Wish> {
    let (first, end) = (name.words.start, name.words.end);
    let span = sentence.text.span(name.words.clone());
    // In a long text a name is more often a part of the story than what is asked for.
    let likely = if sentence.text.len() > SHORT { UNSURE } else { LIKELY };
    match role(read, &span, likely) {
        Some(Role::NeedNot) => return Some(Wish::NotNeeded),
        Some(Role::Left | Role::Rival | Role::Mention) => return Some(Wish::Mentioned),
        Some(Role::Barred) => return Some(Wish::Barred),
        _ => {}
    }
    if name.certain {
        return Some(Wish::Wanted);
    }
    if sentence.negated(first, NEGATION_REACH) {
        return Some(Wish::Barred);
    }
    let told = |field: &str| {
        read.found.iter().any(|said| said.field == field && overlaps(&said.span, &span))
    };
    if told("exclude") {
        return Some(Wish::Barred);
    }
    let is_free = sentence.parted(end)
        || [Part::After, Part::Models].iter().any(|part| sentence.at(end, *part).is_some());
    let with_models =
        sentence.at(end, Part::Models).is_some() || sentence.before(first, Part::Models).is_some();
    let asked = asked_before(sentence, first) || is_praised(sentence, end, read);
    let whole = name.words == (0..sentence.text.len());
    let opens = (!name.weak || whole) && sentence.parted(first);
    // Where a weak name is one, models or a Region are spoken of, or nothing else.
    let opens_a_list = located && sentence.parted(first);
    let sound = !name.weak || whole || with_models || (located && (asked || opens_a_list));
    if !sound {
        return None;
    }
    (told("providers") || (is_free && (asked || opens || opens_a_list || with_models)))
        .then_some(Wish::Wanted)
}

/// The role that was read of the name's maker, where it is likely.
fn role(read: &Reading, span: &Range<usize>, likely: f32) -> Option<Role> {
    let own = read
        .mentions
        .iter()
        .filter(|mention| mention.kind == "provider" && overlaps(&mention.span, span));
    let surest = own.max_by(|one, other| one.confidence.total_cmp(&other.confidence))?;
    (surest.confidence >= likely).then_some(surest.role)
}

/// "El Claude más barato": what asks for a name stands behind it.
fn is_praised(sentence: &Sentence<'_, '_>, end: usize, read: &Reading) -> bool {
    let start = sentence.text.span(end..end + 1).start;
    let preferred =
        read.found.iter().any(|said| said.field == "preference" && said.span.start == start);
    !sentence.parted(end) && (preferred || sentence.at(end, Part::Newest).is_some())
}

/// Whether what asks for a name stands before the word, over fillers.
fn asked_before(sentence: &Sentence<'_, '_>, first: usize) -> bool {
    let mut at = first;
    for _ in 0..=FILLERS {
        if sentence.before(at, Part::Before).is_some() {
            return true;
        }
        let Some(filler) = sentence.before(at, Part::Filler) else { break };
        at = filler;
    }
    false
}

/// What is said of one name goes for those joined to it: "Sonnet or Haiku", "Nova, Llama or Mistral".
fn join(sentence: &Sentence<'_, '_>, names: &[Name], wishes: &mut [Option<Wish>]) {
    let joined = |index: usize| {
        let (end, first) = (names[index - 1].words.end, names[index].words.start);
        let behind = sentence.at(end, Part::Joint).unwrap_or(end);
        // "Open-weights Mistral": what a phrase that is a wish stands before is wished for.
        let led = end == first && names[index - 1].certain && !sentence.parted(first);
        led || (end == first && sentence.gap(first).contains([',', '/']))
            || (behind > end && behind == first)
    };
    for index in 1..names.len() {
        if wishes[index].is_none() && joined(index) {
            wishes[index] = wishes[index - 1];
        }
    }
    for index in (1..names.len()).rev() {
        if wishes[index - 1].is_none() && joined(index) && wishes[index] == Some(Wish::Wanted) {
            wishes[index - 1] = Some(Wish::Wanted);
        }
    }
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

fn said(
    catalog: &Catalog,
    name: &Name,
    span: Range<usize>,
    field: &'static str,
) -> crate::words::Said {
    let ids = name.members.models.iter().map(|model| catalog.model(*model).id.as_str());
    let gone =
        name.members.retired.iter().filter_map(|gone| catalog.retired().get(usize::from(*gone)));
    let ids: Vec<&str> = ids
        .chain(
            gone.map(|retired| retired.id.as_str()).take_while(|_| name.members.models.is_empty()),
        )
        .collect();
    let value = match ids.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("{} models", many.len()),
    };
    crate::words::Said { field, value, span }
}

/// Takes back what was read of a provider from words that are a model's name.
fn forget(catalog: &Catalog, read: &mut Reading, span: &Range<usize>, field: &str) {
    let told = read.found.iter().filter(|said| said.field == field && overlaps(&said.span, span));
    let keys: Vec<String> = told.map(|said| said.value.clone()).collect();
    for key in keys {
        let provider: Option<Provider> = catalog.provider_named(&key);
        read.constraints.providers =
            read.constraints.providers.without(provider.into_iter().collect());
    }
    read.found.retain(|said| said.field != field || !overlaps(&said.span, span));
}
