//! What is spent is written down, and budgets hold: between calls, between processes, and when one of them is killed.
#![cfg(all(feature = "cli", feature = "aws", feature = "history"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;
#[path = "common/scripted.rs"]
mod scripted;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use command::{err, json_of, out, run};
use jiff::civil::date;
use loopback::{End, Loopback, frames, reply, stream};
use rockpick::Recommender;
use rockpick::money::Usd;
use rockpick::router::{
    Expense, Kind, Ledger, Lost, Plan, Policy, Request, Reservation, Reserved, Router, Spent,
    Target, Usage,
};
use rockpick::spend::{Budget, By, History, Period};
use rockpick::task::Task;
use scripted::{Scripted, fails, text};
use tokio::process::Command;

/// Noon of 2026-11-21 in UTC.
fn noon() -> i64 {
    1_795_262_400
}

/// A folder of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spend").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

/// Nothing that a call is added up by.
static NO_TAGS: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();

fn usd(text: &str) -> Usd {
    Usd::parse(text).expect("dollars")
}

fn daily(amount: &str) -> Vec<Budget> {
    vec![Budget { usd: usd(amount), per: Period::Day }]
}

fn history(path: &Path, budgets: Vec<Budget>) -> History {
    History::open(path, noon).expect("a history").within(budgets)
}

fn ask(history: &History, least: &str, most: &str) -> Reservation {
    let target = Target { invoke_id: "some.model".into(), region: "us-east-1".into() };
    let expense = Expense {
        target: &target,
        model: None,
        project: None,
        tags: &NO_TAGS,
        least: Some(usd(least)),
        most: Some(usd(most)),
    };
    history.reserve(&expense).expect("written down")
}

fn made(reservation: Reservation) -> Reserved {
    if let Reservation::Made(reserved) = reservation { reserved } else { panic!("{reservation:?}") }
}

fn settle(history: &History, reserved: Reserved, cost: &str) {
    let spent =
        Spent { cost: Some(usd(cost)), usage: Usage::default(), estimated: false, outcome: "ok" };
    history.settle(reserved, &spent).expect("written down");
}

#[test]
fn what_is_set_aside_is_gone_until_it_is_settled() {
    let file = folder("aside").join("spend.db");
    let one = history(&file, daily("1"));
    let first = made(ask(&one, "0.1", "0.8"));
    assert_eq!(first.amount, Some(usd("0.8")));
    // Another process sees it: it gets the rest, and after that nothing for now.
    let other = history(&file, daily("1"));
    let second = made(ask(&other, "0.1", "0.8"));
    assert_eq!(second.amount, Some(usd("0.2")));
    assert_eq!(ask(&one, "0.1", "0.8"), Reservation::Later);
    assert_eq!(ask(&one, "1.1", "1.2"), Reservation::Refused);
    settle(&one, first, "0.3");
    assert_eq!(made(ask(&other, "0.1", "0.5")).amount, Some(usd("0.5")));
    assert_eq!(one.left().expect("read"), [(daily("1")[0], Usd::ZERO)]);
}

#[test]
fn a_new_day_has_its_own_budget_and_the_month_goes_on() {
    let file = folder("days").join("spend.db");
    let budgets = || [daily("1"), vec![Budget { usd: usd("1.5"), per: Period::Month }]].concat();
    let today = history(&file, budgets());
    settle(&today, made(ask(&today, "0.1", "1")), "1");
    assert_eq!(ask(&today, "0.1", "1"), Reservation::Refused);
    let tomorrow = History::open(&file, || noon() + 86_400).expect("a history").within(budgets());
    assert_eq!(made(ask(&tomorrow, "0.1", "1")).amount, Some(usd("0.5")));
    let next_month =
        History::open(&file, || noon() + 15 * 86_400).expect("a history").within(budgets());
    assert_eq!(made(ask(&next_month, "0.1", "1")).amount, Some(usd("1")));
}

