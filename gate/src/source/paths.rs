//! Paths as text.

use std::path::{Component, Path};

/// A path with `/`, and without `.` in it: nothing for the folder itself.
pub fn slashes(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::RootDir => {
                text.push('/');
                continue;
            }
            _ => {}
        }
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        text.push_str(&text_of(part.as_os_str().as_encoded_bytes()));
    }
    text
}

/// A name as text. Names that are no UTF-8 stay different from each other, or one would hide another.
pub fn text_of(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_different() {
        assert_eq!(text_of(b"a/\xe9\xc3\xa9.avsc"), "a/\\xe9\u{e9}.avsc");
    }
}
