//! What was spent, added up.

use rusqlite::Connection;
use serde::Serialize;

use super::history::{COUNTS, halves, whole};
use rockpick_core::money::Usd;
use rockpick_core::vocabulary;

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
        /// The project that it was for.
        Project = "project",
        /// Each tag of the request; a call with several counts for each.
        Tag = "tag",
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
    /// Calls whose cost is estimated, because nobody said what was used.
    pub estimated: u64,
}

impl By {
    /// What the file has of it, the order, and what else is read for it.
    fn columns(self) -> (&'static str, &'static str, &'static str) {
        const DEAREST: &str = "5 DESC, 6 DESC, 1";
        match self {
            Self::Day => ("date(at, 'unixepoch')", "1", ""),
            Self::Model => ("COALESCE(model, invoke_id)", DEAREST, ""),
            Self::Region => ("region", DEAREST, ""),
            Self::Outcome => ("COALESCE(outcome, 'open')", DEAREST, ""),
            Self::Project => ("COALESCE(project, 'none')", DEAREST, ""),
            Self::Tag => (
                "COALESCE(tag.key || '=' || tag.value, 'none')",
                DEAREST,
                "LEFT JOIN json_each(COALESCE(call.tags, '{}')) AS tag",
            ),
        }
    }
}

pub(super) fn read(file: &Connection, by: By, since: Option<i64>) -> rusqlite::Result<Vec<Total>> {
    let (name, order, join) = by.columns();
    let open = "CASE WHEN outcome IS NULL THEN COALESCE(reserved, 0) ELSE 0 END";
    let mut rows = file.prepare(&format!(
        "SELECT {name}, COUNT(*), TOTAL(input_tokens), TOTAL(output_tokens), {}, {},
            SUM(CASE WHEN outcome IS NULL THEN reserved IS NULL ELSE cost IS NULL END), SUM(estimated)
         FROM call {join} WHERE at >= ?1 GROUP BY 1 ORDER BY {order}",
        halves(COUNTS),
        halves(open)
    ))?;
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    let totals = rows.query_map([since.unwrap_or(0)], |row| {
        Ok(Total {
            name: row.get(0)?,
            calls: count(row.get(1)?),
            input_tokens: row.get::<_, f64>(2)? as u64,
            output_tokens: row.get::<_, f64>(3)? as u64,
            cost: whole(row.get(4)?, row.get(5)?),
            open: whole(row.get(6)?, row.get(7)?),
            unpriced: count(row.get(8)?),
            estimated: count(row.get(9)?),
        })
    })?;
    totals.collect()
}
