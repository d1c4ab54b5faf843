//! An answer as it arrives: frames with checksums, exceptions among them, and no trust in a clean end.

use std::collections::VecDeque;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::event_stream::Message;
use bytes::BytesMut;
use serde_json::Value;

use super::bounded::{MOST_OF_A_PIECE, MOST_OF_AN_ANSWER};
use super::native::Reader;
use super::wire::{CONTENT, Received};
use super::{base64, error, event};
use rockpick_router::{Answer, Event, Failure, Kind, Usage};

/// An answer of Bedrock.
#[derive(Debug)]
pub struct BedrockAnswer {
    ready: VecDeque<Event>,
    /// Where the rest of it comes from.
    arriving: Option<Box<(ByteStream, Frames)>>,
    /// Whether its pieces may be logged.
    shown: bool,
}

/// Bytes as they arrive, cut into frames: wherever the network cut them.
#[derive(Debug, Default)]
struct Frames {
    buffer: BytesMut,
    decoder: MessageFrameDecoder,
    /// Reads a model's own chunks; `None` = the events are Converse's.
    reader: Option<Reader>,
    /// What a frame held besides its first piece.
    ready: VecDeque<Event>,
}

impl BedrockAnswer {
    /// A stream of Converse, or of InvokeModel with what reads its chunks.
    pub(super) fn streamed(answer: Received, reader: Option<Reader>) -> Self {
        let frames = Frames { reader, ..Frames::default() };
        let arriving = Some(Box::new((ByteStream::new(answer.body), frames)));
        Self { ready: VecDeque::new(), arriving, shown: answer.shown }
    }

    /// A reply of Converse.
    pub(super) async fn whole(answer: Received) -> Result<Self, Failure> {
        Ok(Self {
            shown: answer.shown,
            ready: event::of_reply(&json(answer.body).await?).into(),
            arriving: None,
        })
    }

    /// A conversation's reply of InvokeModel, in the model's own form.
    pub(super) async fn native(answer: Received, reader: Reader) -> Result<Self, Failure> {
        let ready = reader.whole(&json(answer.body).await?, answer.tokens)?;
        Ok(Self { shown: answer.shown, ready: ready.into(), arriving: None })
    }

    /// A job's reply of InvokeModel, as it is.
    pub(super) async fn result(answer: Received) -> Result<Self, Failure> {
        let reply = json(answer.body).await?;
        let ready = [
            Event::Native(reply),
            Event::Usage(Usage::from(answer.tokens)),
            Event::Stop("complete".to_owned()),
        ];
        Ok(Self { shown: answer.shown, ready: ready.into(), arriving: None })
    }
}

impl Answer for BedrockAnswer {
    async fn next(&mut self) -> Option<Result<Event, Failure>> {
        let next = self.piece().await;
        if let Some(Ok(event)) = next.as_ref().filter(|_| self.shown) {
            tracing::debug!(target: CONTENT, "received: {event:?}");
        }
        next
    }
}

impl BedrockAnswer {
    async fn piece(&mut self) -> Option<Result<Event, Failure>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(Ok(event));
        }
        let (bytes, frames) = &mut **self.arriving.as_mut()?;
        let next = arrive(bytes, frames).await;
        // After a failure or the end nothing that arrives can be trusted.
        if !matches!(next, Some(Ok(_))) {
            self.arriving = None;
        }
        next
    }
}

async fn json(body: SdkBody) -> Result<Value, Failure> {
    let bytes = ByteStream::new(body).collect().await.map_err(|error| broken(&error))?.into_bytes();
    serde_json::from_slice(&bytes).map_err(|_| Failure::new(Kind::Corrupt, "the answer is no JSON"))
}

async fn arrive(bytes: &mut ByteStream, frames: &mut Frames) -> Option<Result<Event, Failure>> {
    loop {
        match frames.take() {
            Ok(Some(event)) => return Some(Ok(event)),
            Err(failure) => return Some(Err(failure)),
            Ok(None) => match bytes.next().await {
                Some(Ok(bytes)) => frames.put(&bytes),
                Some(Err(error)) => return Some(Err(broken(&error))),
                None => return frames.end().transpose(),
            },
        }
    }
}

