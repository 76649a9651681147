//! A registry of the test's own.

use ottla_tests::server::{Serve, Server};
use tempfile::TempDir;

use crate::program;

/// A registry that ends with this value.
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
        let server = Serve::new(program::ottla(), &database).start().expect("a registry that starts");
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
