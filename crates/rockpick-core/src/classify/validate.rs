//! How well the rules' own examples are read when they are not learned from.

use super::descend::Example;
use super::learn::Course;
use super::{Classifier, Lesson, Manner, Reading};
use crate::text::Text;

/// The fewest parts.
const FEWEST: usize = 2;
/// The work that is a matter of seconds, in weights looked at.
const QUICK: usize = 8_000_000_000;

/// What came out of reading examples that were left out of learning.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The categories, in the order of `confusion`.
    pub names: Vec<String>,
    /// How many examples of a category (outer) were read as each (inner).
    pub confusion: Vec<Vec<usize>>,
    /// The examples that were misread.
    pub misread: Vec<Misread>,
    /// In how many parts they were left out; as many as there are examples when each was left out by itself.
    pub parts: usize,
}

/// An example as it was read, mostly as another category than its own.
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
    /// Whether each example was left out by itself.
    #[must_use]
    pub fn is_one_by_one(&self) -> bool {
        self.parts >= self.total()
    }

    /// How many examples were read.
    #[must_use]
    pub fn total(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// The share that was read right.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: usize =
            self.confusion.iter().enumerate().map(|(category, row)| row[category]).sum();
        right as f64 / self.total().max(1) as f64
    }
}

/// In how many parts examples are left out of learning, one part at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Each example by itself.
    Each,
    /// In so many.
    Exactly(usize),
    /// Each by itself where that is a matter of seconds, else in as many parts as are.
    Quick,
}

impl Parts {
    fn of(self, course: &Course, examples: usize) -> usize {
        let parts = match self {
            Self::Each => examples,
            Self::Exactly(parts) => parts,
            Self::Quick => QUICK / course.work().max(1),
        };
        parts.clamp(FEWEST, examples.max(FEWEST))
    }
}

/// Reads the examples of some categories by a head that has not learned from them, nor from others of their part.
///
/// Learning goes through the examples in an order of their own, so what is read of an example that is left out by itself is
/// what would be read had it never been written.
#[must_use]
pub fn leave_out(
    lessons: &[Lesson],
    manner: &Manner,
    reading: Reading,
    parts: Parts,
    examined: &[bool],
) -> Report {
    let whole = Classifier::learn(lessons, manner);
    let course = Course::of(lessons, reading, &whole.words);
    let is_examined = |at: &usize| {
        let Example { category, place, .. } = course.examples[*at];
        examined.get(category).is_some_and(|examined| *examined)
            && lessons[category].of(reading).len() > place
    };
    let places: Vec<usize> = (0..course.examples.len()).filter(is_examined).collect();
    let count = parts.of(&course, places.len());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    let read_part = &|first: usize| {
        let part: Vec<usize> = places.iter().skip(first).step_by(count).copied().collect();
        whole.read_without(lessons, &course, reading, &part)
    };
    let every =
        &|thread: usize| (thread..count).step_by(threads).flat_map(read_part).collect::<Vec<_>>();
    let read: Vec<Misread> = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || every(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    report(lessons, read, count)
}

fn report(lessons: &[Lesson], read: Vec<Misread>, parts: usize) -> Report {
    let mut report = Report {
        names: lessons.iter().map(|lesson| lesson.name.clone()).collect(),
        confusion: vec![vec![0; lessons.len()]; lessons.len()],
        misread: Vec::new(),
        parts,
    };
    for example in read {
        report.confusion[example.category][example.read_as] += 1;
        if example.read_as != example.category {
            report.misread.push(example);
        }
    }
    report.misread.sort_by_key(|misread| (misread.category, misread.example));
    report
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
    /// Reads a part of a course by a head that has learned from the others. Of which kind the texts are is known.
    fn read_without(
        &self,
        lessons: &[Lesson],
        course: &Course,
        reading: Reading,
        part: &[usize],
    ) -> Vec<Misread> {
        let head = course.head_without(|at| part.binary_search(&at).is_ok());
        let read = |at: &usize| {
            let Example { category, place, .. } = course.examples[*at];
            let text = Text::new(&lessons[category].of(reading)[place]);
            let (scores, _) = self.scores(&text, reading, &head, &[]);
            let (read_as, confidence) = scores.first().copied().unwrap_or_default();
            Misread { category, example: place, read_as, confidence }
        };
        part.iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons() -> Vec<Lesson> {
        let lesson = |name: &str, needs: &[&str]| Lesson {
            name: name.to_owned(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
            ..Lesson::default()
        };
        vec![
            lesson(
                "bread",
                &[
                    "bake rye bread",
                    "knead dough",
                    "sourdough bread recipe",
                    "bread for toast",
                    "ride a loaf",
                ],
            ),
            lesson(
                "bikes",
                &[
                    "ride a bike",
                    "repair a bike tyre",
                    "bike lanes in town",
                    "oil the chain",
                    "bike bread basket",
                ],
            ),
            lesson(
                "birds",
                &[
                    "feed birds",
                    "birds in winter",
                    "a nest for owls",
                    "count birds",
                    "toast with owls",
                ],
            ),
        ]
    }

    #[test]
    fn an_example_that_is_left_out_is_read_as_if_it_had_never_been_written() {
        let (lessons, manner) = (lessons(), Manner::default());
        let report = leave_out(&lessons, &manner, Reading::Need, Parts::Each, &[true, true, true]);
        assert!(report.is_one_by_one());
        assert!(!report.misread.is_empty() && report.accuracy() > 0.0, "{report:?}");
        for (category, lesson) in lessons.iter().enumerate() {
            for (example, text) in lesson.needs.iter().enumerate() {
                let mut others = lessons.clone();
                others[category].needs.remove(example);
                let expected = Classifier::learn(&others, &manner)
                    .classify(&Text::new(text), Reading::Need, &[])
                    .scores[0];
                let misread = report
                    .misread
                    .iter()
                    .find(|misread| (misread.category, misread.example) == (category, example));
                let read = misread.map_or(category, |misread| misread.read_as);
                assert_eq!(read, expected.0, "{text}");
                assert!(
                    misread.is_none_or(|misread| (misread.confidence - expected.1).abs() < 1e-6),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn only_examples_of_the_categories_that_are_examined_are_read() {
        let report = leave_out(
            &lessons(),
            &Manner::default(),
            Reading::Need,
            Parts::Exactly(2),
            &[false, true, false],
        );
        assert_eq!((report.total(), report.parts, report.is_one_by_one()), (5, 2, false));
    }
}
