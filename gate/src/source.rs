//! Schema files: found, read, put in order and parsed.
//!
//! ```text
//! source/find.rs     the files of paths and folders
//! source/texts.rs    texts that are no files of the disk: those of a commit, a registry or a lock file
//! source/read.rs     bytes -> text, and the names that it defines and uses
//! source/paths.rs    paths as text
//! source/places.rs   where the values of a text stand
//! source/scan.rs     the names of a text
//! source/link.rs     who defines what, which file needs which, and which order that gives
//! source/nearest.rs  the name that was perhaps meant
//! source/conflict.rs one name, two types
//! source/parse.rs    texts -> schemas, each with those that it refers to
//! ```

mod conflict;
mod find;
mod link;
mod nearest;
mod parse;
mod paths;
mod places;
mod read;
mod scan;
mod texts;

use std::fmt;
use std::path::{Path, PathBuf};

use ottla_formats::avro::{Mode, Schema};
use ottla_formats::json::Position;

use crate::error::Error;
use crate::finding::Place;
pub use nearest::nearest;
pub use paths::{slashes, text_of};
pub use places::{PlaceId, Places};
pub use scan::{Definition, Scan, Use, scan};
pub use texts::{Text, load_texts};

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As it was given, with `/`: what errors say.
    pub shown: String,
    /// The same without a way from the root of the file system: what generated code says.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// A file whose text is JSON.
#[derive(Debug)]
pub struct File {
    /// What it is called.
    pub found: Found,
    /// What is in it.
    pub text: String,
    /// Where the values of the text stand.
    pub places: Places,
    /// The names that it defines and uses.
    pub scan: Scan,
}

/// A file with nothing wrong in it, nor in those that it refers to.
#[derive(Debug)]
pub struct Source {
    /// The file.
    pub file: File,
    /// The schema, which has all types that it refers to.
    pub schema: Schema,
    /// The full names that it uses of other files, and the indices of those.
    pub references: Vec<(String, usize)>,
}

/// A file with nothing wrong in it that waits for others. Each file is a source, waits, or has an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What it is called.
    pub file: String,
    /// The full names that it uses of files with something wrong in them, and those files.
    pub broken: Vec<(String, String)>,
    /// The names that it uses, as they are written, and that stand in no file that could be read.
    pub missing: Vec<String>,
}

/// What the paths led to.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Each after those that it refers to. Those with something wrong are not among them.
    pub sources: Vec<Source>,
    /// What is wrong with the others.
    pub errors: Vec<Error>,
    /// The others that nothing is said of among the errors: by themselves they are schemas, for all that is known.
    pub waiting: Vec<Waiting>,
    /// Every file that was found.
    pub files: Vec<PathBuf>,
    /// Every folder that was looked into.
    pub folders: Vec<PathBuf>,
}

/// Reads files and folders for generated code; the paths start at `base`, if there is one.
pub fn load(paths: &[PathBuf], base: Option<&Path>) -> Loaded {
    let mut loaded = Loaded::default();
    let found = find::find(paths, base, &mut loaded);
    let (files, all_read) = read::read(found, &mut loaded);
    let links = link::link(&files, all_read, &mut loaded.errors);
    parse::parse(files, links, Mode::Strict, &mut loaded);
    loaded
}

/// Why it is no source.
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let and = |count: usize| if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        match (self.broken.first(), self.missing.first()) {
            (Some((name, file)), _) => {
                let more = and(self.broken.len() + self.missing.len());
                write!(f, "it uses {name}{more}, and {file} could not be read as a schema")
            }
            (None, Some(name)) => {
                let more = and(self.missing.len());
                write!(f, "it uses {name}{more}, which no file defines that could be read")
            }
            (None, None) => f.write_str("it refers to files with something wrong in them"),
        }
    }
}

impl File {
    /// An error at a place.
    pub fn error(&self, place: PlaceId, message: impl Into<String>) -> Error {
        let pointer = self.places.pointer(place);
        Error::new(message).in_file(&self.found.shown).at(self.places.position(place), pointer)
    }

    /// A place, for findings.
    pub fn located(&self, place: PlaceId) -> Place {
        Place {
            file: self.found.shown.clone(),
            position: self.places.position(place),
            end: self.places.end(place),
            pointer: self.places.pointer(place),
        }
    }

    /// The text of a place.
    pub fn text_of(&self, place: PlaceId) -> &str {
        self.text.get(self.places.bytes(place)).unwrap_or_default()
    }

    /// A place, for people: `schemas/order.avsc:4:6`.
    pub fn place(&self, place: PlaceId) -> String {
        let Position { line, column } = self.places.position(place);
        format!("{}:{line}:{column}", self.found.shown)
    }
}
