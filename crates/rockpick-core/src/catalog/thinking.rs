//! What a model's thinking costs and gives at each reasoning effort, and how fast it answers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::task::Effort;

/// What is known of a model's thinking and speed. Nothing is known of most models without reasoning.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thinking {
    /// Milliseconds to the first token of an answer without thinking, as a median.
    pub first_token_ms: Option<u32>,
    /// Tokens a second after the first, as a median.
    pub tokens_per_second: Option<u32>,
    /// Where the speed was measured.
    pub measured: Measured,
    /// The effort of a request, and of a published result, that names none; `None` where no source says.
    pub default: Option<Effort>,
    /// The efforts that it takes, least first. One without a name is a model that always thinks.
    pub levels: Vec<Level>,
    /// A key of `rules/sources.toml`; empty when nothing is known.
    pub source: String,
}

/// Where a model's speed was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measured {
    /// As a median over other providers.
    #[default]
    Elsewhere,
    /// On Bedrock.
    OnBedrock,
    /// On Bedrock, by the user, on this day.
    Here(Date),
}

/// What thinking costs and gives at one effort.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// The effort; `None` for a model that takes none.
    pub effort: Option<Effort>,
    /// Tokens of thinking before a typical answer.
    pub tokens: u64,
    /// How far it lies behind the model's best effort, in log-odds of a broad intelligence index.
    pub behind: f32,
    /// Whether the tokens are an estimate.
    pub estimated: bool,
    /// Whether `behind` is taken from a similar model.
    pub predicted: bool,
    /// Whether a request can ask for it: it is what the model does unasked, or a field for it is known.
    pub askable: bool,
}

/// The only level of a model of whose thinking nothing is known.
const PLAIN: &[Level] = &[Level {
    effort: None,
    tokens: 0,
    behind: 0.0,
    estimated: false,
    predicted: false,
    askable: true,
}];

impl Thinking {
    /// The levels that a request can ask for: one without an effort where nothing is known.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        if self.levels.is_empty() { PLAIN } else { &self.levels }
    }

    /// Whether requests can say how much it thinks.
    #[must_use]
    pub fn takes_efforts(&self) -> bool {
        self.levels.iter().any(|level| level.effort.is_some())
    }

    /// The place among the levels of a published result's effort.
    ///
    /// A result that names no effort has the default one; where that is not known, the highest, which is the dearer
    /// reading. An effort that the model does not take stands for the nearest that it does.
    #[must_use]
    pub fn place_of(&self, effort: Option<Effort>) -> usize {
        let levels = self.levels();
        let last = levels.len() - 1;
        let Some(effort) = effort.or(self.default) else { return last };
        let efforts = || levels.iter().filter_map(|level| level.effort);
        if let Some(at) = efforts().position(|own| own == effort) {
            return at;
        }
        if effort == Effort::None {
            return 0;
        }
        // Whatever thinks is nearer to thinking than to none; of two that are as near, the higher counts.
        let distance =
            |own: Effort| (own == Effort::None, (own as usize).abs_diff(effort as usize));
        let nearest =
            levels.iter().enumerate().rev().min_by_key(|(_, level)| level.effort.map(distance));
        nearest.map_or(last, |(at, _)| at)
    }

    /// Milliseconds to the first token of the answer and to its last one, with so much thinking before it.
    #[must_use]
    pub fn wait(&self, thinking: u64, output: u64) -> Option<(u64, u64)> {
        let (first, rate) = (
            u64::from(self.first_token_ms?),
            u64::from(self.tokens_per_second.filter(|rate| *rate > 0)?),
        );
        let first = first.saturating_add(thinking.saturating_mul(1_000) / rate);
        Some((first, first.saturating_add(output.saturating_mul(1_000) / rate)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(effort: Effort) -> Level {
        Level { effort: Some(effort), ..PLAIN[0] }
    }

    fn thinking(efforts: &[Effort], default: Option<Effort>) -> Thinking {
        Thinking {
            levels: efforts.iter().map(|effort| level(*effort)).collect(),
            default,
            ..Thinking::default()
        }
    }

    #[test]
    fn a_result_without_an_effort_has_the_default_or_the_highest() {
        let efforts = [Effort::None, Effort::Low, Effort::High];
        assert_eq!(thinking(&efforts, Some(Effort::None)).place_of(None), 0);
        assert_eq!(thinking(&efforts, None).place_of(None), 2);
        assert_eq!(Thinking::default().place_of(Some(Effort::High)), 0);
    }

    #[test]
    fn an_effort_that_is_not_taken_stands_for_the_nearest() {
        let efforts = thinking(&[Effort::Low, Effort::High, Effort::Max], None);
        assert_eq!(efforts.place_of(Some(Effort::Medium)), 1);
        assert_eq!(efforts.place_of(Some(Effort::None)), 0);
        let switch = thinking(&[Effort::None, Effort::On], Some(Effort::None));
        assert_eq!(switch.place_of(Some(Effort::Low)), 1, "whatever thinks is on");
    }

    #[test]
    fn thinking_comes_before_the_first_token() {
        let fast = Thinking {
            first_token_ms: Some(800),
            tokens_per_second: Some(100),
            ..Thinking::default()
        };
        assert_eq!(fast.wait(0, 200), Some((800, 2_800)));
        assert_eq!(fast.wait(1_000, 200), Some((10_800, 12_800)));
        assert_eq!(Thinking::default().wait(0, 200), None, "nothing known, nothing said");
    }
}
