//! The router with a transport of your own, without AWS and without credentials:
//! `cargo run --example own_invoke`.
//!
//! The first call is throttled. With no retries, the router goes on to the next offer at once.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use rockpick::router::{
    Event, Failure, Invoke, Kind, Plan, Policy, Request, Router, Target, Usage,
};
use rockpick::{Rockpick, Task};

/// Answers what a gateway, a proxy or a mock of yours would.
#[derive(Default)]
struct Canned {
    calls: AtomicUsize,
}

impl Invoke for Canned {
    /// Events that are there already; a stream of yours implements `router::Answer`.
    type Answer = std::vec::IntoIter<Event>;

    async fn invoke(&self, target: &Target, _: &Request) -> Result<Self::Answer, Failure> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            return Err(Failure::new(Kind::Throttled, "Too many requests"));
        }
        let usage = Usage { input_tokens: 12, output_tokens: 9, ..Usage::default() };
        let text = format!("Hello from {} in {}.", target.invoke_id, target.region);
        let events = [Event::Text(text), Event::Usage(usage), Event::Stop("end_turn".into())];
        Ok(Vec::from(events).into_iter())
    }
}

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "an example shows its answer")]
async fn main() -> Result<(), Box<dyn Error>> {
    let rockpick = Rockpick::bundled();
    let answer = rockpick.recommend(&Task::new("a chatbot for a shop").region("us-east-1"))?;
    let policy = Policy { retries: 0, ..Policy::default() };
    let router = Router::new(Canned::default(), policy);
    let reply = router.route(Plan::of(answer.inner()), Request::new("Hello!")).await?;
    println!("{}", reply.text);
    for attempt in &reply.attempts {
        let outcome = attempt.failure.map_or("answered", Kind::name);
        println!("{} in {}: {outcome}", attempt.invoke_id, attempt.region);
    }
    Ok(())
}
