//! What a request costs: what was spent on it so far, and what is set aside for the call under way.

use super::course::Purse;
use super::ledger::{Expense, Ledger, LedgerError, Reservation, Reserved, Spent};
use super::{Candidate, Plan, Request, Usage};
use rockpick_core::money::Usd;
use rockpick_core::task::Tier;

/// The bill of one request.
#[derive(Debug)]
pub(super) struct Bill<'r> {
    ledger: Option<&'r dyn Ledger>,
    tier: Tier,
    budget: Option<Usd>,
    input_tokens: u64,
    /// `None` once something was billed whose price is not known.
    spent: Option<Usd>,
    /// Whether some of it is estimated.
    estimated: bool,
    /// For the call under way.
    reserved: Option<Reserved>,
}

/// What was set aside for a call.
pub(super) enum Grant {
    /// Enough for the longest answer.
    Whole,
    /// Enough for a shorter one.
    Part(Purse),
    /// Nothing yet: other calls have set aside what is left.
    Later,
    /// Nothing: too little is left.
    Nothing,
}

impl<'r> Bill<'r> {
    pub(super) fn new(ledger: Option<&'r dyn Ledger>, plan: &Plan<'_>, input_tokens: u64) -> Self {
        Self {
            ledger,
            tier: plan.tier,
            budget: plan.budget,
            input_tokens,
            spent: Some(Usd::ZERO),
            estimated: false,
            reserved: None,
        }
    }

    /// What calls that have ended cost; `None` where no price is known.
    pub(super) fn spent(&self) -> Option<Usd> {
        self.spent
    }

    /// Whether some of that is estimated.
    pub(super) fn is_estimated(&self) -> bool {
        self.estimated
    }

    /// What is left for this request.
    pub(super) fn purse(&self) -> Purse {
        let spent = self.spent.unwrap_or_default().picos();
        let left = self.budget.map(|budget| Usd::from_picos(budget.picos().saturating_sub(spent)));
        Purse { left, input_tokens: self.input_tokens, tier: self.tier }
    }

    /// What a call costs that takes so much; `None` where no price is known.
    pub(super) fn cost(
        &self,
        candidate: &Candidate<'_>,
        request: &Request,
        usage: Usage,
    ) -> Option<Usd> {
        match &request.job {
            None => usage.cost(candidate.price?, self.tier),
            Some(job) => candidate.price?.cost(self.tier, job.size(usage, candidate.form)),
        }
    }

    /// Sets aside what a call may cost whose answer has at most so many tokens.
    pub(super) fn reserve(
        &mut self,
        candidate: &Candidate<'_>,
        request: &Request,
        longest: Option<u64>,
    ) -> Result<Grant, LedgerError> {
        let Some(ledger) = self.ledger else { return Ok(Grant::Whole) };
        let with = |output_tokens| {
            let usage =
                Usage { input_tokens: self.input_tokens, output_tokens, ..Usage::default() };
            self.cost(candidate, request, usage)
        };
        let most = with(longest.unwrap_or(0));
        // What it is expected to cost, where that is known: an answer of one token is of no use.
        let least =
            if request.job.is_some() { most } else { candidate.cost.min(most).or_else(|| with(1)) };
        let model = candidate.model.map(|model| model.id.as_str());
        let project = request.extra.get("projectIdentifier").and_then(serde_json::Value::as_str);
        let project = project.or_else(|| request.metadata.get("project").map(String::as_str));
        let expense = Expense {
            target: &candidate.target,
            model,
            project,
            tags: &request.metadata,
            least,
            most,
        };
        let reserved = match ledger.reserve(&expense)? {
            Reservation::Made(reserved) => reserved,
            Reservation::Later => return Ok(Grant::Later),
            Reservation::Refused => return Ok(Grant::Nothing),
        };
        self.reserved = Some(reserved);
        let short = reserved.amount.filter(|amount| Some(*amount) < most);
        Ok(short
            .map_or(Grant::Whole, |left| Grant::Part(Purse { left: Some(left), ..self.purse() })))
    }

    /// Adds what a call came to, and writes it down.
    pub(super) fn settle(&mut self, spent: &Spent<'_>) -> Result<(), LedgerError> {
        self.estimated |= spent.estimated && spent.cost != Some(Usd::ZERO);
        self.spent = self.spent.zip(spent.cost).map(|(before, cost)| before + cost);
        match (self.ledger, self.reserved.take()) {
            (Some(ledger), Some(reserved)) => ledger.settle(reserved, spent),
            _ => Ok(()),
        }
    }
}
