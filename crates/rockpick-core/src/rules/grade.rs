//! Words for a quality, the same for every category and whatever else fits.

use serde::{Deserialize, Serialize};

use super::Quality;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// How good a model is at a task, beside the best on Bedrock.
    Grade {
        /// Beside the best.
        Strong = "strong",
        /// Good.
        Good = "good",
        /// Fair.
        Fair = "fair",
        /// Weak: not to be called good, however weak the others are.
        Weak = "weak",
        /// No public evidence.
        NotMeasured = "not-measured",
    }
}

/// The least quality of each grade: `rules/grades.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grades {
    /// Of a strong model.
    pub strong: f32,
    /// Of a good one.
    pub good: f32,
    /// Of a fair one; below it is weak.
    pub fair: f32,
}

impl Grades {
    /// The grade of a quality.
    #[must_use]
    pub fn of(&self, quality: Option<&Quality>) -> Grade {
        match quality.map(|quality| quality.value) {
            None => Grade::NotMeasured,
            Some(value) if value >= self.strong => Grade::Strong,
            Some(value) if value >= self.good => Grade::Good,
            Some(value) if value >= self.fair => Grade::Fair,
            Some(_) => Grade::Weak,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_is_that_of_the_whole_scale() {
        let grades = Grades { strong: 0.8, good: 0.6, fair: 0.4 };
        let of = |value| {
            grades.of(Some(&Quality {
                value,
                low: value,
                high: value,
                measured_at: None,
                predicted: false,
            }))
        };
        assert_eq!(
            [of(0.9), of(0.6), of(0.41), of(0.09)],
            [Grade::Strong, Grade::Good, Grade::Fair, Grade::Weak]
        );
        assert_eq!(grades.of(None), Grade::NotMeasured);
    }
}
