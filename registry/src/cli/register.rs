//! `ottla register`: schema files to a registry, in the order of their references.

use std::process::ExitCode;

use clap::Args;

/// What `ottla register` takes.
#[derive(Debug, Args)]
pub struct Options {}

/// Runs the command.
pub fn run(_options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    Err("not there yet".into())
}
