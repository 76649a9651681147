//! Flags, variables, which of them counts, and the words for a bad one.

use std::collections::BTreeMap;

use ottla_tests::server::Server;

use crate::process::{ottla, run, start};

/// Flags, their defaults, and values that are refused.
const FLAGS: &[(&str, &str, &[&str])] = &[
    ("listen", "127.0.0.1:8081", &["", "localhost", ":8081", "127.0.0.1:65536", "127.0.0.1:http"]),
    (
        "database",
        "sqlite://ottla.db",
        &["", "ottla.db", "mysql://h/d", "sqlite://x?mode=ro", "postgres://h:x/d"],
    ),
    ("compatibility", "BACKWARD", &["", "SIDEWAYS"]),
    ("mode-mutability", "true", &["", "maybe", "2"]),
    ("cluster-id", "ottla", &[]),
    ("log-level", "info", &["loud", "info,x=loud"]),
    ("log-format", "text", &["", "xml"]),
    ("access-log", "", &[]),
    ("position-header", "", &[]),
    ("max-connections", "16384", &["", "0", "-1", "x", "1000001"]),
    ("max-requests", "4096", &["0", "1.5"]),
    ("max-queue", "1024", &["0", "99999999999999999999"]),
    ("max-body", "16MiB", &["", "0", "1023", "5GiB", "16MB", "x"]),
    ("max-body-memory", "256MiB", &["0", "-1"]),
    ("header-timeout", "30s", &["", "0", "5", "-5s", "1.5s", "2h", "1441m"]),
    ("body-timeout", "30s", &["0s", "x"]),
    ("shutdown-timeout", "30s", &["5", "x"]),
    ("max-staleness", "0", &["1", "x"]),
    ("postgres-timeout", "5s", &["0", "x"]),
    ("postgres-poll", "1s", &["0ms", "x"]),
    ("postgres-listen", "true", &["perhaps"]),
];

fn variable(flag: &str) -> String {
    format!("OTTLA_{}", flag.to_uppercase().replace('-', "_"))
}

/// Each flag of a help text, with what is said about it.
fn sections(help: &str) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::new();
    let mut flag = String::new();
    for line in help.lines() {
        let words = line.trim_start();
        if words.starts_with("--") || words.starts_with("-h") {
            let name = words.split("--").nth(1).unwrap();
            flag = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap().to_owned();
        }
        let section: &mut String = sections.entry(flag.clone()).or_default();
        section.push_str(words);
        section.push('\n');
    }
    sections.remove("");
    sections.remove("help");
    sections
}

fn help() -> String {
    let mut command = ottla(&["serve", "--help"]);
    command.env("OTTLA_DATABASE", "postgres://user:s3cret@host/name").env("OTTLA_MAX_BODY", "8MiB");
    let ended = run(&mut command);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    ended.out
}

#[test]
fn help_tells_every_flag_with_its_variable_and_default() {
    let help = help();
    assert!(!help.contains("s3cret"), "{help}");
    let sections = sections(&help);
    for (flag, section) in &sections {
        assert!(section.contains(&format!("[env: {}", variable(flag))), "{section}");
    }
    for (flag, default, _) in FLAGS {
        let section = &sections[*flag];
        if !default.is_empty() {
            assert!(section.contains(&format!("[default: {default}]")), "{section}");
        }
    }
    for (arguments, word) in
        [(&["--help"][..], "serve"), (&["serve", "-h"], "--listen"), (&["--version"], "ottla 0.")]
    {
        let ended = run(&mut ottla(arguments));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(ended.out.contains(word), "{}", ended.out);
    }
}

/// The table in the README says the same.
#[test]
fn the_readme_tells_every_flag_with_its_default() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let rows: BTreeMap<&str, &str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `--"))
        .filter_map(|row| Some((row.split([' ', '`']).next()?, row)))
        .collect();
    let sections = sections(&help());
    for (flag, section) in &sections {
        let row = rows.get(flag.as_str()).unwrap_or_else(|| panic!("--{flag} is not in the README"));
        let default = section.split_once("[default: ").and_then(|(_, rest)| rest.split(']').next());
        assert!(
            row.contains(&format!("| {} |", default.unwrap_or("off")))
                || row.contains(&format!("`{}`", default.unwrap_or("off"))),
            "{row}"
        );
    }
    assert_eq!(rows.len(), sections.len(), "{rows:?}");
}

