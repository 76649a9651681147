//! Names in one style: types `OrderCreated`, symbols `IN_TRANSIT`, fields all `order_id` or all `orderId`.

use ottla_formats::avro::Kind;

use super::linted::{FieldAt, Linted, quoted};
use super::words::{lower_camel, snake, upper_camel, upper_snake};
use crate::rule::NAME_STYLE;

/// How the fields of a file are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Camel,
}

/// Names in another style than the others.
pub(super) fn styles(linted: &mut Linted<'_>) {
    if !linted.is_on(&NAME_STYLE) {
        return;
    }
    for ty in linted.types.clone() {
        let kind = linted.schema.kind(ty);
        let Some(name) = kind.name() else { continue };
        if !is_upper_camel(name.simple()) {
            let better = upper_camel(name.simple());
            let message = format!("{} {} is not in UpperCamelCase", kind.word(), name.simple());
            let spot = linted.located.member(ty, "name");
            linted.tell(&NAME_STYLE, spot, message, with_alias(&better, name.full()));
        }
        if let Kind::Enum(of) = kind {
            for (at, symbol) in (0..).zip(&of.symbols).filter(|(_, symbol)| !is_upper_snake(symbol)) {
                let message =
                    format!("symbol {symbol} of enum {} is not in UPPER_SNAKE_CASE", of.name.simple());
                let fix = format!(
                    "before it is released, name it {}: symbols have no aliases",
                    quoted(&upper_snake(symbol))
                );
                linted.tell(&NAME_STYLE, linted.located.symbol(ty, at), message, fix);
            }
        }
    }
    fields(linted);
}

/// The style of most fields is that of the file; of both as many, that of the first.
fn fields(linted: &mut Linted<'_>) {
    let fields = linted.fields();
    let styles: Vec<Style> = fields.iter().filter_map(|field| style(&field.field.name)).collect();
    let snakes = styles.iter().filter(|style| **style == Style::Snake).count();
    let common = match (snakes * 2).cmp(&styles.len()) {
        std::cmp::Ordering::Greater => Style::Snake,
        std::cmp::Ordering::Less => Style::Camel,
        std::cmp::Ordering::Equal => styles.first().copied().unwrap_or(Style::Snake),
    };
    for field in fields {
        let name = bare(&field.field.name);
        let (suits, word) = match common {
            Style::Snake => (is_snake(name), "snake_case"),
            Style::Camel => (is_lower_camel(name), "lowerCamelCase"),
        };
        if !suits {
            let like = if styles.len() > 1 { " as the other fields of the file are" } else { "" };
            tell_field(linted, field, &format!("{word}{like}"), common);
        }
    }
}

fn tell_field(linted: &mut Linted<'_>, field: FieldAt<'_>, style: &str, common: Style) {
    let name = &field.field.name;
    let better = match common {
        Style::Snake => snake(name),
        Style::Camel => lower_camel(name),
    };
    let message = format!("{} is not in {style}", field.label());
    let spot = linted.spot(field, "name");
    linted.tell(&NAME_STYLE, spot, message, with_alias(&better, name));
}

fn with_alias(better: &str, name: &str) -> String {
    let (better, name) = (quoted(better), quoted(name));
    format!("name it {better}, and if it was released, add \"aliases\": [{name}]")
}

/// The style of a name that is in one of the two only.
fn style(name: &str) -> Option<Style> {
    let name = bare(name);
    match (is_snake(name), is_lower_camel(name)) {
        (true, false) => Some(Style::Snake),
        (false, true) => Some(Style::Camel),
        _ => None,
    }
}

/// Underscores in front are a habit of their own, as in `_id` and `__op`.
fn bare(name: &str) -> &str {
    name.trim_start_matches('_')
}

fn is_upper_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_alphanumeric())
}

fn is_lower_camel(name: &str) -> bool {
    !name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric)
}

fn is_snake(name: &str) -> bool {
    name.chars().all(|c| c == '_' || (c.is_alphanumeric() && !c.is_uppercase()))
        && has_single_underscores(name)
}

fn is_upper_snake(name: &str) -> bool {
    name.chars().all(|c| c == '_' || (c.is_alphanumeric() && !c.is_lowercase()))
        && has_single_underscores(name)
}

fn has_single_underscores(name: &str) -> bool {
    name.split('_').all(|word| !word.is_empty())
}
