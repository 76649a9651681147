//! The lock file: a snapshot of what was released, for checks and builds without a network.
//!
//! It is JSON that people review: subjects by name, their versions in order, and of each version the schema itself, so
//! that a field is a line of a diff. Nothing in it is taken on trust: the content hash and the fingerprint of every version
//! are computed again when it is read.
//!
//! ```json
//! {
//!   "ottlaLock": 1,
//!   "subjects": [
//!     {
//!       "subject": "orders-value",
//!       "file": "order_created.avsc",
//!       "level": "BACKWARD",
//!       "versions": [
//!         {
//!           "version": 1,
//!           "id": 12,
//!           "guid": "6d7ad2e5-…",
//!           "fingerprint": "5a4f…",
//!           "references": [
//!             {"name": "com.example.Money", "subject": "money-value", "version": 1}
//!           ],
//!           "accepted": {"reason": "…"},
//!           "schema": {"type": "record", …}
//!         }
//!       ]
//!     }
//!   ]
//! }
//! ```
//!
//! | key | meaning |
//! |---|---|
//! | `file` | the schema file, from the folder of the lock on; none for what is only referred to |
//! | `id` | the schema id in the registry; none for what is not registered yet |
//! | `guid` | the content hash, as registries compute it |
//! | `textGuid` | the content hash of text and references alone, where `guid` is of more: metadata and rules, or another registry's own |
//! | `fingerprint` | CRC-64-AVRO of the Parsing Canonical Form |
//! | `accepted` | this version breaks with those before it, and that was wanted: they are no longer compared |
//! | `schema`, `text` or `path` | the schema as JSON; or its text, where JSON would not keep it; or the file of the text, in the folder of the lock |
//!
//! ```text
//! lock/read.rs     text -> entries, each error with its place
//! lock/file.rs     the texts of files
//! lock/walk.rs     the parts of the text, one after the other: a lock may be large
//! lock/entry.rs    a version of the text
//! lock/resolve.rs  versions -> schemas, with what they refer to
//! lock/matching.rs which subjects a schema file is
//! lock/history.rs  what a new version is compared with
//! lock/verify.rs   is every version what it says that it is?
//! lock/write.rs    entries -> text, and the file
//! lock/pretty.rs   JSON with short objects on one line
//! ```

mod entry;
mod file;
mod history;
mod matching;
mod pretty;
mod read;
mod resolve;
mod verify;
mod walk;
mod write;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use ottla_formats::Guid;
use ottla_formats::avro::Schema;
use ottla_formats::compatibility::Level;
use ottla_formats::guid::Hasher;
use ottla_formats::json::Position;

use crate::error::Errors;

/// How long a lock file may be, and the texts of its files together, in bytes.
pub const MAX_LOCK: usize = 256 << 20;

/// What was released, as a file says it.
#[derive(Debug, Clone)]
pub struct Lock {
    /// What errors call it.
    shown: String,
    path: PathBuf,
    /// By name.
    subjects: Vec<Subject>,
}

/// A subject of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its name; qualified, if it is not of the default context.
    pub name: String,
    /// The schema file, from the folder of the lock on, with `/`. None for what is only referred to.
    pub file: Option<String>,
    /// The level that new versions are held to.
    pub level: Level,
    /// Ascending.
    pub versions: Vec<Version>,
    /// The full name of the newest version's outermost type, if it has one.
    pub full_name: Option<String>,
    /// Where the entry begins in the file that it was read from.
    pub position: Option<Position>,
}

/// A version of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The number, from 1.
    pub version: i32,
    /// The schema id, if it is registered.
    pub id: Option<u32>,
    /// The content hash.
    pub guid: Guid,
    /// The content hash of text and references alone, if that is another one.
    pub text_guid: Option<Guid>,
    /// CRC-64-AVRO of the Parsing Canonical Form.
    pub fingerprint: u64,
    /// What the text refers to.
    pub references: Vec<Reference>,
    /// Why it may break with the versions before it, if somebody said that it may.
    pub accepted: Option<String>,
    /// The canonical text.
    pub text: String,
    /// The file of the text, from the folder of the lock on, with `/`. None if it stands in the lock.
    pub path: Option<String>,
    /// Where the entry begins in the file that it was read from.
    pub position: Option<Position>,
}

/// A version that a text refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The full name of the type.
    pub name: String,
    /// The subject; an unqualified one is of the context of the subject that refers to it.
    pub subject: String,
    /// The version.
    pub version: i32,
}

