//! How long a decision takes in the process, and what comes before it.

use divan::{Bencher, black_box};
use jiff::civil::date;
use rockpick::task::Task;
use rockpick::{Knowledge, Recommender};

fn main() {
    divan::main();
}

const NEED: &str = "summarise 40k Spanish support tickets a month, must stay in the EU, under $200 a month";

fn task(knowledge: &Knowledge) -> Task {
    let mut task = Task::new(NEED, date(2026, 11, 21));
    task.constraints.regions.extend(knowledge.catalog.region("eu-central-1"));
    task
}

/// From the bytes in the program to models, offers and rules.
#[divan::bench]
fn load() -> Knowledge {
    Knowledge::bundled()
}

/// Read the words, filter every offer, score and rank: what a gateway does for each request.
#[divan::bench]
fn decide(bencher: Bencher) {
    let knowledge = Knowledge::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = task(&knowledge);
    bencher.bench_local(|| recommender.recommend(black_box(&task)).ranked().len());
}

/// The same without a Region: every offer of every commercial Region competes.
#[divan::bench]
fn decide_anywhere(bencher: Bencher) {
    let knowledge = Knowledge::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = Task::new(NEED, date(2026, 11, 21));
    bencher.bench_local(|| recommender.recommend(black_box(&task)).ranked().len());
}

/// Every reason against every model that does not fit.
#[divan::bench]
fn reject(bencher: Bencher) {
    let knowledge = Knowledge::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = task(&knowledge);
    let answer = recommender.recommend(&task);
    bencher.bench_local(|| black_box(&answer).rejected().count());
}
