//! A wide set of needs in many languages, in the manner in which people write them.

use super::{read, shown};

/// Lines "text | demands".
const TABLE: &str = include_str!("wide.txt");

/// The demands of a line in order, one a word. Amounts are compared to a millionth.
fn demands(line: &str) -> Vec<String> {
    let rounded =
        |word: &str| match word.strip_prefix("cost=").and_then(|cost| cost.split_once('/')) {
            Some((usd, per)) => format!("cost={:.6}/{per}", usd.parse::<f64>().expect(word)),
            None => word.to_owned(),
        };
    // That an answer must be quick is said by its latency already, and a batch by its own.
    let says_more = |word: &&str| !matches!(*word, "prefers=fast" | "features=batch");
    let mut demands: Vec<String> = line.split_whitespace().filter(says_more).map(rounded).collect();
    demands.sort();
    demands
}

#[test]
fn needs_of_a_wide_set_are_read_as_people_read_them() {
    let rows =
        TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'));
    let mut wrong = Vec::new();
    let mut count = 0;
    for (text, expected) in rows {
        let found = shown(&read(text.trim()).settled());
        count += 1;
        if demands(&found) != demands(expected) {
            wrong.push(format!("{}\n  expected:{expected}\n  read:     {found}\n", text.trim()));
        }
    }
    assert!(count > 400, "{count} rows");
    let right = count - wrong.len();
    assert!(right * 100 >= count * 90, "{right} of {count} read\n{}", wrong.concat());
}
