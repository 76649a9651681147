//! Bytes, files and schemas.

use std::path::PathBuf;

use tempfile::TempDir;

/// An order and its number of items, or none.
pub const ORDER: &str = r#"{"type":"record","name":"com.acme.Order","fields":[
    {"name":"id","type":"string"},{"name":"items","type":["null","long"]}]}"#;

/// A folder with files.
pub struct Files(pub TempDir);

impl Files {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// A number as Avro writes it.
pub fn long(number: i64) -> Vec<u8> {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    let mut bytes = Vec::new();
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// Bytes or a text as Avro writes them.
pub fn prefixed(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    [&long(content.len() as i64), content].concat()
}

/// An order of three items.
pub fn order(id: &str) -> Vec<u8> {
    [prefixed(id), long(1), long(3)].concat()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}
