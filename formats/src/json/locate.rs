//! Where in a text a value stands.

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

/// The place of the value that a path leads to; of the last repetition of a key. A path that leads nowhere ends at
/// the innermost value that it reaches. The text is known to be JSON.
pub fn locate(text: &str, path: &[String]) -> Position {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.space();
    for step in path {
        let here = scanner.at;
        if !scanner.enter(step) {
            scanner.at = here;
            break;
        }
    }
    Position::of(text, scanner.at)
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
                    while !matches!(self.peek(), b'\n' | b'\r' | 0) {
                        self.at += 1;
                    }
                }
                (b'/', Some(b'*')) => {
                    let rest = &self.bytes[self.at + 2..];
                    self.at += rest.windows(2).position(|w| w == b"*/").unwrap_or(rest.len()) + 4;
                }
                _ => return,
            }
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
                _ => {
                    while !matches!(
                        self.peek(),
                        b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'}' | b']' | b'/' | 0
                    ) {
                        self.at += 1;
                    }
                }
            }
            if open == 0 {
                return;
            }
            self.space();
        }
    }

    /// Skips a string, and returns what stands between its quotes.
    fn string(&mut self) -> &[u8] {
        self.at += 1;
        let from = self.at;
        while !matches!(self.peek(), b'"' | 0) {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        let end = self.at.min(self.bytes.len());
        self.at = end + 1;
        &self.bytes[from..end]
    }

    /// Goes to a member or element of the value that stands here.
    fn enter(&mut self, step: &str) -> bool {
        match self.peek() {
            b'{' => {
                self.at += 1;
                let mut found = None;
                loop {
                    self.space();
                    if self.peek() != b'"' {
                        break;
                    }
                    let raw = self.string();
                    let matches = unescaped(raw).as_deref() == Some(step);
                    self.space();
                    if matches {
                        found = Some(self.at);
                    }
                    self.skip();
                }
                if let Some(at) = found {
                    self.at = at;
                }
                found.is_some()
            }
            b'[' => {
                self.at += 1;
                let Ok(index) = step.parse::<usize>() else { return false };
                for _ in 0..index {
                    self.space();
                    if matches!(self.peek(), b']' | 0) {
                        return false;
                    }
                    self.skip();
                }
                self.space();
                !matches!(self.peek(), b']' | 0)
            }
            _ => false,
        }
    }
}

fn unescaped(raw: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(raw).ok()?;
    if !text.contains('\\') {
        return Some(text.to_owned());
    }
    match super::parse(&format!("\"{text}\"")) {
        Ok((super::Value::String(text), _)) => Some(text),
        _ => None,
    }
}
