//! What the account is and may call; nothing of this costs tokens.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use std::sync::{Arc, Mutex, PoisonError};

use super::bounded::Bounded;
use super::{Bedrock, Region, error};
use rockpick_router::Failure;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account's number.
    pub account: String,
    /// The user or role.
    pub arn: String,
}

/// What AWS says about an account's access to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelAccess {
    /// Where the agreement stands, in AWS's words: `AVAILABLE` when it is in order.
    pub agreement: String,
    /// Whether the account may use the model.
    pub authorized: bool,
    /// Whether the account is entitled to it.
    pub entitled: bool,
    /// Whether the Region has it.
    pub in_region: bool,
}

/// An inference profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Whether it can be called.
    pub active: bool,
    /// The bare id of its model.
    pub model: Option<String>,
    /// Where its requests may go; none named = any commercial Region.
    pub regions: Vec<String>,
}

/// Keeps the time that an answer bears, also when it is an error.
#[derive(Clone, Debug, Default)]
struct Dated(Arc<Mutex<Option<i64>>>);

impl Intercept for Dated {
    fn name(&self) -> &'static str {
        "rockpick-dated"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context
            .response()
            .headers()
            .get("date")
            .and_then(|text| DateTime::from_str(text, Format::HttpDate).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date.map(|date| date.secs());
        Ok(())
    }
}

impl Bedrock {
    fn control(&self, region: &str) -> aws_sdk_bedrock::Client {
        let builder = aws_sdk_bedrock::config::Builder::from(&self.config);
        let builder = builder.region(Region::new(region.to_owned())).interceptor(Bounded);
        aws_sdk_bedrock::Client::from_conf(builder.build())
    }

    /// Who calls, and the time that AWS has, in seconds since 1970.
    pub async fn caller(&self, region: &str) -> (Result<Caller, Failure>, Option<i64>) {
        let builder =
            aws_sdk_sts::config::Builder::from(&self.config).region(Region::new(region.to_owned()));
        let builder = builder.interceptor(Bounded);
        let dated = Dated::default();
        let call =
            aws_sdk_sts::Client::from_conf(builder.build()).get_caller_identity().customize();
        let answer =
            call.interceptor(dated.clone()).send().await.map_err(|error| error::of_call(&error));
        let said = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let caller = answer
            .map(|answer| Caller { account: said(answer.account()), arn: said(answer.arn()) });
        let time = *dated.0.lock().unwrap_or_else(PoisonError::into_inner);
        (caller, time)
    }

    /// What AWS says about the account's access to a model, by its bare id.
    ///
    /// # Errors
    /// Why it says nothing.
    pub async fn model_access(&self, region: &str, model: &str) -> Result<ModelAccess, Failure> {
        let call =
            self.control(region).get_foundation_model_availability().model_id(model).send().await;
        let answer = call.map_err(|error| error::of_call(&error))?;
        let agreement = answer
            .agreement_availability()
            .map_or("AVAILABLE", |agreement| agreement.status().as_str());
        Ok(ModelAccess {
            agreement: agreement.to_owned(),
            authorized: answer.authorization_status().as_str() == "AUTHORIZED",
            entitled: answer.entitlement_availability().as_str() == "AVAILABLE",
            in_region: answer.region_availability().as_str() == "AVAILABLE",
        })
    }

    /// An inference profile by its id or ARN, the account's own as well.
    ///
    /// # Errors
    /// Why it cannot be seen.
    pub async fn profile(&self, region: &str, id: &str) -> Result<Profile, Failure> {
        let call = self
            .control(region)
            .get_inference_profile()
            .inference_profile_identifier(id)
            .send()
            .await;
        let answer = call.map_err(|error| error::of_call(&error))?;
        let arns: Vec<&str> =
            answer.models().iter().filter_map(|model| model.model_arn()).collect();
        let model = arns.iter().find_map(|arn| arn.rsplit_once('/')).map(|(_, id)| id.to_owned());
        let regions: Vec<&str> = arns.iter().filter_map(|arn| arn.split(':').nth(3)).collect();
        // A model without a Region stands for all of them.
        let anywhere = regions.contains(&"");
        Ok(Profile {
            name: answer.inference_profile_name().to_owned(),
            active: answer.status().as_str() == "ACTIVE",
            model,
            regions: if anywhere {
                Vec::new()
            } else {
                regions.into_iter().map(str::to_owned).collect()
            },
        })
    }

    /// Whether the form about use cases, which some providers want, was sent.
    ///
    /// # Errors
    /// Why that cannot be seen; [`Kind::InvalidId`](rockpick_router::Kind) when it was not.
    pub async fn use_case(&self, region: &str) -> Result<(), Failure> {
        let call = self.control(region).get_use_case_for_model_access().send().await;
        call.map(drop).map_err(|error| error::of_call(&error))
    }

    /// Who may keep prompts of this account, in AWS's words.
    ///
    /// # Errors
    /// Why that cannot be seen.
    pub async fn retention(&self, region: &str) -> Result<String, Failure> {
        let call = self.control(region).get_account_data_retention().send().await;
        call.map(|answer| answer.mode().as_str().to_owned()).map_err(|error| error::of_call(&error))
    }
}