#[test]
fn calls_at_the_same_time_never_spend_the_same_money() {
    let file = folder("threads").join("spend.db");
    let granted: Usd = std::thread::scope(|scope| {
        let spend = || {
            let own = history(&file, daily("1"));
            let mut spent = Usd::ZERO;
            for _ in 0..25 {
                match ask(&own, "0.01", "0.03") {
                    Reservation::Made(reserved) => {
                        spent = spent + usd("0.02");
                        settle(
                            &own,
                            reserved,
                            if reserved.amount >= Some(usd("0.02")) { "0.02" } else { "0.01" },
                        );
                    }
                    Reservation::Later | Reservation::Refused => {}
                }
                assert!(own.totals(By::Day, None).expect("read")[0].cost <= usd("1"));
            }
            spent
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(spend)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    assert!(granted >= usd("0.9"), "{granted}: money was left although it was asked for");
}

#[test]
fn without_a_price_there_is_no_budget_to_hold() {
    let file = folder("unpriced").join("spend.db");
    let target = Target { invoke_id: "some.model".into(), region: "us-east-1".into() };
    let expense = Expense {
        target: &target,
        model: None,
        project: None,
        tags: &NO_TAGS,
        least: None,
        most: None,
    };
    assert_eq!(history(&file, daily("1")).reserve(&expense), Ok(Reservation::Refused));
    let free = history(&file, Vec::new());
    let reserved = made(free.reserve(&expense).expect("written down"));
    free.settle(
        reserved,
        &Spent { cost: None, usage: Usage::default(), estimated: false, outcome: "ok" },
    )
    .expect("written down");
    assert_eq!(free.totals(By::Model, None).expect("read")[0].unpriced, 1);
}

#[test]
fn another_programs_database_is_left_as_it_is() {
    let file = folder("foreign").join("b.db");
    let foreign = rusqlite::Connection::open(&file).expect("a database");
    foreign.execute_batch("CREATE TABLE bookmark (url TEXT)").expect("a table");
    drop(foreign);
    let before = std::fs::read(&file).expect("a file");
    assert!(
        History::open(&file, noon)
            .is_err_and(|error| error.to_string().contains("another program"))
    );
    assert_eq!(std::fs::read(&file).expect("a file"), before);
    assert!(!file.with_extension("db-wal").exists());
}

#[test]
fn an_absurd_row_leaves_the_file_usable() {
    let file = folder("absurd").join("spend.db");
    for _ in 0..3 {
        let own = history(&file, Vec::new());
        let reserved = made(ask(&own, "1", "1"));
        let cost = Some(Usd::from_picos(u128::MAX));
        let usage = Usage { input_tokens: u64::MAX, output_tokens: u64::MAX, ..Usage::default() };
        own.settle(reserved, &Spent { cost, usage, estimated: true, outcome: "ok" })
            .expect("written down");
    }
    assert_eq!(ask(&history(&file, daily("1")), "0.1", "0.2"), Reservation::Refused);
    let totals = history(&file, Vec::new()).totals(By::Tag, None).expect("read");
    assert_eq!((totals[0].name.as_str(), totals[0].calls, totals[0].estimated), ("none", 3, 3));
}

#[test]
fn another_file_is_no_history() {
    let folder = folder("broken");
    std::fs::write(
        folder.join("text"),
        "no database, but long enough to look like one ".repeat(100),
    )
    .expect("a file");
    assert!(History::open(&folder.join("text"), noon).is_err());
    assert!(History::open(&folder, noon).is_err());
    let newer = folder.join("newer.db");
    let file = rusqlite::Connection::open(&newer).expect("a database");
    file.pragma_update(None, "user_version", 99).expect("a version");
    assert!(
        History::open(&newer, noon).expect_err("too new").to_string().contains("newer rockpick")
    );
}

/// A router over a script, with an account.
async fn routed(
    script: Scripted,
    ledger: History,
) -> (Result<rockpick::router::Reply, Lost>, Vec<String>) {
    let known = rockpick::bundled();
    let mut task = Task::new("", date(2026, 11, 21));
    task.category = Some("chatbot".into());
    task.constraints.regions.insert(known.catalog.region("us-east-1").expect("a Region"));
    let answer = Recommender::new(&known.catalog, &known.rules).recommend(&task);
    let router = Router::new(script, Policy::default()).accounted(Box::new(ledger));
    let reply = router.route(Plan::of(&answer), Request::new("hi")).await;
    (reply, router.invoke().called())
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_written_down_with_what_it_came_to() {
    let file = folder("attempts").join("spend.db");
    let script =
        Scripted::default().on("", [fails(Kind::Throttled), fails(Kind::Throttled), text("ok")]);
    let (reply, called) = routed(script, history(&file, daily("5"))).await;
    let reply = reply.expect("an answer");
    assert_eq!(called.len(), 3);
    let totals = history(&file, Vec::new()).totals(By::Outcome, None).expect("read");
    let rows: Vec<_> =
        totals.iter().map(|total| (total.name.as_str(), total.calls, Some(total.cost))).collect();
    assert_eq!(rows, [("ok", 1, reply.cost), ("throttled", 2, Some(Usd::ZERO))]);
    assert_eq!((totals[0].input_tokens, totals[0].output_tokens), (10, 5));
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_a_while_for_money_that_others_have_set_aside() {
    let file = folder("waits").join("spend.db");
    let other = history(&file, daily("0.01"));
    let all = made(ask(&other, "0.01", "0.01"));
    let script = || Scripted::default().on("", [text("ok")]);
    let started = tokio::time::Instant::now();
    let (reply, called) = routed(script(), history(&file, daily("0.01"))).await;
    assert!(
        matches!(&reply, Err(Lost::Failed(failure)) if failure.kind == Kind::OverBudget),
        "{reply:?}"
    );
    assert!(
        called.is_empty()
            && started.elapsed() >= Duration::from_secs(30)
            && started.elapsed() < Duration::from_secs(32)
    );
    let ends = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        settle(&other, all, "0.002");
    };
    let ((reply, called), ()) = tokio::join!(routed(script(), history(&file, daily("0.01"))), ends);
    assert!(reply.is_ok() && called.len() == 1, "{reply:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_counts_for_what_it_had() {
    let file = folder("dropped").join("spend.db");
    let script = Scripted::default().on("", [scripted::Says::Hangs]);
    let late =
        tokio::time::timeout(Duration::from_secs(1), routed(script, history(&file, daily("5"))))
            .await;
    assert!(late.is_err());
    let totals = history(&file, Vec::new()).totals(By::Outcome, None).expect("read");
    assert_eq!((totals[0].name.as_str(), totals[0].calls), ("cancelled", 1));
    assert!(totals[0].cost > Usd::ZERO && totals[0].open == Usd::ZERO, "{totals:?}");
}

/// As long as the figures of the loopback's answers say: about 1,000 tokens.
fn prompt(canary: &str) -> String {
    format!("{canary} {}", "word ".repeat(800))
}

#[tokio::test]
async fn a_budget_holds_over_processes_and_nothing_said_is_written_down() {
    let server = Loopback::start([reply("canary-of-the-answer")]).await;
    let folder = folder("processes");
    let file = folder.join("deeper").join("spend.db").to_string_lossy().into_owned();
    let prompt = prompt("canary-of-the-prompt");
    // One model: with less money left a cheaper one would be called.
    let one = [
        "route",
        "-t",
        "chatbot",
        "-m",
        "nova micro",
        "--no-stream",
        "--max-tokens",
        "100",
        "--history",
        &file,
        &prompt,
    ];
    let first = run(&server, &one, None, &[]).await;
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let spend = run(&server, &["spend", "--history", &file, "-o", "json"], None, &[]).await;
    let cost = json_of(&spend.stdout)["totals"][0]["cost_usd"].as_f64().expect("a cost");

    // Money for five more at the most.
    let budget = format!("{:.9}/day", cost * 6.3);
    let within: Vec<&str> = one.iter().copied().chain(["--budget", &budget]).collect();
    let runs = (0..10).map(|_| run(&server, &within, None, &[]));
    let codes: Vec<i32> = futures_util::future::join_all(runs)
        .await
        .iter()
        .filter_map(|output| output.status.code())
        .collect();
    let answered = codes.iter().filter(|code| **code == 0).count();
    assert!(codes.iter().all(|code| matches!(code, 0 | 5)), "{codes:?}");
    assert!((1..=5).contains(&answered), "{codes:?}");
    assert_eq!(server.seen().len(), 1 + answered, "who has no money makes no call");
    let last = run(&server, &["spend", "--history", &file, "--budget", &budget], None, &[]).await;
    assert!(out(&last).contains(" is left of ") && out(&last).contains("DAY"), "{}", out(&last));

    for entry in std::fs::read_dir(folder.join("deeper")).expect("the folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(!bytes.windows(10).any(|part| part == b"canary-of-"));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_a_killed_process_had_set_aside_stays_counted() {
    use tokio::io::AsyncReadExt as _;
    let server = Loopback::start([stream(&frames(&["Once"])[..2], 64, End::Hang)]).await;
    let file = folder("killed").join("spend.db");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command
        .args(["route", "-t", "chatbot", "hi", "--budget", "5/day", "--history"])
        .arg(&file)
        .env_clear();
    command
        .env("AWS_ENDPOINT_URL", &server.url)
        .env("AWS_REGION", "us-east-1")
        .stdin(Stdio::null());
    command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("rockpick");
    child.stdout.as_mut().expect("stdout").read_exact(&mut [0; 4]).await.expect("a word");
    child.kill().await.expect("killed");
    let spend = run(
        &server,
        &["spend", "--by", "outcome", "-o", "json", "--history", &file.to_string_lossy()],
        None,
        &[],
    )
    .await;
    let total = &json_of(&spend.stdout)["totals"][0];
    assert_eq!(
        (total["name"].as_str(), total["calls"].as_u64()),
        (Some("open"), Some(1)),
        "{}",
        err(&spend)
    );
    assert!(total["open_usd"].as_f64().is_some_and(|open| open > 0.0), "{total}");
    // Others go on.
    let server = Loopback::start([reply("ok")]).await;
    let file = file.to_string_lossy();
    let arguments =
        ["route", "-t", "chatbot", "--no-stream", "hi", "--budget", "5/day", "--history", &file];
    assert_eq!(run(&server, &arguments, None, &[]).await.status.code(), Some(0));
}

#[tokio::test]
async fn looking_at_a_history_begins_none() {
    let server = Loopback::start([reply("no")]).await;
    let file = folder("looking").join("none.db");
    let output = run(
        &server,
        &["spend", "--budget", "5/day", "--history", &file.to_string_lossy()],
        None,
        &[],
    )
    .await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).contains("Nothing is written down") && out(&output).contains("$5.00 is left"),
        "{}",
        out(&output)
    );
    let hourly = run(
        &server,
        &["spend", "--budget", "0.5/hour", "--history", &file.to_string_lossy()],
        None,
        &[],
    )
    .await;
    assert!(out(&hourly).contains("$0.50 an hour"), "{}", out(&hourly));
    assert!(!file.exists());
}

#[tokio::test]
async fn mistakes_in_budgets_are_told_before_anything_is_called() {
    let server = Loopback::start([reply("ok")]).await;
    let file = folder("mistakes").join("spend.db").to_string_lossy().into_owned();
    for (budget, told) in [
        ("5", "/day"),
        ("5/fortnight", "/week"),
        ("€5/day", "US dollars"),
        ("0/day", "above 0"),
        ("x/day", "US dollars"),
    ] {
        let output =
            run(&server, &["route", "hi", "--history", &file, "--budget", budget], None, &[]).await;
        assert!(
            output.status.code() == Some(2) && err(&output).contains(told),
            "{budget}: {}",
            err(&output)
        );
    }
    let broken = command::tempfile("spend-no-database", "no database ".repeat(200).as_bytes());
    let output = run(&server, &["route", "hi", "--history", &broken], None, &[]).await;
    assert!(
        output.status.code() == Some(2) && err(&output).contains("--history"),
        "{}",
        err(&output)
    );
    assert!(server.seen().is_empty());
}
