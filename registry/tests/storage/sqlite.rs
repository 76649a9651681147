//! What is true of SQLite files alone.

use std::path::Path;
use std::process::Command;

use ottla_registry::domain::{Defaults, Subject};
use ottla_registry::engine::{Engine, Options, StorageError, SubmitError};
use sqlx::{Connection as _, Row as _, SqliteConnection};

use crate::support::commands::{Register, Registered};
use crate::support::store::Store;

async fn open(path: &Path) -> Result<Engine, String> {
    let database = format!("sqlite://{}", path.display()).parse().unwrap();
    Engine::open(&database, Defaults::default(), Options::default()).await.map_err(|e| e.to_string())
}

/// Runs SQL in the file, which is made if it is missing.
async fn sql(path: &Path, sql: &'static str) {
    let mut other =
        SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut other).await.unwrap();
    other.close().await.unwrap();
}

#[tokio::test]
async fn one_engine_per_file_however_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ottla.db");
    let engine = open(&path).await.unwrap();
    std::os::unix::fs::symlink(&path, folder.path().join("link.db")).unwrap();
    let real = path.canonicalize().unwrap();
    for name in ["ottla.db", "./ottla.db", "link.db"] {
        let refusal = open(&folder.path().join(name)).await.unwrap_err();
        let pid = std::process::id();
        let expected = format!(
            "{} is in use by another process (pid {pid}): it holds a lock on {}.lock",
            real.display(),
            real.display()
        );
        assert_eq!(refusal, expected);
    }
    engine.close().await;
    open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("text"), "Dear registry,\n".repeat(1000)).unwrap();
    sql(&at("tables"), "CREATE TABLE orders (id INTEGER)").await;
    sql(&at("marked"), "PRAGMA application_id = 42; CREATE TABLE log (seq INTEGER)").await;
    sql(&at("wal"), "PRAGMA journal_mode = WAL; CREATE TABLE orders (id INTEGER)").await;
    for (name, reason) in [
        ("text", "it is not a SQLite file"),
        ("tables", "another application's tables are in it"),
        ("marked", "it is marked as another application's"),
        ("wal", "another application's tables are in it"),
    ] {
        let before = std::fs::read(at(name)).unwrap();
        let expected =
            format!("{} is not a registry's database: {reason}", at(name).canonicalize().unwrap().display());
        assert_eq!(open(&at(name)).await.unwrap_err(), expected);
        assert_eq!(std::fs::read(at(name)).unwrap(), before, "{name} was changed");
    }
    let refusal = open(&at("missing/ottla.db")).await.unwrap_err();
    assert!(refusal.contains("its folder: No such file or directory"), "{refusal}");
    assert!(open(folder.path()).await.unwrap_err().ends_with("it is a folder"));
    // An empty file is as good as none.
    std::fs::write(at("empty"), "").unwrap();
    open(&at("empty")).await.unwrap().close().await;
}

#[tokio::test]
async fn a_newer_layout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ottla.db");
    open(&path).await.unwrap().close().await;
    sql(&path, "PRAGMA user_version = 99").await;
    let refusal = open(&path).await.unwrap_err();
    assert!(
        refusal.ends_with("was written by a newer version of ottla (layout 99, this version knows up to 1)"),
        "{refusal}"
    );
    sql(&path, "PRAGMA user_version = 1").await;
    open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn a_creation_that_was_interrupted_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ottla.db");
    // The mark is there, the tables are not.
    sql(&path, "PRAGMA application_id = 0x4f74746c").await;
    let engine = open(&path).await.unwrap();
    engine.submit(Register::new("s", "1")).await.unwrap();
    engine.close().await;
}

#[tokio::test]
async fn commits_are_synced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ottla.db");
    let engine = open(&path).await.unwrap();
    let mut other = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mode: String = sqlx::raw_sql("PRAGMA journal_mode").fetch_one(&mut other).await.unwrap().get(0);
    assert_eq!(mode, "wal");
    engine.close().await;
}

/// Another process reads the file and makes two kinds of backup while the registry writes; each backup is a registry
/// of its own, and holds at least what was acknowledged before it was begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_tools_read_and_back_up_a_running_registry() {
    const SCRIPT: &str = "
