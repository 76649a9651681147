//! The parts of a text, one after the other. A lock may be larger than what is read as one value, and of its parts only the
//! small ones have to be in memory as values.

use ottla_formats::json::{self, Position, Step, Value};

use crate::error::Error;

/// A text that is being read.
pub(super) struct Walker<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// The last byte whose position was asked for, and that.
    known: (usize, Position),
}

/// A value, and where it stands.
pub(super) struct Piece<'a> {
    pub(super) value: Value<'a>,
    /// The bytes of the text from here on begin with it.
    pub(super) from: usize,
    pub(super) position: Position,
}

pub(super) type Result<T> = std::result::Result<T, Error>;

impl<'a> Walker<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, known: (0, Position { line: 1, column: 1 }) }
    }

    /// The position of the next part; parts are asked for in the order of the text.
    pub(super) fn position(&mut self) -> Position {
        let (at, mut position) = self.known;
        for byte in &self.text.as_bytes()[at..self.at] {
            match byte {
                b'\n' => position = Position { line: position.line + 1, column: 1 },
                // What follows the first byte of a character is no character of its own.
                0x80..=0xbf => {}
                _ => position.column += 1,
            }
        }
        self.known = (self.at, position);
        position
    }

    /// Reads `{` and the members of an object: `each` reads their values.
    pub(super) fn object(
        &mut self,
        path: &[Step],
        mut each: impl FnMut(&mut Self, &str) -> Result<()>,
    ) -> Result<()> {
        self.open(b'{', "an object", path)?;
        let mut known = Vec::new();
        while self.next(b'}', known.is_empty(), path)? {
            let from = self.at;
            let key = match self.value(path)?.value {
                Value::String(key) => key.into_owned(),
                _ => return Err(self.error_at(from, path, "a key in double-quotes is expected")),
            };
            if known.contains(&key) {
                return Err(self.error_at(from, path, format!("there are two members {key:?}")));
            }
            self.open(b':', "a colon", path)?;
            self.space();
            each(self, &key)?;
            known.push(key);
        }
        Ok(())
    }

    /// Reads `[` and the elements of a list: `each` reads them.
    pub(super) fn list(
        &mut self,
        path: &[Step],
        mut each: impl FnMut(&mut Self, usize) -> Result<()>,
    ) -> Result<()> {
        self.open(b'[', "a list", path)?;
        let mut count = 0;
        while self.next(b']', count == 0, path)? {
            each(self, count)?;
            count += 1;
        }
        Ok(())
    }

    /// Reads a value as a whole.
    pub(super) fn value(&mut self, path: &[Step]) -> Result<Piece<'a>> {
        self.space();
        let (from, position) = (self.at, self.position());
        match json::parse(&self.text[from..]) {
            Ok((value, length)) => {
                self.at += length;
                Ok(Piece { value, from, position })
            }
            Err(error) => {
                let steps: Vec<Step> = path.iter().chain(&error.path).cloned().collect();
                Err(self.not_json(from + error.offset, &steps, error.to_string()))
            }
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<()> {
        self.space();
        if self.at == self.text.len() {
            return Ok(());
        }
        Err(self.not_json(self.at, &[], "there is more behind the end".to_owned()))
    }

    /// Goes on to the next member or element, if there is one.
    fn next(&mut self, close: u8, is_first: bool, path: &[Step]) -> Result<bool> {
        self.space();
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            Some(b',') if !is_first => self.at += 1,
            Some(_) if is_first => {}
            _ => {
                let expected =
                    if close == b'}' { "a comma or } is expected" } else { "a comma or ] is expected" };
                return Err(self.not_json(self.at, path, expected.to_owned()));
            }
        }
        self.space();
        Ok(true)
    }

    fn open(&mut self, byte: u8, what: &str, path: &[Step]) -> Result<()> {
        self.space();
        if self.peek() != Some(byte) {
            return Err(self.not_json(self.at, path, format!("{what} is expected")));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What is no JSON is most often what a merge left behind.
    fn not_json(&self, offset: usize, path: &[Step], message: String) -> Error {
        let lines = self.text[..offset.min(self.text.len())].rfind('\n').map_or(0, |at| at + 1);
        let marked = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter();
        if marked.clone().any(|mark| self.text[lines..].starts_with(mark)) {
            let help = "keep the entries of both sides, or take one side's file and run `ottla lock`";
            return self.error_at(lines, &[], "this is what a merge left behind").help(help);
        }
        self.error_at(offset, path, message)
    }

    /// An error at a byte.
    pub(super) fn error_at(&self, offset: usize, path: &[Step], message: impl Into<String>) -> Error {
        Error::new(message).at(Position::of(self.text, offset), json::pointer(path))
    }
}

impl Piece<'_> {
    /// An error at a value within.
    pub(super) fn error(
        &self,
        text: &str,
        path: &[Step],
        inner: &[Step],
        message: impl Into<String>,
    ) -> Error {
        let Position { line, column } = json::locate(&text[self.from..], inner);
        let position = Position {
            line: self.position.line + line - 1,
            column: if line == 1 { self.position.column + column - 1 } else { column },
        };
        let steps: Vec<Step> = path.iter().chain(inner).cloned().collect();
        Error::new(message).at(position, json::pointer(&steps))
    }
}
