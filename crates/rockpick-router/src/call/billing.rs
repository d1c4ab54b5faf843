//! What the attempt under way comes to, and how it is written down.

use tokio::time::Instant;

use super::super::course;
use super::super::ledger::Spent;
use super::super::{Failure, Invoke, Kind, Target, Usage, lock};
use super::{Call, Stage, attempt};
use rockpick_core::money::Usd;

/// No context on Bedrock and no answer has more tokens; larger figures of an endpoint are a mistake or a lie.
const MOST_TOKENS: u64 = 10_000_000;

/// What an attempt comes to.
pub(super) struct Billed {
    cost: Option<Usd>,
    usage: Usage,
    /// Whether nobody said what was used.
    estimated: bool,
}

impl Billed {
    fn nothing() -> Self {
        Self { cost: Some(Usd::ZERO), usage: Usage::default(), estimated: false }
    }
}

fn is_plausible(usage: Usage) -> bool {
    usage.sent() <= MOST_TOKENS && usage.output_tokens <= MOST_TOKENS
}

impl<I: Invoke> Call<'_, I> {
    /// What was spent, failed attempts with it; `None` where that is not known. And whether some of it is estimated.
    pub(super) fn cost(&self) -> (Option<Usd>, bool) {
        let (spent, estimated) = (self.bill.spent(), self.bill.is_estimated());
        match self.stage {
            Stage::Waiting { .. } | Stage::Answering { .. } => {
                let now = self.billed(Some(Kind::Cancelled));
                (spent.zip(now.cost).map(|(before, now)| before + now), estimated || now.estimated)
            }
            Stage::Choosing | Stage::Over(_) => (spent, estimated),
        }
    }

    /// What the attempt under way is billed when it ends like this, and the tokens that it took: what Bedrock said, else about what
    /// was sent and has arrived.
    pub(super) fn billed(&self, failure: Option<Kind>) -> Billed {
        let (Some(candidate), Stage::Waiting { .. } | Stage::Answering { .. }) =
            (&self.candidate, &self.stage)
        else {
            return Billed::nothing();
        };
        let starts = self.fitted.start.is_some();
        let in_doubt = |kind: Kind| kind.may_be_billed() || starts && kind.leaves_doubt();
        let refused = matches!(self.stage, Stage::Waiting { .. }) && !failure.is_some_and(in_doubt);
        if refused || self.doubts > 0 {
            return Billed::nothing();
        }
        let (usage, estimated) = self.used();
        Billed {
            cost: self.bill.cost(candidate, &self.request, usage),
            usage,
            estimated: estimated && self.request.job.is_none(),
        }
    }

    /// The tokens that Bedrock reports, with an estimate for a count that it left out, and whether
    /// any of them is an estimate.
    fn used(&self) -> (Usage, bool) {
        let estimate = self.estimate();
        let Some(reported) = self.got.usage.filter(|usage| is_plausible(*usage)) else {
            return (estimate, true);
        };
        let mut usage = reported;
        if reported.partial && reported.sent() == 0 {
            usage.input_tokens = estimate.input_tokens;
        }
        if reported.partial && reported.output_tokens == 0 {
            usage.output_tokens = estimate.output_tokens;
        }
        (usage, usage != reported)
    }

    /// What an answer that broke off took, about.
    fn estimate(&self) -> Usage {
        let written = self.got.text.chars().count() + self.got.reasoning.chars().count();
        Usage {
            input_tokens: self.input_tokens,
            output_tokens: (written as u64).div_ceil(4),
            ..Usage::default()
        }
    }

    /// Writes down how the attempt ended, here, for other calls and for the account.
    pub(super) fn record(&mut self, failure: Option<&Failure>) {
        let Billed { cost, usage, estimated } = self.billed(failure.map(|failure| failure.kind));
        if self.got.usage.is_some_and(|usage| !is_plausible(usage)) {
            self.warnings.push(
                "the endpoint's figures of what was used cannot be: the cost is estimated"
                    .to_owned(),
            );
        }
        let (Some(candidate), Stage::Waiting { since } | Stage::Answering { since, .. }) =
            (&self.candidate, &self.stage)
        else {
            return;
        };
        self.attempts.push(attempt(candidate, *since, failure));
        course::remember(&mut lock(&self.router.cooldowns), candidate, failure, Instant::now());
        let outcome = failure.map_or("ok", |failure| failure.kind.name());
        let Target { invoke_id, region } = &candidate.target;
        let ms = since.elapsed().as_millis() as u64;
        let said = failure.map_or("", |failure| failure.message.as_str());
        tracing::debug!(target: "rockpick", invoke_id, region, outcome, ms, said, "called");
        if let Err(error) = self.bill.settle(&Spent { cost, usage, estimated, outcome }) {
            self.warnings.push(error.to_string());
        }
    }
}
