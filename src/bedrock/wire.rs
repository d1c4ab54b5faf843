//! The bytes of a call: our JSON instead of the SDK's on the way out, the answer's bytes untouched on the way in.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use crate::router::Usage;

/// Puts the body of a request in its place and keeps the body of a good answer.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    body: bytes::Bytes,
    headers: More,
    answer: Arc<Mutex<(Option<SdkBody>, Tokens)>>,
}

/// Tokens that were counted, each where somebody counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) input: Option<u64>,
    pub(super) output: Option<u64>,
    pub(super) cache_read: Option<u64>,
    pub(super) cache_write: Option<u64>,
}

impl Tokens {
    /// These, and others where these are not known.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            input: self.input.or(other.input),
            output: self.output.or(other.output),
            cache_read: self.cache_read.or(other.cache_read),
            cache_write: self.cache_write.or(other.cache_write),
        }
    }

    /// What InvokeModel says in headers.
    fn of(headers: &Headers) -> Self {
        let count = |name: &str| headers.get(name).and_then(|text| text.parse().ok());
        Self {
            input: count("x-amzn-bedrock-input-token-count"),
            output: count("x-amzn-bedrock-output-token-count"),
            cache_read: count("x-amzn-bedrock-cache-read-input-token-count"),
            cache_write: count("x-amzn-bedrock-cache-write-input-token-count"),
        }
    }
}

impl From<Tokens> for Usage {
    /// What nobody counted is none.
    fn from(tokens: Tokens) -> Self {
        Self {
            input_tokens: tokens.input.unwrap_or(0),
            output_tokens: tokens.output.unwrap_or(0),
            cache_read_input_tokens: tokens.cache_read.unwrap_or(0),
            cache_write_input_tokens: tokens.cache_write.unwrap_or(0),
        }
    }
}

/// Headers that go out beside those of the SDK.
pub(super) type More = Vec<(&'static str, String)>;

/// Sends a body by an operation of the SDK; gives what the SDK says and, when all is well, the bytes of the answer.
pub(super) async fn send<T, F: Future<Output = T>>(
    body: &Value,
    headers: More,
    operation: impl FnOnce(Raw) -> F,
) -> (T, SdkBody, Tokens) {
    let raw = Raw { body: body.to_string().into(), headers, answer: Arc::default() };
    let answer = Arc::clone(&raw.answer);
    let said = operation(raw).await;
    let (body, tokens) = std::mem::take(&mut *answer.lock().unwrap_or_else(PoisonError::into_inner));
    (said, body.unwrap_or_else(SdkBody::empty), tokens)
}

impl Intercept for Raw {
    fn name(&self) -> &'static str {
        "rockpick-raw"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("content-length", self.body.len().to_string());
        request.headers_mut().insert("content-type", "application/json");
        for (name, value) in &self.headers {
            request.headers_mut().try_insert(*name, value.clone())?;
        }
        *request.body_mut() = SdkBody::from(self.body.clone());
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        // Errors stay where the SDK reads them.
        if response.status().is_success() {
            let body = std::mem::replace(response.body_mut(), SdkBody::from("{}"));
            let tokens = Tokens::of(response.headers());
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = (Some(body), tokens);
        }
        Ok(())
    }
}
