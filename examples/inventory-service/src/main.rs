//! The `inventory-service` command.

use std::process::ExitCode;

use inventory_service::events::OrderCreated;

fn main() -> ExitCode {
    inventory_service::service::main::<OrderCreated>()
}
