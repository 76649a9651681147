//! `ottla drift`: where schema files and a registry differ.

use std::process::ExitCode;

use clap::Args;

/// What `ottla drift` takes.
#[derive(Debug, Args)]
pub struct Options {}

/// Runs the command.
pub fn run(_options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    Err("not there yet".into())
}
