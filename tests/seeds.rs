//! The seeds of `fuzz/` through what its targets check.

#![cfg(feature = "aws")]
#![allow(clippy::expect_used, clippy::print_stderr, reason = "a failing test names its seed")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;

/// More seeds than this belong into `fuzz/corpus.found`.
const MOST: usize = 40;
/// So many places of each seed are damaged.
const PLACES: usize = 16;

/// The input cut off, and with one bit turned, at some places.
fn damaged(input: &[u8]) -> Vec<Vec<u8>> {
    let places = (0..PLACES).map(|number| input.len() * number / PLACES);
    let cut = places.clone().map(|at| input[..at].to_vec());
    let turned = places.filter(|at| *at < input.len()).map(|at| {
        let mut turned = input.to_vec();
        turned[at] ^= 1 << (at % 7);
        turned
    });
    cut.chain(turned).collect()
}

fn run(name: &str, target: fn(&[u8])) {
    let folder = format!("{}/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    let seeds: Vec<_> = fs::read_dir(&folder).expect(&folder).collect();
    assert!((5..=MOST).contains(&seeds.len()), "{} seeds of {name}", seeds.len());
    for seed in seeds {
        let path = seed.expect("an entry").path();
        let input = fs::read(&path).expect("a seed");
        eprintln!("{}", path.display());
        target(&input);
        for damaged in damaged(&input) {
            target(&damaged);
        }
    }
}

#[test]
fn seeds_of_rule_files_hold() {
    run("rules", targets::rules);
}

#[test]
fn seeds_of_tasks_hold() {
    run("task", targets::task);
}

#[test]
fn seeds_of_frames_hold() {
    run("frames", targets::frames);
}

#[test]
fn seeds_of_bodies_hold() {
    run("body", targets::body);
}
