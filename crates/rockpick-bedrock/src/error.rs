//! What Bedrock, the SDK or the network says went wrong, as one of our kinds.

use std::error::Error;
use std::time::Duration;

use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde_json::Value;

use super::secrets;
use rockpick_router::{Failure, Kind};

/// A call that the SDK says failed.
pub(super) fn of_call<E: ProvideErrorMetadata + Error + 'static>(
    error: &SdkError<E, HttpResponse>,
) -> Failure {
    match error {
        SdkError::ServiceError(said) => {
            let (code, message) =
                (said.err().code().unwrap_or_default(), said.err().message().unwrap_or_default());
            of_answer(said.raw(), code, message)
        }
        SdkError::ResponseError(broken) => match broken.raw().status().as_u16() {
            200..=299 => {
                Failure::new(Kind::Reset, format!("the connection broke: {}", root(error)))
            }
            _ => of_answer(broken.raw(), "", ""),
        },
        SdkError::TimeoutError(_) => Failure::new(Kind::Timeout, "the call took too long"),
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => of_dispatch(error),
        _ => Failure::new(Kind::InvalidRequest, root(error)),
    }
}

fn of_answer(answer: &HttpResponse, code: &str, message: &str) -> Failure {
    let status = answer.status().as_u16();
    let seconds = answer.headers().get("retry-after").and_then(|text| text.parse::<f64>().ok());
    let retry_after = seconds
        .filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
        .map(|seconds| Duration::from_secs_f64(seconds.min(86_400.0)));
    let kind = classify(Some(status), code, message);
    let message = match (message.is_empty(), code.is_empty()) {
        (false, _) => told(message),
        (true, false) => code.to_owned(),
        (true, true) => format!("Bedrock answered with HTTP status {status}"),
    };
    Failure { kind, message, retry_after, status: Some(status) }
}

/// An exception within a stream.
pub(super) fn of_event(code: &str, message: &str) -> Failure {
    Failure::new(classify(None, code, message), told(message))
}

/// What a job says that failed after it was started.
pub(super) fn of_job(message: &str) -> Failure {
    let words = message.to_lowercase();
    let says = |words_of: &[&str]| words_of.iter().any(|word| words.contains(word));
    let kind = match classify(None, "", message) {
        _ if says(&["s3", "bucket"]) && says(&["access", "permission", "credential"]) => {
            Kind::AccessDenied
        }
        Kind::InvalidRequest => Kind::ModelError,
        kind => kind,
    };
    Failure::new(kind, told(message))
}

/// Nothing was answered: no credentials, no Region, no connection.
fn of_dispatch(error: &dyn Error) -> Failure {
    let chain = chain(error);
    let says =
        |words: &[&str]| chain.iter().any(|link| words.iter().any(|word| link.contains(word)));
    let last = chain.last().cloned().unwrap_or_default();
    // Credentials first: what they are fetched from may time out or refuse as well.
    if says(&["expired"]) && says(&["token", "credential", "session"]) {
        return Failure::new(Kind::CredentialsExpired, "the credentials have expired");
    }
    if says(&["credential", "identity", "token provider", "sso session"]) {
        return Failure::new(Kind::CredentialsMissing, "no AWS credentials were found");
    }
    if says(&["region"]) && says(&["missing", "must be set", "not set"]) {
        return Failure::new(Kind::InvalidRequest, "no Region was found");
    }
    if says(&["must contain scheme", "invalid endpoint", "endpoint could not"]) {
        return Failure::new(Kind::BadEndpoint, format!("the endpoint cannot be used: {last}"));
    }
    if says(&["timed out", "timeout"]) {
        return Failure::new(Kind::Connect, "no connection was made in time");
    }
    if says(&[
        "dns error",
        "connection refused",
        "tcp connect",
        "connect error",
        "certificate",
        "tls",
        "invalid uri",
    ]) {
        return Failure::new(Kind::Connect, format!("no connection: {last}"));
    }
    Failure::new(Kind::Reset, format!("the connection broke: {last}"))
}

/// What an error was caused by, from the outside in, in lower case.
fn chain(error: &dyn Error) -> Vec<String> {
    let mut chain = Vec::new();
    let mut link = Some(error);
    while let Some(error) = link {
        chain.push(error.to_string().to_lowercase());
        link = error.source();
    }
    chain
}

/// What an error was caused by in the end.
pub(super) fn root(error: &dyn Error) -> String {
    chain(error).pop().unwrap_or_default()
}

/// The longest message that is told, in characters.
const LONGEST: usize = 600;

