//! Reports of a scan: for people, for programs, and for what shows findings beside code.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod text;

use std::io::Write;

use clap::ValueEnum;
use jiff::civil::Date;
use rockpick_scan::{FileScan, Finding, Level, Sound, Unused};

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScanForm {
    /// For people.
    Text,
    /// The whole report: `rockpick.scan.v1`.
    Json,
    /// One finding a line, as JSON.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions, and the summary of the step.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// Test cases, for whatever shows those.
    Junit,
    /// A table, for comments on a pull request.
    Markdown,
    /// Comma-separated values with a header.
    Csv,
}

/// A file and what is found in it.
#[derive(Clone, Debug, Default)]
pub struct Scanned {
    /// Its path as it is reported.
    pub path: String,
    /// What is found.
    pub scan: FileScan,
    /// Why it was not read.
    pub skipped: Option<String>,
}

impl Scanned {
    /// A file that was not read.
    #[must_use]
    pub fn skipped(path: String, why: String) -> Self {
        Self { path, scan: FileScan::default(), skipped: Some(why) }
    }
}

/// All that a scan found.
pub struct Report {
    /// The day on which it holds.
    pub as_of: Date,
    /// The date of the facts.
    pub catalog_as_of: Date,
    /// The files, sorted by path.
    pub files: Vec<Scanned>,
}

impl Report {
    /// The report of some files.
    #[must_use]
    pub fn of(as_of: Date, catalog_as_of: Date, files: Vec<Scanned>) -> Self {
        Self { as_of, catalog_as_of, files }
    }

    /// How many files were read.
    #[must_use]
    pub fn read(&self) -> usize {
        self.files.iter().filter(|file| file.skipped.is_none()).count()
    }

    /// How many IDs stand in them.
    #[must_use]
    pub fn mentions(&self) -> usize {
        self.files.iter().map(|file| file.scan.mentions).sum()
    }

    /// Every finding with the path of its file, those that do not count as well.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.files
            .iter()
            .flat_map(|file| file.scan.findings.iter().map(|finding| (file.path.as_str(), finding)))
    }

    /// Every finding that counts.
    pub fn findings(&self) -> impl Iterator<Item = (&str, &Finding)> {
        self.all().filter(|(_, finding)| finding.suppressed.is_none())
    }

    /// Mentions with nothing wrong.
    pub fn sound(&self) -> impl Iterator<Item = (&str, &Sound)> {
        self.files
            .iter()
            .flat_map(|file| file.scan.sound.iter().map(|sound| (file.path.as_str(), sound)))
    }

    /// Remarks that leave nothing out.
    pub fn unused(&self) -> impl Iterator<Item = (&str, &Unused)> {
        self.files
            .iter()
            .flat_map(|file| file.scan.unused.iter().map(|unused| (file.path.as_str(), unused)))
    }

    /// Files that were not read, and why.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|file| Some((file.path.as_str(), file.skipped.as_deref()?)))
    }

    /// How many findings of a level count.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings().filter(|(_, finding)| finding.level == level).count()
    }

    /// How many do not count.
    #[must_use]
    pub fn suppressed(&self) -> usize {
        self.all().filter(|(_, finding)| finding.suppressed.is_some()).count()
    }

    /// The worst level of those that count.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings().map(|(_, finding)| finding.level).max()
    }

    /// What was found, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let counted = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let levels: Vec<String> = Level::ALL
            .into_iter()
            .filter(|level| self.count(*level) > 0)
            .map(|level| counted(self.count(level), level.name()))
            .collect();
        let found = if levels.is_empty() { "nothing wrong".to_owned() } else { levels.join(", ") };
        let left = match self.suppressed() {
            0 => String::new(),
            count => format!(", {count} ignored"),
        };
        format!(
            "{found}{left}: {} in {}, on {} by facts of {}",
            counted(self.mentions(), "ID"),
            counted(self.read(), "file"),
            self.as_of,
            self.catalog_as_of
        )
    }
}

/// Findings that count, as CSV.
///
/// # Errors
/// The rows cannot be written.
pub fn csv(report: &Report, out: &mut impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "path",
        "line",
        "column",
        "level",
        "rule",
        "id",
        "model",
        "region",
        "eol",
        "successor",
        "fix",
        "safe",
        "message",
    ])?;
    for (path, finding) in report.findings() {
        let next = finding.successor.as_ref();
        let fix = finding.fix.as_ref();
        writer.write_record([
            path,
            &finding.line.to_string(),
            &finding.column.to_string(),
            finding.level.name(),
            finding.rule.name(),
            &finding.id,
            finding.model.as_deref().unwrap_or_default(),
            finding.region.as_ref().map_or("", |region| &region.name),
            &finding.eol.map(|day| day.to_string()).unwrap_or_default(),
            next.map_or("", |next| next.invoke_id.as_ref().unwrap_or(&next.model)),
            fix.and_then(|fix| fix.replacement.as_deref()).unwrap_or_default(),
            fix.filter(|fix| fix.replacement.is_some())
                .map_or("", |fix| if fix.safe { "yes" } else { "no" }),
            &finding.message,
        ])?;
    }
    writer.flush()?;
    Ok(())
}
