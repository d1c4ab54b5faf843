//! Who makes the calls.

use std::future::Future;

use super::{Event, Failure, Request};

/// What is called: one id from one Region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The id or ARN.
    pub invoke_id: String,
    /// The Region's code.
    pub region: String,
}

/// Makes one call, once: retries are the router's.
pub trait Invoke: Sync {
    /// What an answer arrives as.
    type Answer: Answer + Send;

    /// Calls a target. With `request.stream` the answer arrives as it is written, else as soon as it is whole.
    fn invoke(
        &self,
        target: &Target,
        request: &Request,
    ) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// An answer that arrives.
pub trait Answer {
    /// The next piece; `None` at the end. That it ended before [`Event::Stop`] is for the caller to judge.
    fn next(&mut self) -> impl Future<Output = Option<Result<Event, Failure>>> + Send;
}

/// An answer that is there already.
impl Answer for std::vec::IntoIter<Event> {
    async fn next(&mut self) -> Option<Result<Event, Failure>> {
        Iterator::next(self).map(Ok)
    }
}
