//! A Python program that reads and writes messages on request: `python/exchange.py`.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The program. It ends with this value.
pub struct Python {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    errors: File,
}

impl Python {
    /// Starts it for a registry.
    pub fn start(interpreter: PathBuf, registry: &str) -> Self {
        let errors = tempfile::tempfile().expect("a temporary file");
        let mut command = Command::new(interpreter);
        // -B: no compiled files beside the sources. The registry is on this machine, whatever proxy is set.
        command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("python/exchange.py")).arg(registry);
        command.env("NO_PROXY", "127.0.0.1").env("PYTHONIOENCODING", "utf-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(errors.try_clone().expect("the same file again"));
        let mut child = command.spawn().expect("the interpreter of the environment");
        let requests = child.stdin.take().expect("the program's input");
        let answers = BufReader::new(child.stdout.take().expect("the program's output"));
        Self { child, requests, answers, errors }
    }

    /// Asks for something, and gives what comes back.
    pub fn ask(&mut self, request: Value) -> Result<Value, String> {
        writeln!(self.requests, "{request}").expect("a program that listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("UTF-8");
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| self.ended());
        match answer["error"].take() {
            Value::String(error) => Err(error),
            _ => Ok(answer["value"].take()),
        }
    }

    /// Bytes from fastavro alone, for a value and schemas each of which may refer to those before it.
    pub fn body(&mut self, schemas: &[&str], value: &Value) -> Vec<u8> {
        bytes(&self.ask(json!({ "do": "write_body", "schemas": schemas, "value": value })).expect("bytes"))
    }

    fn ended(&mut self) -> ! {
        let mut printed = String::new();
        self.errors.rewind().expect("the beginning of the file");
        self.errors.read_to_string(&mut printed).expect("UTF-8");
        panic!("the Python program has ended: {printed}");
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits in JSON.
pub fn bytes(digits: &Value) -> Vec<u8> {
    let digits = digits.as_str().expect("a text").as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16);
    digits.chunks(2).map(|pair| byte(pair).expect("two digits")).collect()
}
