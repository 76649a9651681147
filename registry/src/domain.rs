//! The registry's rules. Pure: no async, SQL, HTTP, clock or randomness; every failure follows from the arguments.

pub mod command;
pub mod content;
pub mod metadata;
pub mod mode;
pub mod record;
pub mod rejection;
pub mod settings;
pub mod state;
pub mod subject;

pub use command::{Command, Decision};
pub use content::{Content, Guid, Reference};
pub use metadata::{Metadata, Rule, RuleKind, RuleMode, RuleSet};
pub use mode::Mode;
pub use record::{Record, SchemaValue};
pub use rejection::Rejection;
pub use settings::{Config, Policy};
pub use state::{Defaults, State};
pub use subject::{Context, Subject};
