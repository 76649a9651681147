//! The values of `ottla.toml` that are words of their own.

use std::fmt;

use ottla_formats::compatibility::{Direction, Level};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use toml::Spanned;

use crate::cli::day;

/// How the subjects of files are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// By the record's full name.
    Record,
    /// By the topic: `orders-value`.
    Topic,
    /// By both: `orders-com.example.OrderCreated`.
    TopicRecord,
}

/// How much a lint rule weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LintLevel {
    /// It is not asked for.
    Off,
    /// Worth knowing.
    Note,
    /// To be mended some day.
    Warning,
    /// To be mended now.
    Error,
}

impl Naming {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Topic => "topic",
            Self::TopicRecord => "topic-record",
        }
    }
}

impl LintLevel {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A level.
pub(super) fn level<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Level>, D::Error> {
    let name = String::deserialize(from)?;
    let names = Level::ALL.map(Level::name).join(", ");
    name.parse().map(Some).map_err(|_| D::Error::custom(format!("no level {name}: expected one of {names}")))
}

/// A direction, by the level that asks for it.
pub(super) fn direction<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Direction>, D::Error> {
    match String::deserialize(from)?.as_str() {
        "backward" => Ok(Some(Direction::Backward)),
        "forward" => Ok(Some(Direction::Forward)),
        name => Err(D::Error::custom(format!("no direction {name}: expected backward or forward"))),
    }
}

/// A day, as a text or as TOML's own.
pub(super) fn day<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = match toml::Value::deserialize(from)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(day) => day.to_string(),
        _ => String::new(),
    };
    let error = "expected a day, as in 2026-12-31";
    if day::is_day(&text) { Ok(text) } else { Err(D::Error::custom(error)) }
}

/// Texts, or one.
pub(super) fn one_or_more<'de, D>(from: D) -> Result<Option<Vec<Spanned<String>>>, D::Error>
where
    D: Deserializer<'de>,
{
    let texts = Spanned::<Texts>::deserialize(from)?;
    let span = texts.span();
    Ok(Some(match texts.into_inner() {
        Texts::One(text) => vec![Spanned::new(span, text)],
        Texts::Many(many) => many,
    }))
}

enum Texts {
    One(String),
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrMore)
    }
}

struct OneOrMore;

impl<'de> Visitor<'de> for OneOrMore {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        let mut many = Vec::new();
        while let Some(text) = list.next_element()? {
            many.push(text);
        }
        Ok(Texts::Many(many))
    }
}
