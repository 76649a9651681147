//! The registry's rules. Pure: no async, SQL, HTTP, clock or randomness; every failure follows from the arguments.

pub mod command;
pub mod content;
pub mod history;
pub mod metadata;
pub mod mode;
pub mod record;
pub mod rejection;
pub mod settings;
pub mod small_map;
pub mod state;
pub mod subject;

pub use command::{Command, Decision};
pub use content::{Content, Guid, Reference};
pub use history::{History, Version};
pub use metadata::{Metadata, Rule, RuleKind, RuleMode, RuleSet};
pub use mode::Mode;
pub use record::{Record, SchemaValue};
pub use rejection::{GivenReference, InvalidSchema, Rejection};
pub use settings::{Config, Policy};
pub use state::{Counts, Defaults, Holdings, State};
pub use subject::{Context, Name, Subject};
