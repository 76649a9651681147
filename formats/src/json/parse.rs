//! From text to values.

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::{Error, SOURCE, TOO_MUCH, TRUNCATED};
use super::scan::{COLON, ELEMENT, KEY, MEMBER, Result, Scanner};
use super::{Member, Position, Step, Value};

/// How deep lists and objects may be nested. Java's reader takes 1,000 levels, which no schema needs.
pub const MAX_DEPTH: usize = 200;

/// How many values a text may hold, so that a short text cannot take very much memory.
pub const MAX_VALUES: usize = 1_000_000;

/// From how many members on an object's keys are indexed while it is read.
const INDEXED: usize = 16;

/// Reads the first value of a text, and tells where it ends.
///
/// Comments may stand before and within the value. Of a repeated key the last value counts.
pub fn parse(text: &str) -> std::result::Result<(Value<'_>, usize), Error> {
    let mut parser = Parser { scanner: Scanner { text, at: 0 }, values: 0, open: Vec::new() };
    match parser.document() {
        Ok(value) => Ok((value, parser.scanner.at)),
        Err(error) => Err(parser.within(*error)),
    }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    values: usize,
    /// The lists and objects that have begun, from the outermost on.
    open: Vec<Open<'a>>,
}

/// A list or object that has begun.
struct Open<'a> {
    start: usize,
    content: Content<'a>,
}

enum Content<'a> {
    Array {
        elements: Vec<Value<'a>>,
        /// The next element is read.
        reads: bool,
    },
    Object {
        members: Vec<Member<'a>>,
        /// Keys and their places, of long objects only.
        index: Option<HashMap<Cow<'a, str>, usize>>,
        /// The member whose value is read.
        reads: Option<usize>,
    },
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<Value<'a>> {
        self.scanner.skip_space()?;
        loop {
            let Some(mut value) = self.begin()? else { continue };
            // The value is complete, and perhaps what it belongs to.
            loop {
                match self.open.last_mut() {
                    None => return Ok(value),
                    Some(open) => open.content.add(value),
                }
                match self.follow()? {
                    Some(complete) => value = complete,
                    None => break,
                }
            }
        }
    }

    /// Reads a value, or the beginning of one up to its first element or key.
    fn begin(&mut self) -> Result<Option<Value<'a>>> {
        self.values += 1;
        if self.values > MAX_VALUES {
            let found = format!("Document has more than {MAX_VALUES} values");
            return Err(self.scanner.error(TOO_MUCH, found, "", "fewer values"));
        }
        let (content, close) = match self.scanner.peek() {
            Some(b'{') => (Content::Object { members: Vec::new(), index: None, reads: None }, b'}'),
            Some(b'[') => (Content::Array { elements: Vec::new(), reads: false }, b']'),
            _ => return self.scanner.scalar().map(Some),
        };
        if self.open.len() >= MAX_DEPTH {
            let found = format!("Document nesting depth ({}) exceeds the maximum allowed", MAX_DEPTH + 1);
            return Err(self.scanner.error(TOO_MUCH, found, format!(" ({MAX_DEPTH})"), "less nesting"));
        }
        self.open.push(Open { start: self.scanner.at, content });
        self.scanner.at += 1;
        self.scanner.skip_space()?;
        if self.scanner.peek() == Some(close) {
            return Ok(self.close());
        }
        self.key()?;
        Ok(None)
    }

    /// Goes on after an element or member: to the next, or to the end of the list or object, which is the answer.
    fn follow(&mut self) -> Result<Option<Value<'a>>> {
        self.scanner.skip_space()?;
        let in_object = self.in_object();
        match (self.scanner.peek(), in_object) {
            (Some(b','), _) => self.scanner.at += 1,
            (Some(b'}'), true) | (Some(b']'), false) => return Ok(self.close()),
            (_, true) => return Err(self.scanner.unexpected(MEMBER)),
            (_, false) => return Err(self.scanner.unexpected(ELEMENT)),
        }
        self.scanner.skip_space()?;
        self.key()?;
        Ok(None)
    }

    fn in_object(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Object { .. }, .. }))
    }

    fn close(&mut self) -> Option<Value<'a>> {
        self.scanner.at += 1;
        Some(match self.open.pop()?.content {
            Content::Array { elements, .. } => Value::Array(elements),
            Content::Object { members, .. } => Value::Object(members),
        })
    }

    /// Goes on to the next element, or reads the next key and its colon.
    fn key(&mut self) -> Result<()> {
        if let Some(Open { content: Content::Array { reads, .. }, .. }) = self.open.last_mut() {
            *reads = true;
            return Ok(());
        }
        if self.scanner.peek() != Some(b'"') {
            return Err(self.scanner.unexpected(KEY));
        }
        let name = self.scanner.string(" in field name")?;
        self.scanner.skip_space()?;
        if self.scanner.peek() != Some(b':') {
            return Err(self.scanner.unexpected(COLON));
        }
        self.scanner.at += 1;
        self.scanner.skip_space()?;
        if let Some(open) = self.open.last_mut() {
            open.content.expect(name);
        }
        Ok(())
    }

    /// The error with what is known of the lists and objects around it.
    fn within(&self, mut error: Error) -> Error {
        if let (TRUNCATED, "", Some(open)) = (error.class, error.told.as_str(), self.open.last()) {
            let kind = if self.in_object() { "Object" } else { "Array" };
            let start = Position::of(self.scanner.text, open.start);
            error.told = format!(
                ": expected close marker for {kind} (start marker at {SOURCE}; line: {}, column: {}])",
                start.line, start.column
            );
        }
        error.path = self.path();
        error
    }

    /// The steps to the innermost value that has begun.
    fn path(&self) -> Vec<Step> {
        let steps = self.open.iter().map_while(|open| match &open.content {
            Content::Array { elements, reads } => reads.then(|| Step::Index(elements.len())),
            Content::Object { members, reads, .. } => {
                reads.map(|at| Step::Key(members[at].0.as_ref().to_owned().into()))
            }
        });
        steps.collect()
    }
}

impl<'a> Content<'a> {
    /// Makes place for the value of a key. Short objects are searched for a repeated key; the keys of long ones are
    /// indexed, so that no object takes quadratic time.
    fn expect(&mut self, key: Cow<'a, str>) {
        let Self::Object { members, index, reads } = self else { return };
        let known = if members.len() < INDEXED {
            members.iter().position(|(known, _)| *known == key)
        } else {
            let index = index.get_or_insert_with(|| {
                members.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect()
            });
            let next = members.len();
            let at = *index.entry(key.clone()).or_insert(next);
            (at < next).then_some(at)
        };
        *reads = known.or(Some(members.len()));
        if known.is_none() {
            members.push((key, Value::Null));
        }
    }

    /// Adds an element, or the value of the last key.
    fn add(&mut self, value: Value<'a>) {
        match self {
            Self::Array { elements, reads } => {
                *reads = false;
                elements.push(value);
            }
            Self::Object { members, reads, .. } => {
                if let Some((_, place)) = reads.take().and_then(|at| members.get_mut(at)) {
                    *place = value;
                }
            }
        }
    }
}
