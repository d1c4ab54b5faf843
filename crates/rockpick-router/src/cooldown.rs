//! Which offers are left alone for now.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::Target;
use super::failure::Rest;

/// The longest time an offer is left alone after failures that pass.
const LONGEST: Duration = Duration::from_mins(10);
const HOUR: Duration = Duration::from_hours(1);

/// The offers that rest, by target or by model.
#[derive(Debug)]
pub(super) struct Cooldowns {
    first: Duration,
    resting: HashMap<Key, Resting>,
}

/// An offer, or all offers of a model by its bare id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Offer(Target),
    Model(String),
}

#[derive(Debug)]
struct Resting {
    /// Until when; `None` = as long as the process lives.
    until: Option<Instant>,
    length: Duration,
    /// One call is finding out whether it is well again.
    probing: bool,
}

/// Whether an offer may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Health {
    /// It may.
    Well,
    /// It failed a while ago: one call may find out.
    Probe,
    /// It is left alone for now.
    Resting,
    /// It is left alone for good.
    Gone,
}

impl Cooldowns {
    pub(super) fn new(first: Duration) -> Self {
        Self { first, resting: HashMap::new() }
    }

    pub(super) fn health(&self, key: &Key, now: Instant) -> Health {
        match self.resting.get(key) {
            None => Health::Well,
            Some(Resting { until: None, .. }) => Health::Gone,
            Some(Resting { until: Some(until), probing, .. }) if *until <= now && !probing => {
                Health::Probe
            }
            Some(_) => Health::Resting,
        }
    }

    /// One call finds out whether the offer is well; the others still leave it alone.
    pub(super) fn probe(&mut self, key: &Key) {
        if let Some(resting) = self.resting.get_mut(key) {
            resting.probing = true;
        }
    }

    /// The call that was finding out ended without telling.
    pub(super) fn unprobe(&mut self, key: &Key) {
        if let Some(resting) = self.resting.get_mut(key) {
            resting.probing = false;
        }
    }

    pub(super) fn succeeded(&mut self, key: &Key) {
        self.resting.remove(key);
    }

    /// Leaves an offer alone, twice as long when it was found ill again.
    pub(super) fn failed(&mut self, key: Key, rest: Rest, asked: Option<Duration>, now: Instant) {
        if rest == Rest::None {
            return self.unprobe(&key);
        }
        let before =
            self.resting.get(&key).filter(|resting| resting.until.is_none_or(|until| until <= now));
        let length = before.map_or(self.first, |resting| resting.length.saturating_mul(2));
        let least = if rest == Rest::Hour { HOUR } else { asked.unwrap_or_default() };
        let length = length.min(LONGEST).max(least);
        let until = (rest != Rest::Always).then(|| now + length);
        self.resting.insert(key, Resting { until, length, probing: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::Model("a".into())
    }

    #[tokio::test(start_paused = true)]
    async fn an_offer_that_failed_is_probed_by_one_call() {
        let mut cooldowns = Cooldowns::new(Duration::from_secs(30));
        let start = Instant::now();
        cooldowns.failed(key(), Rest::While, None, start);
        assert_eq!(cooldowns.health(&key(), start), Health::Resting);
        let later = start + Duration::from_secs(30);
        assert_eq!(cooldowns.health(&key(), later), Health::Probe);
        cooldowns.probe(&key());
        assert_eq!(cooldowns.health(&key(), later), Health::Resting);
        cooldowns.failed(key(), Rest::While, None, later);
        assert_eq!(cooldowns.health(&key(), later + Duration::from_secs(59)), Health::Resting);
        assert_eq!(cooldowns.health(&key(), later + Duration::from_mins(1)), Health::Probe);
        cooldowns.succeeded(&key());
        assert_eq!(cooldowns.health(&key(), later), Health::Well);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_denied_stays_so() {
        let mut cooldowns = Cooldowns::new(Duration::from_secs(30));
        let now = Instant::now();
        cooldowns.failed(key(), Rest::Always, None, now);
        assert_eq!(cooldowns.health(&key(), now + Duration::from_hours(24)), Health::Gone);
    }
}
