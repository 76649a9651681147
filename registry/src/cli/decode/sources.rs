//! Flags: where schemas come from, and who is asking.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use ottla::client::Client;

use super::failure::Failure;
use crate::cli::secret::Secret;

/// Where schemas come from.
#[derive(Debug, Args)]
pub struct Sources {
    /// Where the registry is; a comma separates several URLs of one registry
    #[arg(
        long,
        env = "OTTLA_REGISTRY",
        hide_env_values = true,
        value_name = "URL",
        default_value = "http://127.0.0.1:8081",
        value_delimiter = ',',
        value_parser = Secret::<String>::new(),
        help_heading = "Schemas"
    )]
    registry: Vec<String>,
    /// User and password for it
    #[arg(
        long,
        env = "OTTLA_REGISTRY_USER",
        hide_env_values = true,
        value_name = "USER:PASSWORD",
        value_parser = Secret::<Login>::new(),
        help_heading = "Schemas"
    )]
    registry_user: Option<Login>,
    /// A bearer token for it
    #[arg(
        long,
        env = "OTTLA_REGISTRY_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN",
        value_parser = Secret::<String>::new(),
        conflicts_with = "registry_user",
        help_heading = "Schemas"
    )]
    registry_token: Option<String>,
    /// Certificates (PEM) of authorities that are trusted besides the system's
    #[arg(long, env = "OTTLA_REGISTRY_CA", value_name = "FILE", help_heading = "Schemas")]
    registry_ca: Option<PathBuf>,
    /// A subject that holds the schema, or a context as in :.sales: that its id is of
    #[arg(long, value_name = "SUBJECT", help_heading = "Schemas")]
    pub(super) subject: Option<String>,
    /// The schema that messages were written with; no registry is asked. Of several the last, which may refer to the others
    #[arg(long, value_name = "FILE", help_heading = "Schemas")]
    pub(super) schema: Vec<PathBuf>,
}

/// A user and a password.
#[derive(Clone)]
struct Login {
    user: String,
    password: String,
}

impl Sources {
    /// What asks the registry.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        let mut client = Client::builder(&self.registry);
        if let Some(Login { user, password }) = &self.registry_user {
            client = client.basic_auth(user, password);
        }
        if let Some(token) = &self.registry_token {
            client = client.bearer_token(token);
        }
        if let Some(path) = &self.registry_ca {
            let pem = std::fs::read(path).map_err(|e| Failure::end(format!("{}: {e}", path.display())))?;
            client = client.root_certificates(&pem);
        }
        client.build().map_err(Failure::end)
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
