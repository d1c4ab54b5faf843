//! Which offer is called next: down the ranking, round again when what failed may pass.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use super::cooldown::{Cooldowns, Health, Key};
use super::failure::{Action, Failure, Kind};
use super::{Candidate, Plan, Policy, Target};
use rockpick_core::money::Usd;
use rockpick_core::task::{Provider, Tier};

/// From so many providers in a row a denial is the account's, not the model's.
pub(super) const MOST_DENIALS: usize = 3;

/// The way of one request through a plan.
#[derive(Debug)]
pub(super) struct Course<'r> {
    plan: Plan<'r>,
    place: usize,
    queue: VecDeque<Candidate<'r>>,
    /// Comes next whatever rests: a retry.
    again: Option<Candidate<'r>>,
    /// What is not asked again in this call.
    barred: HashSet<Target>,
    /// Regions that cannot be reached: every offer from there would wait as long.
    unreached: HashSet<String>,
    retries_of_model: usize,
    sweeps: u32,
    /// Calls made in this sweep.
    calls: usize,
    /// The shortest time that an offer of this sweep asked to wait.
    asked: Option<Duration>,
    least_context: u64,
    doubted: bool,
    /// The providers whose models were denied one after another.
    denied: Vec<Provider>,
    too_dear: bool,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Step<'r> {
    /// This offer, now.
    Try(Box<Candidate<'r>>),
    /// From the top again, after a while.
    Again(Option<Duration>),
    /// Nothing is left; whether only for want of money.
    Over { too_dear: bool },
}

/// What follows a failure.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The same offer, after a pause: the how many-th of this model, or what was asked for.
    Retry { retry: u32, asked: Option<Duration> },
    /// On to the next.
    GoOn,
    /// It would fail everywhere.
    Stop,
    /// So many different models are denied that it is the account's.
    Denied,
}

/// What is left to spend, and on what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purse {
    pub(super) left: Option<Usd>,
    pub(super) input_tokens: u64,
    pub(super) tier: Tier,
}

impl Purse {
    /// The longest answer that what is left pays for; `None` without a budget or a price.
    pub(super) fn affordable(self, candidate: &Candidate<'_>) -> Option<u64> {
        candidate.affordable(self.left?, self.input_tokens, self.tier)
    }

    fn pays(self, candidate: &Candidate<'_>) -> bool {
        let Some(left) = self.left else { return true };
        candidate.cost.is_none_or(|cost| cost <= left) && self.affordable(candidate) != Some(0)
    }
}

impl<'r> Course<'r> {
    pub(super) fn new(plan: Plan<'r>, policy: &Policy) -> Self {
        let mut course = Self {
            plan,
            place: 0,
            queue: VecDeque::new(),
            again: None,
            barred: HashSet::new(),
            unreached: HashSet::new(),
            retries_of_model: 0,
            sweeps: 0,
            calls: 0,
            asked: None,
            least_context: 0,
            doubted: false,
            denied: Vec::new(),
            too_dear: false,
        };
        course.enter(0, policy);
        course
    }

