//! The constraint flags: the same for every command, read into the task's constraints.

mod advice;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::dollars::dollars;
use super::{CliError, Global, region, settings};
use crate::catalog::Catalog;
use crate::catalog::names::Named;
use crate::diagnostic::nearest;
use crate::knowledge::Knowledge;
use crate::task::{Api, Budget, Constraints, Feature, Modality, Per, Preference, Retention, Task, Tier};

/// No price, volume or size that is meant is larger.
const MOST_TOKENS: u64 = 1_000_000_000;
/// The longest text that is read as a task, in bytes.
const LONGEST_TASK: usize = 1 << 20;

/// What the answer must satisfy; what is not given is read from the words of the task.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Constraints")]
pub(crate) struct ConstraintArgs {
    /// Source Region to call from (repeatable: any of them).
    #[arg(short, long, value_name = "REGION")]
    region: Vec<String>,
    /// Every --region given has to be able to call the model, not just one of them.
    #[arg(long)]
    every_region: bool,
    /// Where data must stay: eu, eea, a country (de, es, us, jp …) or a Region.
    #[arg(long, value_name = "PLACE")]
    residency: Option<String>,
    /// Let the global route compete.
    #[arg(long, conflicts_with_all = ["no_global", "residency"])]
    allow_global: bool,
    /// Keep the global route out.
    #[arg(long)]
    no_global: bool,
    /// The most it may cost: USD, USD/request, USD/month, USD/1m, USD/image.
    #[arg(long, value_name = "USD[/UNIT]", allow_hyphen_values = true)]
    max_cost: Option<String>,
    /// Tokens of one request, sent and received: 1200/200.
    #[arg(long, value_name = "IN/OUT", allow_hyphen_values = true)]
    tokens: Option<String>,
    /// Requests a month.
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    per_month: Option<String>,
    /// The least context window, in tokens.
    #[arg(long, value_name = "TOKENS", allow_hyphen_values = true)]
    min_context: Option<String>,
    /// What is sent: text, image, video, audio, speech (repeatable).
    #[arg(long, value_name = "MODALITY")]
    input_modality: Vec<String>,
    /// What is wanted back: text, image, video, speech, embedding (repeatable).
    #[arg(long, value_name = "MODALITY")]
    output_modality: Vec<String>,
    /// A feature the model must have: tools, streaming, vision, json, caching … (repeatable).
    #[arg(short, long, value_name = "FEATURE")]
    feature: Vec<String>,
    /// Only this provider (repeatable: any of them).
    #[arg(long, value_name = "PROVIDER")]
    provider: Vec<String>,
    /// Nothing from this provider (repeatable).
    #[arg(long, value_name = "PROVIDER")]
    exclude: Vec<String>,
    /// Only this model (repeatable: any of them): id, profile id, ARN or name.
    #[arg(short, long, value_name = "MODEL")]
    model: Vec<String>,
    /// The category, instead of reading it from the words.
    #[arg(short, long, value_name = "CATEGORY")]
    task: Option<String>,
    /// Give no answer when the words do not tell the category, instead of one for general text.
    #[arg(long)]
    strict_task: bool,
    /// Service tier to be billed at: standard, batch, flex, priority.
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// What weighs most: cost, quality, speed, balanced.
    #[arg(long, value_name = "WHAT")]
    prefer: Option<String>,
    /// The least share of the best quality that is good enough, 0 to 1.
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true)]
    quality_floor: Option<String>,
    /// Who may keep prompts at the most: none, aws, provider.
    #[arg(long, value_name = "WHO")]
    retention: Option<String>,
    /// Let models in their legacy phase compete.
    #[arg(long)]
    include_legacy: bool,
    /// Count a feature or limit that no source knows as present.
    #[arg(long)]
    allow_unknown: bool,
    /// Which APIs may serve it; `invoke` calls with the model's own body.
    #[arg(long, value_name = "API", value_enum, default_value = "runtime")]
    api: ApiArg,
    /// The date on which the answer has to hold (default: today).
    #[arg(long, value_name = "DATE", env = "ROCKPICK_AS_OF")]
    as_of: Option<String>,
}

