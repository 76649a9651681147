//! What else this program can be: who it is started as decides.

use std::path::Path;
use std::process::ExitCode;

/// The variable in which a process finds the id of the demo that started it.
pub const DEMO: &str = "STARTED_BY_DEMO";

/// A program that this one can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The registry and its command line.
    Ottla,
    /// Takes orders.
    OrderService,
    /// The same, built for version 2 of the event.
    OrderServiceV2,
    /// Reserves inventory.
    InventoryService,
    /// The same, built for version 2 of the event.
    InventoryServiceV2,
}

impl Role {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Ottla,
        Self::OrderService,
        Self::OrderServiceV2,
        Self::InventoryService,
        Self::InventoryServiceV2,
    ];

    /// The name of the program.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ottla => "ottla",
            Self::OrderService => "order-service",
            Self::OrderServiceV2 => "order-service-v2",
            Self::InventoryService => "inventory-service",
            Self::InventoryServiceV2 => "inventory-service-v2",
        }
    }

    /// What this process was started as, unless it is the demo itself.
    pub fn of_this_process() -> Option<Self> {
        let name = std::env::args_os().next()?;
        let name = Path::new(&name).file_name()?;
        Self::ALL.into_iter().find(|role| name == role.name())
    }

    /// Is that program, until its end.
    pub fn play(self) -> ExitCode {
        if !follow_the_demo() {
            return ExitCode::FAILURE;
        }
        match self {
            Self::Ottla => ottla_registry::cli::main(),
            Self::OrderService => order_service::service::main::<order_service::events::OrderCreated>(),
            Self::OrderServiceV2 => order_service::service::main::<order_service::events::OrderCreatedV2>(),
            Self::InventoryService => {
                inventory_service::service::main::<inventory_service::events::OrderCreated>()
            }
            Self::InventoryServiceV2 => {
                inventory_service::service::main::<inventory_service::events::OrderCreatedV2>()
            }
        }
    }
}

/// Ends with the demo that started it, if one did. False if that has ended already.
#[cfg(target_os = "linux")]
fn follow_the_demo() -> bool {
    use rustix::process::{Signal, getppid, set_parent_process_death_signal};

    let Some(demo) = std::env::var(DEMO).ok().and_then(|id| id.parse::<i32>().ok()) else { return true };
    // If the system does not know that, the demo still ends it whenever it can.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    getppid().is_some_and(|parent| parent.as_raw_nonzero().get() == demo)
}

#[cfg(not(target_os = "linux"))]
fn follow_the_demo() -> bool {
    true
}
