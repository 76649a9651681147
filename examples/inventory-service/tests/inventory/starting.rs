//! What it does not start with.

use std::process::Stdio;

use crate::stage::Stage;

#[test]
fn what_is_wrong_is_named_and_secrets_are_not() {
    let Some(stage) = Stage::set("never-used") else { return };
    for (arguments, words) in [
        (vec!["--kafka-option=hunter2"], "line 1 is not KEY=VALUE"),
        (vec!["--kafka-option=acks=1"], "acks is not to be set: the service depends on it"),
        (vec!["--kafka-option=request.required.acks=1"], "acks is not to be set: the service depends on it"),
        (vec!["--kafka-option=group.protocol=consumer"], "group.protocol is not to be set"),
        (vec!["--kafka-option=group.id=x"], "group.id is not to be set: use --group"),
        (vec!["--kafka-option=isolation.level=read_uncommitted"], "isolation.level is not to be set"),
        (vec!["--kafka-option=linger.ms=hunter2"], "linger.ms"),
        (vec!["--registry=nonsense"], "the schema registry"),
        (vec!["--listen=127.0.0.1:nonsense"], "cannot listen on 127.0.0.1:nonsense"),
        (vec!["--database=mysql://root:hunter2@localhost/x"], "database"),
        (vec!["--cycle-records=0"], "expected a number greater than 0"),
        (vec!["--topic=not-there", "--create-topics=false"], "topic not-there does not exist"),
        (vec!["--exactly-once=perhaps"], "--exactly-once"),
    ] {
        let mut command = stage.service("one", &arguments).command();
        let output = command.stdin(Stdio::null()).output().expect("a program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}
