//! The constraint flags: the same for every command, read into the task's constraints.

mod advice;
mod names;
mod parse;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use self::names::{defaults, known_region, place, unknown_feature, unknown_provider};
pub(super) use self::names::{living, models};
pub(super) use self::parse::named;
use self::parse::{budget, count, effort, lifetime, millis, tokens};
use super::{CliError, Global, settings};
use crate::Knowledge;
use crate::catalog::Catalog;
use crate::diagnostic::nearest;
#[cfg(feature = "aws")]
use crate::task::Effort;
use crate::task::{Api, Constraints, Modality, Preference, Retention, Task, Tier, Wait};

/// The longest text that is read as a task, in bytes.
const LONGEST_TASK: usize = 1 << 20;

/// What the answer must satisfy; what is not given is read from the words of the task.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Constraints")]
pub(crate) struct ConstraintArgs {
    /// Source Region to call from, by code or city (repeatable or comma-separated: any of them).
    #[arg(short, long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Every --region given has to be able to call the model, not just one of them.
    #[arg(long)]
    every_region: bool,
    /// Where data must stay: eu, eea, a country (de, es, us, jp …) or a Region.
    #[arg(long, value_name = "PLACE")]
    residency: Option<String>,
    /// Let the global route compete.
    #[arg(long, conflicts_with = "residency")]
    allow_global: bool,
    /// Keep the global route out, whatever else allows it.
    #[arg(long)]
    no_global: bool,
    /// Keep data in the Region that is called: no inference profile that leaves it.
    #[arg(long, conflicts_with = "allow_global")]
    in_region: bool,
    /// The reasoning effort: none, minimal, low, medium, high, xhigh, max, on (default: whichever serves best).
    #[arg(long, value_name = "EFFORT")]
    effort: Option<String>,
    /// The longest wait for the whole answer, such as 3s or 800ms.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    max_latency: Option<String>,
    /// The longest wait for the first token, such as 1.5s or 300ms.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "max_latency")]
    max_first_token: Option<String>,
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
    /// How long the model has to last: 90d, 6m, 1y.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    min_lifetime: Option<String>,
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
    pub(super) fn task(
        &self,
        text: String,
        knowledge: &Knowledge,
        global: &Global,
    ) -> Result<Task, CliError> {
        if text.len() > LONGEST_TASK {
            let message = format!(
                "the task has {} bytes, more than the {LONGEST_TASK} that are read",
                text.len()
            );
            return Err(CliError::usage(message).help("describe the task in a few sentences"));
        }
        let mut task = Task::new(text, self.as_of()?);
        task.category = self.category(knowledge)?;
        self.partitions(knowledge)?;
        task.constraints = self.constraints(&knowledge.catalog)?;
        task.preference = self.preference()?;
        task.quality_floor = self.quality_floor()?;
        task.strict = self.strict_task;
        task.defaults = defaults(&knowledge.catalog, global)?;
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

    /// The models that are named, as they are given.
    pub(super) fn models(&self) -> &[String] {
        &self.model
    }

    /// The one model that is named, if it is one.
    #[cfg(feature = "aws")]
    pub(super) fn only_model(&self) -> Option<&str> {
        if let [only] = self.model.as_slice() { Some(only) } else { None }
    }

    /// The same with a model, when none is named.
    #[cfg(feature = "aws")]
    pub(super) fn or_model(&self, model: Option<String>) -> Self {
        let mut flags = self.clone();
        if flags.model.is_empty() {
            flags.model.extend(model);
        }
        flags
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
        places
            || self.max_cost.is_some()
            || !self.provider.is_empty()
            || !self.exclude.is_empty()
            || self.min_context.is_some()
    }

    /// The date asked about.
    pub(super) fn as_of(&self) -> Result<Date, CliError> {
        let Some(text) = &self.as_of else { return Ok(settings::today()) };
        text.parse().map_err(|_| {
            CliError::usage(format!("`{text}` is not a date")).help("dates look like 2026-11-21")
        })
    }

    fn category(&self, knowledge: &Knowledge) -> Result<Option<String>, CliError> {
        let Some(name) = &self.task else { return Ok(None) };
        let categories = knowledge.rules.categories();
        if categories.iter().any(|category| category.name == *name) {
            return Ok(Some(name.clone()));
        }
        let names: Vec<&str> = categories.iter().map(|category| category.name.as_str()).collect();
        let error = CliError::usage(format!("there is no category `{name}`"))
            .meant(nearest(name, names.iter().copied()));
        Err(error.help(format!("the categories are {}", names.join(", "))))
    }

    /// The constraints alone.
    pub(super) fn constraints(&self, catalog: &Catalog) -> Result<Constraints, CliError> {
        let mut wanted = Constraints {
            every_region: self.every_region,
            global: if self.no_global { Some(false) } else { self.allow_global.then_some(true) },
            in_region: self.in_region,
            effort: effort(self.effort.as_deref())?,
            max_wait: self.max_wait()?,
            max_cost: self.max_cost.as_deref().map(budget).transpose()?,
            per_month: self
                .per_month
                .as_deref()
                .map(|text| count(text, "--per-month"))
                .transpose()?,
            min_context: self
                .min_context
                .as_deref()
                .map(|text| count(text, "--min-context"))
                .transpose()?,
            tier: named(self.tier.as_deref(), "tier", Tier::named, Tier::ALL)?,
            retention: named(
                self.retention.as_deref(),
                "retention",
                Retention::named,
                Retention::ALL,
            )?,
            min_lifetime: self.min_lifetime.as_deref().map(lifetime).transpose()?,
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
            wanted.residency = Some(place(catalog, name)?);
        }
        for name in &self.feature {
            wanted
                .features
                .insert(catalog.feature_named(name).ok_or_else(|| unknown_feature(name))?);
        }
        for (names, set) in [
            (&self.input_modality, &mut wanted.input_modalities),
            (&self.output_modality, &mut wanted.output_modalities),
        ] {
            for name in names {
                set.extend(named(Some(name), "modality", Modality::named, Modality::ALL)?);
            }
        }
        for (names, set) in
            [(&self.provider, &mut wanted.providers), (&self.exclude, &mut wanted.exclude)]
        {
            for name in names {
                set.insert(
                    catalog.provider_named(name).ok_or_else(|| unknown_provider(catalog, name))?,
                );
            }
        }
        if let Some(both) = wanted.providers.and(wanted.exclude).iter().next() {
            let key = &catalog.provider(both).key;
            return Err(CliError::usage(format!("`{key}` is wanted and excluded"))
                .help("drop --provider or --exclude for it"));
        }
        for name in &self.model {
            wanted.models.extend(models(catalog, name)?);
            wanted.pinned.extend(catalog.pinned(name));
        }
        Ok(wanted)
    }

    /// The reasoning effort that is asked for.
    #[cfg(feature = "aws")]
    pub(super) fn effort(&self) -> Result<Option<Effort>, CliError> {
        effort(self.effort.as_deref())
    }

    fn max_wait(&self) -> Result<Option<Wait>, CliError> {
        let given = [
            (&self.max_latency, "--max-latency", false),
            (&self.max_first_token, "--max-first-token", true),
        ];
        let given = given
            .into_iter()
            .find_map(|(text, flag, first_token)| Some((text.as_deref()?, flag, first_token)));
        let Some((text, flag, first_token)) = given else { return Ok(None) };
        let millis = millis(text).ok_or_else(|| {
            let error = CliError::usage(format!("`{text}` is not a time for {flag}"));
            error.help("give seconds or milliseconds up to an hour, such as 1.5s or 300ms")
        })?;
        Ok(Some(Wait { millis, first_token }))
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
                let error = CliError::usage(format!("there is no preference `{text}`"))
                    .meant(nearest(text, known));
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
