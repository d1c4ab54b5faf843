//! One request on its way to an answer.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::course::{self, Course, Purse, Step, Verdict};
use super::failure::{Action, Failure, Kind};
use super::lesson::taught_by;
use super::repair::{Facts, Repair, fit};
use super::{Answer, Attempt, Candidate, Collected, Event, Invoke, Plan, Reply, Request, Router, Usage, lock};
use crate::money::Usd;

/// What may still follow the end of an answer has to come soon.
const AFTER_THE_END: Duration = Duration::from_secs(5);

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Lost {
    /// Nothing may be called.
    #[error("nothing fits that could be called")]
    NothingFits,
    /// Nothing that may be called answered.
    #[error("{0}")]
    Failed(Failure),
    /// The answer began and did not come to its end; what arrived is in the reply.
    #[error("the answer is incomplete: {0}")]
    Incomplete(Failure),
    /// The request would have to be changed, and that was not wanted.
    #[error("the request does not fit: {}", .0.iter().map(Repair::to_string).collect::<Vec<_>>().join("; "))]
    Strict(Vec<Repair>),
}

/// A request that is being answered: read it with [`Call::next`] to its end. Dropping it ends the call.
#[derive(Debug)]
pub struct Call<'r, I: Invoke> {
    router: &'r Router<I>,
    request: Request,
    input_tokens: u64,
    course: Course<'r>,
    started: Instant,
    /// What is being called, or what answered.
    candidate: Option<Candidate<'r>>,
    stage: Stage<I::Answer>,
    /// The request as the candidate takes it.
    fitted: Request,
    got: Collected,
    attempts: Vec<Attempt>,
    warnings: Vec<String>,
    spent: Usd,
    worst: Option<Failure>,
}

/// How far the call has come.
#[derive(Debug)]
enum Stage<A> {
    /// No offer is being called.
    Choosing,
    /// An offer was called and has not begun to answer.
    Waiting { since: Instant },
    /// It answers.
    Answering { since: Instant, answer: A },
    /// It is over, after this time.
    Over(Duration),
}

impl<'r, I: Invoke> Call<'r, I> {
    pub(super) fn new(router: &'r Router<I>, plan: Plan<'r>, request: Request) -> Self {
        Self {
            input_tokens: request.input_tokens(),
            course: Course::new(plan, &router.policy),
            router,
            request,
            started: Instant::now(),
            candidate: None,
            stage: Stage::Choosing,
            fitted: Request::default(),
            got: Collected::default(),
            attempts: Vec::new(),
            warnings: Vec::new(),
            spent: Usd::ZERO,
            worst: None,
        }
    }

    /// The next piece of the answer; `None` when it is complete.
    ///
    /// # Errors
    /// [`Lost`], after which there is nothing more.
    pub async fn next(&mut self) -> Option<Result<Event, Lost>> {
        loop {
            let lost = match self.stage {
                Stage::Over(_) => return None,
                Stage::Choosing => self.choose().await.err(),
                Stage::Waiting { .. } | Stage::Answering { .. } => match self.advance().await {
                    Ok(Some(event)) => {
                        self.got.add(&event);
                        return Some(Ok(event));
                    }
                    Ok(None) => None,
                    Err(failure) => self.judge(failure).await.err(),
                },
            };
            if let Some(lost) = lost {
                self.stage = Stage::Over(self.started.elapsed());
                return Some(Err(lost));
            }
        }
    }

    /// What has arrived so far, with every attempt; one that is still under way counts as cancelled.
    #[must_use]
    pub fn reply(&self) -> Reply {
        let mut attempts = self.attempts.clone();
        if let (Stage::Waiting { since } | Stage::Answering { since, .. }, Some(candidate)) = (&self.stage, &self.candidate) {
            attempts.push(attempt(candidate, *since, Some(&Failure::new(Kind::Cancelled, "ended by the caller"))));
        }
        let target = self.candidate.as_ref().map(|candidate| candidate.target.clone());
        let (invoke_id, region) = target.map(|target| (target.invoke_id, target.region)).unwrap_or_default();
        Reply {
            text: self.got.text.clone(),
            reasoning: (!self.got.reasoning.is_empty()).then(|| self.got.reasoning.clone()),
            tool_calls: self.got.tool_calls(),
            stop_reason: self.got.stop_reason.clone(),
            usage: self.got.usage.unwrap_or_default(),
            cost: self.cost(),
            invoke_id,
            region,
            model: self.candidate.as_ref().and_then(|candidate| candidate.model).map(|model| model.id.clone()),
            attempts,
            warnings: self.warnings.clone(),
            took: if let Stage::Over(took) = self.stage { took } else { self.started.elapsed() },
        }
    }

