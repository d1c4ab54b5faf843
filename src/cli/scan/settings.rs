//! What a scan goes by: flags, then `[scan]` in `rockpick.toml`.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use rockpick_scan::{Level, Options, Rule};
use serde::Deserialize;

use super::flags::ScanArgs;
use crate::catalog::Catalog;
use crate::cli::{CliError, Global};
use crate::diagnostic::nearest;
use crate::task::Region;

/// Larger files are skipped, in bytes.
const LARGEST: u64 = 2 << 20;
/// Ends within so many days are soon.
const SOON: u16 = 90;

/// `[scan]` of a configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(in crate::cli) struct ScanSettings {
    soon: Option<u16>,
    region: Option<String>,
    residency: Option<String>,
    rules: Vec<String>,
    no_rules: Vec<String>,
    fail_on: Option<String>,
    baseline: Option<PathBuf>,
    max_file_size: Option<String>,
    exclude: Vec<String>,
    paths: Vec<PathSettings>,
}

/// `[[scan.paths]]`: what holds for files that globs name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct PathSettings {
    globs: Vec<String>,
    region: Option<String>,
    no_rules: Vec<String>,
}

/// What a scan goes by.
pub(super) struct Plan {
    pub options: Options,
    pub baseline: Option<PathBuf>,
    pub fail_on: Option<Level>,
    pub largest: u64,
    pub exclude: Override,
    own: Vec<OwnPaths>,
}

/// What holds for some paths only.
struct OwnPaths {
    globs: Gitignore,
    region: Option<(Region, String)>,
    no_rules: Vec<Rule>,
}

impl Plan {
    pub(super) fn of(
        args: &ScanArgs,
        global: &Global,
        catalog: &Catalog,
    ) -> Result<Self, CliError> {
        let empty = ScanSettings::default();
        let file = global.config.scan.as_ref().unwrap_or(&empty);
        let mut options = Options::on(day(args)?);
        options.soon = i64::from(args.soon.or(file.soon).unwrap_or(SOON));
        options.ignores = !args.no_ignore;
        options.list = args.list;
        let given = args.region.as_deref().map(|code| (code, "--region"));
        let given = given.or(file.region.as_deref().map(|code| (code, "rockpick.toml")));
        options.region = given.map(|(code, from)| region(catalog, code, from)).transpose()?;
        options.residency = match args.residency.as_ref().or(file.residency.as_ref()) {
            Some(name) => Some(catalog.residency(name).ok_or_else(|| {
                CliError::usage(format!("there is no place `{name}`"))
                    .help("give an area, a country or a Region, such as eu, de or eu-central-1")
            })?),
            None => None,
        };
        let only = if args.rule.is_empty() { &file.rules } else { &args.rule };
        let only = rules(only)?;
        let not = rules(args.no_rule.iter().chain(&file.no_rules))?;
        options
            .rules
            .retain(|rule| (only.is_empty() || only.contains(rule)) && !not.contains(rule));
        let fail_on = args.fail_on.as_ref().or(file.fail_on.as_ref());
        let fail_on = fail_on.map_or(Ok(Level::Warning), |name| super::level(name))?;
        let size = args.max_file_size.as_ref().or(file.max_file_size.as_ref());
        Ok(Self {
            options,
            baseline: args.baseline.clone().or_else(|| file.baseline.clone()),
            fail_on: (!args.exit_zero).then_some(fail_on),
            largest: size.map_or(Ok(LARGEST), |text| bytes(text))?,
            exclude: exclude(&file.exclude)?,
            own: file.paths.iter().map(|own| of_paths(own, catalog)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether a file is the baseline.
    pub(super) fn is_baseline(&self, path: &Path) -> bool {
        let Some(own) = self.baseline.as_ref().filter(|own| own.file_name() == path.file_name())
        else {
            return false;
        };
        own == path
            || path.canonicalize().ok().is_some_and(|path| own.canonicalize().ok() == Some(path))
    }

    /// What holds for one file; `None` where that is what holds for all.
    pub(super) fn options_for(&self, path: &Path) -> Option<Options> {
        let mut own: Option<Options> = None;
        for paths in &self.own {
            if paths.globs.matched_path_or_any_parents(path, false).is_ignore() {
                let options = own.get_or_insert_with(|| self.options.clone());
                options.region = paths.region.clone().or_else(|| options.region.clone());
                options.rules.retain(|rule| !paths.no_rules.contains(rule));
            }
        }
        own
    }
}

fn day(args: &ScanArgs) -> Result<jiff::civil::Date, CliError> {
    let Some(text) = &args.as_of else { return Ok(crate::cli::settings::today()) };
    text.parse().map_err(|_| {
        CliError::usage(format!("`{text}` is not a date")).help("dates look like 2026-11-30")
    })
}

fn region(catalog: &Catalog, code: &str, from: &str) -> Result<(Region, String), CliError> {
    let region = catalog.region(code).ok_or_else(|| {
        CliError::usage(format!("there is no Region `{code}`")).meant(catalog.nearest_region(code))
    })?;
    Ok((region, from.to_owned()))
}

fn rules<'n>(names: impl IntoIterator<Item = &'n String>) -> Result<Vec<Rule>, CliError> {
    let all = || Rule::ALL.iter().map(|rule| rule.name());
    let split = names.into_iter().flat_map(|name| name.split(','));
    split
        .map(|name| {
            Rule::named(name.trim()).ok_or_else(|| {
                CliError::usage(format!("there is no rule `{name}`"))
                    .meant(nearest(name, all()))
                    .help(format!("the rules are {}", all().collect::<Vec<_>>().join(", ")))
            })
        })
        .collect()
}

/// A size such as `500`, `64KiB`, `2MiB`.
fn bytes(text: &str) -> Result<u64, CliError> {
    let split = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(0),
        "k" | "kb" | "kib" => Some(10),
        "m" | "mb" | "mib" => Some(20),
        "g" | "gb" | "gib" => Some(30),
        _ => None,
    };
    let size = number.parse::<u64>().ok().zip(shift);
    size.and_then(|(number, shift)| number.checked_mul(1 << shift)).ok_or_else(|| {
        CliError::usage(format!("`{text}` is not a size")).help("sizes look like 500KiB or 2MiB")
    })
}

fn wrong_glob(error: &ignore::Error) -> CliError {
    CliError::usage(format!("[scan] has a glob that cannot be read: {error}"))
}

fn exclude(globs: &[String]) -> Result<Override, CliError> {
    let mut builder = OverrideBuilder::new(".");
    for glob in globs {
        builder.add(&format!("!{glob}")).map_err(|error| wrong_glob(&error))?;
    }
    builder.build().map_err(|error| wrong_glob(&error))
}

fn of_paths(own: &PathSettings, catalog: &Catalog) -> Result<OwnPaths, CliError> {
    let mut builder = GitignoreBuilder::new("");
    for glob in &own.globs {
        builder.add_line(None, glob).map_err(|error| wrong_glob(&error))?;
    }
    let globs = builder.build().map_err(|error| wrong_glob(&error))?;
    let region = own.region.as_deref().map(|code| region(catalog, code, "rockpick.toml"));
    Ok(OwnPaths { globs, region: region.transpose()?, no_rules: rules(&own.no_rules)? })
}
