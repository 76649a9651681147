//! Copies that another program makes while the registry runs and is written to: each opens as a registry, and holds all
//! that was acknowledged before it was begun.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::process::{over, register};

/// Both ways of SQLite to copy a database in use: its backup, a few pages at a time, and `VACUUM INTO`.
const SCRIPT: &str = "
import sqlite3, sys
folder = sys.argv[1]
db = sqlite3.connect('file:' + folder + '/ottla.db?mode=ro', uri=True)
copy = sqlite3.connect(folder + '/backup.db')
db.backup(copy, pages=5, sleep=0.001)
copy.close()
db.execute('vacuum into ?', (folder + '/vacuum.db',))
db.close()
";

const PATIENCE: Duration = Duration::from_secs(60);

fn python() -> Option<&'static str> {
    let there =
        Command::new("python3").args(["-c", "import sqlite3"]).output().is_ok_and(|o| o.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none(), "the test needs python3 with sqlite3: install python3");
        println!("skipped: python3 with sqlite3 is not installed");
    }
    there.then_some("python3")
}

#[test]
fn copies_of_a_registry_in_use() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut server = over(&folder.path().join("ottla.db")).start().unwrap();
    let mut client = server.client();
    for number in 0..300 {
        assert_eq!(register(&mut client, &format!("s{}", number % 3), number).status, 200);
    }
    let (stop, written) = (AtomicBool::new(false), AtomicUsize::new(0));
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = server.client();
            while !stop.load(Ordering::Relaxed) && started.elapsed() < PATIENCE {
                let number = written.load(Ordering::Relaxed);
                assert_eq!(register(&mut client, "meanwhile", number).status, 200);
                written.store(number + 1, Ordering::Relaxed);
            }
        });
        while written.load(Ordering::Relaxed) < 10 && started.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        let output = Command::new(python).args(["-c", SCRIPT]).arg(folder.path()).output();
        stop.store(true, Ordering::Relaxed);
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    });
    let before: Vec<String> =
        (0..3).map(|s| client.get(&format!("/subjects/s{s}/versions/latest")).unwrap().text()).collect();
    for name in ["backup.db", "vacuum.db"] {
        let copy = over(&folder.path().join(name)).start().unwrap();
        let mut client = copy.client();
        for (s, before) in before.iter().enumerate() {
            assert_eq!(
                client.get(&format!("/subjects/s{s}/versions/latest")).unwrap().text(),
                *before,
                "{name}"
            );
            assert_eq!(
                client.get(&format!("/subjects/s{s}/versions")).unwrap().json().as_array().unwrap().len(),
                100
            );
        }
        let meanwhile = client.get("/subjects/meanwhile/versions").unwrap().json().as_array().unwrap().len();
        assert!((10..=written.load(Ordering::Relaxed)).contains(&meanwhile), "{name}: {meanwhile}");
        // It is a registry of its own.
        assert_eq!(register(&mut client, "s0", 999_999).json()["version"], 101);
    }
    assert_eq!(client.get("/subjects/s0/versions/101").unwrap().status, 404);
    assert!(server.terminate().unwrap().success());
}
