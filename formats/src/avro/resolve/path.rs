//! Where in the reader's schema something was found.
//!
//! Most comparisons find nothing, so a location is a chain of tokens that is rendered only when it is reported.

use std::fmt::Write;

/// A location: the last token of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathId(u32);

/// One step along the reader's schema.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token {
    Items,
    Values,
    /// A field itself.
    Field(u32),
    /// The type of a field.
    FieldType(u32),
    /// A branch of a union.
    Branch(u32),
    Name,
    Size,
    Symbols,
}

/// All chains of one comparison; they share their beginnings.
#[derive(Debug, Default)]
pub(super) struct Paths {
    nodes: Vec<(PathId, Token)>,
}

impl PathId {
    /// The outermost type.
    pub(super) const ROOT: Self = Self(u32::MAX);
}

impl Paths {
    /// The location one step further.
    pub(super) fn child(&mut self, parent: PathId, token: Token) -> PathId {
        // Work budgets keep the number of nodes far below 2^32.
        let id = PathId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX - 1));
        self.nodes.push((parent, token));
        id
    }

    /// The location as a JSON pointer; the outermost type is `/`, as the registry's clients know it.
    pub(super) fn render(&self, path: PathId) -> String {
        let mut tokens = Vec::new();
        let mut at = path;
        while let Some((parent, token)) = self.nodes.get(at.0 as usize) {
            tokens.push(*token);
            at = *parent;
        }
        if tokens.is_empty() {
            return "/".to_owned();
        }
        let mut text = String::with_capacity(tokens.len() * 8);
        for token in tokens.iter().rev() {
            // Writing to a `String` cannot fail.
            let _ = match token {
                Token::Items => text.write_str("/items"),
                Token::Values => text.write_str("/values"),
                Token::Field(i) => write!(text, "/fields/{i}"),
                Token::FieldType(i) => write!(text, "/fields/{i}/type"),
                Token::Branch(i) => write!(text, "/{i}"),
                Token::Name => text.write_str("/name"),
                Token::Size => text.write_str("/size"),
                Token::Symbols => text.write_str("/symbols"),
            };
        }
        text
    }
}
