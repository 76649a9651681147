//! The command line: what it takes, what it refuses, and that it starts at once; secrets are never shown.

use std::time::Duration;

use crate::run::{command, run};

#[test]
fn help_is_there_at_once_and_says_what_is_to_be_known() {
    let ended = run(&mut command(&["--help"]), b"");
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    for part in [
        "ottla decode --hex '00 00 00 00 07",
        "--registry <URL>",
        "[env: OTTLA_REGISTRY]",
        "[default: http://127.0.0.1:8081]",
        "kcat -C",
        "deflate or snappy",
        "Ends with 0",
    ] {
        assert!(ended.out.contains(part), "no {part} in {}", ended.out);
    }
    let quickest = (0..10).map(|_| run(&mut command(&["--help"]), b"").took).min().unwrap();
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
}

#[test]
fn a_wrong_command_line_is_told_apart() {
    for arguments in [
        &["--nonsense"][..],
        &["--bare", "--hex", "00"],
        &["--input", "hexadecimal"],
        &["--header", "__value_schema_id"],
        &["--header", "value_schema_id=0000000001"],
        &["--header", "__value_schema_id=0"],
        &["--raw", "--avro-json"],
        &["--hex", "00", "file"],
        &["--bare", "--schema", "x", "--header", "__value_schema_id=0000000001"],
        &["--registry-user", "ada", "--hex", "00"],
        &["--registry-user", "a:b", "--registry-token", "c"],
    ] {
        let ended = run(&mut command(arguments), b"");
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{arguments:?} {}", ended.err);
        assert!(ended.err.starts_with("error: "), "{}", ended.err);
    }
}

#[test]
fn secrets_are_not_shown() {
    let secret = "hunter2";
    for (name, value) in [
        ("OTTLA_REGISTRY", format!("http://u:{secret}@127.0.0.1:1")),
        ("OTTLA_REGISTRY", format!("ftp://u:{secret}@127.0.0.1:1")),
        ("OTTLA_REGISTRY", format!("u:{secret}@127.0.0.1:1")),
        ("OTTLA_REGISTRY_USER", format!("u:{secret}")),
        ("OTTLA_REGISTRY_USER", secret.to_owned()),
        ("OTTLA_REGISTRY_TOKEN", secret.to_owned()),
        ("OTTLA_REGISTRY_TOKEN", format!("{secret}\n")),
    ] {
        for arguments in [&["--hex", "0000000001", "--verbose"][..], &["--help"], &["--nonsense"]] {
            let ended = run(command(arguments).env(name, &value), b"");
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{name} {ended:?}");
            assert_ne!((arguments[0], ended.code), ("--hex", Some(0)));
        }
    }
}
