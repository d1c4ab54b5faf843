//! Bounds on what a server may send: an answer of a million tokens has less than 8 MB.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use http_body_util::Limited;

/// The most bytes of an answer.
pub(super) const MOST_OF_AN_ANSWER: usize = 64 << 20;
/// The most bytes of an error.
const MOST_OF_AN_ERROR: usize = 64 << 10;
/// The most bytes of one piece of a stream.
pub(super) const MOST_OF_A_PIECE: usize = 16 << 20;

/// Bounds the bodies of all answers of a client, as they arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounded;

impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "rockpick-bounded"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        let most =
            if response.status().is_success() { MOST_OF_AN_ANSWER } else { MOST_OF_AN_ERROR };
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        *response.body_mut() = SdkBody::from_body_1_x(Limited::new(body, most));
        Ok(())
    }
}
