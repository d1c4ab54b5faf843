//! Calls to Amazon Bedrock: the only folder that names the AWS SDK.
//!
//! The SDK finds credentials, Regions and endpoints, signs and sends. Bodies are Converse's own JSON in both directions, so that
//! what a newer Bedrock says neither fails nor gets lost; retries are the router's.

mod account;
mod body;
mod bounded;
mod certificates;
mod error;
mod event;
mod native;
mod network;
#[doc(hidden)] // for fuzz/
pub mod offline;
mod secrets;
mod stream;
mod video;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_bedrockruntime::Client;

pub use self::account::{Caller, ModelAccess, Profile};
pub use self::certificates::{Unusable, check_certificates};
pub use self::stream::BedrockAnswer;
pub(crate) use aws_smithy_types::base64;
use rockpick_core::catalog::Form;
use rockpick_router::{Failure, Invoke, Kind, Request, Target};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(4);

/// What people may say about how AWS is reached; everything else is the SDK's own chain.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The profile in `~/.aws/config`.
    pub profile: Option<String>,
    /// Another endpoint than that of the Region.
    pub endpoint_url: Option<String>,
    /// Log what is sent and answered, prompts with it, under `rockpick::content`. Otherwise no log has it.
    pub debug_content: bool,
}

/// Bedrock, by one set of credentials and one pool of connections.
pub struct Bedrock {
    config: SdkConfig,
    /// A client for each Region, made once.
    clients: Mutex<HashMap<String, Client>>,
    shows_content: bool,
}

impl Bedrock {
    /// Finds out how AWS is reached; nothing is called.
    pub async fn connect(access: &Access) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(network::client())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).build())
            // Models think in silence; the router has its own limits.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(profile) = &access.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(endpoint) = &access.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        Self {
            config: loader.load().await,
            clients: Mutex::default(),
            shows_content: access.debug_content,
        }
    }

    /// The client of a Region.
    fn client(&self, region: &str) -> Client {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let config = aws_sdk_bedrockruntime::config::Builder::from(&self.config);
            Client::from_conf(
                config
                    .region(Region::new(region.to_owned()))
                    .interceptor(bounded::Bounded)
                    .interceptor(wire::Raw)
                    .build(),
            )
        };
        clients.entry(region.to_owned()).or_insert_with(make).clone()
    }
}

impl Invoke for Bedrock {
    type Answer = BedrockAnswer;

    async fn invoke(&self, target: &Target, request: &Request) -> Result<BedrockAnswer, Failure> {
        if let Some(form) = &request.form {
            return self.talk(target, request, form).await;
        }
        if let (Some(body), Some(start)) = (&request.body, &request.start) {
            return self.start(target, body, start).await;
        }
        let client = self.client(&target.region);
        if let Some(body) = &request.body {
            let call = client
                .invoke_model()
                .model_id(&target.invoke_id)
                .content_type("application/json")
                .send();
            return BedrockAnswer::result(self.send(body, Vec::new(), call).await?).await;
        }
        let body = body::converse(request);
        if request.stream {
            let call = client.converse_stream().model_id(&target.invoke_id).send();
            Ok(BedrockAnswer::streamed(self.send(&body, Vec::new(), call).await?, None))
        } else {
            let call = client.converse().model_id(&target.invoke_id).send();
            BedrockAnswer::whole(self.send(&body, Vec::new(), call).await?).await
        }
    }
}

impl Bedrock {
    /// A conversation by InvokeModel, in a model's own body.
    async fn talk(
        &self,
        target: &Target,
        request: &Request,
        form: &Form,
    ) -> Result<BedrockAnswer, Failure> {
        let unknown = || {
            Failure::new(
                Kind::Unsupported,
                format!("how {} is called is not known", target.invoke_id),
            )
        };
        let talk = form.talk.as_ref().ok_or_else(unknown)?;
        let (body, headers) = native::body(request, form, talk).ok_or_else(unknown)?;
        let client = self.client(&target.region);
        let reader = native::Reader::new(talk);
        if request.stream {
            let call =
                client.invoke_model_with_response_stream().model_id(&target.invoke_id).send();
            Ok(BedrockAnswer::streamed(self.send(&body, headers, call).await?, Some(reader)))
        } else {
            let call = client.invoke_model().model_id(&target.invoke_id).send();
            BedrockAnswer::native(self.send(&body, headers, call).await?, reader).await
        }
    }
}

/// Without credentials.
impl fmt::Debug for Bedrock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bedrock").field("region", &self.config.region()).finish_non_exhaustive()
    }
}
