//! From entries to a text, and the file.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ottla_formats::json::{self, Value, write_string};

use super::pretty::{self, is_within, new_line};
use super::{Lock, Reference, Subject, Version, read};
use crate::error::{Error, Errors};

impl Lock {
    /// The text of the file. It depends on what is locked only.
    pub fn to_text(&self) -> String {
        let mut out = format!("{{\n  \"ottlaLock\": {},\n  \"subjects\": [", read::FORMAT);
        for (at, subject) in self.subjects.iter().enumerate() {
            new_line(at, 4, &mut out);
            write_subject(subject, &mut out);
        }
        out.push_str(if self.subjects.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        out
    }

    /// The files that versions have for their texts, and what is in them.
    pub fn files(&self) -> impl Iterator<Item = (PathBuf, String)> {
        let versions = self.subjects.iter().flat_map(|subject| &subject.versions);
        versions.filter_map(|version| {
            let path = self.folder().join(version.path.as_deref()?);
            Some((path, file_text(&version.text)))
        })
    }

    /// Writes the file, and those of texts, as a whole or not at all each. A file that stays as it is keeps its time. Says
    /// whether anything has changed.
    ///
    /// # Errors
    /// A file cannot be written; or what would be written could not be read again, because a version refers to one that is
    /// not there or has changed: then nothing is written.
    pub fn write(&self) -> Result<bool, Errors> {
        let mut again = self.clone();
        let errors = super::verify::verify(&mut again.subjects);
        if !errors.is_empty() {
            return Err(Errors::of(errors.into_iter().map(|e| e.in_file(&self.shown)).collect()));
        }
        let mut has_changed = false;
        for (path, text) in self.files() {
            has_changed |= write_file(&path, &text)?;
        }
        has_changed |= write_file(&self.path, &self.to_text())?;
        Ok(has_changed)
    }
}

fn write_subject(subject: &Subject, out: &mut String) {
    out.push('{');
    member(0, 6, "subject", &subject.name, out);
    if let Some(file) = &subject.file {
        member(1, 6, "file", file, out);
    }
    member(1, 6, "level", subject.level.name(), out);
    key(1, 6, "versions", out);
    out.push('[');
    for (at, version) in subject.versions.iter().enumerate() {
        new_line(at, 8, out);
        write_version(version, out);
    }
    new_line(0, 6, out);
    out.push(']');
    new_line(0, 4, out);
    out.push('}');
}

fn write_version(version: &Version, out: &mut String) {
    out.push('{');
    key(0, 10, "version", out);
    out.push_str(&version.version.to_string());
    if let Some(id) = version.id {
        key(1, 10, "id", out);
        out.push_str(&id.to_string());
    }
    member(1, 10, "guid", &version.guid.to_string(), out);
    if let Some(guid) = version.text_guid {
        member(1, 10, "textGuid", &guid.to_string(), out);
    }
    member(1, 10, "fingerprint", &format!("{:016x}", version.fingerprint), out);
    if !version.references.is_empty() {
        key(1, 10, "references", out);
        pretty::write(&Value::Array(version.references.iter().map(reference).collect()), 10, out);
    }
    if let Some(reason) = &version.accepted {
        key(1, 10, "accepted", out);
        pretty::write(&object([("reason", text(reason))]), 10, out);
    }
    match (&version.path, embedded(&version.text)) {
        (Some(path), _) => member(1, 10, "path", path, out),
        (None, Some(schema)) => {
            key(1, 10, "schema", out);
            pretty::write(&schema, 10, out);
        }
        (None, None) => member(1, 10, "text", &version.text, out),
    }
    new_line(0, 8, out);
    out.push('}');
}

fn reference(reference: &Reference) -> Value<'_> {
    let version = Value::Number(json::Number::Int(reference.version.into()));
    object([("name", text(&reference.name)), ("subject", text(&reference.subject)), ("version", version)])
}

fn object<'a, const N: usize>(members: [(&'a str, Value<'a>); N]) -> Value<'a> {
    Value::Object(members.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn text(text: &str) -> Value<'_> {
    Value::String(Cow::Borrowed(text))
}

fn key(at: usize, indent: usize, key: &str, out: &mut String) {
    new_line(at, indent, out);
    write_string(key, out);
    out.push_str(": ");
}

fn member(at: usize, indent: usize, name: &str, value: &str, out: &mut String) {
    key(at, indent, name, out);
    write_string(value, out);
}

/// A text as JSON, if it can be told from that again.
fn embedded(text: &str) -> Option<Value<'_>> {
    let (value, end) = json::parse(text).ok()?;
    let survives = end == text.len() && value.to_text() == text;
    (survives && is_within(&value, pretty::MAX_DEPTH)).then_some(value)
}

/// What the file of a text has.
fn file_text(text: &str) -> String {
    match embedded(text) {
        Some(value) => {
            let mut out = String::new();
            pretty::write(&value, 0, &mut out);
            out.push('\n');
            out
        }
        None => text.to_owned(),
    }
}

/// Writes a file as a whole or not at all. One that stays as it is keeps its time.
fn write_file(path: &Path, text: &str) -> Result<bool, Error> {
    if fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(false);
    }
    let written = replace(path, text);
    let shown = super::shown(path);
    written.map(|()| true).map_err(|e| Error::new(format!("cannot be written: {e}")).in_file(&shown))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let draft = path.with_file_name(name);
    let written = fs::File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let written = written.and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    written
}
