//! The speeds that `rockpick doctor --ping` measured: a file of the user's own, which counts before public medians.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CliError, call};
use crate::Knowledge;
use crate::catalog::Catalog;
use crate::catalog::thinking::Measured;

const HEAD: &str = "# Speeds that `rockpick doctor --ping` measured, by the ID that was called.\n";
/// A larger file is not ours.
const LONGEST_FILE: u64 = 1 << 20;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Speed {
    /// Seconds to the first piece of the answer.
    pub first_token: f64,
    /// Tokens of the answer a second, from the first piece on.
    pub tokens_per_second: f64,
    /// Where it was called from.
    pub region: String,
    /// When.
    pub date: Date,
}

impl Display for Speed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.2} s to the first token, {:.0} tokens a second",
            self.first_token, self.tokens_per_second
        )
    }
}

/// Keeps a measurement; gives the file.
pub(super) fn keep(id: &str, speed: Speed) -> Result<PathBuf, CliError> {
    let path =
        path().ok_or_else(|| CliError::usage("there is no home folder for what was measured"))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut all = read(&path)?;
    all.insert(id.to_owned(), speed);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(written(&all).as_bytes())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

/// Lays what was measured over the medians of the catalog. A file that cannot be read is told of and changes nothing.
pub(super) fn laid_over(mut known: Knowledge) -> Knowledge {
    let all = path().map(|path| read(&path)).transpose();
    match all {
        Ok(all) => apply(&mut known.catalog, all.unwrap_or_default()),
        Err(error) => call::warn(&error.in_one_line()),
    }
    known
}

fn apply(catalog: &mut Catalog, all: BTreeMap<String, Speed>) {
    // A model may have been called by several IDs: the newest measurement counts.
    let mut all: Vec<(String, Speed)> = all.into_iter().collect();
    all.sort_by_key(|(_, speed)| speed.date);
    for (id, speed) in all {
        let id = id.rsplit('/').next().unwrap_or_default();
        let Some(model) = catalog.index_of(catalog.bare(catalog.written(id))) else { continue };
        let millis = (speed.first_token * 1_000.0).round();
        let rate = speed.tokens_per_second.round();
        if (0.0..=f64::from(u32::MAX)).contains(&millis)
            && (1.0..=f64::from(u32::MAX)).contains(&rate)
        {
            catalog.set_speed(model, millis as u32, rate as u32, Measured::Here(speed.date));
        }
    }
}

fn path() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.state_dir().unwrap_or_else(|| places.data_dir()).join("rockpick/speed.toml"))
}

fn read(path: &Path) -> Result<BTreeMap<String, Speed>, CliError> {
    let broken = |message: &str| {
        CliError::usage(format!("{}: {message}", path.display()))
            .help("move that file away to begin a new one")
    };
    match std::fs::metadata(path) {
        Ok(file) if file.is_file() && file.len() <= LONGEST_FILE => {}
        Ok(_) => return Err(broken("this is no file of measured speeds")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(broken(&error.to_string())),
    }
    let text = std::fs::read_to_string(path).map_err(|error| broken(&error.to_string()))?;
    toml::from_str(&text).map_err(|error| broken(error.message()))
}

fn written(all: &BTreeMap<String, Speed>) -> String {
    let mut text = HEAD.to_owned();
    for (id, Speed { first_token, tokens_per_second, region, date }) in all {
        text.push_str(&format!(
            "\n[{id:?}]\nfirst-token = {first_token:.3}\ntokens-per-second = {tokens_per_second:.1}\n\
             region = {region:?}\ndate = \"{date}\"\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn speed() -> Speed {
        Speed {
            first_token: 0.5,
            tokens_per_second: 120.0,
            region: "eu-west-1".into(),
            date: date(2026, 11, 30),
        }
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let all = BTreeMap::from([("eu.anthropic.claude-haiku-5-5".to_owned(), speed())]);
        assert_eq!(toml::from_str::<BTreeMap<String, Speed>>(&written(&all)).ok(), Some(all));
    }
}
