//! The parsers behind a connection, without one: what `fuzz/` feeds.

use rockpick_core::catalog::Talk;
use rockpick_router::{Event, Failure, Request};
use serde_json::Value;

use super::native::{self, Reader};
use super::wire::Tokens;
use super::{body, event, stream};

/// The events of a stream that arrives in pieces of `size` bytes; `talk` = by InvokeModel.
///
/// # Errors
/// The failure that ended it.
pub fn frames(talk: Option<&Talk>, bytes: &[u8], size: usize) -> Result<Vec<Event>, Failure> {
    stream::read_in_cuts(talk.map(Reader::new), bytes, size)
}

/// The events of a whole reply; `talk` = by InvokeModel.
///
/// # Errors
/// When the reply has no form that is known.
pub fn reply(talk: Option<&Talk>, reply: &Value) -> Result<Vec<Event>, Failure> {
    match talk {
        Some(talk) => Reader::new(talk).whole(reply, Tokens::default()),
        None => Ok(event::of_reply(reply)),
    }
}

/// The body that a request is sent as; `None` when its form is not JSON.
#[must_use]
pub fn body(request: &Request) -> Option<Value> {
    match request.form.as_ref().and_then(|form| Some((form, form.talk.as_ref()?))) {
        Some((form, talk)) => native::body(request, form, talk).map(|(body, _)| body),
        None => Some(body::converse(request)),
    }
}
