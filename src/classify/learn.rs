//! Learning from the rules' own examples: multinomial logistic regression by averaged gradient steps, the same every time.

use super::features::{self, BUCKETS};
use super::{Classifier, Head, Signal};
use crate::phrase::Phrases;
use crate::rules::schema::TaskFile;
use crate::text::Text;

/// How often all examples are gone through.
const ROUNDS: usize = 24;
/// The size of the first step.
const STEP: f32 = 4.0;
/// How strongly weights are pulled to zero.
const DECAY: f32 = 2e-5;
/// What a strong, a weak and an opposing signal say, in log-odds.
const STRONG: f32 = 1.6;
const WEAK: f32 = 0.5;
const AGAINST: f32 = -1.6;

/// What one category teaches.
#[derive(Clone, Debug)]
pub struct Lesson {
    name: String,
    needs: Vec<String>,
    prompts: Vec<String>,
    signals: Vec<(String, f32)>,
}

impl Lesson {
    /// What a category's file teaches.
    pub(crate) fn new(name: &str, file: &TaskFile) -> Self {
        let texts = |texts: &[toml::Spanned<String>]| texts.iter().map(|text| text.get_ref().clone()).collect();
        let signals = [(&file.signals.strong, STRONG), (&file.signals.weak, WEAK), (&file.signals.against, AGAINST)];
        Self {
            name: name.to_owned(),
            needs: texts(&file.examples.needs),
            prompts: texts(&file.examples.prompts),
            signals: signals
                .into_iter()
                .flat_map(|(phrases, weight)| phrases.iter().map(move |phrase| (phrase.get_ref().clone(), weight)))
                .collect(),
        }
    }
}

impl Classifier {
    /// Learns from all lessons.
    pub(crate) fn learn(lessons: &[Lesson]) -> Self {
        let mut meanings = Vec::new();
        let mut phrases = Vec::new();
        for (category, lesson) in (0..).zip(lessons) {
            for (phrase, weight) in &lesson.signals {
                phrases.push((phrase.as_str(), meanings.len() as u32));
                meanings.push(Signal { category, weight: *weight });
            }
        }
        Self {
            names: lessons.iter().map(|lesson| lesson.name.clone()).collect(),
            needs: head(lessons, |lesson| &lesson.needs),
            prompts: head(lessons, |lesson| &lesson.prompts),
            signals: Phrases::new(phrases),
            meanings,
        }
    }
}

struct Example {
    category: usize,
    features: Vec<u32>,
    value: f32,
}

fn head(lessons: &[Lesson], pick: impl Fn(&Lesson) -> &[String]) -> Head {
    let mut examples = Vec::new();
    for (category, lesson) in lessons.iter().enumerate() {
        for text in pick(lesson) {
            let mut features = Vec::new();
            features::each(&Text::new(text), |feature, _| features.push(feature as u32));
            let value = 1.0 / (features.len().max(1) as f32).sqrt();
            examples.push(Example { category, features, value });
        }
    }
    shuffle(&mut examples);
    let categories = lessons.len();
    let (weights, bias) = descend(&examples, categories);
    Head::new(&weights, bias)
}

/// Gradient steps over the examples; the average of the later rounds is what is learnt.
fn descend(examples: &[Example], categories: usize) -> (Vec<f32>, Vec<f32>) {
    let mut weights = vec![0.0f32; BUCKETS * categories];
    let mut bias = vec![0.0f32; categories];
    let mut odds = vec![0.0f32; categories];
    for round in 0..ROUNDS {
        let step = STEP / (1.0 + round as f32 * 0.3);
        for example in examples {
            predict(&weights, &bias, example, &mut odds);
            for (category, odds) in odds.iter_mut().enumerate() {
                *odds = (f32::from(u8::from(category == example.category)) - *odds) * step;
            }
            let shrink = 1.0 - step * DECAY;
            for feature in &example.features {
                let at = *feature as usize * categories;
                for (weight, gradient) in weights[at..at + categories].iter_mut().zip(&odds) {
                    *weight = *weight * shrink + gradient * example.value;
                }
            }
            for (bias, gradient) in bias.iter_mut().zip(&odds) {
                *bias += gradient * 0.01;
            }
        }
    }
    (weights, bias)
}

fn predict(weights: &[f32], bias: &[f32], example: &Example, odds: &mut [f32]) {
    odds.fill(0.0);
    for feature in &example.features {
        let at = *feature as usize * odds.len();
        for (sum, weight) in odds.iter_mut().zip(&weights[at..]) {
            *sum += weight;
        }
    }
    let mut highest = f32::NEG_INFINITY;
    for (sum, bias) in odds.iter_mut().zip(bias) {
        *sum = *sum * example.value + bias;
        highest = highest.max(*sum);
    }
    let mut total = 0.0;
    for sum in odds.iter_mut() {
        *sum = (*sum - highest).exp();
        total += *sum;
    }
    for sum in odds.iter_mut() {
        *sum /= total;
    }
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
