//! What was recommended.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

use rockpick_core::Recommendation;
use rockpick_core::money::Usd;
use rockpick_core::recommend::Choice as CoreChoice;
use rockpick_core::task::{Effort, Route};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::Error;

/// Offers for a task, best first, and why the other models do not fit.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    inner: Recommendation<'a>,
}

impl<'a> Answer<'a> {
    pub(super) fn new(inner: Recommendation<'a>) -> Self {
        Self { inner }
    }

    /// The best choice.
    ///
    /// # Errors
    /// [`ErrorKind::NothingFits`](super::ErrorKind::NothingFits) with what would have to change.
    pub fn best(&self) -> Result<Choice<'_, 'a>, Error> {
        let nothing = || {
            let changes: Vec<String> =
                self.inner.changes(None).into_iter().map(|change| change.text).collect();
            Error::nothing_fits(&changes)
        };
        self.ranked().next().ok_or_else(nothing)
    }

    /// What fits, best first: each model once, at its best offer and effort.
    pub fn ranked(&self) -> impl Iterator<Item = Choice<'_, 'a>> {
        self.inner.ranked().iter().map(|choice| Choice { answer: &self.inner, inner: choice })
    }

    /// The models that do not fit, each with the codes of every reason.
    pub fn rejected(&self) -> impl Iterator<Item = (&'a str, Vec<&'static str>)> {
        let catalog = self.inner.catalog;
        self.inner.rejected().map(|(model, reasons)| {
            let codes = reasons.iter().map(|reason| reason.name()).collect();
            (catalog.model(model).id.as_str(), codes)
        })
    }

    /// The category that the task was understood as; `None` when the words do not tell and nothing was assumed.
    #[must_use]
    pub fn category(&self) -> Option<&'a str> {
        self.inner.category().map(|category| category.name.as_str())
    }

    /// What should be known about the answer.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        self.inner.warnings().into_iter().map(|warning| warning.text).collect()
    }

    /// The whole answer of the core, for what this face does not show.
    #[must_use]
    pub fn inner(&self) -> &Recommendation<'a> {
        &self.inner
    }
}

/// An offer at an effort: one ID to call, where data goes, and what it costs.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'r, 'a> {
    answer: &'r Recommendation<'a>,
    inner: &'r CoreChoice<'a>,
}

impl<'a> Choice<'_, 'a> {
    /// Exactly the ID to call.
    #[must_use]
    pub fn invoke_id(&self) -> Cow<'a, str> {
        self.answer.catalog.invoke_id(self.inner.offer)
    }

    /// The model's own ID.
    #[must_use]
    pub fn model_id(&self) -> &'a str {
        &self.answer.catalog.model(self.inner.model).id
    }

    /// The name that people use.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.answer.catalog.model(self.inner.model).name
    }

    /// The Region to call from.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.answer.catalog.code(self.inner.offer.region)
    }

    /// The route.
    #[must_use]
    pub fn route(&self) -> Route {
        self.inner.offer.route
    }

    /// The reasoning effort; `None` where the model takes none.
    #[must_use]
    pub fn effort(&self) -> Option<Effort> {
        self.inner.effort
    }

    /// What one request costs, its thinking included, where known.
    #[must_use]
    pub fn cost_per_request(&self) -> Option<Usd> {
        self.inner.cost
    }

    /// Quality at the task, as a share of the best on Bedrock, where public evidence tells.
    #[must_use]
    pub fn quality(&self) -> Option<f32> {
        self.inner.quality.map(|quality| quality.value)
    }

    /// Why it stands where it does.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        self.answer.reasons(self.inner).into_iter().map(|reason| reason.text).collect()
    }
}

impl Display for Choice<'_, '_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} from {}", self.name(), self.invoke_id(), self.region())?;
        if let Some(effort) = self.effort() {
            write!(f, ", {effort} effort")?;
        }
        if let Some(cost) = self.cost_per_request() {
            write!(f, ", {cost} a request")?;
        }
        match self.quality() {
            Some(quality) => write!(f, ", quality {quality:.2}"),
            None => f.write_str(", quality not measured"),
        }
    }
}

impl Display for Answer<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.best() {
            Err(error) => Display::fmt(&error, f),
            Ok(best) => {
                write!(f, "{best}")?;
                best.reasons().into_iter().try_for_each(|reason| write!(f, "\n  - {reason}"))
            }
        }
    }
}

impl Serialize for Choice<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut part = serializer.serialize_struct("Choice", 8)?;
        part.serialize_field("model", self.model_id())?;
        part.serialize_field("name", self.name())?;
        part.serialize_field("invoke_id", &self.invoke_id())?;
        part.serialize_field("region", self.region())?;
        part.serialize_field("route", self.route().name())?;
        part.serialize_field("effort", &self.effort().map(|effort| effort.name()))?;
        part.serialize_field("cost_per_request_usd", &self.cost_per_request().map(Usd::as_f64))?;
        part.serialize_field("quality", &self.quality())?;
        part.end()
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut part = serializer.serialize_struct("Answer", 4)?;
        part.serialize_field("category", &self.category())?;
        part.serialize_field("choice", &self.ranked().next())?;
        part.serialize_field("ranked", &self.ranked().collect::<Vec<_>>())?;
        part.serialize_field("warnings", &self.warnings())?;
        part.end()
    }
}
