//! `ottla diff`: how two schemas differ, in words.

use std::process::ExitCode;

use clap::Args;

/// What `ottla diff` takes.
#[derive(Debug, Args)]
pub struct Options {}

/// Runs the command.
pub fn run(_options: &Options) -> Result<ExitCode, Box<dyn std::error::Error>> {
    Err("not there yet".into())
}
