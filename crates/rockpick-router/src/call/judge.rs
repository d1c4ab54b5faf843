//! What follows a failure.

use tokio::time::sleep;

use super::super::course::{self, Verdict};
use super::super::failure::{Action, Failure, Kind};
use super::super::lesson::taught_by;
use super::super::{Candidate, Invoke, lock};
use super::{Call, Lost, MOST_DOUBTS, Stage};

impl<'r, I: Invoke> Call<'r, I> {
    /// What follows a failure: nothing once something was delivered, else what the table says.
    pub(super) async fn judge(&mut self, failure: Failure) -> Result<(), Lost> {
        self.record(Some(&failure));
        let ended = self.got.stop_reason.is_some();
        match failure.kind.response().0 {
            _ if failure.kind.is_cut() => return Err(Lost::Incomplete(failure)),
            Action::Stop if ended => return Err(Lost::Stopped(failure)),
            // Of a whole answer nothing is delivered before its end is known.
            _ if self.got.begun && (self.fitted.stream || !ended) => {
                return Err(Lost::Incomplete(failure));
            }
            _ => {}
        }
        let Some(candidate) = self.candidate.clone() else { return Err(Lost::Failed(failure)) };
        self.stage = Stage::Choosing;
        if self.fitted.start.is_some() && (self.doubts > 0 || failure.kind.leaves_doubt()) {
            return self.insist(candidate, failure).await;
        }
        let lesson = taught_by(&failure, &self.fitted, self.course.plan().ways);
        if lesson.is_some_and(|lesson| {
            lock(&self.router.lessons).learn(&candidate.target.invoke_id, lesson)
        }) {
            self.course.once_more(candidate);
            return Ok(());
        }
        self.note_worst(&failure);
        match self.course.after(candidate, &failure, &self.router.policy, self.input_tokens) {
            Verdict::Stop => Err(Lost::Failed(failure)),
            Verdict::Denied => {
                let message = format!(
                    "models of {} providers in a row are denied to this account: {failure}",
                    course::MOST_DENIALS
                );
                Err(Lost::Failed(Failure { message, ..failure }))
            }
            Verdict::GoOn => Ok(()),
            Verdict::Retry { retry, asked } => {
                let pause = self.router.pause(retry).max(asked.unwrap_or_default());
                tracing::debug!(target: "rockpick", ?pause, "once more");
                if pause < self.time_left() {
                    sleep(pause).await;
                }
                Ok(())
            }
        }
    }

    /// A job may have been started: only the same call, with the same token, starts no second one.
    async fn insist(&mut self, candidate: Candidate<'r>, failure: Failure) -> Result<(), Lost> {
        let pause = self.router.pause(self.doubts).max(failure.retry_after.unwrap_or_default());
        self.doubts += 1;
        if failure.kind.response().0 == Action::Stop
            || self.doubts > MOST_DOUBTS
            || pause >= self.time_left()
        {
            let message = format!("whether the job was started is not known: {failure}");
            return Err(Lost::Failed(Failure { message, ..failure }));
        }
        self.worst = Some(failure);
        self.course.once_more(candidate);
        sleep(pause).await;
        Ok(())
    }

    /// Of all failures the last one that may pass says most; else the last.
    pub(super) fn note_worst(&mut self, failure: &Failure) {
        let passes = |failure: &Failure| failure.kind.response().0 == Action::Retry;
        if passes(failure) || !self.worst.as_ref().is_some_and(passes) {
            self.worst = Some(failure.clone());
        }
    }

    pub(super) fn lost(&self, too_dear: bool) -> Lost {
        match &self.worst {
            Some(failure) => Lost::Failed(failure.clone()),
            None if too_dear => Lost::Failed(Failure::new(
                Kind::OverBudget,
                "every offer that fits costs more than is left of the budget",
            )),
            None if self.time_left().is_zero() => {
                Lost::Failed(Failure::new(Kind::Timeout, "there was no time left"))
            }
            None => Lost::NothingFits,
        }
    }
}
