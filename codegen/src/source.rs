//! Schema files: found, read, put in order and parsed.
//!
//! ```text
//! source/find.rs     the files of paths and folders
//! source/read.rs     bytes -> text, and the names that it defines and uses
//! source/places.rs   where the values of a text stand
//! source/scan.rs     the names of a text
//! source/link.rs     who defines what, which file needs which, and which order that gives
//! source/nearest.rs  the name that was perhaps meant
//! source/parse.rs    texts -> schemas, each with those that it refers to
//! ```

mod find;
mod link;
mod nearest;
mod parse;
mod places;
mod read;
mod scan;

use std::path::{Path, PathBuf};

use ottla_formats::avro::Schema;
use ottla_formats::json::Position;

use crate::error::Error;
pub(crate) use nearest::nearest;
pub(crate) use places::{PlaceId, Places};
pub(crate) use scan::Scan;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// As it was given, with `/`: what errors say.
    pub(crate) shown: String,
    /// The same without a way from the root of the file system: what generated code says.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// A file whose text is JSON.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) found: Found,
    pub(crate) text: String,
    pub(crate) places: Places,
    pub(crate) scan: Scan,
}

/// A file with nothing wrong in it, nor in those that it refers to.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: File,
    pub(crate) schema: Schema,
    /// The full names that it uses of other files, and the indices of those.
    pub(crate) references: Vec<(String, usize)>,
}

/// What the paths led to.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// Each after those that it refers to. Those with something wrong are not among them.
    pub(crate) sources: Vec<Source>,
    pub(crate) errors: Vec<Error>,
    /// Every file that was found.
    pub(crate) files: Vec<PathBuf>,
    /// Every folder that was looked into.
    pub(crate) folders: Vec<PathBuf>,
}

/// Reads files and folders; the paths start at `base`, if there is one.
pub(crate) fn load(paths: &[PathBuf], base: Option<&Path>) -> Loaded {
    let mut loaded = Loaded::default();
    let found = find::find(paths, base, &mut loaded);
    let (files, all_read) = read::read(found, &mut loaded);
    let links = link::link(&files, all_read, &mut loaded.errors);
    parse::parse(files, links, &mut loaded);
    loaded
}

impl File {
    /// An error at a place.
    pub(crate) fn error(&self, place: PlaceId, message: impl Into<String>) -> Error {
        let pointer = self.places.pointer(place);
        Error::new(message).in_file(&self.found.shown).at(self.places.position(place), pointer)
    }

    /// A place, for people: `schemas/order.avsc:4:6`.
    pub(crate) fn place(&self, place: PlaceId) -> String {
        let Position { line, column } = self.places.position(place);
        format!("{}:{line}:{column}", self.found.shown)
    }
}
