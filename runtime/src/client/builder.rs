//! How a client is put together.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::auth::Auth;
use super::error::Error;
#[cfg(feature = "client")]
use super::http::{self, HttpSettings};
use super::transport::Transport;

/// Settings of a [`Client`] that is to be built.
#[derive(Debug, Clone)]
pub struct Builder {
    transports: Vec<Arc<dyn Transport>>,
    settings: Settings,
    /// The first one that is wrong is told when the client is built.
    #[cfg(feature = "client")]
    urls: Result<Vec<http::BaseUrl>, Error>,
    #[cfg(feature = "client")]
    http: HttpSettings,
}

/// How requests are sent, and what is kept of the answers.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(super) auth: Auth,
    pub(super) headers: Headers,
    pub(super) request_timeout: Duration,
    pub(super) deadline: Duration,
    pub(super) tries: u32,
    pub(super) first_pause: Duration,
    pub(super) longest_pause: Duration,
    pub(super) body_limit: usize,
    pub(super) json_only: bool,
    pub(super) cached_schemas: usize,
    pub(super) cached_bytes: usize,
    pub(super) missing_ttl: Duration,
    pub(super) latest_ttl: Duration,
}

/// Headers of every request. `Debug` shows only their names: values may be secret.
#[derive(Clone, Default)]
pub(super) struct Headers(pub(super) Vec<(String, String)>);

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            auth: Auth::default(),
            headers: Headers::default(),
            request_timeout: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
            tries: 3,
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(2),
            body_limit: 32 << 20,
            json_only: false,
            cached_schemas: 10_000,
            cached_bytes: 64 << 20,
            missing_ttl: Duration::from_secs(1),
            latest_ttl: Duration::ZERO,
        }
    }
}

impl Builder {
    #[cfg(feature = "client")]
    pub(super) fn with_urls<U: AsRef<str>>(urls: impl IntoIterator<Item = U>) -> Self {
        let urls = urls.into_iter().map(|url| http::BaseUrl::parse(url.as_ref())).collect();
        Self { urls, ..Self::with_transports([]) }
    }

    pub(super) fn with_transports(transports: impl IntoIterator<Item = Arc<dyn Transport>>) -> Self {
        Self {
            transports: transports.into_iter().collect(),
            settings: Settings::default(),
            #[cfg(feature = "client")]
            urls: Ok(Vec::new()),
            #[cfg(feature = "client")]
            http: HttpSettings::default(),
        }
    }

    /// Basic authentication, at every URL. Without it, each URL's own user and password count.
    #[must_use]
    pub fn basic_auth(mut self, user: &str, password: &str) -> Self {
        self.settings.auth = Auth::basic(user, password);
        self
    }

    /// A bearer token that does not change.
    #[must_use]
    pub fn bearer_token(mut self, token: &str) -> Self {
        self.settings.auth = Auth::bearer(token);
        self
    }

    /// A bearer token that does: asked for before each request, and waited for as long as for an answer. Who provides it keeps it as
    /// long as it is valid; what it answers instead of a token ends up in [`Error::Credentials`].
    #[must_use]
    pub fn bearer_token_from<F>(mut self, provider: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, String>> + Send + 'static,
    {
        self.settings.auth = Auth::provider(provider);
        self
    }

    /// A header of every request, in the place of one that the client would send.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.settings.headers.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.settings.headers.0.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// How long one request may take, from the connection to the end of the answer: 10 s.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.settings.request_timeout = timeout;
        self
    }

    /// How long a call may take, with all that is sent again: 30 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.deadline = deadline;
        self
    }

    /// How often a request is sent to each URL at most: 3 times. 1 never repeats, but still goes on to the next URL.
    #[must_use]
    pub fn tries(mut self, tries: u32) -> Self {
        self.settings.tries = tries.max(1);
        self
    }

    /// The pauses after all URLs failed: of random length, at first up to `first` (100 ms), then up to twice as long each
    /// time, never beyond `longest` (2 s). If a registry asks for a longer one (`Retry-After`), it gets it, as far as time is left.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.first_pause = first;
        self.settings.longest_pause = longest;
        self
    }

    /// The longest body of an answer, in bytes: 32 MiB.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Takes for an answer only what says that it is JSON, or does not say what it is: a page of a proxy is none, even if it happens
    /// to read like one.
    #[must_use]
    pub fn json_only(mut self) -> Self {
        self.settings.json_only = true;
        self
    }

    /// How many schemas are kept by id and content hash, and how many bytes of them: 10,000 and 64 MiB. The ones that were
    /// not asked for longest go first.
    #[must_use]
    pub fn cache(mut self, schemas: usize, bytes: usize) -> Self {
        self.settings.cached_schemas = schemas;
        self.settings.cached_bytes = bytes;
        self
    }

    /// How long it is remembered that there is no schema under an id or content hash: 1 s. It may be registered meanwhile.
    #[must_use]
    pub fn missing_ttl(mut self, ttl: Duration) -> Self {
        self.settings.missing_ttl = ttl;
        self
    }

    /// How long [`Client::latest`] answers what it answered before: not at all, unless it is set here.
    #[must_use]
    pub fn latest_ttl(mut self, ttl: Duration) -> Self {
        self.settings.latest_ttl = ttl;
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Settings`] if there is no URL, one that is none, or certificates that cannot be read.
    pub fn build(self) -> Result<Client, Error> {
        let transports = self.transports;
        #[cfg(feature = "client")]
        let transports = [transports, http::transports(self.urls?, &self.http)?].concat();
        if transports.is_empty() {
            return Err(Error::Settings("a client needs at least one registry".into()));
        }
        Ok(Client::with_settings(transports, self.settings))
    }
}

/// Settings of connections over HTTP.
#[cfg(feature = "client")]
impl Builder {
    /// How long a connection may take to come about: 3 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Certificates (PEM, one or several) of authorities that are trusted besides the system's.
    #[must_use]
    pub fn root_certificates(mut self, pem: &[u8]) -> Self {
        self.http.roots.push(pem.to_vec());
        self
    }

    /// The client's own certificate (PEM, with those that lead to its authority) and private key (PEM), for registries that
    /// ask for one.
    #[must_use]
    pub fn client_certificate(mut self, certificates: &[u8], key: &[u8]) -> Self {
        self.http.identity = Some((certificates.to_vec(), key.to_vec()));
        self
    }

    /// Connects directly, whatever proxy the environment names (`HTTPS_PROXY` and the like).
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.http.no_proxy = true;
        self
    }
}
