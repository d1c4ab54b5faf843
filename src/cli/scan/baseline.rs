//! Findings that are known already: counted by what they are, not by their lines.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use rockpick_scan::Suppressed;
use serde::{Deserialize, Serialize};

use crate::cli::CliError;
use crate::output::scan::Scanned;

const SCHEMA: &str = "rockpick.scan.baseline.v1";
/// A larger file is none of ours, in bytes.
const LARGEST: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Baseline {
    schema: String,
    findings: Vec<Known>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    path: String,
    rule: String,
    id: String,
    count: usize,
}

/// Writes what counts into a file.
pub(super) fn write(path: &Path, found: &[Scanned]) -> Result<usize, CliError> {
    let mut all: BTreeMap<(String, String), Known> = BTreeMap::new();
    let mut count = 0;
    for scanned in found {
        for finding in scanned.scan.findings.iter().filter(|finding| finding.suppressed.is_none()) {
            count += 1;
            let known = all
                .entry((scanned.path.clone(), finding.fingerprint.clone()))
                .or_insert_with(|| Known {
                    fingerprint: finding.fingerprint.clone(),
                    path: scanned.path.clone(),
                    rule: finding.rule.name().to_owned(),
                    id: finding.id.clone(),
                    count: 0,
                });
            known.count += 1;
        }
    }
    let baseline = Baseline { schema: SCHEMA.to_owned(), findings: all.into_values().collect() };
    let mut text = serde_json::to_string_pretty(&baseline)?;
    text.push('\n');
    super::edit::replace(path, text.as_bytes())?;
    Ok(count)
}

/// Marks findings that a file knows.
pub(super) fn take(path: &Path, found: &mut [Scanned]) -> Result<(), CliError> {
    let unreadable = |why: String| {
        CliError::usage(format!("cannot read the baseline {}: {why}", path.display()))
    };
    let size = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > LARGEST {
        return Err(unreadable("it is larger than 64 MiB".to_owned()));
    }
    let text = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let baseline: Baseline =
        serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?;
    if baseline.schema != SCHEMA {
        return Err(unreadable(format!("its schema is not {SCHEMA}")));
    }
    let mut left: HashMap<String, usize> = HashMap::new();
    for known in baseline.findings {
        *left.entry(known.fingerprint).or_default() += known.count;
    }
    for finding in found.iter_mut().flat_map(|scanned| &mut scanned.scan.findings) {
        let known = left.get_mut(&finding.fingerprint).filter(|left| **left > 0);
        if let (Some(left), None) = (known, finding.suppressed) {
            *left -= 1;
            finding.suppressed = Some(Suppressed::Baseline);
        }
    }
    Ok(())
}
