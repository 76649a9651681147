//! The commands for dead letters, on topics of a real Kafka.
//!
//! ```text
//! letters.rs   what is put there, and what is read back     command.rs   the program and what it says
//! raw.rs       a record that no client would write
//! listing.rs   what is listed       strangers.rs  what others have put there     ending.rs    readers and clusters that go away
//! replays.rs   what is sent back    chosen.rs     only some                      progress.rs  killed, or two at once
//! mock.rs      without transactions               service.rs    from the service to the dead letters and back
//! ```

mod chosen;
mod command;
mod ending;
mod letters;
mod listing;
mod mock;
mod progress;
mod raw;
mod replays;
mod service;
#[path = "../stage/mod.rs"]
mod stage;
mod strangers;
