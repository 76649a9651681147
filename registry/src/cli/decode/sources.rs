//! Flags: where schemas come from.

use std::path::PathBuf;

use clap::Args;
use ottla::client::Client;

use super::failure::Failure;
use crate::cli::access::{Access, urls};
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
        value_parser = Secret::<String>::new(),
        help_heading = "Registry"
    )]
    registry: Vec<String>,
    #[command(flatten)]
    access: Access,
    /// A subject that holds the schema, or a context as in :.sales: that its id is of
    #[arg(long, value_name = "SUBJECT", help_heading = "Schemas")]
    pub(super) subject: Option<String>,
    /// The schema that messages were written with; no registry is asked. Of several the last, which may refer to the others
    #[arg(long, value_name = "FILE", help_heading = "Schemas")]
    pub(super) schema: Vec<PathBuf>,
}

impl Sources {
    /// What asks the registry.
    pub(super) fn client(&self) -> Result<Client, Failure> {
        let urls: Vec<String> = self.registry.iter().flat_map(|text| urls(text)).collect();
        self.access.builder(&urls).map_err(Failure::end)?.build().map_err(Failure::end)
    }
}
