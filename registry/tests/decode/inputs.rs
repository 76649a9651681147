//! How messages are given: on the command line, in files, on standard input; as they are, as text, with lengths.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::data::{Files, ORDER, hex, order};
use crate::run::{Ended, command, failed, printed, run};

/// With a schema, and in front of each message an id that nobody looks at.
struct Given {
    files: Files,
    schema: String,
}

impl Given {
    fn new() -> Self {
        let files = Files::new();
        let schema = files.write("order.avsc", ORDER);
        Self { files, schema }
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command(&["--schema", &self.schema]);
        command.args(arguments);
        command
    }

    fn message(id: &str) -> Vec<u8> {
        [&[0, 0, 0, 0, 7][..], &order(id)].concat()
    }
}

fn shown(ids: &[&str]) -> String {
    ids.iter().map(|id| format!("{{\"id\":\"{id}\",\"items\":3}}\n")).collect()
}

#[test]
fn hexadecimal_digits_and_base64_on_the_command_line() {
    let given = Given::new();
    let digits = "0x00 0x00 0x00 0x00 0x07 0x02 0x61 0x02 0x06";
    let arguments = ["--hex", digits, "--base64", "AAAAAAcCYgIG", "--hex", "00:00:00:00:07:02:63:02:06"];
    // First those in hexadecimal digits.
    assert_eq!(printed(&mut given.command(&arguments), b""), shown(&["a", "c", "b"]));
    let (out, err) = failed(&mut given.command(&["--base64", "AAAA*"]), b"");
    assert_eq!(out, "");
    assert!(err.starts_with("ottla: --base64: this is not Base64: "), "{err}");
    let (_, err) = failed(&mut given.command(&["--hex", "000"]), b"");
    assert_eq!(err, "ottla: --hex: the number of hexadecimal digits is odd\n");
}

#[test]
fn one_message_as_it_is() {
    let given = Given::new();
    let message = Given::message("a");
    let path = given.files.write("message.bin", &message);
    for arguments in [&[][..], &["-"], &["--input", "raw"]] {
        assert_eq!(printed(&mut given.command(arguments), &message), shown(&["a"]));
    }
    assert_eq!(printed(&mut given.command(&[&path, "-", &path]), &message), shown(&["a", "a", "a"]));
}

/// kcat prints one after each message, unless it is told not to.
#[test]
fn a_line_feed_may_come_after_a_file() {
    let given = Given::new();
    let message = Given::message("a");
    let with = |end: &[u8]| [&message[..], end].concat();
    for form in ["auto", "raw"] {
        assert_eq!(printed(&mut given.command(&["--input", form]), &with(b"\n")), shown(&["a"]));
        for end in [&b"\n\n"[..], b"\r\n", b"\0"] {
            let (out, err) = failed(&mut given.command(&["--input", form]), &with(end));
            assert!(out.is_empty() && err.ends_with(" at byte 9: bytes are left after the value\n"), "{err}");
        }
    }
    let digits = hex(&with(b"\n"));
    assert_eq!(failed(&mut given.command(&["--hex", &digits]), b"").0, "");
    assert_eq!(failed(&mut given.command(&[]), digits.as_bytes()).0, "");
}

