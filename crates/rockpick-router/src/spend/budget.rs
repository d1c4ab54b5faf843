//! How much may be spent in which time.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use rockpick_core::money::Usd;
use rockpick_core::vocabulary;

vocabulary! {
    /// A stretch of the calendar, in UTC as AWS bills.
    Period {
        /// From minute 0.
        Hour = "hour",
        /// From midnight.
        Day = "day",
        /// From Monday.
        Week = "week",
        /// From the 1st.
        Month = "month",
        /// From the 1st of January.
        Year = "year",
    }
}

/// The most that may be spent in each stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The amount.
    pub usd: Usd,
    /// In which time.
    pub per: Period,
}

impl Period {
    /// When the stretch began that a moment lies in; both are seconds since 1970.
    #[must_use]
    pub fn began(self, now: i64) -> i64 {
        let Ok(moment) = Timestamp::from_second(now) else { return 0 };
        let moment = moment.to_zoned(TimeZone::UTC).datetime();
        let day = moment.date();
        let first = match self {
            Self::Hour => day.at(moment.hour(), 0, 0, 0),
            Self::Day => midnight(day),
            Self::Week => midnight(
                day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()),
            ),
            Self::Month => midnight(day.first_of_month()),
            Self::Year => midnight(day.first_of_year()),
        };
        first.to_zoned(TimeZone::UTC).map_or(0, |first| first.timestamp().as_second())
    }
}

fn midnight(day: Date) -> DateTime {
    day.at(0, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_begin_where_the_calendar_says() {
        let second = |text: &str| text.parse::<Timestamp>().expect("a time").as_second();
        let now = second("2026-11-21T13:45:10Z");
        for (period, began) in [
            (Period::Hour, "2026-11-21T13:00:00Z"),
            (Period::Day, "2026-11-21T00:00:00Z"),
            (Period::Week, "2026-11-16T00:00:00Z"),
            (Period::Month, "2026-11-01T00:00:00Z"),
            (Period::Year, "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(period.began(now), second(began), "{period}");
            assert_eq!(period.began(second(began)), second(began), "{period}");
        }
    }
}
