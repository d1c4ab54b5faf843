//! Learning from the rules' own examples: multinomial logistic regression by gradient steps, the same every time.

use super::features::{self, BUCKETS, Feature, NEED, PROMPT, Values};
use super::head::{Head, stride};
use super::negation;
use super::table::WordTable;
use crate::text::Text;

/// How often all examples are gone through, at most and at least; in between, as often as the work that is allowed permits.
const ROUNDS: std::ops::RangeInclusive<usize> = 6..=20;
/// The work that is allowed, in weights looked at: it keeps loading large sets of people's own under a second.
const WORK: usize = 1_500_000_000;
/// The size of the first step, and how fast steps get smaller.
const STEP: f32 = 4.0;
const STEP_OF_MANY: f32 = 3.0;
const FALL: f32 = 0.3;
/// How strongly weights are pulled to zero.
const DECAY: f32 = 1e-3;
const DECAY_OF_MANY: f32 = 8e-4;
/// How much slower what a category starts with is learnt.
const BIAS: f32 = 0.01;
/// Corrections smaller than this are left out where there are many categories.
const SMALL: f32 = 2e-3;
const MANY: usize = 40;
/// Fewer than one in so many are corrected one by one, more all together.
const FEW: usize = 8;
/// Where there are many categories, an example that is read right with this probability rests for so many rounds.
const LEARNT: f32 = 0.95;
const REST: u8 = 2;
/// About so many features a text has for each byte.
const FEATURES_A_BYTE: usize = 4;
/// So many examples of one kind stand in for the other where a category has none of that.
const BORROWED: usize = 10;

/// What one category teaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// The category's name.
    pub name: String,
    /// Described needs.
    pub needs: Vec<String>,
    /// Concrete prompts.
    pub prompts: Vec<String>,
    /// Words and phrases that speak strongly for it.
    pub strong: Vec<String>,
    /// Words and phrases that speak for it.
    pub weak: Vec<String>,
    /// Words and phrases that speak against it.
    pub against: Vec<String>,
}

impl Lesson {
    /// The examples of needs; some of prompts where there are none.
    fn for_needs(&self) -> &[String] {
        if self.needs.is_empty() { &self.prompts[..self.prompts.len().min(BORROWED)] } else { &self.needs }
    }

    /// The examples of prompts; some of needs where there are none.
    fn for_prompts(&self) -> &[String] {
        if self.prompts.is_empty() { &self.needs[..self.needs.len().min(BORROWED)] } else { &self.prompts }
    }
}

/// The three heads: for needs, for prompts, and the one that tells needs (0) from prompts (1).
pub(super) fn heads(lessons: &[Lesson], words: &WordTable) -> [Head; 3] {
    let kinds = [kind(lessons, |lesson| &lesson.needs), kind(lessons, |lesson| &lesson.prompts)];
    std::thread::scope(|scope| {
        let prompts = scope.spawn(|| head(lessons, Lesson::for_prompts, words, PROMPT));
        let needs = head(lessons, Lesson::for_needs, words, NEED);
        let kind = head(&kinds, Lesson::for_needs, words, PROMPT);
        [needs, prompts.join().unwrap_or_default(), kind]
    })
}

/// All examples of a kind, as if they were those of one category. Categories that have one kind only say nothing about it.
fn kind(lessons: &[Lesson], pick: impl Fn(&Lesson) -> &[String]) -> Lesson {
    let both = lessons.iter().filter(|lesson| !lesson.needs.is_empty() && !lesson.prompts.is_empty());
    Lesson { needs: both.flat_map(|lesson| pick(lesson).to_vec()).collect(), ..Lesson::default() }
}

struct Example {
    category: usize,
    features: Vec<(u32, f32)>,
    /// The fewer examples a category has, the more each of them counts.
    weight: f32,
}

fn head(lessons: &[Lesson], pick: impl Fn(&Lesson) -> &[String], words: &WordTable, values: Values) -> Head {
    let taught = lessons.iter().filter(|lesson| !pick(lesson).is_empty()).count();
    let total: usize = lessons.iter().map(|lesson| pick(lesson).len()).sum();
    let mut examples = Vec::with_capacity(total);
    for (category, lesson) in lessons.iter().enumerate() {
        let texts = pick(lesson);
        let weight = total as f32 / (taught * texts.len()).max(1) as f32;
        examples.extend(texts.iter().map(|text| Example { category, features: vector(text, words, values), weight }));
    }
    shuffle(&mut examples);
    descend(&examples, lessons.len())
}

