//! What is wrong with schema files and options, and where.

use std::fmt;

use ottla_formats::json::Position;

/// One thing that is wrong: where, what, and what to do about it.
///
/// ```text
/// schemas/order.avsc:4:15: com.example.Mony is not defined (at /fields/0/type)
///   help: com.example.Money is defined at schemas/money.avsc:1:1
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    file: Option<String>,
    position: Option<Position>,
    pointer: String,
    message: String,
    notes: Vec<String>,
    help: Option<String>,
}

impl Error {
    /// Something that is wrong with the options, or with none of the files alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            file: None,
            position: None,
            pointer: String::new(),
            message: message.into(),
            notes: Vec::new(),
            help: None,
        }))
    }

    /// The same, of a file.
    pub fn in_file(mut self, file: &str) -> Self {
        self.0.file = Some(file.to_owned());
        self
    }

    /// The same, at a place in it.
    pub fn at(mut self, position: Position, pointer: impl Into<String>) -> Self {
        self.0.position = Some(position);
        self.0.pointer = pointer.into();
        self
    }

    /// The same, with one more thing to know, on a line of its own.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.notes.push(note.into());
        self
    }

    /// The same, with what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The schema file, with `/`, as it was given or found in a folder that was given. None if an option is wrong.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The line, from 1. None if the whole file is meant.
    pub fn line(&self) -> Option<usize> {
        self.0.position.map(|position| position.line)
    }

    /// The column, from 1, in characters.
    pub fn column(&self) -> Option<usize> {
        self.0.position.map(|position| position.column)
    }

    /// The JSON pointer (RFC 6901) of the value that is wrong; empty for the whole text.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What else there is to know.
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> Option<&str> {
        self.0.help.as_deref()
    }

    /// By place; what has none comes last.
    fn order(&self) -> impl Ord + '_ {
        let place = self.0.position.map(|position| (position.line, position.column));
        (self.0.file.is_none(), self.0.file.as_deref(), place, &self.0.message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.0.file {
            write!(f, "{file}:")?;
            if let Some(Position { line, column }) = self.0.position {
                write!(f, "{line}:{column}:")?;
            }
            f.write_str(" ")?;
        }
        f.write_str(&self.0.message)?;
        if !self.0.pointer.is_empty() {
            write!(f, " (at {})", self.0.pointer)?;
        }
        for note in &self.0.notes {
            write!(f, "\n  {note}")?;
        }
        match &self.0.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// Everything that is wrong with all files and options, by file and line. There is at least one.
#[derive(Clone, PartialEq, Eq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// Sorts errors.
    pub fn of(mut errors: Vec<Error>) -> Self {
        errors.sort_by(|a, b| a.order().cmp(&b.order()));
        errors.dedup();
        Self(errors)
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl<'a> IntoIterator for &'a Errors {
    type Item = &'a Error;
    type IntoIter = std::slice::Iter<'a, Error>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// All of them, each on lines of its own.
impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

/// As people read it: that is how `main` shows it.
impl fmt::Debug for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Errors {}
