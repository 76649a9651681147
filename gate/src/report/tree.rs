//! JSON whose members keep their order, and whose texts are safe to look at: what a terminal would obey is escaped.

use super::printable::{escape, is_hidden};

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    Flag(bool),
    Number(usize),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(&'static str, Tree)>),
}

impl Tree {
    /// An object without members.
    pub(super) fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// With one more member.
    #[must_use]
    pub(super) fn with(mut self, key: &'static str, value: impl Into<Tree>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((key, value.into()));
        }
        self
    }

    /// With one more member, if there is a value for it.
    #[must_use]
    pub(super) fn maybe(self, key: &'static str, value: Option<impl Into<Tree>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// A list.
    pub(super) fn list<T: Into<Tree>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }

    /// The text, with a line end.
    pub(super) fn to_text(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out.push('\n');
        out
    }

    /// Trees are as deep as the formats are, so this may call itself.
    fn write(&self, depth: usize, out: &mut String) {
        match self {
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::List(values) if values.is_empty() => out.push_str("[]"),
            Self::List(values) => {
                let values = values.iter().map(|value| (None, value));
                write_all(['[', ']'], values, depth, out);
            }
            Self::Object(members) if members.is_empty() => out.push_str("{}"),
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| (Some(*key), value));
                write_all(['{', '}'], members, depth, out);
            }
        }
    }
}

fn write_all<'t>(
    [open, close]: [char; 2],
    values: impl Iterator<Item = (Option<&'static str>, &'t Tree)>,
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    for (at, (key, value)) in values.enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        indent(depth + 1, out);
        if let Some(key) = key {
            write_text(key, out);
            out.push_str(": ");
        }
        value.write(depth + 1, out);
    }
    out.push('\n');
    indent(depth, out);
    out.push(close);
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if is_hidden(c) => escape(c, out),
            c => out.push(c),
        }
    }
    out.push('"');
}

impl From<bool> for Tree {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<usize> for Tree {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Tree {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Tree>> for Tree {
    fn from(values: Vec<Tree>) -> Self {
        Self::List(values)
    }
}