import sqlite3, sys
folder = sys.argv[1]
db = sqlite3.connect(folder + '/ottla.db')
print(db.execute('select count(*) from log').fetchone()[0])
copy = sqlite3.connect(folder + '/backup.db')
db.backup(copy, pages=3)
copy.close()
db.execute('vacuum into ?', (folder + '/vacuum.db',))
db.close()
";
    let folder = tempfile::tempdir().unwrap();
    let engine = open(&folder.path().join("ottla.db")).await.unwrap();
    for i in 0..500 {
        engine.submit(Register::new(&format!("s{}", i % 7), &format!("\"{i}\""))).await.unwrap();
    }
    let acknowledged = engine.snapshot().head();
    let writer = tokio::spawn({
        let engine = engine.clone();
        async move {
            for i in 500.. {
                if engine.submit(Register::new("more", &format!("\"{i}\""))).await.is_err() {
                    return i;
                }
            }
            unreachable!("the range does not end")
        }
    });
    let path = folder.path().to_owned();
    let tool = move || Command::new("python3").arg("-c").arg(SCRIPT).arg(path).output().unwrap();
    let output = tokio::task::spawn_blocking(tool).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(seen >= acknowledged);
    engine.close().await;
    writer.await.unwrap();
    let end = engine.snapshot();
    assert!(end.head() > acknowledged);
    for name in ["backup.db", "vacuum.db"] {
        let copy = open(&folder.path().join(name)).await.unwrap();
        let state = copy.snapshot();
        assert!(state.head() >= acknowledged && state.head() <= end.head(), "{name}");
        assert_eq!(state.history(&Subject::parse("s0")), end.history(&Subject::parse("s0")));
        copy.submit(Register::new("s0", "\"new\"")).await.unwrap();
        copy.close().await;
    }
}

/// Mounts a small file system, if this process may.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(kilobytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|o| o.status.success());
        if !mounted {
            eprintln!("skipped: mounting a small file system takes root's rights");
        }
        mounted.then_some(Self(folder))
    }

    fn remount(&self, options: &str) {
        let mut mount = Command::new("mount");
        let done = mount.args(["-o", &format!("remount,{options}")]).arg(self.0.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let Some(disk) = SmallDisk::mount(2048) else { return };
    let path = disk.0.path().join("ottla.db");
    let engine = open(&path).await.unwrap();
    let mut acknowledged = Vec::new();
    let filler = "x".repeat(10_000);
    let refusal = loop {
        let text = format!("\"{}{filler}\"", acknowledged.len());
        match engine.submit(Register::new("s", &text)).await {
            Ok(given) => acknowledged.push((text, given)),
            Err(refusal) => break refusal,
        }
        assert!(acknowledged.len() < 1000);
    };
    assert!(matches!(refusal, SubmitError::Storage(StorageError::Full)), "{refusal:?}");
    // Still full, still reading.
    assert!(engine.submit(Register::new("s", &filler)).await.is_err());
    assert_eq!(engine.confirmed().await.unwrap().head(), acknowledged.len() as u64);
    assert_eq!(engine.status().trouble.as_deref(), Some("the disk of the database is full"));
    disk.remount("size=16m");
    let next = acknowledged.len() as i32 + 1;
    let given = engine.submit(Register::new("s", "\"after\"")).await.unwrap();
    assert_eq!(given, Registered { id: next, version: next });
    assert_eq!(engine.status().trouble, None);
    engine.close().await;
    let engine = open(&path).await.unwrap();
    for (text, given) in &acknowledged {
        assert_eq!(engine.submit(Register::new("s", text)).await.unwrap(), *given);
    }
    assert_eq!(engine.snapshot().head(), next as u64);
    engine.close().await;
}

#[tokio::test]
async fn a_read_only_file_is_told() {
    let Some(disk) = SmallDisk::mount(2048) else { return };
    let path = disk.0.path().join("ottla.db");
    let engine = open(&path).await.unwrap();
    engine.submit(Register::new("s", "1")).await.unwrap();
    engine.close().await;
    disk.remount("ro");
    let refusal = open(&path).await.unwrap_err();
    assert!(refusal.contains("Read-only file system"), "{refusal}");
    disk.remount("rw");
    open(&path).await.unwrap().close().await;
}

/// As another user would have it: the folder can be written to, the file cannot.
#[tokio::test]
async fn a_write_protected_file_is_told() {
    let store = Store::sqlite();
    store.engine().await.close().await;
    let Store::Sqlite(folder) = &store else { return };
    let path = folder.path().join("ottla.db");
    let mut rights = std::fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&path, rights).unwrap();
    match open(&path).await {
        // Rights do not bind root.
        Ok(engine) => engine.close().await,
        Err(refusal) => assert!(refusal.ends_with("cannot be written to: it is read-only"), "{refusal}"),
    }
}
