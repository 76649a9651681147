//! Repositories that a few lines of text do not tell.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use crate::has_git;
use crate::repository::{Repository, record};

fn run(repository: &Repository, arguments: &[&str]) -> String {
    repository.run(&arguments.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

fn commit(repository: &Repository, message: &str) {
    repository.git(&["add", "-A"]);
    repository.git(&["commit", "-q", "--allow-empty", "-m", message]);
}

/// Names that are no UTF-8 are none of the same file: neither hides the other.
#[test]
fn names_that_are_no_text() {
    if !has_git() {
        return;
    }
    let repository = Repository::new();
    let path =
        |byte: u8| repository.root().join(OsStr::from_bytes(&[b'f', byte, b'.', b'a', b'v', b's', b'c']));
    // Not every file system has such names.
    if fs::write(path(0xe8), record("com.x.A", &["id:string".to_owned()])).is_err() {
        return;
    }
    fs::write(path(0xe9), record("com.x.B", &["id:string".to_owned()])).expect("a file");
    commit(&repository, "one");
    fs::write(path(0xe8), record("com.x.A", &["id:int".to_owned()])).expect("a file");
    fs::remove_file(path(0xe9)).expect("a file");
    let said = run(&repository, &["--level", "BACKWARD_TRANSITIVE"]);
    assert!(said.contains("f\\xe8.avsc com.x.A incompatible git:main"), "{said}");
    assert!(said.contains("f\\xe9.avsc com.x.B removed git:main"), "{said}");
}

/// A clone without contents fetches them; where it cannot, nothing is compared.
#[test]
fn a_partial_clone() {
    if !has_git() {
        return;
    }
    let mut repository = Repository::new();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned()]));
    commit(&repository, "one");
    repository.write("order.avsc", record("com.x.Order", &["id:int".to_owned()]));
    commit(&repository, "two");
    let origin = repository.root().to_owned();
    repository.clone_to("clone", &["--filter=blob:none"]);
    let away = origin.with_extension("away");
    fs::rename(&origin, &away).expect("a folder");
    let said = run(&repository, &[]);
    assert!(said.starts_with("  exit 3\n"), "{said}");
    assert!(said.contains("from promisor remote; this is a partial clone"), "{said}");
    fs::rename(&away, &origin).expect("a folder");
    let said = run(&repository, &[]);
    assert!(said.starts_with("  exit 1\n") && said.contains("com.x.Order incompatible git:HEAD~1"), "{said}");
}

/// Where a history is cut off, a later commit may be the one where it parted than the one that is found.
#[test]
fn a_shallow_clone_that_hides_where_the_history_parted() {
    if !has_git() {
        return;
    }
    let repository = Repository::new();
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned()]));
    commit(&repository, "one");
    repository.git(&["branch", "side"]);
    repository
        .write("order.avsc", record("com.x.Order", &["id:string".to_owned(), "more:string=\"\"".to_owned()]));
    commit(&repository, "two");
    repository.git(&["branch", "feature"]);
    commit(&repository, "three");
    let three = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "-q", "side"]);
    commit(&repository, "aside");
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "--no-ff", "side", "-m", "merged"]);
    repository.git(&["checkout", "-q", "feature"]);
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned(), "more:int=0".to_owned()]));
    commit(&repository, "breaks");
    assert!(run(&repository, &[]).starts_with("  exit 1\n"), "the whole history says so");
    // From here on the way leads through the side branch, to a commit that had no such field.
    repository.write(".git/shallow", three);
    let said = run(&repository, &[]);
    assert!(said.starts_with("  exit 3\n"), "{said}");
    assert!(
        said.contains("the commit where the history parts from main is not in this shallow clone"),
        "{said}"
    );
}

/// Ids of 64 digits.
#[test]
fn a_repository_with_long_ids() {
    if !has_git() {
        return;
    }
    let repository = Repository::new();
    fs::remove_dir_all(repository.root().join(".git")).expect("a repository");
    repository.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    repository.configure();
    repository.write("order.avsc", record("com.x.Order", &["id:string".to_owned()]));
    commit(&repository, "one");
    repository.write("order.avsc", record("com.x.Order", &["id:int".to_owned()]));
    for level in ["BACKWARD", "BACKWARD_TRANSITIVE"] {
        let said = run(&repository, &["--level", level]);
        assert!(said.starts_with("  exit 1\n") && said.contains(" incompatible "), "{said}");
    }
}
