//! The flags of `rockpick scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::output::scan::ScanForm;

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct ScanArgs {
    /// Files and folders; `-` reads a file from stdin.
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The path of the file on stdin: it tells what kind of file it is.
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,
    /// Form of the report; `-o FORM` and `--output FORM` mean the same.
    #[arg(long = "report", value_name = "FORM")]
    pub report: Option<ScanForm>,
    /// The day on which everything holds, such as 2026-11-30; today by default.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Ends of life within so many days are soon [default: 90].
    #[arg(long, value_name = "DAYS")]
    pub soon: Option<u16>,
    /// The Region of calls where a file states none.
    #[arg(short, long, value_name = "REGION")]
    pub region: Option<String>,
    /// Where data must stay, such as eu: turns on `leaves-residency`.
    #[arg(long, value_name = "PLACE")]
    pub residency: Option<String>,
    /// Only this rule (repeatable).
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
    /// Not this rule (repeatable).
    #[arg(long, value_name = "RULE")]
    pub no_rule: Vec<String>,
    /// The least level that makes the exit code 1: error, warning or note [default: warning].
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<String>,
    /// Exit with 0 whatever is found.
    #[arg(long)]
    pub exit_zero: bool,
    /// Mend IDs in place: safe = the same model in the right form; all = successors as well.
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "safe")]
    pub fix: Option<Which>,
    /// Show what `--fix` would change, and change nothing.
    #[arg(long)]
    pub diff: bool,
    /// Findings in this file do not count.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings into the baseline.
    #[arg(long)]
    pub write_baseline: bool,
    /// Remarks such as `rockpick: ignore` count for nothing.
    #[arg(long)]
    pub no_ignore: bool,
    /// Larger files are skipped [default: 2MiB].
    #[arg(long, value_name = "SIZE")]
    pub max_file_size: Option<String>,
    /// Only files that differ from a commit, and new ones [default: HEAD].
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    pub changed: Option<String>,
    /// IDs with nothing wrong as well.
    #[arg(long)]
    pub list: bool,
}

/// Which fixes are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Which {
    /// The same model in the right form.
    Safe,
    /// Successors as well.
    All,
}
