//! What the logical type of a type says.

use ottla_formats::avro::{Kind, Type};
use ottla_formats::json::{Number, Value};

/// How much of a logical type's name is shown, in characters.
const SHOWN: usize = 80;

/// A logical type and the numbers that belong to it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Logical<'s> {
    Decimal { precision: i64, scale: i64 },
    Other(&'s str),
}

impl<'s> Logical<'s> {
    /// Of a type. One that does not suit its type is as if it were not there; of unknown ones nobody can say.
    pub(super) fn of(ty: &'s Type) -> Option<Self> {
        let word = ty.attribute("logicalType").and_then(Value::as_str)?;
        let kind = &ty.kind;
        let suits = match word {
            "date" | "time-millis" => matches!(kind, Kind::Int),
            "time-micros"
            | "timestamp-millis"
            | "timestamp-micros"
            | "timestamp-nanos"
            | "local-timestamp-millis"
            | "local-timestamp-micros"
            | "local-timestamp-nanos" => matches!(kind, Kind::Long),
            "uuid" => matches!(kind, Kind::String | Kind::Fixed(_)),
            "decimal" => return Self::decimal(ty).filter(|_| matches!(kind, Kind::Bytes | Kind::Fixed(_))),
            "big-decimal" => matches!(kind, Kind::Bytes),
            "duration" => matches!(kind, Kind::Fixed(_)),
            _ => true,
        };
        suits.then_some(Self::Other(word))
    }

    fn decimal(ty: &Type) -> Option<Self> {
        let number = |name: &str| match ty.attribute(name) {
            Some(Value::Number(Number::Int(number))) => Some(*number),
            _ => None,
        };
        let scale = if ty.attribute("scale").is_some() { number("scale")? } else { 0 };
        Some(Self::Decimal { precision: number("precision")?, scale })
    }
}

/// A decimal of more digits holds what one of fewer holds.
pub(super) fn differs(old: Option<Logical<'_>>, new: Option<Logical<'_>>) -> bool {
    match (old, new) {
        (
            Some(Logical::Decimal { precision: before, scale: old }),
            Some(Logical::Decimal { precision: after, scale: new }),
        ) => old != new || after < before,
        _ => old != new,
    }
}

/// `long (timestamp-millis)`, `bytes (decimal 10, 2)`, `a plain long`.
pub(super) fn words(ty: &Type) -> String {
    let word = ty.kind.word();
    match Logical::of(ty) {
        None => format!("a plain {word}"),
        Some(Logical::Decimal { precision, scale }) => format!("{word} (decimal {precision}, {scale})"),
        Some(Logical::Other(logical)) => {
            let shown: String = logical.chars().take(SHOWN).collect();
            let rest = if shown.len() < logical.len() { "..." } else { "" };
            format!("{word} ({shown}{rest})")
        }
    }
}
