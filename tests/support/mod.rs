//! The command as people run it: a scrubbed environment, no network, no configuration.

#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::expect_used, reason = "a test that cannot run the command has failed")]

use std::process::{Command, Output, Stdio};

/// The date on which the answers of the tests hold.
pub(crate) const DATE: &str = "2026-11-21";

/// The command with nothing of the environment but PATH and an empty HOME.
pub(crate) fn rockpick(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command.env_clear().env("HOME", env!("CARGO_TARGET_TMPDIR")).args(arguments);
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
}

/// What a run left behind.
pub(crate) struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code().expect("an exit code"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Run {
    /// The answer as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).expect("JSON")
    }

    /// The answer as CSV: its header and its rows.
    pub(crate) fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::Reader::from_reader(self.stdout.as_bytes());
        let strings =
            |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let header = strings(reader.headers().expect("a header"));
        (header, reader.records().map(|record| strings(&record.expect("a row"))).collect())
    }

    /// The values of one column of CSV.
    pub(crate) fn column(&self, name: &str) -> Vec<String> {
        let (header, rows) = self.csv();
        let at = header
            .iter()
            .position(|title| title == name)
            .unwrap_or_else(|| panic!("no column {name}"));
        rows.into_iter().map(|mut row| row.swap_remove(at)).collect()
    }

    /// That it was refused as wrong usage, with every one of some words.
    pub(crate) fn refused(&self, words: &[&str]) {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert!(self.stdout.is_empty(), "{}", self.stdout);
        assert!(self.stderr.starts_with("error: "), "{}", self.stderr);
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not in: {}", self.stderr);
        }
    }
}

/// Runs the command on the date of the tests.
pub(crate) fn run(arguments: &[&str]) -> Run {
    let dated = [arguments, &["--as-of", DATE]].concat();
    rockpick(&dated).output().expect("a run").into()
}

/// Runs the command with variables of the environment.
pub(crate) fn run_with(variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let dated = [arguments, &["--as-of", DATE]].concat();
    rockpick(&dated).envs(variables.iter().copied()).output().expect("a run").into()
}

/// Runs the command with nobody reading its answer, as `| head -c 0` does.
pub(crate) fn run_unread(arguments: &[&str]) -> Run {
    let mut child =
        rockpick(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a run");
    drop(child.stdout.take());
    child.wait_with_output().expect("an end").into()
}
