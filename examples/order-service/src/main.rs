//! The `order-service` command.

use std::process::ExitCode;

use order_service::events::OrderCreated;

fn main() -> ExitCode {
    order_service::service::main::<OrderCreated>()
}