/// Which APIs may serve the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ApiArg {
    /// What bedrock-runtime serves, by Converse or by InvokeModel.
    #[default]
    Runtime,
    /// Only what Converse serves.
    Converse,
    /// Only what InvokeModel serves.
    Invoke,
    /// Also what only bedrock-mantle serves.
    Any,
}

impl From<ApiArg> for Option<Api> {
    /// Without a demand, whatever bedrock-runtime serves will do.
    fn from(api: ApiArg) -> Self {
        match api {
            ApiArg::Runtime => None,
            ApiArg::Converse => Some(Api::Converse),
            ApiArg::Invoke => Some(Api::Invoke),
            ApiArg::Any => Some(Api::Any),
        }
    }
}

impl ConstraintArgs {
    /// The task that the words and flags describe.
    pub(super) fn task(&self, text: String, knowledge: &Knowledge, global: &Global) -> Result<Task, CliError> {
        if text.len() > LONGEST_TASK {
            let message = format!("the task has {} bytes, more than the {LONGEST_TASK} that are read", text.len());
            return Err(CliError::usage(message).help("describe the task in a few sentences"));
        }
        let mut task = Task::new(text, self.as_of()?);
        task.category = self.category(knowledge)?;
        self.partitions(knowledge)?;
        task.constraints = self.constraints(&knowledge.catalog)?;
        task.preference = self.preference()?;
        task.quality_floor = self.quality_floor()?;
        task.strict = self.strict_task;
        task.fallback = fallback(&knowledge.catalog, global)?;
        Ok(task)
    }

    /// Whether the category is given, so that words may be missing.
    pub(super) fn names_a_category(&self) -> bool {
        self.task.is_some()
    }

    /// Whether models are named.
    #[cfg(feature = "aws")]
    pub(super) fn names_models(&self) -> bool {
        !self.model.is_empty()
    }

    /// The one model that is named, if it is one.
    #[cfg(feature = "aws")]
    pub(super) fn only_model(&self) -> Option<&str> {
        if let [only] = self.model.as_slice() { Some(only) } else { None }
    }

    /// The same without naming models.
    #[cfg(feature = "aws")]
    pub(super) fn without_models(&self) -> Self {
        Self { model: Vec::new(), ..self.clone() }
    }

    /// Whether anything is asked that an offer outside the ranking could break: where data goes, who sees it, what it costs.
    #[cfg(feature = "aws")]
    pub(super) fn bind(&self) -> bool {
        let places = self.residency.is_some() || self.no_global || self.retention.is_some();
        places || self.max_cost.is_some() || !self.provider.is_empty() || !self.exclude.is_empty() || self.min_context.is_some()
    }

    /// The date asked about.
    pub(super) fn as_of(&self) -> Result<Date, CliError> {
        let Some(text) = &self.as_of else { return Ok(settings::today()) };
        text.parse().map_err(|_| CliError::usage(format!("`{text}` is not a date")).help("dates look like 2026-11-21"))
    }

    fn category(&self, knowledge: &Knowledge) -> Result<Option<String>, CliError> {
        let Some(name) = &self.task else { return Ok(None) };
        let categories = knowledge.rules.categories();
        if categories.iter().any(|category| category.name == *name) {
            return Ok(Some(name.clone()));
        }
        let names: Vec<&str> = categories.iter().map(|category| category.name.as_str()).collect();
        let error = CliError::usage(format!("there is no category `{name}`")).meant(nearest(name, names.iter().copied()));
        Err(error.help(format!("the categories are {}", names.join(", "))))
    }

