//! The shape of the machine, without which figures say little.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::error::Error;

/// What stands beside the figures.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    pub(crate) processors: usize,
    pub(crate) model: String,
    pub(crate) memory_gib: f64,
    pub(crate) kernel: String,
    /// The median of one sync of a small write, in the folder of the databases.
    pub(crate) fsync_ms: f64,
    pub(crate) postgres: Option<String>,
}

impl Machine {
    /// Looks at this machine.
    pub(crate) fn look(folder: &Path, postgres: Option<String>) -> Result<Self, Error> {
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|l| l.starts_with(name));
            line.and_then(|l| Some(l.split_once(':')?.1.trim().to_owned())).unwrap_or_default()
        };
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        let kib: f64 = memory.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default();
        Ok(Self {
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            model: field(&read("/proc/cpuinfo"), "model name"),
            memory_gib: (kib / 1024.0 / 1024.0).round(),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            fsync_ms: fsync(folder)?.as_secs_f64() * 1e3,
            postgres,
        })
    }
}

/// The median of some syncs of 4 KiB that were appended to a file.
fn fsync(folder: &Path) -> Result<Duration, Error> {
    let path = folder.join("fsync");
    let mut file = File::create(&path).map_err(Error::file(&path))?;
    let mut took = Vec::new();
    for _ in 0..51 {
        file.write_all(&[0x55; 4096]).map_err(Error::file(&path))?;
        let begin = Instant::now();
        file.sync_data().map_err(Error::file(&path))?;
        took.push(begin.elapsed());
    }
    took.sort();
    fs::remove_file(&path).map_err(Error::file(&path))?;
    Ok(took[took.len() / 2])
}
