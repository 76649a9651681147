//! From texts to schemas, each with those that it refers to.
//!
//! A file that refers to one with something wrong is read as well, for what is wrong in itself: records without fields
//! stand for what it does not get, and its defaults are not looked at.

use std::collections::BTreeSet;

use ottla_formats::avro::{Mode, ParseError, Schema, parse_with};
use ottla_formats::json::{Position, write_string};

use super::link::Links;
use super::{File, Loaded, Source};
use crate::error::Error;

/// How much of a text is shown in an error.
const SHOWN: usize = 160;

/// Parses files in their order. Those with nothing wrong become sources.
pub(super) fn parse(files: Vec<File>, links: Links, mode: Mode, loaded: &mut Loaded) {
    let Links { references, missing, order } = links;
    let mut files: Vec<Option<File>> = files.into_iter().map(Some).collect();
    // For each file its index among the sources, if it has become one.
    let mut places: Vec<Option<usize>> = vec![None; files.len()];
    for at in order {
        let Some(file) = files[at].take() else { continue };
        let mut stand_ins: BTreeSet<&str> = missing[at].iter().map(String::as_str).collect();
        let mut sound = Vec::new();
        for (name, to) in &references[at] {
            match places[*to] {
                Some(place) => sound.push((name.clone(), place)),
                None => {
                    stand_ins.insert(name);
                }
            }
        }
        let whole = stand_ins.is_empty();
        match read(&file, mode, &sound, &stand_ins, &loaded.sources) {
            Ok(schema) if whole => {
                places[at] = Some(loaded.sources.len());
                loaded.sources.push(Source { file, schema, references: sound });
            }
            Ok(_) => {}
            Err(error) => loaded.errors.push(parse_error(&error).in_file(&file.found.shown)),
        }
    }
}

fn read(
    file: &File,
    mode: Mode,
    references: &[(String, usize)],
    stand_ins: &BTreeSet<&str>,
    sources: &[Source],
) -> Result<Schema, ParseError> {
    let mut met = BTreeSet::new();
    let needed = references.iter().filter(|(_, at)| met.insert(*at));
    let mut schemas: Vec<&Schema> = needed.map(|(_, at)| &sources[*at].schema).collect();
    if stand_ins.is_empty() {
        return parse_with(&file.text, mode, &schemas);
    }
    let records: Vec<Schema> = stand_ins.iter().filter_map(|name| stand_in(name)).collect();
    schemas.extend(&records);
    parse_with(&file.text, Mode::Lenient, &schemas)
}

/// A record without fields. Nothing can stand for what is no name.
fn stand_in(name: &str) -> Option<Schema> {
    let mut text = String::from(r#"{"type":"record","fields":[],"name":"#);
    write_string(name, &mut text);
    text.push('}');
    parse_with(&text, Mode::Lookup, &[]).ok()
}

/// The error of a text, as people read it.
pub(super) fn parse_error(error: &ParseError) -> Error {
    let (line, column) = (error.line(), error.column());
    let at = if error.pointer().is_empty() { String::new() } else { format!(" at {}", error.pointer()) };
    let told = error.to_string();
    let told = told.strip_prefix(&format!("{line}:{column}: ")).unwrap_or(&told);
    let told = told.strip_suffix(&format!(" (expected {}{at})", error.expected())).unwrap_or(told);
    let message = match told.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &told[..end]),
        None => told.to_owned(),
    };
    Error::new(message)
        .at(Position { line, column }, error.pointer())
        .help(format!("expected {}", error.expected()))
}
