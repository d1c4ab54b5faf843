//! An answer as it arrives: frames with checksums, exceptions among them, and no trust in a clean end.

use std::collections::VecDeque;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::event_stream::Message;
use bytes::BytesMut;
use serde_json::Value;

use super::{error, event};
use crate::router::{Answer, Event, Failure, Kind};

/// An answer of Bedrock.
#[derive(Debug)]
pub struct BedrockAnswer {
    ready: VecDeque<Event>,
    frames: Option<Frames>,
}

#[derive(Debug)]
struct Frames {
    bytes: ByteStream,
    buffer: BytesMut,
    decoder: MessageFrameDecoder,
}

impl BedrockAnswer {
    pub(super) fn streamed(body: SdkBody) -> Self {
        let frames = Frames { bytes: ByteStream::new(body), buffer: BytesMut::new(), decoder: MessageFrameDecoder::new() };
        Self { ready: VecDeque::new(), frames: Some(frames) }
    }

    pub(super) async fn whole(body: SdkBody) -> Result<Self, Failure> {
        let bytes = ByteStream::new(body).collect().await.map_err(|error| broken(&error))?.into_bytes();
        let reply: Value = serde_json::from_slice(&bytes).map_err(|_| Failure::new(Kind::Corrupt, "the answer is no JSON"))?;
        Ok(Self { ready: event::of_reply(&reply).into(), frames: None })
    }
}

impl Answer for BedrockAnswer {
    async fn next(&mut self) -> Option<Result<Event, Failure>> {
        if let Some(event) = self.ready.pop_front() {
            return Some(Ok(event));
        }
        let frames = self.frames.as_mut()?;
        let next = frames.event().await;
        // After a failure or the end nothing that arrives can be trusted.
        if !matches!(next, Some(Ok(_))) {
            self.frames = None;
        }
        next
    }
}

impl Frames {
    async fn event(&mut self) -> Option<Result<Event, Failure>> {
        loop {
            match self.decoder.decode_frame(&mut self.buffer) {
                Ok(DecodedFrame::Complete(message)) => {
                    if let Some(event) = read(&message).transpose() {
                        return Some(event);
                    }
                }
                Ok(DecodedFrame::Incomplete) => match self.bytes.next().await {
                    Some(Ok(bytes)) => self.buffer.extend_from_slice(&bytes),
                    Some(Err(error)) => return Some(Err(broken(&error))),
                    None if self.buffer.is_empty() => return None,
                    None => return Some(Err(Failure::new(Kind::Truncated, "the answer ended within a piece"))),
                },
                Err(error) => return Some(Err(Failure::new(Kind::Corrupt, format!("a piece of the answer is damaged: {error}")))),
            }
        }
    }
}

fn broken(error: &dyn std::error::Error) -> Failure {
    Failure::new(Kind::Reset, format!("the connection broke: {}", error::root(error)))
}

fn read(message: &Message) -> Result<Option<Event>, Failure> {
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
            let event = payload().map_err(|_| Failure::new(Kind::Corrupt, "a piece of the answer is no JSON"))?;
            Ok(event::of_stream(&name, &event))
        }
    }
}
