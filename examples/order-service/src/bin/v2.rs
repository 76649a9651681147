//! The `order-service-v2` command: the build that takes orders with a currency. All else is the same.

use std::process::ExitCode;

use order_service::events::OrderCreatedV2;

fn main() -> ExitCode {
    order_service::service::main::<OrderCreatedV2>()
}
