//! `ottla lock`: a snapshot of what was released.

use std::process::ExitCode;

use clap::Args;

/// What `ottla lock` takes.
#[derive(Debug, Args)]
pub struct Options {}

/// Runs the command.
pub fn run(_options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    Err("not there yet".into())
}
