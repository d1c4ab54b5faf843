//! What a mention would mean: its kind, the roles it can play, and what it shows of itself.

use super::context::{EDGE, hash, mix};
use super::meaning::{Claim, RouteWord};
use super::mention::Value;
use super::role::{COLUMNS, Group, Role};
use super::unit::Rate;
use super::vocabulary::Vocabulary;
use crate::money::Usd;
use crate::task::{Latency, Provider};

impl Value<'_> {
    /// Whether two phrases of the lexicon mean the same: "cheap" and "cheap*".
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Preference(one, _), Self::Preference(other, _)) => one == other,
            (Self::Feature(one), Self::Feature(other)) => one == other,
            (Self::Latency(one), Self::Latency(other)) => one == other,
            _ => false,
        }
    }

    /// The kind of the mention, as labels and JSON have it.
    pub(super) fn kind(&self, role: Role) -> &'static str {
        match self {
            Self::Place(_) => "place",
            Self::Money(..) => "money",
            Self::Count(_) if matches!(role, Role::Limit | Role::Batch) => "wait",
            Self::Count(_) => "count",
            Self::Wait(_) | Self::Latency(_) => "wait",
            Self::Preference(..) => "wish",
            Self::Feature(_) => "feature",
            Self::Providers(_) => "provider",
            Self::Route(_) => "route",
            Self::Claim(_) => "claim",
        }
    }

    /// What it would mean, in the terms of flags.
    pub(super) fn shown(&self, vocabulary: &Vocabulary) -> String {
        let number = |value: u128| Usd::from_picos(value).to_decimal();
        match self {
            Self::Place(name) => vocabulary.place(name.place).code.clone(),
            Self::Money(amount, rate) => {
                let per = rate
                    .as_ref()
                    .and_then(Rate::per)
                    .map(|per| format!(" per {per}"))
                    .unwrap_or_default();
                format!(
                    "{} {}{per}",
                    number(amount.value),
                    vocabulary.currency(amount.currency).name
                )
            }
            Self::Count(count) => match count.size {
                Some(size) => format!("{} {}", number(count.quantity.value), size.name),
                None => number(count.quantity.value),
            },
            Self::Wait(millis) => format!("{millis} ms"),
            Self::Latency(latency) => latency.name().to_owned(),
            Self::Preference(preference, _) => preference.name().to_owned(),
            Self::Feature(feature) => feature.name().to_owned(),
            Self::Providers(providers) => {
                let key =
                    |provider: Provider| vocabulary.providers[usize::from(provider.0)].as_str();
                providers.iter().map(key).collect::<Vec<_>>().join(",")
            }
            Self::Route(RouteWord::InRegion) => "in-region".to_owned(),
            Self::Route(RouteWord::NoGlobal) => "no-global".to_owned(),
            Self::Route(RouteWord::Global) => "global".to_owned(),
            Self::Route(RouteWord::Open) => "any".to_owned(),
            Self::Claim(Claim::Law(place)) => vocabulary.place(*place).code.clone(),
            Self::Claim(Claim::Other(topic)) => vocabulary.claims[usize::from(*topic)].clone(),
        }
    }
}

impl Value<'_> {
    pub(super) fn group(&self) -> Group {
        match self {
            Self::Place(_) => Group::Place,
            Self::Money(..) => Group::Money,
            Self::Count(_) | Self::Wait(_) => Group::Number,
            Self::Latency(Latency::Low) | Self::Preference(..) => Group::Wish,
            Self::Latency(Latency::Batch) => Group::Patience,
            Self::Feature(_) => Group::Feature,
            Self::Providers(_) => Group::Provider,
            Self::Route(_) => Group::Route,
            Self::Claim(_) => Group::Claim,
        }
    }

    /// What features of the words around are told apart by beside the group: numbers by what they count, all others by nothing,
    /// for the same words tell them.
    pub(super) fn shares(&self) -> Option<u64> {
        match self {
            Self::Count(count) => {
                let manner = count.size.map_or(0, |size| size.manner as u64 + 1);
                Some(mix(0x100 + manner * 2 + u64::from(count.rate.is_some())))
            }
            Self::Wait(_) => None,
            _ => Some(0),
        }
    }

    /// The roles that it can play.
    pub(super) fn roles(&self) -> [Option<Role>; COLUMNS] {
        let possible = |role: Role| match (self, role) {
            (Self::Wait(_), role) => matches!(role, Role::Limit | Role::Batch | Role::Mention),
            (Self::Count(count), Role::Volume) => count.rate.is_some(),
            (Self::Count(count), Role::Limit) => count.size.is_some(),
            _ => true,
        };
        self.group().roles().map(|role| role.filter(|role| possible(*role)))
    }

    /// What the mention itself shows.
    pub(super) fn each_mark(&self, mut add: impl FnMut(u64, u64)) {
        match self {
            Self::Place(name) => {
                add(0, name.extent as u64);
                add(1, u64::from(name.certain) * 2 + u64::from(name.adjective));
            }
            Self::Money(amount, rate) => {
                add(
                    2,
                    rate.as_ref().map_or(EDGE, |rate| {
                        rate.unit.map_or(0, |unit| hash(unit.name.as_bytes()))
                    }),
                );
                add(3, digits(amount.value));
            }
            Self::Count(count) => {
                add(
                    4,
                    count.rate.as_ref().map_or(EDGE, |rate| {
                        rate.unit.map_or(0, |unit| hash(unit.name.as_bytes()))
                    }),
                );
                let size = count.size.map_or(EDGE, |size| hash(size.name.as_bytes()));
                add(5, size);
                add(6, digits(count.quantity.value));
                add(7, mix(size ^ digits(count.quantity.value)));
                let whole = count.quantity.value / super::number::ONE;
                add(8, u64::from((1900..2100).contains(&whole)));
            }
            Self::Wait(millis) => add(9, (*millis / 1_000 + 1).ilog2().into()),
            Self::Latency(latency) => add(10, *latency as u64),
            Self::Preference(preference, strength) => {
                add(11, *preference as u64);
                add(16, *strength as u64);
            }
            Self::Feature(feature) => add(12, *feature as u64),
            Self::Providers(_) => add(13, 0),
            Self::Route(route) => add(14, *route as u64),
            Self::Claim(claim) => add(15, mix(hash(format!("{claim:?}").as_bytes()))),
        }
    }
}

/// How many digits an amount has before its point.
fn digits(value: u128) -> u64 {
    (value / super::number::ONE).checked_ilog10().map_or(0, |digits| u64::from(digits) + 1)
}
