//! A report as annotations of GitHub Actions.

use rockpick_scan::Level;

use super::Report;

/// More of a level are not shown there.
const MOST: usize = 10;

/// The annotations, and a line with what was found.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut text = String::new();
    for level in Level::ALL {
        let command = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let own = report.findings().filter(|(_, finding)| finding.level == level);
        for (path, own) in own.take(MOST) {
            text.push_str(&format!(
                "::{command} file={},line={},col={},endColumn={},title=rockpick {}::{}\n",
                property(path),
                own.line,
                own.column,
                own.end_column,
                own.rule.name(),
                data(&own.message)
            ));
        }
    }
    text.push_str(&data(&report.summary()));
    text.push('\n');
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
