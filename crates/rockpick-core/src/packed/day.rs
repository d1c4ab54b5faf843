//! Dates as three small numbers: a date in letters takes far longer to read.

#![allow(
    clippy::trivially_copy_pass_by_ref,
    clippy::ref_option,
    reason = "serde passes what it writes so"
)]

use jiff::civil::Date;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Year, month, day.
type Parts = (i16, i8, i8);

fn parts(date: Date) -> Parts {
    (date.year(), date.month(), date.day())
}

fn date<E: Error>((year, month, day): Parts) -> Result<Date, E> {
    Date::new(year, month, day).map_err(E::custom)
}

/// Writes a date.
pub(crate) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    parts(*date).serialize(serializer)
}

/// Reads a date.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    date(Parts::deserialize(deserializer)?)
}

/// The same for dates that may be missing.
pub(crate) mod maybe {
    use super::{Date, Deserialize, Deserializer, Parts, Serialize, Serializer, date, parts};

    /// Writes a date or its absence.
    pub(crate) fn serialize<S: Serializer>(
        date: &Option<Date>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        date.map(parts).serialize(serializer)
    }

    /// Reads a date or its absence.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        Option::<Parts>::deserialize(deserializer)?.map(date).transpose()
    }
}
