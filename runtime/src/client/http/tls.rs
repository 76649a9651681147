//! TLS.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::HttpSettings;
use crate::client::error::Error;

/// What a connection trusts, and what it shows. Without `secure` there will be no such connection, so it does not matter
/// whether the system has any certificates.
pub(super) fn config(settings: &HttpSettings, secure: bool) -> Result<ClientConfig, Error> {
    // The program's own choice, if it made one.
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| Arc::new(rustls::crypto::ring::default_provider()));
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| wrong("TLS", e))?;
    let mut roots = Vec::new();
    for pem in &settings.roots {
        roots.extend(certificates(pem)?);
    }
    let builder = if secure {
        let verifier = Verifier::new_with_extra_roots(roots, provider);
        let verifier = verifier.map_err(|e| wrong("the certificates that are trusted", e))?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let Some((chain, key)) = &settings.identity else { return Ok(builder.with_no_client_auth()) };
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| wrong("the client's private key", e))?;
    builder.with_client_auth_cert(certificates(chain)?, key).map_err(|e| wrong("the client's certificate", e))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|e| wrong("a certificate", e))?;
    if certificates.is_empty() {
        return Err(Error::Settings("a certificate: there is none in the PEM text".into()));
    }
    Ok(certificates)
}

fn wrong(what: &str, error: impl std::fmt::Display) -> Error {
    Error::Settings(format!("{what}: {error}").into())
}
