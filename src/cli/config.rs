//! Configuration: `rockpick.toml` of the project, then `rockpick/config.toml` of the user. What flags, the environment, or the words
//! of a task say goes before it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum as _};
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{CliError, Exit, Form, Global, output, region};
use crate::diagnostic::nearest;
use crate::output::shown;

/// The file of a project.
const PROJECT_FILE: &str = "rockpick.toml";
/// A larger file is not ours, in bytes.
const LONGEST_FILE: u64 = 1 << 20;
/// What can be configured.
const KEYS: [&str; 5] = ["region", "residency", "allow-global", "rules", "output"];

#[derive(Clone, Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Show every setting, its value, and where that comes from.
    Show(ShowArgs),
}

#[derive(Clone, Debug, Args)]
pub(super) struct ShowArgs {}

/// What a file says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    region: Option<Spanned<String>>,
    residency: Option<Spanned<String>>,
    allow_global: Option<Spanned<bool>>,
    rules: Option<Spanned<Vec<PathBuf>>>,
    output: Option<Spanned<String>>,
    scan: Option<super::scan::ScanSettings>,
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Configured<T> {
    pub value: T,
    pub from: Place,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    file: PathBuf,
    line: usize,
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// What is configured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub region: Option<Configured<String>>,
    pub residency: Option<Configured<String>>,
    pub allow_global: Option<Configured<bool>>,
    pub rules: Option<Configured<Vec<PathBuf>>>,
    pub output: Option<Configured<Form>>,
    /// What `scan` goes by: the table of the first file that has one.
    pub scan: Option<super::scan::ScanSettings>,
}

impl Config {
    /// What the files say, those that are there.
    ///
    /// # Errors
    /// A file that cannot be read, a key that nothing reads, a value of the wrong type.
    pub(super) fn load() -> Result<Self, CliError> {
        let files = [project_file(), user_file()];
        let mut config = Self::default();
        for path in files.into_iter().flatten() {
            if let Some(text) = read(&path)? {
                config.fill(&path, &text)?;
            }
        }
        Ok(config)
    }

    /// Takes what a file says where nothing is said yet.
    fn fill(&mut self, path: &Path, text: &str) -> Result<(), CliError> {
        let settings: Settings =
            toml::from_str(text).map_err(|error| refused(path, text, &error))?;
        let place = |at: usize| Place { file: path.to_owned(), line: line(text, at) };
        self.region = self.region.take().or(settings.region.map(|given| value(given, place)));
        self.residency =
            self.residency.take().or(settings.residency.map(|given| value(given, place)));
        self.scan = self.scan.take().or(settings.scan);
        self.allow_global =
            self.allow_global.take().or(settings.allow_global.map(|given| value(given, place)));
        if let Some(mut rules) =
            settings.rules.map(|given| value(given, place)).filter(|_| self.rules.is_none())
        {
            // A relative folder stands beside the file that names it.
            let folder = path.parent().unwrap_or(Path::new(""));
            rules.value.iter_mut().for_each(|rule| *rule = folder.join(&*rule));
            self.rules = Some(rules);
        }
        if let Some(output) = settings.output.map(|given| value(given, place)) {
            let form = form(&output)?;
            self.output.get_or_insert(Configured { value: form, from: output.from });
        }
        Ok(())
    }
}

fn value<T>(given: Spanned<T>, place: impl Fn(usize) -> Place) -> Configured<T> {
    Configured { from: place(given.span().start), value: given.into_inner() }
}

fn form(given: &Configured<String>) -> Result<Form, CliError> {
    Form::from_str(&given.value, true).map_err(|_| {
        let known: Vec<String> = Form::value_variants()
            .iter()
            .filter_map(|form| Some(form.to_possible_value()?.get_name().to_owned()))
            .collect();
        let message = format!("{}: there is no form of output `{}`", given.from, given.value);
        CliError::usage(message).help(format!("give one of {}", known.join(", ")))
    })
}

/// The nearest `rockpick.toml` in the working folder or, inside a repository, in the folders up to its root.
fn project_file() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&here);
    let folders = here.ancestors().take_while(|folder| folder.starts_with(root));
    folders.map(|folder| folder.join(PROJECT_FILE)).find(|file| file.exists())
}

fn user_file() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("rockpick").join("config.toml"))
}

fn read(path: &Path) -> Result<Option<String>, CliError> {
    let unreadable = |why: &str| CliError::usage(format!("cannot read {}: {why}", path.display()));
    match std::fs::metadata(path) {
        Ok(file) if !file.is_file() => return Err(unreadable("it is not a file")),
        Ok(file) if file.len() > LONGEST_FILE => return Err(unreadable("it is longer than 1 MiB")),
        Ok(_) => {}
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(&error.to_string())),
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error.to_string()))?;
    Ok(Some(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned)))
}

fn refused(path: &Path, text: &str, error: &toml::de::Error) -> CliError {
    let line = error.span().map_or(1, |span| line(text, span.start));
    let message = error.message().lines().next().unwrap_or_default();
    let wrong = CliError::usage(format!("{}:{line}: {}", path.display(), shown(message)));
    let key = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match key {
        Some(key) => {
            let known = format!("the settings are {}, and the table [scan]", KEYS.join(", "));
            wrong.meant(nearest(key, KEYS)).help(known)
        }
        None => wrong,
    }
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).map_or(1, |before| before.matches('\n').count() + 1)
}

/// A setting as it is in force.
#[derive(Serialize)]
struct InForce {
    setting: &'static str,
    value: Option<String>,
    from: String,
}

pub(super) fn run(command: &ConfigCommand, global: &Global) -> Result<Exit, CliError> {
    let ConfigCommand::Show(_) = command;
    let settings = in_force(global);
    if global.query.is_some() || matches!(global.output, Some(Form::Json | Form::Jsonl)) {
        let document = serde_json::json!({ "schema": "rockpick.config.v1", "settings": settings });
        output::json(document, global)?;
        return Ok(Exit::Answer);
    }
    let mut text = String::new();
    for InForce { setting, value, from } in settings {
        let value = value.unwrap_or_else(|| "-".to_owned());
        text.push_str(&format!("{setting:<13}{:<20} {}\n", shown(&value), shown(&from)));
    }
    output::text(&text)?;
    Ok(Exit::Answer)
}

fn in_force(global: &Global) -> [InForce; KEYS.len()] {
    let config = &global.config;
    let nothing = |setting| InForce { setting, value: None, from: "not set".to_owned() };
    let set = |setting, value: String, from: String| InForce { setting, value: Some(value), from };
    let region = region::resolve(global).map(|region| set("region", region.code, region.from));
    let residency = config
        .residency
        .as_ref()
        .map(|own| set("residency", own.value.clone(), own.from.to_string()));
    let allow_global = config
        .allow_global
        .as_ref()
        .map(|own| set("allow-global", own.value.to_string(), own.from.to_string()));
    let (folders, from) = global.rule_folders();
    let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    let rules = (!folders.is_empty()).then(|| set("rules", folders.join(", "), from));
    let form = global.output.and_then(|form| Some(form.to_possible_value()?.get_name().to_owned()));
    let from = || match &config.output {
        Some(own) if Some(own.value) == global.output => own.from.to_string(),
        _ => "--output".to_owned(),
    };
    [
        region.unwrap_or_else(|| nothing("region")),
        residency.unwrap_or_else(|| nothing("residency")),
        allow_global.unwrap_or_else(|| nothing("allow-global")),
        rules.unwrap_or_else(|| nothing("rules")),
        form.map_or_else(|| nothing("output"), |form| set("output", form, from())),
    ]
}
