//! Base URLs.

use std::fmt;

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::client::auth::basic;
use crate::client::error::Error;

/// Where a registry is: `http://host:port/prefix`. Credentials that the URL came with are kept apart and never shown.
#[derive(Clone)]
pub(in crate::client) struct BaseUrl {
    /// Without credentials, and without a slash at the end.
    name: String,
    authorization: Option<String>,
}

impl BaseUrl {
    /// Reads `http[s]://[user:password@]host[:port][/prefix]`.
    pub(in crate::client) fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |what: &str| Error::Settings(format!("{}: {what}", without_credentials(text)).into());
        let mut url = Url::parse(text.trim()).map_err(|e| wrong(&e.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("the URL of a registry begins with http:// or https://"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("the URL of a registry ends with its path"));
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, password) = (decoded(url.username()), url.password().map(decoded));
        let authorization = (!user.is_empty() || password.is_some())
            .then(|| basic(&user, password.as_deref().unwrap_or_default()));
        // An HTTP URL has a host, hence room for credentials: both can be taken away.
        let cleared = url.set_username("").and_then(|()| url.set_password(None));
        cleared.map_err(|()| wrong("the URL has no host"))?;
        Ok(Self { name: url.as_str().trim_end_matches('/').to_owned(), authorization })
    }

    /// A path and query below it.
    pub(super) fn join(&self, target: &str) -> Option<Url> {
        Url::parse(&format!("{}{target}", self.name)).ok()
    }

    /// The URL, for people to read.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What `Authorization` says for the credentials in the URL.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Is it one with TLS?
    pub(super) fn is_secure(&self) -> bool {
        self.name.starts_with("https:")
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A text that may not even be a URL, without what may be a password in it.
fn without_credentials(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[test]
    fn urls() {
        let cases = [
            ("http://localhost:8081", "http://localhost:8081", None),
            (" https://host/registry/ ", "https://host/registry", None),
            ("http://u:p%40s@host:80/a/b", "http://host/a/b", Some("Basic dTpwQHM=")),
            ("http://u@host", "http://host", Some("Basic dTo=")),
            ("http://[::1]:8081/", "http://[::1]:8081", None),
        ];
        for (text, name, authorization) in cases {
            let url = BaseUrl::parse(text).unwrap();
            assert_eq!((url.name(), url.authorization()), (name, authorization), "{text}");
            let target = url.join("/subjects/%3A.a%3Ab%2Fc/versions?deleted=true").unwrap();
            assert_eq!(target.as_str(), format!("{name}/subjects/%3A.a%3Ab%2Fc/versions?deleted=true"));
            assert!(!format!("{url:?}").contains("p%40s"));
        }
    }

    #[test]
    fn what_is_no_url_is_refused_without_showing_its_password() {
        for text in [
            "",
            "localhost:8081",
            "ftp://u:secret@host",
            "http://u:secret@",
            "http://u:secret@h/?a",
            "u:secret@h",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }
}
