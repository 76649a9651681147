//! `ottla serve`, built anew before it is started.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use ottla_tests::server::{Serve, Server};
use tempfile::TempDir;

/// A registry of the test's own; it ends with this value.
#[derive(Debug)]
pub struct Registry {
    server: Server,
    _folder: TempDir,
}

impl Registry {
    /// An empty registry on SQLite.
    ///
    /// # Panics
    /// If the program cannot be built or does not start.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("ottla-clients-").tempdir();
        let folder = folder.expect("a temporary folder");
        let database = format!("sqlite://{}", folder.path().join("registry.db").display());
        let server = Serve::new(program(), &database).start().expect("a registry that starts");
        Self { server, _folder: folder }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.server.log()
    }
}

/// The `target` folder's subfolder that this test was built in, such as `target/debug`.
pub(crate) fn build_folder() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("target/PROFILE/deps/TEST");
    folder.to_owned()
}

/// The `ottla` program.
///
/// It belongs to another package, so cargo builds it for these tests only by chance: without the build here they
/// would run whatever was built last. `OTTLA_PROGRAM` names one that is to be used as it is.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("OTTLA_PROGRAM") {
        Some(program) => program.into(),
        None => {
            if let Some(cargo) = std::env::var_os("CARGO") {
                build(Command::new(cargo));
            }
            build_folder().join("ottla")
        }
    })
}

fn build(mut cargo: Command) {
    let folder = build_folder();
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--package", "ottla-registry", "--bin", "ottla", "--profile", profile]);
    cargo.arg("--target-dir").arg(folder.parent().expect("a target folder"));
    let output = cargo.output().expect("cargo, which runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