    /// What was spent, failed attempts with it; `None` where that is not known.
    fn cost(&self) -> Option<Usd> {
        let (Some(candidate), true) = (&self.candidate, self.got.usage.is_some() || self.got.begun) else {
            return Some(self.spent);
        };
        let usage = self.got.usage.unwrap_or(self.estimate());
        let (price, tier) = (candidate.price?, self.course.plan().tier);
        let cost = match &self.request.job {
            None => usage.cost(price, tier),
            Some(job) => price.cost(tier, job.size(usage)),
        };
        Some(cost? + self.spent)
    }

    /// What an answer that broke off took, about.
    fn estimate(&self) -> Usage {
        let written = self.got.text.chars().count() + self.got.reasoning.chars().count();
        Usage { input_tokens: self.input_tokens, output_tokens: (written as u64).div_ceil(4), ..Usage::default() }
    }

    fn purse(&self) -> Purse {
        let plan = self.course.plan();
        let left = plan.budget.map(|budget| Usd::from_picos(budget.picos().saturating_sub(self.spent.picos())));
        Purse { left, input_tokens: self.input_tokens, tier: plan.tier }
    }

    fn time_left(&self) -> Duration {
        self.router.policy.total.saturating_sub(self.started.elapsed())
    }

    /// Takes the next offer, or waits until there may be one.
    async fn choose(&mut self) -> Result<(), Lost> {
        let policy = &self.router.policy;
        if self.attempts.len() >= policy.attempts || self.time_left().is_zero() {
            return Err(self.lost(false));
        }
        let now = Instant::now();
        let purse = self.purse();
        let step = self.course.next(policy, &lock(&self.router.cooldowns), now, purse);
        match step {
            Step::Try(candidate) => self.begin(*candidate, purse),
            Step::Over { too_dear } => Err(self.lost(too_dear)),
            Step::Again(None) => Ok(()),
            Step::Again(Some(asked)) => {
                let pause = self.router.pause(self.course.sweeps()).max(asked);
                if self.worst.as_ref().is_none_or(|failure| failure.kind.response().0 != Action::Retry)
                    || pause >= self.time_left()
                {
                    return Err(self.lost(false));
                }
                sleep(pause).await;
                Ok(())
            }
        }
    }

    fn begin(&mut self, candidate: Candidate<'r>, purse: Purse) -> Result<(), Lost> {
        let now = Instant::now();
        let lessons = lock(&self.router.lessons).of(&candidate.target.invoke_id);
        let facts = Facts {
            model: candidate.model,
            lessons: &lessons,
            effort_form: candidate.effort_form,
            form: candidate.conversation(self.course.plan().api).ok().flatten(),
            affordable: purse.affordable(&candidate),
        };
        let Some((fitted, repairs)) = self.fitted_to(&candidate, &facts) else {
            self.note_worst(&Failure::new(
                Kind::Unsupported,
                format!("how {} is called is not known", candidate.target.invoke_id),
            ));
            return Ok(());
        };
        if self.router.policy.strict && !repairs.is_empty() {
            return Err(Lost::Strict(repairs));
        }
        course::begin(&mut lock(&self.router.cooldowns), &candidate, now);
        self.warnings = repairs.iter().map(Repair::to_string).collect();
        self.fitted = fitted;
        self.got = Collected::default();
        self.candidate = Some(candidate);
        self.stage = Stage::Waiting { since: now };
        Ok(())
    }

    /// The request as a candidate takes it; `None` when nobody knows the body that it wants.
    fn fitted_to(&self, candidate: &Candidate<'_>, facts: &Facts<'_>) -> Option<(Request, Vec<Repair>)> {
        let Some(job) = &self.request.job else {
            candidate.conversation(self.course.plan().api).ok()?;
            return Some(fit(&self.request, facts));
        };
        let body = job.body(candidate.form?)?;
        Some((Request { body: Some(body), ..Request::default() }, Vec::new()))
    }

