//! Where the values of a JSON text stand: all of them, in one pass.

use std::borrow::Cow;
use std::ops::Range;

use ottla_formats::json::{self, Position, Step};

/// The places of all values of a text.
#[derive(Debug)]
pub struct Places {
    nodes: Vec<Node>,
}

/// The index of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlaceId(usize);

#[derive(Debug)]
struct Node {
    position: Position,
    end: Position,
    /// The first byte, and the one behind the last.
    from: usize,
    to: usize,
    /// The place of the value that it is in, and the step from there.
    outer: Option<(PlaceId, Step)>,
    parts: Vec<PlaceId>,
}

impl Places {
    /// Reads a text that is known to be JSON.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader {
            text,
            at: 0,
            known: Known { at: 0, position: Position { line: 1, column: 1 } },
            nodes: Vec::new(),
        };
        reader.space();
        reader.value(None);
        Self { nodes: reader.nodes }
    }

    /// The outermost value.
    pub fn root(&self) -> PlaceId {
        PlaceId(0)
    }

    /// Where a value begins.
    pub fn position(&self, place: PlaceId) -> Position {
        self.nodes.get(place.0).map_or(Position { line: 1, column: 1 }, |node| node.position)
    }

    /// Where it ends: behind its last character.
    pub fn end(&self, place: PlaceId) -> Position {
        self.nodes.get(place.0).map_or(Position { line: 1, column: 1 }, |node| node.end)
    }

    /// The bytes of a value in the text.
    pub fn bytes(&self, place: PlaceId) -> Range<usize> {
        self.nodes.get(place.0).map_or(0..0, |node| node.from..node.to)
    }

    /// The value of a key, the last one; the object itself if there is none.
    pub fn member(&self, place: PlaceId, key: &str) -> PlaceId {
        self.part(place, |step| matches!(step, Step::Key(k) if k == key))
    }

    /// An element; the list itself if there is none.
    pub fn element(&self, place: PlaceId, at: usize) -> PlaceId {
        let part = self.nodes.get(place.0).and_then(|node| node.parts.get(at));
        part.copied().unwrap_or(place)
    }

    fn part(&self, place: PlaceId, is: impl Fn(&Step) -> bool) -> PlaceId {
        let parts = self.nodes.get(place.0).map(|node| node.parts.as_slice()).unwrap_or_default();
        let step = |part: &&PlaceId| self.nodes[part.0].outer.as_ref().is_some_and(|(_, step)| is(step));
        parts.iter().rev().find(step).copied().unwrap_or(place)
    }

    /// The JSON pointer of a value.
    pub fn pointer(&self, mut place: PlaceId) -> String {
        let mut path = Vec::new();
        while let Some((outer, step)) = self.nodes.get(place.0).and_then(|node| node.outer.as_ref()) {
            path.push(step.clone());
            place = *outer;
        }
        path.reverse();
        json::pointer(&path)
    }
}

/// The text has at most [`json::MAX_DEPTH`] levels, so that it may be read recursively.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    known: Known,
    nodes: Vec<Node>,
}

/// The last byte whose position was asked for.
struct Known {
    at: usize,
    position: Position,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// Where the text has been read to.
    fn position(&mut self) -> Position {
        let Known { at, position } = &mut self.known;
        // A text that is cut off may end within an escape.
        let to = self.at.min(self.text.len());
        for byte in &self.text.as_bytes()[*at..to] {
            match byte {
                b'\n' => *position = Position { line: position.line + 1, column: 1 },
                // What follows the first byte of a character is no character of its own.
                0x80..=0xbf => {}
                _ => position.column += 1,
            }
        }
        *at = to;
        *position
    }

    fn value(&mut self, outer: Option<(PlaceId, Step)>) -> PlaceId {
        let place = PlaceId(self.nodes.len());
        let position = self.position();
        self.nodes.push(Node {
            position,
            end: position,
            from: self.at,
            to: self.at,
            outer,
            parts: Vec::new(),
        });
        let parts = match self.peek() {
            b'{' => self.parts(place, true),
            b'[' => self.parts(place, false),
            b'"' => {
                self.string();
                Vec::new()
            }
            _ => {
                self.word();
                Vec::new()
            }
        };
        let end = self.position();
        let node = &mut self.nodes[place.0];
        node.parts = parts;
        node.end = end;
        node.to = self.at.min(self.text.len());
        place
    }

