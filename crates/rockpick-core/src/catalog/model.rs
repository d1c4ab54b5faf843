//! A model: what it is, what it can do, how it may be called.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lifecycle::Lifecycle;
use super::schema::SuccessorIs;
use super::thinking::Thinking;
use crate::packed::day;
use crate::task::{
    Feature, FeatureSet, Interface, Kind, ModalitySet, Provider, RegionSet, Retention,
};

/// A model of the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The bare id: `amazon.nova-lite-v1:0`.
    pub id: String,
    /// The name people use: `Nova Lite`.
    pub name: String,
    /// Who made it.
    pub provider: Provider,
    /// What it is for.
    pub kind: Kind,
    /// What it takes.
    pub input: ModalitySet,
    /// What it gives.
    pub output: ModalitySet,
    /// When it came to Bedrock.
    #[serde(with = "day::maybe")]
    pub launched: Option<Date>,
    /// The id of the same model on bedrock-runtime, when this one is only its name on bedrock-mantle.
    pub alias_of: Option<String>,
    /// How much it takes and gives.
    pub limits: Limits,
    /// What it can and cannot do.
    pub features: Features,
    /// How a request must look.
    pub contract: Contract,
    /// Who may keep prompts; nobody, where no source says otherwise.
    pub retention: Retention,
    /// Where it stands in its life.
    pub lifecycle: Lifecycle,
    /// The APIs of bedrock-mantle that serve it.
    pub mantle_apis: Vec<Interface>,
    /// Variants for provisioned throughput only.
    pub provisioned: Vec<Provisioned>,
    /// What thinking costs and gives at each effort it takes, and how fast it answers.
    pub thinking: Thinking,
    /// The source that was searched for its price and has none, where AWS publishes none.
    pub unpriced: Option<String>,
    /// The source of its identity: a key of `rules/sources.toml`.
    pub source: String,
}

/// How much a model takes and gives, in tokens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Input and output together.
    pub context: Option<u64>,
    /// The longest answer.
    pub max_output: Option<u64>,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// What a model can do: yes, no, or not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Features {
    /// It can.
    pub yes: FeatureSet,
    /// It cannot.
    pub no: FeatureSet,
    /// The reasoning efforts that it takes.
    pub efforts: Vec<String>,
    /// What differs by the API that it is called by.
    pub by_api: Vec<ByApi>,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// What a model can and cannot do by one API, where that is known to differ or is told apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByApi {
    /// The API.
    pub api: Interface,
    /// It can.
    pub yes: FeatureSet,
    /// It cannot.
    pub no: FeatureSet,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// How a request must look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Parameters that make a request fail.
    pub refuses: Vec<String>,
    /// Groups of parameters of which only one may be sent.
    pub exclusive: Vec<Vec<String>>,
    /// A key of `rules/sources.toml`; empty when nothing is known.
    pub source: String,
}

/// A variant that is only for provisioned throughput.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provisioned {
    /// Its id.
    pub id: String,
    /// Where it is sold.
    pub regions: RegionSet,
}

/// An id that cannot be called any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retired {
    /// The id.
    pub id: String,
    /// The name people use, where known.
    pub name: Option<String>,
    /// The day from which calls fail, where known.
    #[serde(with = "day::maybe")]
    pub eol: Option<Date>,
    /// The id to move to.
    pub successor: Option<String>,
    /// Whether a source names the successor.
    pub successor_is: Option<SuccessorIs>,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

impl Features {
    /// What a model can do by one API, and what it cannot: what is said of that API, else of the model.
    #[must_use]
    pub fn by(&self, api: Interface) -> (FeatureSet, FeatureSet) {
        match self.by_api.iter().find(|own| own.api == api) {
            Some(own) => {
                (self.yes.without(own.no).or(own.yes), self.no.without(own.yes).or(own.no))
            }
            None => (self.yes, self.no),
        }
    }
}

impl Model {
    /// The API of bedrock-runtime that serves it: Converse where it does, else InvokeModel.
    #[must_use]
    pub fn runtime_api(&self) -> Interface {
        if self.has(Feature::Converse) == Some(true) {
            Interface::Converse
        } else {
            Interface::Invoke
        }
    }

    /// Whether it has a feature: yes, no, or not known.
    #[must_use]
    pub fn has(&self, feature: Feature) -> Option<bool> {
        if self.features.yes.contains(feature) {
            Some(true)
        } else if self.features.no.contains(feature) {
            Some(false)
        } else {
            None
        }
    }
}
