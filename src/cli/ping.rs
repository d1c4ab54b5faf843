//! `rockpick doctor --ping`: one short call, to measure how soon and how fast a model answers.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;
use serde::Deserialize;

use super::{CliError, call, settings};
use crate::bedrock::Bedrock;
use crate::money::Usd;
use crate::router::{Event, Plan, Request, Router, Usage};
use crate::task::Tier;

/// What is asked, and the longest answer in tokens: enough to measure, and cheap.
const PROMPT: &str = "Write the numbers from one to sixty as words, separated by spaces.";
const LONGEST: u64 = 256;

/// What was measured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Speed {
    /// Seconds to the first piece of the answer.
    first_token: f64,
    /// Tokens of the answer a second, from the first piece on.
    tokens_per_second: f64,
    region: String,
    date: String,
}

/// What a ping may cost; `None` where no price is known.
pub(super) fn cost(plan: &Plan<'_>) -> Option<Usd> {
    let candidate = plan.offers(0).into_iter().next()?;
    let input_tokens = Request::new(PROMPT).input_tokens();
    Usage { input_tokens, output_tokens: LONGEST, ..Usage::default() }.cost(candidate.price?, Tier::Standard)
}

/// Asks whether it may be spent; where nobody can be asked, only a flag says yes.
pub(super) fn may(id: &str, cost: Option<Usd>) -> Result<bool, CliError> {
    let cost = cost.map_or_else(|| "an amount that is not known".to_owned(), |cost| format!("at most {cost}"));
    if !io::stdin().is_terminal() {
        call::warn(&format!("a ping of {id} costs {cost}; --yes makes it"));
        return Ok(false);
    }
    let mut err = anstream::stderr();
    write!(err, "A ping of {id} costs {cost}. Go on? [y/N] ")?;
    err.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}

/// Calls and measures.
pub(super) async fn measure(router: &Router<Bedrock>, plan: Plan<'_>, region: &str) -> Result<(Speed, Option<Usd>), CliError> {
    let request = Request { max_tokens: Some(LONGEST), stream: true, ..Request::new(PROMPT) };
    let mut call = router.call(plan, request);
    let started = now();
    let (mut first, mut last) = (None, started);
    while let Some(next) = call.next().await {
        match next {
            Ok(Event::Text(_) | Event::Reasoning(_)) => {
                last = now();
                first.get_or_insert(last);
            }
            Ok(_) => {}
            // The bound cuts the answer of a model that writes more: it was measured all the same.
            Err(_) if first.is_some() && call.reply().stop_reason.is_some() => {}
            Err(failed) => return Err(call::error_of(&failed, &call.reply())),
        }
    }
    let reply = call.reply();
    let first = first.ok_or_else(|| CliError::usage("the answer has no text to measure"))?;
    let wrote = (last - first).max(Duration::from_millis(1)).as_secs_f64();
    let speed = Speed {
        first_token: (first - started).as_secs_f64(),
        tokens_per_second: reply.usage.output_tokens as f64 / wrote,
        region: region.to_owned(),
        date: settings::today().to_string(),
    };
    Ok((speed, reply.cost))
}

#[allow(clippy::disallowed_methods, reason = "what is measured is time")]
fn now() -> Instant {
    Instant::now()
}

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s to the first token, {:.0} tokens a second", self.first_token, self.tokens_per_second)
    }
}

/// Keeps a measurement among the user's own; gives the file.
pub(super) fn keep(id: &str, speed: Speed) -> Result<PathBuf, CliError> {
    let places =
        etcetera::choose_base_strategy().map_err(|_| CliError::usage("there is no home folder for what was measured"))?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir()).join("rockpick");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("speed.toml");
    let mut all = read(&path)?;
    all.insert(id.to_owned(), speed);
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    file.write_all(written(&all).as_bytes())?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(path)
}

fn read(path: &Path) -> Result<BTreeMap<String, Speed>, CliError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            CliError::usage(format!("{}: {}", path.display(), error.message())).help("move that file away to begin a new one")
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(CliError::usage(format!("cannot read {}: {error}", path.display()))),
    }
}

fn written(all: &BTreeMap<String, Speed>) -> String {
    let mut text = "# Speeds that `rockpick doctor --ping` measured, by the ID that was called.\n".to_owned();
    for (id, speed) in all {
        let Speed { first_token, tokens_per_second, region, date } = speed;
        text.push_str(&format!(
            "\n[{id:?}]\nfirst-token = {first_token:.3}\ntokens-per-second = {tokens_per_second:.1}\nregion = {region:?}\ndate = {date:?}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let speed = Speed { first_token: 0.5, tokens_per_second: 120.0, region: "eu-west-1".into(), date: "2026-11-30".into() };
        let all = BTreeMap::from([("eu.anthropic.claude-haiku-5-5".to_owned(), speed)]);
        assert_eq!(toml::from_str::<BTreeMap<String, Speed>>(&written(&all)).ok(), Some(all));
    }
}
