//! The bytes of a call: our JSON instead of the SDK's on the way out, the answer's bytes untouched on the way in.

use std::error::Error;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use super::{Bedrock, error};
use rockpick_core::task::Tier;
use rockpick_router::{Failure, Kind, Usage};

/// Under this name what is said is logged, and only when that was asked for.
pub(super) const CONTENT: &str = "rockpick::content";

tokio::task_local! {
    /// The call that the task makes just now: the SDK runs interceptors in the task of its caller.
    static CALL: Arc<Call>;
}

/// What goes out in place of the SDK's own body, and what comes back.
#[derive(Debug)]
struct Call {
    body: bytes::Bytes,
    headers: More,
    answer: Mutex<Option<(SdkBody, Tokens)>>,
}

/// Puts the body of a call in its place and keeps the body of a good answer. A client has it once, and it leaves alone what is not sent
/// by [`Bedrock::send`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw;

/// What came back.
pub(super) struct Received {
    /// The bytes of the answer, as they arrive.
    pub(super) body: SdkBody,
    /// What headers say about tokens.
    pub(super) tokens: Tokens,
    /// Whether what is said may be logged.
    pub(super) shown: bool,
}

/// Tokens that were counted, each where somebody counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) input: Option<u64>,
    pub(super) output: Option<u64>,
    pub(super) cache_read: Option<u64>,
    pub(super) cache_write: Option<u64>,
    /// Those of them that stay for an hour.
    pub(super) cache_write_1h: Option<u64>,
    /// The tier that served the request.
    pub(super) tier: Option<Tier>,
}

impl Tokens {
    /// These, and others where these are not known.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            input: self.input.or(other.input),
            output: self.output.or(other.output),
            cache_read: self.cache_read.or(other.cache_read),
            cache_write: self.cache_write.or(other.cache_write),
            cache_write_1h: self.cache_write_1h.or(other.cache_write_1h),
            tier: self.tier.or(other.tier),
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
            cache_write_1h: None,
            tier: headers.get("x-amzn-bedrock-service-tier").and_then(tier),
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
            cache_write_1h_input_tokens: tokens.cache_write_1h.unwrap_or(0),
            tier: tokens.tier,
            partial: tokens.input.is_none() || tokens.output.is_none(),
        }
    }
}

/// A tier in Bedrock's words.
pub(super) fn tier(word: &str) -> Option<Tier> {
    match word {
        "default" | "standard" => Some(Tier::Standard),
        "flex" => Some(Tier::Flex),
        "priority" => Some(Tier::Priority),
        _ => None,
    }
}

/// Headers that go out beside those of the SDK.
pub(super) type More = Vec<(&'static str, String)>;

impl Bedrock {
    /// Sends a body in place of that of an operation of the SDK.
    pub(super) async fn send<T, E: ProvideErrorMetadata + Error + 'static>(
        &self,
        body: &Value,
        headers: More,
        operation: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<Received, Failure> {
        let call =
            Arc::new(Call { body: body.to_string().into(), headers, answer: Mutex::default() });
        if self.shows_content {
            tracing::debug!(target: CONTENT, "sent: {body}");
        }
        CALL.scope(Arc::clone(&call), operation).await.map_err(|error| {
            if let Some(answer) = error.raw_response().filter(|_| self.shows_content) {
                let said = answer.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
                tracing::debug!(target: CONTENT, "refused: {said}");
            }
            error::without_words_of(body, error::of_call(&error))
        })?;
        let answer = call.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (body, tokens) =
            answer.ok_or_else(|| Failure::new(Kind::Internal, "the answer got lost"))?;
        Ok(Received { body, tokens, shown: self.shows_content })
    }
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
        let Ok(call) = CALL.try_with(Arc::clone) else { return Ok(()) };
        let request = context.request_mut();
        request.headers_mut().insert("content-length", call.body.len().to_string());
        request.headers_mut().insert("content-type", "application/json");
        for (name, value) in &call.headers {
            request.headers_mut().try_insert(*name, value.clone())?;
        }
        *request.body_mut() = SdkBody::from(call.body.clone());
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(call) = CALL.try_with(Arc::clone) else { return Ok(()) };
        let response = context.response_mut();
        // Errors stay where the SDK reads them.
        if response.status().is_success() {
            let body = std::mem::replace(response.body_mut(), SdkBody::from("{}"));
            let tokens = Tokens::of(response.headers());
            *call.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some((body, tokens));
        }
        Ok(())
    }
}
