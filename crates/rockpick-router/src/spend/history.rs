//! The file in which calls are written down.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

use super::{Budget, By, Total, file};
use crate::{Expense, Ledger, LedgerError, Reservation, Reserved, Spent};
use rockpick_core::money::Usd;

/// The shape of the file; raised when it changes.
const VERSION: i64 = 2;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(10);
/// A call that began longer ago than this, in seconds, and has not ended, was killed: its money does not come back.
const LONGEST_CALL: i64 = 600;

/// Amounts are picodollars, times are seconds since 1970. `outcome` is missing while a call is under way, or when its process was
/// killed; `reserved` counts then. The index holds all that a budget asks for.
const SCHEMA: &str = "
    CREATE TABLE call (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        region TEXT NOT NULL,
        invoke_id TEXT NOT NULL,
        model TEXT,
        reserved INTEGER,
        cost INTEGER,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        outcome TEXT
    ) STRICT;
    CREATE INDEX call_at ON call (at, outcome, reserved, cost);
";
/// What came with version 2: the project and the tags of a call, as JSON, and whether its cost is estimated.
const SECOND: &str = "
    ALTER TABLE call ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE call ADD COLUMN project TEXT;
    ALTER TABLE call ADD COLUMN tags TEXT;
";
/// What a row counts for.
pub(super) const COUNTS: &str =
    "COALESCE(CASE WHEN outcome IS NULL THEN reserved ELSE cost END, 0)";
/// Sums are taken in two halves, which no number of rows makes too large for the database.
pub(super) const HALF: i64 = 1_000_000;

/// A sum in two halves.
pub(super) fn halves(amount: &str) -> String {
    format!("SUM(({amount}) / {HALF}), SUM(({amount}) % {HALF})")
}

/// The amount of two halves.
pub(super) fn whole(high: Option<i64>, low: Option<i64>) -> Usd {
    let part = |half: Option<i64>| u128::try_from(half.unwrap_or(0)).unwrap_or(0);
    Usd::from_picos(part(high).saturating_mul(HALF as u128).saturating_add(part(low)))
}

/// The calls of a user, in a file that several processes share.
#[derive(Debug)]
pub struct History {
    path: PathBuf,
    file: Mutex<Connection>,
    budgets: Vec<Budget>,
    clock: fn() -> i64,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Its folder cannot be made.
    #[error("the folder of {} cannot be made: {cause}", path.display())]
    Folder {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It is not a history.
    #[error("{} is not a history of spend: {why}; nothing was written to it", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is.
        why: String,
    },
    /// It is damaged, or cannot be written.
    #[error("{} cannot be used as a history of spend: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the database says.
        cause: rusqlite::Error,
    },
    /// A newer program wrote it.
    #[error("{} was written by a newer rockpick (version {found} of the file; this one knows {VERSION})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: i64,
    },
}

impl History {
    /// Whether a path can be a history's, without beginning one.
    ///
    /// # Errors
    /// When what is there is none, or the path cannot be a file's.
    pub fn check(path: &Path) -> Result<(), HistoryError> {
        file::check(path).map(drop)
    }

    /// Opens a history, or begins one; its folder is made as well. `clock` tells the seconds since 1970.
    ///
    /// # Errors
    /// When the file cannot be made, is none of this kind, or is newer than this program.
    pub fn open(path: &Path, clock: fn() -> i64) -> Result<Self, HistoryError> {
        file::prepare(path)?;
        let file = |cause| HistoryError::File { path: path.to_owned(), cause };
        // Without SQLite's own names of databases: a path is a file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(file)?;
        let found = prepare(&mut connection).map_err(file)?;
        if found > VERSION {
            return Err(HistoryError::Newer { path: path.to_owned(), found });
        }
        Ok(Self { path: path.to_owned(), file: Mutex::new(connection), budgets: Vec::new(), clock })
    }

    /// The same, within budgets: all of them hold.
    #[must_use]
    pub fn within(self, budgets: Vec<Budget>) -> Self {
        Self { budgets, ..self }
    }