impl Lock {
    /// A lock without subjects, that is to be written to a path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { shown: shown(&path), path, subjects: Vec::new() }
    }

    /// The same, called by another name in errors.
    pub fn new_as(path: impl Into<PathBuf>, shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), path: path.into(), subjects: Vec::new() }
    }

    /// Reads a lock file and verifies all of it.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place.
    pub fn read(path: &Path) -> Result<Self, Errors> {
        Self::read_as(path, &shown(path))
    }

    /// The same of a file that errors call by another name than its path.
    ///
    /// # Errors
    /// As [`Lock::read`].
    pub fn read_as(path: &Path, shown: &str) -> Result<Self, Errors> {
        read::read(path, shown)
    }

    /// What errors call it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that files are told from.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// All subjects, by name.
    pub fn subjects(&self) -> &[Subject] {
        &self.subjects
    }

    /// The subject of a name.
    pub fn subject(&self, name: &str) -> Option<&Subject> {
        self.find(name).ok().map(|at| &self.subjects[at])
    }

    /// The same, to be changed.
    pub fn subject_mut(&mut self, name: &str) -> Option<&mut Subject> {
        self.find(name).ok().map(|at| &mut self.subjects[at])
    }

    /// The subjects of a schema file, told from the folder of the lock on, with `/`.
    pub fn subjects_of<'l>(&'l self, file: &'l str) -> impl Iterator<Item = &'l Subject> {
        self.subjects.iter().filter(move |subject| subject.file.as_deref() == Some(file))
    }

    /// The subjects whose newest version is called so.
    pub fn subjects_named<'l>(&'l self, full_name: &'l str) -> impl Iterator<Item = &'l Subject> {
        self.subjects.iter().filter(move |subject| subject.full_name.as_deref() == Some(full_name))
    }

    /// Adds a subject, in the place of one of that name.
    pub fn put(&mut self, subject: Subject) {
        match self.find(&subject.name) {
            Ok(at) => self.subjects[at] = subject,
            Err(at) => self.subjects.insert(at, subject),
        }
    }

    /// Fills in the fingerprints and full names, which depend on what versions refer to.
    ///
    /// # Errors
    /// A text is no schema, or a version refers to one that is not there.
    pub fn seal(&mut self) -> Result<(), Errors> {
        let errors = verify::seal(&mut self.subjects);
        if errors.is_empty() {
            return Ok(());
        }
        Err(Errors::of(errors.into_iter().map(|e| e.in_file(&self.shown)).collect()))
    }

    /// Takes a subject out.
    pub fn remove(&mut self, name: &str) -> Option<Subject> {
        self.find(name).ok().map(|at| self.subjects.remove(at))
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.subjects.binary_search_by(|subject| subject.name.as_str().cmp(name))
    }
}

impl Subject {
    /// A subject without versions.
    pub fn new(name: impl Into<String>, level: Level) -> Self {
        Self { name: name.into(), file: None, level, versions: Vec::new(), full_name: None, position: None }
    }

    /// The full name of the subject that a reference of this one leads to: an unqualified one is of the same context.
    pub fn refers_to<'r>(&self, reference: &'r Reference) -> Cow<'r, str> {
        resolve::within(&self.name, &reference.subject)
    }

    /// The newest version. There is one in every lock that was read.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }
}

impl Version {
    /// A version that is not registered: the canonical text of a schema, its hash and its fingerprint.
    pub fn of(version: i32, schema: &Schema, references: Vec<Reference>) -> Self {
        let text = schema.to_text();
        let guid = content_hash(&text, &references);
        let fingerprint = schema.fingerprint();
        Self {
            version,
            id: None,
            guid,
            text_guid: None,
            fingerprint,
            references,
            accepted: None,
            text,
            path: None,
            position: None,
        }
    }

    /// What findings call it.
    pub fn label(&self) -> String {
        format!("version {}", self.version)
    }
}

/// The content hash of a text and what it refers to, as registries compute it.
pub fn content_hash(text: &str, references: &[Reference]) -> Guid {
    let mut hash = Hasher::new(text);
    for Reference { name, subject, version } in references {
        hash.reference(name, subject, Some(*version));
    }
    hash.finish()
}

fn shown(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { shown.into_owned() } else { shown.replace('\\', "/") }
}
