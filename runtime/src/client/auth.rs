//! Who is asking.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::transport::BoxFuture;

/// Makes a bearer token for one request, or says why it cannot.
type Provider = Arc<dyn Fn() -> BoxFuture<'static, Result<String, String>> + Send + Sync>;

/// Credentials. `Debug` does not show them.
#[derive(Clone, Default)]
pub(super) enum Auth {
    #[default]
    None,
    /// The value of `Authorization`.
    Fixed(String),
    Provider(Provider),
}

impl Auth {
    pub(super) fn basic(user: &str, password: &str) -> Self {
        Self::Fixed(basic(user, password))
    }

    pub(super) fn bearer(token: &str) -> Self {
        Self::Fixed(format!("Bearer {token}"))
    }

    pub(super) fn provider<F>(provider: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, String>> + Send + 'static,
    {
        Self::Provider(Arc::new(move || Box::pin(provider())))
    }

    /// The value of `Authorization` for one request.
    pub(super) async fn value(&self) -> Result<Option<String>, String> {
        match self {
            Self::None => Ok(None),
            Self::Fixed(value) => Ok(Some(value.clone())),
            Self::Provider(provider) => provider().await.map(|token| Some(format!("Bearer {token}"))),
        }
    }
}

/// The value of `Authorization` for basic authentication.
pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Fixed(value) if value.starts_with("Basic ") => "basic",
            Self::Fixed(_) => "bearer",
            Self::Provider(_) => "bearer, provided",
        })
    }
}
