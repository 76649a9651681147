//! One process for one file, however it is named, and none after the first has ended, however that was.

use std::os::unix::fs::symlink;

use crate::failures::assert_failed;
use crate::process::{ottla, over, register, run, url};

#[test]
fn a_second_process_on_the_same_file_is_told_why() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let file = folder.join("ottla.db");
    let mut first = over(&file).start().unwrap();
    assert_eq!(register(&mut first.client(), "s", 1).status, 200);
    symlink(&file, folder.join("link.db")).unwrap();
    symlink(&folder, folder.join("link")).unwrap();
    let expected = format!(
        "{0} is in use by another process (pid {1}): it holds a lock on {0}.lock",
        file.display(),
        first.pid()
    );
    for name in ["ottla.db", "./ottla.db", "link.db", "link/ottla.db", "link/./ottla.db"] {
        for database in [format!("sqlite://{name}"), url(&folder.join(name))] {
            let mut command = ottla(&["serve", "--listen", "127.0.0.1:0", "--database", &database]);
            assert_failed(&run(command.current_dir(&folder)), &expected, "");
        }
    }
    assert_eq!(register(&mut first.client(), "s", 2).status, 200);
    // A process that was killed leaves its files, and nothing that is in the way.
    first.kill();
    assert!(folder.join("ottla.db.lock").exists());
    let mut second = over(&folder.join("link.db")).start().unwrap();
    assert_eq!(second.client().get("/subjects/s/versions").unwrap().text(), "[1,2]");
    assert!(second.terminate().unwrap().success());
    let mut third = over(&file).start().unwrap();
    assert_eq!(register(&mut third.client(), "s", 3).json()["version"], 3);
    assert!(third.terminate().unwrap().success());
    // Under a second name of its own the file would have a second journal.
    let other = folder.join("other.db");
    std::fs::hard_link(&file, &other).unwrap();
    let expected = format!(
        "cannot open {}: it has several names (hard links), and may be in use under another",
        other.display()
    );
    let mut command = ottla(&["serve", "--listen", "127.0.0.1:0", "--database", &url(&other)]);
    assert_failed(&run(&mut command), &expected, "");
}

/// Two that start at the same time: one of them serves.
#[test]
fn of_two_at_the_same_time_one_serves() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ottla.db");
    for _ in 0..10 {
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| over(&file).start());
            let two = scope.spawn(|| over(&file).start());
            (one.join().unwrap(), two.join().unwrap())
        });
        let refusals: Vec<String> =
            [&one, &two].into_iter().filter_map(|s| s.as_ref().err().cloned()).collect();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert!(refusals[0].contains("is in use by another process"), "{refusals:?}");
        let mut server = one.or(two).unwrap();
        assert_eq!(server.client().get("/health/ready").unwrap().status, 200);
        assert!(server.terminate().unwrap().success());
    }
}
