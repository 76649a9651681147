//! For build scripts.
//!
//! ```text
//! builder/options.rs  what may be chosen about the code
//! ```

mod options;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Errors;
use crate::generated::{Looked, look};
use crate::options::Options;

/// What a build script generates code with.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     ottla_codegen::Builder::new()
///         .schemas(["schemas"]) // folders or files, in any order
///         .generate()?; // writes $OUT_DIR/events.rs
///     Ok(())
/// }
/// ```
///
/// The code becomes part of the crate with `ottla::include_events!();`. Cargo runs the script again when a schema file
/// changes, or when there are others in a folder.
#[derive(Debug, Clone)]
#[must_use = "nothing is generated without generate()"]
pub struct Builder {
    schemas: Vec<PathBuf>,
    options: Options,
    out_dir: Option<PathBuf>,
    file_name: String,
    check: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            schemas: Vec::new(),
            options: Options::new(),
            out_dir: None,
            file_name: "events.rs".to_owned(),
            check: false,
        }
    }
}

/// Why there is no code.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Schemas or options are wrong.
    #[error("{0}")]
    Schemas(#[from] Errors),
    /// There is no folder to write to.
    #[error("there is no OUT_DIR, which Cargo sets for build scripts: choose a folder with out_dir()")]
    NoOutDir,
    /// The code cannot be written or compared.
    #[error("{}: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The code in the file is not what the schemas give.
    #[error("{}:{line}: this is not what the schemas give: generate it again, without check()", path.display())]
    Stale {
        /// The file.
        path: PathBuf,
        /// The first line that differs, from 1.
        line: usize,
    },
}

/// As people read it: that is how `main` of a build script shows it.
impl std::fmt::Debug for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

/// What a build script is told by its environment.
struct Environment {
    out_dir: Option<PathBuf>,
    /// The folder of the crate.
    manifest_dir: Option<PathBuf>,
}

impl Builder {
    /// Without any schemas.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds schema files, and folders that hold some: all `.avsc` files in them and in the folders in them, but for hidden
    /// ones. Paths start at the folder of the crate.
    pub fn schemas<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        self.schemas.extend(paths.into_iter().map(Into::into));
        self
    }

    /// How the generated file is called: `events.rs`, if nothing else is said.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// The folder for the generated file, instead of `OUT_DIR`, for those who keep it with their code. It is formatted then,
    /// which takes longer than generating it.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// ottla_codegen::Builder::new().schemas(["schemas"]).out_dir("src").generate()?; // writes src/events.rs
    /// # Ok(())
    /// # }
    /// ```
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Compares the file with what would be written, and fails if it is not the same.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let in_ci = std::env::var_os("CI").is_some();
    /// ottla_codegen::Builder::new().schemas(["schemas"]).out_dir("src").check(in_ci).generate()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(mut self, on: bool) -> Self {
        self.check = on;
        self
    }

    /// Generates the code. The file is written only if its content changes. What Cargo has to know is printed: what the
    /// code depends on, and what is wrong.
    ///
    /// # Errors
    /// Everything that is wrong with schemas and options; or the file cannot be written; or it is not as expected.
    pub fn generate(&self) -> Result<(), BuildError> {
        let folder = |name| std::env::var_os(name).map(PathBuf::from);
        let environment =
            Environment { out_dir: folder("OUT_DIR"), manifest_dir: folder("CARGO_MANIFEST_DIR") };
        self.run(&environment, &mut io::stdout().lock())
    }

    fn run(&self, environment: &Environment, cargo: &mut impl Write) -> Result<(), BuildError> {
        let root = self.options.base.clone().or_else(|| environment.manifest_dir.clone());
        let mut options = self.options.clone();
        options.base.clone_from(&root);
        let (looked, generated) = look(&self.schemas, &options);
        let at_root = |path: &Path| root.as_ref().map_or_else(|| path.to_owned(), |root| root.join(path));
        let out_dir = self.out_dir.as_deref().map(at_root).or_else(|| environment.out_dir.clone());
        let mut lines = dependencies(&looked, root.as_deref());
        if self.check {
            let compared = out_dir.iter().map(|folder| folder.join(&self.file_name));
            lines.extend(compared.map(|path| rerun_if(&path, root.as_deref())));
        }
        if let Err(errors) = &generated {
            lines.extend(errors.iter().map(|e| format!("cargo::error={}", on_one_line(&e.to_string()))));
        }
        for line in lines {
            // Nobody listens if this is no build script.
            let _ = writeln!(cargo, "{line}");
        }
        let folder = out_dir.ok_or(BuildError::NoOutDir)?;
        let generated = generated?;
        // People read what they keep.
        let is_kept = self.out_dir.is_some();
        let code = if is_kept { generated.to_source() } else { generated.to_plain_source() };
        let path = folder.join(&self.file_name);
        if self.check { compare(path, &code) } else { write(&folder, path, &code) }
    }
}

fn dependencies(looked: &Looked, root: Option<&Path>) -> Vec<String> {
    looked.folders.iter().chain(&looked.files).map(|path| rerun_if(path, root)).collect()
}

/// Cargo takes paths from the folder of the crate on.
fn rerun_if(path: &Path, root: Option<&Path>) -> String {
    let inside = root.and_then(|root| path.strip_prefix(root).ok()).filter(|p| !p.as_os_str().is_empty());
    format!("cargo::rerun-if-changed={}", inside.unwrap_or(path).display())
}

fn on_one_line(text: &str) -> String {
    text.split('\n').map(str::trim).collect::<Vec<_>>().join("; ")
}

/// A file that stays as it is keeps its time, and nothing is compiled again.
fn write(folder: &Path, path: PathBuf, code: &str) -> Result<(), BuildError> {
    if fs::read(&path).is_ok_and(|known| known == code.as_bytes()) {
        return Ok(());
    }
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, code));
    written.map_err(|error| BuildError::File { path, error })
}

fn compare(path: PathBuf, code: &str) -> Result<(), BuildError> {
    let known = match fs::read(&path) {
        Ok(known) => known,
        Err(error) => return Err(BuildError::File { path, error }),
    };
    if known == code.as_bytes() {
        return Ok(());
    }
    let known = String::from_utf8_lossy(&known);
    let same = known.lines().zip(code.lines()).take_while(|(known, new)| known == new).count();
    Err(BuildError::Stale { path, line: same + 1 })
}
