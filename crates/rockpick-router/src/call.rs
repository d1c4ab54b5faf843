//! One request on its way to an answer.

mod billing;
mod judge;
mod prepare;

use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::bill::Bill;
use super::course::{Course, Step};
use super::ending;
use super::failure::{Action, Failure, Kind};
use super::repair::Repair;
use super::{
    Answer, Attempt, Candidate, Collected, Event, Invoke, Plan, Reply, Request, Router, lock,
};

/// What may still follow the end of an answer has to come soon.
const AFTER_THE_END: Duration = Duration::from_secs(5);
/// How often a job is started once more when it is in doubt whether it was.
const MOST_DOUBTS: u32 = 4;

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
    /// The answer was stopped; what arrived is in the reply.
    #[error("{0}")]
    Stopped(Failure),
    /// The request would have to be changed, and that was not wanted.
    #[error("the request does not fit: {}", .0.iter().map(Repair::to_string).collect::<Vec<_>>().join("; "))]
    Strict(Vec<Repair>),
}

/// A request that is being answered: read it with [`Call::next`] to its end. Dropping it ends the call.
#[derive(Debug)]
pub struct Call<'r, I: Invoke> {
    router: &'r Router<I>,
    request: Request,
    /// What was changed in it, whoever answers.
    mended: Vec<Repair>,
    /// Why nobody is asked.
    refused: Option<Failure>,
    input_tokens: u64,
    course: Course<'r>,
    started: Instant,
    /// What is being called, or what answered.
    candidate: Option<Candidate<'r>>,
    stage: Stage<I::Answer>,
    /// The request as the candidate takes it.
    fitted: Request,
    got: Collected,
    /// Pieces of a whole answer that wait until its end is known.
    held: VecDeque<Event>,
    /// What is told when they have been delivered.
    lost: Option<Lost>,
    attempts: Vec<Attempt>,
    warnings: Vec<String>,
    bill: Bill<'r>,
    worst: Option<Failure>,
    /// How often it was in doubt whether a job had been started.
    doubts: u32,
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
        // What no model takes is refused before anybody is asked.
        let (request, mended, refused) = match super::mend(request) {
            Ok((request, repairs)) => (request, repairs, None),
            Err(why) => {
                (Request::default(), Vec::new(), Some(Failure::new(Kind::InvalidRequest, why)))
            }
        };
        let input_tokens = request.input_tokens();
        Self {
            mended,
            refused,
            input_tokens,
            bill: Bill::new(
                router.ledger.as_deref().map(|ledger| ledger as _),
                &plan,
                input_tokens,
            ),
            course: Course::new(plan, &router.policy),
            router,
            request,
            started: Instant::now(),
            candidate: None,
            stage: Stage::Choosing,
            fitted: Request::default(),
            got: Collected::default(),
            held: VecDeque::new(),
            lost: None,
            attempts: Vec::new(),
            warnings: Vec::new(),
            worst: None,
            doubts: 0,
        }
    }

    /// The next piece of the answer; `None` when it is complete.
    ///
    /// # Errors
    /// [`Lost`], after which there is nothing more.
    pub async fn next(&mut self) -> Option<Result<Event, Lost>> {
        loop {
            if let Stage::Over(_) = self.stage {
                let held = self.held.pop_front().map(Ok);
                return held.or_else(|| self.lost.take().map(Err));
            }
            let lost = match self.step().await {
                Ok(None) => continue,
                Ok(Some(event)) => return Some(Ok(event)),
                Err(lost) => lost,
            };
            self.stage = Stage::Over(self.started.elapsed());
            self.lost = Some(lost);
        }
    }

    /// One thing after another until a piece can be delivered.
    async fn step(&mut self) -> Result<Option<Event>, Lost> {
        if let Stage::Choosing = self.stage {
            return match self.refused.take() {
                Some(failure) => Err(Lost::Failed(failure)),
                None => self.choose().await.map(|()| None),
            };
        }
        match self.advance().await {
            Ok(Some(event)) => {
                self.got.add(&event);
                if self.fitted.stream {
                    return Ok(Some(event));
                }
                self.held.push_back(event);
                Ok(None)
            }
            Ok(None) => Ok(None),
            Err(failure) => self.judge(failure).await.map(|()| None),
        }
    }

    /// What has arrived so far, with every attempt; one that is still under way counts as cancelled.
    #[must_use]
    pub fn reply(&self) -> Reply {
        let mut attempts = self.attempts.clone();
        if let (Stage::Waiting { since } | Stage::Answering { since, .. }, Some(candidate)) =
            (&self.stage, &self.candidate)
        {
            attempts.push(attempt(
                candidate,
                *since,
                Some(&Failure::new(Kind::Cancelled, "ended by the caller")),
            ));
        }
        let (cost, estimated) = self.cost();
        let target = self.candidate.as_ref().map(|candidate| candidate.target.clone());
        let (invoke_id, region) =
            target.map(|target| (target.invoke_id, target.region)).unwrap_or_default();
        Reply {
            text: self.got.text.clone(),
            reasoning: (!self.got.reasoning.is_empty()).then(|| self.got.reasoning.clone()),
            tool_calls: self.got.tool_calls(),
            stop_reason: self.got.stop_reason.clone(),
            usage: self.got.usage.unwrap_or_default(),
            cost,
            estimated,
            invoke_id,
            region,
            model: self
                .candidate
                .as_ref()
                .and_then(|candidate| candidate.model)
                .map(|model| model.id.clone()),
            attempts,
            warnings: self.warnings.clone(),
            took: if let Stage::Over(took) = self.stage { took } else { self.started.elapsed() },
        }
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
        let purse = self.bill.purse();
        let step = self.course.next(policy, &lock(&self.router.cooldowns), now, purse);
        match step {
            Step::Try(candidate) => {
                if let Some(pause) = self.begin(*candidate, purse)? {
                    sleep(pause.min(self.time_left())).await;
                }
                Ok(())
            }
            Step::Over { too_dear } => Err(self.lost(too_dear)),
            Step::Again(None) => Ok(()),
            Step::Again(Some(asked)) => {
                let pause = self.router.pause(self.course.sweeps()).max(asked);
                if self
                    .worst
                    .as_ref()
                    .is_none_or(|failure| failure.kind.response().0 != Action::Retry)
                    || pause >= self.time_left()
                {
                    return Err(self.lost(false));
                }
                sleep(pause).await;
                Ok(())
            }
        }
    }

    /// The next piece of what is being called; `None` when there is something else to do first.
    async fn advance(&mut self) -> Result<Option<Event>, Failure> {
        let policy = &self.router.policy;
        let left = self.time_left();
        // Where something is always there, nothing else would look at the clock.
        if left.is_zero() {
            return Err(Failure::new(
                Kind::Timeout,
                format!("it took longer than {:.1} s", policy.total.as_secs_f64()),
            ));
        }
        let ended = self.got.stop_reason.is_some();
        match &mut self.stage {
            Stage::Waiting { since } => {
                let since = *since;
                let Some(candidate) = &self.candidate else { return Ok(None) };
                let limit = if self.fitted.stream { policy.first_byte } else { policy.total };
                // The future of a call is large: on the heap it is not copied from hand to hand.
                let calling = Box::pin(self.router.invoke.invoke(&candidate.target, &self.fitted));
                let answer = within(limit.min(left), calling).await??;
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
                    Ok(Some(Ok(event))) => Ok(Some(self.own_name(event))),
                    // Only figures can follow the end; the answer is whole without them.
                    _ if ended => self.finish().map(|()| None),
                    Ok(None) => Err(Failure::new(
                        Kind::Truncated,
                        "the answer ended before it was complete",
                    )),
                    Ok(Some(Err(failure))) | Err(failure) => Err(failure),
                }
            }
            Stage::Choosing | Stage::Over(_) => Ok(None),
        }
    }

    /// The name that the caller gave a tool that is sent under another one.
    fn own_name(&self, event: Event) -> Event {
        match event {
            Event::ToolCall { block, id, name } => {
                let name = self.fitted.renamed.get(&name).cloned().unwrap_or(name);
                Event::ToolCall { block, id, name }
            }
            event => event,
        }
    }

    /// The answer came to its end: that is well, or a failure like any other.
    fn finish(&mut self) -> Result<(), Failure> {
        if self.request.job.is_none()
            && let Some(failure) = ending::fault(&self.got)
        {
            return Err(failure);
        }
        if self.request.job.is_none() {
            self.warnings.extend(ending::remark(&self.got).map(str::to_owned));
        }
        self.record(None);
        self.stage = Stage::Over(self.started.elapsed());
        Ok(())
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
    let late =
        || Failure::new(Kind::Timeout, format!("nothing arrived for {:.1} s", limit.as_secs_f64()));
    timeout(limit, future).await.map_err(|_| late())
}