impl Frames {
    fn put(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece that is there as a whole.
    fn take(&mut self) -> Result<Option<Event>, Failure> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let frame = self.decoder.decode_frame(&mut self.buffer);
            match frame.map_err(|error| {
                Failure::new(Kind::Corrupt, format!("a piece of the answer is damaged: {error}"))
            })? {
                DecodedFrame::Incomplete if self.buffer.len() > MOST_OF_A_PIECE => {
                    return Err(Failure::new(
                        Kind::Corrupt,
                        "a piece of the answer is longer than any can be",
                    ));
                }
                DecodedFrame::Incomplete => return Ok(None),
                DecodedFrame::Complete(message) => {
                    self.ready.extend(read(&message, self.reader.as_mut())?);
                }
            }
        }
    }

    /// What an end here still says; an error when it is none.
    fn end(&mut self) -> Result<Option<Event>, Failure> {
        if !self.buffer.is_empty() {
            return Err(Failure::new(Kind::Truncated, "the answer ended within a piece"));
        }
        if let Some(reader) = &mut self.reader {
            self.ready.extend(reader.end());
        }
        Ok(self.ready.pop_front())
    }
}

fn broken(error: &dyn std::error::Error) -> Failure {
    let cause = error::root(error);
    if cause.contains("length limit exceeded") {
        return Failure::new(
            Kind::Corrupt,
            format!("the answer is longer than {} MB", MOST_OF_AN_ANSWER >> 20),
        );
    }
    Failure::new(Kind::Reset, format!("the connection broke: {cause}"))
}

fn read(message: &Message, reader: Option<&mut Reader>) -> Result<Vec<Event>, Failure> {
    let header = |name: &str| {
        let header = message.headers().iter().find(|header| header.name().as_str() == name)?;
        header.value().as_string().ok().map(|value| value.as_str().to_owned())
    };
    let payload = || serde_json::from_slice::<Value>(message.payload());
    match header(":message-type").as_deref() {
        Some("exception") => {
            let code = header(":exception-type").unwrap_or_default();
            let said = payload().ok();
            let text = said.as_ref().and_then(|said| said.get("message")).and_then(Value::as_str);
            Err(error::of_event(&code, text.unwrap_or(&code)))
        }
        Some("error") => {
            let code = header(":error-code").unwrap_or_default();
            Err(error::of_event(&code, &header(":error-message").unwrap_or_default()))
        }
        _ => {
            let name = header(":event-type").unwrap_or_default();
            let event = payload()
                .map_err(|_| Failure::new(Kind::Corrupt, "a piece of the answer is no JSON"))?;
            match reader {
                None => Ok(event::of_stream(&name, &event).into_iter().collect()),
                Some(reader) => reader.chunk(&chunk(&event)?),
            }
        }
    }
}

/// What InvokeModel packs into an event of its stream.
fn chunk(event: &Value) -> Result<Value, Failure> {
    let bytes =
        event.get("bytes").and_then(Value::as_str).and_then(|bytes| base64::decode(bytes).ok());
    let chunk = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    chunk.ok_or_else(|| Failure::new(Kind::Corrupt, "a piece of the answer is no JSON"))
}