    /// The constraints alone.
    pub(super) fn constraints(&self, catalog: &Catalog) -> Result<Constraints, CliError> {
        let mut wanted = Constraints {
            every_region: self.every_region,
            global: if self.allow_global { Some(true) } else { self.no_global.then_some(false) },
            max_cost: self.max_cost.as_deref().map(budget).transpose()?,
            per_month: self.per_month.as_deref().map(|text| count(text, "--per-month")).transpose()?,
            min_context: self.min_context.as_deref().map(|text| count(text, "--min-context")).transpose()?,
            tier: named(self.tier.as_deref(), "tier", Tier::named, Tier::ALL)?,
            retention: named(self.retention.as_deref(), "retention", Retention::named, Retention::ALL)?,
            include_legacy: self.include_legacy,
            allow_unknown: self.allow_unknown,
            api: self.api.into(),
            ..Constraints::default()
        };
        if let Some(text) = &self.tokens {
            (wanted.tokens.input, wanted.tokens.output) = tokens(text)?;
        }
        for code in &self.region {
            wanted.regions.insert(known_region(catalog, code)?);
        }
        if let Some(name) = &self.residency {
            wanted.residency = Some(catalog.residency(name).ok_or_else(|| unknown_place(catalog, name))?);
        }
        for name in &self.feature {
            wanted.features.insert(catalog.feature_named(name).ok_or_else(|| unknown_feature(name))?);
        }
        for (names, set) in
            [(&self.input_modality, &mut wanted.input_modalities), (&self.output_modality, &mut wanted.output_modalities)]
        {
            for name in names {
                set.extend(named(Some(name), "modality", Modality::named, Modality::ALL)?);
            }
        }
        for (names, set) in [(&self.provider, &mut wanted.providers), (&self.exclude, &mut wanted.exclude)] {
            for name in names {
                set.insert(catalog.provider_named(name).ok_or_else(|| unknown_provider(catalog, name))?);
            }
        }
        if let Some(both) = wanted.providers.and(wanted.exclude).iter().next() {
            let key = &catalog.provider(both).key;
            return Err(CliError::usage(format!("`{key}` is wanted and excluded")).help("drop --provider or --exclude for it"));
        }
        for name in &self.model {
            wanted.models.extend(models(catalog, name)?);
        }
        Ok(wanted)
    }

    fn preference(&self) -> Result<Option<Preference>, CliError> {
        let Some(text) = self.prefer.as_deref() else { return Ok(None) };
        let alias = match text {
            "cost" => "cheap",
            "speed" => "fast",
            other => other,
        };
        match Preference::named(alias) {
            Some(preference) => Ok(Some(preference)),
            None => {
                let known = ["cost", "quality", "speed", "balanced"];
                let error = CliError::usage(format!("there is no preference `{text}`")).meant(nearest(text, known));
                Err(error.help("the preferences are cost, quality, speed, balanced"))
            }
        }
    }

    fn quality_floor(&self) -> Result<Option<f64>, CliError> {
        let Some(text) = &self.quality_floor else { return Ok(None) };
        match text.parse::<f64>() {
            Ok(share) if (0.0..=1.0).contains(&share) => Ok(Some(share)),
            _ => Err(CliError::usage(format!("`{text}` is not a share for --quality-floor"))
                .help("give a number from 0 to 1, such as 0.7")),
        }
    }
}

/// The Region that the environment or the profile names, for tasks that name none.
fn fallback(catalog: &Catalog, global: &Global) -> Result<Option<(crate::task::Region, String)>, CliError> {
    let Some(resolved) = region::resolve(global.profile.as_deref()) else { return Ok(None) };
    match catalog.region(&resolved.code) {
        Some(region) => Ok(Some((region, resolved.from))),
        None => {
            let error = CliError::usage(format!("there is no Region `{}` (from {})", resolved.code, resolved.from));
            Err(error.meant(catalog.nearest_region(&resolved.code)))
        }
    }
}

fn known_region(catalog: &Catalog, code: &str) -> Result<crate::task::Region, CliError> {
    catalog.region(code).ok_or_else(|| {
        let error = CliError::usage(format!("there is no Region `{code}`")).meant(catalog.nearest_region(code));
        error.help("Regions are given by code, such as eu-central-1")
    })
}

