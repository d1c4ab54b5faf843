//! From mentions with their roles to constraints. What is in doubt is not used: a constraint that nobody meant would hide the
//! right answer.

use std::ops::Range;

use super::meaning::{Claim, Roles, RouteWord};
use super::mention::{Mention, Value};
use super::reader::Reader;
use super::role::Role;
use super::{budget, place, size};
use crate::task::{Feature, Latency, Preference, Provider, Wait};

/// A mention with the role it plays.
pub(super) struct Judged<'m, 's> {
    pub mention: &'m Mention<'s>,
    pub role: Role,
    /// How likely it plays the role.
    pub probability: f32,
    /// Whether it continues the list that the mention before it is in.
    pub joined: bool,
}

/// A wish for the model, with its words and how likely it is one.
type Wish = (Preference, Range<usize>, f32);

/// Of two wishes that exclude each other one counts where it is so much likelier.
const SURER: f32 = 0.15;

/// Sets every constraint that the mentions state.
pub(super) fn apply(reader: &mut Reader<'_, '_, '_>, judged: &[Judged<'_, '_>]) {
    let mut preferences: Vec<Wish> = Vec::new();
    place::apply(reader, judged);
    let mut last_size = None;
    for (index, Judged { mention, role, probability, .. }) in judged.iter().enumerate() {
        let words = mention.words.clone();
        match (&mention.value, role) {
            (Value::Money(amount, rate), Role::Limit)
                if !is_lower_end(reader, mention, judged.get(index + 1)) =>
            {
                budget::apply(reader, amount, rate.as_ref());
            }
            (Value::Count(count), role) => {
                size::apply(reader, count, *role, last_size, words);
                last_size = count.size.or(last_size);
            }
            (Value::Wait(millis), Role::Limit) => wait(reader, *millis, words),
            (Value::Wait(_) | Value::Latency(Latency::Batch), Role::Batch) => {
                set_latency(reader, Latency::Batch, words);
            }
            (Value::Latency(Latency::Low), Role::Want) => set_latency(reader, Latency::Low, words),
            (Value::Preference(preference, _), Role::Want) => {
                preferences.push((*preference, words, *probability));
            }
            (Value::Feature(feature), Role::Need) => set_feature(reader, *feature, words),
            (Value::Providers(providers), Role::Want | Role::Barred) => {
                for provider in providers.iter() {
                    set_provider(reader, provider, *role == Role::Want, words.clone());
                }
            }
            _ => {}
        }
    }
    for judged in judged {
        let words = judged.mention.words.clone();
        match (&judged.mention.value, judged.role) {
            (Value::Route(route), Role::Closed) => close(reader, *route, words),
            (Value::Route(RouteWord::Global), Role::Open) => open(reader, words),
            _ => {}
        }
    }
    prefer(reader, &preferences);
    settle_providers(reader);
    place::conflict(reader);
}

/// "$100 to $200": of a range the upper end counts.
fn is_lower_end(
    reader: &Reader<'_, '_, '_>,
    mention: &Mention<'_>,
    next: Option<&Judged<'_, '_>>,
) -> bool {
    let Some(next) = next.filter(|next| matches!(next.mention.value, Value::Money(..))) else {
        return false;
    };
    let (end, first) = (mention.words.end, next.mention.words.start);
    match first.checked_sub(end) {
        Some(0) => reader.scan.gap(first).contains(['-', '–']),
        Some(1) => reader.scan.role_at(end, Roles::INTO.or(Roles::OR)).is_some(),
        _ => false,
    }
}

/// "In-region only", "no global endpoint": data stays in the Region that is called, or off the global route.
fn close(reader: &mut Reader<'_, '_, '_>, route: RouteWord, words: Range<usize>) {
    if route == RouteWord::InRegion {
        reader.reading.constraints.in_region = true;
        return reader.said("in_region", "true", words);
    }
    if reader.reading.constraints.global.is_none() {
        reader.reading.constraints.global = Some(false);
        reader.said("global", "false", words);
    }
}

/// "Global is fine": the global route competes, unless something else in the words closes it.
fn open(reader: &mut Reader<'_, '_, '_>, words: Range<usize>) {
    let constraints = &mut reader.reading.constraints;
    if constraints.global.is_none() && !constraints.in_region && constraints.residency.is_none() {
        constraints.global = Some(true);
        reader.said("global", "true", words);
    }
}

