//! Certificates: those of `tests/data/tls`, made by `make.sh` there.

use std::sync::Arc;

use ottla::client::Client;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::server::Server;

const CA: &[u8] = include_bytes!("../data/tls/ca.pem");
const SERVER: (&[u8], &[u8]) =
    (include_bytes!("../data/tls/server.pem"), include_bytes!("../data/tls/server.key"));
const CLIENT: (&[u8], &[u8]) =
    (include_bytes!("../data/tls/client.pem"), include_bytes!("../data/tls/client.key"));

fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().expect("certificates")
}

/// A server that may ask for a client's certificate.
fn server(asks: bool) -> Server {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().expect("versions");
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates(CA));
    let builder = if asks {
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        builder.with_client_cert_verifier(verifier.expect("a verifier"))
    } else {
        builder.with_no_client_auth()
    };
    let key = PrivateKeyDer::from_pem_slice(SERVER.1).expect("a key");
    Server::with_tls(builder.with_single_cert(certificates(SERVER.0), key).expect("a configuration"))
}

#[tokio::test]
async fn authorities_are_trusted_where_that_is_said() {
    let server = server(false);
    let client = server.builder().root_certificates(CA).build().expect("a client");
    assert!(client.subjects().await.expect("a list").is_empty());
    // The name counts.
    let elsewhere = server.url().replace("127.0.0.1", "localhost");
    let client =
        Client::builder([elsewhere]).no_proxy().tries(1).root_certificates(CA).build().expect("a client");
    let error = client.subjects().await.expect_err("a certificate for another name");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn strangers_are_not_trusted() {
    let server = server(false);
    // Any certificate makes a client, also where the system has none.
    let client = server.builder().tries(1).root_certificates(CLIENT.0).build().expect("a client");
    let error = client.subjects().await.expect_err("a certificate of a stranger");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(!error.is_outcome_unknown() && server.seen().is_empty());
}

#[tokio::test]
async fn clients_show_their_certificate() {
    let server = server(true);
    let builder = server.builder().tries(1).root_certificates(CA);
    builder.clone().build().expect("a client").subjects().await.expect_err("no certificate");
    let client = builder.client_certificate(CLIENT.0, CLIENT.1).build().expect("a client");
    assert!(client.subjects().await.expect("a list").is_empty());
    assert_eq!(server.seen().len(), 1);
    assert!(!format!("{client:?}").contains("PRIVATE"));
}
