//! Flags: how a registry is reached, and who is asking.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use ottla::client::{Builder, Client};

use super::Usage;
use super::project::Project;
use super::secret::Secret;
use super::values;

/// How long one answer may take where nothing is said: who waits for a check wants to know soon that there is nobody.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a registry is reached, wherever it is.
#[derive(Debug, Args)]
pub struct Access {
    /// User and password for the registry
    #[arg(
        long,
        env = "OTTLA_REGISTRY_USER",
        hide_env_values = true,
        value_name = "USER:PASSWORD",
        value_parser = Secret::<Login>::new(),
        help_heading = "Registry"
    )]
    registry_user: Option<Login>,
    /// A bearer token for the registry
    #[arg(
        long,
        env = "OTTLA_REGISTRY_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        value_parser = Secret::<String>::new(),
        conflicts_with = "registry_user",
        help_heading = "Registry"
    )]
    registry_token: Option<String>,
    /// Certificates (PEM) of authorities that are trusted besides the system's
    #[arg(long, env = "OTTLA_REGISTRY_CA", value_name = "FILE", help_heading = "Registry")]
    registry_ca: Option<PathBuf>,
    /// How long one answer of the registry may take, as in 500ms or 30s
    #[arg(
        long,
        env = "OTTLA_REGISTRY_TIMEOUT",
        value_name = "TIME",
        value_parser = values::some_time,
        help_heading = "Registry"
    )]
    registry_timeout: Option<Duration>,
}

/// Which registry, and how it is reached.
#[derive(Debug, Args)]
pub struct Target {
    /// Where the registry is, if not where ottla.toml says; a comma separates several URLs of one registry
    #[arg(
        long,
        env = "OTTLA_REGISTRY",
        hide_env_values = true,
        value_name = "URL",
        value_parser = Secret::<String>::new(),
        help_heading = "Registry"
    )]
    registry: Vec<String>,
    #[command(flatten)]
    access: Access,
}

/// A user and a password.
#[derive(Clone)]
struct Login {
    user: String,
    password: String,
}

impl Access {
    /// A client of a registry, which may have several URLs, in its usual settings.
    pub(super) fn builder<U: AsRef<str>>(&self, urls: &[U]) -> Result<Builder, Usage> {
        if let Some(url) = urls.iter().find(|url| !url.as_ref().contains("://")) {
            let shown = without_login(url.as_ref());
            return Err(Usage(format!("{shown}: the URL of a registry begins with http:// or https://")));
        }
        let mut builder = Client::builder(urls);
        if let Some(Login { user, password }) = &self.registry_user {
            builder = builder.basic_auth(user, password);
        }
        if let Some(token) = &self.registry_token {
            builder = builder.bearer_token(token);
        }
        if let Some(path) = &self.registry_ca {
            let pem = std::fs::read(path).map_err(|e| Usage(format!("{}: {e}", path.display())))?;
            builder = builder.root_certificates(&pem);
        }
        if let Some(timeout) = self.registry_timeout {
            builder = builder.connect_timeout(timeout).request_timeout(timeout).deadline(2 * timeout);
        }
        Ok(builder)
    }

    /// A client for who decides by what it says: it gives up soon, and takes for an answer only what is one.
    pub(super) fn strict_client<U: AsRef<str>>(&self, urls: &[U]) -> Result<Client, Usage> {
        let mut builder = self.builder(urls)?.tries(2).json_only();
        if self.registry_timeout.is_none() {
            builder = builder.request_timeout(PATIENCE).deadline(2 * PATIENCE);
        }
        builder.build().map_err(|error| Usage(error.to_string()))
    }
}

impl Target {
    /// A client that is as strict as [`Access::strict_client`].
    pub(super) fn client(&self, project: &Project) -> Result<Client, Usage> {
        let mut urls = self.urls();
        if urls.is_empty() {
            urls = project.registry_urls();
        }
        if urls.is_empty() {
            return Err(Usage(
                "which registry? Say --registry URL, OTTLA_REGISTRY, or url = \"...\" under [registry] in ottla.toml"
                    .to_owned(),
            ));
        }
        self.strict_client(&urls)
    }

    /// What the command line or the environment says. A variable that is set to nothing says nothing.
    pub(super) fn urls(&self) -> Vec<String> {
        self.registry.iter().flat_map(|text| urls(text)).collect()
    }

    /// A client of other URLs that is reached in the same way.
    pub(super) fn strict_client(&self, urls: &[String]) -> Result<Client, Usage> {
        self.access.strict_client(urls)
    }
}

/// The URLs of a text, with commas between them. A password may have a comma, too: what follows that is no URL.
pub(super) fn urls(text: &str) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    let mut rest = String::new();
    for part in text.split(',').rev() {
        let part = format!("{part}{rest}");
        let is_login = part.contains('@') && !part.contains("://");
        rest = if is_login { format!(",{part}") } else { String::new() };
        if !is_login && !part.trim().is_empty() {
            urls.push(part.trim().to_owned());
        }
    }
    // What no URL begins is wrong, and told as such.
    urls.extend(rest.get(1..).filter(|rest| !rest.is_empty()).map(str::to_owned));
    urls.reverse();
    urls
}

/// A URL for people: without user and password.
pub(super) fn without_login(url: &str) -> String {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    match (scheme, url.rsplit_once('@')) {
        ("", Some((_, host))) => host.to_owned(),
        (scheme, Some((_, host))) => format!("{scheme}://{host}"),
        (_, None) => url.to_owned(),
    }
}

impl FromStr for Login {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (user, password) = text.split_once(':').ok_or("expected USER:PASSWORD")?;
        Ok(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_stand_between_commas() {
        for (text, expected) in [
            ("", &[][..]),
            (" , ", &[]),
            ("http://a:1", &["http://a:1"]),
            ("http://a:1, http://me:x@b:2/c ,", &["http://a:1", "http://me:x@b:2/c"]),
            ("http://me:x,y@a,https://me:,,z@b", &["http://me:x,y@a", "https://me:,,z@b"]),
            ("http://a,b:2", &["http://a", "b:2"]),
            ("me:x,y@a", &["me:x,y@a"]),
        ] {
            assert_eq!(urls(text), expected, "{text}");
        }
    }

    #[test]
    fn people_see_no_passwords() {
        for (url, expected) in [
            ("http://me:p@ss@host:1/x", "http://host:1/x"),
            ("me:pass@host", "host"),
            ("http://host", "http://host"),
        ] {
            assert_eq!(without_login(url), expected);
        }
    }
}
