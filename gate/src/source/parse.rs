//! From texts to schemas, each with those that it refers to.
//!
//! A file that refers to one with something wrong is read as well, for what is wrong in itself: records without fields
//! stand for what it does not get, and its defaults are not looked at.

use std::collections::{BTreeSet, HashSet};

use ottla_formats::avro::{Mode, ParseError, Schema, parse_with};
use ottla_formats::json::{Position, write_string};

use super::conflict::Conflicts;
use super::link::Links;
use super::{File, Loaded, Source, Waiting};
use crate::error::Error;

/// How much of a text is shown in an error.
const SHOWN: usize = 160;

/// Parses files in their order. Those with nothing wrong become sources.
pub(super) fn parse(files: Vec<File>, links: Links, mode: Mode, loaded: &mut Loaded) {
    let Links { references, missing, order } = links;
    // What was released is as it is, and for generated code two definitions are told of even if nobody uses both.
    let mut conflicts = if mode == Mode::Register { Conflicts::of(&files) } else { Conflicts::default() };
    let names: Vec<String> = files.iter().map(|file| file.found.shown.clone()).collect();
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
            Ok(schema) if whole => match conflicts.error(&file, &sound, &loaded.sources) {
                Some(error) => loaded.errors.push(error),
                None => {
                    places[at] = Some(loaded.sources.len());
                    loaded.sources.push(Source { file, schema, references: sound });
                }
            },
            Ok(_) => loaded.waiting.push(Waiting {
                file: file.found.shown,
                broken: of_broken(&references[at], &places, &names),
                missing: missing[at].clone(),
            }),
            Err(error) => loaded.errors.push(parse_error(&error).in_file(&file.found.shown)),
        }
    }
    let wrong: HashSet<&str> = loaded.errors.iter().filter_map(Error::file).collect();
    loaded.waiting.retain(|waiting| !wrong.contains(waiting.file.as_str()));
}

/// The names that a file uses of files with something wrong in them, and those files.
fn of_broken(
    references: &[(String, usize)],
    places: &[Option<usize>],
    names: &[String],
) -> Vec<(String, String)> {
    let broken = references.iter().filter(|(_, to)| places[*to].is_none());
    broken.map(|(name, to)| (name.clone(), names[*to].clone())).collect()
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
