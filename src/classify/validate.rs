//! How well the rules' own examples are read when they are not learnt from.

use super::{Classifier, Lesson, Manner, Reading};
use crate::text::Text;

/// What came out of reading examples that were left out of learning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The categories, in the order of `confusion`.
    pub names: Vec<String>,
    /// How many examples of a category (outer) were read as each (inner).
    pub confusion: Vec<Vec<usize>>,
    /// The examples that were misread.
    pub misread: Vec<Misread>,
}

/// An example that was read as another category than its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// The category whose example it is, by its place.
    pub category: usize,
    /// Its place among the category's examples.
    pub example: usize,
    /// What it was read as.
    pub read_as: usize,
    /// With what probability.
    pub confidence: f32,
}

impl Report {
    /// How many examples were read.
    #[must_use]
    pub fn total(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// The share that was read right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: usize = self.confusion.iter().enumerate().map(|(category, row)| row[category]).sum();
        right as f64 / self.total().max(1) as f64
    }
}

/// Reads every example by a classifier that has not learnt from it nor from the others of its fold.
///
/// With as many folds as the largest category has examples this is leave-one-out; ten folds are nearly as good and much faster.
#[must_use]
pub fn leave_out(lessons: &[Lesson], manner: &Manner, reading: Reading, folds: usize) -> Report {
    let count = lessons.len();
    let mut report = Report {
        names: lessons.iter().map(|lesson| lesson.name.clone()).collect(),
        confusion: vec![vec![0; count]; count],
        misread: Vec::new(),
    };
    let folds = folds.max(2);
    for fold in 0..folds {
        let classifier = Classifier::learn(&without(lessons, reading, fold, folds), manner);
        for (category, lesson) in lessons.iter().enumerate() {
            for (example, text) in lesson.of(reading).iter().enumerate().skip(fold).step_by(folds) {
                let (read_as, confidence) = classifier.read_as(text, reading);
                report.confusion[category][read_as] += 1;
                if read_as != category {
                    report.misread.push(Misread { category, example, read_as, confidence });
                }
            }
        }
    }
    report.misread.sort_by_key(|misread| (misread.category, misread.example));
    report
}

/// The lessons without every `folds`-th example.
fn without(lessons: &[Lesson], reading: Reading, fold: usize, folds: usize) -> Vec<Lesson> {
    let kept =
        |texts: &[String]| texts.iter().enumerate().filter(|(at, _)| at % folds != fold).map(|(_, text)| text.clone()).collect();
    let lesson = |lesson: &Lesson| match reading {
        Reading::Need => Lesson { needs: kept(&lesson.needs), ..lesson.clone() },
        Reading::Prompt => Lesson { prompts: kept(&lesson.prompts), ..lesson.clone() },
    };
    lessons.iter().map(lesson).collect()
}

impl Lesson {
    fn of(&self, reading: Reading) -> &[String] {
        match reading {
            Reading::Need => &self.needs,
            Reading::Prompt => &self.prompts,
        }
    }
}

impl Classifier {
    fn read_as(&self, text: &str, reading: Reading) -> (usize, f32) {
        self.classify(&Text::new(text), reading).scores.first().copied().unwrap_or_default()
    }
}
