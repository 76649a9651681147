//! Where in a text a value stands.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Position {
    /// The place of a byte.
    pub fn of(text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_at = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.bytes().filter(|&b| b == b'\n').count() + 1,
            column: before[line_at..].chars().count() + 1,
        }
    }
}

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the member of a key.
    Key(Cow<'static, str>),
    /// To an element, counted from 0.
    Index(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<usize> for Step {
    fn from(at: usize) -> Self {
        Self::Index(at)
    }
}

/// A path as a JSON pointer (RFC 6901); empty for the whole text.
pub fn pointer(path: &[Step]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        // Writing to a `String` cannot fail.
        let _ = match step {
            Step::Index(at) => write!(text, "/{at}"),
            Step::Key(key) => write!(text, "/{}", key.replace('~', "~0").replace('/', "~1")),
        };
        text
    })
}

/// The place of the value that a path leads to; of the last repetition of a key. A path that leads nowhere ends at
/// the innermost value that it reaches. The text is known to be JSON. It is read once.
pub fn locate(text: &str, path: &[Step]) -> Position {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.space();
    // Where the values begin that the path has led to so far, the whole text first.
    let mut reached = vec![scanner.at];
    // The lists and objects that are open on the way, each with the number of the next element.
    let mut open: Vec<usize> = Vec::new();
    scanner.descend(path, &mut open);
    while !open.is_empty() {
        scanner.space();
        if matches!(scanner.peek(), b'}' | b']' | 0) {
            scanner.at += 1;
            open.pop();
            continue;
        }
        let depth = open.len();
        let is_step = scanner.is_step(&path[depth - 1], &mut open);
        scanner.space();
        if !is_step {
            scanner.skip();
            continue;
        }
        reached.truncate(depth);
        reached.push(scanner.at);
        scanner.descend(path, &mut open);
    }
    Position::of(text, reached.last().copied().unwrap_or_default())
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    /// Skips blanks, comments, and the punctuation between values.
    fn space(&mut self) {
        while self.at < self.bytes.len() {
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | b',' | b':', _) => self.at += 1,
                (b'/', Some(b'/')) => {
                    let rest = &self.bytes[self.at..];
                    self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
                }
                (b'/', Some(b'*')) => {
                    let rest = &self.bytes[self.at + 2..];
                    self.at += rest.windows(2).position(|w| w == b"*/").unwrap_or(rest.len()) + 4;
                }
                _ => return,
            }
        }
    }

    /// Enters the list or object that stands here if the path goes on, or skips the value.
    fn descend(&mut self, path: &[Step], open: &mut Vec<usize>) {
        match (self.peek(), path.get(open.len())) {
            (b'{', Some(Step::Key(_))) | (b'[', Some(Step::Index(_))) => {
                self.at += 1;
                open.push(0);
            }
            _ => self.skip(),
        }
    }

    /// Goes to the next value of the innermost list or object: is it the one that the step leads to?
    fn is_step(&mut self, step: &Step, open: &mut [usize]) -> bool {
        match (step, open.last_mut()) {
            (Step::Index(wanted), Some(at)) => {
                *at += 1;
                *at == wanted + 1
            }
            (Step::Key(wanted), _) => unescaped(self.string()).as_deref() == Some(wanted),
            (Step::Index(_), None) => false,
        }
    }

    /// Skips one value.
    fn skip(&mut self) {
        let mut open = 0usize;
        loop {
            match self.peek() {
                b'"' => {
                    self.string();
                }
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open = open.saturating_sub(1);
                    self.at += 1;
                }
                0 if self.at >= self.bytes.len() => return,
                _ => self.word(),
            }
            if open == 0 {
                return;
            }
            self.space();
        }
    }

    /// Skips a number or word.
    fn word(&mut self) {
        self.at += 1;
        while !matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'}' | b']' | b'/' | 0) {
            self.at += 1;
        }
    }

    /// Skips a string, and returns what stands between its quotes.
    fn string(&mut self) -> &[u8] {
        self.at += 1;
        let from = self.at;
        while self.at < self.bytes.len() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        let end = self.at.min(self.bytes.len());
        self.at = end + 1;
        &self.bytes[from.min(end)..end]
    }
}

fn unescaped(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    if !text.contains('\\') {
        return Some(Cow::Borrowed(text));
    }
    match super::parse(&format!("\"{text}\"")) {
        Ok((value, _)) => value.as_str().map(|text| Cow::Owned(text.to_owned())),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_may_hold_any_character() {
        let text = "{ // a\0b\n \"k\": 1 }";
        assert_eq!(locate(text, &[Step::from("k")]), Position { line: 2, column: 7 });
    }
}
