//! Several replicas that come and go, however they go.
//!
//! ```text
//! chaos.rs       all kinds of processes are killed while orders come in
//! zombie.rs      a replica that was thought dead, and is not
//! rebalance.rs   one replica, three, and one again
//! ```

mod chaos;
mod rebalance;
#[path = "../stage/mod.rs"]
mod stage;
mod zombie;
