//! Who plays: this program, started again under other names.

mod player;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use self::player::{LogLine, Player};
use crate::Problem;
use crate::role::{DEMO, Role};

/// Variables of the programs: what is set for those of the user is not for those of the demo.
const VARIABLES: [&str; 3] = ["OTTLA_", "ORDER_SERVICE_", "INVENTORY_SERVICE_"];

/// Starts processes.
#[derive(Debug)]
pub struct Cast {
    program: PathBuf,
    folder: PathBuf,
    /// The registry. It is told in variables, as it may hold a password.
    registry: Option<String>,
}

impl Cast {
    /// With their logs in a folder.
    ///
    /// # Errors
    /// If the system does not say what this program is.
    pub fn new(folder: &Path) -> Result<Self, Problem> {
        Ok(Self { program: std::env::current_exe()?, folder: folder.to_owned(), registry: None })
    }

    /// Who is started from now on finds the registry there.
    pub fn registry_is(&mut self, url: &str) {
        self.registry = Some(url.to_owned());
    }

    /// Starts a program that serves, and waits until it says where.
    ///
    /// # Errors
    /// If it does not come to that.
    pub async fn start<A: AsRef<OsStr>>(
        &self,
        role: Role,
        log: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Player, Problem> {
        let log = self.folder.join(format!("{log}.log"));
        let mut command = self.command(role);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        Player::new(role, command.spawn()?, log).ready().await
    }

    /// Runs a program to its end. What it said on standard output.
    ///
    /// # Errors
    /// If it fails.
    pub async fn run<A: AsRef<OsStr>>(
        &self,
        role: Role,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<String, Problem> {
        let mut command = self.command(role);
        command.args(arguments).stdin(Stdio::null());
        // Its life is tied to the thread that it is started from, so that must be this one.
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await??;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{} failed ({}): {why}{said}", role.name(), output.status).into());
        }
        Ok(said)
    }

    /// Links that are called as the programs are, to be used by hand.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn links(&self) -> Result<PathBuf, Problem> {
        let folder = self.folder.join("bin");
        fs::create_dir(&folder)?;
        for role in Role::ALL {
            std::os::unix::fs::symlink(&self.program, folder.join(role.name()))?;
        }
        Ok(folder)
    }

    fn command(&self, role: Role) -> Command {
        let mut command = Command::new(&self.program);
        command.arg0(role.name());
        for (name, _) in std::env::vars_os() {
            if VARIABLES.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        if let Some(url) = &self.registry {
            command.envs(VARIABLES.map(|prefix| (format!("{prefix}REGISTRY"), url)));
        }
        command.env(DEMO, std::process::id().to_string());
        // Ctrl-C is for the demo, which ends them in their order.
        command.process_group(0);
        command
    }
}
