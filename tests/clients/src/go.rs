//! A Go that is new enough.

use std::path::PathBuf;
use std::process::Command;

use crate::outcome::{find, folder, run};

/// What the client's module asks for.
const OLDEST: u32 = 24;

/// `go`, to be run in the folder of the Go tests; an error says what is missing.
pub fn command() -> Result<Command, String> {
    let wanted =
        format!("Go 1.{OLDEST} or newer (Debian 13: apt-get install golang-go; older systems: golang.org)");
    let Some(go) = find("go", &["/usr/local/go/bin", "/usr/lib/go/bin"]) else {
        return Err(format!("{wanted} is not installed"));
    };
    let version = run(go_in_module(&go).arg("version"))?;
    match minor(&version) {
        Some(minor) if minor >= OLDEST => Ok(go_in_module(&go)),
        _ => Err(format!("{wanted} is needed, there is {}", version.trim())),
    }
}

fn go_in_module(go: &PathBuf) -> Command {
    let mut command = Command::new(go);
    command.current_dir(folder("go"));
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
