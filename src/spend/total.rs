//! What was spent, added up.

use rusqlite::Connection;
use serde::Serialize;

use super::history::{COUNTS, loaded};
use crate::money::Usd;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What calls are added up by.
    By {
        /// The day, in UTC.
        Day = "day",
        /// The model; the id that was called where the model is not known.
        Model = "model",
        /// The Region that it was called from.
        Region = "region",
        /// How it ended.
        Outcome = "outcome",
    }
}

/// Calls that have something in common, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// What they have in common.
    pub name: String,
    /// How many there were, failed ones too.
    pub calls: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// What they cost, with what is still set aside.
    #[serde(rename = "cost_usd")]
    pub cost: Usd,
    /// The part of it that is set aside for calls that have not ended, or whose process was killed.
    #[serde(rename = "open_usd")]
    pub open: Usd,
    /// Calls whose price is not known; their cost is not in the sum.
    pub unpriced: u64,
}

impl By {
    /// What the file has of it, and the order.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Day => ("date(at, 'unixepoch')", "1"),
            Self::Model => ("COALESCE(model, invoke_id)", "5 DESC, 1"),
            Self::Region => ("region", "5 DESC, 1"),
            Self::Outcome => ("COALESCE(outcome, 'open')", "5 DESC, 1"),
        }
    }
}

pub(super) fn read(file: &Connection, by: By, since: Option<i64>) -> rusqlite::Result<Vec<Total>> {
    let (name, order) = by.columns();
    let mut rows = file.prepare(&format!(
        "SELECT {name}, COUNT(*), SUM(input_tokens), SUM(output_tokens), SUM({COUNTS}),
            SUM(CASE WHEN outcome IS NULL THEN COALESCE(reserved, 0) ELSE 0 END),
            SUM(CASE WHEN outcome IS NULL THEN reserved IS NULL ELSE cost IS NULL END)
         FROM call WHERE at >= ?1 GROUP BY 1 ORDER BY {order}"
    ))?;
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    let totals = rows.query_map([since.unwrap_or(0)], |row| {
        Ok(Total {
            name: row.get(0)?,
            calls: count(row.get(1)?),
            input_tokens: count(row.get(2)?),
            output_tokens: count(row.get(3)?),
            cost: loaded(row.get(4)?),
            open: loaded(row.get(5)?),
            unpriced: count(row.get(6)?),
        })
    })?;
    totals.collect()
}
