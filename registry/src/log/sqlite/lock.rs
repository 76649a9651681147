//! One process per database file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::log::OpenError;

/// A lock on a file beside the database, held as long as this lives, also if the process is killed.
///
/// The database itself is not locked: that would keep backups out. Nor is it opened here: closing any descriptor of
/// it would drop the locks that SQLite holds on it.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks the database, and gives the path that it has however it was named.
    pub(super) fn take(database: &Path) -> Result<(PathBuf, Self), OpenError> {
        let database = canonical(database)?;
        let mut name = database.clone().into_os_string();
        name.push(".lock");
        let path = PathBuf::from(name);
        let failed = |error: std::io::Error| OpenError::File {
            file: path.display().to_string(),
            reason: error.to_string(),
        };
        let mut options = OpenOptions::new();
        let opened = options.read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let read = file.take(20).read_to_string(&mut pid);
                let pid = read.ok().and_then(|_| pid.trim().parse::<u32>().ok()).map(|pid| pid.to_string());
                return Err(OpenError::InUse {
                    file: database.display().to_string(),
                    lock: path.display().to_string(),
                    pid,
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        // Who holds the lock is told to whoever asks next; it does not matter if it cannot be written.
        let noted = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        if let Err(error) = noted {
            tracing::debug!(%error, "the process id could not be written to {}", path.display());
        }
        Ok((database, Self { _file: file }))
    }
}

/// The one name of a file that need not exist yet, so that two names of one file have one lock.
fn canonical(database: &Path) -> Result<PathBuf, OpenError> {
    let failed = |reason: String| OpenError::File { file: database.display().to_string(), reason };
    match database.canonicalize() {
        Ok(path) if path.is_dir() => return Err(failed("it is a folder".to_owned())),
        // Each of its names would have a journal and a lock of its own.
        Ok(path) if has_other_names(&path) => {
            return Err(failed(
                "it has several names (hard links), and may be in use under another".to_owned(),
            ));
        }
        Ok(path) => return Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error.to_string())),
    }
    let name = database.file_name().ok_or_else(|| failed("it names no file".to_owned()))?;
    let folder = folder_of(database).canonicalize();
    Ok(folder.map_err(|e| failed(format!("its folder: {e}")))?.join(name))
}

#[cfg(unix)]
fn has_other_names(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 1)
}

#[cfg(not(unix))]
fn has_other_names(_file: &Path) -> bool {
    false
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes sure that the names of new files in the database's folder survive a power cut.
pub(super) fn sync_folder(database: &Path) -> Result<(), OpenError> {
    if !cfg!(unix) {
        return Ok(());
    }
    let synced = File::open(folder_of(database)).and_then(|folder| folder.sync_all());
    synced.map_err(|e| OpenError::File { file: database.display().to_string(), reason: e.to_string() })
}