fn unknown_place(catalog: &Catalog, name: &str) -> CliError {
    let places = catalog.places().iter().map(|place| place.code.as_str());
    let known = places.chain(catalog.regions().iter().map(|region| region.code.as_str()));
    let error = CliError::usage(format!("there is no place `{name}` that data could be kept in"));
    error.meant(nearest(name, known)).help("give eu, eea, a country's code such as de, es, us, or a Region")
}

fn unknown_feature(name: &str) -> CliError {
    let names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
    let error = CliError::usage(format!("there is no feature `{name}`")).meant(nearest(name, names.iter().copied()));
    error.help(format!("the features are {}", names.join(", ")))
}

fn unknown_provider(catalog: &Catalog, name: &str) -> CliError {
    let keys: Vec<&str> = catalog.providers().iter().map(|provider| provider.key.as_str()).collect();
    let error = CliError::usage(format!("there is no provider `{name}`")).meant(nearest(name, keys.iter().copied()));
    error.help(format!("the providers are {}", keys.join(", ")))
}

/// The models that a name stands for.
pub(super) fn models(catalog: &Catalog, name: &str) -> Result<Vec<crate::task::ModelIndex>, CliError> {
    match catalog.find(name) {
        Named::Model(model) => Ok(vec![model]),
        Named::Several(models) => Ok(models),
        Named::Retired(retired) => {
            let error = CliError::usage(format!("`{}` cannot be called any more", retired.id));
            Err(error.help(format!("`rockpick explain {}` tells what follows it", retired.id)))
        }
        Named::Unknown(near) => {
            let error = CliError::usage(format!("there is no model `{name}` in the catalogue")).meant(near);
            Err(error.help("`rockpick models` lists them"))
        }
    }
}

pub(super) fn named<T: Copy + std::fmt::Display>(
    text: Option<&str>,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Option<T>, CliError> {
    let Some(text) = text else { return Ok(None) };
    if let Some(value) = parse(&text.to_lowercase()) {
        return Ok(Some(value));
    }
    let names: Vec<String> = all.iter().map(T::to_string).collect();
    let error = CliError::usage(format!("there is no {what} `{text}`")).meant(nearest(text, names.iter().map(String::as_str)));
    Err(error.help(format!("give one of {}", names.join(", "))))
}

fn count(text: &str, flag: &str) -> Result<u64, CliError> {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        _ => (text, 1),
    };
    let number: Option<u64> = digits.replace(['_', ','], "").parse().ok().and_then(|number: u64| number.checked_mul(factor));
    match number {
        Some(number) if (1..=MOST_TOKENS).contains(&number) => Ok(number),
        _ => Err(CliError::usage(format!("`{text}` is not a number for {flag}"))
            .help("give a whole number from 1 to 1,000,000,000, such as 40000 or 40k")),
    }
}

fn tokens(text: &str) -> Result<(Option<u64>, Option<u64>), CliError> {
    let (input, output) = text.split_once('/').map_or((text, ""), |(input, output)| (input, output));
    let side = |text: &str| match text {
        "" => Ok(None),
        "0" => Ok(Some(0)),
        text => count(text, "--tokens").map(Some),
    };
    let both = (side(input)?, side(output)?);
    if both.0.unwrap_or(0) == 0 && both.1.unwrap_or(0) == 0 {
        return Err(CliError::usage("--tokens says that nothing is sent and nothing received")
            .help("give tokens sent and received, such as 1200/200"));
    }
    Ok(both)
}

fn budget(text: &str) -> Result<Budget, CliError> {
    let (amount, unit) = text.split_once('/').unwrap_or((text, "request"));
    let per = match unit.trim() {
        "request" | "req" | "call" => Per::Request,
        "month" | "mo" => Per::Month,
        "1m" | "1M" | "million" | "mtok" => Per::MillionTokens,
        "image" => Per::Image,
        other => {
            let error = CliError::usage(format!("`{other}` is not a unit of --max-cost"));
            return Err(error.help("give USD, or USD with /request, /month, /1m or /image, such as 200/month"));
        }
    };
    Ok(Budget { usd: dollars(amount)?, per })
}
