//! The `inventory-service-v2` command: the build that knows of currencies. All else is the same.

use std::process::ExitCode;

use inventory_service::events::OrderCreatedV2;

fn main() -> ExitCode {
    inventory_service::service::main::<OrderCreatedV2>()
}