/// What begins like text may be a body, where it is said that it is one.
#[test]
fn bodies_are_not_taken_for_text() {
    let given = Given::new();
    let schema = given.files.write("digits.avsc", r#"{"type":"fixed","name":"F","size":10}"#);
    for more in [&["--bare"][..], &["--header", "__value_schema_id=0000000001"]] {
        let mut command = command(&["--schema", &schema]);
        assert_eq!(printed(command.args(more), b"0000000001"), "\"30303030303030303031\"\n");
    }
}

#[test]
fn lines_of_text() {
    let given = Given::new();
    let digits = |id| hex(&Given::message(id));
    let lines = format!("{}\r\n\n  {}  \n\"{}\"\n", digits("a"), digits("b").to_uppercase(), digits("c"));
    for form in ["auto", "hex"] {
        let mut command = given.command(&["--input", form]);
        assert_eq!(printed(&mut command, lines.as_bytes()), shown(&["a", "b", "c"]));
    }
    let lines = "AAAAAAcCYQIG\nAAAAAAcCYgIG";
    for form in ["auto", "base64"] {
        assert_eq!(printed(&mut given.command(&["--input", form]), lines.as_bytes()), shown(&["a", "b"]));
    }
    // Empty ones stand in quotes.
    let null = given.files.write("null.avsc", "\"null\"");
    let mut bare = command(&["--bare", "--schema", &null, "--input", "hex"]);
    assert_eq!(printed(&mut bare, b"\"\"\n\n''\n"), "null\nnull\n");
}

#[test]
fn a_bad_line_ends_it_or_is_passed_over() {
    let given = Given::new();
    let lines = format!("{}\n00000000070261\nzz\n{}\n", hex(&Given::message("a")), hex(&Given::message("b")));
    let bad = "ottla: standard input: line 2: schema id 7: com.acme.Order.items at byte 7: the bytes end too early\n";
    let stop = failed(&mut given.command(&[]), lines.as_bytes());
    assert_eq!(stop, (shown(&["a"]), bad.to_owned()));
    let (out, err) = failed(&mut given.command(&["--keep-going"]), lines.as_bytes());
    let rest = "ottla: standard input: line 3: neither hexadecimal digits nor Base64 of a message\n\
                ottla: 2 messages or files were passed over\n";
    assert_eq!((out, err), (shown(&["a", "b"]), [bad, rest].concat()));
}

#[test]
fn messages_with_their_lengths() {
    let given = Given::new();
    let sized = |message: &[u8]| [&(message.len() as u32).to_be_bytes(), message].concat();
    let tombstone = (-1_i32).to_be_bytes();
    let (a, b) = (sized(&Given::message("a")), sized(&Given::message("b")));
    let expected = [&shown(&["a"]), "null\n", &shown(&["b"])].concat();
    let mut command = given.command(&["--input", "sized"]);
    assert_eq!(printed(&mut command, &[&a[..], &tombstone, &b].concat()), expected);
    assert_eq!(printed(&mut given.command(&["--input", "sized"]), b""), "");
    for (more, why) in [
        (&b"\0\0"[..], "the input ends within its length"),
        (&b[..8], "the input ends after 4 of its 9 bytes"),
        (&[0xff, 0xff, 0xff, 0xfe], "its length is -2"),
        (&[0x7f, 0xff, 0xff, 0xff, 0], "the input ends after 1 of its 2147483647 bytes"),
    ] {
        let (out, err) = failed(&mut given.command(&["--input", "sized"]), &[&a[..], more].concat());
        assert_eq!((out, err), (shown(&["a"]), format!("ottla: standard input: message 2: {why}\n")));
    }
}

/// Each is printed when it comes, not when many have come.
#[test]
fn messages_of_a_stream() {
    let given = Given::new();
    let mut command = given.command(&["--input", "hex"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for id in ["a", "b", "c"] {
        writeln!(stdin, "{}", hex(&Given::message(id))).unwrap();
        assert_eq!(lines.next().unwrap().unwrap() + "\n", shown(&[id]));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

/// `| head` is no reason to complain.
#[test]
fn nobody_reads_what_is_printed() {
    let given = Given::new();
    let mut command = given.command(&["--input", "hex"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let line = hex(&Given::message("a")) + "\n";
    // It may end in the middle of them.
    let _ = child.stdin.take().unwrap().write_all(line.repeat(1000).as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn what_is_no_message() {
    let given = Given::new();
    let neither = "neither a schema id (00), a GUID (01) nor a single object (c3 01)";
    let json = format!("the payload begins with 7b 22 61 22 3a 31 7d 0a and looks like JSON: {neither}");
    let binary = format!("the payload begins with 02 02 61: {neither}");
    for (input, why) in [
        (&b"{\"a\":1}\n"[..], json.as_str()),
        (b"\x02\x02a", &binary),
        (b"", "the payload is empty: a tombstone would have none at all"),
        (b"\0\0\0", "the payload ends after 3 of 5 bytes: 00 00 00"),
        (b"\0\xff\xff\xff\xff", "the payload names schema id -1, which is negative"),
    ] {
        let (out, err) = failed(&mut given.command(&[]), input);
        assert_eq!((out.as_str(), err), ("", format!("ottla: standard input: {why}\n")));
    }
    let header = ["--header", "__value_schema_id=05"];
    let (_, err) = failed(&mut given.command(&header), b"\x02\x02a");
    let words = "the header __value_schema_id begins with 05: neither a schema id (00) nor a GUID (01)";
    assert_eq!(err, format!("ottla: standard input: {words}\n"));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let given = Given::new();
    let (none, good) =
        (given.files.path("none").display().to_string(), given.files.write("a", Given::message("a")));
    let (out, err) = failed(&mut given.command(&[&none, &good]), b"");
    assert_eq!((out.as_str(), err), ("", format!("ottla: {none}: No such file or directory (os error 2)\n")));
    let Ended { code, out, err, .. } = run(&mut given.command(&["--keep-going", &none, &good]), b"");
    assert_eq!((code, out, err.lines().count()), (Some(1), shown(&["a"]), 2), "{err}");
}
