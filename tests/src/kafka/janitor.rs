//! What ends the broker however the test ends.
//!
//! A test that is killed, or whose broker lives in a `static`, drops nothing. But its end of a pipe is closed.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of the test, then kills the broker and removes its folder.
const SCRIPT: &str = "trap '' INT TERM HUP; cat >/dev/null; \
                      group=$(cat \"$1/group\" 2>/dev/null) && kill -KILL -- \"-$group\"; \
                      i=0; while [ $i -lt 100 ] && kill -0 -- \"-$group\"; do sleep 0.05; i=$((i+1)); done; \
                      rm -rf \"$1\"";

/// A shell that does so.
#[derive(Debug)]
pub(super) struct Janitor(Child);

impl Janitor {
    pub(super) fn hire(folder: &Path) -> Result<Self, String> {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "janitor"]).arg(folder);
        // In a group of its own, so that an interrupt at the terminal does not reach it.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.spawn().map(Self).map_err(|e| e.to_string())
    }
}

impl Drop for Janitor {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Tells the janitor of that folder which group of processes there is to end.
pub(super) fn note(folder: &Path, group: u32) -> Result<(), String> {
    fs::write(folder.join("group"), group.to_string()).map_err(|e| e.to_string())
}

/// There is none any more; its number may soon be somebody else's.
pub(super) fn forget(folder: &Path) {
    let _ = fs::remove_file(folder.join("group"));
}