/// "Under 300 ms", "first token < 1.5 s": a limit, and where it is short a wish for speed as well.
fn wait(reader: &mut Reader<'_, '_, '_>, millis: u64, words: Range<usize>) {
    let first_token =
        reader.scan.hits.iter().any(|hit| hit.meaning.roles().meet(Roles::FIRST_TOKEN));
    if reader.reading.constraints.max_wait.is_none() {
        reader.reading.constraints.max_wait = Some(Wait { millis, first_token });
        reader.said("max_wait", format!("{millis} ms"), words.clone());
    }
    if millis <= reader.scan.limits().longest_wait.saturating_mul(1_000) {
        set_latency(reader, Latency::Low, words);
    }
}

pub(super) fn set_latency(reader: &mut Reader<'_, '_, '_>, latency: Latency, words: Range<usize>) {
    match reader.reading.constraints.latency {
        Some(known) if known != latency => {
            reader
                .note(format!("both latency {known} and {latency} are asked for; {known} counts"));
        }
        Some(_) => {}
        None => {
            reader.reading.constraints.latency = Some(latency);
            reader.said("latency", latency.name(), words);
        }
    }
}

fn set_feature(reader: &mut Reader<'_, '_, '_>, feature: Feature, words: Range<usize>) {
    let features = &mut reader.reading.constraints.features;
    if !features.contains(feature) {
        features.insert(feature);
        reader.said("features", feature.name(), words);
    }
}

fn set_provider(
    reader: &mut Reader<'_, '_, '_>,
    provider: Provider,
    wanted: bool,
    words: Range<usize>,
) {
    let constraints = &mut reader.reading.constraints;
    let (set, field) = if wanted {
        (&mut constraints.providers, "providers")
    } else {
        (&mut constraints.exclude, "exclude")
    };
    if !set.contains(provider) {
        set.insert(provider);
        let key = reader.scan.vocabulary.providers[usize::from(provider.0)].clone();
        reader.said(field, key, words);
    }
}

fn settle_providers(reader: &mut Reader<'_, '_, '_>) {
    let both = reader.reading.constraints.providers.and(reader.reading.constraints.exclude);
    for provider in both.iter() {
        let name = reader.scan.vocabulary.providers[usize::from(provider.0)].clone();
        reader.note(format!("{name} is both wanted and barred; it is barred"));
    }
    reader.reading.constraints.providers = reader.reading.constraints.providers.without(both);
}

/// One preference from all that were said; of price and quality the one that is clearly surer. What is only said by words of
/// latency gives way.
fn prefer(reader: &mut Reader<'_, '_, '_>, said: &[Wish]) {
    let find = |wanted: Preference| {
        let own = said.iter().filter(|(preference, ..)| *preference == wanted);
        own.reduce(|best, other| if other.2 > best.2 { other } else { best })
    };
    let (cost, quality) = (find(Preference::Cost), find(Preference::Quality));
    let chosen = match (find(Preference::Balanced), cost, quality) {
        (Some(balanced), ..) => Some(balanced),
        (None, Some(cost), Some(quality)) if (cost.2 - quality.2).abs() >= SURER => {
            Some(if cost.2 > quality.2 { cost } else { quality })
        }
        (None, Some(cost), Some(quality)) => {
            let said = |words: &Range<usize>| reader.scan.text.original(words.clone());
            let (cost, quality) = (said(&cost.1), said(&quality.1));
            let note = format!(
                "\"{cost}\" and \"{quality}\" pull in opposite directions; neither is preferred"
            );
            return reader.note(note);
        }
        (None, cost, quality) => cost.or(quality).or_else(|| find(Preference::Speed)),
    };
    // "Fast and cheap": the price is preferred, and the answers still have to be quick.
    if chosen.is_some_and(|(preference, ..)| *preference == Preference::Cost)
        && reader.reading.constraints.latency.is_none()
        && let Some((_, words, _)) = find(Preference::Speed)
    {
        set_latency(reader, Latency::Low, words.clone());
    }
    if let Some((preference, words, _)) = chosen {
        reader.reading.preference = Some(*preference);
        reader.said("preference", preference.name(), words.clone());
    }
}

/// The place that a law speaks of: "GDPR applies" where no place is named to stay in.
pub(super) fn law(judged: &Judged<'_, '_>) -> Option<u16> {
    match (&judged.mention.value, judged.role) {
        (Value::Claim(Claim::Law(place)), Role::Need) => Some(*place),
        _ => None,
    }
}
