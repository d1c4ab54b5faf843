//! Instruction counts of the hot paths, which other work on the machine does not change:
//! `cargo bench -p rockpick-knowledge --bench instructions` compares them with
//! `benches/instructions.toml`, and `-- --bless` writes that file. Counts of a path are the
//! difference between a run with one repetition and one with eleven, by valgrind's callgrind.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a program for developers")]

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use jiff::civil::date;
use rockpick_core::classify::Reading;
use rockpick_core::read::ReadText;
use rockpick_core::task::{RegionSet, Task};
use rockpick_core::text::Text;
use rockpick_core::{Knowledge, Recommender};

/// A count may differ by this share from the one in the file; another compiler moves it as well.
const TOLERANCE: f64 = 0.15;
const PATHS: [&str; 4] = ["decide", "decide-anywhere", "classify", "read"];
const NEED: &str =
    "summarise 40k Spanish support tickets a month, must stay in the EU, under $200 a month";
/// A place, a volume, money, a wait, and a feature.
const MENTIONS: &str = "a chatbot with function calling for our shop in Frankfurt, \
     50,000 requests a month, answers in under 2 seconds, at most $300 a month";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("run") => {
            let times = arguments[3].parse().expect("a number of repetitions");
            run(&arguments[2], times);
            ExitCode::SUCCESS
        }
        _ => compare(arguments.iter().any(|argument| argument == "--bless")),
    }
}

/// Does one path some times.
fn run(path: &str, times: usize) {
    let Knowledge { catalog, rules } = rockpick_knowledge::bundled();
    let recommender = Recommender::new(&catalog, &rules);
    let mut need = Task::new(NEED, date(2026, 11, 30));
    need.constraints.regions.extend(catalog.region("eu-central-1"));
    let understood = recommender.recommend(&need).understanding;
    let mut flags = Task::new("", date(2026, 11, 30));
    flags.category = understood.category.map(|category| category.name.clone());
    flags.constraints = understood.constraints;
    if path == "decide-anywhere" {
        flags.constraints.regions = RegionSet::EMPTY;
        flags.constraints.residency = None;
    }
    for _ in 0..times {
        match path {
            "classify" => {
                let text = Text::new(black_box(NEED));
                black_box(rules.classifier().classify(&text, Reading::Need, &[]));
            }
            "read" => {
                let need = black_box(MENTIONS);
                black_box(ReadText::of(need, Reading::Need, &catalog, &rules, 0));
            }
            _ => {
                black_box(recommender.recommend(black_box(&flags)).ranked().len());
            }
        }
    }
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../benches/instructions.toml")
}

fn compare(bless: bool) -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed: instructions are not counted");
        return ExitCode::SUCCESS;
    }
    let counts = PATHS.map(|path| (count(path, 11) - count(path, 1)) / 10);
    if bless {
        let lines = PATHS.iter().zip(counts).map(|(path, count)| format!("{path} = {count}\n"));
        let head = "# Instructions of the hot paths, written by\n\
             # `cargo bench -p rockpick-knowledge --bench instructions -- --bless`\n\
             # on x86_64; .ci/run fails when one moves by more than 15%.\n";
        fs::write(file(), head.to_owned() + &lines.collect::<String>()).expect("the file");
    }
    let text = fs::read_to_string(file()).expect("benches/instructions.toml");
    let expected: toml::Table = text.parse().expect("TOML");
    let mut worst: f64 = 0.0;
    for (path, count) in PATHS.iter().zip(counts) {
        let before = expected.get(*path).and_then(toml::Value::as_integer).unwrap_or(1);
        let change = count as f64 / before as f64 - 1.0;
        worst = worst.max(change.abs());
        println!("{path:16} {count:>9} instructions, {:+.1}%", change * 100.0);
    }
    if worst <= TOLERANCE {
        return ExitCode::SUCCESS;
    }
    println!("a count moved by more than 15%: if that is meant, run it with `-- --bless`");
    ExitCode::FAILURE
}

/// The instructions of a whole process that does a path some times.
fn count(path: &str, times: usize) -> i64 {
    let own = env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args(["run", path, &times.to_string()])
        .output()
        .expect("valgrind");
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = collected.unwrap_or_else(|| panic!("no count in what valgrind said: {said}"));
    count.trim().parse().expect("a count")
}