    /// What was spent since a time, by what people want to see it, the dearest first; days in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn totals(&self, by: By, since: Option<i64>) -> Result<Vec<Total>, HistoryError> {
        super::total::read(&self.file(), by, since).map_err(|cause| self.error(cause))
    }

    /// What is left of each budget.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn left(&self) -> Result<Vec<(Budget, Usd)>, HistoryError> {
        let mut file = self.file();
        let transaction = file.transaction().map_err(|cause| self.error(cause))?;
        let now = (self.clock)();
        let left = |budget: &Budget| left(&transaction, *budget, now).map(|left| (*budget, left));
        self.budgets.iter().map(left).collect::<Result<_, _>>().map_err(|cause| self.error(cause))
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, cause: rusqlite::Error) -> HistoryError {
        HistoryError::File { path: self.path.clone(), cause }
    }

    fn set_aside(&self, expense: &Expense<'_>) -> rusqlite::Result<Reservation> {
        let mut file = self.file();
        // Immediate: nobody else may look at the budget until this is written.
        let transaction = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = (self.clock)();
        let mut amount = expense.most;
        for budget in &self.budgets {
            // What has no known price cannot be held within a budget.
            let Some((least, most)) = expense.least.zip(amount) else {
                return Ok(Reservation::Refused);
            };
            let left = left(&transaction, *budget, now)?;
            if least > left || left == Usd::ZERO {
                let later = least <= left + returning(&transaction, now)?;
                return Ok(if later { Reservation::Later } else { Reservation::Refused });
            }
            amount = Some(most.min(left));
        }
        transaction.execute(
            "INSERT INTO call (at, region, invoke_id, model, reserved, project, tags) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                now,
                expense.target.region,
                expense.target.invoke_id,
                expense.model,
                amount.map(stored),
                expense.project,
                tags(expense)
            ],
        )?;
        let ticket = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(Reservation::Made(Reserved { ticket, amount }))
    }
}

impl Ledger for History {
    fn reserve(&self, expense: &Expense<'_>) -> Result<Reservation, LedgerError> {
        self.set_aside(expense).map_err(|cause| LedgerError(self.error(cause).to_string()))
    }

    fn settle(&self, reserved: Reserved, spent: &Spent<'_>) -> Result<(), LedgerError> {
        let tokens = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let values = params![
            reserved.ticket,
            spent.cost.map(stored),
            tokens(spent.usage.sent()),
            tokens(spent.usage.output_tokens),
            spent.outcome,
            spent.estimated
        ];
        let written = self.file().execute(
            "UPDATE call SET cost = ?2, input_tokens = ?3, output_tokens = ?4, outcome = ?5, estimated = ?6 WHERE id = ?1",
            values,
        );
        written.map(|_| ()).map_err(|cause| LedgerError(self.error(cause).to_string()))
    }
}

/// Makes the tables of a new file; gives the version of the file.
fn prepare(connection: &mut Connection) -> rusqlite::Result<i64> {
    connection.busy_timeout(PATIENCE)?;
    let version = |connection: &Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
    };
    // A log that readers and one writer share. What is committed outlives the process; only a power cut may lose the last calls.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    if version(connection)? >= VERSION {
        return version(connection);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let found = version(&transaction)?;
    if found == 0 {
        transaction.execute_batch(SCHEMA)?;
    }
    if found < VERSION {
        transaction.execute_batch(SECOND)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.pragma_update(None, "application_id", file::APPLICATION)?;
    }
    transaction.commit()?;
    version(connection)
}

/// What is left of a budget.
fn left(transaction: &Transaction<'_>, budget: Budget, now: i64) -> rusqlite::Result<Usd> {
    let spent = sum(
        transaction,
        &format!("SELECT {} FROM call WHERE at >= ?1", halves(COUNTS)),
        budget.per.began(now),
    )?;
    Ok(Usd::from_picos(budget.usd.picos().saturating_sub(spent.picos())))
}

/// What is set aside for calls that may yet end.
fn returning(transaction: &Transaction<'_>, now: i64) -> rusqlite::Result<Usd> {
    let query =
        format!("SELECT {} FROM call WHERE at >= ?1 AND outcome IS NULL", halves("reserved"));
    sum(transaction, &query, now - LONGEST_CALL)
}

fn sum(transaction: &Transaction<'_>, query: &str, since: i64) -> rusqlite::Result<Usd> {
    transaction.query_row(query, [since], |row| Ok(whole(row.get(0)?, row.get(1)?)))
}

/// An amount as the file holds it; nine million dollars are the most.
fn stored(amount: Usd) -> i64 {
    i64::try_from(amount.picos()).unwrap_or(i64::MAX)
}

/// The tags of a call as JSON; none is nothing.
fn tags(expense: &Expense<'_>) -> Option<String> {
    if expense.tags.is_empty() { None } else { serde_json::to_string(expense.tags).ok() }
}