#[test]
fn bad_values_are_told_with_the_flag_they_are_of() {
    for (flag, _, bad) in FLAGS {
        for value in *bad {
            let by_flag = run(&mut ottla(&["serve", &format!("--{flag}={value}")]));
            let by_variable = run(ottla(&["serve"]).env(variable(flag), value));
            for ended in [by_flag, by_variable] {
                assert_eq!(
                    (ended.code, ended.out.as_str()),
                    (Some(2), ""),
                    "--{flag} {value:?}: {}",
                    ended.err
                );
                let first = ended.err.lines().next().unwrap();
                assert!(first.starts_with("error: ") && first.contains(&format!("--{flag}")), "{first}");
                assert!(!ended.err.contains("panicked") && ended.err.lines().count() < 8, "{}", ended.err);
            }
        }
    }
    for arguments in [&["nope"][..], &["serve", "--nope"], &["serve", "extra"], &["serve", "--max-body"], &[]]
    {
        let ended = run(&mut ottla(arguments));
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ended.err.contains("--help") || ended.err.contains("Usage"), "{}", ended.err);
    }
    for flag in ["access-log", "position-header"] {
        let ended = run(ottla(&["serve"]).env(variable(flag), "perhaps"));
        assert_eq!(ended.code, Some(2));
        assert!(ended.err.contains(flag), "{}", ended.err);
    }
}

#[test]
fn passwords_are_not_repeated() {
    for url in ["mysql://u:s3cret@h/d", "postgres://u:s3cret@h:x/d"] {
        let by_flag = run(&mut ottla(&["serve", "--database", url]));
        let by_variable = run(ottla(&["serve"]).env("OTTLA_DATABASE", url));
        for ended in [by_flag, by_variable] {
            assert_eq!(ended.code, Some(2), "{url}");
            assert!(ended.err.starts_with("error: invalid value for '--database <URL>': "), "{}", ended.err);
            assert!(!ended.err.contains("s3cret"), "{url}: {}", ended.err);
        }
    }
}

fn level(server: &Server) -> String {
    server.client().get("/config").unwrap().json()["compatibilityLevel"].as_str().unwrap().to_owned()
}

/// Starts a server with variables, in a folder of its own.
fn start_in(
    folder: &std::path::Path,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> (std::process::Child, String) {
    use std::io::BufRead as _;
    let mut command = ottla(&["serve"]);
    command.args(arguments).envs(variables.iter().copied()).current_dir(folder);
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let mut child = command.stderr(log).spawn().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, line)
}

#[test]
fn a_flag_counts_before_its_variable_and_the_last_of_several() {
    assert_eq!(level(&start(&[])), "BACKWARD");
    assert_eq!(level(&start(&["--compatibility", "full_transitive"])), "FULL_TRANSITIVE");
    assert_eq!(level(&start(&["--compatibility", "FULL", "--compatibility", "NONE"])), "NONE");
    let variables =
        [("OTTLA_COMPATIBILITY", "FORWARD"), ("OTTLA_CLUSTER_ID", "by-variable"), ("OTTLA_ACCESS_LOG", "1")];
    for (arguments, level, id) in [
        (&["--listen", "127.0.0.1:0"][..], "FORWARD", "by-variable"),
        (&["--listen=127.0.0.1:0", "--compatibility=NONE", "--cluster-id=by-flag"], "NONE", "by-flag"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (mut child, line) = start_in(folder.path(), &variables, arguments);
        let address = line.strip_prefix("ottla: listening on ").unwrap_or_else(|| panic!("{line:?}"));
        let mut client = ottla_tests::http::Client::new(address.trim());
        assert_eq!(client.get("/config").unwrap().json()["compatibilityLevel"], level);
        let clusters = client.get("/v1/metadata/id").unwrap().text();
        assert!(clusters.contains(id), "{clusters}");
        child.kill().unwrap();
        child.wait().unwrap();
        // The default database is a file where the server was started.
        assert!(folder.path().join("ottla.db").exists());
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        assert_eq!(log.matches("ottla::access").count(), 2, "{log}");
    }
}

#[test]
fn the_only_line_on_standard_output_tells_the_port() {
    let folder = tempfile::tempdir().unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let listen = format!("{host}:0");
        let (mut child, line) =
            start_in(folder.path(), &[("OTTLA_LISTEN", &listen)], &["--database=sqlite::memory:"]);
        let port: u16 = line.trim_end().rsplit(':').next().unwrap().parse().unwrap();
        assert!(port > 0);
        assert!(
            line == format!("ottla: listening on http://127.0.0.1:{port}\n") || host == "localhost",
            "{line:?}"
        );
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// Flags that change what the API says.
#[test]
fn settings_of_the_registry() {
    let server = start(&["--mode-mutability", "no"]);
    let answer = server.client().put("/mode", &serde_json::json!({"mode": "READONLY"})).unwrap();
    assert_eq!((answer.status, answer.json()["error_code"].as_i64()), (422, Some(42205)));
}