fn vector(text: &str, words: &WordTable, values: Values) -> Vec<(u32, f32)> {
    let mut features = Vec::with_capacity(text.len() * FEATURES_A_BYTE);
    let text = Text::new(text);
    let negated = if values == NEED { negation::negated(&text, words) } else { Vec::new() };
    features::each(&text, words, &negated, values, |Feature { bucket, value, .. }| features.push((bucket as u32, value as f32)));
    let length = features.iter().map(|(_, value)| value * value).sum::<f32>().max(1.0).sqrt();
    features.iter_mut().for_each(|(_, value)| *value /= length);
    features
}

/// Gradient steps over the examples.
fn descend(examples: &[Example], categories: usize) -> Head {
    let stride = stride(categories);
    let work = examples.iter().map(|example| example.features.len()).sum::<usize>() * stride;
    let many = categories > MANY;
    let rounds = if many { *ROUNDS.start() } else { (WORK / work.max(1)).clamp(*ROUNDS.start(), *ROUNDS.end()) };
    let (first_step, decay) = if many { (STEP_OF_MANY, DECAY_OF_MANY) } else { (STEP, DECAY) };
    let mut weights = vec![0.0f32; BUCKETS * stride];
    let mut bias = vec![0.0f32; categories];
    let mut odds = vec![0.0f32; stride];
    let mut rested = vec![0u8; examples.len()];
    for round in 0..rounds {
        let step = first_step / (1.0 + round as f32 * FALL);
        for (example, rest) in examples.iter().zip(&mut rested) {
            if *rest > 0 {
                *rest -= 1;
                continue;
            }
            predict(&weights, &bias, example, &mut odds);
            if many && odds[example.category] > LEARNT {
                *rest = REST;
            }
            odds[example.category] -= 1.0;
            odds.iter_mut().for_each(|odds| *odds *= -step * example.weight);
            bias.iter_mut().zip(&odds).for_each(|(bias, gradient)| *bias += gradient * BIAS);
            correct(&mut weights, example, &odds, 1.0 - step * decay, many);
        }
    }
    Head::new(&weights, bias)
}

/// Moves the weights of an example's features. With many categories only those that are off by more than a little: few are.
fn correct(weights: &mut [f32], example: &Example, gradients: &[f32], shrink: f32, many: bool) {
    let is_off = |gradient: f32| !many || gradient.abs() > SMALL;
    let off = || gradients.iter().copied().enumerate().filter(|(_, gradient)| is_off(*gradient));
    let stride = gradients.len();
    if off().count() * FEW < stride {
        let off: Vec<(usize, f32)> = off().collect();
        for (feature, value) in &example.features {
            let row = &mut weights[*feature as usize * stride..][..stride];
            for (category, gradient) in &off {
                row[*category] = row[*category] * shrink + gradient * value;
            }
        }
        return;
    }
    let kept: Vec<f32> = gradients.iter().map(|gradient| if is_off(*gradient) { shrink } else { 1.0 }).collect();
    let moved: Vec<f32> = gradients.iter().map(|gradient| if is_off(*gradient) { *gradient } else { 0.0 }).collect();
    for (feature, value) in &example.features {
        let row = &mut weights[*feature as usize * stride..][..stride];
        for ((weight, kept), moved) in row.iter_mut().zip(&kept).zip(&moved) {
            *weight = *weight * kept + moved * value;
        }
    }
}

/// The probability of each category.
fn predict(weights: &[f32], bias: &[f32], example: &Example, odds: &mut [f32]) {
    odds.fill(0.0);
    let stride = odds.len();
    let row = |feature: u32| &weights[feature as usize * stride..][..stride];
    // Four rows at once: their way from memory is most of the work.
    let (fours, rest) = example.features.as_chunks::<4>();
    for [a, b, c, d] in fours {
        let rows = row(a.0).iter().zip(row(b.0)).zip(row(c.0).iter().zip(row(d.0)));
        for (sum, ((wa, wb), (wc, wd))) in odds.iter_mut().zip(rows) {
            *sum += (wa * a.1 + wb * b.1) + (wc * c.1 + wd * d.1);
        }
    }
    for (feature, value) in rest {
        odds.iter_mut().zip(row(*feature)).for_each(|(sum, weight)| *sum += weight * value);
    }
    let (odds, beyond) = odds.split_at_mut(bias.len());
    beyond.fill(0.0);
    odds.iter_mut().zip(bias).for_each(|(sum, bias)| *sum += bias);
    super::to_probabilities(odds, 1.0);
}

/// A fixed shuffle, so that learning is the same every time.
fn shuffle(examples: &mut [Example]) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for at in (1..examples.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        examples.swap(at, (state % (at as u64 + 1)) as usize);
    }
}
