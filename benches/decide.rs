//! How long a decision takes in the process, and what comes before it.

use divan::{Bencher, black_box};
use jiff::civil::date;
use rockpick::task::{RegionSet, Task};
use rockpick::{Knowledge, Recommender};

fn main() {
    divan::main();
}

const NEED: &str =
    "summarise 40k Spanish support tickets a month, must stay in the EU, under $200 a month";

fn need(knowledge: &Knowledge) -> Task {
    let mut task = Task::new(NEED, date(2026, 11, 30));
    task.constraints.regions.extend(knowledge.catalog.region("eu-central-1"));
    task
}

/// What the words of the need say, as flags say it.
fn flags(knowledge: &Knowledge) -> Task {
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let understood = recommender.recommend(&need(knowledge)).understanding;
    let mut task = Task::new("", date(2026, 11, 30));
    task.category = understood.category.map(|category| category.name.clone());
    task.constraints = understood.constraints;
    assert!(
        task.category.is_some()
            && task.constraints.max_cost.is_some()
            && task.constraints.residency.is_some()
    );
    task
}

/// From the bytes in the program to models, offers and rules.
#[divan::bench]
fn load() -> Knowledge {
    rockpick::bundled()
}

/// Filter every offer at every effort and rank, by flags alone.
#[divan::bench]
fn decide(bencher: Bencher) {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = flags(&knowledge);
    bencher.bench_local(|| recommender.recommend(black_box(&task)).ranked().len());
}

/// The same without a Region or a residency: every offer of every commercial Region competes.
#[divan::bench]
fn decide_anywhere(bencher: Bencher) {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let mut task = flags(&knowledge);
    task.constraints.regions = RegionSet::EMPTY;
    task.constraints.residency = None;
    bencher.bench_local(|| recommender.recommend(black_box(&task)).ranked().len());
}

/// Read the words and decide: what a gateway does for each request.
#[divan::bench]
fn decide_by_words(bencher: Bencher) {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = need(&knowledge);
    bencher.bench_local(|| recommender.recommend(black_box(&task)).ranked().len());
}

/// Every reason against every model that does not fit.
#[divan::bench]
fn reject(bencher: Bencher) {
    let knowledge = rockpick::bundled();
    let recommender = Recommender::new(&knowledge.catalog, &knowledge.rules);
    let task = flags(&knowledge);
    let answer = recommender.recommend(&task);
    bencher.bench_local(|| black_box(&answer).rejected().count());
}
