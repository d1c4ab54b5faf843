//! The bytes of a call: our JSON instead of the SDK's on the way out, the answer's bytes untouched on the way in.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

/// Puts the body of a request in its place and keeps the body of a good answer.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    body: bytes::Bytes,
    answer: Arc<Mutex<(Option<SdkBody>, Tokens)>>,
}

/// What InvokeModel says about tokens, in headers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tokens {
    pub(super) input: u64,
    pub(super) output: u64,
}

/// Sends a body by an operation of the SDK; gives what the SDK says and, when all is well, the bytes of the answer.
pub(super) async fn send<T, F: Future<Output = T>>(body: &Value, operation: impl FnOnce(Raw) -> F) -> (T, SdkBody, Tokens) {
    let raw = Raw { body: body.to_string().into(), answer: Arc::default() };
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
            let count = |name: &str| response.headers().get(name).and_then(|text| text.parse().ok()).unwrap_or(0);
            let tokens =
                Tokens { input: count("x-amzn-bedrock-input-token-count"), output: count("x-amzn-bedrock-output-token-count") };
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = (Some(body), tokens);
        }
        Ok(())
    }
}
