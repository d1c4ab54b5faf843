//! `rockpick doctor --ping`: one short call, to measure how soon and how fast a model answers.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::speed::Speed;
use super::{CliError, call, settings};
use crate::bedrock::Bedrock;
use crate::money::Usd;
use crate::router::{Event, Plan, Request, Router, Usage};
use crate::task::Tier;

/// What is asked, and the longest answer in tokens: enough to measure, and cheap.
const PROMPT: &str = "Write the numbers from one to sixty as words, separated by spaces.";
const LONGEST: u64 = 256;

/// What a ping may cost; `None` where no price is known.
pub(super) fn cost(plan: &Plan<'_>) -> Option<Usd> {
    let candidate = plan.offers(0).into_iter().next()?;
    let input_tokens = Request::new(PROMPT).input_tokens();
    Usage { input_tokens, output_tokens: LONGEST, ..Usage::default() }
        .cost(candidate.price?, Tier::Standard)
}

/// Asks whether it may be spent; where nobody can be asked, only a flag says yes.
pub(super) fn may(id: &str, cost: Option<Usd>) -> Result<bool, CliError> {
    let cost = cost
        .map_or_else(|| "an amount that is not known".to_owned(), |cost| format!("at most {cost}"));
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
pub(super) async fn measure(
    router: &Router<Bedrock>,
    plan: Plan<'_>,
    region: &str,
) -> Result<(Speed, Option<Usd>), CliError> {
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
        date: settings::today(),
    };
    Ok((speed, reply.cost))
}

#[allow(clippy::disallowed_methods, reason = "what is measured is time")]
fn now() -> Instant {
    Instant::now()
}