    pub(super) fn plan(&self) -> &Plan<'r> {
        &self.plan
    }

    /// The next offer that may be called.
    pub(super) fn next(
        &mut self,
        policy: &Policy,
        resting: &Cooldowns,
        now: tokio::time::Instant,
        purse: Purse,
    ) -> Step<'r> {
        if let Some(candidate) = self.again.take().filter(|candidate| purse.pays(candidate)) {
            return Step::Try(Box::new(candidate));
        }
        loop {
            while let Some(candidate) = self.queue.pop_front() {
                if self.may_try(&candidate, resting, now) {
                    if purse.pays(&candidate) {
                        self.calls += 1;
                        return Step::Try(Box::new(candidate));
                    }
                    self.too_dear = true;
                }
            }
            if self.place + 1 >= self.plan.models() {
                return self.at_the_end(policy);
            }
            self.enter(self.place + 1, policy);
        }
    }

    fn at_the_end(&mut self, policy: &Policy) -> Step<'r> {
        // The first sweep leaves alone what rests; when that left nothing, it is asked after all.
        let worth_it = self.calls > 0 || self.sweeps == 0;
        if self.plan.models() == 0 || !worth_it {
            return Step::Over { too_dear: self.too_dear && self.calls == 0 };
        }
        let wait = self.asked.take();
        let pause = if self.calls == 0 { None } else { Some(wait.unwrap_or_default()) };
        self.sweeps += 1;
        self.calls = 0;
        self.enter(0, policy);
        Step::Again(pause)
    }

    fn enter(&mut self, place: usize, policy: &Policy) {
        self.place = place;
        self.retries_of_model = 0;
        self.queue = self
            .plan
            .offers(place)
            .into_iter()
            .filter(|candidate| !self.barred.contains(&candidate.target))
            .take(policy.routes)
            .collect();
    }

    fn may_try(
        &self,
        candidate: &Candidate<'_>,
        resting: &Cooldowns,
        now: tokio::time::Instant,
    ) -> bool {
        if self.barred.contains(&candidate.target)
            || self.unreached.contains(&candidate.target.region)
        {
            return false;
        }
        if self.least_context > 0
            && candidate
                .model
                .and_then(|model| model.limits.context)
                .is_none_or(|context| context <= self.least_context)
        {
            return false;
        }
        keys(candidate).iter().all(|key| match resting.health(key, now) {
            Health::Well | Health::Probe => true,
            Health::Resting => self.sweeps > 0,
            Health::Gone => false,
        })
    }

    /// Less is left than the offer costs that was to be tried: it was not called.
    pub(super) fn forgo(&mut self) {
        self.calls = self.calls.saturating_sub(1);
        self.too_dear = true;
    }

    /// The same offer comes next, as nothing had been tried: a lesson was learned from it.
    pub(super) fn once_more(&mut self, candidate: Candidate<'r>) {
        self.again = Some(candidate);
    }

    /// What follows the failure of an offer.
    pub(super) fn after(
        &mut self,
        candidate: Candidate<'r>,
        failure: &Failure,
        policy: &Policy,
        input_tokens: u64,
    ) -> Verdict {
        let (action, _) = failure.kind.response();
        if self.is_denied_everywhere(&candidate, failure) {
            return Verdict::Denied;
        }
        match action {
            Action::Retry => return self.retry(candidate, failure, policy),
            Action::Stop => return Verdict::Stop,
            Action::OtherRoute => {}
            Action::OtherModel => self.leave_model(),
            Action::LargerContext => {
                let own = candidate.model.and_then(|model| model.limits.context);
                self.least_context = self.least_context.max(own.unwrap_or(input_tokens));
                self.leave_model();
            }
            Action::SecondOpinion if self.doubted => return Verdict::Stop,
            Action::SecondOpinion => {
                self.doubted = true;
                self.leave_model();
            }
        }
        self.barred.insert(candidate.target);
        Verdict::GoOn
    }

    /// Counts denials by different providers; anything else in between begins anew.
    fn is_denied_everywhere(&mut self, candidate: &Candidate<'r>, failure: &Failure) -> bool {
        match candidate.model.filter(|_| failure.kind == Kind::AccessDenied) {
            Some(model) if !self.denied.contains(&model.provider) => {
                self.denied.push(model.provider);
            }
            Some(_) => {}
            None => self.denied.clear(),
        }
        self.denied.len() >= MOST_DENIALS
    }

    fn retry(&mut self, candidate: Candidate<'r>, failure: &Failure, policy: &Policy) -> Verdict {
        let asked = failure.retry_after;
        self.asked = self.asked.into_iter().chain(asked).min();
        let soon = asked.is_none_or(|asked| asked <= policy.longest_pause);
        if !soon || self.retries_of_model >= policy.retries {
            if failure.kind == Kind::Connect {
                self.unreached.insert(candidate.target.region);
            }
            return Verdict::GoOn;
        }
        self.retries_of_model += 1;
        self.again = Some(candidate);
        Verdict::Retry { retry: (self.retries_of_model - 1) as u32, asked }
    }

    /// No other offer of the model is tried in this call.
    fn leave_model(&mut self) {
        let rest = std::mem::take(&mut self.queue);
        self.barred.extend(rest.into_iter().map(|candidate| candidate.target));
    }

    pub(super) fn sweeps(&self) -> u32 {
        self.sweeps
    }
}

/// What may rest when a candidate fails: the offer, and all offers of its model.
fn keys(candidate: &Candidate<'_>) -> Vec<Key> {
    let model = candidate.model.map(|model| Key::Model(model.id.clone()));
    [Key::Offer(candidate.target.clone())].into_iter().chain(model).collect()
}

/// Notes in the common memory how a call ended.
pub(super) fn remember(
    resting: &mut Cooldowns,
    candidate: &Candidate<'_>,
    failure: Option<&Failure>,
    now: tokio::time::Instant,
) {
    let Some(failure) = failure else {
        return keys(candidate).iter().for_each(|key| resting.succeeded(key));
    };
    let (_, rest) = failure.kind.response();
    let key = match candidate.model {
        Some(model) if failure.kind.is_of_the_model() => Key::Model(model.id.clone()),
        _ => Key::Offer(candidate.target.clone()),
    };
    if failure.kind == Kind::Cancelled {
        return keys(candidate).iter().for_each(|key| resting.unprobe(key));
    }
    resting.failed(key, rest, failure.retry_after, now);
}

/// One call finds out for all whether an offer is well again.
pub(super) fn begin(resting: &mut Cooldowns, candidate: &Candidate<'_>, now: tokio::time::Instant) {
    for key in keys(candidate) {
        if resting.health(&key, now) == Health::Probe {
            resting.probe(&key);
        }
    }
}
