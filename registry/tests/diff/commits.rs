//! Files of commits.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{CHANGES, Ended, NEW, OLD, diff, folder, write};

/// Is git there? In CI it has to be.
fn has_git() -> bool {
    let found =
        Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if !found {
        assert!(std::env::var_os("CI").is_none(), "the program git is missing: install git");
        println!("skipped: the program git is missing");
    }
    found
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    let command = command.args(arguments).current_dir(folder);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(folder: &Path, message: &str) -> String {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "-m", message]);
    git(folder, &["rev-parse", "HEAD"])
}

/// A repository whose first commit has the old schema, its second the new one, and its work tree a third.
fn repository() -> (TempDir, [String; 2]) {
    let folder = folder(&[("schemas/order.avsc", OLD)]);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    let first = commit(folder.path(), "first");
    git(folder.path(), &["tag", "v1"]);
    write(folder.path(), "schemas/order.avsc", NEW);
    let second = commit(folder.path(), "second");
    write(folder.path(), "schemas/order.avsc", &NEW.replace("\"HELD\"", "\"SENT\""));
    (folder, [first, second])
}

#[test]
fn commits_and_files() {
    if !has_git() {
        return;
    }
    let (folder, [first, second]) = repository();
    let name = |reference: &str| format!("{reference}:schemas/order.avsc");
    for old in ["HEAD~1", "v1", "main~1", &first, &first[..8]] {
        diff(folder.path(), &[&name(old), &name("HEAD")]).tells(&CHANGES);
        diff(folder.path(), &[&format!("git:{}", name(old)), &name(&second)]).tells(&CHANGES);
    }
    let ended = diff(folder.path(), &["HEAD:schemas/order.avsc", "schemas/order.avsc"]);
    ended.tells(&[
        "+ symbol SENT of enum Status (OrderCreated.status)",
        "- symbol HELD of enum Status (OrderCreated.status)",
    ]);
    let heading = format!("--- HEAD:schemas/order.avsc (commit {})\n+++ schemas/order.avsc\n", &second[..7]);
    assert!(ended.out.starts_with(&heading), "{}", ended.out);
    // Findings are located in the new file, of a commit or not.
    let ended = diff(folder.path(), &["v1:schemas/order.avsc", "HEAD:schemas/order.avsc"]);
    assert!(
        ended.out.contains("\n  HEAD:schemas/order.avsc:4:3: AVRO-READER-FIELD-NO-DEFAULT: "),
        "{}",
        ended.out
    );
    let json = diff(folder.path(), &["v1:schemas/order.avsc", "schemas/order.avsc", "--format", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["old"]["kind"], &json["old"]["origin"]), (&"git".into(), &first.as_str().into()));
    assert_eq!(json["old"]["label"], first[..7]);
    assert_eq!(json["backward"]["findings"][0]["file"], "schemas/order.avsc");
}

/// As git does it, and as people expect it.
#[test]
fn in_a_folder_below() {
    if !has_git() {
        return;
    }
    let (folder, _) = repository();
    let below = folder.path().join("schemas");
    for old in ["v1:schemas/order.avsc", "v1:order.avsc", "v1:./order.avsc", "git:v1:../schemas/order.avsc"] {
        let ended = diff(&below, &[old, "HEAD:./order.avsc"]);
        ended.tells(&CHANGES);
    }
    diff(&below, &["v1:./schemas/order.avsc", "order.avsc"]).fails(3, "has no file ./schemas/order.avsc");
}

/// What a file refers to is what it was in its commit, moved or not.
#[test]
fn references_of_a_commit() {
    if !has_git() {
        return;
    }
    let money = |ty: &str| {
        format!(r#"{{"type":"record","name":"a.Money","fields":[{{"name":"cents","type":"{ty}"}}]}}"#)
    };
    let order = r#"{"type":"record","name":"a.Order","fields":[{"name":"sum","type":"Money"}]}"#;
    let folder = folder(&[("s/money.avsc", &money("int")), ("s/order.avsc", order), ("s/broken.avsc", "{")]);
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path(), "first");
    std::fs::remove_file(folder.path().join("s/money.avsc")).expect("a file");
    write(folder.path(), "s/types/money.avsc", &money("long"));
    let expected = ["~ field Order.sum.cents: type int -> long"];
    diff(folder.path(), &["HEAD:s/order.avsc", "s/order.avsc"]).tells(&expected);
    commit(folder.path(), "second");
    diff(folder.path(), &["HEAD~1:s/order.avsc", "HEAD:s/order.avsc"]).tells(&expected);
    diff(folder.path(), &["HEAD:s/order.avsc", "HEAD:s/broken.avsc"]).fails(3, "HEAD:s/broken.avsc:1:2: ");
}

#[test]
fn what_git_does_not_have() {
    if !has_git() {
        return;
    }
    let (folder, [_, second]) = repository();
    let file = "schemas/order.avsc";
    let check = |name: &str, code, words: &str| {
        let ended: Ended = diff(folder.path(), &[name, file]);
        ended.fails(code, words);
    };
    check("gone:schemas/order.avsc", 3, "git has no commit gone: check the name, or fetch it");
    check("--all:schemas/order.avsc", 2, "unexpected argument");
    check("git:--all:schemas/order.avsc", 3, "git has no commit --all");
    check("HEAD:schemas/gone.avsc", 3, &format!("commit {} has no file schemas/gone.avsc", &second[..7]));
    check("HEAD:schemas", 3, "has no file schemas");
    check("HEAD:../../x.avsc", 3, "has no file ../../x.avsc");
    check("git:HEAD", 2, "expected git:REF:PATH");
    let elsewhere = super::folder(&[("a.avsc", OLD)]);
    diff(elsewhere.path(), &["HEAD:a.avsc", "a.avsc"]).fails(3, "this is not in a git repository");
}

#[test]
fn links_of_a_commit() {
    if !has_git() {
        return;
    }
    let folder = folder(&[("real/order.avsc", OLD)]);
    std::os::unix::fs::symlink("real/order.avsc", folder.path().join("link.avsc")).expect("a link");
    git(folder.path(), &["init", "-q", "-b", "main"]);
    commit(folder.path(), "first");
    write(folder.path(), "real/order.avsc", NEW);
    diff(folder.path(), &["HEAD:link.avsc", "link.avsc"]).tells(&CHANGES);
}
