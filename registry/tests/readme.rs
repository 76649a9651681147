//! The commands of the README, run as they are written, against a server of the test's own.

use std::path::Path;
use std::process::Command;

use ottla_tests::server::Serve;

/// A command, and what the README says that it prints.
#[derive(Debug)]
struct Shown<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The blocks of a session at a terminal, in order: `$ ` begins a command.
fn shown(text: &str) -> Vec<Shown<'_>> {
    let mut shown: Vec<Shown<'_>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == "```console",
            (true, Some(command)) => shown.push(Shown { command, output: Vec::new() }),
            (true, None) if line == "```" => inside = false,
            (true, None) => shown.last_mut().expect("a command before its output").output.push(line),
        }
    }
    shown
}

/// Is the text what is expected? An ellipsis stands for anything.
fn matches(expected: &str, text: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        last = Some(part);
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty() || last.is_some_and(|last| text.ends_with(last))
}

/// The part of the README under a heading.
fn section<'a>(readme: &'a str, title: &str) -> &'a str {
    let (_, rest) = readme.split_once(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("no {title}"));
    rest.split("\n## ").next().unwrap_or_default()
}

#[test]
fn the_minute_works_as_written() {
    works_as_written("A minute with it", root(), 5);
}

#[test]
fn the_gate_works_as_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let schemas = folder.path().join("schemas");
    std::fs::create_dir(&schemas).expect("a folder for schemas");
    let name = "order_created.avsc";
    std::fs::copy(root().join("schemas").join(name), schemas.join(name)).expect("a schema");
    works_as_written("Gate your pull requests", folder.path(), 10);
}

/// Runs the commands of a section in a folder; there are more than so many.
fn works_as_written(title: &str, folder: &Path, least: usize) {
    let readme = readme();
    let shown = shown(section(&readme, title));
    assert!(shown.len() > least, "no commands in the README: {shown:?}");
    let server = Serve::new(env!("CARGO_BIN_EXE_ottla"), "sqlite::memory:").start().expect("a server");

    // One shell for all, as at a terminal; a line that nothing prints stands behind each command's output.
    let mut script = String::new();
    for Shown { command, .. } in &shown {
        script.push_str(&command.replace("http://127.0.0.1:8081", server.url()));
        script.push_str("\nprintf '\\n\\035\\n'\n");
    }
    // `ottla` is the one that is tested.
    let programs = Path::new(env!("CARGO_BIN_EXE_ottla")).parent().expect("a folder").display();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap_or_default());
    let mut bash = Command::new("bash");
    // What a service for builds says of its own repository is not about this one.
    for variable in std::env::vars_os().map(|(name, _)| name) {
        let name = variable.to_string_lossy();
        if ["GIT_", "GITHUB_", "CI_", "OTTLA_"].iter().any(|prefix| name.starts_with(prefix)) {
            bash.env_remove(&variable);
        }
    }
    let ran = bash.current_dir(folder).env("PATH", path).args(["-eu", "-c", &script]).output().expect("bash");
    let printed = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{printed}\n{}", String::from_utf8_lossy(&ran.stderr));
    let printed: Vec<&str> = printed.split("\u{1d}\n").map(str::trim_end).collect();
    assert_eq!(printed.len(), shown.len() + 1, "{printed:?}");
    for (Shown { command, output }, printed) in shown.iter().zip(printed) {
        let expected = output.join("\n");
        assert!(matches(&expected, printed), "$ {command}\nis to print\n{expected}\nand prints\n{printed}");
    }
}

#[test]
fn every_flag_stands_in_the_readme_with_its_default() {
    let help = Command::new(env!("CARGO_BIN_EXE_ottla")).args(["serve", "--help"]).output().expect("help");
    let help = String::from_utf8(help.stdout).expect("text");
    let readme = readme();
    let mut flags = 0;
    for part in help.split("\n      --").skip(1) {
        let flag = part.split([' ', '\n']).next().unwrap_or_default();
        let row = readme.lines().find(|l| l.starts_with(&format!("| `--{flag}")));
        let row = row.unwrap_or_else(|| panic!("--{flag} is not in the README"));
        if let Some((_, default)) = part.split_once("[default: ") {
            let default = default.split(']').next().unwrap_or_default();
            let cell = row.split('|').nth(2).unwrap_or_default().trim();
            assert_eq!(cell.trim_matches('`'), default, "--{flag}");
        }
        flags += 1;
    }
    assert!(flags > 15, "{help}");
}

#[test]
fn an_ellipsis_stands_for_anything_and_nothing_else_does() {
    for (expected, text, fits) in [
        ("", "", true),
        ("a", "a", true),
        ("a", "ab", false),
        ("a…c", "abbc", true),
        ("a…c", "abcc", true),
        ("a…c", "abcd", false),
        ("…b…", "abc", true),
        ("a…b…d", "acd", false),
    ] {
        assert_eq!(matches(expected, text), fits, "{expected} {text}");
    }
}
