//! A report as test cases: one for each file with IDs that fails where something counts.

use rockpick_scan::Level;

use super::{Report, Scanned};

/// The report.
#[must_use]
pub fn report(report: &Report) -> String {
    let with_ids: Vec<&Scanned> =
        report.files.iter().filter(|file| file.scan.mentions > 0).collect();
    let failures = with_ids.iter().filter(|file| fails(file)).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!("tests=\"{}\" failures=\"{failures}\"", with_ids.len());
    text.push_str(&format!("<testsuites name=\"rockpick scan\" {counts}>\n"));
    text.push_str(&format!("  <testsuite name=\"rockpick scan\" {counts}>\n"));
    for file in with_ids {
        let name = escaped(&file.path);
        text.push_str(&format!("    <testcase name=\"{name}\" classname=\"rockpick.scan\">"));
        let lines: Vec<String> = counting(file)
            .map(|own| {
                let place = format!("{}:{}:{}", file.path, own.line, own.column);
                format!("{place}: {}[{}]: {}", own.level.name(), own.rule.name(), own.message)
            })
            .collect();
        if !lines.is_empty() {
            let (first, all) = (escaped(&lines[0]), escaped(&lines.join("\n")));
            text.push_str(&format!("\n      <failure message=\"{first}\">{all}</failure>\n    "));
        }
        text.push_str("</testcase>\n");
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn counting(file: &Scanned) -> impl Iterator<Item = &rockpick_scan::Finding> {
    let own = file.scan.findings.iter();
    own.filter(|finding| finding.suppressed.is_none() && finding.level > Level::Note)
}

fn fails(file: &Scanned) -> bool {
    counting(file).next().is_some()
}

/// Text for XML: what it cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {}
            sign => out.push(sign),
        }
    }
    out
}
