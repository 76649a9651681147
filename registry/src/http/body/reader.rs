//! JSON as Jackson reads it into typed requests.
//!
//! Requests are read straight into their types: what nobody asks for is skipped without being kept, every mistake
//! has its place, numbers keep their text, and of a repeated key the last value stays.

/// Deeper values are refused; so is what Jackson refuses.
const MAX_DEPTH: usize = 1000;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    what: String,
    at: usize,
}

impl Mistake {
    /// A mistake at a byte of the text.
    pub fn new(what: impl Into<String>, at: usize) -> Self {
        Self { what: what.into(), at }
    }

    /// The mistake with its line and column.
    pub fn describe(&self, text: &str) -> String {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{} (line {line}, column {column})", self.what)
    }
}

/// Reads values one after the other.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// A scalar, as it is written.
enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(String),
}

impl<'a> Reader<'a> {
    /// Reads a text from its beginning.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Is there nothing left but blanks?
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// There has to be nothing left.
    pub fn end(&mut self) -> Result<(), Mistake> {
        if self.is_at_end() { Ok(()) } else { Err(self.unexpected("the end of the body")) }
    }

    /// Takes a `null`, if that is the next value.
    pub fn null(&mut self) -> Result<bool, Mistake> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.scalar("a value").map(|_| true)
    }

    /// A value that may be `null`.
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Mistake>,
    ) -> Result<Option<T>, Mistake> {
        if self.null()? { Ok(None) } else { read(self).map(Some) }
    }

    /// An object. `member` is given each key, and has to read or skip the value.
    pub fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), Mistake>,
    ) -> Result<(), Mistake> {
        self.open(b'{', "an object")?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            member(self, &key)?;
            if !self.more(b'}')? {
                return Ok(());
            }
        }
    }

    /// A list. `element` has to read or skip each value.
    pub fn list(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), Mistake>) -> Result<(), Mistake> {
        self.open(b'[', "a list")?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.more(b']')? {
                return Ok(());
            }
        }
    }

    /// A string; numbers and booleans count as their text.
    pub fn string(&mut self) -> Result<Option<String>, Mistake> {
        Ok(match self.scalar("a string")? {
            Scalar::Null => None,
            Scalar::Bool(value) => Some(value.to_string()),
            Scalar::Number(text) => Some(text.to_owned()),
            Scalar::String(text) => Some(text),
        })
    }

    /// A 32-bit integer; fractions are cut off, strings are read, an empty one is none.
    pub fn integer(&mut self) -> Result<Option<i32>, Mistake> {
        let start = self.start();
        let wrong = |found| Mistake::new(format!("expected an integer, found {found}"), start);
        match self.scalar("an integer")? {
            Scalar::Null => Ok(None),
            Scalar::Bool(_) => Err(wrong("a boolean")),
            Scalar::Number(text) => match whole(text) {
                Some(number) => Ok(Some(number)),
                None => Err(Mistake::new(format!("{text} is no 32-bit integer"), start)),
            },
            Scalar::String(text) if text.trim().is_empty() => Ok(None),
            Scalar::String(text) => text.trim().parse().map(Some).map_err(|_| wrong("a string")),
        }
    }

    /// A boolean; an integer is true if it is not 0, strings are read, an empty one is none.
    pub fn boolean(&mut self) -> Result<Option<bool>, Mistake> {
        let start = self.start();
        let wrong = |found| Mistake::new(format!("expected a boolean, found {found}"), start);
        match self.scalar("a boolean")? {
            Scalar::Null => Ok(None),
            Scalar::Bool(value) => Ok(Some(value)),
            Scalar::Number(text) if is_integer(text) => Ok(Some(text.contains(|c| matches!(c, '1'..='9')))),
            Scalar::Number(_) => Err(wrong("a fraction")),
            Scalar::String(text) => match text.trim() {
                "" => Ok(None),
                "true" | "True" | "TRUE" => Ok(Some(true)),
                "false" | "False" | "FALSE" => Ok(Some(false)),
                _ => Err(wrong("a string")),
            },
        }
    }

    /// Any value, which nobody asked for.
    pub fn skip(&mut self) -> Result<(), Mistake> {
        let mut open: Vec<u8> = Vec::new();
        loop {
            let closing = match self.peek() {
                Some(b'{') => Some(b'}'),
                Some(b'[') => Some(b']'),
                _ => None,
            };
            match closing {
                Some(closing) => {
                    self.at += 1;
                    if !self.take(closing) {
                        if open.len() == MAX_DEPTH {
                            return Err(self.mistake("too many levels"));
                        }
                        open.push(closing);
                        if closing == b'}' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                None => drop(self.scalar("a value")?),
            }
            loop {
                let Some(&closing) = open.last() else { return Ok(()) };
                if self.more(closing)? {
                    if closing == b'}' {
                        self.key()?;
                    }
                    break;
                }
                open.pop();
            }
        }
    }

    /// A mistake at the next value.
    pub fn mistake(&mut self, what: &str) -> Mistake {
        Mistake::new(what, self.start())
    }

    fn start(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blanks;
        rest.get(blanks).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn open(&mut self, byte: u8, expected: &str) -> Result<(), Mistake> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Is there another member or element? Takes the comma or the closing bracket.
    fn more(&mut self, closing: u8) -> Result<bool, Mistake> {
        if self.take(b',') {
            Ok(true)
        } else if self.take(closing) {
            Ok(false)
        } else {
            let expected = if closing == b'}' { "',' or '}'" } else { "',' or ']'" };
            Err(self.unexpected(expected))
        }
    }

    /// The key of a member, and its colon.
    fn key(&mut self) -> Result<String, Mistake> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a name in double quotes"));
        }
        let key = self.quoted()?;
        if self.take(b':') { Ok(key) } else { Err(self.unexpected("':'")) }
    }

    fn scalar(&mut self, expected: &str) -> Result<Scalar<'a>, Mistake> {
        match self.peek() {
            Some(b'"') => self.quoted().map(Scalar::String),
            Some(b'-' | b'+' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => self.word(expected),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A number, or one of the bare words.
    fn word(&mut self, expected: &str) -> Result<Scalar<'a>, Mistake> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
        let word = &rest[..end.unwrap_or(rest.len())];
        let scalar = match word {
            "null" => Scalar::Null,
            "true" => Scalar::Bool(true),
            "false" => Scalar::Bool(false),
            "NaN" | "Infinity" | "+Infinity" | "-Infinity" | "INF" | "+INF" | "-INF" => Scalar::Number(word),
            _ if is_number(word) => Scalar::Number(word),
            _ => return Err(self.unexpected(expected)),
        };
        self.at += word.len();
        Ok(scalar)
    }

    /// A string in double quotes.
    fn quoted(&mut self) -> Result<String, Mistake> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.bytes().position(|b| matches!(b, b'"' | b'\\' | ..0x20)) else {
                self.at = self.text.len();
                return Err(self.unexpected("'\"'"));
            };
            string.push_str(&rest[..end]);
            self.at += end;
            match rest.as_bytes()[end] {
                b'"' => {
                    self.at += 1;
                    return Ok(string);
                }
                b'\\' => string.push(self.escape()?),
                _ => return Err(Mistake::new("control characters in strings have to be escaped", self.at)),
            }
        }
    }

    /// What a backslash and the characters after it stand for.
    fn escape(&mut self) -> Result<char, Mistake> {
        let start = self.at;
        let wrong = || Mistake::new("not an escape sequence", start);
        let escaped = *self.text.as_bytes().get(self.at + 1).ok_or_else(wrong)?;
        self.at += 2;
        Ok(match escaped {
            b'"' | b'\\' | b'/' => char::from(escaped),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.unit().ok_or_else(wrong)?;
                let low = match high {
                    0xD800..0xDC00 if self.text[self.at..].starts_with("\\u") => {
                        self.at += 2;
                        Some(self.unit().ok_or_else(wrong)?)
                    }
                    _ => None,
                };
                let mut units = char::decode_utf16([high].into_iter().chain(low));
                units.next().and_then(Result::ok).ok_or_else(wrong)?
            }
            _ => return Err(wrong()),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = u16::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        self.at += 4;
        Some(unit)
    }

    fn unexpected(&mut self, expected: &str) -> Mistake {
        let found = match self.peek() {
            None => "the end of the body".to_owned(),
            Some(b'{') => "an object".to_owned(),
            Some(b'[') => "a list".to_owned(),
            Some(b'"') => "a string".to_owned(),
            Some(_) => format!("{:?}", self.text[self.at..].chars().next().unwrap_or_default()),
        };
        Mistake::new(format!("expected {expected}, found {found}"), self.at)
    }
}

/// Is it a number as JSON writes them?
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

fn is_integer(number: &str) -> bool {
    number.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// The number without its fraction, if it has 32 bits.
fn whole(number: &str) -> Option<i32> {
    if is_integer(number) {
        return number.parse().ok();
    }
    let value = number.parse::<f64>().ok()?.trunc();
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value).then_some(value as i32)
}
