//! A Python program that reads and writes messages on request: `python/exchange.py`.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use ottla_clients::python::{CLIENT, interpreter};
use serde_json::{Value, json};

/// The program, for one registry.
pub struct Python {
    registry: String,
    program: &'static Mutex<Program>,
}

/// All tests share it, because a start takes longer than most of them. It ends with its input, at the end of the last test.
struct Program {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    errors: File,
}

impl Python {
    /// The program, which is started if it was not yet; an error says what is missing.
    pub fn start(registry: &str) -> Result<Self, String> {
        static PROGRAM: OnceLock<Result<Mutex<Program>, String>> = OnceLock::new();
        let program = PROGRAM.get_or_init(|| Ok(Mutex::new(Program::start(interpreter(CLIENT)?))));
        Ok(Self { registry: registry.to_owned(), program: program.as_ref().map_err(String::clone)? })
    }

    /// Asks for something, and gives what comes back.
    pub fn ask(&self, mut request: Value) -> Result<Value, String> {
        request["registry"] = json!(self.registry);
        // Where a test has failed with an answer of it, the others go on.
        self.program.lock().unwrap_or_else(PoisonError::into_inner).ask(&request)
    }

    /// Bytes from fastavro alone, for a value and its schema, which comes after all that it refers to.
    pub fn body(&self, schemas: &[&str], value: &Value) -> Vec<u8> {
        bytes(&self.ask(json!({ "do": "write_body", "schemas": schemas, "value": value })).expect("bytes"))
    }
}

impl Program {
    fn start(interpreter: PathBuf) -> Self {
        let errors = tempfile::tempfile().expect("a temporary file");
        let mut command = Command::new(interpreter);
        // -B: no compiled files beside the sources. The registry is on this machine, whatever proxy is set.
        command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("python/exchange.py"));
        command.env("NO_PROXY", "127.0.0.1").env("PYTHONIOENCODING", "utf-8");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(errors.try_clone().expect("the same file again"));
        let mut child = command.spawn().expect("the interpreter of the environment");
        let requests = child.stdin.take().expect("the program's input");
        let answers = BufReader::new(child.stdout.take().expect("the program's output"));
        Self { child, requests, answers, errors }
    }

    fn ask(&mut self, request: &Value) -> Result<Value, String> {
        let mut line = String::new();
        let asked = writeln!(self.requests, "{request}").and_then(|()| self.answers.read_line(&mut line));
        let answer = asked.ok().and_then(|_| serde_json::from_str(&line).ok());
        let mut answer: Value = answer.unwrap_or_else(|| self.ended());
        match answer["error"].take() {
            Value::String(error) => Err(error),
            _ => Ok(answer["value"].take()),
        }
    }

    fn ended(&mut self) -> ! {
        let status = self.child.wait();
        let mut printed = String::new();
        self.errors.rewind().expect("the beginning of the file");
        self.errors.read_to_string(&mut printed).expect("UTF-8");
        panic!("the Python program has ended, {status:?}: {printed}");
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
