//! The schema files of a project and their subjects: what all commands about files start from.
//!
//! ```text
//! project/config.rs   ottla.toml
//! project/paths.rs    what files are called
//! project/scope.rs    which files belong to a project, told by their names
//! project/discover.rs the files on the disk
//! project/naming.rs   subjects and levels
//! project/members.rs  the files with their subjects
//! project/show.rs     `--print-config`
//! ```

pub(super) mod config;
mod discover;
mod members;
mod naming;
pub(super) mod paths;
mod scope;
mod show;

use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ottla_formats::avro::Mode;
use ottla_formats::avro::parse::MAX_TEXT;
use ottla_gate::source::{Loaded, Text, load_texts};

use self::config::{Config, FILE_NAME, Read};
use self::discover::{Files, discover};
pub use self::members::Member;
pub use self::naming::{Names, full_name};
pub use self::scope::{Globs, Scope};
pub use self::show::show;
use super::Usage;
use super::access::urls;
use paths::Root;

/// Which files.
#[derive(Debug, Clone, Default, Args)]
pub struct ProjectOptions {
    /// Schema files, and folders of .avsc files; the whole project if nothing is said
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The project's configuration; ottla.toml of this folder or of one above it, if nothing is said
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The schema files of a project.
#[derive(Debug)]
pub struct Project {
    /// The folder that names start at.
    pub root: Root,
    /// The folder that `ottla.toml` is about, by its name.
    pub base: String,
    /// What `ottla.toml` is called, if there is one.
    pub config_file: Option<String>,
    /// What it says.
    pub read: Read,
    /// Which files belong to the project.
    pub scope: Scope,
    /// The rules for subjects.
    pub names: Names,
    /// The files.
    pub files: Files,
    /// The schemas of the files, with all that are needed for their references.
    pub loaded: Loaded,
    /// Each file with its subject, by the file's name; a file with several subjects several times.
    pub members: Vec<Member>,
}

impl Project {
    /// Finds and reads the files.
    pub fn open(options: &ProjectOptions) -> Result<Self, Usage> {
        let (project, nameless) = Self::find(options)?;
        if !nameless.is_empty() {
            return Err(Usage(nameless.join("\n")));
        }
        project.one_file_a_subject()?;
        Ok(project)
    }

    /// The same for who looks for schemas, not for subjects: a file may have none, or that of another file.
    pub fn open_for_schemas(options: &ProjectOptions) -> Result<Self, Usage> {
        Self::find(options).map(|(project, _)| project)
    }

    /// Also what is to be said of files that have no subject.
    fn find(options: &ProjectOptions) -> Result<(Self, Vec<String>), Usage> {
        let here = std::env::current_dir().map_err(|e| Usage(format!("the working directory: {e}")))?;
        let config_path = match &options.config {
            Some(path) => Some(paths::plain(&here.join(path))),
            None => find(&here),
        };
        let folder = match &config_path {
            Some(path) => path.parent().unwrap_or(&here).to_owned(),
            None => Root::of(&here).path,
        };
        let root = Root::of(&folder);
        let config_file = config_path.as_ref().map(|path| root.name(path));
        let read = match (&config_path, &config_file) {
            (Some(path), Some(shown)) => config::read(path, shown)?,
            _ => Read::default(),
        };
        Self::of(root, folder, config_file, read, &options.paths)
    }

    fn of(
        root: Root,
        folder: PathBuf,
        config_file: Option<String>,
        read: Read,
        paths: &[PathBuf],
    ) -> Result<(Self, Vec<String>), Usage> {
        let wrong = |(at, message): (usize, String)| {
            config::wrong(&read.text, config_file.as_deref().unwrap_or_default(), at, &message)
        };
        let base = root.name(&folder);
        let config = &read.config;
        let exclude = config.exclude.as_deref().unwrap_or_default();
        let is_folder = |name: &str| root.path.join(name).is_dir();
        let scope = Scope::new(base.clone(), config.schemas.as_deref(), exclude, is_folder).map_err(wrong)?;
        let names = Names::new(&base, config).map_err(wrong)?;
        let files = discover(&root, &scope, paths)?;
        let texts = texts(&files);
        let full_names: HashMap<String, Option<String>> = texts.iter().map(name_of).collect();
        let mut loaded = load_texts(texts, Mode::Register);
        for source in &mut loaded.sources {
            // Where it really is, for those who look for the file on the disk.
            source.file.found.path.clone_from(&files.all[&source.file.found.shown]);
        }
        let mut project =
            Self { root, base, config_file, read, scope, names, files, loaded, members: Vec::new() };
        let (members, nameless) = project.members(&full_names);
        project.members = members;
        Ok((project, nameless))
    }

    /// What `ottla.toml` says.
    pub fn config(&self) -> &Config {
        &self.read.config
    }

    /// The members that were asked for.
    pub fn selected(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.selected)
    }

    /// Something wrong in `ottla.toml`.
    pub fn wrong(&self, offset: usize, message: &str) -> Usage {
        config::wrong(&self.read.text, self.config_file.as_deref().unwrap_or(FILE_NAME), offset, message)
    }

    /// The lock file: the one that `ottla.toml` names, else where one is looked for. It need not be there.
    pub fn lock_file(&self) -> PathBuf {
        let base = self.root.path.join(&self.base);
        match &self.config().lock {
            Some(lock) => base.join(lock),
            None if base.join("schemas").is_dir() && !base.join("ottla.lock").exists() => {
                base.join("schemas/ottla.lock")
            }
            None => base.join("ottla.lock"),
        }
    }

    /// The URLs of the registry: what the environment says, else `ottla.toml`.
    pub fn registry_urls(&self) -> Vec<String> {
        let said = std::env::var("OTTLA_REGISTRY").unwrap_or_default();
        let said = urls(&said);
        if !said.is_empty() {
            return said;
        }
        let urls = self.config().registry.url.iter().flatten();
        urls.map(|url| url.get_ref().clone()).collect()
    }
}

/// The configuration of a folder: of itself or the next one above it, up to the root of its repository.
fn find(folder: &Path) -> Option<PathBuf> {
    let root = Root::of(folder);
    let within = |folder: &&Path| !root.is_repository || folder.starts_with(&root.path);
    let mut paths = folder.ancestors().take_while(within).map(|folder| folder.join(FILE_NAME));
    // A link that leads nowhere, or a folder, was meant to be one: it is told when it is read.
    paths.find(|path| path.symlink_metadata().is_ok())
}

/// The texts of all files. What was asked for comes first: of several files that define a type, the first one counts.
fn texts(files: &Files) -> Vec<Text> {
    let text = |(name, path): (&String, &PathBuf)| Text { name: name.clone(), content: bytes(path) };
    let (first, rest): (Vec<_>, Vec<_>) = files
        .all
        .iter()
        .partition(|(name, _)| files.given.as_ref().is_none_or(|given| given.contains(*name)));
    first.into_iter().chain(rest).map(text).collect()
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let read = || {
        // Others may never come to an end, nor even begin.
        if !path.metadata()?.is_file() {
            return Err(std::io::Error::other("it is no regular file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|e: std::io::Error| format!("cannot be read: {e}"))
}

fn name_of(text: &Text) -> (String, Option<String>) {
    let bytes = text.content.as_deref().unwrap_or_default();
    (text.name.clone(), std::str::from_utf8(bytes).ok().and_then(full_name))
}
