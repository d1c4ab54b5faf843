//! Answers in a model's own form, whole or chunk by chunk.

use serde_json::Value;

use super::shape::{self, Found};
use super::thoughts::Thoughts;
use crate::wire::Tokens;
use rockpick_core::catalog::Talk;
use rockpick_router::{Event, Failure, Kind, Usage};

/// What Bedrock adds to the last chunk: what is billed.
const METRICS: &str = "amazon-bedrock-invocationMetrics";
/// What Bedrock adds where a guardrail changed or stopped something.
const GUARDRAIL: &str = "amazon-bedrock-guardrailAction";
const INTERVENED: &str = "guardrail_intervened";

/// Reads one answer.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    thoughts: Thoughts,
    /// The tools that were called, each by its place and id.
    calls: Vec<(u64, String)>,
    /// Why it ends, said before it ends.
    reason: Option<String>,
    ended: bool,
    /// What the model says it took.
    said: Tokens,
    /// What Bedrock says it took.
    billed: Tokens,
    told: Option<Usage>,
    chunks: usize,
    intervened: bool,
}

impl Reader {
    pub(crate) fn new(talk: &Talk) -> Self {
        Self { thoughts: Thoughts::between(talk.thoughts.clone()), ..Self::default() }
    }

    /// The pieces of a whole answer; `tokens` are those of the headers.
    pub(crate) fn whole(mut self, reply: &Value, tokens: Tokens) -> Result<Vec<Event>, Failure> {
        self.billed = tokens;
        let Some(found) = shape::of_reply(reply) else {
            return Err(Failure::new(Kind::Unsupported, "the answer has a form that is not known"));
        };
        self.intervened = intervened(reply);
        let mut events = Vec::new();
        self.take(found, &mut events);
        self.end_with(None, &mut events);
        Ok(events)
    }

    /// The pieces of a chunk.
    pub(crate) fn chunk(&mut self, chunk: &Value) -> Result<Vec<Event>, Failure> {
        self.chunks += 1;
        self.intervened |= intervened(chunk);
        if let Some(metrics) = chunk.get(METRICS) {
            self.billed = shape::metrics(metrics);
        }
        let mut events = Vec::new();
        for found in shape::of_chunk(chunk)? {
            self.take(found, &mut events);
        }
        if self.ended {
            self.tell(&mut events);
        }
        Ok(events)
    }

    /// What a clean end of the stream still says: the one chunk of a guardrail that blocks bears no reason.
    pub(crate) fn end(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        if !self.ended && self.intervened && self.chunks == 1 {
            self.end_with(Some(INTERVENED.to_owned()), &mut events);
        }
        events
    }

    fn take(&mut self, found: Found, events: &mut Vec<Event>) {
        self.said = found.tokens.or(self.said);
        for event in found.events {
            match event {
                Event::Text(text) => self.thoughts.split(&text, events),
                Event::ToolCall { block, id, .. } if self.is_open(block, &id) => {}
                event => events.push(event),
            }
        }
        self.reason = found.reason.map(|reason| shape::stop(&reason)).or(self.reason.take());
        if found.ends {
            self.end_with(None, events);
        }
    }

    /// Whether a call of a tool has begun already; some models repeat its name with every piece.
    fn is_open(&mut self, block: u64, id: &str) -> bool {
        let open =
            self.calls.iter().any(|(own, known)| *own == block && (id.is_empty() || known == id));
        if !open {
            self.calls.push((block, id.to_owned()));
        }
        open
    }

    fn end_with(&mut self, reason: Option<String>, events: &mut Vec<Event>) {
        if self.ended {
            return;
        }
        self.ended = true;
        self.thoughts.end(events);
        self.tell(events);
        let blocked = || self.intervened.then(|| INTERVENED.to_owned());
        let reason = reason.or(self.reason.take()).or_else(blocked);
        events.push(Event::Stop(reason.unwrap_or_else(|| "unknown".to_owned())));
    }

    /// Tells what it took, where that is new.
    fn tell(&mut self, events: &mut Vec<Event>) {
        // What was sent Bedrock counts as it bills it; what was written only the model counts with its calls of tools.
        let tokens =
            Tokens { output: self.said.output.or(self.billed.output), ..self.billed.or(self.said) };
        let usage = Usage::from(tokens);
        if tokens != Tokens::default() && self.told != Some(usage) {
            self.told = Some(usage);
            events.push(Event::Usage(usage));
        }
    }
}

fn intervened(answer: &Value) -> bool {
    answer.get(GUARDRAIL).and_then(Value::as_str) == Some("INTERVENED")
}
