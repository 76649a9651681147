//! What it does not start with.

use std::process::{Command, Stdio};

use crate::stage::Stage;

/// What a service says that ends by itself.
fn end(command: &mut Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output().expect("a program");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_topic_that_is_not_to_be_created_is_named() {
    let Some(stage) = Stage::set("nobody-made-this") else { return };
    let (is_well, said) = end(&mut stage.service(&["--create-topics=false"]).command());
    assert!(!is_well && said.contains("topic nobody-made-this does not exist"), "{said}");
    // One that cannot be.
    let (is_well, said) = end(&mut stage.service(&["--replication-factor=3"]).command());
    assert!(!is_well && said.contains("topic nobody-made-this does not exist, and the cluster"), "{said}");
}

#[test]
fn settings_that_are_wrong_are_named_and_secrets_are_not() {
    let Some(stage) = Stage::set("never-used") else { return };
    for (arguments, words) in [
        (vec!["--kafka-option=hunter2"], "line 1 is not KEY=VALUE"),
        (vec!["--kafka-option=acks=1"], "acks is not to be set: the service depends on it"),
        (
            vec!["--kafka-option=message.timeout.ms=1"],
            "delivery.timeout.ms is not to be set: use --delivery-timeout",
        ),
        (vec!["--kafka-option=no.such.setting=hunter2"], "no.such.setting"),
        (vec!["--kafka-option=linger.ms=hunter2"], "linger.ms"),
        (vec!["--kafka-config=/no/such/file"], "/no/such/file: No such file"),
        (vec!["--registry=nonsense"], "the schema registry"),
        (vec!["--listen=127.0.0.1:nonsense"], "cannot listen on 127.0.0.1:nonsense"),
        (vec!["--max-in-flight=0"], "expected a number greater than 0"),
    ] {
        let (is_well, said) = end(&mut stage.service(&arguments).command());
        assert!(!is_well && said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn options_and_files_reach_the_client_and_secrets_stay_out_of_the_log() {
    let Some(stage) = Stage::set("options") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kafka.properties");
    std::fs::write(&file, "# as an operator has it\nclient.id=from-file\nsasl.password=hunter2\n")
        .expect("a file");
    let mut serve =
        stage.service(&["--kafka-config", file.to_str().expect("a path"), "--kafka-option=linger.ms=0"]);
    serve = serve.with(&["--kafka-option=sasl.username=hunter2\nclient.id=from-flag"]);
    let server = serve.start().expect("a service that starts");
    let log = server.log();
    assert!(log.contains("sasl.password") && log.contains("linger.ms") && !log.contains("hunter2"), "{log}");
}
