//! Texts that are no files of the disk: those of a commit, a registry or a lock file.

use std::path::PathBuf;

use ottla_formats::avro::Mode;
use ottla_formats::avro::parse::MAX_TEXT;

use super::read::{decode, file};
use super::{Found, Loaded, link, parse};
use crate::error::Error;

/// A text, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What errors say: a file with `/`, or another name.
    pub name: String,
    /// The bytes, or why there are none.
    pub content: Result<Vec<u8>, String>,
}

/// Reads texts that belong together: names in one may stand for types that others define. Of several that define a name,
/// one that is about nothing else counts, and of those the first.
///
/// With [`Mode::Lookup`], for texts that were released, a byte order mark is passed over; otherwise it is an error, as
/// registries refuse it.
pub fn load_texts(texts: Vec<Text>, mode: Mode) -> Loaded {
    let mut loaded = Loaded::default();
    let mut files = Vec::with_capacity(texts.len());
    for Text { name, content } in texts {
        let found = Found { shown: name.clone(), name: name.clone(), path: PathBuf::from(&name) };
        let text = content.map_err(Error::new).and_then(|bytes| text_of(bytes, mode));
        match text.map_err(|e| e.in_file(&name)).and_then(|text| file(found, text)) {
            Ok(file) => files.push(file),
            Err(error) => loaded.errors.push(error),
        }
    }
    let all_read = loaded.errors.is_empty();
    let links = link::link(&files, all_read, &mut loaded.errors);
    parse::parse(files, links, mode, &mut loaded);
    loaded
}

fn text_of(mut bytes: Vec<u8>, mode: Mode) -> Result<String, Error> {
    if bytes.len() > MAX_TEXT {
        let message = format!("the file is longer than {MAX_TEXT} bytes");
        return Err(Error::new(message).help("split it into several"));
    }
    if mode == Mode::Lookup && bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    decode(bytes)
}
