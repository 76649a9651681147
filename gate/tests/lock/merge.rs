//! What two branches add is merged by git without anybody's help, if it is not in the same place.

use std::process::Command;

use super::*;

/// A lock of four subjects.
fn base() -> Lock {
    let mut lock = Lock::new("ottla.lock");
    for name in ["b", "d", "f", "h"] {
        lock.put(subject(name, &[record(name, &["x"])]));
    }
    lock
}

fn add_version(lock: &mut Lock, name: &str, field: &str) {
    let subject = lock.subject_mut(name).expect("a subject");
    let number = subject.versions.len() as i32 + 1;
    subject.versions.push(Version::of(number, &record(name, &["x", field]), Vec::new()));
}

/// What git makes of two locks that come from one. None if it needs help.
fn merged(ours: &Lock, theirs: &Lock) -> Option<Lock> {
    let folder = TempDir::new().expect("a folder");
    for (name, lock) in [("base", &base()), ("ours", ours), ("theirs", theirs)] {
        fs::write(folder.path().join(name), lock.to_text()).expect("a file");
    }
    let command = Command::new("git")
        .args(["merge-file", "-p", "ours", "base", "theirs"])
        .current_dir(folder.path())
        .output();
    let output = command.expect("git runs");
    if !output.status.success() {
        return None;
    }
    fs::write(folder.path().join("merged"), output.stdout).expect("a file");
    Some(Lock::read(&folder.path().join("merged")).expect("a lock"))
}

/// Is there a git? Where there must be one, there is.
fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "git is missing: install it");
        println!("skipped: there is no git");
    }
    found
}

#[test]
fn what_stands_apart_is_merged() {
    if !has_git() {
        return;
    }
    type Change = fn(&mut Lock);
    let changes: [(&str, Change); 6] = [
        ("a subject before all", |lock| lock.put(subject("a", &[record("a", &["x"])]))),
        ("a subject between", |lock| lock.put(subject("e", &[record("e", &["x"])]))),
        ("a subject behind all", |lock| lock.put(subject("z", &[record("z", &["x"])]))),
        ("a version", |lock| add_version(lock, "b", "y")),
        ("another version", |lock| add_version(lock, "f", "y")),
        ("a level", |lock| lock.subject_mut("d").expect("a subject").level = Level::Full),
    ];
    for (one, change) in &changes {
        for (other, other_change) in changes.iter().filter(|(name, _)| name != one) {
            let (mut ours, mut theirs, mut both) = (base(), base(), base());
            change(&mut ours);
            other_change(&mut theirs);
            change(&mut both);
            other_change(&mut both);
            let merged = merged(&ours, &theirs);
            assert_eq!(merged.map(|lock| lock.to_text()), Some(both.to_text()), "{one}, {other}");
        }
    }
}

/// Two that go on from the same version have to be looked at.
#[test]
fn two_next_versions_are_not_merged() {
    if !has_git() {
        return;
    }
    let (mut ours, mut theirs) = (base(), base());
    add_version(&mut ours, "d", "y");
    add_version(&mut theirs, "d", "z");
    assert!(merged(&ours, &theirs).is_none(), "two versions 2");
    let mut same = base();
    add_version(&mut same, "d", "y");
    assert_eq!(merged(&ours, &same).map(|lock| lock.to_text()), Some(ours.to_text()));
}
