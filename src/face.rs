//! The face of the library: a task in, an answer out, mistakes as errors.

mod answer;
mod error;
mod task;

use std::path::Path;

pub use self::answer::{Answer, Choice};
pub use self::error::{Error, ErrorKind};
pub use self::task::Task;
use rockpick_core::catalog::Catalog;
use rockpick_core::rules::RuleSet;
use rockpick_core::{Knowledge, Recommender};

/// Models, prices, Regions, and the rules that choose among them.
///
/// # Examples
/// ```
/// use rockpick::{Budget, Rockpick, Task};
///
/// let rockpick = Rockpick::bundled();
/// let task = Task::new("summarize support tickets")
///     .region("eu-west-1")
///     .residency("eu")
///     .per_month(40_000)
///     .max_cost(Budget::per_month(200));
/// let answer = rockpick.recommend(&task)?;
/// println!("{}", answer.best()?.invoke_id());
/// # Ok::<(), rockpick::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Rockpick {
    knowledge: Knowledge,
}

impl Rockpick {
    /// What ships with this crate.
    #[must_use]
    pub fn bundled() -> Self {
        Self { knowledge: rockpick_knowledge::bundled() }
    }

    /// The bundled rules with the files of folders laid over them, the last one on top.
    ///
    /// # Errors
    /// [`ErrorKind::Rules`] with every mistake in the files.
    pub fn with_rules<P: AsRef<Path>>(folders: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        let folders: Vec<P> = folders.into_iter().collect();
        let knowledge = rockpick_knowledge::with_overlays(folders.iter().map(AsRef::as_ref))
            .map_err(Error::rules)?;
        Ok(Self { knowledge })
    }

    /// Recommends offers for a task: pure, and the same every time. That nothing fits is an answer too.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`] for a Region, place, model, category, provider, or feature that the catalog does not have.
    ///
    /// # Examples
    /// ```
    /// use rockpick::{ErrorKind, Rockpick, Task};
    ///
    /// let mistyped = Task::new("a chatbot").region("eu-wst-1");
    /// let error = Rockpick::bundled().recommend(&mistyped).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UnknownName);
    /// assert!(error.to_string().contains("did you mean `eu-west-1`?"));
    /// ```
    pub fn recommend(&self, task: &Task) -> Result<Answer<'_>, Error> {
        let task = task.resolved(&self.knowledge)?;
        Ok(Answer::new(Recommender::new(self.catalog(), self.rules()).recommend(&task)))
    }

    /// Models, offers, prices, and Regions.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.knowledge.catalog
    }

    /// Categories, preferences, and evidence.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.knowledge.rules
    }
}
