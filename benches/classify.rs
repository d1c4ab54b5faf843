//! How long reading takes: `cargo bench --bench classify`. Plain timing, so that nothing has to be installed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

use std::time::{Duration, Instant};

use rockpick::classify::Reading;
use rockpick::text::Text;

const SHORT: &[&str] = &[
    "un chatbot para soporte en Fráncfort, barato",
    "we get 300-page scanned contracts and need the parties as JSON",
    "Write a haiku about rust",
    "A box has 5 red, 4 blue and 3 green marbles. Two are drawn without replacement. What is the probability both are blue?",
    "def running(values):\n    \"\"\" Return the running sums of a list.\n    >>> running([1, 2])\n    [1, 3]\n    \"\"\"",
];

fn main() {
    let began = Instant::now();
    let knowledge = rockpick::bundled();
    println!("load       {:?}", began.elapsed());
    let classifier = knowledge.rules.classifier();
    println!("model      {} bytes", rockpick::packed::pack(classifier).len());
    let decide = |text: &str| {
        std::hint::black_box(classifier.classify(&Text::new(text), Reading::Prompt, &[]))
    };
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..4_000 {
        let began = Instant::now();
        decide(SHORT[round % SHORT.len()]);
        times.push(began.elapsed());
    }
    times.sort();
    println!(
        "decision   p50 {:?}, p99 {:?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    let long =
        "The storm reached the coast after midnight and tore roofs from houses. ".repeat(1_400);
    let mut times: Vec<Duration> = (0..50)
        .map(|_| {
            let began = Instant::now();
            decide(&long);
            began.elapsed()
        })
        .collect();
    times.sort();
    println!("{} kB     {:?}", long.len() / 1000, times[times.len() / 2]);
}
