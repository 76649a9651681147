//! `ottla check`: may the schema files follow what was released?

use std::process::ExitCode;

use clap::Args;

/// What `ottla check` takes.
#[derive(Debug, Args)]
pub struct Options {}

/// Runs the command.
pub fn run(_options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    Err("not there yet".into())
}
