//! How the network is reached: through a proxy where the environment names one, with a company's own certificates.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::certificates;

/// One pool of connections for all clients. `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are heard as in the AWS CLI, and
/// `AWS_CA_BUNDLE` names certificates beside the system's (`SSL_CERT_FILE` in their place).
pub(super) fn client() -> SharedHttpClient {
    let context = tls();
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    })
}

fn tls() -> TlsContext {
    let certificates = certificates::bundle().into_iter();
    let store = certificates
        .fold(TrustStore::default(), |store, certificate| store.with_pem_certificate(certificate));
    TlsContext::builder().with_trust_store(store).build().unwrap_or_default()
}
