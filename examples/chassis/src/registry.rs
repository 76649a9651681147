//! The schema registry, which may be away when a service starts.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use ottla::Events;
use ottla::client::{self, Client};
use ottla::serdes::{Register, SerializeError, Serializer};

use crate::health::Check;

/// Flags for the schema registry.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub struct Options {
    /// URLs of the schema registry, separated by commas; they may hold user and password
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8081",
        value_delimiter = ',',
        hide_env_values = true,
        help_heading = "Schema registry"
    )]
    registry: Vec<String>,
    /// Certificates (PEM) of authorities that are trusted besides the system's
    #[arg(long, value_name = "FILE", help_heading = "Schema registry")]
    registry_ca: Option<PathBuf>,
    /// May schemas be registered that the registry does not have?
    #[arg(long, value_enum, default_value_t = Policy::IfMissing, help_heading = "Schema registry")]
    register: Policy,
}

/// What becomes of schemas that the registry does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Policy {
    /// They are registered, if they are compatible with earlier versions
    IfMissing,
    /// They have to be there: somebody else registers them, such as a pipeline
    Never,
}

/// Why there is no client of the registry.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Its settings are wrong.
    #[error("the schema registry: {0}")]
    Settings(#[from] client::Error),
    /// The certificates cannot be read.
    #[error("{}: {reason}", file.display())]
    Certificates {
        /// The file.
        file: PathBuf,
        /// Why not.
        reason: std::io::Error,
    },
}

impl Options {
    /// A client of the registry. Nothing is sent yet.
    ///
    /// # Errors
    /// If a URL is none, or certificates cannot be read.
    pub fn client(&self) -> Result<Client, RegistryError> {
        let mut builder = Client::builder(&self.registry);
        if let Some(file) = &self.registry_ca {
            let read = std::fs::read(file);
            let pem = read.map_err(|reason| RegistryError::Certificates { file: file.clone(), reason })?;
            builder = builder.root_certificates(&pem);
        }
        Ok(builder.request_timeout(Duration::from_secs(5)).tries(1).build()?)
    }

    /// What serializers do about schemas that the registry does not have.
    pub fn register(&self) -> Register {
        match self.register {
            Policy::IfMissing => Register::IfMissing,
            Policy::Never => Register::Never,
        }
    }
}

/// The pauses between questions to a registry that does not answer.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Prepares a serializer, for as long as it takes while the registry is away, or has not heard of the schema yet. Once it is
/// prepared the registry is not needed any more.
///
/// # Errors
/// If the registry refuses the schema.
pub async fn prepare<T: Events>(serializer: &Serializer<T>, check: &Check) -> Result<(), SerializeError> {
    let mut pause = FIRST_PAUSE;
    loop {
        match serializer.prepare().await {
            Ok(()) => {
                for schema in serializer.written_as().unwrap_or_default() {
                    tracing::info!(
                        subject = schema.subject,
                        id = schema.id.0,
                        "events are written as {}",
                        schema.name
                    );
                }
                check.well();
                return Ok(());
            }
            Err(error) if may_pass(&error) => check.ill(error.to_string()),
            Err(error) => return Err(error),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// May it be otherwise later?
fn may_pass(error: &SerializeError) -> bool {
    match error {
        SerializeError::NotRegistered { .. } => true,
        other => other.registry_error().is_some_and(client::Error::is_temporary),
    }
}
