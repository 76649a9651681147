//! From bytes to texts, and the names in them.

use std::fs;
use std::path::Path;

use ottla_formats::avro::parse::MAX_TEXT;
use ottla_formats::avro::{self, Mode};
use ottla_formats::json::{self, Position};

use super::parse::parse_error;
use super::places::Places;
use super::scan::scan;
use super::{File, Found, Loaded};
use crate::error::Error;

/// Reads files. Also says whether all could be read.
pub(super) fn read(found: Vec<Found>, loaded: &mut Loaded) -> (Vec<File>, bool) {
    let mut files = Vec::with_capacity(found.len());
    let mut all_read = loaded.errors.is_empty();
    for found in found {
        match text_of(&found.path).map_err(|e| e.in_file(&found.shown)).and_then(|t| file(found, t)) {
            Ok(file) => files.push(file),
            Err(error) => {
                loaded.errors.push(error);
                all_read = false;
            }
        }
    }
    (files, all_read)
}

fn text_of(path: &Path) -> Result<String, Error> {
    let unreadable = |e: std::io::Error| Error::new(format!("cannot be read: {e}"));
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if usize::try_from(length).map_or(true, |length| length > MAX_TEXT) {
        let message = format!("the file is longer than {MAX_TEXT} bytes");
        return Err(Error::new(message).help("split it into several"));
    }
    decode(fs::read(path).map_err(unreadable)?)
}

/// The text of bytes.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, Error> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Error::new("the file is UTF-16").help("save it as UTF-8"));
    }
    if bytes.starts_with("\u{feff}".as_bytes()) {
        // Registries refuse it, and the text has to be registered as it is.
        let error = Error::new("the file begins with a byte order mark");
        return Err(error.at(Position { line: 1, column: 1 }, "").help("save it as UTF-8 without one"));
    }
    String::from_utf8(bytes).map_err(|e| {
        let valid = e.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&e.as_bytes()[..valid]);
        let message = format!("byte 0x{:02x} is no UTF-8", e.as_bytes()[valid]);
        Error::new(message).at(Position::of(&before, valid), "").help("save it as UTF-8")
    })
}

/// The places and names of a text.
pub(super) fn file(found: Found, text: String) -> Result<File, Error> {
    let Ok((value, _)) = json::parse(&text) else {
        return Err(match avro::parse(&text, Mode::Strict) {
            Err(error) => parse_error(&error).in_file(&found.shown),
            Ok(_) => Error::new("the text is no JSON").in_file(&found.shown),
        });
    };
    let places = Places::read(&text);
    let scan = scan(&value, &places);
    drop(value);
    Ok(File { found, text, places, scan })
}