/// The events of a stream that arrives in pieces of `size` bytes, until its end or a failure.
pub(super) fn read_in_cuts(
    reader: Option<Reader>,
    bytes: &[u8],
    size: usize,
) -> Result<Vec<Event>, Failure> {
    let mut frames = Frames { reader, ..Frames::default() };
    let mut events = Vec::new();
    for cut in bytes.chunks(size) {
        frames.put(cut);
        while let Some(event) = frames.take()? {
            events.push(event);
        }
    }
    while let Some(event) = frames.end()? {
        events.push(event);
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::write_message_to;
    use aws_smithy_types::event_stream::{Header, HeaderValue};
    use serde_json::json;

    use super::*;

    fn frame(kind: &'static str, name: &'static str, payload: &Value) -> Vec<u8> {
        let text = |text: &'static str| HeaderValue::String(text.into());
        let about = if kind == "event" { ":event-type" } else { ":exception-type" };
        let message = Message::new(payload.to_string().into_bytes())
            .add_header(Header::new(":message-type", text(kind)))
            .add_header(Header::new(about, text(name)));
        let mut bytes = Vec::new();
        write_message_to(&message, &mut bytes).expect("a frame");
        bytes
    }

    fn answer() -> Vec<u8> {
        [
            frame("event", "messageStart", &json!({"role": "assistant"})),
            frame(
                "event",
                "contentBlockDelta",
                &json!({"contentBlockIndex": 0, "delta": {"text": "Hé"}, "p": "abcd"}),
            ),
            frame("event", "contentBlockStart", &json!({"contentBlockIndex": 1, "start": {}})),
            frame(
                "event",
                "contentBlockDelta",
                &json!({"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{}"}}}),
            ),
            frame("event", "somethingNew", &json!({"x": 1})),
            frame("event", "messageStop", &json!({"stopReason": "end_turn"})),
            frame("event", "metadata", &json!({"usage": {"inputTokens": 1, "outputTokens": 2}})),
        ]
        .concat()
    }

    #[test]
    fn it_is_all_one_where_the_network_cuts() {
        let bytes = answer();
        let whole = read_in_cuts(None, &bytes, bytes.len()).expect("an answer");
        let stop = Event::Stop("end_turn".into());
        assert!(
            whole.len() == 4 && whole.contains(&Event::Text("Hé".into())) && whole.contains(&stop)
        );
        for size in 1..bytes.len() {
            assert_eq!(read_in_cuts(None, &bytes, size).as_ref(), Ok(&whole), "{size}");
        }
    }

    #[test]
    fn chunks_of_a_models_own_are_read_wherever_the_network_cuts() {
        let chunk = |chunk: &Value| {
            frame("event", "chunk", &json!({"bytes": base64::encode(chunk.to_string()), "p": "ab"}))
        };
        let metrics = json!({"inputTokenCount": 1, "outputTokenCount": 2});
        let bytes = [
            chunk(&json!({"outputs": [{"text": "Hé", "stop_reason": null}]})),
            chunk(&json!({"outputs": [{"text": "!", "stop_reason": "stop"}], "amazon-bedrock-invocationMetrics": metrics})),
        ]
        .concat();
        let usage = Usage { input_tokens: 1, output_tokens: 2, ..Usage::default() };
        let text = |text: &str| Event::Text(text.into());
        let expected =
            vec![text("Hé"), text("!"), Event::Usage(usage), Event::Stop("end_turn".into())];
        for size in 1..=bytes.len() {
            assert_eq!(
                read_in_cuts(Some(Reader::default()), &bytes, size).as_ref(),
                Ok(&expected),
                "{size}"
            );
        }
        let damaged = frame("event", "chunk", &json!({"bytes": "?"}));
        let read =
            read_in_cuts(Some(Reader::default()), &damaged, 9).map_err(|failure| failure.kind);
        assert_eq!(read, Err(Kind::Corrupt));
    }

    #[test]
    fn a_bit_that_flips_is_found_wherever_it_is() {
        let bytes = answer();
        let whole = read_in_cuts(None, &bytes, bytes.len()).expect("an answer");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            let read = read_in_cuts(None, &damaged, 64);
            assert!(
                matches!(&read, Err(failure) if matches!(failure.kind, Kind::Corrupt | Kind::Truncated)),
                "{at}: {read:?} {whole:?}"
            );
        }
    }

    #[test]
    fn an_end_within_a_frame_is_told_from_one_between_frames() {
        let bytes = answer();
        let first = frame("event", "messageStart", &json!({"role": "assistant"})).len();
        assert_eq!(read_in_cuts(None, &bytes[..first], 7), Ok(Vec::new()));
        for end in first + 1..bytes.len() {
            if let Ok(events) = read_in_cuts(None, &bytes[..end], 64) {
                let stopped = events.iter().any(|event| matches!(event, Event::Stop(_)));
                assert!(
                    !stopped
                        || end
                            >= bytes.len()
                                - frame(
                                    "event",
                                    "metadata",
                                    &json!({"usage": {"inputTokens": 1, "outputTokens": 2}})
                                )
                                .len()
                );
            }
        }
    }

    #[test]
    fn an_exception_ends_it_with_its_kind() {
        let bytes = [
            frame("event", "messageStart", &json!({})),
            frame("exception", "throttlingException", &json!({"message": "Too many tokens"})),
        ]
        .concat();
        assert_eq!(
            read_in_cuts(None, &bytes, 5).map_err(|failure| failure.kind),
            Err(Kind::Throttled)
        );
        let bare = frame("exception", "modelStreamErrorException", &json!({}));
        assert_eq!(
            read_in_cuts(None, &bare, 5).map_err(|failure| failure.kind),
            Err(Kind::ModelError)
        );
    }
}
