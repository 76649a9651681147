//! What was released, and who knows it: git, a registry, a lock file.
//!
//! ```text
//! baseline/git.rs       the files of a commit, and for transitive levels those of the commits before it
//! baseline/registry.rs  the versions of a registry, and its own verdict
//! baseline/lock.rs      the versions of a lock file
//! ```

pub(super) mod registry;

use ottla_formats::avro::Schema;
use ottla_formats::compatibility::Level;
use ottla_gate::compare::Released;

/// A subject that a baseline is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The subject.
    pub subject: &'a str,
    /// The file of the project, with `/`.
    pub file: &'a str,
    /// The full name of the schema's outermost type, if it has one: renamed files are followed by it.
    pub full_name: Option<&'a str>,
    /// The schema of the file.
    pub schema: &'a Schema,
    /// The level, if the project configures one.
    pub level: Option<Level>,
}

/// What a baseline knows of a subject.
#[derive(Debug)]
pub enum Answer {
    /// Its versions.
    Known(Past),
    /// There is no such subject.
    Unknown,
    /// It cannot be told, and why.
    NotCompared(String),
}

/// What was released of a subject.
#[derive(Debug)]
pub struct Past {
    /// The level that counts: the project's, else the baseline's.
    pub level: Level,
    /// As many versions as the level asks for, the newest first. It may be that there is none.
    pub versions: Vec<Released>,
    /// The file that the newest version was, if it was another one.
    pub renamed_from: Option<String>,
    /// What the baseline itself says, if it can be asked.
    pub verdict: Option<OwnVerdict>,
}

/// The verdict of a registry.
#[derive(Debug)]
pub struct OwnVerdict {
    /// The level that the registry applies, and the versions that this level asks for if they are others than those of
    /// [`Past`].
    pub level: Level,
    /// Those versions, the newest first.
    pub versions: Vec<Released>,
    /// May the schema follow?
    pub is_compatible: bool,
    /// Why not, in the registry's words.
    pub messages: Vec<String>,
}
