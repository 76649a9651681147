//! Requests over HTTP.

mod tls;
mod url;

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;

pub(super) use self::url::BaseUrl;
use super::error::Error;
use super::transport::{BoxFuture, Method, Request, Response, Transport, TransportError};

/// Settings of connections.
#[derive(Clone)]
pub(super) struct HttpSettings {
    pub(super) connect_timeout: Duration,
    pub(super) no_proxy: bool,
    /// PEM.
    pub(super) roots: Vec<Vec<u8>>,
    /// PEM: certificates and key.
    pub(super) identity: Option<(Vec<u8>, Vec<u8>)>,
}

/// Requests to one URL.
struct Http {
    base: BaseUrl,
    client: reqwest::Client,
}

/// A transport for each URL, over the same connections.
pub(super) fn transports(
    urls: Vec<BaseUrl>,
    settings: &HttpSettings,
) -> Result<Vec<Arc<dyn Transport>>, Error> {
    if urls.is_empty() {
        return Ok(Vec::new());
    }
    let secure = urls.iter().any(BaseUrl::is_secure);
    let mut client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::config(settings, secure)?)
        .redirect(Policy::none())
        .connect_timeout(settings.connect_timeout);
    if settings.no_proxy {
        client = client.no_proxy();
    }
    let client = client.build().map_err(|e| Error::Settings(chain(e).into()))?;
    let transport = |base| -> Arc<dyn Transport> { Arc::new(Http { base, client: client.clone() }) };
    Ok(urls.into_iter().map(transport).collect())
}

impl Http {
    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let limit = request.body_limit;
        let request = self.request(request)?;
        let mut response = self.client.execute(request).await.map_err(lost)?;
        let too_long = TransportError::TooLong { limit };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_long);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > limit {
                return Err(too_long);
            }
            body.extend_from_slice(&chunk);
        }
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        let headers = headers.collect();
        Ok(Response { status: response.status().as_u16(), headers, body: body.freeze() })
    }

    fn request(&self, request: Request) -> Result<reqwest::Request, TransportError> {
        let invalid = |what: &str| TransportError::Invalid(what.to_owned());
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let url = self.base.join(&request.target).ok_or_else(|| invalid("its target is none"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let wrong = || invalid(&format!("the header {name} cannot be sent"));
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            value.set_sensitive(key == reqwest::header::AUTHORIZATION);
            headers.insert(key, value);
        }
        let mut built = reqwest::Request::new(method, url);
        *built.headers_mut() = headers;
        *built.body_mut() = request.body.map(Into::into);
        Ok(built)
    }
}

impl Transport for Http {
    fn name(&self) -> &str {
        self.base.name()
    }

    fn authorization(&self) -> Option<&str> {
        self.base.authorization()
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// Why there is no answer. The URL is left out: who shows the error knows it.
fn lost(error: reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::Connect(chain(error))
    } else if error.is_builder() {
        TransportError::Invalid(chain(error))
    } else {
        TransportError::Lost(chain(error))
    }
}

/// An error with all that led to it; what repeats what came before is left out.
fn chain(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        source = error.source();
    }
    text
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(3), no_proxy: false, roots: Vec::new(), identity: None }
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("no_proxy", &self.no_proxy)
            .field("roots", &self.roots.len())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Http({})", self.base.name())
    }
}
