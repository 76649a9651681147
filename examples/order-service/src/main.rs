//! The `order-service` command.

use std::process::ExitCode;

use order_service::{Options, service};

fn main() -> ExitCode {
    match run(&chassis::cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("order-service: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let _telemetry = chassis::logs::start(&options.logs, "order-service")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(service::run(options));
    // What still waits for a broker that is away is not waited for.
    runtime.shutdown_background();
    outcome
}
