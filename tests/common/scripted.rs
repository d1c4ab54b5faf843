//! An `Invoke` that answers as a test says, and remembers what was called.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "shared by several tests, each of which uses its own part"
)]

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use rockpick::router::{Answer, Event, Failure, Invoke, Kind, Request, Target, Usage};

/// What a call brings.
#[derive(Clone, Debug)]
pub enum Says {
    /// These pieces, then the end.
    Pieces(Vec<Piece>),
    /// No answer at all.
    Fails(Failure),
    /// Nothing, ever.
    Hangs,
}

#[derive(Clone, Debug)]
pub enum Piece {
    Is(Event),
    Fails(Failure),
    Hangs,
}

/// Answers by what was called: the first rule that names it, the next of its answers, the last one for ever.
#[derive(Debug, Default)]
pub struct Scripted {
    rules: Mutex<Vec<(String, VecDeque<Says>)>>,
    calls: Mutex<Vec<(Target, Request)>>,
}

/// An answer of one text.
pub fn text(text: &str) -> Says {
    let usage = Usage { input_tokens: 10, output_tokens: 5, ..Usage::default() };
    let events = [Event::Text(text.into()), Event::Stop("end_turn".into()), Event::Usage(usage)];
    Says::Pieces(events.into_iter().map(Piece::Is).collect())
}

pub fn fails(kind: Kind) -> Says {
    Says::Fails(Failure::new(kind, kind.name()))
}

impl Scripted {
    /// What calls of ids that contain `id` bring, one after another; the last one stays.
    pub fn on(self, id: &str, says: impl IntoIterator<Item = Says>) -> Self {
        self.rules.lock().expect("a lock").push((id.to_owned(), says.into_iter().collect()));
        self
    }

    /// The ids that were called, in order.
    pub fn called(&self) -> Vec<String> {
        self.calls
            .lock()
            .expect("a lock")
            .iter()
            .map(|(target, _)| target.invoke_id.clone())
            .collect()
    }

    pub fn targets(&self) -> Vec<Target> {
        self.calls.lock().expect("a lock").iter().map(|(target, _)| target.clone()).collect()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.calls.lock().expect("a lock").iter().map(|(_, request)| request.clone()).collect()
    }

    pub fn counts(&self) -> HashMap<Target, usize> {
        let mut counts = HashMap::new();
        for target in self.targets() {
            *counts.entry(target).or_default() += 1;
        }
        counts
    }
}

impl Invoke for Scripted {
    type Answer = Pieces;

    async fn invoke(&self, target: &Target, request: &Request) -> Result<Pieces, Failure> {
        self.calls.lock().expect("a lock").push((target.clone(), request.clone()));
        let says = {
            let mut rules = self.rules.lock().expect("a lock");
            let rule = rules.iter_mut().find(|(id, _)| target.invoke_id.contains(id.as_str()));
            let queue = &mut rule.unwrap_or_else(|| panic!("no rule for {}", target.invoke_id)).1;
            if queue.len() > 1 { queue.pop_front() } else { queue.front().cloned() }
        };
        match says.expect("a rule with an answer") {
            Says::Pieces(pieces) => Ok(Pieces(pieces.into())),
            Says::Fails(failure) => Err(failure),
            Says::Hangs => {
                tokio::time::sleep(Duration::from_hours(24)).await;
                Err(Failure::new(Kind::Internal, "nobody waits so long"))
            }
        }
    }
}

#[derive(Debug)]
pub struct Pieces(VecDeque<Piece>);

impl Answer for Pieces {
    async fn next(&mut self) -> Option<Result<Event, Failure>> {
        match self.0.pop_front()? {
            Piece::Is(event) => Some(Ok(event)),
            Piece::Fails(failure) => Some(Err(failure)),
            Piece::Hangs => {
                tokio::time::sleep(Duration::from_hours(24)).await;
                None
            }
        }
    }
}
