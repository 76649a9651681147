//! Programs of other packages, never older than their sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The `ottla` program.
///
/// It belongs to another package. `cargo test --workspace` builds it before any test runs, `cargo test -p ottla-clients`
/// does not: then it is built here if its sources are newer. To build it in any case would, after the former, compile many
/// dependencies a second time, with the features that this package alone asks for. `OTTLA_PROGRAM` names a program
/// that is to be used as it is.
///
/// # Panics
/// If there is none, or it cannot be built.
pub fn ottla() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| match std::env::var_os("OTTLA_PROGRAM") {
        Some(program) => program.into(),
        None => fresh("ottla-registry", "ottla"),
    })
}

/// The `order-service` program of the worked example, in the same way.
///
/// # Panics
/// If it cannot be built.
pub fn order_service() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| fresh("order-service", "order-service"))
}

fn fresh(package: &str, name: &str) -> PathBuf {
    let program = build_folder().join(name);
    if is_stale(&program) {
        build(package, name);
    }
    program
}

/// The `target` folder's subfolder that this test was built in, such as `target/debug`.
pub(crate) fn build_folder() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    test.ancestors().nth(2).expect("target/PROFILE/deps/TEST").to_owned()
}

fn build(package: &str, name: &str) {
    let folder = build_folder();
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--package", package, "--bin", name, "--profile", profile]);
    cargo.arg("--target-dir").arg(folder.parent().expect("a target folder"));
    let output = cargo.output().expect("cargo, which builds the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Is the program missing, or older than something that it was built from?
fn is_stale(program: &Path) -> bool {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let settings = ["Cargo.lock", "Cargo.toml"].map(|file| workspace.join(file));
    let members = ["codegen", "formats", "gate", "macros", "registry", "runtime"];
    let manifests = members.map(|member| workspace.join(member).join("Cargo.toml"));
    // Cargo writes down, beside the program, every file of the workspace that it was built from.
    let (Some(built), Ok(rule)) = (modified(program), fs::read_to_string(program.with_extension("d"))) else {
        return true;
    };
    let sources = prerequisites(&rule).into_iter().chain(settings).chain(manifests);
    sources.into_iter().any(|file| modified(&file).is_none_or(|changed| changed > built))
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

/// The files to the right of the colon in a rule for `make`, where spaces within names are escaped.
fn prerequisites(rule: &str) -> Vec<PathBuf> {
    let (_, files) = rule.split_once(": ").unwrap_or_default();
    let files = files.trim_end().replace("\\ ", "\0");
    files.split(' ').filter(|file| !file.is_empty()).map(|file| file.replace('\0', " ").into()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::prerequisites;

    #[test]
    fn reads_a_rule() {
        let files = prerequisites("/target/ottla: /a/main.rs /my\\ b/lib.rs\n");
        assert_eq!(files, ["/a/main.rs", "/my b/lib.rs"].map(PathBuf::from));
        assert_eq!(prerequisites(""), Vec::<PathBuf>::new());
    }
}
