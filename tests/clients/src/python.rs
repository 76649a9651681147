//! Python environments with pinned packages, kept between runs.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::outcome::{find, folder, run};
use crate::program::build_folder;

/// What the packages ask for.
const OLDEST: (u32, u32) = (3, 11);

/// The packages of the stock client.
pub const CLIENT: &str = "requirements.txt";

/// The packages that the gate's reports and files for CI are checked with.
pub const GATE: &str = "gate/requirements.txt";

/// The interpreter of an environment that holds the packages of a list in `python/`; an error says what is missing.
pub fn interpreter(list: &str) -> Result<PathBuf, String> {
    let (python, version) = python()?;
    let requirements = folder("python").join(list);
    let packages = fs::read_to_string(&requirements).map_err(|error| error.to_string())?;
    let environments = build_folder().parent().unwrap_or(Path::new(".")).join("clients");
    fs::create_dir_all(&environments).map_err(|error| error.to_string())?;
    // Two runs at a time would spoil each other's work.
    let lock = File::create(environments.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let hash = hash(&[&python.to_string_lossy(), &version, &packages]);
    let environment = environments.join(format!("python-{hash:016x}"));
    let complete = environment.join("complete");
    if !complete.exists() {
        create(&python, &environment, &requirements)?;
        File::create(complete).map_err(|error| error.to_string())?;
    }
    Ok(environment.join("bin").join("python"))
}

/// The first Python that is new enough, with its version.
fn python() -> Result<(PathBuf, String), String> {
    let mut found = Vec::new();
    for python in find("python3", &[]) {
        let version = run(Command::new(&python).args(["-c", "import sys; print(*sys.version_info[:2])"]))?;
        if numbers(&version).is_some_and(|version| version >= OLDEST) {
            return Ok((python, version));
        }
        found.push(version.trim().replace(' ', "."));
    }
    let (major, minor) = OLDEST;
    let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
    Err(format!("Python {major}.{minor} or newer is needed (Debian: apt-get install python3), found {found}"))
}

/// Makes the environment anew. The list of packages is complete, and nothing is compiled.
fn create(python: &Path, environment: &Path, requirements: &Path) -> Result<(), String> {
    run(Command::new(python).args(["-m", "venv", "--clear"]).arg(environment))
        .map_err(|problem| format!("venv is needed (Debian: apt-get install python3-venv): {problem}"))?;
    let mut pip = Command::new(environment.join("bin").join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    pip.args(["--no-deps", "--only-binary", ":all:", "--requirement"]).arg(requirements);
    run(&mut pip).map(drop).map_err(|problem| format!("the Python packages cannot be installed: {problem}"))
}

/// `3 11` as numbers.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn hash(texts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish()
}
