//! A Go that is new enough.

use std::path::Path;
use std::process::Command;

use crate::outcome::{find, folder, run};

/// What the client's module asks for.
const OLDEST: u32 = 24;

/// `go`, to be run in the folder of the Go tests; an error says what is missing. A Go from 1.21 on that is too old fetches a
/// newer one by itself.
pub fn command() -> Result<Command, String> {
    let mut found = Vec::new();
    for go in find("go", &["/usr/local/go/bin"]) {
        let version = run(in_module(&go).arg("version"))?;
        if minor(&version).is_some_and(|minor| minor >= OLDEST) {
            return Ok(in_module(&go));
        }
        found.push(version.trim().to_owned());
    }
    let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
    Err(format!(
        "Go 1.{OLDEST} or newer, or one from 1.21 on that may fetch it, is needed (apt-get install golang-go; where \
         that is older: go.dev/dl), found {found}"
    ))
}

fn in_module(go: &Path) -> Command {
    let mut command = Command::new(go);
    command.current_dir(folder("go")).env("GOTOOLCHAIN", "auto");
    command
}

/// The 24 of `go version go1.24.1 linux/amd64`.
fn minor(version: &str) -> Option<u32> {
    let (_, number) = version.split_once(" go1.")?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn tells_the_minor_version() {
        assert_eq!(minor("go version go1.24.1 linux/amd64"), Some(24));
        assert_eq!(minor("go version go1.25rc1 linux/amd64"), Some(25));
        assert_eq!(minor("go version devel"), None);
    }
}
