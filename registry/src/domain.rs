//! The registry's rules. Pure: no async, SQL, HTTP, clock or randomness; every failure follows from the arguments.
//!
//! ```text
//! subject.rs content.rs metadata.rs mode.rs settings.rs record.rs   the words of the field
//! state.rs history.rs small_map.rs memo.rs                          what the log amounts to
//! find.rs lookup.rs effective.rs references.rs                      questions to a state
//! command.rs register.rs delete.rs configure.rs tagging.rs          decide(state, command) -> records, or why not
//! proposal.rs compatible.rs merge.rs                                parts of a registration
//! rejection.rs                                                      why not
//! ```

pub mod command;
pub mod compatible;
pub mod configure;
pub mod content;
pub mod delete;
pub mod effective;
pub mod find;
pub mod history;
pub mod lookup;
pub mod memo;
pub mod merge;
pub mod metadata;
pub mod mode;
pub mod proposal;
pub mod record;
pub mod references;
pub mod register;
pub mod rejection;
pub mod settings;
pub mod small_map;
pub mod state;
pub mod subject;
pub mod tagging;

pub use command::{Command, Decision};
pub use content::{Content, Guid, Reference, content_hash};
pub use find::{Deleted, Found, Selector};
pub use history::{History, Version};
pub use metadata::{Metadata, Rule, RuleKind, RuleMode, RuleSet};
pub use mode::Mode;
pub use record::{Record, SchemaValue};
pub use rejection::{GivenReference, InvalidSchema, Rejection};
pub use settings::{Config, Policy};
pub use state::{Counts, Defaults, Holdings, State};
pub use subject::{Context, Name, Subject};
