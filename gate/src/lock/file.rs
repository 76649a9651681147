//! The texts of files: that of the lock, and those of schemas that are not in it.

use std::fs;
use std::io;
use std::path::{Component, Path};

use ottla_formats::avro::parse::MAX_TEXT;
use ottla_formats::json;

use super::MAX_LOCK;
use super::walk::Result;
use crate::error::Error;

/// The text of a file.
pub(super) fn text_of(path: &Path, most: usize) -> Result<String> {
    let unreadable = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => {
            Error::new("there is no such file").help("run `ottla lock`, or correct the path")
        }
        _ => Error::new(format!("cannot be read: {e}")),
    };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if usize::try_from(length).map_or(true, |length| length > most) {
        return Err(Error::new(format!("the file is longer than {most} bytes")));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&e.as_bytes()[..valid]);
        let message = format!("byte 0x{:02x} is no UTF-8", e.as_bytes()[valid]);
        Error::new(message).at(json::Position::of(&before, valid), "")
    })
}

/// Texts of files in a folder.
pub(super) struct Texts<'a> {
    folder: &'a Path,
    /// How long those are that were read so far.
    bytes: usize,
}

impl<'a> Texts<'a> {
    pub(super) fn new(folder: &'a Path) -> Self {
        Self { folder, bytes: 0 }
    }

    /// A text in a file below the folder.
    pub(super) fn read(&mut self, name: &str) -> std::result::Result<String, String> {
        let stays = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !stays || name.contains('\\') {
            return Err(format!("{name} does not stay in the folder of the lock"));
        }
        let path = self.folder.join(name);
        // What is there may be a link to somewhere else.
        let real = |path: &Path| fs::canonicalize(path).map_err(|e| format!("{name} cannot be read: {e}"));
        if !real(&path)?.starts_with(real(self.folder)?) {
            return Err(format!("{name} does not stay in the folder of the lock"));
        }
        let text = text_of(&path, MAX_TEXT).map_err(|e| format!("{name}: {e}"))?;
        self.bytes += text.len();
        if self.bytes > MAX_LOCK {
            return Err(format!("the texts of all files are longer than {MAX_LOCK} bytes"));
        }
        Ok(text)
    }
}

/// A text without blanks between its values.
pub(super) fn compact(text: &str) -> Option<String> {
    let (value, end) = json::parse(text).ok()?;
    text[end..].trim().is_empty().then(|| value.to_text())
}