/// What a server says, as it may be shown: in one line of a bounded length, without what was sent and without secrets.
fn told(message: &str) -> String {
    let message = secrets::cut(&without_values(message));
    let mut line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Messages of validation quote what was sent: prompts belong in no error.
fn without_values(message: &str) -> String {
    match (message.find("Value '"), message.find("' at '")) {
        (Some(from), Some(to)) if from < to => {
            format!("{}Value '…{}", &message[..from], &message[to..])
        }
        _ => message.to_owned(),
    }
}

/// So short words in quotes are those of the API.
const SHORT: usize = 8;

/// The same failure without what it quotes of a request's texts.
pub(super) fn without_words_of(body: &Value, mut failure: Failure) -> Failure {
    let quotes = ['\'', '"', '`'];
    let parts: Vec<&str> = failure.message.split_inclusive(quotes).collect();
    let hidden = |part: &&str| {
        let inner = part.trim_end_matches(quotes);
        if inner.len() >= SHORT && says(body, inner) {
            part.replace(inner, "…")
        } else {
            (*part).to_owned()
        }
    };
    failure.message = parts.iter().map(hidden).collect();
    failure
}

/// Whether a text of a request holds some words.
fn says(body: &Value, words: &str) -> bool {
    match body {
        Value::String(text) => text.contains(words),
        Value::Array(items) => items.iter().any(|item| says(item, words)),
        Value::Object(fields) => fields.values().any(|value| says(value, words)),
        _ => false,
    }
}

/// Words in a message, in lower case, and what they mean. The first that is found counts.
const MEANINGS: &[(&str, Kind)] = &[
    ("tokens per day", Kind::DailyLimit),
    ("per day", Kind::DailyLimit),
    ("getting throttled", Kind::Throttled),
    ("too many connections", Kind::Throttled),
    ("rate exceeded", Kind::Throttled),
    ("end of its life", Kind::Eol),
    ("end-of-life", Kind::Eol),
    ("marked by provider as legacy", Kind::Eol),
    ("on-demand throughput", Kind::ProfileOnly),
    ("model identifier is invalid", Kind::InvalidId),
    ("not available in this region", Kind::InvalidId),
    ("isn't available in", Kind::InvalidId),
    ("service control policy", Kind::PolicyDenied),
    ("use case details", Kind::AgreementMissing),
    ("agreement", Kind::AgreementMissing),
    ("marketplace", Kind::AgreementMissing),
    ("token included in the request is expired", Kind::CredentialsExpired),
    ("token has expired", Kind::CredentialsExpired),
    ("signature expired", Kind::ClockSkew),
    ("signature not yet current", Kind::ClockSkew),
    ("token included in the request is invalid", Kind::CredentialsMissing),
    ("too long", Kind::TooLong),
    ("maximum context length", Kind::TooLong),
    ("context window", Kind::TooLong),
    ("exceed context limit", Kind::TooLong),
    ("content filter", Kind::ContentFiltered),
    ("content management policy", Kind::ContentFiltered),
    ("blocked by", Kind::ContentFiltered),
    ("prompt caching", Kind::Unsupported),
];

/// Which kind an error is, by its status, its code and its message: Bedrock says the same thing in several ways.
#[allow(clippy::match_same_arms, reason = "a table reads row by row")]
fn classify(status: Option<u16>, code: &str, message: &str) -> Kind {
    let message = message.to_lowercase().replace('’', "'");
    let code = code.rsplit('#').next().unwrap_or(code).to_lowercase();
    let code = code.trim_end_matches("exception").trim_end_matches("error");
    let by_words =
        || MEANINGS.iter().find(|(words, _)| message.contains(words)).map(|(_, kind)| *kind);
    match code {
        "modelnotready" => return Kind::NotReady,
        "modeltimeout" => return Kind::Timeout,
        "modelerror" | "modelstream" | "model" => return Kind::ModelError,
        "servicequotaexceeded" => return Kind::Quota,
        "expiredtoken" => return Kind::CredentialsExpired,
        "requestexpired" | "requesttimetooskewed" => return Kind::ClockSkew,
        "unrecognizedclient"
        | "invalidclienttokenid"
        | "missingauthenticationtoken"
        | "incompletesignature" => {
            return Kind::CredentialsMissing;
        }
        _ => {}
    }
    if let Some(kind) = by_words() {
        return kind;
    }
    match (code, status) {
        ("throttling" | "toomanyrequests", _) => Kind::Throttled,
        ("invalidsignature", _) => Kind::CredentialsMissing,
        ("accessdenied", _) => Kind::AccessDenied,
        ("resourcenotfound", _) => Kind::InvalidId,
        ("serviceunavailable", _) => Kind::Unavailable,
        ("internalserver" | "internalfailure", _) => Kind::Internal,
        (_, Some(429)) => Kind::Throttled,
        (_, Some(401)) => Kind::CredentialsMissing,
        (_, Some(403)) => Kind::AccessDenied,
        (_, Some(404)) => Kind::InvalidId,
        (_, Some(408)) => Kind::Timeout,
        (_, Some(413)) => Kind::TooLong,
        (_, Some(424)) => Kind::ModelError,
        (_, Some(503)) => Kind::Unavailable,
        (_, Some(500..)) => Kind::Internal,
        _ if ["doesn't support", "does not support", "not supported", "unsupported"]
            .iter()
            .any(|words| message.contains(words)) =>
        {
            Kind::Unsupported
        }
        _ => Kind::InvalidRequest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, code and message of answers that were recorded or documented.
    const REFUSALS: &[(u16, &str, &str, Kind)] = &[
        (
            429,
            "ThrottlingException",
            "Too many requests, please wait before trying again.",
            Kind::Throttled,
        ),
        (
            429,
            "ThrottlingException",
            "Too many tokens per day, please wait before trying again.",
            Kind::DailyLimit,
        ),
        (429, "", "Rate exceeded", Kind::Throttled),
        (
            503,
            "ServiceUnavailableException",
            "Model is getting throttled. Try your request again.",
            Kind::Throttled,
        ),
        (
            503,
            "ServiceUnavailableException",
            "Too many connections, please wait before trying again.",
            Kind::Throttled,
        ),
        (
            503,
            "ServiceUnavailableException",
            "Bedrock is unable to process your request.",
            Kind::Unavailable,
        ),
        (429, "ModelNotReadyException", "The model is not ready for inference.", Kind::NotReady),
        (408, "ModelTimeoutException", "The request took too long to process.", Kind::Timeout),
        (
            424,
            "ModelErrorException",
            "The system encountered an unexpected error during processing.",
            Kind::ModelError,
        ),
        (
            400,
            "ServiceQuotaExceededException",
            "Your request exceeds the service quota for your account.",
            Kind::Quota,
        ),
        (
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
            Kind::AccessDenied,
        ),
        (
            403,
            "AccessDeniedException",
            "… with an explicit deny in a service control policy",
            Kind::PolicyDenied,
        ),
        (
            404,
            "ResourceNotFoundException",
            "Model use case details have not been submitted for this account.",
            Kind::AgreementMissing,
        ),
        (
            403,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            Kind::CredentialsExpired,
        ),
        (
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            Kind::CredentialsMissing,
        ),
        (
            403,
            "InvalidSignatureException",
            "Signature expired: 20251117T063822Z is now earlier than 20251117T063849Z",
            Kind::ClockSkew,
        ),
        (
            400,
            "ValidationException",
            "Invocation of model ID a.b with on-demand throughput isn’t supported. Retry …",
            Kind::ProfileOnly,
        ),
        (400, "ValidationException", "The provided model identifier is invalid.", Kind::InvalidId),
        (
            404,
            "ResourceNotFoundException",
            "This model version has reached the end of its life.",
            Kind::Eol,
        ),
        (400, "ValidationException", "Input is too long for requested model.", Kind::TooLong),
        (
            400,
            "ValidationException",
            "This model doesn't support the image field. Remove image and try again.",
            Kind::Unsupported,
        ),
        (
            400,
            "ValidationException",
            "A conversation must start with a user message.",
            Kind::InvalidRequest,
        ),
        (
            403,
            "AccessDeniedException",
            "… your request did not allow prompt caching.",
            Kind::Unsupported,
        ),
        (500, "", "Internal error", Kind::Internal),
        (502, "", "", Kind::Internal),
    ];

    #[test]
    fn what_bedrock_says_is_understood() {
        for (status, code, message, kind) in REFUSALS {
            assert_eq!(classify(Some(*status), code, message), *kind, "{status} {code} {message}");
        }
    }

    #[test]
    fn exceptions_within_a_stream_are_understood() {
        for (code, kind) in [
            ("throttlingException", Kind::Throttled),
            ("modelStreamErrorException", Kind::ModelError),
            ("internalServerException", Kind::Internal),
            ("serviceUnavailableException", Kind::Unavailable),
            ("validationException", Kind::InvalidRequest),
            ("modelTimeoutException", Kind::Timeout),
        ] {
            assert_eq!(classify(None, code, "…"), kind, "{code}");
        }
    }

    #[test]
    fn what_was_sent_is_not_quoted() {
        let said = "1 validation error detected: Value 'my secret' at 'messages.1' failed";
        assert_eq!(
            without_values(said),
            "1 validation error detected: Value '…' at 'messages.1' failed"
        );
    }
}
