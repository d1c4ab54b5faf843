//! How the network is reached: through a proxy where the environment names one, with a company's own certificates.

use std::env;
use std::fs::File;
use std::io::Read as _;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// A bundle of certificates is not larger, in bytes.
const MOST_OF_A_BUNDLE: u64 = 16 << 20;

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
    let store = match bundle() {
        Some(certificates) => TrustStore::default().with_pem_certificate(certificates),
        None => TrustStore::default(),
    };
    TlsContext::builder().with_trust_store(store).build().unwrap_or_default()
}

/// The certificates of `AWS_CA_BUNDLE`; one that cannot be read counts as none, and connections then say what they miss.
fn bundle() -> Option<Vec<u8>> {
    let path = env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty())?;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_OF_A_BUNDLE).read_to_end(&mut bytes).ok()?;
    bytes.starts_with(b"-----BEGIN").then_some(bytes)
}