    fn parts(&mut self, place: PlaceId, are_members: bool) -> Vec<PlaceId> {
        let mut parts = Vec::new();
        self.at += 1;
        loop {
            self.space();
            if matches!(self.peek(), b'}' | b']' | 0) {
                self.at += 1;
                return parts;
            }
            let step = if are_members { Step::Key(self.key()) } else { Step::Index(parts.len()) };
            self.space();
            parts.push(self.value(Some((place, step))));
        }
    }

    fn key(&mut self) -> Cow<'static, str> {
        let from = self.at;
        self.string();
        let quoted = self.text.get(from..self.at).unwrap_or_default();
        if !quoted.contains('\\') {
            return Cow::Owned(quoted.trim_matches('"').to_owned());
        }
        let key = json::parse(quoted).ok().and_then(|(value, _)| value.as_str().map(str::to_owned));
        Cow::Owned(key.unwrap_or_default())
    }

    fn string(&mut self) {
        self.at += 1;
        while self.at < self.text.len() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
    }

    /// Skips a number or word.
    fn word(&mut self) {
        self.at += 1;
        while !matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'}' | b']' | b'/' | 0) {
            self.at += 1;
        }
    }

    /// Skips blanks, comments, and the punctuation between values.
    fn space(&mut self) {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            match (bytes[self.at], bytes.get(self.at + 1)) {
                (b' ' | b'\t' | b'\n' | b'\r' | b',' | b':', _) => self.at += 1,
                (b'/', Some(b'/')) => {
                    // It may hold anything, also the character that `peek` sees behind the text.
                    let rest = &bytes[self.at..];
                    self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
                }
                (b'/', Some(b'*')) => {
                    let rest = &bytes[self.at + 2..];
                    self.at += rest.windows(2).position(|w| w == b"*/").unwrap_or(rest.len()) + 4;
                }
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of values are those that the reader of schemas finds for their paths.
    #[test]
    fn places_are_found() {
        let text = "/* é */ // x\n{\"a\": [1, {\"b~\": \"\\\"]}\", \"ü\": null}, -1.5e3/**/],\r\n \"\\u0061\" : {\"c\":[[],{}]}, \"a\":\n\ttrue }";
        let places = Places::read(text);
        let root = places.root();
        let list = places.nodes[0].parts[0];
        let object = places.element(list, 1);
        for (place, expected) in [
            (root, (2, 1, "")),
            (list, (2, 7, "/a")),
            (object, (2, 11, "/a/1")),
            (places.member(object, "b~"), (2, 18, "/a/1/b~0")),
            (places.member(object, "ü"), (2, 31, "/a/1/ü")),
            (places.element(list, 2), (2, 38, "/a/2")),
            (places.member(root, "a"), (4, 2, "/a")),
            (places.member(places.nodes[0].parts[1], "c"), (3, 18, "/a/c")),
            (places.member(root, "z"), (2, 1, "")),
        ] {
            let Position { line, column } = places.position(place);
            assert_eq!((line, column, places.pointer(place).as_str()), expected);
            assert_eq!(places.end(place), Position::of(text, places.bytes(place).end));
        }
        for (place, expected) in [(places.member(object, "b~"), r#""\"]}""#), (places.element(list, 0), "1")]
        {
            assert_eq!(&text[places.bytes(place)], expected);
        }
        assert!(text[places.bytes(object)].starts_with('{') && text[places.bytes(object)].ends_with("null}"));
    }

    #[test]
    fn what_is_cut_off_ends() {
        let text = r#"{"a":["b\"c",1.5,/*x*/{"d":null}]}"#;
        for end in 0..=text.len() {
            Places::read(&text[..end]);
        }
    }
}