    /// The next piece of what is being called; `None` when there is something else to do first.
    async fn advance(&mut self) -> Result<Option<Event>, Failure> {
        let policy = &self.router.policy;
        let left = self.time_left();
        let ended = self.got.stop_reason.is_some();
        match &mut self.stage {
            Stage::Waiting { since } => {
                let since = *since;
                let Some(candidate) = &self.candidate else { return Ok(None) };
                let limit = if self.fitted.stream { policy.first_byte } else { policy.total };
                let answer = within(limit.min(left), self.router.invoke.invoke(&candidate.target, &self.fitted)).await??;
                self.stage = Stage::Answering { since, answer };
                Ok(None)
            }
            Stage::Answering { answer, .. } => {
                let limit = match (ended, self.got.begun) {
                    (true, _) => AFTER_THE_END,
                    (false, true) => policy.idle,
                    (false, false) => policy.first_byte,
                };
                match within(limit.min(left), answer.next()).await {
                    Ok(Some(Ok(event))) => Ok(Some(event)),
                    // Only figures can follow the end; the answer is whole without them.
                    _ if ended => {
                        self.succeed();
                        Ok(None)
                    }
                    Ok(None) => Err(Failure::new(Kind::Truncated, "the answer ended before it was complete")),
                    Ok(Some(Err(failure))) | Err(failure) => Err(failure),
                }
            }
            Stage::Choosing | Stage::Over(_) => Ok(None),
        }
    }

    fn succeed(&mut self) {
        self.record(None);
        self.stage = Stage::Over(self.started.elapsed());
    }

    /// Writes down how the attempt ended, here and for other calls.
    fn record(&mut self, failure: Option<&Failure>) {
        let (Some(candidate), Stage::Waiting { since } | Stage::Answering { since, .. }) = (&self.candidate, &self.stage) else {
            return;
        };
        self.attempts.push(attempt(candidate, *since, failure));
        course::remember(&mut lock(&self.router.cooldowns), candidate, failure, Instant::now());
    }

    /// What follows a failure: nothing once something was delivered, else what the table says.
    async fn judge(&mut self, failure: Failure) -> Result<(), Lost> {
        self.record(Some(&failure));
        if self.got.begun {
            return Err(Lost::Incomplete(failure));
        }
        let Some(candidate) = self.candidate.clone() else { return Err(Lost::Failed(failure)) };
        if matches!(self.stage, Stage::Answering { .. }) {
            // It had begun: what was sent is billed.
            self.got.usage = Some(self.got.usage.unwrap_or(self.estimate()));
            self.spent = self.cost().unwrap_or(self.spent);
            self.got.usage = None;
        }
        self.stage = Stage::Choosing;
        let lesson = taught_by(&failure, &self.fitted);
        if lesson.is_some_and(|lesson| lock(&self.router.lessons).learn(&candidate.target.invoke_id, lesson)) {
            self.course.once_more(candidate);
            return Ok(());
        }
        self.note_worst(&failure);
        match self.course.after(candidate, &failure, &self.router.policy, self.input_tokens) {
            Verdict::Stop => Err(Lost::Failed(failure)),
            Verdict::GoOn => Ok(()),
            Verdict::Retry { retry, asked } => {
                let pause = self.router.pause(retry).max(asked.unwrap_or_default());
                if pause < self.time_left() {
                    sleep(pause).await;
                }
                Ok(())
            }
        }
    }

    /// Of all failures the last one that may pass says most; else the last.
    fn note_worst(&mut self, failure: &Failure) {
        let passes = |failure: &Failure| failure.kind.response().0 == Action::Retry;
        if passes(failure) || !self.worst.as_ref().is_some_and(passes) {
            self.worst = Some(failure.clone());
        }
    }

    fn lost(&self, too_dear: bool) -> Lost {
        match &self.worst {
            Some(failure) => Lost::Failed(failure.clone()),
            None if too_dear => {
                Lost::Failed(Failure::new(Kind::OverBudget, "every offer that fits costs more than is left of the budget"))
            }
            None if self.time_left().is_zero() => Lost::Failed(Failure::new(Kind::Timeout, "there was no time left")),
            None => Lost::NothingFits,
        }
    }
}

impl<I: Invoke> Drop for Call<'_, I> {
    /// Another call may find out what this one no longer will.
    fn drop(&mut self) {
        if matches!(self.stage, Stage::Waiting { .. } | Stage::Answering { .. }) {
            self.record(Some(&Failure::new(Kind::Cancelled, "ended by the caller")));
        }
    }
}

fn attempt(candidate: &Candidate<'_>, since: Instant, failure: Option<&Failure>) -> Attempt {
    Attempt {
        invoke_id: candidate.target.invoke_id.clone(),
        region: candidate.target.region.clone(),
        failure: failure.map(|failure| failure.kind),
        message: failure.map(|failure| failure.message.clone()),
        took: since.elapsed(),
    }
}

async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Result<T, Failure> {
    let late = || Failure::new(Kind::Timeout, format!("nothing arrived for {:.1} s", limit.as_secs_f64()));
    timeout(limit, future).await.map_err(|_| late())
}
