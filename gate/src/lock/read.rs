//! From a text to entries.

use std::path::Path;

use ottla_formats::compatibility::Level;
use ottla_formats::json::{Number, Step, Value};

use super::entry::{Entry, Fault, entry};
use super::file::{Texts, compact, text_of};
use super::walk::{Piece, Result, Walker};
use super::{Lock, MAX_LOCK, Subject, content_hash, verify};
use crate::error::{Error, Errors};

/// The format that is read and written.
pub(super) const FORMAT: i64 = 1;

/// How many errors are told.
const MAX_ERRORS: usize = 100;

/// Reads and verifies a file.
pub(super) fn read(path: &Path, shown: &str) -> std::result::Result<Lock, Errors> {
    let mut lock = Lock { shown: shown.to_owned(), path: path.to_owned(), subjects: Vec::new() };
    let text = text_of(path, MAX_LOCK).map_err(|e| e.in_file(shown))?;
    let mut reader = Reader::new(&lock, &text);
    let read = reader.document();
    let Reader { subjects, mut errors, .. } = reader;
    errors.extend(read.err());
    lock.subjects = subjects;
    if errors.is_empty() {
        lock.subjects.sort_by(|a, b| a.name.cmp(&b.name));
        errors = verify::verify(&mut lock.subjects);
    }
    if errors.is_empty() {
        return Ok(lock);
    }
    errors.truncate(MAX_ERRORS);
    Err(Errors::of(errors.into_iter().map(|e| e.in_file(shown)).collect()))
}

struct Reader<'a> {
    text: &'a str,
    subjects: Vec<Subject>,
    errors: Vec<Error>,
    texts: Texts<'a>,
}

impl<'a> Reader<'a> {
    fn new(lock: &'a Lock, text: &'a str) -> Self {
        Self { text, subjects: Vec::new(), errors: Vec::new(), texts: Texts::new(lock.folder()) }
    }

    fn document(&mut self) -> Result<()> {
        let mut walker = Walker::new(self.text);
        let mut format = None;
        let mut has_subjects = false;
        walker.object(&[], |walker, key| {
            let path = [Step::Key(key.to_owned().into())];
            match key {
                "ottlaLock" => format = Some(format_of(walker, &path)?),
                "subjects" => {
                    has_subjects = true;
                    walker.list(&path, |walker, at| self.subject(walker, at))?;
                }
                _ => {
                    let message = unknown("a lock", key, "ottlaLock, subjects");
                    return Err(walker.error_at(walker.at, &path, message));
                }
            }
            Ok(())
        })?;
        walker.end()?;
        match format {
            None => Err(walker.error_at(0, &[], "a lock without \"ottlaLock\": it is none")),
            Some(()) if !has_subjects => Err(walker.error_at(0, &[], "a lock without \"subjects\"")),
            Some(()) => Ok(()),
        }
    }

    fn subject(&mut self, walker: &mut Walker<'a>, at: usize) -> Result<()> {
        let path = [Step::from("subjects"), Step::from(at)];
        if self.errors.len() >= MAX_ERRORS {
            return Err(walker.error_at(walker.at, &path, "there is more wrong than is told"));
        }
        let (from, mut subject) = (walker.at, Subject::new("", Level::default()));
        subject.position = Some(walker.position());
        let mut missing = vec!["subject", "level", "versions"];
        walker.object(&path, |walker, key| {
            missing.retain(|other| *other != key);
            let path = [&path[..], &[Step::Key(key.to_owned().into())]].concat();
            self.member(walker, key, &path, &mut subject)
        })?;
        if let Some(key) = missing.first() {
            self.errors.push(walker.error_at(from, &path, format!("a subject without {key:?}")));
        } else if subject.versions.is_empty() && self.errors.is_empty() {
            self.errors.push(walker.error_at(from, &path, "a subject without versions"));
        }
        self.subjects.push(subject);
        Ok(())
    }

    /// A member of a subject.
    fn member(
        &mut self,
        walker: &mut Walker<'a>,
        key: &str,
        path: &[Step],
        subject: &mut Subject,
    ) -> Result<()> {
        match key {
            "subject" => subject.name = line(walker, path)?,
            "file" => subject.file = Some(line(walker, path)?),
            "level" => {
                let from = walker.at;
                let known = line(walker, path)?.parse();
                subject.level = known.map_err(|e| walker.error_at(from, path, format!("{e}")))?;
            }
            "versions" => walker.list(path, |walker, number| {
                let path = [path, &[Step::from(number)]].concat();
                self.version(walker, &path, subject)
            })?,
            _ => {
                let message = unknown("a subject", key, "subject, file, level, versions");
                return Err(walker.error_at(walker.at, path, message));
            }
        }
        Ok(())
    }

    fn version(&mut self, walker: &mut Walker<'a>, path: &[Step], subject: &mut Subject) -> Result<()> {
        let piece = walker.value(path)?;
        let fail = |fault: Fault| piece.error(self.text, path, &fault.path, fault.message);
        match self.complete(&piece, subject) {
            Ok(entry) => subject.versions.push(entry.version),
            Err(fault) => self.errors.push(fail(fault)),
        }
        Ok(())
    }

    /// Reads a version with its text; its hash has to be that of the text, and its number follow those before.
    fn complete(&mut self, piece: &Piece<'a>, subject: &Subject) -> std::result::Result<Entry, Fault> {
        let fault = |key: &'static str, message| Fault { path: vec![Step::from(key)], message };
        let mut read = entry(&piece.value)?;
        let version = &mut read.version;
        version.position = Some(piece.position);
        if let Some(last) = subject.versions.last().filter(|last| last.version >= version.version) {
            let message = format!("version {} stands behind version {}", version.version, last.version);
            return Err(fault("version", message));
        }
        let expected = version.text_guid.unwrap_or(version.guid);
        if let (false, Some(path)) = (read.has_text, &version.path) {
            let text = self.texts.read(path).map_err(|message| fault("path", message))?;
            // Blanks of the file do not count, if they are not those of the text.
            let compact = compact(&text).filter(|text| content_hash(text, &version.references) == expected);
            version.text = compact.unwrap_or(text);
        }
        let found = content_hash(&version.text, &version.references);
        if found != expected {
            let key = if version.text_guid.is_some() { "textGuid" } else { "guid" };
            return Err(fault(
                key,
                format!("the schema and its references have another content hash: {found}"),
            ));
        }
        Ok(read)
    }
}

fn format_of(walker: &mut Walker<'_>, path: &[Step]) -> Result<()> {
    let from = walker.at;
    let format = match walker.value(path)?.value {
        Value::Number(Number::Int(number)) => Some(number),
        _ => None,
    };
    match format {
        Some(FORMAT) => Ok(()),
        Some(other) if other > FORMAT => {
            let message = format!("this lock has format {other}, and format {FORMAT} is known here");
            Err(walker.error_at(from, path, message).help("use a newer version of ottla"))
        }
        _ => Err(walker.error_at(from, path, format!("{FORMAT} is expected"))),
    }
}

/// A text of one line.
fn line(walker: &mut Walker<'_>, path: &[Step]) -> Result<String> {
    let from = walker.at;
    match walker.value(path)?.value {
        Value::String(text) if !text.trim().is_empty() && !text.chars().any(char::is_control) => {
            Ok(text.into_owned())
        }
        _ => Err(walker.error_at(from, path, "a text of one line is expected")),
    }
}

fn unknown(what: &str, key: &str, known: &str) -> String {
    format!("{what} has no {key:?}: {known} are known")
}
