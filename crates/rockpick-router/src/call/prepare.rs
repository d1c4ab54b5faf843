//! Before a call: the request as an offer takes it, and the money for it.

use std::time::Duration;

use tokio::time::Instant;

use super::super::bill::Grant;
use super::super::course::{self, Purse};
use super::super::failure::{Failure, Kind};
use super::super::ledger::{LedgerError, Spent};
use super::super::repair::{Facts, Repair, fit};
use super::super::{Candidate, Collected, Invoke, Request, Target, Usage, lock};
use super::{Call, Lost, Stage};
use rockpick_core::money::Usd;

/// How long is waited for money that other calls have set aside.
const FOR_MONEY: Duration = Duration::from_secs(30);

/// What comes of preparing a call.
enum Prepared {
    /// The request as the candidate takes it, with the changes that were made.
    Ready(Box<Request>, Vec<Repair>),
    /// It is not called.
    PassedBy,
    /// Other calls have set aside what is left to spend.
    Later,
}

impl<'r, I: Invoke> Call<'r, I> {
    /// Begins to call a candidate, or passes it by; gives a pause when it may be called later.
    pub(super) fn begin(
        &mut self,
        candidate: Candidate<'r>,
        purse: Purse,
    ) -> Result<Option<Duration>, Lost> {
        let now = Instant::now();
        let (fitted, repairs) = match self.prepared(&candidate, purse)? {
            Prepared::Ready(fitted, repairs) => (*fitted, repairs),
            Prepared::PassedBy => return Ok(None),
            Prepared::Later => {
                self.course.once_more(candidate);
                return Ok(Some(self.router.pause(0)));
            }
        };
        let repairs: Vec<Repair> = self.mended.iter().cloned().chain(repairs).collect();
        if self.router.policy.strict && !repairs.is_empty() {
            let _ = self.bill.settle(&Spent {
                cost: Some(Usd::ZERO),
                usage: Usage::default(),
                estimated: false,
                outcome: Kind::Cancelled.name(),
            });
            return Err(Lost::Strict(repairs));
        }
        course::begin(&mut lock(&self.router.cooldowns), &candidate, now);
        self.warnings = repairs.iter().map(Repair::to_string).collect();
        let Target { invoke_id, region } = &candidate.target;
        tracing::debug!(target: "rockpick", invoke_id, region, repairs = ?self.warnings, "calling");
        self.fitted = fitted;
        self.got = Collected::default();
        self.held.clear();
        self.candidate = Some(candidate);
        self.stage = Stage::Waiting { since: now };
        Ok(None)
    }

    /// The request as a candidate takes it, with what it may cost set aside.
    fn prepared(&mut self, candidate: &Candidate<'r>, purse: Purse) -> Result<Prepared, Lost> {
        let (fitted, repairs) = match self.fitted_to(candidate, purse) {
            Ok(fitted) => fitted,
            Err(why) => return Ok(self.pass_by(candidate, &why)),
        };
        // A job in doubt was counted when it was started first: it is the same job.
        if self.doubts > 0 {
            return Ok(Prepared::Ready(Box::new(fitted), repairs));
        }
        let unwritten =
            |error: LedgerError| Lost::Failed(Failure::new(Kind::Ledger, error.to_string()));
        // Where an answer has no bound of its own, the model's is the longest.
        let longest =
            fitted.max_tokens.or(candidate.model.and_then(|model| model.limits.max_output));
        match self.bill.reserve(candidate, &self.request, longest).map_err(unwritten)? {
            Grant::Whole => Ok(Prepared::Ready(Box::new(fitted), repairs)),
            Grant::Part(purse) => Ok(match self.fitted_to(candidate, purse) {
                Ok((fitted, repairs)) => Prepared::Ready(Box::new(fitted), repairs),
                Err(why) => self.pass_by(candidate, &why),
            }),
            Grant::Later if self.started.elapsed() < FOR_MONEY => Ok(Prepared::Later),
            Grant::Later | Grant::Nothing => {
                self.course.forgo();
                Ok(Prepared::PassedBy)
            }
        }
    }

    fn pass_by(&mut self, candidate: &Candidate<'r>, why: &str) -> Prepared {
        self.note_worst(&Failure::new(
            Kind::Unsupported,
            format!("{} {why}", candidate.target.invoke_id),
        ));
        Prepared::PassedBy
    }

    /// The request as a candidate takes it, or why it does not.
    fn fitted_to(
        &self,
        candidate: &Candidate<'_>,
        purse: Purse,
    ) -> Result<(Request, Vec<Repair>), String> {
        if let Some(job) = &self.request.job {
            let form = candidate.form.ok_or("is called in a way that is not known")?;
            job.check(form)?;
            return Ok((
                Request {
                    body: job.body(form),
                    start: self.request.start.clone(),
                    ..Request::default()
                },
                Vec::new(),
            ));
        }
        let form = candidate
            .conversation(self.course.plan().api)
            .map_err(|()| "is called in a way that is not known")?;
        let lessons = lock(&self.router.lessons).of(&candidate.target.invoke_id);
        let facts = Facts {
            model: candidate.model,
            lessons: &lessons,
            thinking: candidate.thinking,
            effort: candidate.effort,
            ways: self.course.plan().ways,
            quirks: candidate.quirks,
            form,
            affordable: purse.affordable(candidate),
        };
        fit(&self.request, &facts)
    }
}
